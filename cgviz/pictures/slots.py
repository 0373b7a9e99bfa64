"""The changing part of a picture: what stands in each slot, in which style, and how each node is said.

The styles say sign, size and state: `scene.py` states the rules for those who patch pictures in place.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..graph import CONSTANT, Edge, Graph, Node
from ..text import typeset
from .array_cells import Grid, encode, grid
from .layout.plan import MOST, nearest
from .node_words import STALE, beside_a_sign, caption, full, grad_state, short, shows_grad, value_state
from .palette import sign_style


class Slot(NamedTuple):
    """What stands in a slot: the text, its style names, and the full number for a tooltip.

    Of the cells of an array, ``"3.data.cells"``, they are the texts and states that `array_cells` writes.
    """

    text: str
    style: str
    title: str


def slots(graph: Graph, digits: int | None = None) -> dict[str, Slot]:
    """The changing part of the picture: what stands in each slot, numbers with so many `digits`.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 2.0, -6.5, "leaf", ())
    >>> slots(Graph((a,), ()))["0.grad"]
    Slot(text='−6.5', style='cg-grad cg-neg cg-4', title='gradient of a: −6.5')
    """
    nodes = graph.nodes
    if len(nodes) > MOST:
        shown = nearest(graph)
        nodes = tuple(node for node in nodes if node.index in shown)
    found: dict[str, Slot] = {}
    for node in nodes:
        i = node.index
        found[f"{i}.data"] = _data_slot(node, digits)
        if shows_grad(node):
            found[f"{i}.grad"] = _grad_slot(node, digits)
        if cells := grid(node.data):
            found[f"{i}.data.cells"] = _cells_slot(node.data, cells, bool(value_state(node)))
            found[f"{i}.grad.cells"] = _cells_slot(node.grad, cells, bool(grad_state(node)))
    for edge in graph.edges:
        if edge.local is not None:
            a, b = beside_a_sign(graph.nodes[edge.source]), beside_a_sign(graph.nodes[edge.target])
            found[f"{edge_id(edge)}.local"] = Slot(
                typeset(short(edge.local, digits)), "cg-local", f"∂{b}/∂{a} here: {typeset(full(edge.local))}"
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


def _data_slot(node: Node, digits: int | None) -> Slot:
    said = f"value of {node.name}: "
    state = value_state(node)
    if state == STALE:
        return Slot(STALE, "cg-stale cg-word", f"{said}{STALE}, an operand has changed since it was computed")
    if state:
        return Slot("not yet", "cg-none cg-word", said + state)
    style = "cg-quiet" if node.kind == CONSTANT else "cg-data"
    return Slot(typeset(short(node.data, digits)), style, said + typeset(full(node.data)))


def _grad_slot(node: Node, digits: int | None) -> Slot:
    said = f"gradient of {node.name}: "
    state = grad_state(node)
    if state == STALE:
        return Slot(STALE, "cg-grad cg-stale cg-word", f"{said}{STALE}, the graph has changed since the backward pass")
    if state:
        return Slot("not yet", "cg-grad cg-none cg-word", said + state)
    style = " ".join(filter(None, ("cg-grad", sign_style(_signed(node.grad)))))
    return Slot(typeset(short(node.grad, digits)), style, said + typeset(full(node.grad)))


def _cells_slot(x: Any, cells: Grid, missing: bool) -> Slot:
    """An array's cells: their texts with a tab after each, and the states of all of them in place of a style."""
    codes, texts = encode(None if missing else x, cells)
    return Slot("\t".join(texts), codes, "")


def _signed(grad: Any) -> float:
    """A gradient as a float; 0 for what has no sign: nan, arrays, what is no real number."""
    shape: Any = getattr(grad, "shape", ())
    if shape:
        return 0.0
    try:
        x = float(grad)
    except OverflowError:  # a whole number beyond the floats
        return float("inf") if grad > 0 else float("-inf")
    except (TypeError, ValueError):
        return 0.0
    return x if x == x else 0.0
