"""The picture of a graph, as a notebook, a terminal or a file wants it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ..chain_rule.local_derivatives import add_local_derivatives
from ..graph import Graph, Names, NodeLike, read_whole, summarize
from ..graph.recognition import doubts
from ..text import literal, one_of
from .drawn_shapes import Scene
from .edge_strengths import KINDS
from .flags import check_drawn, read_notes
from .layout.placement import check_rankdir
from .layout.plan import overview
from .markup import escape_text, quote_attribute
from .node_words import check_digits, summary
from .reading_aids import tell_how_to_see_more
from .scene import scene
from .slots import slots
from .svg import render
from .tables import table
from .whole_files import write_whole

FORMATS = ("svg", "png", "pdf", "html", "txt", "dot")
LARGEST = 1_000_000
"""A graph of more nodes is not read to be drawn: that would take minutes, and gigabytes."""
SMALLEST = 0.75
"""A picture shrinks with the page to this part of its size; in a narrower one it scrolls."""
_MIME = {"png": "image/png", "pdf": "application/pdf"}


def draw(
    root: NodeLike,
    format: str | None = None,
    rankdir: str = "LR",
    *,
    names: Names = None,
    local: bool = False,
    edges: str | None = None,
    fold: str | bool | None = None,
    digits: int | None = None,
    note: Mapping[Any, str] | None = None,
) -> Picture:
    """Draw the graph of `root`, read from top to bottom with ``rankdir="TB"``.

    In a notebook the result shows itself; `Picture.save` writes it to a file. `format` (svg, png, pdf, html,
    txt, dot) asks for one form alone. `names` gives labels, as for `trace`: ``{"h": h}``, a model whose parameters
    have names, or texts by ``id(object)``. `local` writes the local derivative on each edge, where one is known.
    `edges` draws them by size and sign, blue for positive and orange for negative: ``"weight"`` by the local
    derivative, which of a product is the weight, ``"gradient"`` by what flows back along them.
    `fold` draws groups as one box each: ``"neuron"`` or another kind of group, ``True`` for the outermost, ``False``
    for none, ``"calls"`` by the calls that were noted in a block `cgviz.groups.grouped`, ``"modules"`` by those of
    PyTorch's modules in a block `cgviz.groups.module_groups`, ``"sums"`` each sum or product of many operands;
    left out, groups are folded where the graph is large, and what repeats in it where a picture would be too large.
    `digits` makes the picture compact: numbers have so many digits, and boxes are as wide as theirs need.
    `note` writes a remark beside a node, given by its label or as
    itself: ``note={"a": "used twice"}``.

    Raises `ValueError` for an unknown `format`, `rankdir`, kind of `edges` or of group, a number of digits that there
    is not, a graph of more than a million nodes, or a note on a node that the picture does not show,
    `TypeError` if `root` is not a node.

    >>> from cgviz.graph import Graph, Node
    >>> print(draw(Graph((Node(0, "a", "", 2.0, 4.0, "leaf", ()),), ())))
    node  operation  value  gradient
    a                    2         4
    """
    whole = read_whole(root, names, most=LARGEST)
    notes = read_notes(note, whole, root)
    if format is not None and format not in FORMATS:
        raise ValueError(f"unknown format: {format!r} ({one_of(map(repr, FORMATS))})")
    if edges is not None and edges not in KINDS:
        raise ValueError(f"unknown kind of edges: {edges!r} ({one_of(map(repr, KINDS))})")
    derivatives = local or edges is not None
    graph = overview(whole, fold, derivatives, rankdir=check_rankdir(rankdir))
    notes = check_drawn(notes, whole, graph, rankdir)
    graph = summarize(add_local_derivatives(graph) if derivatives else graph)
    return Picture(graph, format, check_rankdir(rankdir), local, edges, check_digits(digits), notes)


class Picture:
    """A drawn graph, as it was when it was drawn: later changes of the objects do not change it."""

    def __init__(
        self,
        graph: Graph,
        format: str | None = None,
        rankdir: str = "LR",
        local: bool = False,
        edges: str | None = None,
        digits: int | None = None,
        notes: Mapping[int, str] | None = None,
        lit: int | None = None,
    ) -> None:
        self.graph, self.format, self.rankdir, self.local, self.edges = graph, format, rankdir, local, edges
        self.digits, self.notes, self.lit = digits, notes or {}, lit

    @cached_property
    def scene(self) -> Scene:
        """The shapes, as plain data."""
        return scene(
            self.graph,
            self.rankdir,
            self.local,
            self.edges,
            digits=self.digits,
            moving=False,
            notes=self.notes,
            lit=self.lit,
        )

    @cached_property
    def svg(self) -> str:
        """The picture as SVG, for a page or a file."""
        return render(self.scene, slots(self.graph, self.digits))

    @cached_property
    def text(self) -> str:
        """The graph as a table."""
        said = [f"note on {self.graph.nodes[i].name}: {text}" for i, text in self.notes.items()]
        more = tell_how_to_see_more(self.graph, self.rankdir)
        return "\n".join((table(self.graph), *said, *([f"({more})"] if more else ())))

    @property
    def html(self) -> str:
        """The picture as a piece of HTML for a notebook's output."""
        return inline(self.svg, summary(self.graph)) + remarks(self.graph, self.rankdir)

    @property
    def dot(self) -> str:
        """The graph in the language of Graphviz."""
        from .dot_source import source

        return source(self.graph, self.rankdir, self.notes)

    def png(self, scale: float = 2.0) -> bytes:
        """The picture as PNG, `scale` times its natural size; smaller, with a warning, if it would be too large."""
        from .paint import paint

        return paint(self.scene, slots(self.graph, self.digits), "png", scale)

    def pdf(self) -> bytes:
        """The picture as PDF."""
        from .paint import paint

        return paint(self.scene, slots(self.graph, self.digits), "pdf")

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file, in the form that the file's suffix names: svg, png, pdf, html, txt or dot.

        Raises `ValueError` for another suffix, `OSError` if the file cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower().lstrip(".")
        if suffix not in FORMATS:
            raise ValueError(f"cannot save a picture as {path.name!r} (the suffix {one_of(map(repr, FORMATS))})")
        content = self._content(suffix)
        try:
            write_whole(path, content)
        except OSError as error:
            reason = error.strerror or str(error)
            raise type(error)(error.errno, f"cannot write the picture: {reason}", str(path)) from None
        return path

    def _content(self, form: str) -> bytes:
        if form == "png":
            return self.png()
        if form == "pdf":
            return self.pdf()
        text = {"svg": lambda: self.svg, "html": self._page, "txt": lambda: self.text, "dot": lambda: self.dot}
        return (text[form]().rstrip("\n") + "\n").encode("utf-8", "replace")

    def _page(self) -> str:
        title = self.svg.split("<title", 1)[1].split(">", 1)[1].split("</title>", 1)[0]
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light dark">\n'
            f"<title>{title}</title>\n</head>\n<body>\n{scroll(self.svg)}\n</body>\n</html>"
        )

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{summary(self.graph)}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        bundle: dict[str, Any] = {"text/plain": self.text}
        if self.format is None or self.format == "html":
            bundle["text/html"] = self.html
        elif self.format == "svg":
            # JupyterLab crops what is given as SVG alone, and leaves it out of untrusted notebooks.
            bundle["image/svg+xml"] = self.svg
            bundle["text/html"] = inline(self.svg, summary(self.graph), script=False) + remarks(
                self.graph, self.rankdir
            )
        elif self.format in _MIME:
            bundle[_MIME[self.format]] = self._content(self.format)
            size = {"width": round(self.scene.width), "height": round(self.scene.height)}
            return bundle, {"image/png": size} if self.format == "png" else {}
        elif self.format == "dot":
            bundle["text/plain"] = self.dot
        return bundle


