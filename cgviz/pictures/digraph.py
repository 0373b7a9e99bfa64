"""The graph as a `graphviz.Digraph` that shows itself with or without the program ``dot``."""

from __future__ import annotations

from typing import Any

import graphviz

from ..graph import Graph, Names, NodeLike, read_whole, summarize
from .dot_command import run_dot
from .dot_source import lines
from .dot_theme import follow_theme
from .layout.placement import RANKDIRS, check_rankdir
from .layout.plan import overview
from .node_words import summary
from .picture import draw, inline, remarks
from .slots import slots
from .tables import table
from .whole_files import write_whole

BUILT_IN = ("svg", "png", "pdf")


def draw_dot(
    root: NodeLike,
    format: str = "svg",
    rankdir: str = "LR",
    *,
    names: Names = None,
    fold: str | bool | None = None,
) -> Any:
    """Draw the graph of `root` as a `graphviz.Digraph`; its `source` is there on every machine.

    Showing, `pipe` and `render` go through ``dot`` if the machine has it and it finishes in time (`dot_command.py`
    says in which), and otherwise through the built-in layout. `names` and `fold` are as in `draw`.

    Raises `ValueError` for an unknown `format`, `rankdir` or kind of group, `TypeError` if `root` is not a node.

    >>> from cgviz.graph import Graph, Node
    >>> draw_dot(Graph((Node(0, "a", "", 2.0, 4.0, "leaf", ()),), ())).body[3].strip()
    'v0 [label="{a | 2 | grad 4}" shape=record style=rounded]'
    """
    whole = read_whole(root, names)
    check_rankdir(rankdir)
    graph = summarize(overview(whole, fold, rankdir=rankdir))
    found = Drawing(format=format, body=[f"\t{line}\n" for line in lines(graph, rankdir)])
    found.traced, found.rankdir = graph, rankdir
    return found


class Drawing(graphviz.Digraph):
    """A Digraph that shows itself with or without ``dot``."""

    traced: Graph
    rankdir: str = RANKDIRS[0]

    def copy(self) -> Drawing:
        """The same drawing once more; what is added to one is not added to the other."""
        found = super().copy()
        found.traced, found.rankdir = self.traced, self.rankdir
        return found

    def pipe(self, format: str | None = None, *rest: Any, encoding: str | None = None, **options: Any) -> Any:
        """The picture as bytes, or as text if an `encoding` is given."""
        form = format or self.format
        made = run_dot(self.source, form, options.get("engine") or self.engine)
        if made is None:
            made = self.built_in(form)
        elif form == "svg":
            made = self._follow_theme(made).encode("utf-8")
        return made.decode(encoding) if encoding else made

    def render(self, filename: Any = None, directory: Any = None, view: bool = False, cleanup: bool = False,
               format: str | None = None, outfile: Any = None, **options: Any) -> str:  # fmt: skip
        """Write the source and the picture beside it; return the picture's path."""
        import pathlib

        if outfile is not None:
            picture = pathlib.Path(outfile)
            form = format or picture.suffix.lstrip(".") or self.format
            path = pathlib.Path(filename) if filename else picture.with_suffix(".gv")
        else:
            form = format or self.format
            path = pathlib.Path(directory or self.directory or "") / (filename or self.filename)
            picture = path.with_name(f"{path.name}.{form}")
        made = self.pipe(form)
        picture.parent.mkdir(parents=True, exist_ok=True)
        write_whole(picture, made)
        if not cleanup:
            write_whole(path, self.source.encode())
        if view:
            import webbrowser

            webbrowser.open(picture.resolve().as_uri())
        return str(picture)

    def built_in(self, form: str) -> bytes:
        """The picture by the built-in layout."""
        if form not in BUILT_IN:
            raise ValueError(
                f"format {form!r} needs the program dot, which is missing or failed "
                f"(without it: {', '.join(map(repr, BUILT_IN))})"
            )
        return draw(self.traced, form, self.rankdir, fold=False)._content(form)

    def _follow_theme(self, made: bytes) -> str:
        return follow_theme(made.decode("utf-8"), summary(self.traced), slots(self.traced))

    def _repr_image_svg_xml(self) -> str:
        return self.pipe("svg", encoding="utf-8")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        text = {"text/plain": table(self.traced)}
        form = self.format if self.format in BUILT_IN else "svg"
        made = run_dot(self.source, form, self.engine)
        if made is None:
            shown = None if form == "svg" else form
            return draw(self.traced, shown, self.rankdir, fold=False)._repr_mimebundle_(include, exclude)
        if form == "svg":
            html = inline(self._follow_theme(made), summary(self.traced)) + remarks(self.traced)
            return {"text/html": html, **text}
        return {"image/png" if form == "png" else "application/pdf": made, **text}
