"""The picture of a graph as a widget: drawn once for a structure, then only its numbers and colours are patched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..draw.layout import check_rankdir
from ..draw.scene import captions, scene, slots
from ..draw.svg import render
from ..graph import Graph, trace

STATIC = Path(__file__).parent / "static"


class GraphView(anywidget.AnyWidget):
    """Shows a graph and follows it: ``view.show(root)`` after every change.

    As long as the structure stays the same the picture stands still. `message` is a sentence shown
    above the picture until the next `show`; `old` marks the picture as that of an earlier run; `notice`
    is a sentence below the picture, about what it shows.

    >>> from cgviz import Value
    >>> view = GraphView(Value(2.0, "a") * 3)
    >>> view.slots["2.data"][0]
    '6'
    """

    _esm = STATIC / "graph_view.js"
    _css = STATIC / "graph_view.css"

    svg = traitlets.Unicode(help="the picture, drawn anew when the structure changes").tag(sync=True)
    slots = traitlets.Dict(help="what stands in each slot: text, style, title").tag(sync=True)
    captions = traitlets.Dict(help="the accessible label of each node").tag(sync=True)
    message = traitlets.Unicode(help="what went wrong in the last run, or was refused").tag(sync=True)
    old = traitlets.Bool(help="whether the picture is that of an earlier run").tag(sync=True)
    notice = traitlets.Unicode(help="what there is to know about the picture").tag(sync=True)
    said = traitlets.Unicode(help="what changed, for those who listen").tag(sync=True)

    def __init__(self, root: Any = None, rankdir: str = "LR", **traits: Any) -> None:
        super().__init__(**traits)
        self.rankdir = check_rankdir(rankdir)
        self.graph: Graph | None = None
        self._signature: tuple | None = None
        if root is not None:
            self.show(root)

    def show(self, root: Any, notice: str = "") -> None:
        """Show this graph from now on. Raises `TypeError` if `root` is not a node of a graph."""
        graph = trace(root)
        numbers = slots(graph)
        signature = graph.signature, tuple(numbers)
        with self.hold_sync():
            if signature != self._signature:
                self._signature = signature
                self.svg = render(scene(graph, self.rankdir), numbers, uid=self.model_id)
            self.slots = {name: list(slot) for name, slot in numbers.items()}
            self.captions = captions(graph)
            self.said = captions(graph)[str(graph.root.index)]
            self.message, self.old, self.notice = "", False, notice
        self.graph = graph

    def fail(self, message: str) -> None:
        """Say what went wrong; the picture of the last good run stays, marked as such."""
        with self.hold_sync():
            self.message, self.old = message, True

    def say(self, message: str) -> None:
        """Say something above the picture, which stays what it is: nothing has moved."""
        self.message = message
