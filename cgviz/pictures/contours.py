"""The contours of a function of two numbers as the paths of a picture, by contourpy, which matplotlib brings along."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from .chart import GRID

COUNT = 10


class Contours(NamedTuple):
    """Where a function has which heights: paths in thousandths of the picture's sides, from its left upper corner.

    `lines` has a path for each of the `levels`, `areas` one for where the function lies above it.
    """

    levels: list[float]
    lines: list[str]
    areas: list[str]


def contours(field: Any, levels: list[float] | None = None) -> Contours:
    """The contours of a field of numbers, whose first row is the lowest; where one is not finite there are none.

    Without `levels` they are chosen so that the areas between them are about equally large.

    >>> import numpy as np
    >>> found = contours(np.array([[0.0, 1.0], [0.0, 1.0]]), [0.5])
    >>> found.lines, found.areas
    (['M500 0L500 1000'], ['M500 1000L1000 1000L1000 0L500 0Z'])
    """
    import numpy as np
    from contourpy import FillType, LineType, contour_generator

    known = np.isfinite(field)
    levels = choose_levels(field[known]) if levels is None else levels
    if not levels or min(field.shape) < 2:
        return Contours([], [], [])
    across, up = (np.linspace(0, GRID, n) for n in field.shape[::-1])
    found = contour_generator(
        across,
        GRID - up,
        np.ma.masked_where(~known, field),
        line_type=LineType.Separate,
        fill_type=FillType.OuterOffset,
    )
    top = float(field[known].max()) + 1.0 + abs(float(field[known].max()))
    lines = ["".join(_path(line) for line in found.lines(level)) for level in levels]
    areas = []
    for level in levels:
        rings = zip(*found.filled(level, top), strict=True) if level < top else ()
        areas.append(
            "".join(_path(points[i:j], closed=True) for points, offsets in rings for i, j in pairwise(offsets))
        )
    return Contours(levels, lines, areas)


def choose_levels(values: Any, count: int = COUNT) -> list[float]:
    """Levels of two digits between the lowest and the highest of these numbers; of more, where these are nearly alike.

    >>> choose_levels([float(i) for i in range(101)], 4), choose_levels([1000 + float(i) for i in range(101)], 4)
    ([6.7, 28.0, 54.0, 84.0], [1010.0, 1030.0, 1050.0, 1080.0])
    """
    import numpy as np

    if not len(values):
        return []
    places = ((np.arange(count) + 0.5) / count) ** 1.3  # more of them where it is low: there the steps end
    found = np.quantile(values, places).tolist()
    enough = min(count, len(set(found))) / 2
    rounded = ({float(f"{x:.{digits}g}") for x in found} for digits in range(2, 18))
    return sorted(next(levels for levels in rounded if len(levels) > enough or levels == set(found)))


def _path(points: Any, closed: bool = False) -> str:
    """A path through points, without those that are the same when rounded."""
    places = [f"{x:.0f} {y:.0f}" for x, y in points.tolist()]
    kept = [p for i, p in enumerate(places) if not i or p != places[i - 1]]
    if closed and len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return f"M{'L'.join(kept)}{'Z' if closed else ''}" if len(kept) > 1 else ""
