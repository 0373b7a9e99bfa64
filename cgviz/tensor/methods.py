"""What a Tensor can do that a number cannot: its array operations as methods, and their arguments."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..text import a_shape, shorten
from ..value import Value
from . import losses
from . import ops as rows
from .calls import array_function
from .check import for_check
from .data import checked
from .errors import ShapeError
from .words import explain


class ArrayMethods:
    """The methods, each one a call of its row."""

    __slots__ = ()

    @property
    def T(self) -> Any:
        """The same numbers with the axes in reverse order."""
        return rows.transpose(None)(self)

    def numpy(self) -> np.ndarray:
        """The numbers as an array of one's own, which may be changed."""
        return self._data.copy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self._data.astype(dtype or np.float64)

    def __array_function__(self, function: Any, types: Any, args: tuple, options: dict[str, Any]) -> Any:
        return array_function(function, args, options)

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError(f"{called(self)} is a single number, it has no length")
        return len(self._data)

    def __iter__(self) -> Iterator:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        return rows.getitem(_index(index))(self)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            "a Tensor cannot be changed in place, its graph would no longer be true; to give a leaf new numbers "
            "change a copy: new = x.numpy(); new[0] = 5; x.data = new"
        )

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The sum of all numbers, or over an axis or several."""
        return rows.total(axis_of(axis), bool(keepdims))(self)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The mean of all numbers, or over an axis or several."""
        return rows.mean(axis_of(axis), bool(keepdims))(self)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The largest number, or the largest over axes. Of equal ones each gets the same share of the gradient."""
        return rows.largest(axis_of(axis), bool(keepdims))(self)

    def min(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The smallest number, or the smallest over axes. Of equal ones each gets the same share of the gradient."""
        return rows.smallest(axis_of(axis), bool(keepdims))(self)

    def reshape(self, *sizes: Any) -> Any:
        """The same numbers in another shape, ``x.reshape(2, 3)`` or ``x.reshape((2, 3))``; one size may be -1."""
        return rows.reshape(whole(sizes))(self)

    def transpose(self, *axes: Any) -> Any:
        """The same numbers with the axes in another order, ``x.transpose(0, 2, 1)``; reversed if none is given."""
        return rows.transpose(whole(axes) or None)(self)

    def softmax(self, axis: int = -1) -> Any:
        """exp(x), divided by its sum over the axis."""
        return losses.softmax(axis_of(axis))(self)

    def log_softmax(self, axis: int = -1) -> Any:
        """log(softmax(x)), exact also for tiny probabilities."""
        return losses.log_softmax(axis_of(axis))(self)

    def _explain(self, node: Any, names: Any = None) -> Any:
        return explain(self, node, names)

    def _for_check(self) -> Any:
        return for_check(self)


def seed_of(root: Any, accumulate: Any, gradient: Any) -> np.ndarray:
    """The gradient with which a backward pass begins: 1, or what the caller says."""
    if not isinstance(accumulate, (bool, np.bool_)):
        raise TypeError("accumulate is True or False; give a gradient by its name: backward(gradient=...)")
    if gradient is None:
        if root.size != 1:
            raise ShapeError(
                f"backward starts from a single number, and {called(root)} is {a_shape(root.shape)}: sum it up first, "
                f"y.sum().backward(), or say how much each number counts, y.backward(gradient=...)"
            )
        return np.ones(root.shape)
    seed = np.array(checked(gradient, "gradient"))
    if seed.shape != root.shape:
        raise ShapeError(f"the gradient is {a_shape(seed.shape)}, but {called(root)} is {a_shape(root.shape)}")
    return seed


def called(node: Any) -> str:
    """What a sentence calls a Tensor."""
    return f"'{shorten(node.label)}'" if node.label else "the Tensor"


def axis_of(axis: Any) -> Any:
    """An axis, or several, as whole numbers. Raises `TypeError` for anything else."""
    if axis is None:
        return None
    axes = whole(axis if isinstance(axis, (tuple, list)) else (axis,), "an axis")
    return axes[0] if len(axes) == 1 else axes


def whole(numbers: Any, what: str = "a size or an axis") -> tuple[int, ...]:
    """The whole numbers that were given one by one or as one tuple."""
    if len(numbers) == 1 and isinstance(numbers[0], (tuple, list)):
        numbers = numbers[0]
    try:
        return tuple(map(operator.index, numbers))
    except TypeError:
        raise TypeError(f"{what} is a whole number, got {shorten(repr(numbers))}") from None


def _index(index: Any) -> Any:
    """An index that nobody can change any more."""
    if isinstance(index, tuple):
        return tuple(map(_index, index))
    if isinstance(index, Value):
        raise TypeError("an index is made of whole numbers, not of Tensors or Values; write x[i.numpy().astype(int)]")
    if isinstance(index, (list, np.ndarray)):
        return np.array(index, dtype=int if isinstance(index, list) and not index else None)
    return index
