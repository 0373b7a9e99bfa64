"""The same function at other numbers: what is equal at these by accident is not equal there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from ..graph import Graph, trace
from ..graph.agreement import is_float
from ..graph.recognition import likely
from ..run.run import Run
from .consequences import agrees
from .links import Links, links


def unlike(run: Run) -> frozenset[int]:
    """The nodes whose number is that of their row here, and is not at other numbers: as 2 + 2 is 2 * 2."""
    graph = run.graph
    assert graph is not None
    if graph.by_rows:
        return frozenset()
    for moved in _others(run.inputs):
        try:
            other = trace(run.forward(moved)[1])
        except Exception:  # whatever a learner's class raises outside its domain
            continue
        if [node.operands for node in other.nodes] != [node.operands for node in graph.nodes]:
            return frozenset()
        return frozenset(
            node.index
            for node in graph.nodes
            if node.operands
            and likely(graph, node)[0] is not None
            and agrees(graph, node)
            and (likely(other, there := other.nodes[node.index])[0] is None or not agrees(other, there))
        )
    return frozenset()


def links_of(graph: Graph, unlike: Collection[int] = ()) -> Callable[[], Links]:
    """The graph's links with the gradients of its class; where a row computes something else, nothing is known."""

    def read() -> Links:
        doubted = {
            node.index
            for node in graph.nodes
            if node.index in unlike or (node.operands and (likely(graph, node)[0] is None or not agrees(graph, node)))
        }
        return links(graph, [float(node.grad) if is_float(node.grad) else None for node in graph.nodes], doubted)

    return read


def elsewhere(run: Run) -> Links | None:
    """The links of the same function at other numbers, none of them special; ``None`` where it has no value there."""
    here = run.inputs
    for moved in _others(here):
        try:
            run.update(**moved)
            return links_of(run.graph)()
        except Exception:  # whatever a learner's class raises outside its domain
            continue
        finally:
            run.update(**here)  # what outlives a run, as weights do, has its own gradients again
    return None


def _others(here: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield other numbers for the leaves, none of them special, the farthest first; none for arrays."""
    if not all(map(is_float, here.values())):
        return
    for share in (0.31, -0.17, 0.013):
        yield {
            name: x + share * (1 + 0.37 * k) * max(0.5, abs(x)) * (1 if k % 2 == 0 else 0.61)
            for k, (name, x) in enumerate(here.items())
        }
