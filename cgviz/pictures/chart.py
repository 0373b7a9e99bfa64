"""A small chart as SVG text: axes with few round numbers, lines, dots and tints. It needs no plotting library."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ..text import number, shorten
from .markup import escape_text
from .palette import BACKWARD, BLUE, FORWARD, INK, ORANGE, SANS, SELECTED

LEFT, TOP, RIGHT, BOTTOM = 60, 8, 12, 42
GRID = 1000
"""Areas and levels are given in thousandths of the chart's sides, from its left upper corner."""
LARGEST = sys.float_info.max
LONGEST = 1000
"""As far as this it says in words what it shows."""
DUST, LEAST = 1e-9, 1e-300
"""What arithmetic may add to a round number; between ends that are closer there are no round numbers."""
# Letters need more contrast than lines, so a name is nearer to the ink, which is light on a dark page.
LOOKS = {
    "curve": f"fill:none;stroke:{FORWARD};stroke-width:2.5px;stroke-linejoin:round",
    "other": f"fill:none;stroke:{BACKWARD};stroke-width:2px;stroke-dasharray:6 4",
    "path": f"fill:none;stroke:{INK};stroke-width:1.3px;stroke-opacity:.7;stroke-linejoin:round",
    "level": f"fill:none;stroke:{INK};stroke-width:1px;stroke-opacity:.35",
    "border": f"fill:none;stroke:{INK};stroke-width:1.8px",
    "area": f"fill:{INK};fill-opacity:.06;stroke:none",
    "plus": f"fill:{BLUE};stroke:{INK};stroke-width:.8px",
    "minus": f"fill:{ORANGE};stroke:{INK};stroke-width:.8px",
    "plus-side": f"fill:{BLUE};fill-opacity:.1;stroke:none",
    "minus-side": f"fill:{ORANGE};fill-opacity:.1;stroke:none",
    "ring": f"fill:none;stroke:{INK};stroke-width:1.3px",
    "grid": f"fill:none;stroke:{INK};stroke-opacity:.14",
    "zero": f"fill:none;stroke:{INK};stroke-opacity:.45",
    "dot": f"fill:{INK}",
    "later": f"fill:none;stroke:{INK};stroke-width:.8px",
    "now": f"fill:{SELECTED};stroke:{INK};stroke-width:1.5px",
    "error": f"fill:{SELECTED};fill-opacity:.16;stroke:{SELECTED};stroke-width:1px",
    "curve-label": f"fill:{FORWARD};fill:color-mix(in srgb,{FORWARD} 60%,{INK});font-weight:600",
    "other-label": f"fill:{BACKWARD};fill:color-mix(in srgb,{BACKWARD} 60%,{INK});font-weight:600",
}


