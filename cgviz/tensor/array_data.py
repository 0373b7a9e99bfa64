"""The array inside a `Tensor`: float64, rectangular, and changed by nobody, neither us nor the caller.

What came in is copied; what goes out (`FrozenArray`) cannot be written to. So an array that one
node holds may be shared by its views (`x.T`, `x[0]`), and ``w.data -= 0.1 * w.grad`` makes a new one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from ..graph import is_from_torch, is_node
from ..text import a_shape, kind, shorten


class ShownArray(np.ndarray):
    """An array that is NumPy's in all that comes of it, and in what is printed."""

    def __array_wrap__(self, result: np.ndarray, context: Any = None, return_scalar: bool = False) -> Any:
        """Let results be ordinary arrays."""
        plain = np.asarray(result)
        return plain[()] if return_scalar else plain

    def __repr__(self) -> str:
        return repr(np.asarray(self))


class FrozenArray(ShownArray):
    """What `Tensor.data` returns: NumPy's array, but ``+=`` and its kin make a new array and items cannot be set.

    Arithmetic with it gives ordinary arrays, and so does ``.copy()``, as far as one can tell: it can be written to.

    >>> old = view_frozen(np.array([1.0, 2.0]))
    >>> new = old
    >>> new += 10
    >>> old, new
    (array([1., 2.]), array([11., 12.]))
    """

    def __setitem__(self, index: Any, value: Any) -> None:
        if not self.flags.writeable:
            raise TypeError(
                "the array of a Tensor cannot be changed in place; change a copy and give it back: "
                "new = x.numpy(); new[0] = 5; x.data = new"
            )
        super().__setitem__(index, value)


def _in_place(name: str) -> Callable:
    compute, in_place = getattr(operator, name), getattr(np.ndarray, f"__i{name}__")

    def method(self: FrozenArray, other: Any) -> Any:
        if self.flags.writeable:
            return in_place(self, other)
        result = compute(np.asarray(self), other)
        if is_node(result):
            return result  # which `Tensor.data` will refuse
        result = np.asarray(result)
        if result.shape != self.shape:
            raise ValueError(f"the shape would change from {a_shape(self.shape)} to {a_shape(result.shape)}")
        return view_frozen(result)

    return method


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    setattr(FrozenArray, f"__i{_name}__", _in_place(_name))


def view_frozen(array: np.ndarray) -> FrozenArray:
    """A view of an array through which it cannot be changed."""
    view = array.view(FrozenArray)
    view.flags.writeable = False
    return view


def freeze(result: Any) -> np.ndarray:
    """What a rule computed, as the array that a node keeps: float64, read-only."""
    array = np.asarray(result, dtype=np.float64)
    if array.flags.writeable:
        array.flags.writeable = False
    return array


def check_array(data: Any, label: str = "") -> np.ndarray:
    """A copy of what a person gave, as a node keeps it; whole numbers and truth values become floats.

    NaN and infinities are data like any other. Raises `TypeError` for what is not a rectangular
    array of real numbers: ragged lists, strings, complex numbers, objects, nodes of a graph.

    >>> check_array([[1, 2], [3, 4]])
    array([[1., 2.],
           [3., 4.]])
    >>> check_array([[1, 2], [3]], "X")
    Traceback (most recent call last):
    TypeError: the data of 'X' must be a rectangular array of numbers, got rows of different lengths
    """
    if isinstance(data, FrozenArray) and not data.flags.writeable:
        return freeze(np.asarray(data))  # a Tensor's own: it will not change, so it can be shared
    where = f" of '{shorten(label)}'" if label else ""
    wanted = f"the data{where} must be a rectangular array of numbers"
    if is_from_torch(type(data)):
        raise TypeError(f"{wanted}, got a tensor of PyTorch's (its numbers are x.detach().numpy())")
    if is_node(data):
        raise TypeError(f"{wanted}, got a {type(data).__name__} (what it holds is .data)")
    if isinstance(data, (list, tuple)) and _holds_nodes(data):
        raise TypeError(f"{wanted}, got nodes of a graph; concatenate joins Tensors")
    if np.ma.is_masked(data):
        raise TypeError(f"{wanted}, got masked entries: fill or drop them first")
    try:
        array = np.asarray(data)
    except ValueError:
        raise TypeError(f"{wanted}, got rows of different lengths") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{wanted}, got {_kind(data, array)}")
    return freeze(np.array(array, dtype=np.float64))


def _holds_nodes(data: Any, depth: int = 0) -> bool:
    """Whether a nested list has Tensors or Values in it: NumPy would take their numbers and cut them off the graph."""
    if isinstance(data, (list, tuple)):
        return depth < 64 and any(_holds_nodes(x, depth + 1) for x in data)
    return is_node(data)


def _kind(data: Any, array: np.ndarray) -> str:
    if data is None:
        return "None"
    what = {"c": "complex numbers", "U": "text", "S": "bytes", "M": "dates", "m": "times"}.get(array.dtype.kind)
    if what is None:
        what = _objects(array) if array.shape else kind(data)
        if isinstance(data, int):
            what = "a whole number too large for a float"
    return f"{what} {shorten(repr(data))}" if isinstance(data, (str, bytes, complex)) else what


def _objects(array: np.ndarray) -> str:
    """What an array of objects is: numbers after all, which one has to turn into floats, or something else."""
    numbers = array.dtype.kind == "O" and all(isinstance(x, Real) for x in array.flat)
    return "numbers kept as objects (np.array(x, dtype=float) makes floats of them)" if numbers else "objects"
