"""What a graph is fed with: everything is checked before any node is given its array."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..graph import NodeLike
from .arrays import as_array, where_not_finite
from .names import kind_text, list_titles, title
from .node import Input, is_node
from .sort import reachable, topological_sort


def check_feed(feed: Any) -> None:
    """See that a feed is a dictionary of nodes."""
    if not isinstance(feed, Mapping):
        raise TypeError(f"a graph is fed with a dictionary, {{node: array}}, got {kind_text(feed)}")
    for node in feed:
        if not is_node(node):
            shown = f" {node!r}" if isinstance(node, str) else ""
            raise TypeError(f"the keys of a feed are nodes, got {kind_text(node)}{shown}")


def only_loss(feed: Mapping[Any, Any]) -> Any:
    """The one node that is computed from the feed and that no other node uses."""
    found = reachable(feed, forward=True)
    topological_sort(found)  # a cycle has no last node: say so first
    ends = [node for node in found if node.input_nodes and not node.output_nodes]
    if not ends:
        raise ValueError("nothing is computed from the nodes that are fed: build the loss before the graph")
    if len(ends) > 1:
        raise ValueError(
            f"{len(ends)} nodes could be the loss, since no other uses them: {list_titles(ends)} "
            f"(a cell that builds nodes on the same inputs builds new ones each time it runs): "
            f"name one, as in Graph(feed, loss=cost)"
        )
    return ends[0]


def arrays_of(feed: Mapping[Any, Any], nodes: list[Any], root: NodeLike) -> dict[Any, Any]:
    """The arrays to be fed, all checked before any is."""
    inside = set(nodes)
    for node in feed:
        if node.input_nodes:
            raise ValueError(
                f"{title(node)} is computed from {list_titles(node.input_nodes)}, so it cannot be fed as well"
            )
        if node not in inside:
            raise ValueError(f"{title(node)} is fed, but {title(root)} does not depend on it")
    missing = [node for node in nodes if isinstance(node, Input) and node.output is None and node not in feed]
    if missing:
        raise ValueError(f"the feed has no array for {list_titles(missing)}, which {title(root)} depends on")
    arrays = {node: as_array(given, node) for node, given in feed.items()}
    for node, array in arrays.items():
        if bad := where_not_finite(array):
            raise ValueError(f"the array for {title(node)} holds {bad}: fill or drop what is missing first")
    return arrays
