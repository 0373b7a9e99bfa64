"""An array as cells: a small one with its numbers, a large one as a heat map; colours say sign and size.

A cell's state is one character, so that what changes is a short text: ``"0"`` has no tint, ``"1"`` to ``"5"`` are
positive, ``"a"`` to ``"e"`` negative, by `palette.SCALE`; ``"n"`` is no number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..graph import ArraySummary
from ..graph.array_summary import COARSE, take_strongest
from ..text import number, typeset
from .palette import strength

WRITTEN = (4, 5)
"""Arrays of no more rows and columns than these, and of `MOST` numbers, are written out."""
MOST = 12
_TEXT_CELL, _LETTERS = (52.0, 17.0), 7
_WIDE, _HIGH = 112.0, 56.0
"""The room of a heat map; its cells are no larger than `_LARGEST` and no smaller than `_SMALLEST`."""
_LARGEST, _SMALLEST = 14.0, 5.0
NONE, NAN = "0", "n"
STATES = {NAN: "cg-nan"} | {
    code: f"{sign} cg-{k}"
    for sign, codes in (("cg-pos", "12345"), ("cg-neg", "abcde"))
    for k, code in enumerate(codes, 1)
}
"""The style of each state of a cell."""


class Grid(NamedTuple):
    """So many cells, each so wide and high; `written` if they hold their numbers."""

    rows: int
    columns: int
    wide: float
    high: float
    written: bool

    @property
    def width(self) -> float:
        """How wide all of them are."""
        return self.columns * self.wide

    @property
    def height(self) -> float:
        """How high all of them are."""
        return self.rows * self.high

    def square(self, k: int) -> tuple[float, float]:
        """Where cell number k begins, from the corner of the grid."""
        return k % self.columns * self.wide, k // self.columns * self.high


def grid(x: Any) -> Grid | None:
    """The cells of an array; none for a single number, for an empty array, or where its numbers are not known.

    >>> class Array: shape = (2, 3)
    >>> grid(Array())
    Grid(rows=2, columns=3, wide=52.0, high=17.0, written=True)
    """
    sizes = getattr(x, "shape", ())
    if not sizes or not math.prod(sizes) or (isinstance(x, ArraySummary) and not x.coarse):
        return None
    rows, columns = math.prod(sizes[:-1]), sizes[-1]
    if rows <= WRITTEN[0] and columns <= WRITTEN[1] and rows * columns <= MOST:
        return Grid(rows, columns, *_TEXT_CELL, True)
    rows, columns = min(rows, COARSE[0]), min(columns, COARSE[1])
    wide, high = (max(_SMALLEST, min(_LARGEST, round(room / n, 1))) for room, n in ((_WIDE, columns), (_HIGH, rows)))
    return Grid(rows, columns, wide, high, False)


def encode(x: Any, cells: Grid | None) -> tuple[str, list[str]]:
    """The state of each cell, and what is written in it; nothing where there are no numbers of this shape.

    >>> encode([[2.0, -1.0, 0.0]], Grid(1, 3, 9, 9, True))
    ('4c0', ['2', '−1', '0'])
    """
    if cells is None or x is None:
        return "", []
    numbers = x.coarse if isinstance(x, ArraySummary) else _list(x, cells)
    if len(numbers) != cells.rows * cells.columns:
        return "", []
    return "".join(map(_code, numbers)), [_write(n) for n in numbers] if cells.written else []


def _write(x: float) -> str:
    """A number with three digits, or as many as fit in a cell."""
    texts = [typeset(number(x, digits)) for digits in (3, 2, 1)]
    return next((text for text in texts if len(text) <= _LETTERS), texts[-1])


def _list(x: Any, cells: Grid) -> tuple[float, ...]:
    """The numbers of the cells; of a large array the strongest of those that share one."""
    import numpy as np

    try:
        array = np.asarray(x, dtype=float)
    except (TypeError, ValueError):  # complex numbers, or objects
        return ()
    if cells.written:
        return tuple(array.ravel().tolist())
    return take_strongest(array)


def _code(x: float) -> str:
    if x != x:
        return NAN
    step = strength(x)
    return NONE if not step else ("12345" if x > 0 else "abcde")[step - 1]


def squares(cells: Grid, codes: str) -> Iterator[tuple[str, list[int]]]:
    """The cells of each style that occurs, in the order of the styles.

    >>> list(squares(Grid(1, 3, 9, 9, True), "4c4"))
    [('cg-pos cg-4', [0, 2]), ('cg-neg cg-3', [1])]
    """
    for code, style in STATES.items():
        there = [k for k, other in enumerate(codes) if other == code]
        if there:
            yield style, there
