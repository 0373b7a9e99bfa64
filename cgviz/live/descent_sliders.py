"""The sliders of a descent: where it starts, the learning rate, and which step is shown."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ipywidgets

from ..text import exact, shorten
from .controls.choice import is_choice, list_choices
from .controls.slider import NEAR, SPAN, describe_slider, number

SLOWEST, FASTEST = 1e-300, 1e300
"""The learning rates that a slider can be around."""
MOST = 1000
"""So many steps at most: each is a row of the list."""
DOUBLED = 7
"""A rate is doubled so many times in search of one that diverges."""


def check_rate(rate: Any) -> float:
    """The learning rate as a float. Raises `TypeError` or `ValueError` if it is none."""
    rate = number("rate", rate)
    if not 0 < rate < math.inf:
        raise ValueError(f"rate: the learning rate must be a positive number, got {exact(rate)}")
    if not SLOWEST <= rate <= FASTEST:
        raise ValueError(f"rate: the learning rate must lie between {SLOWEST:g} and {FASTEST:g}, got {exact(rate)}")
    return rate


def check_steps(steps: Any) -> int:
    """The number of steps. Raises `ValueError` if it is no whole number from 1 to `MOST`."""
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= MOST:
        raise ValueError(f"steps must be a whole number from 1 to {MOST}, got {steps!r}")
    return steps


def read_range(argument: Any) -> tuple[float, float] | None:
    """The range that was asked for with a start, as ``(min, max)`` or by a slider; none where it cannot be drawn.

    >>> read_range((0, 3)), read_range(2), read_range([4, 1, 2])
    ((0.0, 3.0), None, (1.0, 4.0))
    >>> read_range(ipywidgets.FloatLogSlider(1, min=-1, max=2))
    (0.1, 100.0)
    """
    if is_choice(argument):
        numbers = list_choices("start", argument)
        ends: tuple = min(numbers), max(numbers)
    elif isinstance(argument, tuple):
        ends = argument[:2]
    else:
        ends = getattr(argument, "min", None), getattr(argument, "max", None)
    if None in ends:
        return None
    try:
        low, high = (
            float(getattr(argument, "base", None) ** end if hasattr(argument, "base") else end) for end in ends
        )
    except OverflowError:
        return None
    return (low, high) if NEAR < high - low <= SPAN else None


def make_start_slider(name: str, argument: Any, x: float, span: tuple[float, float]) -> Any:
    """A slider for a start over the range that is shown; what was asked for is taken as it is."""
    if isinstance(argument, (tuple, ipywidgets.Widget, ipywidgets.fixed)) or is_choice(argument):
        return argument
    low, high = span
    step = 10.0 ** math.floor(math.log10((high - low) / 20))
    return ipywidgets.FloatSlider(
        x, min=low, max=high, step=step, **describe_slider(f"start {shorten(name)}"), **_plain()
    )


def make_rate_slider(stays: Callable[[float], bool], rate: float) -> ipywidgets.FloatLogSlider:
    """A slider of learning rates, from a hundredth of the one given to one that diverges.

    `stays` tells whether the descent at a rate stays within bounds.
    """
    here = math.log10(rate)
    reach = math.ceil(50 * math.log10(steepest(stays, rate) / rate)) / 50
    return ipywidgets.FloatLogSlider(
        rate, base=10, min=here - 2, max=here + reach, step=0.02, description="rate", **_plain()
    )


def make_step_slider(count: int) -> ipywidgets.IntSlider:
    """A slider of all steps."""
    return ipywidgets.IntSlider(0, min=0, max=count, description="step", **_plain())


def steepest(stays: Callable[[float], bool], rate: float) -> float:
    """The largest of the rates that a slider should offer: the first that diverges, when the rate is doubled.

    >>> steepest(lambda rate: rate < 1, 0.1)
    1.6
    """
    return next((rate * 2**k for k in range(1, DOUBLED) if not stays(rate * 2**k)), rate * 2**DOUBLED)


def _plain() -> dict[str, Any]:
    """How every slider of a row looks."""
    return {"readout": False, "layout": ipywidgets.Layout(flex="1 1 10em", min_width="6em", width="auto")}
