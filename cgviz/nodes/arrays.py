"""Arrays as they enter a graph, and shapes as messages write them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from .names import kind_text, shape_text, title

FLOAT = np.dtype(float)
"""What every number in a graph is: a 64-bit float."""


def as_array(given: Any, node: Any) -> np.ndarray:
    """The given numbers as a new array of 64-bit floats; `node` is the one they are for.

    Raises `TypeError` for what is not numbers and `ValueError` for ragged rows or an array without any number.

    >>> from cgviz.nodes import Input
    >>> as_array([[1, 2], [3, 4]], Input("x"))
    array([[1., 2.],
           [3., 4.]])
    >>> as_array([[1, 2], [3]], Input("x"))
    Traceback (most recent call last):
    ValueError: the numbers for 'x' are ragged: their rows have different lengths
    """
    if given is None:
        raise TypeError(f"{title(node)} was given None, not an array")
    if np.ma.is_masked(given):
        raise ValueError(f"the array for {title(node)} has masked entries: fill or drop them first")
    try:
        array = np.array(given)
    except ValueError:
        raise ValueError(f"the numbers for {title(node)} are ragged: their rows have different lengths") from None
    if array.dtype.kind not in "biuf":
        what = {"O": "objects", "U": "texts", "S": "bytes", "c": "complex numbers", "M": "dates", "m": "durations"}
        shown = what.get(array.dtype.kind, f"entries of type {array.dtype}")
        raise TypeError(f"{title(node)} takes an array of real numbers, got {shown} (from {kind_text(given)})")
    if not array.size:
        raise ValueError(f"the array for {title(node)} is empty (shape {shape_text(array)}): it needs numbers")
    return np.array(array, FLOAT)


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """The gradient of an operand of this `shape` that was broadcast: summed over where it was repeated.

    >>> sum_to(np.ones((11, 10)), (10,))
    array([11., 11., 11., 11., 11., 11., 11., 11., 11., 11.])
    """
    if g.shape == shape:
        return g
    if g.ndim == 2 and shape == g.shape[1:]:
        return ones(len(g)).dot(g)
    extra = g.ndim - len(shape)
    repeated = tuple(range(extra)) + tuple(i + extra for i, n in enumerate(shape) if n == 1)
    return g.sum(repeated).reshape(shape)


@lru_cache(maxsize=64)
def ones(n: int) -> np.ndarray:
    """A vector of n ones: multiplied by a matrix it sums the rows, three times faster than `sum` for a batch."""
    return np.ones(n)


def align_axes(a: Any, b: Any) -> Any:
    """`a` in the shape of `b`, if they differ only in axes of length 1, as ``11`` and ``11×1`` do; else `None`.

    Left to broadcasting, their difference would be 11×11 numbers, and a wrong loss without a word.
    """
    if a.shape == b.shape:
        return a
    if a.size == b.size and [n for n in a.shape if n > 1] == [n for n in b.shape if n > 1]:
        return a.reshape(b.shape)
    return None


def where_not_finite(x: Any) -> str:
    """Where an array holds something that is not a finite number, or ``""``.

    >>> where_not_finite(np.array([[1.0, 2.0], [np.nan, 4.0]]))
    'NaN in 1 of its 4 numbers, first at row 1, column 0'
    """
    x = np.asarray(x, float)
    bad = ~np.isfinite(x)
    if not bad.any():
        return ""
    what = "NaN" if np.isnan(x).any() else "infinity"
    bad = np.isnan(x) if what == "NaN" else bad
    place = np.argwhere(bad)[0].tolist()
    if x.ndim == 0:
        return what
    where = f"row {place[0]}, column {place[1]}" if x.ndim == 2 else f"place {', '.join(map(str, place))}"
    return f"{what} in {int(bad.sum())} of its {x.size:,} numbers, first at {where}"
