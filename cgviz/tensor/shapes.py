"""NumPy's functions that place the numbers of one Tensor anew, each one row `arrange` with the name that it has."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from . import array_rows as rows
from .arguments import enter, index_of, is_default, one_axis, operand, whole
from .arrangement import Gap, arrange, numpy_function


def place_numbers(name: str, x: Any, *arguments: Any, part: int | None = None, **options: Any) -> Any:
    """The numbers of `x` as NumPy's function `name` places them, with its other arguments after the array."""
    said = tuple((key, index_of(value)) for key, value in options.items())
    return arrange(name, (Gap(0), *map(index_of, arguments)), said, part)(operand(x))


ONE = {
    "swapaxes": ("*a axis1 axis2", "swapaxes"),
    "moveaxis": ("*a source destination", ""),
    "rollaxis": ("*a axis start", ""),
    "expand_dims": ("*a axis", ""),
    "repeat": ("*a repeats axis", "repeat"),
    "tile": ("*A reps", ""),
    "roll": ("*a shift axis", ""),
    "flip": ("*m axis", ""),
    "fliplr": ("*m", ""),
    "flipud": ("*m", ""),
    "rot90": ("*m k axes", ""),
    "diag": ("*v k", ""),
    "diagflat": ("*v k", ""),
    "diagonal": ("*a offset axis1 axis2", "diagonal"),
    "tril": ("*m k", ""),
    "triu": ("*m k", ""),
    "broadcast_to": ("*array shape", ""),
    "take": ("*a indices axis out mode", "take"),
    "take_along_axis": ("*arr indices axis", ""),
    "delete": ("*arr obj axis", ""),
    "resize": ("*a new_shape", ""),
    "matrix_transpose": ("*x", ""),
    "linalg.matrix_transpose": ("*x", ""),
    "linalg.diagonal": ("*x offset", ""),
}
"""Each with NumPy's arguments, and the name of the method; what is left out keeps NumPy's own default."""
NOT_GIVEN = object()
REQUIRED = {
    "axis1",
    "axis2",
    "source",
    "destination",
    "repeats",
    "reps",
    "shift",
    "indices",
    "obj",
    "new_shape",
    "shape",
}
"""Of these, what has no default."""


