"""The chain rule on records: what flows back along each edge of a graph.

This is the one place where a gradient is computed without the class's own `backward`. The steps, the
explanations and the checks are written from it; `terms.py` says how.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from numbers import Real
from typing import Any, NamedTuple

from ..graph import CONSTANT, ArraySummary, Graph, Node, NodeLike, pulls, read_whole
from ..graph.agreement import is_float, is_number, near
from ..graph.attributes import private
from ..graph.protocols import NoDerivative
from ..graph.recognition import doubt, operation
from ..graph.records import explain_outdated
from ..ops.domain import DomainError, RangeError
from ..ops.op import Op
from ..ops.operand_names import Part, phrase
from ..text import Piece, kind, list_first, number, shorten

Pull = Callable[[Any], Sequence[Any]]
"""An engine's own rule for one operation: the gradient that arrives in, a contribution for each operand out."""


class Doubtful(TypeError):
    """Where no derivative is known: `sentence` says of which node, and `doubt` why, if that is known."""

    def __init__(self, sentence: str, doubt: str = "") -> None:
        super().__init__(f"{sentence}: {doubt}" if doubt else sentence)
        self.sentence, self.doubt = sentence, doubt

    def __reduce__(self) -> tuple:
        return Doubtful, (self.sentence, self.doubt)


class Use(NamedTuple):
    """Node `source` as operand `position` of node `user` (indices): what flows back along that edge.

    `product` = `upstream` (the user's gradient) · `local` (∂user/∂source). The gradient of the source
    grows by it from `before` to `after`; `first` and `complete` say that this was its first, its last
    use. `local` is ``None`` where arrays flow by a rule that is no product.
    """

    source: int
    user: int
    position: int
    upstream: Any
    local: Any
    product: Any
    before: Any
    after: Any
    first: bool
    complete: bool


def uses(graph: Graph, rules: Sequence[Pull | None] = ()) -> tuple[Use, ...]:
    """Every use, in the order of a backward pass: from the root back, each user once its own gradient is complete.

    `rules` are the engine's own, one for each node, for the operations on arrays (`graph.pulls` reads them).

    Raises `Doubtful`, a `TypeError` that names the node, where no derivative is known, also of a graph in which numbers
    are stale: new ones and old ones make no slope. `DomainError` where there is none.

    >>> from cgviz import Value, trace
    >>> a = Value(3.0, "a")
    >>> [(use.user, use.upstream, use.local, use.after, use.complete) for use in uses(trace(a * a))]
    [(1, 1.0, 3.0, 3.0, False), (1, 1.0, 3.0, 6.0, True)]
    """
    _refuse_complex(graph)
    if why := explain_outdated(graph):
        raise Doubtful("old and new numbers together have no derivative", why)
    rows = [operation(graph, node) for node in graph.nodes]
    count = [0] * len(graph.nodes)
    for _, operands in rows:
        for source in operands:
            count[source] += 1
    totals: list[Any] = [0.0] * len(graph.nodes)
    totals[-1] = ones(graph.root.data)
    with _quiet(graph):
        return tuple(_each(graph, rows, rules, totals, count))


def _each(graph: Graph, rows: list, rules: Sequence[Pull | None], totals: list[Any], count: list[int]) -> list[Use]:
    """Every use, with `totals` growing on the way; `count` says how many uses each node has."""
    left = count.copy()
    found: list[Use] = []
    for node in reversed(graph.nodes):
        op, operands = rows[node.index]
        if operands and node.data is None:
            raise TypeError(f"'{shorten(node.name)}' is not computed yet: run the graph first")
        pull = rules[node.index] if rules and _is_asked(graph, node, op) else None
        contributions = _ask(graph, node, pull, totals[node.index]) if pull else None
        slopes = _slopes(pull, totals[node.index], contributions) if pull and contributions else None
        for position, source in enumerate(operands):
            upstream, before = totals[node.index], totals[source]
            if contributions is None:
                local, product = _product(graph, node, op, operands, position, upstream, bool(rules))
            else:
                shape = getattr(graph.nodes[source].data, "shape", ())
                local = slopes[position] if slopes else None
                product = fit(contributions[position], shape)
            totals[source] = after = before + product
            first, left[source] = left[source] == count[source], left[source] - 1
            complete = not left[source]
            found.append(Use(source, node.index, position, upstream, local, product, before, after, first, complete))
    return found


