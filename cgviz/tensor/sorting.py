"""NumPy's functions that ask for the order of the numbers: sort, quantiles, the median; each made of rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ops.domain import DomainError
from . import array_rows as rows
from . import axes as along
from .arguments import enter, numbers_of, one_axis, operand


@enter("sort", "*a axis kind order stable")
def sort(a: Any, axis: Any = -1, kind: Any = None, stable: Any = None) -> Any:
    """The numbers along an axis in rising order; of all numbers in one row for None. Every `kind` is stable here."""
    a = operand(a)
    np.sort(np.zeros(0), kind=kind)  # refuses what is none
    return along.sort(0)(rows.reshape((-1,))(a)) if axis is None else along.sort(one_axis(axis))(a)


@enter("quantile", "*a q axis out overwrite_input method keepdims weights interpolation")
def quantile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The number below which a share `q` of the numbers lies, between two of them by a straight line."""
    if method != "linear":
        raise TypeError(f"np.quantile of a Tensor knows the method 'linear', got {method!r}")
    a = operand(a)
    if np.isnan(numbers_of(a)).any() or not a.size:
        raise DomainError("the order of numbers is not defined where one is NaN, or there is none")
    moved, shape = _last(a, axis)
    ordered = along.sort(-1)(moved)
    shares = np.asarray(q, dtype=float)
    if ((shares < 0) | (shares > 1)).any():
        raise ValueError("quantiles lie between 0 and 1, percentiles between 0 and 100")
    at = shares.ravel() * (ordered.shape[-1] - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, ordered.shape[-1] - 1)
    low_part = rows.getitem((..., low))(ordered)
    y = low_part + (rows.getitem((..., high))(ordered) - low_part) * (at - low)
    kept = shape if keepdims else moved.shape[:-1]
    order = (y.ndim - 1, *range(y.ndim - 1))
    return rows.reshape((*shares.shape, *kept))(rows.transpose(order)(y))


def _last(a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The numbers with the axes that are gone over as one, the last; and the shape with a 1 for each of them."""
    shape = np.sum(np.zeros(a.shape), axis, keepdims=True).shape
    gone = range(a.ndim) if axis is None else [i % a.ndim for i in np.atleast_1d(axis)] if a.ndim else []
    rest = [i for i in range(a.ndim) if i not in gone]
    moved = rows.transpose((*rest, *map(int, gone)))(a) if a.ndim else a
    size = math.prod(a.shape[i] for i in gone)
    return rows.reshape((*(a.shape[i] for i in rest), size))(moved), shape


@enter("percentile", "*a q axis out overwrite_input method keepdims weights interpolation")
def percentile(a: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The number below which `q` percent of the numbers lie."""
    return quantile(a, np.asarray(q, dtype=float) / 100.0, axis=axis, method=method, keepdims=keepdims)


@enter("median", "*a axis out overwrite_input keepdims")
def median(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The number in the middle, or the mean of the two in the middle."""
    return quantile(a, 0.5, axis=axis, keepdims=keepdims)
