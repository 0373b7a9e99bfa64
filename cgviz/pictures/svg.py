"""The scene as SVG: static, inline, at home in light and dark pages, and readable without eyes.

`scene.py` states which elements carry which attributes, for those who patch the numbers of a picture in place.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from ..chain_rule.local_derivatives import add_local_derivatives
from ..graph import Names, trace
from .array_cells import squares
from .drawn_shapes import Cells, Group, Path, Rect, Scene, Shape
from .markup import escape_text, quote_attribute
from .palette import FLAGS, LIT, MOTION, SCOPE, STRENGTHS, style_sheet
from .scene import scene
from .slots import Slot, slots


def to_svg(
    graph: Any,
    rankdir: str = "LR",
    title: str | None = None,
    *,
    names: Names = None,
    local: bool = False,
    uid: str = "",
) -> str:
    """Draw a graph, or the graph of a root, as an SVG text for use in a page or as a file of its own.

    The text depends on the graph alone, in every process. `title` replaces the sentence that names the picture,
    `names` gives labels, as for `trace`, `local` writes the local derivative on each edge,
    `uid` tells apart two equal pictures in one page.

    >>> from cgviz.graph import Graph, Node
    >>> picture = to_svg(Graph((Node(0, "a", "", 2.0, None, "leaf", ()),), ()))
    >>> picture[:4], 'data-slot="0.grad" class="cg-slot cg-grad cg-none cg-word">not yet</text>' in picture
    ('<svg', True)
    """
    graph = trace(graph, names)
    graph = add_local_derivatives(graph) if local else graph
    return render(scene(graph, rankdir, local), slots(graph), title, uid)


def render(static: Scene, numbers: Mapping[str, Slot], title: str | None = None, uid: str = "") -> str:
    """Write a scene with what stands in its slots.

    >>> from .drawn_shapes import Scene
    >>> render(Scene(10, 10, (), "Nothing"), {}).count("Nothing")
    2
    """
    body = "\n".join(_element(thing, numbers) for thing in static.groups)
    name = f"cg{zlib.crc32((body + uid).encode('utf-8', 'replace')):08x}{_clean(uid)}"
    w, h = _n(static.width), _n(static.height)
    kinds = {thing.style for thing in static.groups if isinstance(thing, Group)}
    weighed = any(isinstance(thing, Path) and "cg-line-" in thing.style for thing in static.groups)
    needed = (MOTION, "cg-motion" in kinds), (FLAGS, "cg-flag" in kinds), (STRENGTHS, weighed), (LIT, "cg-lit-" in body)
    styles = style_sheet(*(styles for styles, there in needed if there))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cg-svg {SCOPE}" width="{w}" height="{h}" '
        f'viewBox="0 0 {w} {h}" style="max-width:100%;height:auto" role="graphics-document" '
        f'aria-labelledby="{name}-t" aria-describedby="{name}-d">\n'
        f'<title id="{name}-t">{escape_text(title or static.title.split(" with ")[0])}</title>\n'
        f'<desc id="{name}-d">{escape_text(static.title)}</desc>\n'
        f"<style>\n{styles}\n</style>\n{body}\n</svg>"
    )


def _element(thing: Group | Path, numbers: Mapping[str, Slot]) -> str:
    if isinstance(thing, Path):
        return _shape(thing, numbers)
    attributes = f' class="{thing.style}"'
    if thing.data[0]:
        attributes += f' data-{thing.data[0]}="{thing.data[1]}"'
    if thing.style.startswith("cg-node"):
        attributes += ' tabindex="0"'
    attributes += f' role="img" aria-label={quote_attribute(thing.aria)}' if thing.aria else ""
    title = f"<title>{escape_text(thing.title)}</title>" if thing.title else ""
    return f"<g{attributes}>{title}{_cells(thing.shapes, numbers)}</g>"


def _cells(shapes: tuple, numbers: Mapping[str, Slot]) -> str:
    """The shapes of a group; a slot's background, caption and number form a cell with the full number as its title."""
    out, open_cell = [], False
    for shape in shapes:
        slot = shape.fill if isinstance(shape, Rect) else ""
        if slot:
            out.append(f'{"</g>" if open_cell else ""}<g class="cg-cell"><title data-title="{slot}">')
            out.append(f"{escape_text(numbers[slot].title)}</title>")
            open_cell = True
        out.append(_shape(shape, numbers))
    return "".join(out) + ("</g>" if open_cell else "")


def _shape(shape: Shape, numbers: Mapping[str, Slot]) -> str:
    if isinstance(shape, Cells):
        return _array(shape, numbers[shape.slot])
    if isinstance(shape, Path):
        data = f' data-{shape.data[0]}="{shape.data[1]}"' if shape.data[0] else ""
        return f'<path class="{shape.style}"{data} d="{_d(shape.steps)}"/>'
    if isinstance(shape, Rect):
        style, data = shape.style, ""
        if shape.fill:
            style, data = f"cg-fill {numbers[shape.fill].style}", f'data-fill="{shape.fill}" '
        return (
            f'<rect {data}class="{style}" x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.w)}" '
            f'height="{_n(shape.h)}" rx="{_n(shape.r)}"/>'
        )
    place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" text-anchor="{shape.anchor}"'
    if shape.slot:
        slot = numbers[shape.slot]
        return f'<text {place} data-slot="{shape.slot}" class="cg-slot {slot.style}">{escape_text(slot.text)}</text>'
    return f'<text {place} class="{shape.style}">{escape_text(shape.text)}</text>'


def _array(shape: Cells, slot: Slot) -> str:
    """The cells of an array: a path for each style, and the texts."""
    cells = shape.grid
    out = [f'<rect class="cg-frame-of-cells" width="{_n(cells.width)}" height="{_n(cells.height)}"/>']
    for style, there in squares(cells, slot.style):
        starts = (cells.square(k) for k in there)
        d = "".join(f"M{_n(x)} {_n(y)}h{_n(cells.wide)}v{_n(cells.high)}h-{_n(cells.wide)}z" for x, y in starts)
        out.append(f'<path class="{style}" d="{d}"/>')
    for k, text in enumerate(slot.text.split("\t") if slot.text else ()):
        x, y = cells.square(k)
        place = f'x="{_n(x + cells.wide - 4)}" y="{_n(y + cells.high / 2 + 4)}" text-anchor="end"'
        out.append(f'<text class="cg-text cg-cell-text" {place}>{escape_text(text)}</text>')
    size = f"{cells.rows} {cells.columns} {_n(cells.wide)} {_n(cells.high)}"
    where = f'transform="translate({_n(shape.x)} {_n(shape.y)})"'
    return f'<g data-cells="{shape.slot.removesuffix(".cells")}" data-grid="{size}" {where}>{"".join(out)}</g>'


def _d(steps: tuple[tuple, ...]) -> str:
    return "".join(name + " ".join(_n(c) for c in numbers) for name, *numbers in steps)


def _n(x: float) -> str:
    text = f"{x:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _clean(uid: str) -> str:
    return "".join(ch for ch in uid if ch.isascii() and (ch.isalnum() or ch in "-_"))
