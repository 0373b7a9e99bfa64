"""The edges of a graph as a backward pass goes along them, with the rows' own derivatives: what slips are tried on."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any, NamedTuple

from ..graph import CONSTANT, Graph, Node
from ..graph.agreement import is_float
from ..graph.recognition import likely
from ..ops.op import Op

ROUNDING = 1e-12
"""So much of what flows to a node may be lost in its gradient."""


class Link(NamedTuple):
    """Node `source` as operand `position` of node `user` (indices): `local` is ∂user/∂source, ``None`` if unknown.

    It is the edge before anything has flowed, and other rules are tried on it. A `Use` of `chain_rule/flow.py` tells
    what has flowed, and there is none where a derivative is unknown.

    `op` is the user's row, `y` its number, `xs` those of its operands; `symbol` names the operation, all powers alike.
    `twin` says that both operands are the same node, as in a + a.
    """

    source: int
    user: int
    position: int
    local: float | None
    op: Op | None
    symbol: str
    y: float
    xs: tuple[float, ...]
    twin: bool = False


def local_of(link: Link) -> float:
    """The derivative along a link, NaN where it is unknown."""
    return math.nan if link.local is None else link.local


class Links(NamedTuple):
    """All links of a graph of single numbers: `below` each user, and `above` each source, in topological order.

    `grads` are the gradients that a class has computed, ``None`` where it has none. `asked` are the nodes whose
    gradients say something: constants and the root say nothing, nor do nodes without a gradient. The two operands of
    the `loose` nodes are in a set, and no order shows in the number: which of them stood on the left is not known.
    `data` are the numbers that the nodes hold, NaN for what is none. `slack` is what rounding may do to each gradient,
    whose contributions may cancel out.
    """

    below: tuple[tuple[Link, ...], ...]
    above: tuple[tuple[Link, ...], ...]
    grads: tuple[float | None, ...]
    asked: tuple[int, ...]
    loose: tuple[int, ...] = ()
    data: tuple[float, ...] = ()
    slack: tuple[float, ...] = ()


def holds(here: Links, i: int, x: float) -> bool:
    """Whether `x` is the gradient that the class has at node `i`, but for rounding."""
    return same(x, here.grads[i], here.slack[i])


def same(a: float, b: float | None, slack: float = 0.0) -> bool:
    """Whether two gradients are the same, but for rounding; NaN and ``None`` are the same as nothing."""
    return b is not None and math.isclose(a, b, rel_tol=1e-6, abs_tol=slack)


def links(graph: Graph, grads: Collection[float | None], doubted: Collection[int] = ()) -> Links:
    """Read the links of a graph; the derivatives of the operations `doubted`, and of those without a row, are unknown.

    >>> from cgviz import Value, trace
    >>> a = Value(3.0, "a")
    >>> [(link.user, link.local) for link in links(trace(a * a), [6.0, 1.0]).above[0]]
    [(1, 3.0), (1, 3.0)]
    """
    below = [_below(graph, node, node.index in doubted) for node in graph.nodes]
    above: list[list[Link]] = [[] for _ in graph.nodes]
    for mine in below:
        for link in mine:
            above[link.source].append(link)
    found = list(grads)
    found[-1] = 1.0 if found[-1] is None else found[-1]
    asked = tuple(node.index for node in graph.nodes[:-1] if node.kind != CONSTANT and found[node.index] is not None)
    data = tuple(float(node.data) if is_float(node.data) else math.nan for node in graph.nodes)
    loose = tuple(i for i, mine in enumerate(below) if not graph.nodes[i].ordered and _is_loose(mine))
    slack = _slack(above, found)
    return Links(tuple(below), tuple(map(tuple, above)), tuple(found), asked, loose, data, slack)


def _slack(above: list[list[Link]], grads: list[float | None]) -> tuple[float, ...]:
    """What rounding may do to each gradient: a share of all that flows to it, whatever the signs."""
    flow = [0.0] * len(above)
    flow[-1] = 1.0
    for i in range(len(above) - 1, -1, -1):
        flow[i] += sum(max(flow[link.user], abs(grads[link.user] or 0.0)) * abs(link.local or 0.0) for link in above[i])
    return tuple(ROUNDING * x if math.isfinite(x) else 0.0 for x in flow)


def _is_loose(mine: tuple[Link, ...]) -> bool:
    return len(mine) == 2 and mine[0].source != mine[1].source and mine[0].op is not None and mine[0].op.commutes


def _below(graph: Graph, node: Node, doubted: bool) -> tuple[Link, ...]:
    op, operands = likely(graph, node)
    data = [graph.nodes[i].data for i in operands]
    known = op is not None and not doubted and all(map(is_float, (node.data, *data)))
    if op is None or not known:
        return tuple(Link(i, node.index, k, None, None, node.op, 0.0, ()) for k, i in enumerate(operands))
    y, xs = float(node.data), tuple(map(float, data))
    symbol = "**" if op.symbol.startswith("**") else op.symbol
    twin = len(operands) == 2 and operands[0] == operands[1]
    return tuple(
        Link(i, node.index, k, derivative(op, k, y, xs), op, symbol, y, xs, twin) for k, i in enumerate(operands)
    )


def derivative(op: Op, position: int, y: float, xs: tuple[float, ...]) -> float | None:
    """What the row's derivative rule gives at these numbers; ``None`` where it gives nothing."""
    try:
        found: Any = op.vjps[position](1.0, y, *xs)
        return float(found)
    except (ArithmeticError, ValueError, TypeError):
        return None
