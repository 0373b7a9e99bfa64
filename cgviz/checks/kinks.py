"""What small steps show of a function at a point: that it is smooth, bends, jumps, or ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

ROUNDING = 2.0**-52


class Step(NamedTuple):
    """What a step of size `h` shows: the central difference, and the forward difference (f(x + h) - f(x)) / h.

    At the edge of a domain, where one side has no value, `central` is the difference to the other side. `backward` is
    (f(x) - f(x - h)) / h, and `noise` what rounding can do to a difference of two values.
    """

    h: float
    central: float | None
    forward: float | None
    backward: float | None = None
    noise: float = 0.0

    @property
    def right(self) -> float:
        """The slope to the right; NaN where it is missing."""
        return math.nan if self.forward is None else self.forward

    @property
    def left(self) -> float:
        """The slope to the left; NaN where it is missing."""
        return math.nan if self.backward is None else self.backward

    @property
    def bend(self) -> float:
        """How far the slopes to the two sides lie apart; NaN where that is no number."""
        bend = abs(self.right - self.left)
        return bend if math.isfinite(bend) else math.nan

    @property
    def bends(self) -> bool:
        """Whether the two slopes lie apart by more than rounding."""
        return self.bend > 1e-4 * max(abs(self.right), abs(self.left)) + 4 * self.noise / self.h


def classify(steps: tuple[Step, ...]) -> tuple[str, Step | None]:
    """What settles as the steps become smaller, and the step that shows it.

    Where it is the slope, the function is smooth; where the slopes to both sides do, but not on the same, it has a
    kink; and where the values do, but not on the one in the middle, it jumps.
    """
    if not steps or steps[-1].forward is None or steps[-1].backward is None:
        return ("jump" if _jumps(steps[-3:]) else "edge"), None
    if math.isinf(steps[-1].forward) or math.isinf(steps[-1].backward):  # a slope too large for a number
        return ("coarse" if steps[-1].forward == -steps[-1].backward else "smooth"), None
    two_sided = [step for step in steps if not math.isnan(step.bend)]
    bent = [k for k, step in enumerate(two_sided) if step.bends]
    if not bent:
        if _keeps_distance(two_sided[-3:]):  # to both sides
            return "jump", two_sided[-1]
        return "smooth", two_sided[-1] if two_sided else None
    last = bent[-1]
    seen, wider = two_sided[last], two_sided[max(0, last - 2) : last]
    for step in two_sided[last + 1 :]:
        if 4 * step.noise / step.h < 0.25 * seen.bend and step.bend < 0.5 * seen.bend:
            return "smooth", step
    if wider and seen.bend < 0.5 * wider[-1].bend:
        return "smooth", seen
    if len(wider) < 2:
        return "coarse", seen
    if _jumps((*wider, seen)):
        return "jump", seen
    if max(abs(seen.right - wider[-1].right), abs(seen.left - wider[-1].left)) <= 0.2 * seen.bend:
        return ("near" if _is_beside((*wider, seen)) else "kink"), _sharpest(two_sided)
    return ("smooth" if _has_settled(two_sided) else "coarse"), seen


def reach_beyond_kink(larger: Step, smaller: Step) -> bool:
    """Whether both sizes reach beyond a kink: what lies beyond says nothing of the slope before it."""
    return larger.bends and smaller.bends and 0.5 * larger.bend <= smaller.bend <= 2 * larger.bend


def _sharpest(steps: Sequence[Step]) -> Step:
    """The step at which the slopes to both sides of a kink are seen best: larger ones bend, smaller ones round."""

    def unsure(pair: tuple[Step, Step]) -> float:
        wide, step = pair
        changed = abs(step.right - wide.right) + abs(step.left - wide.left)
        return changed + step.noise / step.h if step.bends else math.inf

    return min(pairwise(steps), key=unsure)[1]


def _rises(step: Step) -> tuple[float, float]:
    """How much the value differs from the one in the middle, to the right and to the left; 0 where there is none."""
    return (step.forward or 0.0) * step.h, -(step.backward or 0.0) * step.h


def _jumps(steps: Sequence[Step]) -> bool:
    """Whether the values on each side settle, and on another than that in the middle."""
    rises = [_rises(step) for step in steps]
    if len(rises) < 3 or not all(math.isfinite(x) for pair in rises for x in pair):
        return False
    height = max(map(abs, rises[-1]))
    across = [abs(step.central or 0.0) * step.h for step in steps]
    if across[-1] > 3 * across[-2] > 0:  # a pole, from which the values to both sides grow apart
        return False
    moved = max(abs(a - b) for one, two in pairwise(rises) for a, b in zip(one, two, strict=True))
    return height > 8 * steps[-1].noise and moved <= 0.2 * height


def _keeps_distance(steps: Sequence[Step]) -> bool:
    """Whether the values to the sides come no nearer to that in the middle as the steps become smaller."""
    heights = [max(map(abs, _rises(step))) for step in steps]
    return len(heights) > 2 and heights[-1] > 8 * steps[-1].noise and all(b > 0.9 * a for a, b in pairwise(heights))


def _is_beside(steps: Sequence[Step]) -> bool:
    """Whether a kink is near and not here: then a line along one side misses the value in the middle.

    It misses it by the same with steps of all sizes; where the line is only bent, by less with smaller ones.
    """
    for side in (0, 1):
        (h2, y2), (h1, y1), (h0, y0) = ((step.h, _rises(step)[side]) for step in steps)
        near, far = y0 - h0 * (y1 - y0) / (h1 - h0), y1 - h1 * (y2 - y1) / (h2 - h1)
        if abs(near) > 16 * steps[-1].noise and abs(near) > 0.5 * abs(far):
            return True
    return False


def _has_settled(steps: Sequence[Step]) -> bool:
    """Whether the slope has settled with larger steps, before the rounding of smaller ones."""
    return any(
        c.bend < 0.5 * b.bend
        and b.bend < 0.5 * a.bend
        and math.isclose(b.right + b.left, c.right + c.left, rel_tol=1e-4)
        for a, b, c in zip(steps, steps[1:], steps[2:], strict=False)
    )
