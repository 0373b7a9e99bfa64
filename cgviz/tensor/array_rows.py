"""The operations that only arrays have, one row each: products of matrices, shapes, indexing, sums over axes.

As in `array_rows.py`, `g` is the gradient that arrives, `y` the output, `x` (or `a`, `b`) an operand. Rules are
written with rows, so they run on arrays, on Tensors (a second derivative) and on formulas. A row with
parameters is a function that makes the row: ``total(0, False)`` is "sum over axis 0". It returns what a picture
shows, the forward rule, the derivative rules, and how it is written where that is not ``name(x)``. The
elementwise operations are those of `array_rows.py`; what broadcasting copied, `unbroadcast` adds up again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..text import numbers, shape
from .array_op import Columns, row, with_axis
from .rule_errors import ShapeError

M, V = (3, 4), (4,)  # shapes of samples
REDUCED = (
    *(((None, False), M), ((0, False), M), ((-1, True), M), (((0, 2), False), (2, 3, 4))),
    *((((-1, 0), False), (2, 3, 4)), ((0, False), ()), ((-1, True), ()), (((), False), M)),
)


# --- products ---
@row(((), M, (4, 2)), ((), M, V), ((), V, (4, 2)), ((), V, V), ((), (2, 3, 4), (4, 2)), ((), (5, 1, 3, 4), (2, 4, 2)),
     ((), (2, 3, 4), V), ((), V, (2, 4, 3)))  # fmt: skip
def matmul() -> Columns:
    """Multiply matrices, or stacks of them; a vector is a row on the left and a column on the right."""

    def left(g: Any, y: Any, a: Any, b: Any) -> Any:
        if b.ndim == 1:
            return column(g) * b if a.ndim > 1 else g * b
        return times(as_row(g) if a.ndim == 1 and b.ndim > 2 else g, swap(b))

    def right(g: Any, y: Any, a: Any, b: Any) -> Any:
        if a.ndim == 1:
            return column(a) * as_row(g) if b.ndim > 1 else g * a
        return times(as_row(g), a) if b.ndim == 1 and a.ndim > 2 else times(swap(a), g)

    return "@", np.matmul, (left, right), {"text": "{0:2} @ {1:3}", "tex": r"{0:2} \, {1:3}", "binds": 2}


times = matmul()


# --- shapes: the gradient goes back where the numbers came from ---
@row((((6, 2),), M), (((12,),), M), (((),), (1, 1)))
def reshape(sizes: tuple[int, ...]) -> Columns:
    """The same numbers in another shape."""
    back = (lambda g, y, x: reshape(x.shape)(g),)

    def rule(x: Any) -> Any:
        try:
            return np.reshape(x, sizes)
        except ValueError:
            raise ShapeError(f"{x.size} numbers do not fit into {'×'.join(map(str, sizes)) or 'one number'}") from None

    return f"reshape({', '.join(map(str, sizes))})", rule, back, {}


@row(((None,), M), (((2, 0, 1),), (2, 3, 4)), (((-1, 0, -2),), (2, 3, 4)))
def transpose(axes: tuple[int, ...] | None) -> Columns:
    """The same numbers with the axes in another order, reversed for None."""

    def back(g: Any, y: Any, x: Any) -> Any:
        axes_back = None if axes is None else tuple(map(int, np.argsort([axis % y.ndim for axis in axes])))
        return transpose(axes_back)(g)

    columns = {"text": "{0:9}ᵀ", "tex": r"{0:9}^{{\top}}"} if axes is None else {}
    symbol = ".T" if axes is None else f"transpose({', '.join(map(str, axes))})"
    return symbol, lambda x: np.transpose(x, axes), (back,), columns


@row(
    ((slice(1, 3),), M), (((np.array([0, 2, 2]), 1),), M), (((..., None, -1),), M), ((np.eye(3, 4) > 0,), M), once=False
)
def getitem(index: Any) -> Columns:
    """The numbers at an index; the gradients of a number that is taken twice add up."""
    back = (lambda g, y, x: put(index, x.shape)(g),)
    said = f"[{index_text(index)}]"
    return said, lambda x: x[index], back, {"text": "{0:9}" + said, "tex": r"{0:9}\text{{" + said + "}}"}


@row(((slice(1, 3), M), (2, 4)), (([0, 0, 2], M), M), once=False)
def put(index: Any, sizes: tuple[int, ...]) -> Columns:
    """The numbers added up at an index of an array of zeros: the way back of indexing."""

    def rule(x: Any) -> Any:
        out = np.zeros(sizes)
        np.add.at(out, index, x)
        return out

    return f"put([{index_text(index)}])", rule, (lambda g, y, x: getitem(index)(g),), {}


@row(((0, 2), M, (2, 4)), ((-1, 3), (2, 1), (2, 3), (2, 2)))
def concatenate(axis: Any, count: int) -> Columns:
    """Arrays side by side along an axis that they have."""

    def back(i: int) -> Callable:
        def vjp(g: Any, y: Any, *xs: Any) -> Any:
            start = sum(x.shape[axis] for x in xs[:i])
            part = (slice(None),) * (axis % g.ndim) + (slice(start, start + xs[i].shape[axis]),)
            return getitem(part)(g)

        return vjp

    return with_axis("concatenate", axis), lambda *xs: np.concatenate(xs, axis), tuple(map(back, range(count))), {}


# --- over axes ---
@row(*REDUCED)
def total(axis: Any, keepdims: bool) -> Columns:
    """Sum over axes: each number gets the gradient of the sum that it is in."""
    back = (lambda g, y, x: spread(x.shape, axis, keepdims)(g),)
    return with_axis("sum", axis, keepdims), lambda x: np.sum(x, axis, keepdims=keepdims), back, {}


@row(((M, 0, False), V), ((M, -1, True), (3, 1)), ((M, None, False), ()))
def spread(sizes: tuple[int, ...], axis: Any, keepdims: bool) -> Columns:
    """The way back of a sum: each number copied to all the places whose numbers were added up."""

    def rule(x: Any) -> Any:  # NumPy lets a single number have an axis to add up along: there is none to put back
        return np.broadcast_to(x if keepdims or axis is None or not sizes else np.expand_dims(x, axis), sizes)

    text = f"spread({{0}}, {shape(sizes)})"
    return "spread", rule, (lambda g, y, x: total(axis, keepdims)(g),), {"text": text}


@row(*(sample for sample in REDUCED if sample[1]))
def mean(axis: Any, keepdims: bool) -> Columns:
    """The mean over axes."""
    back = (lambda g, y, x: spread(x.shape, axis, keepdims)(g / _share(x, y)),)

    def rule(x: Any) -> Any:
        if not x.shape:
            np.mean(x, axis)  # refuses an axis, unlike the sum of a single number
        added = np.sum(x, axis, keepdims=keepdims)
        return added / _share(x, added)

    return with_axis("mean", axis, keepdims), rule, back, {}


def _share(x: Any, y: Any) -> float:
    """How many numbers of `x` make one of `y`."""
    return math.prod(_some(x).shape) / math.prod(y.shape)


def _some(x: Any) -> Any:
    """The operand as it is. Raises `ShapeError` if it is empty."""
    if 0 in x.shape:
        raise ShapeError("the array is empty")
    return x


@row(*REDUCED)
def largest(axis: Any, keepdims: bool) -> Columns:
    """The maximum over axes. Of equal maxima each gets the same share of the gradient, as in PyTorch's amax."""
    back = (lambda g, y, x: spread(x.shape, axis, keepdims)(g) * winners(axis, 1)(x),)
    return with_axis("max", axis, keepdims), lambda x: np.max(_some(x), axis, keepdims=keepdims), back, {}


