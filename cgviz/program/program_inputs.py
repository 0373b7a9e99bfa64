"""Checks the numbers and arrays that a program is given: floats, or a sentence that says why not."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from ..graph import is_node
from ..text import kind, shorten


def convert_input(x: Any, what: str) -> float | np.ndarray:
    """A float, or an array of floats. Raises `TypeError` for what is neither, and `ValueError` as `array` does.

    >>> convert_input(3, "leaf 'a'"), convert_input([1, 2], "leaf 'a'")
    (3.0, array([1., 2.]))
    """
    if isinstance(x, Real):
        try:
            return float(x)
        except OverflowError:
            raise TypeError(f"{what} was given an integer too large for a float") from None
    if is_node(x):
        raise TypeError(f"{what} takes a number, got another node, {shorten(repr(x))}: give it the node's number")
    found = array(x, what)
    return found if found.shape else float(found)


def array(x: Any, what: str) -> np.ndarray:
    """An array of floats. Raises `TypeError` for other contents, `ValueError` for one that is ragged or empty."""
    try:
        found = np.asarray(x)
    except ValueError:
        raise ValueError(f"{what}: the rows of the {type(x).__name__} given differ in length") from None
    if found.dtype.kind not in "biuf":
        of = f" of {found.dtype}" if found.shape else ""
        raise TypeError(f"{what}: expected a number or an array of numbers, got {kind(x)}{of}")
    if not found.size:
        raise ValueError(f"{what}: the array given, of shape {found.shape}, is empty")
    return found.astype(float, copy=False)
