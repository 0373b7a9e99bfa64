"""Probabilities and losses: softmax, cross-entropy for many classes and for two, mean squared error.

Their rows are those of `array_rows.py` beside it in kind. No number is raised to a power before the largest is taken
off, and no logarithm is taken of a rounded probability, so nothing overflows and nothing is lost.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ops.rows import exp, sigmoid, softplus
from .array_op import Columns, row, with_axis
from .array_rows import M, V, total
from .rule_errors import ShapeError


# --- probabilities: nothing is raised to a power before its maximum is taken off, so nothing overflows ---
@row(((-1,), M), ((0,), M), ((0,), V))
def softmax(axis: Any) -> Columns:
    """exp(x), divided by its sum over the axis."""

    def rule(x: Any) -> Any:
        powers = np.exp(x - np.max(x, axis, keepdims=True, initial=-np.inf))
        return powers / np.sum(powers, axis, keepdims=True)

    back = (lambda g, y, x: y * (g - total(axis, True)(g * y)),)
    return with_axis("softmax", axis if axis != -1 else None), rule, back, {}


@row(((-1,), M), ((0,), M), ((0,), V))
def log_softmax(axis: Any) -> Columns:
    """log(softmax(x)), exactly also where softmax is too small for a number."""

    def rule(x: Any) -> Any:
        lower = x - np.max(x, axis, keepdims=True, initial=-np.inf)
        return lower - np.log(np.sum(np.exp(lower), axis, keepdims=True))

    back = (lambda g, y, x: g - exp(y) * total(axis, True)(g),)
    return with_axis("log_softmax", axis if axis != -1 else None), rule, back, {}


# --- losses: the mean over the samples ---
@row(((), M, ((0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0), (0.25, 0.0, 0.5, 0.25))), ((), V, (1.0, 0.0, 0.0, 0.0)))
def cross_entropy() -> Columns:
    """-sum(t · log_softmax(z)), where each row of t adds up to 1."""

    def rule(z: Any, t: Any) -> Any:
        return -np.sum(t * log_softmax(-1).rule(z)) / _samples(z)

    back = (
        lambda g, y, z, t: g * (softmax(-1)(z) - t) / _samples(z),
        lambda g, y, z, t: -g * log_softmax(-1)(z) / _samples(z),
    )
    return "cross-entropy", rule, back, {"tex": r"\operatorname{{cross\text{{-}}entropy}}\left({0}, {1}\right)"}


def _samples(z: Any) -> int:
    """How many rows there are. Raises `ShapeError` if there is none."""
    return _count(math.prod(z.shape[:-1]))


def _count(n: int) -> int:
    if not n:
        raise ShapeError("there are no samples")
    return n


@row(((), M, M), ((), (5, 1), (5, 1)))
def binary_cross_entropy() -> Columns:
    """-(t · log σ(z) + (1 - t) · log(1 - σ(z))), written so that neither logarithm meets a 0."""

    def rule(z: Any, t: Any) -> Any:
        return np.sum(softplus(z) - t * z) / _count(z.size)

    back = (lambda g, y, z, t: g * (sigmoid(z) - t) / _count(z.size), lambda g, y, z, t: -g * z / _count(z.size))
    return "binary cross-entropy", rule, back, {}


@row(((), M, M), ((), V, V))
def mean_squared_error() -> Columns:
    """The mean of (a - b)²."""

    def rule(a: Any, b: Any) -> Any:
        return np.sum((a - b) ** 2) / _count(a.size)

    back = (lambda g, y, a, b: g * 2 * (a - b) / _count(a.size), lambda g, y, a, b: g * 2 * (b - a) / _count(a.size))
    return "MSE", rule, back, {}
