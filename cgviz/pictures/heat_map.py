"""A heat map: rows of numbers as tiles, with names beside the rows and above the columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ..text import number, shorten
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
    draw_legend,
    draw_tiles,
    round_up,
    write,
    write_inside,
)

ROOM, WIDEST, NARROWEST, HIGH, WRITTEN = 800.0, 52.0, 13.0, 26.0, 32.0
"""The room of all columns; how wide and high a tile is, and from which width on it holds its number."""


class HeatMap(TilePicture):
    """Rows of numbers as a picture: blue is positive, orange negative, the stronger the larger.

    `numbers` is a list of lists of one length, ``None`` for what is not computed yet. `rows` and `columns` are their
    names. `largest` is the number with the strongest tint; left out, a round one that none exceeds. Raises `TileError`
    for rows of several lengths, for more than 64 rows or columns, and for names that are not as many.

    >>> print(HeatMap([[0.5, -1.0], [0.25, 2.0]], "xy", "ab", name="weights"))
    weights     a   b
    x         0.5  -1
    y        0.25   2
    """

    def __init__(
        self,
        numbers: Sequence[Sequence[float | None]],
        rows: Iterable[object] | None = None,
        columns: Iterable[object] | None = None,
        *,
        largest: float | None = None,
        name: str = "",
    ) -> None:
        self.numbers, self.name = [list(row) for row in numbers], shorten(name, FULL_NAME)
        check_shape(self.numbers)
        self.rows = check_names(rows, len(self.numbers), "row")
        self.columns = check_names(columns, len(self.numbers[0]), "column")
        known = [abs(x) for row in self.numbers for x in row if x is not None and math.isfinite(x)]
        self.largest = check_largest(largest) or round_up(max(known, default=1.0))

    @property
    def said(self) -> str:
        """What those hear who do not see it."""
        known = [x for row in self.numbers for x in row if x is not None]
        span = f", numbers from {number(min(known))} to {number(max(known))}" if known else ", no numbers yet"
        count = f"{len(self.rows)} row{'s' * (len(self.rows) != 1)} and {len(self.columns)} column"
        return f"Heat map{f' of {self.name}' if self.name else ''}: {count}{'s' * (len(self.columns) != 1)}{span}"

    @property
    def text(self) -> str:
        """The numbers as a table."""
        cells = [[number(x, 3) for x in row] for row in self.numbers]
        head = max(len(self.name), *map(len, self.rows))
        widths = [
            max(len(name), *map(len, column))
            for name, column in zip(self.columns, zip(*cells, strict=True), strict=True)
        ]
        lines = [(self.name, self.columns), *zip(self.rows, cells, strict=True)]
        return "\n".join(
            "  ".join((left.ljust(head), *(x.rjust(w) for x, w in zip(row, widths, strict=True)))).rstrip()
            for left, row in lines
        )

    @property
    def tiles(self) -> list[Tile]:
        """The tiles, row by row."""
        wide = max(NARROWEST, min(WIDEST, ROOM // len(self.columns)))
        high = max(NARROWEST, min(HIGH, wide))
        left, top, written = self._left, 24, wide >= WRITTEN
        return [
            Tile(left + j * wide, top + i * high, wide, high, x, f"row {row}, column {column}: {words_of(x)}",
                 write_inside(x, wide - 4) if written else "")
            for i, (row, some) in enumerate(zip(self.rows, self.numbers, strict=True))
            for j, (column, x) in enumerate(zip(self.columns, some, strict=True))
        ]  # fmt: skip

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        tiles, last = self.tiles, self.tiles[-1]
        bottom, right = last.y + last.high, last.x + last.wide
        signs = self._signs
        more = [
            write(t.x - 6, t.y + t.high / 2 + 4, row, "left")
            for t, row in zip(tiles[:: len(self.columns)], self.rows, strict=True)
        ]
        letters = max(1, int(last.wide // LETTER))
        more += [write(t.x + t.wide / 2, 18, column[:letters]) for t, column in zip(tiles, self.columns, strict=False)]
        more.append(draw_legend(self._left, bottom + 10, self.largest, signs))
        named = self._left + 200 + LETTER * len(self.name)
        if self.name:
            more.append(write(self._left + 190, bottom + 20, self.name, "start", len(self.name)))
        return draw_tiles(tiles, self.largest, (max(right, named) + 8, bottom + 30), self.said, more)

    @property
    def _left(self) -> float:
        return round(14 + LETTER * min(LONGEST, max(map(len, self.rows))))

    @property
    def _signs(self) -> tuple[bool, bool]:
        known = [x for row in self.numbers for x in row if x is not None]
        minus = any(x < 0 for x in known)
        return any(x > 0 for x in known) or not minus, minus


def check_shape(numbers: Sequence[Sequence[object]]) -> None:
    """Raise `TileError` unless there are rows, all of one length, and not too many."""
    lengths = [len(row) for row in numbers]
    if not lengths or not lengths[0]:
        raise TileError("a matrix needs at least one row with at least one node")
    wrong = next((i for i, n in enumerate(lengths) if n != lengths[0]), None)
    if wrong is not None:
        raise TileError(
            f"all rows of a matrix have the same length: row 1 has {lengths[0]} nodes, "
            f"row {wrong + 1} has {lengths[wrong]}"
        )
    if max(len(numbers), lengths[0]) > MOST:
        raise TileError(
            f"a matrix shows at most {MOST} rows and {MOST} columns, this one has {len(numbers)} and {lengths[0]}: "
            "show a part of it"
        )


def words_of(x: float | None) -> str:
    """A number in words: what is not there is not computed yet."""
    return "not computed yet" if x is None else number(x)
