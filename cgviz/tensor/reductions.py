"""NumPy's functions over axes on Tensors: sums, means, extremes, products, order; each made of rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ops.domain import DomainError
from ..text import a_shape
from ..value import Value
from . import array_rows as rows
from . import axes as along
from . import norms
from .arguments import axis_of, enter, numbers_of, one_axis, operand, place
from .joins import where
from .rule_errors import ShapeError

REDUCE = "*a axis out keepdims initial where"


@enter("sum", "*a axis dtype out keepdims initial where", "sum")
def total(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum of all numbers, or over an axis or several."""
    return rows.total(axis_of(axis), bool(keepdims))(operand(a))


@enter("mean", "*a axis dtype out keepdims where", "mean")
def mean(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean of all numbers, or over an axis or several."""
    return rows.mean(axis_of(axis), bool(keepdims))(operand(a))


@enter("max amax", REDUCE, "max")
def largest(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The largest number, or the largest over axes. Of equal ones each gets the same share of the gradient."""
    return rows.largest(axis_of(axis), bool(keepdims))(operand(a))


@enter("min amin", REDUCE, "min")
def smallest(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The smallest number, or the smallest over axes. Of equal ones each gets the same share of the gradient."""
    return rows.smallest(axis_of(axis), bool(keepdims))(operand(a))


@enter("prod", "*a axis dtype out keepdims initial where", "prod")
def prod(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The product of all numbers, or over an axis or several."""
    return along.product(axis_of(axis), bool(keepdims))(operand(a))


@enter("ptp", "*a axis out keepdims")
def ptp(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The largest number less the smallest."""
    return largest(a, axis=axis, keepdims=keepdims) - smallest(a, axis=axis, keepdims=keepdims)


@enter("var", "*a axis dtype out ddof keepdims where mean correction", "var")
def var(a: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, correction: Any = None) -> Any:
    """The mean square of what the numbers differ from their mean; `ddof` is taken off their count."""
    off, count = _off(a, axis, ddof if correction is None else correction)
    return rows.total(axis_of(axis), bool(keepdims))(off * off) / count


@enter("std", "*a axis dtype out ddof keepdims where mean correction", "std")
def std(a: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, correction: Any = None) -> Any:
    """The standard deviation, the root of `var`; of equal numbers it counts as flat, as in PyTorch."""
    off, count = _off(a, axis, ddof if correction is None else correction)
    return norms.norm(2, axis_of(axis), bool(keepdims))(off) / math.sqrt(count)


def _off(a: Any, axis: Any, ddof: float) -> tuple[Any, float]:
    """What the numbers differ from their mean, and how many they are, less `ddof`."""
    a = operand(a)
    middle = rows.mean(axis_of(axis), True)(a)
    count = math.prod(a.shape) / math.prod(middle.shape) - ddof
    if count <= 0:
        raise DomainError(f"the variance of so few numbers is not defined: their count less ddof is {count:g}")
    return a - middle, count


@enter("average", "*a axis *weights returned keepdims")
def average(a: Any, axis: Any = None, weights: Any = None, keepdims: bool = False) -> Any:
    """The mean, or with `weights` the weighted mean; weights of one axis may be a vector."""
    if weights is None:
        return mean(a, axis=axis, keepdims=keepdims)
    a, w = operand(a), operand(weights)
    if w.shape != a.shape:
        if not isinstance(axis, int) or w.shape != (a.shape[axis],):
            raise ShapeError(
                "the weights of np.average must have the shape of the numbers, or be a vector along the axis"
            )
        w = rows.reshape(tuple(n if i == axis % a.ndim else 1 for i, n in enumerate(a.shape)))(w)
    over, keep = axis_of(axis), bool(keepdims)
    return rows.total(over, keep)(a * w) / rows.total(over, keep)(w * np.ones(a.shape))


@enter("cumsum", "*a axis dtype out", "cumsum")
def cumsum(a: Any, axis: Any = None) -> Any:
    """The running sum along an axis; of all numbers in one row for None."""
    x, axis = _row_of(a, axis)
    return along.cumsum(axis)(x)


@enter("cumulative_sum", "*x axis dtype out include_initial")
def cumulative_sum(x: Any, axis: Any = None) -> Any:
    """The running sum along an axis."""
    return cumsum(x, axis=_named(x, axis, "cumulative_sum"))


@enter("cumprod", "*a axis dtype out", "cumprod")
def cumprod(a: Any, axis: Any = None) -> Any:
    """The running product along an axis; of all numbers in one row for None."""
    x, axis = _row_of(a, axis)
    axis = place(axis, x.ndim)
    n = x.shape[axis]
    shape = (*x.shape[:axis], 1, *x.shape[axis:])
    below = np.tril(np.ones((n, n), dtype=bool)).reshape((n, n) + (1,) * (x.ndim - axis - 1))
    return along.product(axis + 1, False)(where(below, rows.reshape(shape)(x), 1.0))


@enter("cumulative_prod", "*x axis dtype out include_initial")
def cumulative_prod(x: Any, axis: Any = None) -> Any:
    """The running product along an axis."""
    return cumprod(x, axis=_named(x, axis, "cumulative_prod"))


def _named(x: Any, axis: Any, name: str) -> Any:
    """The axis, which only of a row may be left out, as in NumPy."""
    if axis is None and len(operand(x).shape) > 1:
        instead = name.replace("ulative_", "")
        raise ValueError(
            f"np.{name} needs an axis here, for the numbers are {a_shape(operand(x).shape)}: np.{instead} goes over "
            f"all of them in one row"
        )
    return axis


def _row_of(a: Any, axis: Any) -> tuple[Any, int]:
    """The operand with an axis to go along: a number, and everything for the axis None, is one row."""
    a = operand(a)
    if axis is None or not a.shape:
        np.cumsum(np.zeros(a.shape), axis)  # raises for a wrong axis
        return rows.reshape((a.size,))(a), 0
    return a, one_axis(axis)


@enter("diff", "*a n axis prepend append")
def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """The differences of neighbours along an axis, `n` times."""
    x = operand(a)
    if n < 0 or not x.shape:
        raise ValueError("np.diff needs an axis, and a number of times that is not negative")
    before = (slice(None),) * place(axis, x.ndim)
    for _ in range(n):
        x = rows.getitem((*before, slice(1, None)))(x) - rows.getitem((*before, slice(None, -1)))(x)
    return x


@enter("ediff1d", "*ary to_end to_begin")
def ediff1d(ary: Any) -> Any:
    """The differences of neighbours, of all numbers in one row."""
    return diff(rows.reshape((-1,))(operand(ary)))


@enter("trapezoid trapz", "*y *x dx axis")
def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    """The area below points joined by straight lines."""
    y = operand(y)
    at = place(axis, y.ndim)
    before, after = (slice(None),) * at, (None,) * (y.ndim - 1 - at)
    middle = (rows.getitem((*before, slice(1, None)))(y) + rows.getitem((*before, slice(None, -1)))(y)) / 2.0
    if x is None:
        return rows.total(axis, False)(middle * dx)
    x = operand(x)
    width = diff(x, axis=axis if x.ndim > 1 else -1)
    return rows.total(axis, False)(middle * (width[(..., *after)] if x.ndim == 1 and after else width))


# --- without NaN ---
def _without(a: Any, instead: float) -> Any:
    return where(np.isnan(numbers_of(a)), instead, a)


@enter("nansum", "*a axis dtype out keepdims initial where")
def nansum(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum of what is not NaN."""
    return total(_without(a, 0.0), axis=axis, keepdims=keepdims)


@enter("nanprod", "*a axis dtype out keepdims initial where")
def nanprod(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The product of what is not NaN."""
    return prod(_without(a, 1.0), axis=axis, keepdims=keepdims)


@enter("nanmean", "*a axis dtype out keepdims where")
def nanmean(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean of what is not NaN."""
    count = np.sum(~np.isnan(numbers_of(a)), axis_of(axis), keepdims=bool(keepdims))
    return nansum(a, axis=axis, keepdims=keepdims) / count


@enter("nanmax", REDUCE)
def nanmax(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The largest of what is not NaN."""
    return largest(_without(a, -np.inf), axis=axis, keepdims=keepdims)


@enter("nanmin", REDUCE)
def nanmin(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The smallest of what is not NaN."""
    return smallest(_without(a, np.inf), axis=axis, keepdims=keepdims)


@enter("clip", "*a *a_min *a_max out *min *max", "clip")
def clip(a: Any, a_min: Any = None, a_max: Any = None, min: Any = None, max: Any = None) -> Any:
    """The numbers held between two bounds, of which one may be None; at a bound a number keeps its gradient."""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    bounds = [x if isinstance(x, Value) else operand(x) for x in (low, high) if x is not None]
    return along.clip(low is not None, high is not None)(a if isinstance(a, Value) else operand(a), *bounds)
