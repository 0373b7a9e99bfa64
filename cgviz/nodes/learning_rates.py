"""Learning rates that change: each is a function of the step, counted from 1, and stands wherever a rate is asked for.

Adam(cosine_rate(0.01, steps=1000))
SGD(warm_up(0.1, steps=50, then=step_rate(0.1, every=200)))
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Integral
from typing import Any

from .optimizer_checks import check_fraction, check_positive, check_rate

Schedule = Callable[[int], float]
LEAST = 1e-300
"""A rate is positive: one that has come down to 0 is as good as that."""


def constant_rate(rate: float) -> Schedule:
    """The same rate at each step.

    >>> constant_rate(0.1)(7)
    0.1
    """
    rate = check_positive("rate", rate)
    return lambda step: rate


def linear_rate(rate: float, steps: int, end: float = 0.0) -> Schedule:
    """From `rate`, at the first step, by equal amounts to `end` after so many `steps`, and `end` from then on.

    >>> [linear_rate(1.0, steps=4)(n) for n in (1, 2, 3, 4)]
    [1.0, 0.75, 0.5, 0.25]
    """
    rate, steps, end = check_positive("rate", rate), _whole("steps", steps), _at_least_0("end", end)
    return lambda step: max(rate + (end - rate) * min(step - 1, steps) / steps, LEAST)


def cosine_rate(rate: float, steps: int, end: float = 0.0) -> Schedule:
    """From `rate` to `end` after so many `steps` along half a wave of the cosine: slowly, quickly, slowly.

    (Loshchilov and Hutter, 2017, without restarts.)

    >>> [round(cosine_rate(1.0, steps=4)(n), 3) for n in (1, 2, 3, 4)]
    [1.0, 0.854, 0.5, 0.146]
    """
    rate, steps, end = check_positive("rate", rate), _whole("steps", steps), _at_least_0("end", end)
    return lambda step: max(end + (rate - end) * (1 + math.cos(math.pi * min(step - 1, steps) / steps)) / 2, LEAST)


def step_rate(rate: float, every: int, factor: float = 0.1) -> Schedule:
    """`rate`, multiplied by `factor` after `every` so many steps.

    >>> [round(step_rate(1.0, every=2, factor=0.5)(n), 3) for n in (1, 2, 3, 4, 5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    rate, every, factor = check_positive("rate", rate), _whole("every", every), check_fraction("factor", factor)
    return lambda step: max(rate * factor ** ((step - 1) // every), LEAST)


def warm_up(rate: float, steps: int, then: Schedule | None = None) -> Schedule:
    """By equal amounts up to `rate`, which the last of so many `steps` has; and then `rate`, or another schedule.

    `then` counts its steps from 1, after these.

    >>> [warm_up(1.0, steps=4)(n) for n in (1, 2, 4, 9)]
    [0.25, 0.5, 1.0, 1.0]
    """
    rate, steps = check_positive("rate", rate), _whole("steps", steps)
    later = constant_rate(rate) if then is None else then
    if not callable(later):
        raise TypeError(f"then must be a function of the step, such as cosine_rate(0.1, steps=100), got {then!r}")
    return lambda step: rate * step / steps if step <= steps else later(step - steps)


def rate_at(rate: float | Schedule, step: int) -> float:
    """The learning rate of a step. Raises `TypeError` or `ValueError` for one that is no positive, finite number.

    >>> rate_at(0.1, 3), rate_at(lambda n: 1 / n, 4)
    (0.1, 0.25)
    """
    return check_rate(rate(step), f"learning_rate at step {step}") if callable(rate) else rate


def _whole(name: str, given: Any) -> int:
    if not isinstance(given, Integral) or isinstance(given, bool) or given < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {given!r}")
    return int(given)


def _at_least_0(name: str, given: Any) -> float:
    return 0.0 if given == 0 and not isinstance(given, bool) else check_positive(name, given)