@row(*REDUCED)
def smallest(axis: Any, keepdims: bool) -> Columns:
    """The minimum over axes, with the same rule for equal minima."""
    back = (lambda g, y, x: spread(x.shape, axis, keepdims)(g) * winners(axis, -1)(x),)
    return with_axis("min", axis, keepdims), lambda x: np.min(_some(x), axis, keepdims=keepdims), back, {}


@row(((0, 1), M), ((None, -1), M))
def winners(axis: Any, sign: int) -> Columns:
    """1 at the maximum (`sign` 1) or minimum (-1), shared where several are equal, and 0 elsewhere; flat."""

    def rule(x: Any) -> Any:
        best = np.max(sign * x, axis, keepdims=True)
        found = (sign * x == best) | np.isnan(x)
        return found / np.sum(found, axis, keepdims=True)

    columns = {"text": f"[{{0}} is {'max' if sign > 0 else 'min'}]"}
    return "is max" if sign > 0 else "is min", rule, (lambda g, y, x: g * 0.0,), columns


# --- the pieces of which the rules above are made ---
def unbroadcast(g: Any, sizes: tuple[int, ...]) -> Any:
    """Sum over the axes along which an operand of shape `sizes` was repeated to take part.

    >>> unbroadcast(np.ones((2, 3)), (3,)), unbroadcast(np.ones((2, 3)), (2, 1))
    (array([2., 2., 2.]), array([[3.],
           [3.]]))
    """
    if g.shape == sizes:
        return g
    new = len(g.shape) - len(sizes)
    if new:
        g = total(tuple(range(new)) if new > 1 else 0, False)(g)
    stretched = tuple(i for i, n in enumerate(sizes) if n == 1 and g.shape[i] != 1)
    return total(stretched if len(stretched) > 1 else stretched[0], True)(g) if stretched else g


def swap(x: Any) -> Any:
    """Each matrix of a stack transposed."""
    return transpose(None if x.ndim == 2 else (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))(x)


def column(x: Any) -> Any:
    """Each vector as a matrix with one column."""
    return reshape((*x.shape, 1))(x)


def as_row(x: Any) -> Any:
    """Each vector as a matrix with one row."""
    return reshape((*x.shape[:-1], 1, *x.shape[-1:]))(x)


def index_text(index: Any) -> str:
    """An index as Python writes it between the brackets.

    >>> index_text((slice(1, None), 0, ..., None)), index_text(np.array([0, 2]))
    ('1:, 0, ..., None', '[0, 2]')
    """
    if isinstance(index, tuple):
        return ", ".join(map(index_text, index)) or "()"
    if isinstance(index, slice):
        start, stop, step = ("" if part is None else str(part) for part in (index.start, index.stop, index.step))
        return f"{start}:{stop}" + (f":{step}" if step else "")
    if getattr(getattr(index, "dtype", None), "kind", "") == "b" and index.size <= 4:
        return str(index.tolist())
    return "..." if index is ... else numbers(index, 4) if hasattr(index, "shape") else repr(index)
