"""Side by side: contestants run in turn, in one process, and are compared as ratios of medians.

Garbage is collected before each timing, and a timing covers several steps in a row, so that each
contestant pays for its own garbage and for nobody else's.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

SPAN = 0.03  # seconds that one timing should cover


class Timing(NamedTuple):
    """Seconds for one step: the median of all rounds, and the spread, half of (q3 - q1) / median."""

    median: float
    spread: float


def side_by_side(contestants: dict[str, Callable], rounds: int = 9, collecting: bool = True) -> dict[str, Timing]:
    """Time each contestant `rounds` times, in turn; `collecting` says whether the garbage collector runs."""
    steps = {name: _steps(step) for name, step in contestants.items()}
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    try:
        for _ in range(rounds):
            for name, step in contestants.items():
                gc.collect()
                gc.enable() if collecting else gc.disable()
                seconds[name].append(_time(step, steps[name]))
    finally:
        gc.enable()
    return {name: _summary(times) for name, times in seconds.items()}


def _steps(step: Callable) -> int:
    """How many steps in a row one timing takes, at least two. To find out it runs them, so that all is compiled."""
    step()
    count, each = 1, _time(step, 1)
    while each * count < SPAN / 10:
        count *= 4
        each = _time(step, count)
    return max(2, round(SPAN / each))  # garbage of one step is collected in another


def _time(step: Callable, steps: int) -> float:
    """Seconds for one step, of so many in a row."""
    several = range(steps)
    start = time.perf_counter()
    for _ in several:
        step()
    return (time.perf_counter() - start) / steps


def _summary(times: list[float]) -> Timing:
    q1, median, q3 = statistics.quantiles(times, n=4) if len(times) > 1 else times * 3
    return Timing(median, (q3 - q1) / median / 2)


def readable(seconds: float) -> str:
    """Seconds with a fitting unit.

    >>> readable(0.0000123), readable(0.25), readable(3)
    ('12.3 µs', '250 ms', '3 s')
    """
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.1e} s"
