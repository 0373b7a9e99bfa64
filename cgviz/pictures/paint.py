"""The scene as PNG or PDF, painted by matplotlib in the same styles as the SVG, on white.

Only canvases are used, not pyplot: no window, no state, and nobody's settings are touched.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .array_cells import squares
from .drawn_shapes import Cells, Group, Path, Rect, Scene, Shape, Text, edge_of
from .palette import STATES, TINTS, bar_share, style
from .slots import Slot

_INK = "#1b1f24"
_POINT = 72 / 96
"""Points in a pixel of the scene."""
_WIDEST, _MOST_PIXELS = 30000, 32e6
"""No picture is painted with a longer side, or with more pixels: they take four bytes each, several times."""
_CIRCLE = 0.5523
"""Where the control points of a cubic curve stand that follows a quarter of a circle."""


def paint(static: Scene, numbers: Mapping[str, Slot], form: str = "png", scale: float = 2.0) -> bytes:
    """Paint a scene as ``"png"``, `scale` times its natural size, or as ``"pdf"``.

    >>> from .drawn_shapes import Scene
    >>> paint(Scene(10, 10, (), "Nothing"), {})[1:4]
    b'PNG'
    """
    import matplotlib
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    with matplotlib.rc_context(settings()):
        figure, axes = _sheet(static, scale)
        if form == "pdf":
            FigureCanvasPdf(figure)
        for shape in _shapes(static):
            for part in _expand(shape, numbers):
                _paint(axes, part, numbers)
        out = io.BytesIO()
        # Without a date the same graph gives the same file.
        data = {"CreationDate": None} if form == "pdf" else {"Software": None}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")  # a character that the font lacks is drawn as a box
            figure.savefig(out, format=form, dpi=figure.dpi, metadata={"Title": static.title, **data})
    return out.getvalue()


class Canvas:
    """Paints many pictures on the same scene: what does not change is painted once.

    >>> from .drawn_shapes import Scene
    >>> Canvas(Scene(10, 20, (), "Nothing"), 1.0).pixels({}, (), ()).shape
    (20, 10, 3)
    """

    def __init__(self, static: Scene, scale: float) -> None:
        import matplotlib

        self._changing = [shape for thing in static.groups for shape in _changing(thing)]
        self._edges = {edge: thing for thing in static.groups if isinstance(thing, Path) and (edge := edge_of(thing))}
        changing = {*map(id, self._changing), *map(id, self._edges.values())}
        with matplotlib.rc_context(settings()):
            self._figure, self._axes = _sheet(static, scale)
            for shape in _shapes(static):
                if id(shape) not in changing and not isinstance(shape, Cells):  # cells change with their numbers
                    _paint(self._axes, shape, {})
            self._figure.canvas.draw()
            self._ground = self._figure.canvas.copy_from_bbox(self._figure.bbox)
        self._numbers: Mapping[str, Slot] | None = None
        self._lit: Sequence[Shape] | None = None
        self._gone: frozenset[str] = frozenset()
        self._filled = self._top = self._ground

    def pixels(
        self,
        numbers: Mapping[str, Slot],
        lit: Sequence[Shape],
        moving: Sequence[Shape],
        gone: frozenset[str] = frozenset(),
    ) -> Any:
        """The scene with these numbers in its slots, and shapes on top, as an array of (height, width, 3) bytes.

        What is `lit` is painted once for as long as it and the numbers stay the same objects, what is `moving` anew.
        Edges that are `gone` are left out: something that is lit stands for them.
        """
        import matplotlib
        import numpy as np

        with matplotlib.rc_context(settings()), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")
            if numbers is not self._numbers or gone != self._gone:
                self._numbers, self._lit, self._gone = numbers, None, gone
                stay = [line for edge, line in self._edges.items() if edge not in gone]
                self._filled = self._paint_layer(self._ground, [*stay, *self._changing], numbers)
            if lit is not self._lit:
                self._lit = lit
                self._top = self._paint_layer(self._filled, lit, numbers)
            canvas = self._figure.canvas
            canvas.restore_region(self._top)
            self._draw(moving, numbers)
            return np.asarray(canvas.buffer_rgba())[..., :3].copy()

    def _paint_layer(self, ground: Any, shapes: Iterable[Shape], numbers: Mapping[str, Slot]) -> Any:
        """A layer with shapes on it, as a layer to go on from."""
        self._figure.canvas.restore_region(ground)
        self._draw(shapes, numbers)
        return self._figure.canvas.copy_from_bbox(self._figure.bbox)

    def _draw(self, shapes: Iterable[Shape], numbers: Mapping[str, Slot]) -> None:
        for shape in shapes:
            for part in _expand(shape, numbers):
                artist = _paint(self._axes, part, numbers)
                self._axes.draw_artist(artist)
                artist.remove()


def _changing(thing: Group | Path) -> Sequence[Shape]:
    """The shapes of a group from its first slot on: what stands there lies on top of what changes."""
    shapes = thing.shapes if isinstance(thing, Group) else ()
    first = (k for k, shape in enumerate(shapes) if getattr(shape, "slot", "") or getattr(shape, "fill", ""))
    return shapes[next(first, len(shapes)) :]


def _sheet(static: Scene, scale: float) -> tuple[Any, Any]:
    """An empty white figure of a scene's size, and the axes in whose units its shapes are."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    scale = limit_scale(static, scale)
    figure = Figure(figsize=(static.width / 96, static.height / 96), dpi=96 * scale, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, static.width)
    axes.set_ylim(static.height, 0)
    axes.axis("off")
    return figure, axes


