"""A number as a person types it into a box."""

from __future__ import annotations

import math
import re

from ...text import shorten

UNSIGNED = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
NUMBER = re.compile(rf"[+-]?{UNSIGNED}")
FRACTION = re.compile(rf"([+-]?{UNSIGNED})\s*/\s*({UNSIGNED})")


def parse_number(name: str, text: str) -> float:
    """Read a number, exactly as it stands; a comma may stand for the point.

    Raises `ValueError`, naming the leaf, for anything else: a box is no place for expressions.

    >>> parse_number("a", " 3,5 "), parse_number("a", "1e-3"), parse_number("a", "-2")
    (3.5, 0.001, -2.0)
    >>> parse_number("a", "1/2")
    Traceback (most recent call last):
    ValueError: a: '1/2' is not a number; write it as 0.5
    """
    name, shown, text = shorten(name), shorten(text), text.strip()
    if not text:
        raise ValueError(f"{name}: the box was empty; write a number such as 0.5")
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{name}: '{shown}' is not a number; write {_instead(text)}")
    number = _read(text)
    if not math.isfinite(number):
        raise ValueError(f"{name}: '{shown}' is too large; the largest number is about 1.8e308")
    return number


def _instead(text: str) -> str:
    fraction = FRACTION.fullmatch(text)
    if fraction:
        over, under = map(_read, fraction.groups())
        if under and math.isfinite(over / under):
            return f"it as {over / under:.10g}"
    return "one such as 0.5"


def _read(text: str) -> float:
    return float(text.replace(",", "."))
