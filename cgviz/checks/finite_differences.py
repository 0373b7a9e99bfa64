"""The slope of a function at a point, found by taking small steps: what a derivative has to agree with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

SIZES = tuple(10.0**-k for k in range(1, 11))
"""Step sizes, from too large (the curve bends) to too small (the digits run out)."""

ROUNDING = 2.0**-52
FINEST = 16
"""A step is at least so many floats wide: of fewer, the function's own rounding is most of what is seen."""


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


class Slope(NamedTuple):
    """The `slope` seen with the best size `h`, give or take `uncertainty`; ``None`` at a jump, and without a value.

    `kind` is ``"smooth"``, ``"edge"`` (of the domain: only one side has values), ``"kink"`` (the slopes to the
    `left` and `right` differ), ``"near"`` (a kink is nearer than the smallest step), ``"jump"``, or ``"coarse"``: no
    step is so small that what is seen settles. `steps` are the sizes that were tried, `scale` is a slope that would not
    be small here: that of a line from 0 to the largest number on the way, or 1.
    """

    slope: float | None
    h: float
    uncertainty: float
    kind: str
    left: float | None
    right: float | None
    steps: tuple[Step, ...]
    scale: float = 1.0


def slope(f: Callable[[float], float], x: float, size: float = 0.0, precision: float = ROUNDING) -> Slope:
    """Measure the slope of `f` at `x` with steps of many sizes, and say which can be trusted most.

    Large steps are wrong because the function bends, small ones because a float has 16 digits: the best
    size is where two neighbouring sizes agree most closely. What `f` raises counts as having no value. `size` is that
    of the numbers on the way to the result: where they cancel out, their rounding is neither a kink nor a jump.
    `precision` is the relative error of one rounding, larger for a class that keeps fewer digits.

    >>> seen = slope(lambda x: x**3, 2.0)
    >>> round(seen.slope, 8), seen.kind, slope(abs, 0.0).kind
    (12.0, 'smooth', 'kink')
    """
    x = float(x)
    here = _call(f, x)
    steps: tuple[Step, ...] = ()
    scale = 0.0
    for sizes in (_sizes(x, precision), _finer(x, precision)):
        steps += tuple(_step(f, x, h, here, size, precision) for h in sizes)
        kind, seen = _kind(steps)
        best, h, uncertainty = _best(steps, kind)
        scale = min(1.0, max((step.noise for step in steps), default=0.0) / precision / max(1.0, abs(x)))
        if kind not in ("near", "coarse", "jump") and not is_uncertain(best, uncertainty, scale):
            break
    left, right = (None, None) if seen is None else (seen.backward, seen.forward)
    return Slope(None if kind == "jump" else best, h, uncertainty, kind, left, right, steps, scale)


def _sizes(x: float, precision: float) -> list[float]:
    """The sizes that are tried, the largest first."""
    scale = max(1.0, abs(x))
    sizes = [h * scale for h in SIZES]
    if 0 < abs(x) < 1e-2:  # the edge of a domain may be as near as 0 is
        close = [h * abs(x) for h in SIZES[:6]]
        sizes = [h for h in sizes if h > 3 * close[0]] + close
    return [h for h in sizes if _can_step(x, h, precision)]


def _finer(x: float, precision: float) -> list[float]:
    """Sizes below those, down to where the digits of `x` end: for what changes fast, or has a kink near by."""
    last = _sizes(x, precision)[-1:] or [abs(x)]
    finer = [last[0] * 10.0**-k for k in range(1, 7)]
    return [h for h in finer if _can_step(x, h, precision)]


def _can_step(x: float, h: float, precision: float) -> bool:
    finest = FINEST * precision * abs(x) if x else 0.0
    return h > finest and x - h < x < x + h


def is_uncertain(best: float | None, uncertainty: float, scale: float) -> bool:
    """Whether not even two digits of a slope are known; one that is 0 beside the `scale` of slopes has none."""
    return best is None or uncertainty > 1e-2 * max(abs(best), 1e-6 * scale)


def _best(steps: tuple[Step, ...], kind: str) -> tuple[float | None, float, float]:
    """The slope of the size at which two neighbours agree most closely, that size, and how sure it is."""
    ends = [step.central for step in steps[-2:] if step.central is not None]
    if len(ends) == 2 and ends[0] == ends[1] and math.isinf(ends[0]) and kind != "jump":
        return ends[0], steps[-1].h, 0.0  # too large for a number
    best, h, uncertainty, closest = None, 0.0, math.inf, (math.inf, math.inf)
    for k, (larger, smaller) in enumerate(pairwise(steps), start=2):
        if larger.central is None or smaller.central is None or (kind != "kink" and _has_kink(larger, smaller)):
            continue
        unsure = abs(larger.central - smaller.central) + smaller.noise / smaller.h
        if not math.isfinite(unsure):
            continue
        digits = unsure / max(abs(smaller.central), 1e-300)
        if digits >= 1e-3 and any(_denies(step, smaller.central, unsure) for step in steps[k:]):
            continue  # of a function that changes fast, large steps see nothing, and agree on that
        agreement = (digits if digits < 1e-3 else 1.0, unsure)  # of a slope of 0 no digit can agree
        if agreement < closest:
            best, h, uncertainty, closest = smaller.central, smaller.h, unsure, agreement
    if best is None and (found := [step for step in steps if step.central is not None]):
        return found[-1].central, found[-1].h, math.inf
    return best, h, uncertainty


def _denies(step: Step, central: float, unsure: float) -> bool:
    """Whether a smaller step shows another slope, and not for rounding."""
    return step.central is not None and abs(step.central - central) > 10 * (unsure + step.noise / step.h)


def _has_kink(larger: Step, smaller: Step) -> bool:
    """Whether both sizes reach beyond a kink: what lies beyond says nothing of the slope before it."""
    return larger.bends and smaller.bends and 0.5 * larger.bend <= smaller.bend <= 2 * larger.bend


def _call(f: Callable[[float], float], x: float) -> float | None:
    try:
        y = float(f(x))
    except (ArithmeticError, ValueError):  # outside the domain
        return None
    return y if math.isfinite(y) else None


def _step(f: Callable, x: float, h: float, here: float | None, size: float, precision: float) -> Step:
    h = (x + h) - x  # the step that a float can take
    above, below = _call(f, x + h), _call(f, x - h)
    noise = precision * max(size, *(abs(y) for y in (here, above, below, 0.0) if y is not None))
    forward = None if above is None or here is None else (above - here) / h
    backward = None if below is None or here is None else (here - below) / h
    if precision > ROUNDING:  # then x too has been rounded
        noise += precision * abs(x) * max(abs(d) for d in (forward, backward, 0.0) if d is not None)
    if above is not None and below is not None:
        return Step(h, (above - below) / (2 * h), forward, backward, noise)
    if here is None or (above is None and below is None):
        return Step(h, None, forward, backward, noise)
    side, one = (1, above) if below is None else (-1, below)
    if here is None or one is None:
        return Step(h, None, forward)
    two = _call(f, x + side * 2 * h)  # a parabola through three points: as good as a central difference
    central = (one - here) / (side * h) if two is None else (4 * one - 3 * here - two) / (side * 2 * h)
    return Step(h, central, forward, backward, noise)


def _kind(steps: tuple[Step, ...]) -> tuple[str, Step | None]:
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
