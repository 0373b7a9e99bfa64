"""The backward rules that the engine of a graph has itself, for the nodes of which no row may be known."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from .attributes import first, private
from .fields import value_of
from .protocols import NodeLike
from .reading import Names, read_whole
from .records import Graph
from .spellings import OPERANDS


def read_with_rules(root: NodeLike, names: Names = None) -> tuple[Graph, list[Callable | None]]:
    """The whole graph, and for each node the engine's own backward rule, where it can be asked; none of a `Graph`.

    For arrays no row may be known. A rule takes the gradient that arrives and returns the contribution to each operand,
    in order.
    """
    found: list[Any] = []
    graph = read_whole(root, names, keep=found)
    return graph, [_pull(obj) for obj in found]


def _pull(obj: Any) -> Callable | None:
    if (own := private(obj, "_pull")) is not None:
        return own
    edges = first(obj, OPERANDS)
    if (
        not isinstance(edges, (tuple, list, set, frozenset))
        or not edges
        or not all(callable(getattr(edge, "backward_fn", None)) for edge in edges)
    ):
        return None

    def pull(g: Any) -> list[Any]:  # mlfz's Tensor: a rule on each edge, which reads the gradient from its node
        g = g + 0 * value_of(obj)
        arrived = SimpleNamespace(backwards_grad=g, shape=g.shape, value=value_of(obj))
        return [edge.backward_fn(arrived, edge.local_grad, edge.prev) for edge in edges]

    return pull
