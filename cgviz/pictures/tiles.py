"""Numbers as tiles, tinted by sign and size: what heat maps and bars are made of, as SVG text and as words."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..text import number, shorten
from .markup import escape_text, quote_attribute
from .palette import BLUE, INK, ORANGE, SANS, SELECTED, TINTS
from .picture import inline

LETTER = 6.6
"""How wide a letter of 12 pixels is, at most about."""
MOST = 64
"""So many rows and columns at most."""
LONGEST = 12
"""Longer names are cut; who hears or points at a tile has them in full."""
FULL_NAME = 400
"""That is, as far as this, and in one line."""
LOOKS = f"""\
.cg-tiles{{font:12px {SANS};font-variant-numeric:tabular-nums;color:inherit}}
svg.cg-tiles:root{{background:#fff;color:#1b1f24}}
.cg-tiles text{{fill:{INK};text-anchor:middle}}
.cg-tiles .cgt-left{{text-anchor:end}}
.cg-tiles .cgt-start{{text-anchor:start}}
.cg-tiles .cgt-plus{{fill:{BLUE}}}
.cg-tiles .cgt-minus{{fill:{ORANGE}}}
.cg-tiles .cgt-strange{{fill:{INK};fill-opacity:.5}}
.cg-tiles path{{stroke:{INK};stroke-opacity:.16}}
.cg-tiles .cgt-frame{{fill:{INK};fill-opacity:0}}
.cg-tiles .cgt-part{{stroke:none}}
.cg-tiles .cgt-none{{stroke-opacity:.45;stroke-dasharray:4 3}}
.cg-tiles g:focus{{outline:none}}
.cg-tiles :is(g:focus-visible,.cgt-chosen) path:not(.cgt-part){{stroke:{SELECTED};stroke-opacity:1;stroke-width:2px}}
"""


class Tile(NamedTuple):
    """A number and the rectangle that stands for it, of which `part` is tinted from below; `text` is written inside."""

    x: float
    y: float
    wide: float
    high: float
    number: float | None
    words: str
    text: str = ""
    part: float = 1.0


class TileError(ValueError):
    """Why there is no such picture: numbers or names that do not fit together."""


class TilePicture(ABC):
    """A picture of tiles: shows itself in a notebook, prints as text; `svg` is its text, `said` what is heard of it."""

    @property
    @abstractmethod
    def said(self) -> str:
        """What those hear who do not see it."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The numbers as text."""

    @property
    @abstractmethod
    def svg(self) -> str:
        """The picture as SVG."""

    @property
    @abstractmethod
    def tiles(self) -> Sequence[Tile]:
        """The tiles, row by row."""

    @property
    def html(self) -> str:
        """The picture as a piece of HTML for a notebook's output."""
        return inline(self.svg, self.said)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def opacity(x: float | None, largest: float) -> float:
    """How opaque the tint of a number is: that of the strongest in all pictures for the `largest`, in proportion below.

    >>> opacity(1.0, 2.0), opacity(-9.0, 2.0), opacity(0.0, 2.0)
    (0.29, 0.58, 0.0)
    """
    if x is None or math.isnan(x):
        return 0.0
    return round(TINTS[-1] * min(1.0, abs(x) / largest), 3)


def round_up(x: float) -> float:
    """The next of 1, 2, 5, 10, … times a power of ten: the end of a scale.

    >>> round_up(0.37), round_up(1.0), round_up(7.1), round_up(0.0)
    (0.5, 1.0, 10.0, 1.0)
    """
    if not (x > 0 and math.isfinite(x)):
        return 1.0
    power = float(f"1e{math.floor(math.log10(x))}")
    return next((float(f"{k * power:.6g}") for k in (1, 2, 5, 10) if k * power >= x * (1 - 1e-9)), 1.0)


def check_largest(largest: Any) -> float | None:
    """The number that has the strongest tint, if one is given. Raises `ValueError` for one that is not above 0."""
    if largest is None:
        return None
    if isinstance(largest, bool) or not isinstance(largest, (int, float)) or not 0 < largest < math.inf:
        raise TileError(f"largest must be a number above 0, got {largest!r}")
    return float(largest)


def check_names(names: Iterable[Any] | None, count: int, what: str) -> list[str]:
    """One name for each of so many rows or columns: those given, or 1, 2, 3, … Raises `TileError` for another count.

    >>> check_names("ab", 2, "row"), check_names(None, 2, "row")
    (['a', 'b'], ['1', '2'])
    >>> check_names("abc", 2, "row")
    Traceback (most recent call last):
    cgviz.pictures.tiles.TileError: there are 2 rows, and 3 names for them: give a name for each row
    """
    if names is None:
        return [str(k) for k in range(1, count + 1)]
    given = [shorten(str(getattr(name, "label", "") or name), FULL_NAME) for name in names]
    if len(given) != count:
        one = "is 1 " if count == 1 else f"are {count} "
        raise TileError(
            f"there {one}{what}{'s' * (count != 1)}, and {len(given)} names for them: give a name for each {what}"
        )
    return given


def write_inside(x: float | None, room: float) -> str:
    """A number as it fits into so many pixels, with at least two digits; nothing where it does not fit.

    >>> write_inside(0.12345, 40), write_inside(0.12345, 30), write_inside(-1234.5, 20), write_inside(None, 40)
    ('0.123', '0.12', '', '')
    """
    if x is None:
        return ""
    return next((text for n in (3, 2) if len(text := number(x, n)) * LETTER <= room), "")


def draw_tiles(
    tiles: Sequence[Tile], largest: float, size: tuple[float, float], said: str, more: Sequence[str] = ()
) -> str:
    """The tiles as SVG; `more` is what stands around them. A tile's number in the list is its ``data-tile``."""
    w, h = (round(side) for side in size)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cg-tiles" role="group" aria-label={quote_attribute(said)} '
        f'width="{w}" height="{h}" viewBox="0 0 {w} {h}" style="max-width:100%;height:auto">\n'
        f"<style>\n{LOOKS}</style>\n{''.join(more)}\n"
        + "\n".join(_tile(k, tile, largest) for k, tile in enumerate(tiles))
        + "\n</svg>"
    )


def _tile(k: int, tile: Tile, largest: float) -> str:
    """A tile, in few letters, for a picture may have thousands: its title is what is heard, and what pointing shows."""
    x, whole = tile.number, _box(tile.x, tile.y, tile.wide, tile.high)
    parts = [f'<g data-tile="{k}"><title>{escape_text(tile.words)}</title>']
    if x is None or x == 0 or tile.part < 1:
        parts.append(f'<path class="cgt-frame{" cgt-none" * (x is None)}" {whole}/>')
    if x is not None and x != 0:
        look = "strange" if math.isnan(x) else "plus" if x > 0 else "minus"
        tint = "" if math.isnan(x) else f' fill-opacity="{opacity(x, largest):g}"'
        high = tile.part * tile.high
        part = whole if tile.part == 1 else _box(tile.x, tile.y + tile.high - high, tile.wide, high)
        parts.append(f'<path class="cgt-{look}{" cgt-part" * (tile.part < 1)}"{tint} {part}/>')
    if tile.text:
        parts.append(write(tile.x + tile.wide / 2, tile.y + tile.high / 2 + 4, tile.text))
    return "".join((*parts, "</g>"))


def write(x: float, y: float, text: str, look: str = "", most: int = LONGEST) -> str:
    """A text in a picture, its middle at x; with `look` ``left`` it ends there, with ``start`` it begins.

    It is escaped, and cut where it is longer than `most` letters.
    """
    look = f' class="cgt-{look}"' if look else ""
    return f'<text{look} x="{x:g}" y="{round(y, 2):g}">{escape_text(shorten(text, most))}</text>'


def draw_legend(x: float, y: float, largest: float, signs: tuple[bool, bool]) -> str:
    """What the tints mean: a strip from the largest negative number to the largest positive one."""
    steps = [k / 4 for k in range(-4 if signs[1] else 0, 5 if signs[0] else 1)]
    ends = number(steps[0] * largest), number(steps[-1] * largest)
    left = x + LETTER * len(ends[0]) + 6
    parts = [write(x, y + 10, ends[0], "start")]
    for k, step in enumerate(steps):
        look = "plus" if step > 0 else "minus"
        shade = f'fill-opacity="{opacity(step * largest, largest):g}"'
        tint = f'class="cgt-{look} cgt-part" {shade}' if step else 'class="cgt-part" fill="none"'
        parts.append(f"<path {tint} {_box(left + 16 * k, y, 16, 12)}/>")
    parts.append(f'<path class="cgt-frame" {_box(left, y, 16 * len(steps), 12)}/>')
    return "".join((*parts, write(left + 16 * len(steps) + 6, y + 10, ends[1], "start")))


def _box(x: float, y: float, wide: float, high: float) -> str:
    return f'd="M{x:g} {round(y, 2):g}h{wide:g}v{round(high, 2):g}h-{wide:g}z"'
