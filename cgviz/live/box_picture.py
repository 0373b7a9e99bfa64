"""A picture of a graph whose boxes can be chosen, by a click or by the keys."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from ..graph import trace
from ..pictures.svg import to_svg
from . import javascript


class BoxPicture(anywidget.AnyWidget):
    """A picture of the graph below `root`; `chosen` is the name of the box that was clicked last, ``""`` before.

    >>> from cgviz import Value
    >>> BoxPicture(Value(2, "a") * Value(3, "b")).names
    ['a', 'b', 'v2']
    """

    _esm = javascript.module("boxes")
    _css = (
        "g.cg-chosen > rect, g.cg-node:focus-visible > rect {stroke-width: 3px} .cg-boxes g.cg-node {cursor: pointer}"
    )
    svg = traitlets.Unicode(help="the picture").tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), help="the names of the nodes, by their number").tag(sync=True)
    chosen = traitlets.Unicode(help="the name of the box that was clicked last").tag(sync=True)
    turn = traitlets.Int(help="how often a box was clicked: the same may be clicked again").tag(sync=True)

    def __init__(self, root: Any, **traits: Any) -> None:
        graph = trace(root)
        super().__init__(svg=to_svg(graph, uid="boxes"), names=[node.name for node in graph.nodes], **traits)
