"""Checks what optimizers and learning rates are given, or says in a sentence what is wrong with it."""

from __future__ import annotations

from math import inf, isfinite
from numbers import Real
from typing import Any

from .names import kind_text


def check_positive(name: str, given: Any) -> float:
    """The number. Raises `TypeError` for what is none, and `ValueError` for one that is not positive or not finite.

    >>> check_positive("learning_rate", -1)
    Traceback (most recent call last):
    ValueError: learning_rate must be a positive, finite number, got -1
    """
    return _number(name, given, "a positive number", "a positive, finite number", lambda x: x > 0)


def check_rate(given: Any, name: str = "learning_rate") -> float:
    """The same for a learning rate."""
    return check_positive(name, given)


def check_decay(given: Any) -> float:
    """The same for a weight decay, which may be 0.

    >>> check_decay(-1)
    Traceback (most recent call last):
    ValueError: weight_decay must be a finite number of at least 0, got -1
    """
    wanted = "a finite number of at least 0"
    return _number("weight_decay", given, "a number of at least 0", wanted, lambda x: x >= 0)


def check_fraction(name: str, given: Any) -> float:
    """The number. Raises `TypeError` for what is none, and `ValueError` for one that is not from 0 to below 1."""
    if not isinstance(given, Real) or isinstance(given, bool):
        raise TypeError(f"{name} must be a number from 0 to below 1, got {kind_text(given)}")
    fraction: Any = given
    if not 0 <= fraction < 1:
        raise ValueError(f"{name} must be from 0 to below 1, got {given}")
    return float(given)


def _number(name: str, given: Any, kind: str, wanted: str, fits: Any) -> float:
    if not isinstance(given, Real) or isinstance(given, bool):
        shown = f" {given!r}" if isinstance(given, str) else ""
        raise TypeError(f"{name} must be {kind}, got {kind_text(given)}{shown}")
    try:
        number = float(given)
    except OverflowError:  # a whole number, too large for a float
        number = inf
    if not (isfinite(number) and fits(number)):
        raise ValueError(f"{name} must be {wanted}, got {number:g}")
    return number
