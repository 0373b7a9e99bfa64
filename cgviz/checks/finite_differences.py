"""The slope of a function at a point, found by taking small steps: what a derivative has to agree with."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from .kinks import ROUNDING, Step, classify, reach_beyond_kink

SIZES = tuple(10.0**-k for k in range(1, 11))
"""Step sizes, from too large (the curve bends) to too small (the digits run out)."""

FINEST = 16
"""A step is at least so many floats wide: of fewer, the function's own rounding is most of what is seen."""


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
        kind, seen = classify(steps)
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
        if larger.central is None or smaller.central is None or (kind != "kink" and reach_beyond_kink(larger, smaller)):
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