def _enter_one(name: str, takes: str, method: str) -> None:
    first, *rest = (word for word in takes.replace("*", "").split() if word != "out")

    def function(**given: Any) -> Any:
        x = given.pop(first)
        options = {key: given[key] for key in rest if given.get(key, NOT_GIVEN) is not NOT_GIVEN}
        options = {key: value for key, value in options.items() if not is_default(name, key, value)}
        ahead = [options.pop(key) for key in rest if key in REQUIRED and key in options and name != "diagonal"]
        return place_numbers(name, x, *ahead, **options)

    def call(x: Any = None, **given: Any) -> Any:
        return function(**{first: x, **given})

    names = [inspect.Parameter(first, inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    names += [inspect.Parameter(key, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=NOT_GIVEN) for key in rest]
    told: Any = call
    told.__signature__ = inspect.Signature(names)
    call.__name__ = name.rpartition(".")[2]
    call.__doc__ = f"The numbers as np.{name} places them."
    enter(name, takes, method)(_with_names(call, first))


def _with_names(call: Callable, first: str) -> Callable:
    """A function that takes its first argument also by the name that NumPy gives it."""

    def named(*args: Any, **given: Any) -> Any:
        return call(*args, **given) if args else call(given.pop(first), **given)

    told: Any = named
    told.__signature__, told.__name__, told.__doc__ = inspect.signature(call), call.__name__, call.__doc__
    return named


for _name, (_takes, _method) in ONE.items():
    if numpy_function(_name) is not None:
        _enter_one(_name, _takes, _method)


@enter("transpose permute_dims", "*a axes")
def transpose(a: Any, axes: Any = None) -> Any:
    """The same numbers with the axes in another order."""
    axes = None if axes is None else tuple(map(one_axis, axes if isinstance(axes, (tuple, list)) else (axes,)))
    return rows.transpose(axes)(operand(a))


@enter("reshape", "*a shape order copy")
def reshape(a: Any, shape: Any, order: Any = "C", copy: Any = None) -> Any:
    """The same numbers in another shape, read and written with the last axis running fastest, or ('F') the first."""
    sizes, a = whole((shape,)), operand(a)
    if copy is False:
        raise TypeError("np.reshape of a Tensor gives a node of its own: it takes no copy=False")
    if not _runs_backwards(order):
        return rows.reshape(sizes)(a)
    return rows.transpose(None)(rows.reshape(sizes[::-1])(rows.transpose(None)(a)))


def _runs_backwards(order: Any) -> bool:
    if order not in ("C", "F", None):
        raise TypeError(f"the numbers of a Tensor are read in the order 'C' or 'F', got {order!r}")
    return order == "F"


@enter("ravel", "*a order", "ravel flatten")
def ravel(a: Any, order: Any = "C") -> Any:
    """The same numbers as a vector."""
    a = operand(a)
    a = rows.transpose(None)(a) if _runs_backwards(order) else a
    return rows.reshape((-1,) if a.shape and a.size else (a.size,))(a)


@enter("squeeze", "*a axis", "squeeze")
def squeeze(a: Any, axis: Any = None) -> Any:
    """The same numbers without axes of size 1."""
    said: dict[str, Any] = {} if axis is None else {"axis": whole(axis if isinstance(axis, tuple) else (axis,))}
    return place_numbers("squeeze", a, **said)


@enter("compress", "condition *a axis out")
def compress(condition: Any, a: Any, axis: Any = None) -> Any:
    """The slices along an axis for which the condition holds."""
    said = () if axis is None else (("axis", axis),)
    return arrange("compress", (np.array(condition, dtype=bool), Gap(0)), said)(operand(a))


@enter("extract", "condition *arr")
def extract(condition: Any, arr: Any) -> Any:
    """The numbers for which the condition holds."""
    return arrange("extract", (np.array(condition, dtype=bool), Gap(0)), ())(operand(arr))


PADDING = ("constant", "edge", "reflect", "symmetric", "wrap")
"""The modes of `np.pad` that only place numbers."""


@enter("pad", "*array pad_width mode constant_values reflect_type stat_length end_values")
def pad(array: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Any:
    """The numbers with a border: zeros, or another constant, or themselves mirrored or repeated."""
    if mode not in PADDING:
        raise TypeError(f"np.pad of a Tensor knows the modes {', '.join(PADDING)}, got {mode!r}")
    said: dict[str, Any] = {} if mode == "constant" else {"mode": mode}
    y = place_numbers("pad", array, pad_width, **said)
    if mode == "constant" and np.any(constant_values):
        y = y + np.pad(np.zeros(array.shape), pad_width, constant_values=constant_values)
    return y


def _enter_split(name: str, takes_axis: bool) -> None:
    @enter(name, "*ary indices_or_sections" + " axis" * takes_axis)
    def function(ary: Any, indices_or_sections: Any, axis: Any = 0) -> list:
        options = {} if is_default(name, "axis", axis) or not takes_axis else {"axis": axis}
        count = len(numpy_function(name)(np.zeros(ary.shape), indices_or_sections, **options))
        return [place_numbers(name, ary, indices_or_sections, part=i, **options) for i in range(count)]


for _name in ("split", "array_split", "hsplit", "vsplit", "dsplit"):
    _enter_split(_name, "array" in _name or _name == "split")


@enter("unstack", "*x axis")
def unstack(x: Any, axis: int = 0) -> tuple:
    """The slices along an axis, one by one."""
    count = np.moveaxis(np.empty(x.shape), axis, 0).shape[0]
    return tuple(place_numbers("unstack", x, part=i, axis=axis) for i in range(count))


@enter("real", "*val")
def real(val: Any) -> Any:
    """The Tensor itself: its numbers are real."""
    return val


@enter("copy", "*a order subok", "copy")
def copy(a: Any) -> Any:
    """The same numbers in a node of their own."""
    return rows.reshape(a.shape)(operand(a))
