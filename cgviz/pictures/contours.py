"""The contours of a function of two numbers as the paths of a picture: marching squares, without a plotting library.

A cell lies between four numbers of the field. Where a level passes between two of them, straight interpolation says
where; the pieces of all cells, each with what is higher on its left, are joined at the cells' sides, which they share.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from .chart import GRID

COUNT = 10
Place = tuple[float, float]
Spot = tuple[int, ...]
"""What a point is known by: a corner of the grid, (row, column), or a side of a cell, with a third number for which."""


class Contours(NamedTuple):
    """Where a function has which heights: paths in thousandths of the picture's sides, from its left upper corner.

    `lines` has a path for each of the `levels`, `areas` one for where the function lies above it.
    """

    levels: list[float]
    lines: list[str]
    areas: list[str]


def contours(field: Iterable[Iterable[float]], levels: Sequence[float] | None = None) -> Contours:
    """The contours of a field of numbers, whose first row is the lowest; where one is not finite there are none.

    Without `levels` they are chosen so that the areas between them are about equally large.

    >>> found = contours([[0.0, 1.0], [0.0, 1.0]], [0.5])
    >>> found.lines, found.areas
    (['M500 0L500 1000'], ['M500 0L500 1000L1000 1000L1000 0Z'])
    """
    rows = [[float(x) for x in row] for row in field]
    known = [x for row in rows for x in row if math.isfinite(x)]
    chosen = choose_levels(known) if levels is None else sorted(levels)
    if not chosen or len(rows) < 2 or len(rows[0]) < 2:
        return Contours([], [], [])
    traced = _Field(rows, chosen)
    lines, areas = [], []
    for k in range(len(chosen)):
        crossings, rims = traced.pieces(k)
        lines.append("".join(_path(chain) for chain in _join(crossings, traced.places)))
        areas.append("".join(_path(chain, closed=True) for chain in _join(crossings + rims, traced.places)))
    return Contours(chosen, lines, areas)


def choose_levels(values: Iterable[Any], count: int = COUNT) -> list[float]:
    """Levels of two digits between the lowest and the highest of these numbers; of more, where these are nearly alike.

    >>> choose_levels([float(i) for i in range(101)], 4), choose_levels([1000 + float(i) for i in range(101)], 4)
    ([6.7, 28.0, 54.0, 84.0], [1010.0, 1030.0, 1050.0, 1080.0])
    """
    ordered = sorted(map(float, values))
    if not ordered:
        return []
    # more of them where it is low: there the steps end
    found = [_quantile(ordered, ((k + 0.5) / count) ** 1.3) for k in range(count)]
    enough = min(count, len(set(found))) / 2
    rounded = ({float(f"{x:.{digits}g}") for x in found} for digits in range(2, 18))
    return sorted(next(levels for levels in rounded if len(levels) > enough or levels == set(found)))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The number below which this share of the others lies, between two of them in proportion."""
    at = share * (len(ordered) - 1)
    below, rest = int(at), at - int(at)
    if not rest:
        return ordered[below]
    return ordered[below] * (1 - rest) + ordered[below + 1] * rest


