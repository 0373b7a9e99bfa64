"""Comparisons of Tensors: a truth value for each number, as an array; a Tensor itself is asked for by ``is``."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from ..text import a_shape
from ..value import Value
from .array_data import ShownArray
from .methods import Arrays, name_tensor
from .rule_errors import ShapeError


class Truths(ShownArray):
    """What a comparison gives: NumPy's array of truth values, but where a single one is wanted it says what to write.

    >>> from cgviz import Tensor
    >>> x = Tensor([1, 2])
    >>> x > 1
    array([False,  True])
    >>> x in [Tensor([1, 3])]  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: the truth value of a comparison of Tensors is ambiguous, there is one for each number: ...
    """

    def __bool__(self) -> bool:
        if self.size == 1:
            return bool(self.item())
        raise ValueError(
            "the truth value of a comparison of Tensors is ambiguous, there is one for each number: write "
            "(a < b).all() or .any(); whether x is in a list of Tensors is any(x is y for y in them)"
        )


class Comparisons(Arrays):
    """The operators ``==``, ``<`` … and ``in``."""

    __slots__ = ()

    def __eq__(self, other: Any) -> Any:
        """Where the numbers are equal, as an array of truth values; as `<` does, and NumPy. Raises as it does."""
        return self._compare(np.equal, other)

    def __ne__(self, other: Any) -> Any:
        """Where the numbers differ."""
        return self._compare(np.not_equal, other)

    __hash__ = Value.__hash__  # a node is itself, in a set and as a key: equal numbers do not make one of two

    def __lt__(self, other: Any) -> Any:
        return self._compare(np.less, other)

    def __le__(self, other: Any) -> Any:
        return self._compare(np.less_equal, other)

    def __gt__(self, other: Any) -> Any:
        return self._compare(np.greater, other)

    def __ge__(self, other: Any) -> Any:
        return self._compare(np.greater_equal, other)

    def __contains__(self, number: Any) -> bool:
        """Whether one of the numbers is equal, as NumPy's arrays answer it."""
        return bool(np.any(self == number))

    def _compare(self, ufunc: Callable, other: Any) -> Any:
        other = getattr(other, "_data", other)
        if not (isinstance(other, (Real, list, tuple, np.ndarray, np.generic))):
            return NotImplemented
        try:
            found = ufunc(self._data, other)
        except ValueError:
            raise ShapeError(
                f"cannot compare {name_tensor(self)} ({a_shape(self.shape)}) with {a_shape(np.shape(other))}: "
                f"counted from the last, sizes must be equal, or one of them 1"
            ) from None
        return found.view(Truths) if isinstance(found, np.ndarray) else found
