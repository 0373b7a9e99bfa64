"""Local derivatives that a class has recorded, held against those of the rows: where one is wrong, so is the class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..graph import CONSTANT, Graph, Node
from ..graph.agreement import gives, is_float, near
from ..graph.recognition import likely
from ..ops.rows import OPS
from ..text import apart, shorten
from .links import derivative

KINKED = frozenset(OPS[name] for name in ("relu", "abs", "leaky_relu", "maximum", "minimum"))


class WrongLocal(NamedTuple):
    """What a node `user` has recorded for its operand `source` (indices), and what it should be."""

    user: int
    source: int
    given: float
    right: float


def wrong_locals(graph: Graph) -> list[WrongLocal]:
    """Every local derivative of a graph that is not that of its operation, where the operation is known.

    >>> from cgviz.graph import Graph, Node
    >>> a, b = Node(0, "a", "", 2.0, None, "leaf", ()), Node(1, "b", "", -3.0, None, "leaf", ())
    >>> y = Node(2, "y", "*", -6.0, None, "operation", (0, 1), (3.0, 2.0))
    >>> wrong_locals(Graph((a, b, y), ()))
    [WrongLocal(user=2, source=0, given=3.0, right=-3.0)]
    """
    return [one for node in graph.nodes if node.local and not node.stale for one in _wrong(graph, node)]


def _wrong(graph: Graph, node: Node) -> Iterator[WrongLocal]:
    op, operands = likely(graph, node)
    data = [graph.nodes[i].data for i in operands]
    if op is None or len(operands) != len(node.local) or not all(map(is_float, (node.data, *data))):
        return
    xs = tuple(map(float, data))
    if not gives(op, node.data, xs) or (op in KINKED and len({*xs, 0.0} if len(xs) == 1 else {*xs}) == 1):
        return  # at a kink there are several slopes to choose from
    local = list(node.local)
    if operands != node.operands:
        local = [node.local[node.operands.index(i)] for i in operands]
    right: list[float | None]
    if operands[0] == operands[-1] and len(operands) == 2:  # of a · a the two may be exchanged
        local.sort(key=lambda slope: float(slope) if is_float(slope) else 0.0)
        right = [*sorted(derivative(op, k, float(node.data), xs) or 0.0 for k in range(2))]
    else:
        right = [derivative(op, k, float(node.data), xs) for k in range(len(operands))]
    for i, given, should in zip(operands, local, right, strict=True):
        flows = graph.nodes[i].kind != CONSTANT  # what is recorded for a constant is asked by nobody
        if flows and is_float(given) and should is not None and not near(float(given), should):
            yield WrongLocal(node.index, i, float(given), should)


def sentence(graph: Graph, one: WrongLocal) -> str:
    """What to say of a wrong local derivative."""
    user, source = graph.nodes[one.user], graph.nodes[one.source]
    given, right = apart(one.given, one.right)
    by = f"'{user.op}'" if user.op else "the operation"
    return (
        f"the local derivative recorded by {by} ({shorten(user.name)}) for {shorten(source.name)} is {given}, "
        f"should be {right}"
    )
