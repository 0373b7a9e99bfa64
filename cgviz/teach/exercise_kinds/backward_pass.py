"""Whether the gradients of a learner's own `backward` are right, and the slip behind the first that is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...chain_rule.flow import gradients
from ...checks.diagnosis import Diagnosis
from ...checks.links import links
from ...graph import Graph, trace
from ...text import number
from ..sandbox.likeness import as_number, close, show_apart
from ..sandbox.running import attempt
from .exercise import Open
from .graph_shape import write_expression


def gradient_fault(built: Any, again: bool = False) -> str:
    """Call the `backward` of what was built, and say which gradient is wrong, from the output back; ``""`` if none is.

    With `again` it is called a second time, which must change nothing. Raises `Open` if there is no `backward` yet.
    """
    said = _run(built) or _fault(built)
    return said or (_again(built) if again else "")


def _run(built: Any) -> str:
    name = built.cls.__name__
    if not callable(getattr(built.root, "backward", None)):
        raise Open(f"{name} has no method backward")
    done = attempt(built.root.backward)
    if done.open:
        raise Open(done.failure)
    return f"{built.named}, then L.backward() {done.failure}" if done.failure else ""


def _again(built: Any) -> str:
    first = _read(built)
    said = _run(built)
    if said:
        return said
    for was, node in zip(first.nodes, _read(built).nodes, strict=True):
        before, now = as_number(was.grad), as_number(node.grad)
        if before is not None and (now is None or not close(now, before)):
            changed = f"the gradient of {node.name} was {number(before)}, and after a second it is {number(node.grad)}"
            return f"{built.named}: after one L.backward() {changed}: are the gradients set to zero first?"
    return ""


def _read(built: Any) -> Graph:
    """The learner's graph, the results on the way called as they are computed: ``a * b``."""
    graph = built.graph()
    labels = [node.label or (write_expression(graph, node.index) if node.operands else "") for node in graph.nodes]
    nodes = (node._replace(label=label) for node, label in zip(graph.nodes, labels, strict=True))
    return graph._replace(nodes=tuple(nodes))


def _fault(built: Any) -> str:
    case, graph = f"{built.named}, then L.backward()", _read(built)
    if not any(node.has_grad for node in graph.nodes):
        return f"{case}: the nodes have no attribute grad"
    if all(node.grad is None for node in graph.nodes):
        return f"{case} leaves every gradient at 0: it should begin with 1 at the output"
    found = [as_number(node.grad) for node in graph.nodes]
    right_ones = _right(built, graph)
    for index, right in reversed(right_ones):
        given = found[index]
        if given is None or not close(given, right):
            what = f"{case}: the gradient of {graph.nodes[index].name} should be"
            if given is None:
                return f"{what} {number(right)}, is missing"
            yours, asked = show_apart(given, right)
            return f"{what} {asked}, yours is {yours}{_why(graph, index, found, right_ones)}"
    return ""


def _right(built: Any, graph: Graph) -> list[tuple[int, float]]:
    """The right gradient of each node, by its index; of the leaves alone where the graph is not one that we know."""
    try:
        known = dict(enumerate(gradients(graph)))
    except (TypeError, ValueError):
        known = {}
    built.right.backward()
    right = {node.name: node.grad for node in trace(built.right).leaves}
    leaves = {node.index: right[node.name] for node in graph.leaves if node.name in right}
    constants = {node.index for node in graph.nodes if not node.operands and node.name not in right}  # not asked for
    return sorted((i, x) for i, x in (known | leaves).items() if i not in constants)


def _why(graph: Graph, index: int, found: Sequence[float | None], right: Sequence[tuple[int, float]]) -> str:
    if index == graph.root.index:
        return ": a backward pass begins with 1 at the output"
    wrong = {i for i, x in right if (mine := found[i]) is None or not close(mine, x)}
    why = Diagnosis(links(graph, found), wrong, [node.name for node in graph.nodes]).why(index)
    return f": {why}" if why else ""
