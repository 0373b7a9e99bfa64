"""The same function at other numbers: what is equal at these by accident is not equal there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from ..graph import Graph, Node, read_whole
from ..graph.agreement import gives, is_float
from ..graph.recognition import likely
from ..run.run import Run
from .consequences import agrees
from .links import Links, links

POINTS = 2
"""At so many other places what fits has to fit."""


def unlike(run: Run) -> dict[int, str]:
    """The nodes that are their row here, and are not at other numbers, as 2 + 2 is 2 * 2; each with a sentence."""
    graph = run.graph
    assert graph is not None
    if graph.by_rows:
        return {}
    for moved in _others(run.inputs):
        try:
            root = run.forward(moved)[1]
            other = read_whole(root, makers=run.makers)
        except Exception:  # whatever a learner's class raises outside its domain
            continue
        if [node.operands for node in other.nodes] != [node.operands for node in graph.nodes]:
            return {}
        known = [node for node in graph.nodes if node.operands and likely(graph, node)[0] and agrees(graph, node)]
        return {node.index: why for node in known if (why := _differ(graph, node, other))}
    return {}


def _differ(graph: Graph, node: Node, other: Graph) -> str:
    """How a node is another operation in the graph at other numbers; ``""`` if it is the same."""
    there = other.nodes[node.index]
    (op, operands), (again, turned) = likely(graph, node), likely(other, there)
    if there.op != node.op:  # recognised here, and there not
        again, turned = op, operands
    if again is None or gives(again, there.data, [other.nodes[i].data for i in turned]) is not True:
        return f"the number of '{node.name}' is that of '{node.op}' here, and not at other numbers"
    if operands != turned and (op is None or not op.commutes):
        return f"the operands of '{node.name}' stand the other way round at other numbers"
    return ""


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


def elsewhere(run: Run) -> list[Links]:
    """The links of the same function at other numbers, none of them special; those at which it has a value."""
    here, found = run.inputs, []
    for moved in _others(here):
        try:
            run.update(**moved)
            found.append(links_of(run.graph)())
        except Exception:  # whatever a learner's class raises outside its domain
            pass
        finally:
            run.update(**here)  # what outlives a run, as weights do, has its own gradients again
        if len(found) == POINTS:
            break
    return found


def _others(here: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield other numbers for the leaves, none of them special, the farthest first; none for arrays."""
    if not all(map(is_float, here.values())):
        return
    for share in (0.31, -0.17, 0.013):
        yield {
            name: x + share * (1 + 0.37 * k) * max(0.5, abs(x)) * (1 if k % 2 == 0 else 0.61)
            for k, (name, x) in enumerate(here.items())
        }