def scroll(svg: str) -> str:
    """Put an inline SVG where it shrinks with the page to `SMALLEST` of its size, and then scrolls.

    >>> scroll('<svg style="max-width:100%;height:auto" width="400" height="9"/>')[:61]
    '<div style="overflow-x:auto;max-width:100%" class="cg-frame">'
    """
    width = float(svg.split('width="', 1)[1].split('"', 1)[0])
    svg = svg.replace('style="', f'style="min-width:{width * SMALLEST:.0f}px;', 1)
    return f'<div style="overflow-x:auto;max-width:100%" class="cg-frame">{svg}</div>'


def remarks(graph: Graph, rankdir: str = "LR") -> str:
    """What there is to know below a picture: operations that are in doubt, how to see more; a paragraph each."""
    return "".join(
        literal(escape_text(doubt), "cg-remark", tag="p")
        for doubt in [*doubts(graph), *filter(None, [tell_how_to_see_more(graph, rankdir)])]
    )


def inline(svg: str, said: str, script: bool = True) -> str:
    """HTML that shows an SVG anywhere: as an image, which untrusted notebooks and code hosts keep, and, where
    scripts run, as part of the page, which takes over the page's colours and can be read out node by node.
    """
    data = base64.b64encode(svg.encode("utf-8", "replace")).decode()
    image = f'<img alt={quote_attribute(said)} src="data:image/svg+xml;base64,{data}" style="max-width:100%">'
    return literal(image + (_SCRIPT if script else ""), "cg-picture")


_SCRIPT = """<script>(me => {
const box = me && me.parentElement, img = box && box.querySelector("img");
if (!img) return;
const bytes = Uint8Array.from(atob(img.src.split(",")[1]), c => c.charCodeAt(0));
const svg = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml").documentElement;
svg.style.minWidth = SMALLEST * svg.getAttribute("width") + "px";
box.style.overflowX = "auto";
img.replaceWith(document.importNode(svg, true));
})(document.currentScript)</script>""".replace("SMALLEST", str(SMALLEST))
