"""Numbers as bars side by side, each above its name: probabilities, scores, gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ..text import number, shorten
from .heat_map import words_of
from .tiles import (
    FULL_NAME,
    LETTER,
    LONGEST,
    MOST,
    Tile,
    TileError,
    TilePicture,
    check_largest,
    check_names,
    draw_tiles,
    round_up,
    write,
    write_inside,
)

ROOM, WIDEST, NARROWEST, HIGH, HEAD = 860.0, 56.0, 12.0, 120.0, 18.0
"""The room of all bars; how wide one is, and how high its tile, of which the largest leaves a part free above it."""


class BarChart(TilePicture):
    """Numbers as bars: blue and up is positive, orange negative, and the length says the size.

    `numbers` is a list, ``None`` for what is not computed yet; `names` stand below the bars. `largest` is the number
    with the longest bar: 1 for probabilities; left out, a round one that none exceeds. Raises `TileError` for more than
    64 numbers, for none, and for names that are not as many.

    >>> print(BarChart([0.5, 0.25], "ab", name="next letter"))
    next letter    a     b
                 0.5  0.25
    """

    def __init__(
        self,
        numbers: Sequence[float | None],
        names: Iterable[object] | None = None,
        *,
        largest: float | None = None,
        name: str = "",
    ) -> None:
        self.numbers, self.name = list(numbers), shorten(name, FULL_NAME)
        if not 0 < len(self.numbers) <= MOST:
            raise TileError(f"a chart of bars shows 1 to {MOST} numbers, got {len(self.numbers)}")
        self.names = check_names(names, len(self.numbers), "bar")
        known = [abs(x) for x in self.numbers if x is not None and math.isfinite(x)]
        self.largest = check_largest(largest) or round_up(max(known, default=1.0))

    @property
    def said(self) -> str:
        """What those hear who do not see it: the three largest."""
        known = [(x, name) for x, name in zip(self.numbers, self.names, strict=True) if x is not None and x == x]
        first = sorted(known, key=lambda pair: -abs(pair[0]))[:3]
        listed = ", ".join(f"{name} {number(x)}" for x, name in first)
        of = f" of {self.name}" if self.name else ""
        return f"Bar chart{of}: {len(self.numbers)} numbers, the largest: {listed or 'none yet'}"

    @property
    def text(self) -> str:
        """The numbers as a table of two lines."""
        cells = [number(x, 3) for x in self.numbers]
        widths = [max(map(len, pair)) for pair in zip(self.names, cells, strict=True)]
        rows = [(self.name, self.names), (" " * len(self.name), cells)]
        return "\n".join(
            "  ".join((*([left] if self.name else []), *(x.rjust(w) for x, w in zip(row, widths, strict=True))))
            for left, row in rows
        )

    @property
    def tiles(self) -> list[Tile]:
        """The bars, from left to right."""
        wide = max(NARROWEST, min(WIDEST, ROOM // len(self.numbers)))
        return [
            Tile(8 + j * wide, 20, wide, HIGH, x, f"{name}: {words_of(x)}", part=self._share(x))
            for j, (name, x) in enumerate(zip(self.names, self.numbers, strict=True))
        ]

    def _share(self, x: float | None) -> float:
        return 0.0 if x is None or x != x else min(1.0, abs(x) / self.largest) * (1 - HEAD / HIGH)

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        tiles, last = self.tiles, self.tiles[-1]
        letters, below = max(1, int(last.wide // LETTER)), last.y + last.high
        more = [write(8, 12, self.name, "start", len(self.name))] if self.name else []
        for tile, name in zip(tiles, self.names, strict=True):
            middle = tile.x + tile.wide / 2
            more.append(write(middle, below + 15, name[: min(letters, LONGEST)]))
            more.append(write(middle, below - tile.part * tile.high - 4, write_inside(tile.number, tile.wide)))
        size = max(last.x + last.wide, 8 + LETTER * len(self.name)) + 8, below + 24
        return draw_tiles(tiles, self.largest, size, self.said, more)
