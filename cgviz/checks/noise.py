"""How much of a small difference may be rounding: the size of the numbers behind a node, and their precision."""

from __future__ import annotations

import math

from ..graph import Graph
from ..graph.agreement import is_float, rounding
from .finite_differences import ROUNDING
from .links import links


def sizes(graph: Graph) -> list[float]:
    """The size of the numbers behind each node, in units of the result: what rounding errors are a share of.

    A rounding of a number changes the result by the number's own gradient times as much, by the rows; where none is
    known, by that of its class.
    """
    grads = [float(node.grad) if is_float(node.grad) else None for node in graph.nodes]
    chain = links(graph, grads)
    found = [0.0] * len(graph.nodes)
    effect: list[float] = [0.0] * len(graph.nodes)
    effect[-1] = 1.0
    behind = 0.0
    for i in range(len(graph.nodes) - 1, -1, -1):
        found[i] = behind
        node = graph.nodes[i]
        if chain.above[i]:
            above = chain.above[i]
            unknown = any(link.local is None for link in above)
            total = sum(abs(effect[link.user] * (link.local or 0.0)) for link in above)
            effect[i] = abs(grads[i] or 0.0) if unknown else total
        if node.operands and is_float(node.data):
            share = effect[i] * abs(float(node.data))
            behind += share if math.isfinite(share) else 0.0
    return found


def precision(graph: Graph) -> float:
    """The relative error of one rounding, as the class keeps its numbers."""
    return max((rounding(node.data) for node in graph.nodes), default=ROUNDING)
