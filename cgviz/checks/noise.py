"""How much of a small difference may be rounding: the size of the numbers behind a node, and their precision."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..graph import Graph
from ..graph.agreement import is_float, rounding
from .kinks import ROUNDING
from .links import links


class Noise(NamedTuple):
    """What rounding errors are a share of: `behind` a node for the result, and in its own `slope`.

    `behind` is the size of the numbers computed after it, in units of the result: a rounding of a number changes the
    result by the number's own gradient times as much. `slope` is the sum of all contributions to its gradient without
    their signs, for they may cancel out; NaN where it is not known.
    """

    behind: float
    slope: float


def noises(graph: Graph) -> list[Noise]:
    """The noise at each node, by the rows; where none is known, by the gradients of the graph's class."""
    grads = [float(node.grad) if is_float(node.grad) else None for node in graph.nodes]
    chain = links(graph, grads)
    found = [Noise(0.0, math.nan)] * len(graph.nodes)
    effect: list[float] = [0.0] * len(graph.nodes)
    effect[-1] = 1.0
    known = [True] * len(graph.nodes)
    behind = 0.0
    for i in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[i]
        if chain.above[i]:
            above = chain.above[i]
            known[i] = all(known[link.user] and link.local is not None for link in above)
            total = sum(abs(effect[link.user] * (link.local or 0.0)) for link in above)
            effect[i] = total if all(link.local is not None for link in above) else abs(grads[i] or 0.0)
        found[i] = Noise(behind, effect[i] if known[i] else math.nan)
        if node.operands and is_float(node.data):
            share = effect[i] * abs(float(node.data))
            behind += share if math.isfinite(share) else 0.0
    return found


def precision(graph: Graph) -> float:
    """The relative error of one rounding, as the class keeps its numbers."""
    return max((rounding(node.data) for node in graph.nodes), default=ROUNDING)
