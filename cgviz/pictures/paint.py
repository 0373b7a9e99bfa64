"""The scene as PNG or PDF, painted by matplotlib in the same styles as the SVG, on white.

Only canvases are used, not pyplot: no window, no state, and nobody's settings are touched.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from .palette import STATES, style
from .scene import Group, Path, Rect, Scene, Slot, Text

_INK = "#1b1f24"
_POINT = 72 / 96
"""Points in a pixel of the scene."""
_WIDEST = 30000
_CIRCLE = 0.5523
"""Where the control points of a cubic curve stand that follows a quarter of a circle."""


def paint(static: Scene, numbers: Mapping[str, Slot], form: str = "png", scale: float = 2.0) -> bytes:
    """Paint a scene as ``"png"``, `scale` times its natural size, or as ``"pdf"``.

    >>> from .scene import Scene
    >>> paint(Scene(10, 10, (), "Nothing"), {})[1:4]
    b'PNG'
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    scale = min(scale, _WIDEST / max(static.width, static.height))
    with matplotlib.rc_context({"pdf.fonttype": 42, "text.usetex": False, "text.parse_math": False, **_fonts()}):
        figure = Figure(figsize=(static.width / 96, static.height / 96), dpi=96 * scale, facecolor="white")
        (FigureCanvasPdf if form == "pdf" else FigureCanvasAgg)(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, static.width)
        axes.set_ylim(static.height, 0)
        axes.axis("off")
        for shape in _shapes(static):
            _paint(axes, shape, numbers)
        out = io.BytesIO()
        # Without a date the same graph gives the same file.
        data = {"CreationDate": None} if form == "pdf" else {"Software": None}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")  # a character that the font lacks is drawn as a box
            figure.savefig(out, format=form, dpi=96 * scale, metadata={"Title": static.title, **data})
    return out.getvalue()


def _fonts() -> dict[str, Any]:
    """The font that comes with matplotlib: the same picture on every machine."""
    return {"font.family": ["sans-serif"], "font.sans-serif": ["DejaVu Sans"]}


def _shapes(static: Scene) -> Iterator[Rect | Path | Text]:
    for thing in static.groups:
        if isinstance(thing, Group):
            yield from thing.shapes
        else:
            yield thing


def _paint(axes: Any, shape: Rect | Path | Text, numbers: Mapping[str, Slot]) -> None:
    if isinstance(shape, Text):
        _text(axes, shape, numbers)
        return
    from matplotlib.patches import PathPatch

    names = shape.style
    if isinstance(shape, Rect) and shape.fill:
        names = f"cg-fill {numbers[shape.fill].style}"
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
    axes.add_patch(PathPatch(_path(steps), **options))


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


def _text(axes: Any, shape: Text, numbers: Mapping[str, Slot]) -> None:
    text, names = shape.text, shape.style
    if shape.slot:
        text, names = numbers[shape.slot].text, f"cg-slot {numbers[shape.slot].style}"
    look = style(" ".join(name for name in names.split() if name not in STATES))
    axes.text(
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
