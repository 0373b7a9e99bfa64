"""The picture of a graph as a widget: drawn once for a structure, then only its numbers and colours are patched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import traitlets

from ..graph import CONSTANT, Graph, NodeLike, summarize, trace
from ..graph.recognition import doubts, readings
from ..pictures.layout.placement import check_rankdir
from ..pictures.layout.plan import MOST, fits, overview
from ..pictures.node_words import check_digits
from ..pictures.picture import Picture
from ..pictures.reading_aids import tell_how_to_see_more
from ..pictures.scene import scene
from ..pictures.slots import slots
from ..pictures.svg import render
from ..text import number
from . import serialization
from .cell_output import SEEN, bundle
from .lifetime import Lasting
from .opening import PATHS, Marks, Opening
from .program_export import program
from .toolbox import Supplied


def _remarks(notice: str, whole: Graph) -> str:
    """What there is to know of a picture, and which of its operations are in doubt; nothing is said twice."""
    unread = whole.root.unread
    more = [doubt for doubt in doubts(whole) if not (unread and unread in doubt and unread in notice)]
    return "; ".join(filter(None, (notice, *more)))


class GraphView(Lasting, Supplied):
    """Shows a graph and follows it: ``view.show(root)`` after every change.

    As long as the structure stays the same the picture stands still. `message` is a sentence shown
    above the picture until the next `show`; `old` marks the picture as that of an earlier run; `notice`
    is a sentence below the picture, about what it shows.

    `fold` says which groups are shown as one box each, as `draw` says it; in the page a click unfolds one and folds it
    again (`opened` are the numbers of those unfolded). With `digits` the
    boxes are compact: as wide as numbers of so many digits. `records` is the graph as it is shown, `whole` all of it.

    `sliders` are the widgets that the page follows by itself, `leaves` says which node each of them
    moves. A graph of rows (`alive`) the page computes anew at every move, and the kernel's `state`
    confirms or corrects it later; any other graph waits for the kernel.

    >>> from cgviz import Value
    >>> view = GraphView(Value(2.0, "a") * 3)
    >>> view.state["data"]
    {'0': 2.0, '1': 3.0, '2': 6.0}
    """

    script = "view_page"
    """The file of ``static`` that the script of a page of its own begins with."""

    svg = traitlets.Unicode(help="the picture, drawn anew when the structure changes").tag(sync=True)
    graph = traitlets.Dict(help="the structure, as serialization.py writes it").tag(sync=True)
    state = traitlets.Dict(help="the numbers of the last run, and of which inputs it was").tag(sync=True)
    program = traitlets.Dict(help="all of a graph of which the picture shows a part, for the page to compute").tag(
        sync=True
    )
    alive = traitlets.Bool(help="whether the page may compute the graph by itself").tag(sync=True)
    own = traitlets.Unicode(help="the learner's class, whose runs have the last word; empty for Value").tag(sync=True)
    pace = traitlets.Unicode(help="who computes a move, the page or the kernel, where that is to be said").tag(
        sync=True
    )
    leaves = traitlets.Dict(help="which node each slider moves").tag(sync=True)
    sliders = traitlets.List(help="the widgets to follow: name, slider, box").tag(sync=True)
    choices = traitlets.List(help="the widgets that choose a number: name, slider, its numbers").tag(sync=True)
    loose = traitlets.Dict(help="the first numbers of leaves that are moved in the picture alone").tag(sync=True)
    opened = traitlets.List(traitlets.Int(), help="the numbers of the groups that are unfolded").tag(sync=True)
    message = traitlets.Unicode(help="what went wrong in the last run, or was refused").tag(sync=True)
    old = traitlets.Bool(help="whether the picture is that of an earlier run").tag(sync=True)
    notice = traitlets.Unicode(help="what there is to know about the picture").tag(sync=True)
    opening = traitlets.Dict(help="how it opens: tool, at, hide, zoom, edges, first, those of them that there are").tag(
        sync=True
    )

    def __init__(
        self,
        root: NodeLike = None,
        rankdir: str = "LR",
        fold: Any = None,
        digits: int | None = None,
        ready: Opening | None = None,
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self.rankdir, self.fold, self.digits = check_rankdir(rankdir), fold, check_digits(digits)
        self.ready = ready or Opening()
        self._marks = Marks(self.ready)
        self.whole: Graph | None = None
        self.records: Graph | None = None
        self._signature: tuple | None = None
        self._drawn: tuple | None = None
        self._sent: tuple | None = None
        self._programmed: tuple | None = None
        self._shown: dict[str, Any] = {}
        if root is not None:
            self.show(root)

    def show(
        self,
        root: NodeLike,
        notice: str = "",
        at: Mapping[str, Any] | None = None,
        leaves: Mapping[str, int] | None = None,
        alive: bool = False,
        own: str = "",
        pace: str = "",
    ) -> None:
        """Show this graph from now on; `at` says of which inputs it is, `leaves` which node each slider moves.

        `alive` is whether the page may compute the graph, `own` the name of a class whose runs have the last word, and
        `pace` the sentence about that.

        Raises `TypeError` if `root` is not a node, `ValueError` if it has no groups of the kind to fold, or at first
        no such node as the view is to open with.
        """
        whole = summarize(trace(root))
        self._marks.find(whole, root, late=self.old)
        opened = self.opened if whole.signature == self._signature else []
        graph = overview(whole, self.fold, len(whole.nodes) <= MOST, opened, self.rankdir)
        self._shown = {"notice": notice, "at": at, "leaves": leaves, "alive": alive, "own": own, "pace": pace}
        constants = [number(node.data) for node in graph.nodes if node.kind == CONSTANT]  # they stand in formulas
        drawn, before = (whole.signature, tuple(opened)), self._drawn
        self.whole, self.records, self._signature, self._drawn = whole, graph, whole.signature, drawn
        with self.hold_sync():
            self.opened = list(opened)
            if drawn != before:
                self.svg = self._draw(whole, graph, opened)
            rows = [(found.op, found.operands, bool(found.why)) for found in readings(graph)]  # numbers decide on them
            if (drawn, constants, rows) != self._sent:
                self._sent = drawn, constants, rows
                self.graph = serialization.structure(graph, self.digits, self.rankdir) | {
                    "opened": serialization.name_opened(whole, graph, opened)
                }
            self.leaves = serialization.places(leaves or {}, whole, graph)
            self._send_program(whole, leaves or {}, alive and (graph is not whole or not fits(graph, self.rankdir)))
            more = tell_how_to_see_more(graph, self.rankdir, live=True)
            self.alive, self.own, self.pace = alive, own, pace
            self.state = serialization.state(graph, self.graph["shown"]) | dict(at or {})
            self.message, self.old, self.notice = (
                "",
                False,
                _remarks("; ".join(filter(None, (notice, self._marks.lost, more))), whole),
            )

    @contextmanager
    def without_own_folds(self) -> Iterator[None]:
        """Draw what was folded for its size as far as a picture can: for a page without a kernel to unfold it."""
        if self.fold is not None or self.records is self.whole or self.whole is None:
            yield
            return
        opened, shown = list(self.opened), self._shown
        self._show_anew(False, shown)
        try:
            yield
        finally:
            self._show_anew(None, shown)
            self.opened = opened

    def _show_anew(self, fold: Any, shown: dict[str, Any]) -> None:
        self.fold, self._drawn, self._sent, self._signature = fold, None, None, None
        assert self.whole is not None
        self.show(self.whole, **shown)

    def _draw(self, whole: Graph, graph: Graph, opened: list[int]) -> str:
        """The picture of another structure, and what belongs to nodes of it."""
        at, notes = self._marks.follow(whole, graph)
        options: dict[str, Any] = {name: getattr(self.ready, name) for name in ("tool", "hide", "zoom", "edges")}
        nodes = {"at": at, "first": self._marks.find_beginning(whole, graph)}
        self.opening = {name: x for name, x in options.items() if x} | {n: i for n, i in nodes.items() if i is not None}
        seen = self.ready.mask(graph, at)
        return self._render(seen, opened, notes)

    def _render(self, seen: Graph, opened: Sequence[int], notes: Mapping[int, str], lit: int | None = None) -> str:
        drawn = scene(seen, self.rankdir, opened=opened, digits=self.digits, notes=notes, lit=lit)
        return render(drawn, slots(seen, self.digits), uid=self.model_id)

    @property
    def lit_svg(self) -> str:
        """The picture for where no script runs: the paths that the tool lights are lit in it."""
        if self.records is None or self.whole is None or self.ready.tool != PATHS:
            return self.svg
        at, notes = self._marks.follow(self.whole, self.records)
        return self._render(self.ready.mask(self.records, at), self.opened, notes, at)

    def begin_at(self, i: int | None) -> None:
        """Have the picture begin with node `i` of the whole graph in sight, where it is larger than its place."""
        self._marks.begin(i)
        if self.whole is not None and self.records is not None:
            self._draw(self.whole, self.records, self.opened)

    @property
    def still(self) -> Picture | None:
        """The picture for places that show no widgets, without hidden numbers; ``None`` before there is one."""
        if self.whole is None or self.records is None:
            return None
        at, notes = self._marks.follow(self.whole, self.records)
        return Picture(**self.ready.picture(self.records, at), rankdir=self.rankdir, digits=self.digits, notes=notes)

    def mask(self, graph: Graph) -> Graph:
        """The whole graph as it is first seen: hidden numbers are not in it."""
        return self.ready.mask(graph, self._marks.follow(graph, graph)[0])

    def _send_program(self, whole: Graph, leaves: Mapping[str, int], wanted: bool) -> None:
        """Bring all of the graph to a page whose picture shows but a part of it, once for a structure."""
        moved = set(leaves.values())
        fixed = [node.data for node in whole.nodes if not node.operands and node.index not in moved]
        now = (whole.signature, leaves, fixed) if wanted else None
        if now != self._programmed:
            self._programmed = now
            self.program = program(whole, leaves) if wanted else {}

    @traitlets.observe("opened")
    def _unfold(self, change: Any) -> None:
        """Show the graph anew when a group was unfolded, or folded again."""
        if self.whole is not None and (self._signature, tuple(change.new)) != self._drawn:
            said = self.message, self.old
            with self.hold_sync():  # one message: the numbers are old from the beginning
                self.show(self.whole, **self._shown)
                self.message, self.old = said

    def fail(self, message: str, at: Mapping[str, Any] | None = None) -> None:
        """Say what went wrong, `at` which inputs; the picture of the last good run stays, marked as such."""
        with self.hold_sync():
            self.state = {**self.state, **(at or {})}
            self._shown["at"] = {**(self._shown.get("at") or {}), **(at or {})}  # should it be unfolded meanwhile
            self.message, self.old = message, True

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The output of a cell: this view as long as it lives, else its picture; without sliders the tools go on."""
        still = self.still.html if self.still else ""
        mime, _ = super()._repr_mimebundle_(**options) or ({}, {})
        return bundle(self, mime, still, SEEN, self, None if self.sliders else {})

    def say(self, message: str) -> None:
        """Say something above the picture, which stays what it is: nothing has moved."""
        self.message = message
