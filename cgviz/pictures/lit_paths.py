"""The paths of a node that is explained: what lies on them, and how it is lit in a picture."""

from __future__ import annotations

from ..graph import Graph
from .drawn_shapes import Group, Rect


def reach(graph: Graph, start: int | None) -> set[int]:
    """A node and all that is computed from it, which is what lies on its paths to the output; of ``None`` nothing.

    >>> from cgviz import Value, trace
    >>> a, b = Value(2.0, "a"), Value(3.0, "b")
    >>> sorted(reach(trace(a * b + a), 1))
    [1, 2, 3]
    """
    found = set() if start is None else {start}
    for node in graph.nodes:  # operands come first
        if not found.isdisjoint(node.operands):
            found.add(node.index)
    return found


def brighten(group: Group) -> Group:
    """A box with its frame lit; a constant without a frame stays what it is."""
    first, *rest = group.shapes
    if not isinstance(first, Rect) or not first.style.startswith("cg-box"):
        return group
    return group._replace(shapes=(first._replace(style=f"{first.style} cg-lit-box"), *rest))
