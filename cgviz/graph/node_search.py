"""Which node of a graph somebody means: by its label, its place, or the object itself."""

from __future__ import annotations

from typing import Any

from ..text import shorten
from .discovery import objects
from .given_names import identity
from .node_labels import identities
from .protocols import NodeLike
from .records import Graph

MANY, LISTED = 8, 20
"""So many places, and so many names, are listed in a message."""


def find_node(graph: Graph, root: NodeLike, wanted: Any) -> int:
    """The index of a node: `wanted` is its label or name, its index, or the object, which `root` leads to.

    Raises `KeyError`, listing what there is, if the graph has no such node or several of that label.

    >>> from cgviz import Value, trace
    >>> a = Value(2.0, "a")
    >>> L = a * 3
    >>> find_node(trace(L), L, "a"), find_node(trace(L), L, a), find_node(trace(L), L, 2)
    (0, 0, 2)
    """
    if isinstance(wanted, str):
        alike = [node.index for node in graph.nodes if node.label == wanted]
        if len(alike) > 1:
            places = ", ".join(map(str, alike[:MANY])) + (", …" if len(alike) > MANY else "")
            raise KeyError(f"{len(alike)} nodes are labelled '{shorten(wanted)}'; ask for one by its place: {places}")
        found = alike or [node.index for node in graph.nodes if node.name == wanted]
    elif isinstance(wanted, int):
        found = [wanted % len(graph.nodes)] if -len(graph.nodes) <= wanted < len(graph.nodes) else []
    else:
        found = []
        if root is not graph:
            found = [i for i, obj in enumerate(objects(root)) if identity(wanted) in identities(obj)]
    if not found:
        shown = f"'{shorten(wanted)}'" if isinstance(wanted, str) else repr(wanted)
        raise KeyError(f"the graph has no node {shown}; it has {', '.join(n.name for n in graph.nodes[:LISTED])}")
    return found[0]