def limit_scale(static: Scene, scale: float) -> float:
    """The scale at which a scene is painted: smaller than asked, with a warning, where it would take too much memory.

    >>> limit_scale(Scene(1000.0, 1000.0, (), ""), 2.0)
    2.0
    """
    width, height = static.width, static.height
    found = min(scale, _WIDEST / max(width, height), (_MOST_PIXELS / (width * height)) ** 0.5)
    if found < scale:
        warnings.warn(
            f"the picture is painted at a scale of {found:.2g} and not {scale:g}, which would be {width * scale:,.0f} "
            f"× {height * scale:,.0f} pixels; as SVG it has no such limit, and with groups folded it is smaller",
            stacklevel=4,
        )
    return found


def settings() -> dict[str, Any]:
    """Matplotlib's settings for a picture, whatever those of the user are."""
    return {"pdf.fonttype": 42, "text.usetex": False, "text.parse_math": False, **_fonts()}


def _fonts() -> dict[str, Any]:
    """The font that comes with matplotlib: the same picture on every machine."""
    return {"font.family": ["sans-serif"], "font.sans-serif": ["DejaVu Sans"]}


def _shapes(static: Scene) -> Iterator[Shape]:
    for thing in static.groups:
        if isinstance(thing, Group):
            yield from thing.shapes
        else:
            yield thing


def _expand(shape: Shape, numbers: Mapping[str, Slot]) -> Iterator[Rect | Path | Text]:
    """A shape by itself, or the fields and texts that the cells of an array come to."""
    if not isinstance(shape, Cells):
        yield shape
        return
    cells, slot = shape.grid, numbers[shape.slot]
    for names, there in squares(cells, slot.style):
        for k in there:
            x, y = cells.square(k)
            yield Rect(shape.x + x, shape.y + y, cells.wide, cells.high, 0.0, names)
    yield Rect(shape.x, shape.y, cells.width, cells.height, 0.0, "cg-frame-of-cells")
    for k, text in enumerate(slot.text.split("\t") if slot.text else ()):
        x, y = cells.square(k)
        place = shape.x + x + cells.wide - 4, shape.y + y + cells.high / 2 + 4
        yield Text(*place, text, "cg-text cg-cell-text", "end")


