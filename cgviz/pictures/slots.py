"""The changing part of a picture: what stands in each slot, in which style, and how each node is said.

The styles say sign, size and state: `scene.py` states the rules for those who patch pictures in place.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..graph import CONSTANT, Edge, Graph, Node
from ..text import typeset
from .layout.plan import MOST, NODE, plan
from .node_words import STALE, beside_a_sign, caption, full, grad_state, short, shows_grad, value_state
from .palette import STEPS


class Slot(NamedTuple):
    """What stands in a slot: the text, its style names, and the full number for a tooltip."""

    text: str
    style: str
    title: str


def slots(graph: Graph) -> dict[str, Slot]:
    """The changing part of the picture: what stands in each slot.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 2.0, -6.5, "leaf", ())
    >>> slots(Graph((a,), ()))["0.grad"]
    Slot(text='−6.5', style='cg-grad cg-neg cg-3', title='gradient of a: −6.5')
    """
    nodes = graph.nodes
    if len(nodes) > MOST:
        shown = {unit.node for unit in plan(graph).units if unit.kind == NODE}
        nodes = tuple(node for node in nodes if node.index in shown)
    grads = [size for n in nodes if not n.stale and shows_grad(n) for size in [_size(n.grad)] if size]
    largest = max((size for size in grads if size < float("inf")), default=0.0)
    found: dict[str, Slot] = {}
    for node in nodes:
        i = node.index
        found[f"{i}.data"] = _data_slot(node)
        if shows_grad(node):
            found[f"{i}.grad"] = _grad_slot(node, largest)
    for edge in graph.edges:
        if edge.local is not None:
            a, b = beside_a_sign(graph.nodes[edge.source]), beside_a_sign(graph.nodes[edge.target])
            found[f"{edge_id(edge)}.local"] = Slot(
                typeset(short(edge.local)), "cg-local", f"∂{b}/∂{a} here: {typeset(full(edge.local))}"
            )
    return found


def captions(graph: Graph) -> dict[str, str]:
    """The accessible label of each node, by its index as text.

    >>> from cgviz.graph import Graph, Node
    >>> captions(Graph((Node(0, "a", "", 2.0, -6.5, "leaf", ()),), ()))
    {'0': 'leaf a: value 2, gradient −6.5'}
    """
    return {str(node.index): caption(node, graph) for node in graph.nodes}


def edge_id(edge: Edge) -> str:
    """What a picture calls an edge: source, target, position."""
    return f"{edge.source}-{edge.target}-{edge.position}"


def _data_slot(node: Node) -> Slot:
    said = f"value of {node.name}: "
    state = value_state(node)
    if state == STALE:
        return Slot(STALE, "cg-stale cg-word", f"{said}{STALE}, an operand has changed since it was computed")
    if state:
        return Slot("not yet", "cg-none cg-word", said + state)
    style = "cg-quiet" if node.kind == CONSTANT else "cg-data"
    return Slot(typeset(short(node.data)), style, said + typeset(full(node.data)))


def _grad_slot(node: Node, largest: float) -> Slot:
    said = f"gradient of {node.name}: "
    state = grad_state(node)
    if state == STALE:
        return Slot(STALE, "cg-grad cg-stale cg-word", f"{said}{STALE}, the graph has changed since the backward pass")
    if state:
        return Slot("not yet", "cg-grad cg-none cg-word", said + state)
    size = _size(node.grad)
    style = "cg-grad"
    if size:
        strength = next(3 - i for i, step in enumerate(STEPS) if size >= step * largest)
        style += f" {'cg-pos' if float(node.grad) > 0 else 'cg-neg'} cg-{strength}"
    return Slot(typeset(short(node.grad)), style, said + typeset(full(node.grad)))


def _size(grad: Any) -> float:
    """How large a gradient is; 0 for what has no sign: nothing, 0, nan, arrays."""
    shape: Any = getattr(grad, "shape", ())
    if grad is None or shape:
        return 0.0
    try:
        size = abs(float(grad))
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return size if size == size else 0.0
