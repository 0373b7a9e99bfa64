"""The chain rule on records: what flows back along each edge of a graph.

This is the one place where a gradient is computed without the class's own `backward`. The steps, the
explanations and the checks are written from it; `terms.py` says how.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, NamedTuple

from ..graph import CONSTANT, Graph, Node, pulls, trace
from ..graph.agreement import is_float, is_number
from ..graph.recognition import doubt, operation
from ..ops.domain import RangeError
from ..ops.op import Op
from ..ops.operand_names import Part, phrase
from ..text import Piece, kind, number, shorten

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
    if outdated := stale(graph):
        raise Doubtful("old and new numbers together have no derivative", outdated)
    rows = [operation(graph, node) for node in graph.nodes]
    left = [0] * len(graph.nodes)
    for _, operands in rows:
        for source in operands:
            left[source] += 1
    count = left.copy()
    totals: list[Any] = [0.0] * len(graph.nodes)
    totals[-1] = ones(graph.root.data)
    found: list[Use] = []
    for node in reversed(graph.nodes):
        op, operands = rows[node.index]
        if operands and node.data is None:
            raise TypeError(f"'{shorten(node.name)}' is not computed yet: run the graph first")
        asked = rules and operands and (_has_arrays(graph, node) or (op is None and not node.local))
        pull = rules[node.index] if asked else None
        contributions = pull(totals[node.index]) if pull else None
        for position, source in enumerate(operands):
            upstream, before = totals[node.index], totals[source]
            if contributions is None:
                local, product = _product(graph, node, op, operands, position, upstream, bool(rules))
            else:
                shape = getattr(graph.nodes[source].data, "shape", ())
                local, product = None, fit(contributions[position], shape)
            totals[source] = after = before + product
            first, left[source] = left[source] == count[source], left[source] - 1
            complete = not left[source]
            found.append(Use(source, node.index, position, upstream, local, product, before, after, first, complete))
    return tuple(found)


def gradients(root: Any) -> list[Any]:
    """∂root/∂node for every node in topological order, by the rows and not by the class's `backward`.

    Of a root with many numbers, the gradients are those of their sum.

    >>> from cgviz import Value
    >>> gradients(Value(3.0, "a") * Value(4.0, "b"))
    [4.0, 3.0, 1.0]
    """
    graph = trace(root)
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


def _product(
    graph: Graph, node: Node, op: Op | None, operands: tuple, position: int, upstream: Any, asked: bool
) -> tuple[Any, Any]:
    """The local derivative and the contribution: by the row, or by the number that the edge carries.

    `asked` is whether the engine was asked for its own rules, and has none here.
    """
    xs = [graph.nodes[i] for i in operands]
    if op is not None and all(is_number(x.data) or hasattr(x.data, "__array__") for x in (node, *xs)):
        y, *data = (_plain(x.data) for x in (node, *xs))
        slope = op.local_derivative(position, y, *data, names=lambda: tuple(name_operand(graph, i) for i in operands))
        return slope, fit(upstream * slope, getattr(data[position], "shape", ()))
    local = _plain(node.local[position]) if node.local else None
    if local is None:
        if node.folded:
            raise TypeError(f"'{shorten(node.name)}' is a folded group without derivatives: give the graph unfolded")
        lost = "" if op is None else _lost_values([node, *xs])
        if op is None and getattr(node.data, "shape", None) is not None:
            lost = "of arrays, a trace keeps the numbers and not the rules, so give the root itself"
            lost = "its class has no rule for arrays that can be asked" if asked else lost
        said = repr(node.op) if node.op else "the operation"
        said = f"no derivative is known for {said}, which computed '{shorten(node.name)}'"
        if why := doubt(graph, node):
            raise Doubtful(said, why)
        raise Doubtful(said, lost)
    if is_number(local) and not is_float(local):
        of = f"'{shorten(node.name)}' with respect to '{shorten(xs[position].name)}'"
        raise RangeError(f"the local gradient of {of}, {number(local)}, is too large for a number")
    return local, upstream * local


def stale(graph: Graph) -> str:
    """Which numbers of a graph are out of date, in a sentence; ``""`` if none is."""
    names = [node.name for node in graph.nodes if node.stale == "value"]
    return (
        f"stale: a leaf has changed since {list_first(names)} was computed; run the expression again" if names else ""
    )


def list_first(called: list[str], most: int = 4, separator: str = ", ") -> str:
    """The first of some names, and how many more there are."""
    return separator.join(called[:most]) + (f" and {len(called) - most} more" if len(called) > most else "")


def _lost_values(nodes: list[Node]) -> str:
    """Why a row that is known has no slope here: numbers that are not there, or data that is none."""
    for node in nodes:
        if node.data is not None and not is_number(node.data) and not hasattr(node.data, "__array__"):
            return f"'{shorten(node.name)}' holds {kind(node.data)}, and derivatives are of numbers"
    return "the engine has not kept the values that it needs"


def _plain(x: Any) -> Any:
    """A number that does not compute with floats, such as a `Decimal`, as a float."""
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
    return data * 0 + 1.0 if getattr(data, "shape", ()) and hasattr(data, "__array__") else 1.0