def _paint(axes: Any, shape: Rect | Path | Text, numbers: Mapping[str, Slot]) -> Any:
    """Add a shape to the axes; return what matplotlib made of it."""
    if isinstance(shape, Text):
        return _text(axes, shape, numbers)
    from matplotlib.patches import PathPatch

    names = shape.style
    if isinstance(shape, Rect) and shape.fill:
        names = f"cg-fill {numbers[shape.fill].style}"
    elif isinstance(shape, Rect) and shape.bar:
        names, shape = _bar(shape, numbers[shape.bar].style.split())
    look = style(names)
    line = look.get("stroke", "none")
    options = {
        "facecolor": _colour(look.get("fill", "none"), look.get("fill-opacity", 1)),
        "edgecolor": _colour(line, look.get("stroke-opacity", 1)),
        "linewidth": look.get("stroke-width", 1) * _POINT if line != "none" else 0,
        "capstyle": look.get("stroke-linecap", "butt"),
        "joinstyle": look.get("stroke-linejoin", "miter"),
    }
    if "stroke-dasharray" in look and line != "none":
        on, off = (float(n) / look.get("stroke-width", 1) for n in look["stroke-dasharray"].split())
        options["linestyle"] = (0, (max(on, 0.1), off))
    steps = shape.steps if isinstance(shape, Path) else _round_corners(shape)
    return axes.add_artist(PathPatch(_path(steps), **options))


def _bar(rect: Rect, state: list[str]) -> tuple[str, Rect]:
    """A bar in the colour and of the length that its number's style asks for."""
    sign = next((name for name in state if name in ("cg-pos", "cg-neg")), "")
    step = next((k for k in range(1, len(TINTS) + 1) if f"cg-{k}" in state), 0)
    return f"cg-bar {sign}", rect._replace(w=rect.w * bar_share(step))


def _round_corners(rect: Rect) -> tuple[tuple, ...]:
    """A rectangle as a path, its corners quarters of a circle."""
    x, y, right, low = rect.x, rect.y, rect.x + rect.w, rect.y + rect.h
    r = min(rect.r, rect.w / 2, rect.h / 2)
    k = r * (1 - _CIRCLE)
    return (
        ("M", x + r, y),
        ("L", right - r, y),
        ("C", right - k, y, right, y + k, right, y + r),
        ("L", right, low - r),
        ("C", right, low - k, right - k, low, right - r, low),
        ("L", x + r, low),
        ("C", x + k, low, x, low - k, x, low - r),
        ("L", x, y + r),
        ("C", x, y + k, x + k, y, x + r, y),
    )


def _path(steps: tuple[tuple, ...]) -> Any:
    from matplotlib.path import Path as Line

    points, codes = [], []
    for name, *numbers in steps:
        found = [tuple(numbers[i : i + 2]) for i in range(0, len(numbers), 2)]
        points += found
        codes += [{"M": Line.MOVETO, "L": Line.LINETO, "C": Line.CURVE4}[name]] * len(found)
    return Line(points, codes)


def _text(axes: Any, shape: Text, numbers: Mapping[str, Slot]) -> Any:
    text, names = shape.text, shape.style
    if shape.slot:
        text, names = numbers[shape.slot].text, f"cg-slot {numbers[shape.slot].style}"
    look = style(" ".join(name for name in names.split() if name not in STATES))
    return axes.text(
        shape.x,
        shape.y,
        text,
        fontsize=look.get("font-size", 12) * _POINT,
        fontweight="bold" if look.get("font-weight", 400) >= 600 else "normal",
        fontstyle=look.get("font-style", "normal"),
        color=_colour(look.get("fill", _INK), look.get("fill-opacity", 1)),
        ha={"middle": "center", "start": "left", "end": "right"}[shape.anchor],
        va="baseline",
    )


def _colour(paint: str, opacity: float) -> Any:
    if paint == "none":
        return "none"
    from matplotlib.colors import to_rgba

    return to_rgba(_INK if paint == "currentColor" else paint, opacity)