class _Field:
    """The cells of a field, by the levels that pass through them."""

    def __init__(self, rows: list[list[float]], levels: Sequence[float]) -> None:
        self.rows, self.levels = rows, levels
        self.tall, self.wide = len(rows) - 1, len(rows[0]) - 1
        self.places: dict[Spot, Place] = {}
        self._passed: list[list[tuple[int, int]]] = [[] for _ in levels]
        self._rims: list[tuple[Spot, Spot]] = []
        fine = [[math.isfinite(x) for x in row] for row in rows]
        whole = [
            [a and b and c and d for a, b, c, d in zip(low, low[1:], high, high[1:], strict=False)]
            for low, high in pairwise(fine)
        ]
        inner = [False] + [True] * (self.wide - 2) + [False]
        for i, (low, high) in enumerate(pairwise(rows)):
            for j, there in enumerate(whole[i]):
                if not there:
                    continue
                corners = low[j], low[j + 1], high[j], high[j + 1]
                for k in range(bisect_left(levels, min(corners)), bisect_left(levels, max(corners))):
                    self._passed[k].append((i, j))
            beside = [a and b for a, b in zip(whole[i - 1], whole[i + 1], strict=True)] if 0 < i < self.tall - 1 else []
            for j, there in enumerate(whole[i]):
                if there and not (beside and inner[j] and beside[j] and whole[i][j - 1] and whole[i][j + 1]):
                    self._rims += self._find_rims(whole, i, j)

    def pieces(self, k: int) -> tuple[list[tuple[Spot, Spot]], list[tuple[Spot, Spot]]]:
        """The pieces of a level's lines, and the pieces of the rim of the field that lie above it."""
        level = self.levels[k]
        crossings = [piece for i, j in self._passed[k] for piece in self._cut(i, j, level)]
        rims = []
        for start, stop in self._rims:
            first, last = self._value(start) > level, self._value(stop) > level
            if first or last:
                side = self._cross(start, stop, level) if first != last else ()
                for spot in (start, stop):
                    self.places[spot] = self._at(*spot)
                rims.append((start if first else side, stop if last else side))
        return crossings, rims

    def _cut(self, i: int, j: int, level: float) -> Iterator[tuple[Spot, Spot]]:
        """The pieces of a line within a cell: from where the way around its corners goes down to where it comes up."""
        around = ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j))
        above = [self._value(spot) > level for spot in around]
        down = [n for n in range(4) if above[n] and not above[n - 3]]
        up = [n for n in range(4) if not above[n] and above[n - 3]]
        if len(down) == 2 and sum(self._value(spot) / 4 for spot in around) <= level:  # a saddle, whose middle is low
            up = [(n - 1) % 4 for n in down]
        elif len(down) == 2:
            up = [(n + 1) % 4 for n in down]
        for out, back in zip(down, up, strict=True):
            yield tuple(self._cross(around[n], around[n - 3], level) for n in (out, back))  # type: ignore[misc]

    def _cross(self, a: Spot, b: Spot, level: float) -> Spot:
        """Where a level passes between two corners; it is noted under the side, so that both cells have the same."""
        a, b = min(a, b), max(a, b)
        low, high = self._value(a), self._value(b)
        share = (level / 2 - low / 2) / (high / 2 - low / 2)  # between halves of floats no distance overflows
        (x, y), (u, v) = self._at(*a), self._at(*b)
        spot = (*a, 0 if a[0] == b[0] else 1)
        self.places[spot] = x + share * (u - x), y + share * (v - y)
        return spot

    def _find_rims(self, whole: list[list[bool]], i: int, j: int) -> Iterator[tuple[Spot, Spot]]:
        """The sides of a cell beyond which there is none, around it as its corners are."""
        for (di, dj), start, stop in (
            ((-1, 0), (i, j), (i, j + 1)),
            ((0, 1), (i, j + 1), (i + 1, j + 1)),
            ((1, 0), (i + 1, j + 1), (i + 1, j)),
            ((0, -1), (i + 1, j), (i, j)),
        ):
            there = 0 <= i + di < self.tall and 0 <= j + dj < self.wide and whole[i + di][j + dj]
            if not there:
                yield start, stop

    def _value(self, spot: Spot) -> float:
        return self.rows[spot[0]][spot[1]]

    def _at(self, i: int, j: int) -> Place:
        return GRID * j / self.wide, GRID - GRID * i / self.tall


def _join(pieces: Iterable[tuple[Spot, Spot]], places: dict[Spot, Place]) -> Iterator[list[Place]]:
    """Chains of pieces, each of which begins where the one before it ends."""
    following: dict[Spot, list[Spot]] = {}
    ends: set[Spot] = set()
    for start, stop in pieces:
        following.setdefault(start, []).append(stop)
        ends.add(stop)
    open_first = sorted(following, key=lambda spot: spot in ends)  # a chain that is no ring is begun at its beginning
    for first in open_first:
        while following[first]:
            chain, spot = [first], first
            while following.get(spot):
                spot = following[spot].pop()
                chain.append(spot)
                if spot == first:
                    break
            yield [places[each] for each in chain]


def _path(points: Sequence[Place], closed: bool = False) -> str:
    """A path through points, without those that are the same when rounded."""
    texts = [f"{x:.0f} {y:.0f}" for x, y in points]
    kept = [p for i, p in enumerate(texts) if not i or p != texts[i - 1]]
    if closed and len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return f"M{'L'.join(kept)}{'Z' if closed else ''}" if len(kept) > 1 else ""
