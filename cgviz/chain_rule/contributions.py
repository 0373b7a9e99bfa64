"""What a node sends to its operands when a gradient arrives: by its row, its engine's rule, or what edges carry."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from numbers import Real
from typing import Any

from ..graph import CONSTANT, ArraySummary, Graph, Node
from ..graph.agreement import is_float, is_number, near
from ..graph.protocols import NoDerivative
from ..graph.recognition import doubt, operation
from ..ops.domain import DomainError, RangeError
from ..ops.op import Op
from ..ops.operand_names import Part, phrase
from ..text import Piece, kind, number, shorten

Pull = Callable[[Any], Sequence[Any]]
"""An engine's own rule for one operation: the gradient that arrives in, a contribution for each operand out."""


FLOATS = {float}
NOTHING = (math.nan, 0.0)
"""Where there is no derivative, and nothing arrives, nothing goes on: rule 5 of `ops/domain.py`."""


class Doubtful(TypeError):
    """Where no derivative is known: `sentence` says of which node, and `doubt` why, if that is known."""

    def __init__(self, sentence: str, doubt: str = "") -> None:
        super().__init__(f"{sentence}: {doubt}" if doubt else sentence)
        self.sentence, self.doubt = sentence, doubt

    def __reduce__(self) -> tuple:
        return Doubtful, (self.sentence, self.doubt)


def contributions(
    graph: Graph, node: Node, op: Op | None, operands: tuple[int, ...], rules: Sequence[Pull | None], upstream: Any
) -> Iterator[tuple[Any, Any]]:
    """For each operand of a node the local derivative, and what it is sent, where the gradient `upstream` arrives.

    `op` and `operands` are those of the row that is believed, `rules` the engine's own. A local derivative is ``None``
    where arrays flow by a rule that is no product. Raises `Doubtful` and `DomainError` as `flow.uses` does.
    """
    nodes = graph.nodes
    data = [nodes[i].data for i in operands]
    if op is not None and {upstream.__class__, node.data.__class__, *map(type, data)} == FLOATS:  # as most nodes are
        return _of_floats(graph, node, op, operands, data, upstream)
    return _of_any(graph, node, op, operands, rules, upstream)


def _of_any(
    graph: Graph, node: Node, op: Op | None, operands: tuple[int, ...], rules: Sequence[Pull | None], upstream: Any
) -> Iterator[tuple[Any, Any]]:
    """For each operand the local derivative and the contribution: by the engine's own rule where it is asked."""
    pull = rules[node.index] if rules and is_asked(graph, node, op) else None
    found = _ask(graph, node, pull, upstream) if pull else None
    if pull is None or found is None:
        for position in range(len(operands)):
            yield _product(graph, node, op, operands, position, upstream, bool(rules))
        return
    slopes = _slopes(pull, upstream, found) if found else None
    for position, source in enumerate(operands):
        shape = getattr(graph.nodes[source].data, "shape", ())
        yield slopes[position] if slopes else None, fit(found[position], shape)


def _of_floats(
    graph: Graph, node: Node, op: Op, operands: tuple[int, ...], data: list[float], upstream: float
) -> Iterator[tuple[float, float]]:
    """The same of an operation on floats, by its row."""
    for position in range(len(operands)):
        try:
            slope = op.local_derivative(position, node.data, *data, names=partial(_operand_names, graph, operands))
        except DomainError:
            if upstream != 0:
                raise
            yield NOTHING
        else:
            yield slope, upstream * slope


def _operand_names(graph: Graph, operands: Sequence[int]) -> tuple[str | Piece, ...]:
    return tuple(name_operand(graph, i) for i in operands)


def _ask(graph: Graph, node: Node, pull: Pull, g: Any) -> Sequence[Any]:
    """What an engine's own rule sends to the operands of a node."""
    try:
        return pull(g)
    except NoDerivative as failure:
        raise Doubtful(_write_refusal(node), str(failure)) from None


def _write_refusal(node: Node) -> str:
    said = f"{node.op!r}, which" if node.op else "the operation that"
    return f"no derivative is known for {said} computed '{shorten(node.name)}'"


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
    return op.local_derivative(position, y, *data, names=partial(_operand_names, graph, operands))


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
            return NOTHING
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


def is_asked(graph: Graph, node: Node, op: Op | None) -> bool:
    """Whether a node's engine is asked for its own rule: of arrays, and where there is nothing else."""
    return bool(node.operands) and (_has_arrays(graph, node) or (op is None and not node.local))


def name_operand(graph: Graph, i: int) -> str | Piece:
    """What a sentence about an operation calls its operand, node i, as `Op.error` asks."""

    def part(i: int) -> Part:
        node = graph.nodes[i]
        constant = float(node.data) if node.kind == CONSTANT and is_float(node.data) else None
        op, operands = (None, ()) if constant is not None or node.label else operation(graph, node)
        return Part(node.label, constant, op, tuple(operands))

    return phrase(i, part)


def ones(data: Any) -> Any:
    """The gradient of the root with respect to itself."""
    if not getattr(data, "shape", ()) or not hasattr(data, "__array__"):
        return 1.0
    import numpy as np

    return np.ones_like(data, dtype=data.dtype if data.dtype.kind == "f" else float)  # data * 0 is NaN where it is ∞
