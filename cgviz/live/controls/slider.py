"""The slider of a leaf, made from a number, a range, or taken as it is given."""

from __future__ import annotations

import math
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape
from numbers import Real
from typing import Any

import ipywidgets

from ...text import exact, kind, literal, shorten, typeset_name
from ...value import real_number

STEP = 0.1
FAR, NEAR = 1e6, 1e-300
"""From FAR on a step of 0.1 is too small to see; below NEAR a tenth of a number may be 0."""
SPAN = 1e306
"""How far apart the ends may lie: the slider in the page counts in per cent, and 100 * SPAN has to stay finite."""
EXPECTED = "a number, (min, max), (min, max, step), a list of numbers, fixed(…) or a slider"
"""What a leaf can be given, in a sentence."""
LARGEST = sys.float_info.max


def slider(name: str, argument: Any, **look: Any) -> ipywidgets.Widget:
    """Make the slider of a leaf: `argument` is a number, ``(min, max)``, ``(min, max, step)`` or a slider.

    `look` are the layout and the style of a slider that is made.

    Raises `TypeError` or `ValueError`, naming the leaf, for anything else.

    >>> made = slider("a", 2.55)
    >>> made.min, made.max, made.step, made.value
    (-2.6, 7.7, 0.1, 2.55)
    """
    if isinstance(argument, ipywidgets.Widget):
        given = getattr(argument, "value", None)
        if isinstance(given, bool) or not isinstance(given, Real):
            raise TypeError(f"{shorten(name)}: the widget {type(argument).__name__} has no number as its value")
        finite(name, float(given))
        for end in (getattr(argument, "min", None), getattr(argument, "max", None)):
            if isinstance(end, Real) and not math.isfinite(end):
                raise ValueError(
                    f"{shorten(name)}: a slider's range needs finite numbers, got {exact(float(end))} as an end of it"
                )
        if not argument.description:
            for trait, shown in describe_slider(name).items():
                setattr(argument, trait, shown)
        return argument
    if isinstance(argument, tuple):
        low, high, step = _parse_range(name, argument)
        value = _find_middle(low, high, step) if len(argument) == 3 else low + (high - low) / 2
    else:
        value = finite(name, number(name, argument))
        low, high, step = _around(value)
    said = {**describe_slider(name), "tooltip": f"move {shorten(name)}"}  # without one, the page says "null"
    return ipywidgets.FloatSlider(value, min=low, max=high, step=step, readout=False, **said, **look)


def _find_middle(low: float, high: float, step: float) -> float:
    """The step in the middle of a range, or just below it: of 1 to 8 in steps of 1 it is 4.

    >>> _find_middle(1, 8, 1), _find_middle(0, 5, 0.5), _find_middle(0, 1, 0.1)
    (4.0, 2.5, 0.5)
    """
    steps = int((decimal(high) - decimal(low)) / decimal(step) / 2)
    return float(decimal(low) + steps * decimal(step))


def describe_slider(name: str) -> dict[str, Any]:
    r"""The description of a slider, as the boxes write the name; JupyterLab is kept from reading TeX in it.

    >>> describe_slider("a"), describe_slider("w_1"), describe_slider(r"$\alpha$")["description_allow_html"]
    ({'description': 'a'}, {'description': 'w₁'}, True)
    """
    text = typeset_name(shorten(name))
    if not any(sign in text for sign in "$\\"):
        return {"description": text}
    return {"description": literal(escape(text), tag="span"), "description_allow_html": True}


def number(name: str, argument: Any) -> float:
    """Return the argument as a float, infinite if it is too large. Raises `TypeError` if it is no number."""
    found = real_number(argument)
    if found is None or isinstance(found, bool):
        shown = f" {shorten(repr(argument))}" if isinstance(argument, (str, bool, complex)) else ""
        raise TypeError(f"{shorten(name)}: expected {EXPECTED}, got {kind(argument)}{shown}")
    try:
        return float(found)
    except OverflowError:
        return math.inf


def finite(name: str, x: float) -> float:
    """Return the number. Raises `ValueError` if it is infinite or not a number."""
    if not math.isfinite(x):
        raise ValueError(f"{shorten(name)}: a slider needs a finite number, got {x}")
    return x


def decimal(x: float) -> Decimal:
    """Return the number as it is written: 0.1 is one tenth, so that 21 steps of it are 2.1 and nothing besides."""
    return Decimal(repr(float(x)))


def _around(value: float) -> tuple[float, float, float]:
    """The range that `ipywidgets.interact` gives a number, -value to 3 * value, its ends moved out to whole steps."""
    size = abs(value)
    if size < NEAR:
        return -1.0, 1.0, STEP
    if 4 * size > SPAN:  # too far from 0 to reach it
        return max(value - SPAN / 4, -LARGEST), min(value + SPAN / 4, LARGEST), SPAN / 40
    exactly = decimal(value)
    step = decimal(STEP) if 1 <= size < FAR else abs(exactly) / 10
    low, high = sorted((-exactly, 3 * exactly))
    low = (low / step).to_integral_value(ROUND_FLOOR) * step
    high = (high / step).to_integral_value(ROUND_CEILING) * step
    return float(low), float(high), float(step)


def _parse_range(name: str, argument: Any) -> tuple[float, float, float]:
    if len(argument) not in (2, 3):
        raise ValueError(
            f"{shorten(name)}: a slider's range is (min, max) or (min, max, step), got {len(argument)} numbers"
        )
    low, high, *rest = (number(name, x) for x in argument)
    if math.isinf(low) or math.isinf(high):
        raise ValueError(f"{shorten(name)}: a slider's range needs finite numbers, got ({exact(low)}, {exact(high)})")
    if not low < high:
        raise ValueError(f"{shorten(name)}: a slider's range needs min < max, got ({exact(low)}, {exact(high)})")
    if high - low > SPAN:
        raise ValueError(f"{shorten(name)}: a slider's range spans at most {SPAN:g}, got ({exact(low)}, {exact(high)})")
    step = rest[0] if rest else STEP if 2 < high - low < 2 * FAR else (high - low) / 20
    if not rest and not step:  # of the smallest numbers that there are, a twentieth is 0
        step = high - low
    if not 0 < step <= high - low:
        raise ValueError(f"{shorten(name)}: a slider's step lies above 0 and within its range, got {exact(step)}")
    return low, high, step