def _ask(graph: Graph, node: Node, pull: Pull, g: Any) -> Sequence[Any]:
    """What an engine's own rule sends to the operands of a node."""
    try:
        return pull(g)
    except NoDerivative as failure:
        raise Doubtful(_write_refusal(node), str(failure)) from None


def _write_refusal(node: Node) -> str:
    said = f"{node.op!r}, which" if node.op else "the operation that"
    return f"no derivative is known for {said} computed '{shorten(node.name)}'"


def _quiet(graph: Graph) -> AbstractContextManager[Any]:
    """Where single numbers are NumPy's, which warns of what the numbers themselves say: ∞ and NaN."""
    if not hasattr(graph.root.data, "dtype"):
        return nullcontext()
    import numpy as np

    return np.errstate(all="ignore")


def gradients(root: NodeLike) -> list[Any]:
    """∂root/∂node for every node in topological order, by the rows and not by the class's `backward`.

    Of a root with many numbers, the gradients are those of their sum.

    >>> from cgviz import Value
    >>> gradients(Value(3.0, "a") * Value(4.0, "b"))
    [4.0, 3.0, 1.0]
    """
    graph = read_whole(root)
    totals: list[Any] = [0.0] * len(graph.nodes)
    totals[-1] = ones(graph.root.data)
    for use in uses(graph, pulls(root)):
        totals[use.source] = use.after
    return totals


def name_operand(graph: Graph, i: int) -> str | Piece:
    """What a sentence about an operation calls its operand, node i, as `Op.error` asks."""

    def part(i: int) -> Part:
        node = graph.nodes[i]
        constant = float(node.data) if node.kind == CONSTANT and is_float(node.data) else None
        op, operands = (None, ()) if constant is not None or node.label else operation(graph, node)
        return Part(node.label, constant, op, tuple(operands))

    return phrase(i, part)


def own_rules(graph: Graph, rules: Sequence[Pull | None]) -> list[str]:
    """A sentence on the operations on numbers whose derivatives are not known but by what their own rules send."""
    found: dict[str, dict[str, None]] = {}
    for node, rule in zip(graph.nodes, rules, strict=bool(rules)):
        if rule and _is_plain(node) and _is_asked(graph, node, operation(graph, node)[0]):
            whose = private(getattr(rule, "__self__", None), "_rule", "its own _backward")
            name = node.op if " " in node.op else repr(node.op) if node.op else "an unnamed operation"
            found.setdefault(whose, {})[name] = None
    return [
        f"the derivatives of {list_first(list(names))} are what {whose} sends, for there is no row of it"
        for whose, names in found.items()
    ]


def _is_asked(graph: Graph, node: Node, op: Op | None) -> bool:
    """Whether a node's engine is asked for its own rule: of arrays, and where there is nothing else."""
    return bool(node.operands) and (_has_arrays(graph, node) or (op is None and not node.local))


def _is_plain(node: Node) -> bool:
    """Whether a node holds a plain number, and no array, not even one without axes."""
    return getattr(node.data, "shape", None) is None


def _slopes(pull: Pull, g: Any, contributions: Sequence[Any]) -> Sequence[Any] | None:
    """The local derivatives of a rule for numbers, if all that it sends is these times what arrives."""
    if not all(getattr(x, "shape", None) is None and is_float(x) for x in (g, *contributions)):
        return None
    found = pull(1.0)
    products = all(near(float(x), float(g * slope)) for x, slope in zip(contributions, found, strict=True))
    return found if products else None


