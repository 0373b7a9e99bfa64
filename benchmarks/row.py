"""A row of the page: what was measured, against whom, the figure, and whether it is what it should be."""

from __future__ import annotations

from typing import NamedTuple

from timing import Timing, readable


class Row(NamedTuple):
    """`against` is empty where there is nobody to compare with, `reached` is ``None`` where nothing is aimed at."""

    what: str
    against: str
    measured: str
    aim: str = ""
    reached: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The row in words."""
        answer = {None: "", True: "yes", False: "**no**"}[self.reached]
        return self.what, self.against, self.measured, self.aim, answer


def faster(what: str, against: str, ours: Timing, theirs: Timing, least: float | None = None) -> Row:
    """How many times as fast as somebody we are; `least` is the aim.

    >>> faster("a step", "him", Timing(1e-6, 0.02), Timing(25e-6, 0.1), 20).cells
    ('a step', 'him', '25 × as fast: 1 µs (± 2%) against 25 µs (± 10%)', '≥ 20 ×', 'yes')
    """
    ratio = theirs.median / ours.median
    measured = f"{times(ratio)} as fast: {spread(ours)} against {spread(theirs)}"
    return Row(what, against, measured, f"≥ {times(least)}" if least else "", ratio >= least if least else None)


def at_most(what: str, found: float, most: float, unit: str = "s") -> Row:
    """A size that has an upper bound: seconds, or what the unit says."""
    write = readable if unit == "s" else lambda x: f"{x:.0f} {unit}"
    return Row(what, "", write(found), f"≤ {write(most)}", found <= most)


def times(ratio: float) -> str:
    """A ratio with three digits.

    >>> times(2654.3), times(25.84), times(1), times(0.5)
    ('2,650 ×', '25.8 ×', '1 ×', '0.5 ×')
    """
    digits = f"{float(f'{ratio:.3g}'):,.3f}"
    return digits.rstrip("0").rstrip(".") + " ×"


def spread(timing: Timing) -> str:
    """A time with its spread."""
    return f"{readable(timing.median)} (± {timing.spread:.0%})"