class Axis(NamedTuple):
    """From where to where an axis goes, and what it is called; `log` if equal steps of it are equal factors."""

    low: float
    high: float
    name: str = ""
    log: bool = False

    def share(self, x: float) -> float:
        """Where a number stands between the two ends: 0 to 1.

        >>> Axis(2, 6).share(3), Axis(1, 100, log=True).share(10)
        (0.25, 0.5)
        """
        if self.log:
            return (math.log(x) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (x / 2 - self.low / 2) / (self.high / 2 - self.low / 2)  # between halves of floats no distance overflows

    def ticks(self) -> list[float]:
        """A few round numbers between the two ends; live/static/plot.js has the same rule.

        >>> Axis(0, 7).ticks(), Axis(0.01, 10, log=True).ticks()
        ([0.0, 2.0, 4.0, 6.0], [0.01, 0.1, 1.0, 10.0])
        """
        low, high = (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)
        rough = high / 5 - low / 5
        if rough < LEAST:
            return [low, high]
        power = float(f"1e{math.floor(math.log10(rough))}")
        enough = rough * (1 - DUST)
        step = max(1, math.ceil(enough)) if self.log else next(k * power for k in (1, 2, 5, 10) if k * power >= enough)
        places = range(math.ceil(low / step - DUST), math.floor(high / step + DUST) + 1)
        return [float(f"1e{k * step}" if self.log else f"{k * step:.12g}") for k in places]

    def marks(self) -> list[float]:
        """The ticks that a picture has: within less than two powers of ten, also twice and five times a power.

        >>> Axis(0.02, 0.75, log=True).marks(), Axis(0, 7).marks() == Axis(0, 7).ticks()
        ([0.02, 0.05, 0.1, 0.2, 0.5], True)
        """
        if not self.log or self.high >= 100 * self.low:
            return self.ticks()
        powers = range(math.floor(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
        between = (float(f"{m}e{k}") for k in powers for m in (1, 2, 5))
        return [x for x in between if self.low <= x <= self.high]


class Chart:
    """A chart to which lines, dots and areas are added, one over the other; `svg` is its text.

    What lies outside of the axes is cut off. `said` is what those hear who do not see it.

    >>> chart = Chart(Axis(0, 1, "x"), Axis(0, 1, "y"), "The diagonal")
    >>> chart.line([(0, 0), (1, 1)], "curve")
    >>> '<path class="cgc-curve" d="M0 200L298 0"/>' in chart.svg
    True
    """

    def __init__(self, x: Axis, y: Axis, said: str, width: int = 370, height: int = 250) -> None:
        self.x, self.y, self.said = x, y, shorten(said, LONGEST)
        self.size = width, height
        self.across, self.down = width - LEFT - RIGHT, height - TOP - BOTTOM
        self._inside: list[str] = []

    def line(self, points: Iterable[Sequence[float]], look: str) -> None:
        """Add a line through points (x, y), cut where it leaves the chart; where one is not finite there is a gap."""
        d, end, before = "", None, None
        for x, y in points:
            place = self._place(x, y)
            cut = clip(before, place, self.across, self.down) if before and place else None
            if cut:
                start, stop = (" ".join(map(_n, at)) for at in cut)
                d += f"L{stop}" if start == end else f"M{start}L{stop}"
                end = stop
            before = place
        self._inside.append(f'<path class="cgc-{look}" d="{d}"/>')

    def dots(self, points: Iterable[Sequence[float]], look: str = "dot", r: float = 3.5) -> None:
        """Add a dot at each point that lies within the axes."""
        for x, y in self._place_visible(points):
            self._inside.append(f'<circle class="cgc-{look}" r="{_n(r)}" cx="{_n(x)}" cy="{_n(y)}"/>')

    def triangles(self, points: Iterable[Sequence[float]], look: str, r: float = 4.5) -> None:
        """Add a triangle at each point that lies within the axes."""
        for x, y in self._place_visible(points):
            d = f"M{_n(x)} {_n(y - r)}L{_n(x + 0.9 * r)} {_n(y + 0.7 * r)}H{_n(x - 0.9 * r)}Z"
            self._inside.append(f'<path class="cgc-{look}" d="{d}"/>')

    def squares(self, ends: Iterable[Sequence[float]], look: str) -> None:
        """Add a square for each upright from (x, low) to (x, high), as wide in the picture as the upright is high.

        It stands on the side that has more room, so that it shows the square of a difference.
        """
        for x, low, high in ends:
            start, stop = self._place(x, low), self._place(x, high)
            if start and stop:
                side = abs(stop[1] - start[1])
                left = start[0] if start[0] + side <= self.across or start[0] < side else start[0] - side
                corner = f'x="{_n(left)}" y="{_n(min(start[1], stop[1]))}"'
                self._inside.append(f'<rect class="cgc-{look}" {corner} width="{_n(side)}" height="{_n(side)}"/>')

    def label(self, x: float, y: float, text: str, look: str = "dot", anchor: str = "middle") -> None:
        """Add a short text just above a point within the axes, in the colour of a look."""
        for across, down in self._place_visible([(x, y)]):
            self._inside.append(_text(across, max(down - 7, 11), text, anchor, f' class="cgc-{look}-label"'))

    def paths(self, paths: Iterable[str], look: str) -> None:
        """Add paths whose numbers are thousandths of the chart's sides, such as `contours.py` writes them."""
        inner = "".join(f'<path class="cgc-{look}" d="{d}" vector-effect="non-scaling-stroke"/>' for d in paths)
        self._inside.append(f'<g transform="scale({self.across / GRID} {self.down / GRID})">{inner}</g>')

    @property
    def svg(self) -> str:
        """The chart as a text, to stand in a page or in a file of its own."""
        (w, h), inside = self.size, "".join(self._inside)
        looks = "\n".join(f".cg-chart .cgc-{name}{{{rule}}}" for name, rule in LOOKS.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="cg-chart" role="img" aria-label="{_quote(self.said)}" '
            f'width="{w}" height="{h}" viewBox="0 0 {w} {h}" style="max-width:100%;height:auto">\n<style>\n'
            f".cg-chart{{font:12px {SANS};font-variant-numeric:tabular-nums;color:inherit}}\n"
            f"svg.cg-chart:root{{background:#fff;color:#1b1f24}}\n.cg-chart text{{fill:{INK}}}\n{looks}\n</style>\n"
            f'{self._axes()}<svg x="{LEFT}" y="{TOP}" width="{self.across}" height="{self.down}">{inside}</svg>\n</svg>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from .picture import inline

        return {"text/plain": self.said, "text/html": inline(self.svg, self.said)}

    def _axes(self) -> str:
        across, down = self.across, self.down
        parts = [f'<rect class="cgc-grid" x="{LEFT}" y="{TOP}" width="{across}" height="{down}"/>']
        for at in self.x.marks():
            x = LEFT + across * self.x.share(at)
            parts.append(f'<path class="cgc-{"grid" if at else "zero"}" d="M{_n(x)} {TOP}v{down + 4}"/>')
            end = self.size[0] - 3.5 * len(number(at))  # a long number at the end of the axis would be cut
            parts.append(_text(min(x, end), TOP + down + 16, number(at)))
        for at in self.y.marks():
            y = TOP + down * (1 - self.y.share(at))
            parts.append(f'<path class="cgc-{"grid" if at else "zero"}" d="M{LEFT - 4} {_n(y)}h{across + 4}"/>')
            parts.append(_text(LEFT - 7, y + 4, number(at), "end"))
        upright = len(self.y.name) < 3  # a letter or two are read as they are written
        place = f' transform="translate(11 {_n(TOP + down / 2)}){"" if upright else " rotate(-90)"}"'
        parts.append(_text(LEFT + across / 2, TOP + down + 32, self.x.name))
        parts.append(_text(0, 4 if upright else 0, self.y.name, more=place))
        return "".join(parts)

    def _place_visible(self, points: Iterable[Sequence[float]]) -> Iterator[tuple[float, float]]:
        for x, y in points:
            place = self._place(x, y)
            if place and 0 <= place[0] <= self.across and 0 <= place[1] <= self.down:
                yield place

    def _place(self, x: float, y: float) -> tuple[float, float] | None:
        """Where a point lies, in pixels from the left upper corner; nowhere if a number is not finite."""
        if not (math.isfinite(x) and math.isfinite(y)) or (self.x.log and x <= 0) or (self.y.log and y <= 0):
            return None
        return self.across * self.x.share(x), self.down * (1 - self.y.share(y))


def clip(
    a: tuple[float, float], b: tuple[float, float], width: float, height: float
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of the way from `a` to `b` within a box three times as wide and high around the chart, if there is one.

    (The algorithm of Liang and Barsky, 1984.) Ends outside of the chart stay outside, in the right direction.

    >>> clip((50.0, 50.0), (1e300, 50.0), 100, 100)
    ((50.0, 50.0), (200.0, 50.0))
    >>> clip((-500.0, 0.0), (-400.0, 9.0), 100, 100)
    """
    first, last = 0.0, 1.0
    for here, there, size in ((a[0], b[0], width), (a[1], b[1], height)):
        way = there - here
        for towards, room in ((-way, here + size), (way, 2 * size - here)):
            if towards == 0 and room < 0:
                return None
            if towards < 0:
                first = max(first, room / towards)
            elif towards > 0:
                last = min(last, room / towards)
    if first > last or not math.isfinite(b[0] - a[0]) or not math.isfinite(b[1] - a[1]):
        return None
    start, end = ((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for t in (first, last))
    return start, end


def heights(values: Sequence[float], also: Sequence[float] = ()) -> tuple[float, float]:
    """From where to where a curve is shown: all of it, but of a pole only what leaves the rest readable.

    The numbers of `also` have to be within.

    >>> heights([0, 1, 2, 10])
    (-0.6, 10.6)
    >>> heights([math.nan])
    (-1.0, 1.0)
    """
    found = sorted(x for x in values if math.isfinite(x))
    if not found:
        return -1.0, 1.0
    low, high = found[0], found[-1]
    some, most = (found[int(part * (len(found) - 1))] for part in (0.1, 0.9))
    if most > some and high / 20 - low / 20 > most - some:
        low, high = max(low, 3 * some - 2 * most), min(high, 3 * most - 2 * some)
    low, high = min(low, *also, high), max(high, *also, low)
    pad = max(0.06 * high - 0.06 * low, 1e-3 * max(abs(low), abs(high))) or 1.0
    return max(low - pad, -LARGEST), min(high + pad, LARGEST)


def _text(x: float, y: float, text: str, anchor: str = "middle", more: str = "") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{more}>{escape_text(text)}</text>'


def _quote(text: str) -> str:
    return escape_text(text).replace('"', "&quot;")


def _n(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")
