"""Charts of a function: its curve, the lines of equal height of one of two numbers, and where it is above 0."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..graph import is_node, value_of
from ..text import join_names
from .chart import Axis, Chart, heights
from .contours import contours

POINTS, PLACES = 161, 41
"""At so many places a curve is computed, and along each side of a plane."""
LOOKS = {"curve": 0.85, "other": 0.6, "path": 0.35}
"""How the curves look, in order, and at which share of each its name stands: so they are apart."""
SIDES = (0.0, 1.0, 2.0, 4.0)
"""From so much on a side has a stronger tint."""


def plot_curves(curves: Callable[..., Any] | Mapping[str, Any], x: Axis, y: Axis | str = "") -> Chart:
    """Chart a function of one number, or up to three of them by their names, between the ends of an axis.

    `y` is the upright axis, or its name; then its ends are those of the curves. What the functions return is a number
    or a node with one; where a function has no value, its curve has a gap.

    Raises `ValueError` for more than three curves.

    >>> chart = plot_curves({"half": lambda x: x / 2, "root": lambda x: x**0.5}, Axis(0, 4, "x"))
    >>> chart.said
    'The curves of half and root, for x from 0 to 4'
    """
    named = curves if isinstance(curves, Mapping) else {"": curves}
    if not 1 <= len(named) <= len(LOOKS):
        raise ValueError(f"a chart has 1 to {len(LOOKS)} curves, got {len(named)}")
    places = [x.low + (x.high - x.low) * (k / (POINTS - 1)) for k in range(POINTS)]
    found = {name: [_height(f, place) for place in places] for name, f in named.items()}
    if not isinstance(y, Axis):
        y = Axis(*heights([h for curve in found.values() for h in curve]), y)
    names = join_names(filter(None, named)) or y.name or "a function"
    said = f"The curve{'s' * (len(named) > 1)} of {names}, for {x.name or 'x'} from {x.low:g} to {x.high:g}"
    chart = Chart(x, y, said)
    for (look, share), (name, curve) in zip(LOOKS.items(), found.items(), strict=False):
        chart.line(zip(places, curve, strict=True), look)
        seen = [k for k, h in enumerate(curve) if y.low < h < y.high]
        if name and seen:
            k = seen[round(share * (len(seen) - 1))]
            chart.label(places[k], curve[k], name, look)
    return chart


def plot_levels(f: Callable[..., Any], x: Axis, y: Axis, places: int = PLACES) -> Chart:
    """Chart a function of two numbers as a landscape: lines of equal height, the stronger the tint the higher.

    It is computed at so many `places` along each side. What it returns is a number or a node with one.

    >>> plot_levels(lambda w, b: w * w + b * b, Axis(-1, 1, "w"), Axis(-1, 1, "b")).said
    'A landscape over w from -1 to 1 and b from -1 to 1'
    """
    said = f"A landscape over {x.name} from {x.low:g} to {x.high:g} and {y.name} from {y.low:g} to {y.high:g}"
    chart = Chart(x, y, said)
    found = contours(_field(f, x, y, places))
    chart.paths(found.areas, "area")
    chart.paths(found.lines, "level")
    return chart


def plot_sides(f: Callable[..., Any], x: Axis, y: Axis, levels: Sequence[float] = SIDES, places: int = PLACES) -> Chart:
    """Chart where a function of two numbers is above 0, in blue, and where it is below, in orange; 0 is a line.

    From each of the `levels` on, on either side, the tint is stronger. It is computed at so many `places` along each
    side of the chart. What it returns is a number or a node with one.

    >>> plot_sides(lambda x1, x2: x1 + x2, Axis(-1, 1, "x₁"), Axis(-1, 1, "x₂")).said
    'Where a function of x₁ and x₂ is above 0, and where below: 0 is a line'
    """
    chart = Chart(x, y, f"Where a function of {x.name} and {y.name} is above 0, and where below: 0 is a line")
    tint_sides(chart, _field(f, x, y, places), levels)
    return chart


def tint_sides(chart: Chart, field: Sequence[Sequence[float]], levels: Sequence[float]) -> None:
    """Tint a chart where a field of numbers is above 0 and where below, and draw the line between the two."""
    above = contours(field, [0.0, *(level for level in levels if level > 0)])
    below = contours([[-v for v in row] for row in field], above.levels)
    chart.paths(above.areas, "plus-side")
    chart.paths(below.areas, "minus-side")
    chart.paths(above.lines[:1], "border")


def _field(f: Callable[..., Any], x: Axis, y: Axis, places: int) -> list[list[float]]:
    across, up = ([a.low + (a.high - a.low) * (k / (places - 1)) for k in range(places)] for a in (x, y))
    return [[_height(f, u, v) for u in across] for v in up]


def _height(f: Callable[..., Any], *place: float) -> float:
    try:
        found = f(*place)
        return float(value_of(found) if is_node(found) else found)
    except (ArithmeticError, ValueError):  # there it has no value
        return math.nan
