"""What a function of one or two numbers looks like around the steps of a descent: a curve, or contours."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from ..graph import value_of
from ..ops.domain import FAILURES
from ..pictures.chart import heights
from ..pictures.contours import contours
from ..program.generated_code import Straight
from ..program.tape import record
from ..run.descent import DescentStep
from ..run.expression import Expression
from ..run.replay import Replay
from ..run.run import Run
from .controls.slider import LARGEST, NEAR, SPAN

POINTS, GRID, COARSE, SEARCHED = 161, 81, 25, 31
"""At so many places a curve is computed, and along each side contours: fewer where each takes a run of the function.
A minimum is searched for at the last of them."""
CHECKED, SECONDS = 40, 0.3
"""At up to so many places, and for so long, a recording is held against the function itself."""
WIDER = 8
"""So many times the range is doubled in search of a minimum."""
Field = list[list[float]]
Grid = list[list[tuple[float, ...]]]


class Surface:
    """A function over a range: by a recording of its last run, or run by run where it is not always that graph."""

    def __init__(self, run: Run) -> None:
        self.run, self.names = run, run.names
        self._program: Straight | None = None
        self._first: list[float] = []
        self._slots: dict[str, int] = {}
        with suppress(TypeError):  # an operation without a row
            tape, objects = record(run.root)
            self._program, places = Straight(tape), tape.leaves
            self._first = [tape.numbers[i] for i in places]
            there = {id(objects[i]): slot for slot, i in enumerate(places)}
            self._slots = {name: there[id(node)] for name, node in run.leaves.items() if id(node) in there}

    def over(self, spans: Mapping[str, Sequence[float]], count: int) -> Field:
        """The values at `count` places along each range, the first one across; NaN where there is none.

        Of one number it is a single row. Run by run, contours are computed at fewer places.

        >>> from cgviz.run.expression import parse
        >>> run = Run(parse("x - y"))
        >>> run.update(x=1, y=2)
        >>> Surface(run).over({"x": (0, 1), "y": (0, 2)}, 2)
        [[0.0, 1.0], [-2.0, -1.0]]
        """
        if self._program is not None:
            grid = _grid(spans, count)
            found = [[self._recorded(place) for place in row] for row in grid]
            if self._holds(grid, found):
                return found
            self._program = None
        count = min(count, COARSE) if len(spans) > 1 else count
        return [[self._at(place) for place in row] for row in _grid(spans, count)]

    def follows(self, steps: Sequence[DescentStep]) -> bool:
        """Whether the recording has the value of each step: it has not where the function makes another graph there.

        >>> from cgviz.run.descent import walk
        >>> run = Run(lambda x: x * x if x.data > 1 else 3 * x)
        >>> near, far = (walk(run, {"x": 6.0}, 0.3, count).steps for count in (1, 5))
        >>> run.update(x=6.0)
        >>> Surface(run).follows(near), Surface(run).follows(far)
        (True, False)
        """
        if isinstance(self.run.function, (Expression, Replay)):
            return True
        if self._program is None:
            return False
        return all(_close(self._recorded([step.point[name] for name in self.names]), step.value) for step in steps)

    def _holds(self, grid: Grid, found: Field) -> bool:
        """Whether the recording gives what the function gives. (An expression has no branches, so it does.)"""
        if isinstance(self.run.function, (Expression, Replay)):
            return True
        places, values = [place for row in grid for place in row], [x for row in found for x in row]
        last, end = len(places) - 1, time.perf_counter() + SECONDS
        for i in sorted({round(last * k / (CHECKED - 1)) for k in range(CHECKED)}):
            theirs = self._at(places[i])
            if math.isfinite(theirs) and not _close(values[i], theirs):
                return False
            if time.perf_counter() > end:
                break
        return True

    def _recorded(self, place: Sequence[float]) -> float:
        """The value at a place, by the recording."""
        leaves = list(self._first)
        for name, slot in self._slots.items():
            leaves[slot] = float(place[self.names.index(name)])
        try:
            return self._program.forward(leaves)[-1]  # type: ignore[union-attr]
        except FAILURES:
            return math.nan

    def _at(self, place: Sequence[float]) -> float:
        try:
            _, root = self.run.forward(dict(zip(self.names, map(float, place), strict=True)))
            return float(value_of(root))
        except Exception:  # whatever a learner's function raises: there it has no value
            return math.nan


def _grid(spans: Mapping[str, Sequence[float]], count: int) -> Grid:
    """The places at which a function is computed, row by row: the first range goes across."""
    across, *up = (evenly(span[0], span[-1], count) for span in spans.values())
    return [[(x, *y) for x in across] for y in (zip(*up, strict=True) if up else [()])]


def evenly(low: float, high: float, count: int) -> list[float]:
    """So many numbers from `low` to `high`, equally far apart.

    >>> evenly(0, 2, 5)
    [0.0, 0.5, 1.0, 1.5, 2.0]
    """
    last = count - 1
    return [low + (high - low) * (k / last) for k in range(last)] + [float(high)]


def _close(x: float, y: float) -> bool:
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12)


def ranges(surface: Surface, steps: Sequence[DescentStep]) -> dict[str, tuple[float, float]]:
    """A range for each number that holds the steps, if they come down, and a minimum, if one is near.

    >>> from cgviz.run.descent import walk
    >>> from cgviz.run.expression import parse
    >>> run = Run(parse("a**2 - 10*a + 28"))
    >>> steps = walk(run, {"a": 6.0}, 0.1, 20).steps
    >>> ranges(Surface(run), steps)
    {'a': (3.2, 6.8)}
    """
    start, last = steps[0], steps[-1]
    down = last.value <= start.value
    middle, reach = _reach(steps, down)
    least = 0.5 * max(reach.values())
    half = {name: _within(max(1.8 * reach[name], least) or max(1.0, abs(x)), x) for name, x in middle.items()}
    first = dict(half)
    for _ in range(WIDER):
        field = surface.over({name: _around(x, half[name]) for name, x in middle.items()}, SEARCHED)
        known = [(x, i, j) for i, row in enumerate(field) for j, x in enumerate(row) if math.isfinite(x)]
        if not known:
            half = first
            break
        _, i, j = min(known)
        shares = j / (len(field[0]) - 1), i / max(len(field) - 1, 1)
        beside = [name for name, share in zip(half, shares, strict=False) if abs(share - 0.5) > 0.35]
        if not beside:
            break
        for name in beside:
            half[name] = _within(2 * half[name], middle[name])
    else:
        half = first  # no minimum is near
    return {name: _round(*_around(x, half[name]), start.point[name]) for name, x in middle.items()}


def wider(
    surface: Surface, spans: Mapping[str, Sequence[float]], steps: Sequence[DescentStep]
) -> dict[str, list[float]]:
    """The ranges moved out so that they hold the start; ranges around these steps where that is too far for a slider.

    >>> from cgviz.run.descent import walk
    >>> from cgviz.run.expression import parse
    >>> run = Run(parse("a**2"))
    >>> wider(Surface(run), {"a": (-1, 1)}, walk(run, {"a": 3.0}, 0.1, 5).steps)
    {'a': [-1, 3.0]}
    """
    start = steps[0].point
    found = {name: [min(low, start[name]), max(high, start[name])] for name, (low, high) in spans.items()}
    if all(high - low <= SPAN for low, high in found.values()):
        return found
    return {name: list(span) for name, span in ranges(surface, steps).items()}


def landscape(surface: Surface, spans: Mapping[str, Sequence[float]], steps: Sequence[DescentStep]) -> dict[str, Any]:
    """What the page draws behind the steps: `curve`, equally spaced over the range, or `levels`, `lines` and `areas`.

    >>> from cgviz.run.expression import parse
    >>> run = Run(parse("x*y"))
    >>> run.update(x=1, y=2)
    >>> sorted(landscape(Surface(run), {"x": (-1, 1), "y": (-1, 1)}, []))
    ['areas', 'levels', 'lines', 'ranges']
    """
    found: dict[str, Any] = {"ranges": {name: list(span) for name, span in spans.items()}}
    count = POINTS if len(spans) == 1 else GRID
    field = surface.over(spans, count)
    if len(spans) == 1:
        (ys,) = field
        shown = [step.value for step in steps[:1]]
        return found | {"curve": [y if math.isfinite(y) else None for y in ys], "heights": list(heights(ys, shown))}
    return found | contours(field)._asdict()


def _reach(steps: Sequence[DescentStep], down: bool) -> tuple[dict[str, float], dict[str, float]]:
    """The middle of what is shown, and how far the steps go from there; the start alone where that is too far."""
    seen, middle = (steps, steps[-1].point) if down else (steps[:2], steps[0].point)
    reach = {name: max(abs(step.point[name] - x) for step in seen) for name, x in middle.items()}
    if max(reach.values()) < SPAN / 16:
        return middle, reach
    return steps[0].point, dict.fromkeys(middle, 0.0)


def _within(half: float, x: float) -> float:
    """Half the width of a range around a number: more than the number is exact, and no more than a slider spans."""
    return min(max(half, 16 * math.ulp(x), NEAR), SPAN / 4)


def _around(x: float, half: float) -> tuple[float, float]:
    return max(x - half, -LARGEST), min(x + half, LARGEST)


def _round(low: float, high: float, start: float) -> tuple[float, float]:
    """The range with its ends moved out to round numbers, so that it holds the start."""
    low, high = min(low, start), max(high, start)
    step = Decimal(1).scaleb(math.floor(math.log10((high - low) / 10)))
    down, up = (Decimal(repr(x)) / step for x in (low, high))
    low, high = float(down.to_integral_value(ROUND_FLOOR) * step), float(up.to_integral_value(ROUND_CEILING) * step)
    return max(low, -LARGEST), min(high, LARGEST)