def local_derivative(graph: Graph, node: Node, op: Op, operands: Sequence[int], position: int) -> Any:
    """∂node/∂operand by the row of its operation, at the numbers of the graph. `operands` are in the row's order.

    Raises `DomainError`, naming the node, where there is none.
    """
    y, *data = [_plain(graph.nodes[i].data) for i in (node.index, *operands)]
    return op.local_derivative(position, y, *data, names=lambda: tuple(name_operand(graph, i) for i in operands))


def _product(
    graph: Graph, node: Node, op: Op | None, operands: tuple, position: int, upstream: Any, asked: bool
) -> tuple[Any, Any]:
    """The local derivative and the contribution: by the row, or by the number that the edge carries.

    `asked` is whether the engine was asked for its own rules, and has none here.
    """
    xs = [graph.nodes[i] for i in operands]
    if op is not None and all(
        x.data.__class__ is float or is_number(x.data) or hasattr(x.data, "__array__") for x in (node, *xs)
    ):
        try:
            slope = local_derivative(graph, node, op, operands, position)
        except DomainError:
            if getattr(upstream, "shape", ()) or upstream != 0:
                raise
            return math.nan, 0.0  # nothing arrives, and nothing goes on: rule 5 of `ops/domain.py`
        return slope, fit(upstream * slope, getattr(_plain(xs[position].data), "shape", ()))
    local = _plain(node.local[position]) if node.local else None
    if local is None:
        if node.folded:
            raise TypeError(f"'{shorten(node.name)}' is a folded group without derivatives: give the graph unfolded")
        lost = "" if op is None else _lost_values([node, *xs])
        if op is None and getattr(node.data, "shape", None) is not None:
            lost = "of arrays, a trace keeps the numbers and not the rules, so give the root itself"
            lost = "its class has no rule for arrays that can be asked" if asked else lost
        raise Doubtful(_write_refusal(node), doubt(graph, node) or lost)
    if is_number(local) and not is_float(local):
        of = f"'{shorten(node.name)}' with respect to '{shorten(xs[position].name)}'"
        raise RangeError(f"the local gradient of {of}, {number(local)}, is too large for a number")
    return local, upstream * local


def _lost_values(nodes: list[Node]) -> str:
    """Why a row that is known has no slope here: numbers that are not there, or data that is none."""
    for node in nodes:
        if isinstance(node.data, ArraySummary):
            return f"of '{shorten(node.name)}' a trace keeps a summary and not the numbers, so give the root itself"
        if node.data is not None and not is_number(node.data) and not hasattr(node.data, "__array__"):
            return f"'{shorten(node.name)}' holds {kind(node.data)}, and derivatives are of numbers"
    return "the engine has not kept the values that it needs"


def _plain(x: Any) -> Any:
    """A number that does not compute with floats, such as a `Decimal`, as a float."""
    if x.__class__ is float:
        return x
    return x if isinstance(x, Real) or hasattr(x, "__array__") or not is_float(x) else float(x)


def fit(grad: Any, shape: tuple[int, ...]) -> Any:
    """Sum a gradient back to the shape of an operand that was broadcast."""
    have = getattr(grad, "shape", ())
    if have == shape or not have:
        return grad
    grad = grad.sum(axis=tuple(range(len(have) - len(shape))))
    return grad.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True) if shape else grad


def _has_arrays(graph: Graph, node: Node) -> bool:
    return any(getattr(x.data, "shape", ()) for x in (node, *(graph.nodes[i] for i in node.operands)))


def _refuse_complex(graph: Graph) -> None:
    for node in graph.nodes:
        if isinstance(node.data, complex) or getattr(getattr(node.data, "dtype", None), "kind", "") == "c":
            raise TypeError(f"node '{node.name}' holds a complex number, derivatives here are of real ones")


def ones(data: Any) -> Any:
    """The gradient of the root with respect to itself."""
    if not getattr(data, "shape", ()) or not hasattr(data, "__array__"):
        return 1.0
    import numpy as np

    return np.ones_like(data, dtype=data.dtype if data.dtype.kind == "f" else float)  # data * 0 is NaN where it is ∞
