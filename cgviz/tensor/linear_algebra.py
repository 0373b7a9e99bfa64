"""NumPy's linear algebra on Tensors: norms, inverse, determinant, solutions, powers; each made of rows."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from ..ops.rows import absolute
from ..text import a_shape
from . import array_rows as rows
from . import matrices, norms
from .arguments import axis_of, enter, numbers_of, one_axis, operand, places
from .reductions import largest, smallest, total
from .rule_errors import ShapeError


@enter("linalg.inv", "*a")
def inv(a: Any) -> Any:
    """The inverse of a matrix, or of each of a stack."""
    return matrices.inv()(operand(a))


@enter("linalg.det", "*a")
def det(a: Any) -> Any:
    """The determinant of a matrix, or of each of a stack."""
    return matrices.det()(operand(a))


@enter("linalg.slogdet", "*a")
def slogdet(a: Any) -> Any:
    """The sign of the determinant, as numbers, and the logarithm of its size, as a node."""
    a = operand(a)
    size = matrices.logdet()(a)
    found = np.linalg.slogdet(numbers_of(a))
    return type(found)(found[0], size)


@enter("linalg.solve", "*a *b")
def solve(a: Any, b: Any) -> Any:
    """The x of ``a @ x = b``."""
    a, b = operand(a), operand(b)
    if len(b.shape) == 1 and len(a.shape) > 2:
        x = matrices.solve()(a, rows.column(b))
        return rows.reshape(x.shape[:-1])(x)
    return matrices.solve()(a, b)


@enter("linalg.matrix_power", "*a n")
def matrix_power(a: Any, n: int) -> Any:
    """The product of `n` times the same matrix; of its inverse for a negative `n`."""
    a, n = operand(a), one_axis(n)
    if len(a.shape) < 2 or a.shape[-1] != a.shape[-2]:
        raise ShapeError(f"np.linalg.matrix_power takes square matrices, got {a_shape(a.shape)}")
    if n == 0:
        return a * 0.0 + np.eye(a.shape[-1])
    base = matrices.inv()(a) if n < 0 else a
    y, left = None, abs(n)
    while left:
        if left % 2:
            y = base if y is None else rows.times(y, base)
        left //= 2
        base = rows.times(base, base) if left else base
    return y if abs(n) != 1 or n < 0 else rows.reshape(a.shape)(y)


@enter("linalg.norm", "*x ord axis keepdims")
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The length of a vector, or a norm of a matrix: the root of the sum of squares where no `ord` is named."""
    x = operand(x)
    if ord is None:
        return _length(x, axis, keepdims)
    axes = tuple(range(len(x.shape))) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(axes) == 1:
        return _of_vectors(x, ord, axes[0], keepdims)
    if len(axes) != 2:
        raise ShapeError(f"a norm with ord={ord!r} is one of vectors or matrices, got {a_shape(x.shape)}")
    return _of_matrices(x, ord, axes, keepdims)


@enter("linalg.vector_norm", "*x axis keepdims ord")
def vector_norm(x: Any, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The norm of vectors; of all numbers as one vector where no axis is named."""
    return _of_vectors(operand(x), ord, axis, keepdims)


@enter("linalg.matrix_norm", "*x keepdims ord")
def matrix_norm(x: Any, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The norm of a matrix, or of each of a stack."""
    return _of_matrices(operand(x), ord, (-2, -1), keepdims)


def _length(x: Any, axis: Any, keepdims: bool) -> Any:
    return norms.norm(2, axis_of(axis), bool(keepdims))(x)


def _of_vectors(x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    if ord is None:
        return _length(x, axis, keepdims)
    order: Any = ord
    if not isinstance(order, Real) or ord == 0 or ord != ord:
        raise TypeError(f"there is no norm of Tensors with ord={ord!r} here: a number other than 0, or inf")
    size = absolute(x)
    if ord in (np.inf, -np.inf):
        return (largest if ord > 0 else smallest)(size, axis=axis, keepdims=keepdims)
    if ord == 1:
        return total(size, axis=axis, keepdims=keepdims)
    return norms.norm(float(ord), axis_of(axis), bool(keepdims))(x)


def _of_matrices(x: Any, ord: Any, axes: Any, keepdims: bool) -> Any:
    row, column = places(axes, x.ndim)
    if ord in (None, "fro"):
        return _length(x, (row, column), keepdims)
    if ord not in (1, -1, np.inf, -np.inf):
        raise TypeError(f"there is no norm of matrices of Tensors with ord={ord!r} here: 'fro', 1, -1, inf or -inf")
    first, second = (row, column) if abs(ord) == 1 else (column, row)
    sums = total(absolute(x), axis=first, keepdims=True)
    found = (largest if ord > 0 else smallest)(sums, axis=second, keepdims=True)
    gone = tuple(size for i, size in enumerate(found.shape) if i not in (row, column))
    return found if keepdims else rows.reshape(gone)(found)
