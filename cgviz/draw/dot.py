"""The graph in the language of Graphviz, shown through ``dot`` where the machine has it and finishes in time.

Labels are data, never language: every character that means something to Graphviz is written in a form that it
prints as the character itself. Nodes are named by their place in topological order, so the same expression
gives the same source in every process.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..graph import CONSTANT, OPERATION_NODE, Graph, Node, trace
from ..text import shorten
from .layout import COMMUTE, RANKDIRS, check_rankdir
from .plan import COPY, STUB, Plan, Unit, plan
from .scene import slots
from .sizes import stub_text
from .tables import table
from .words import shows_grad, summary

TIME_LIMIT = 4.0
"""Seconds that ``dot`` is given before the built-in layout takes over."""
BUILT_IN = ("svg", "png", "pdf")
_LONGEST = 60
_MEANING = {"{", "}", "|", "<", ">", "&", '"'}


def source(graph: Graph, rankdir: str = "LR") -> str:
    """The graph in the DOT language.

    >>> from cgviz.graph import Graph, Node
    >>> print(source(Graph((Node(0, "a", "", 2.0, 4.0, "leaf", ()),), ())))
    digraph {
      graph [rankdir=LR]
      node [fontname="Helvetica,Arial,sans-serif" fontsize=12]
      edge [arrowsize=0.7]
      v0 [label="{a | 2 | grad 4}" shape=record style=rounded]
    }
    """
    return "\n".join(["digraph {", *(f"  {line}" for line in _lines(graph, rankdir)), "}"])


def quote(text: str) -> str:
    r"""A text as Graphviz prints it letter for letter inside a label.

    >>> quote('a|b <c> "d" \\ &amp;'), quote("one\ntwo")
    ('a&#124;b &#60;c&#62; &#34;d&#34; \\\\ &#38;amp;', 'one two')
    """
    text = shorten(text, _LONGEST)
    return "".join(f"&#{ord(ch)};" if ch in _MEANING else "\\\\" if ch == "\\" else ch for ch in text)


def _lines(graph: Graph, rankdir: str) -> list[str]:
    what = plan(graph)
    numbers = slots(graph)
    lines = [
        f"graph [rankdir={check_rankdir(rankdir)}]",
        'node [fontname="Helvetica,Arial,sans-serif" fontsize=12]',
        "edge [arrowsize=0.7]",
    ]
    for k, unit in enumerate(what.units):
        lines += _unit(k, unit, graph.nodes[unit.node], numbers, flat=rankdir in ("LR", "RL"))
    for arc in what.arcs:
        target = arc.edge.target
        head = f"op{target}" if graph.nodes[target].op else f"v{target}"
        lines.append(f"{_name(what, arc.source)} -> {head}")
    return lines


def _name(what: Plan, k: int) -> str:
    unit = what.units[k]
    return f"v{unit.node}" if unit.kind == "node" else f"{unit.kind}{k}"


def _unit(k: int, unit: Unit, node: Node, numbers: Mapping[str, Any], flat: bool) -> list[str]:
    i = node.index
    if unit.kind == STUB:
        return [f'stub{k} [label="{stub_text(unit)}" shape=box style="rounded,dotted"]']
    if unit.kind == COPY:
        return [f'copy{k} [label="{quote(node.name)}" shape=box style="rounded,dashed"]']
    data = quote(numbers[f"{i}.data"].text)
    if node.kind == CONSTANT:
        text = f"{quote(node.label)} = {data}" if node.label else data
        return [f'v{i} [label="{text}" shape=plaintext margin="0.05,0.02" width=0 height=0]']
    cells = [quote(node.label or node.name), data]
    if shows_grad(node):
        cells.append(f"grad {quote(numbers[f'{i}.grad'].text)}")
    look = " style=rounded" if node.kind != OPERATION_NODE else ""
    record = " | ".join(cells)
    if flat:  # Graphviz turns records with the direction of reading; braces turn them back
        record = f"{{{record}}}"
    lines = [f'v{i} [label="{record}" shape=record{look}]']
    if node.kind == OPERATION_NODE and node.op:
        order = "" if node.op in COMMUTE else " ordering=in"
        lines += [
            f'op{i} [label="{quote(node.op)}" shape=ellipse margin="0.02,0" width=0.4 height=0.4{order}]',
            f"op{i} -> v{i} [arrowhead=none]",
        ]
    return lines


def draw_dot(root: Any, format: str = "svg", rankdir: str = "LR", *, names: Mapping[int, str] | None = None) -> Any:
    """Draw the graph of `root` as a `graphviz.Digraph`; its `source` is there on every machine.

    Showing, `pipe` and `render` go through ``dot`` if the machine has it and it finishes in `TIME_LIMIT`
    seconds, and otherwise through the built-in layout.

    Raises `ValueError` for an unknown `format` or `rankdir`, `TypeError` if `root` is not a node.

    >>> from cgviz.graph import Graph, Node
    >>> draw_dot(Graph((Node(0, "a", "", 2.0, 4.0, "leaf", ()),), ())).body[3].strip()
    'v0 [label="{a | 2 | grad 4}" shape=record style=rounded]'
    """
    check_rankdir(rankdir)
    graph = trace(root, names)
    found = _drawing_class()(format=format, body=[f"\t{line}\n" for line in _lines(graph, rankdir)])
    found.traced, found.rankdir = graph, rankdir
    return found


@lru_cache(maxsize=1)
def _drawing_class() -> type:
    """The subclass of `graphviz.Digraph`, made when first needed: graphviz is not imported before."""
    import graphviz

    class Drawing(graphviz.Digraph):
        """A Digraph that shows itself with or without ``dot``."""

        traced: Graph
        rankdir: str = RANKDIRS[0]

        def pipe(self, format: str | None = None, *rest: Any, encoding: str | None = None, **options: Any) -> Any:
            """The picture as bytes, or as text if an `encoding` is given."""
            form = format or self.format
            made = run_dot(self.source, form, options.get("engine") or self.engine)
            if made is None:
                made = self.built_in(form)
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
            picture.write_bytes(made)
            if not cleanup:
                path.write_text(self.source, encoding="utf-8")
            if view:
                import webbrowser

                webbrowser.open(picture.resolve().as_uri())
            return str(picture)

        def built_in(self, form: str) -> bytes:
            """The picture by the built-in layout."""
            from .picture import draw

            if form not in BUILT_IN:
                raise ValueError(
                    f"format {form!r} needs the program dot, which is missing or failed "
                    f"(without it: {', '.join(map(repr, BUILT_IN))})"
                )
            return draw(self.traced, form, self.rankdir)._content(form)

        def _repr_image_svg_xml(self) -> str:
            return self.pipe("svg", encoding="utf-8")

        def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
            from .picture import draw, inline

            text = {"text/plain": table(self.traced)}
            form = self.format if self.format in BUILT_IN else "svg"
            made = run_dot(self.source, form, self.engine)
            if made is None:
                shown = None if form == "svg" else form
                return draw(self.traced, shown, self.rankdir)._repr_mimebundle_(include, exclude)
            if form == "svg":
                return {"text/html": inline(made.decode("utf-8"), summary(self.traced), script=False), **text}
            return {"image/png" if form == "png" else "application/pdf": made, **text}

    return Drawing


def run_dot(text: str, form: str, engine: str = "dot") -> bytes | None:
    """What ``dot`` makes of a source, or `None` if it is missing, fails, or takes too long.

    >>> run_dot("digraph {", "svg")
    """
    program = shutil.which(engine)
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, f"-T{form}"], input=text.encode("utf-8", "replace"), capture_output=True, timeout=TIME_LIMIT
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None
