"""Rows of lengths: the norm of vectors, and its derivative, the direction in which they point."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.rows import absolute
from .array_op import Columns, row
from .array_rows import M, V, spread, total

HOLED = ((0.0, 2.0, -1.0), (0.5, 0.0, 3.0))


@row(
    ((2, None, False), M), ((2, 0, False), M), ((2.0, -1, True), M), ((2, (0, 2), False), (2, 3, 4)),
    ((3, -1, False), M), ((1.5, None, True), V), ((-1, 0, False), M), ((3, 1, False), HOLED),
)  # fmt: skip
def norm(order: float, axis: Any, keepdims: bool) -> Columns:
    """The root of a sum of powers over axes, the length for the order 2; at 0 it counts as flat, as in PyTorch."""
    back = (lambda g, y, x: spread(x.shape, axis, keepdims)(g) * direction(order, axis)(x),)
    return _symbol("norm", order, axis, keepdims), lambda x: _length(x, order, axis, keepdims), back, {}


@row(((2, None), M), ((2, 0), M), ((2, (0, 2)), (2, 3, 4)), ((3, -1), M), ((1.5, None), V), ((4, 1), HOLED))
def direction(order: float, axis: Any) -> Columns:
    """How the norm moves with each number, for the order 2 the vector over its length; 0 for vectors of zeros."""

    def rule(x: Any) -> Any:
        size = np.abs(x)
        largest = np.max(size, axis, keepdims=True, initial=0.0)
        size = size / np.where(largest > 0, largest, 1.0)  # a square of a tiny number would be 0
        length = _length(size, order, axis, True)
        share = np.where(x != 0, size, 1.0) / np.where(length > 0, length, 1.0)
        return np.sign(x) * (length > 0) * (share if order == 2 else share ** (order - 1))

    def back(g: Any, y: Any, x: Any) -> Any:
        length = norm(order, axis, True)(x)
        bent = g if order == 2 else g * (absolute(x) / length) ** (order - 2.0)
        return (order - 1.0) * (bent - y * total(axis, True)(g * y)) / length

    return _symbol("direction", order, axis), rule, (back,), {}


def _length(x: Any, order: float, axis: Any, keepdims: bool) -> Any:
    if order == 2:
        return np.sqrt(np.sum(x * x, axis, keepdims=keepdims))
    return np.sum(np.abs(x) ** float(order), axis, keepdims=keepdims) ** (1.0 / order)


def _symbol(name: str, order: float, axis: Any, keepdims: bool = False) -> str:
    said = [f"ord={order:g}"] * (order != 2) + [f"axis={axis}"] * (axis is not None) + ["keepdims=True"] * keepdims
    return f"{name}({', '.join(said)})" if said else name
