"""NumPy's functions that put several Tensors together: concatenate, stack, where, insert."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..text import kind
from ..value import Value
from . import array_rows as rows
from .arguments import enter, enter_as, index_of, one_axis, operand
from .arrangement import Gap, arrange


def _several(xs: Any, name: str) -> list:
    if not isinstance(xs, Iterable):
        raise TypeError(f"np.{name} takes a list of Tensors, such as [a, b], got {kind(xs)}")
    listed = [_one(x) for x in xs]
    if not listed:
        raise ValueError(f"np.{name} needs at least one Tensor")
    return listed


def _one(x: Any) -> Any:
    return x if isinstance(x, Value) else operand(x)


@enter("concatenate concat", "*arrays axis out dtype casting")
def concatenate(arrays: Any, axis: Any = 0) -> Any:
    """Tensors side by side along an axis that they have; in one row for the axis None."""
    listed = _several(arrays, "concatenate")
    if axis is None:
        listed, axis = [rows.reshape((-1,))(x) for x in listed], 0
    return rows.concatenate(one_axis(axis), len(listed))(*listed)


def _join_arrays(name: str, xs: list, **options: Any) -> Any:
    gaps = [Gap(i) for i in range(len(xs))]
    return arrange(name, (gaps,), tuple(options.items()))(*xs)


@enter("stack", "*arrays axis out dtype casting")
def stack(arrays: Any, axis: int = 0) -> Any:
    """Tensors of one shape side by side along a new axis."""
    return _join_arrays("stack", _several(arrays, "stack"), axis=one_axis(axis))


def _enter_stack(name: str) -> None:
    @enter(name, "*tup dtype casting")
    def function(tup: Any) -> Any:
        return _join_arrays(name, _several(tup, name))


for _name in ("vstack", "hstack", "dstack", "column_stack"):
    _enter_stack(_name)


@enter("block", "*arrays")
def block(arrays: Any) -> Any:
    """Blocks put together to one array, from lists of lists."""
    xs: list = []

    def place_gaps(part: Any) -> Any:
        if isinstance(part, list):
            return [place_gaps(x) for x in part]
        xs.append(_one(part))
        return Gap(len(xs) - 1)

    return arrange("block", (place_gaps(arrays),), ())(*xs)


@enter("append", "*arr *values axis")
def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """The numbers with others after them."""
    return arrange("append", (Gap(0), Gap(1)), () if axis is None else (("axis", axis),))(_one(arr), _one(values))


@enter("insert", "*arr obj *values axis")
def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """The numbers with others between them, before the places `obj`."""
    said = () if axis is None else (("axis", axis),)
    return arrange("insert", (Gap(0), index_of(obj), Gap(1)), said)(_one(arr), _one(values))


@enter("where", "*condition *x *y")
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """The numbers of `x` where the condition holds, and of `y` elsewhere; the condition itself has no derivative."""
    holds = np.asarray(getattr(condition, "_data", condition)).astype(bool)
    if x is None and y is None:
        return np.where(holds)
    if x is None or y is None:
        raise ValueError("np.where takes a condition alone, or with both of what to choose from")
    if not (isinstance(x, Value) or isinstance(y, Value)):
        return np.where(holds, x, y)
    return arrange("where", (holds, Gap(0), Gap(1)), ())(_one(x), _one(y))


@enter("select", "*condlist *choicelist *default")
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """For each place the number of the first choice whose condition holds."""
    if any(isinstance(c, Value) or np.asarray(c).dtype.kind != "b" for c in condlist):
        raise TypeError("the conditions of np.select are arrays of True and False, as of x > 0")
    holds = [np.asarray(c) for c in condlist]
    xs = [_one(x) for x in (*choicelist, default)]
    gaps = [Gap(i) for i in range(len(xs))]
    return arrange("select", (holds, gaps[:-1], gaps[-1]), ())(*xs)


@enter("full_like", "*a *fill_value dtype order subok shape")
def full_like(a: Any, fill_value: Any, shape: Any = None) -> Any:
    """A number in every place of an array of the same shape: an array, or of a Tensor a node."""
    sizes = np.zeros_like(np.empty(np.shape(a._data if isinstance(a, Value) else a)), shape=shape).shape
    if not isinstance(fill_value, Value):
        return np.full(sizes, fill_value)
    return arrange("broadcast_to", (Gap(0), sizes), ())(operand(fill_value))


def _each(name: str) -> Any:
    def function(*arrays: Any) -> Any:
        found = [arrange(name, (Gap(0),), ())(operand(x)) for x in arrays]
        return found[0] if len(found) == 1 else tuple(found)

    return function


for _name in ("atleast_1d", "atleast_2d", "atleast_3d"):
    enter_as(_name, _each(_name))


def broadcast_arrays(*args: Any, subok: bool = False) -> tuple:
    """The Tensors, all in the shape that they have together."""
    shape = np.broadcast_shapes(*(np.shape(getattr(x, "_data", x)) for x in args))
    return tuple(arrange("broadcast_to", (Gap(0), shape), ())(operand(x)) for x in args)


def meshgrid(*xi: Any, indexing: str = "xy", sparse: bool = False, copy: bool = True) -> tuple:
    """A grid of coordinates, from vectors of them."""
    xs, gaps = [operand(x) for x in xi], tuple(Gap(i) for i in range(len(xi)))
    said = (("indexing", indexing), ("sparse", bool(sparse)))
    return tuple(arrange("meshgrid", gaps, said, i)(*xs) for i in range(len(xs)))


enter_as("broadcast_arrays", broadcast_arrays)
enter_as("meshgrid", meshgrid)
