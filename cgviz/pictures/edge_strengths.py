"""Size and sign of edges, by width and colour, so that a network reads as a network."""

from __future__ import annotations

import math

from ..graph import Graph
from ..graph.agreement import is_float
from .slots import edge_id

KINDS = ("weight", "gradient")
"""By what an edge goes on: the local derivative, which is the weight of a product, or the gradient that flows back."""
LEVELS = 6


def edge_styles(graph: Graph, which: str) -> dict[str, str]:
    """The style names of each edge by its id: its sign, and a width in `LEVELS` steps of its share of the largest.

    `which` is ``"weight"`` for the local derivative, or ``"gradient"`` for that times the gradient that arrives. Edges
    of which neither is known are not in it.

    >>> from cgviz import Value, trace
    >>> from cgviz.chain_rule.local_derivatives import add_local_derivatives
    >>> edge_styles(add_local_derivatives(trace(Value(3.0, "a") * Value(-4.0, "b"))), "weight")
    {'0-2-0': 'cg-minus cg-line-6', '1-2-1': 'cg-plus cg-line-5'}
    """
    found = {}
    for edge in graph.edges:
        size = edge.local
        if which == "gradient" and is_float(size):
            grad = graph.nodes[edge.target].grad
            size = float(grad) * float(size) if is_float(grad) and not graph.nodes[edge.target].stale else None
        if is_float(size) and not math.isnan(size):
            found[edge_id(edge)] = float(size)
    largest = max((abs(x) for x in found.values() if math.isfinite(x)), default=0.0)
    return {key: _style(x, largest) for key, x in found.items()}


def _style(x: float, largest: float) -> str:
    if not x:
        return "cg-line-0"
    share = 1.0 if math.isinf(x) or not largest else abs(x) / largest
    return f"cg-{'plus' if x > 0 else 'minus'} cg-line-{max(1, math.ceil(LEVELS * share))}"
