"""The slope of a function at a point, found by taking small steps: what a derivative has to agree with."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

SIZES = tuple(10.0**-k for k in range(1, 11))
"""Step sizes, from too large (the curve bends) to too small (the digits run out)."""

NEAR, NEARER = 1e-3, 1e-5
"""Two sizes at which the slopes to the left and to the right are compared: at a kink they stay apart."""

ROUNDING = 2.0**-52

CENTRAL, ONE_SIDE = "central", "one side"


class Step(NamedTuple):
    """What a step of size `h` shows: the central difference, and the forward difference (f(x + h) - f(x)) / h.

    At the edge of a domain, where one side has no value, `central` is the difference to the other side.
    """

    h: float
    central: float | None
    forward: float | None


class Slope(NamedTuple):
    """The `slope` seen with the best size `h`, give or take `uncertainty`; ``None`` at a jump, and without a value.

    `kind` is ``"smooth"``, ``"edge"`` (of the domain: only one side has values), ``"kink"`` (the slopes to the
    `left` and `right` differ) or ``"jump"``. `steps` are the sizes that were tried.
    """

    slope: float | None
    h: float
    uncertainty: float
    kind: str
    left: float | None
    right: float | None
    steps: tuple[Step, ...]


def slope(f: Callable[[float], float], x: float, size: float = 0.0) -> Slope:
    """Measure the slope of `f` at `x` with steps of many sizes, and say which can be trusted most.

    Large steps are wrong because the function bends, small ones because a float has 16 digits: the best
    size is where two neighbouring sizes agree most closely. What `f` raises counts as having no value. `size` is that
    of the numbers on the way to the result: where they cancel out, their rounding is neither a kink nor a jump.

    >>> seen = slope(lambda x: x**3, 2.0)
    >>> round(seen.slope, 8), seen.kind, slope(abs, 0.0).kind
    (12.0, 'smooth', 'kink')
    """
    here = _call(f, x)
    scale = max(1.0, abs(x))
    sizes = [h * scale for h in SIZES]
    if 0 < abs(x) < 1e-2:  # the edge of a domain may be as near as 0 is
        close = [h * abs(x) for h in SIZES[:6]]
        sizes = [h for h in sizes if h > 3 * close[0]] + close
    steps = tuple(_step(f, x, h, here) for h in sizes)
    floor = ROUNDING * max(1e-3, abs(here or 0.0))
    best, h, uncertainty, closest = None, 0.0, math.inf, (math.inf, math.inf)
    for larger, smaller in pairwise(steps):
        if larger.central is not None and smaller.central is not None:
            unsure = abs(larger.central - smaller.central) + floor / smaller.h
            digits = unsure / max(abs(smaller.central), 1e-300)
            agreement = (digits if digits < 1e-3 else 1.0, unsure)  # of a slope of 0 no digit can agree
            if agreement < closest:
                best, h, uncertainty, closest = smaller.central, smaller.h, unsure, agreement
    if 0 < h < 0.01 * NEARER:  # right beside a pole or a kink: what is farther away than the best step says nothing
        scale = h / NEARER
    left, right = (_one_side(f, x, side * NEARER * scale, here) for side in (-1, 1))
    if here is not None and _jumps(f, x, here, sizes[-2:], size):
        return Slope(None, h, uncertainty, "jump", left, right, steps)
    kind = _kind(f, x, (here, size), scale, left, right)
    return Slope(None if kind == "jump" else best, h, uncertainty, kind, left, right, steps)


def _call(f: Callable[[float], float], x: float) -> float | None:
    try:
        y = float(f(x))
    except (ArithmeticError, ValueError):  # outside the domain
        return None
    return y if math.isfinite(y) else None


def _step(f: Callable, x: float, h: float, here: float | None) -> Step:
    h = (x + h) - x  # the step that a float can take
    above, below = _call(f, x + h), _call(f, x - h)
    forward = None if above is None or here is None else (above - here) / h
    if above is not None and below is not None:
        return Step(h, (above - below) / (2 * h), forward)
    side, one = (1, above) if below is None else (-1, below)
    if here is None or one is None:
        return Step(h, None, forward)
    two = _call(f, x + side * 2 * h)  # a parabola through three points: as good as a central difference
    central = (one - here) / (side * h) if two is None else (4 * one - 3 * here - two) / (side * 2 * h)
    return Step(h, central, forward)


def _one_side(f: Callable, x: float, h: float, here: float | None) -> float | None:
    h = (x + h) - x
    there = _call(f, x + h)
    return None if there is None or here is None else (there - here) / h


def _jumps(f: Callable, x: float, here: float, sizes: Sequence[float], size: float) -> bool:
    """Whether to one side the result keeps its distance though the step shrinks: two slopes may agree in spite of it.

    `sizes` are two of the smallest steps: a tenth of the step makes a tenth of the way of what has a slope, and less
    than half of it of any root.
    """
    rounding = 1000 * ROUNDING * max(abs(here), size)
    for side in (-1, 1):
        far, near = (_call(f, x + side * h) for h in sizes)
        if far is not None and near is not None:
            way = abs(near - here)
            if way > rounding and way > 0.9 * abs(far - here):
                return True
    return False


def _kind(f: Callable, x: float, at: tuple, scale: float, left: float | None, right: float | None) -> str:
    here, size = at
    if left is None or right is None:
        return "edge"
    wide_left, wide_right = (_one_side(f, x, side * NEAR * scale, here) for side in (-1, 1))
    if wide_left is None or wide_right is None:
        return "smooth"
    apart, wide_apart = abs(right - left), abs(wide_right - wide_left)
    steepest = max(abs(left), abs(right))
    rounding = ROUNDING * max(50 * abs(here), 4 * size) / (NEARER * min(1.0, scale))
    if apart <= 1e-4 * steepest + rounding or apart < 0.5 * wide_apart:
        return "smooth"
    return "jump" if steepest > 50 * max(abs(wide_left), abs(wide_right)) else "kink"
