"""Rows along axes, or between numbers, that are more than sums: running sums, products, sorting, clip."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops import greater, greater_equal
from .op import row, with_axis
from .ops import M, spread, total


@row(((0,), M), ((-1,), M), ((-2, True), (2, 3, 4)))
def cumsum(axis, backwards=False):
    """The running sum along an axis; its way back is the running sum from the other end."""

    def rule(x: Any) -> Any:
        return np.flip(np.cumsum(np.flip(x, axis), axis), axis) if backwards else np.cumsum(x, axis)

    name = "cumsum_from_the_end" if backwards else "cumsum"
    return with_axis(name, axis), rule, (lambda g, y, x: cumsum(axis, not backwards)(g),), {}


@row(((None, False), M), ((0, False), M), ((-1, True), M), (((0, -1), False), (2, 3, 4)))
def product(axis, keepdims):
    """The product over axes; each number gets the gradient times the product of the others, right for zeros too."""
    back = (lambda g, y, x: spread(x.shape, axis, keepdims)(g) * others(axis)(x),)
    return with_axis("prod", axis, keepdims), lambda x: np.prod(x, axis, keepdims=keepdims), back, {}


@row(((None,), M), ((-1,), M), (((0, 2),), (2, 3, 4)))
def others(axis):
    """For each number the product of all others over the axes, without a division."""

    def rule(x: Any) -> Any:
        axes = np.arange(x.ndim) if axis is None else np.atleast_1d(axis) % max(x.ndim, 1)
        kept = [i for i in range(x.ndim) if i not in axes]
        order = (*kept, *(int(i) for i in axes if x.ndim))
        moved = np.transpose(x, order)
        rows = moved.reshape(*moved.shape[: len(kept)], int(np.prod(moved.shape[len(kept) :])))
        ones = np.ones((*rows.shape[:-1], 1))
        before = np.cumprod(np.concatenate([ones, rows[..., :-1]], -1)[..., : rows.shape[-1]], -1)
        after = np.flip(
            np.cumprod(np.concatenate([ones, np.flip(rows, -1)[..., :-1]], -1)[..., : rows.shape[-1]], -1), -1
        )
        return np.transpose((before * after).reshape(moved.shape), np.argsort(order))

    def back(g: Any, y: Any, x: Any) -> Any:
        return (total(axis, True)(g * y) - g * y) / x

    return with_axis("others", axis), rule, (back,), {"text": f"{with_axis('product of the others', axis)}({{0}})"}


@row(((0,), M), ((-1,), M))
def sort(axis):
    """The numbers along an axis in rising order; of equal ones the first stays first, and each keeps its gradient."""
    return with_axis("sort", axis), lambda x: np.sort(x, axis), (lambda g, y, x: unsorted(axis)(g, x),), {}


@row(((0,), M, M), ((-1,), M, M))
def in_order(axis):
    """Numbers in the order in which those of `x` rise."""

    def rule(g: Any, x: Any) -> Any:
        return np.take_along_axis(g, np.argsort(x, axis, kind="stable"), axis)

    return with_axis("in order", axis), rule, (lambda g, y, a, x: unsorted(axis)(g, x), lambda g, y, a, x: x * 0.0), {}


@row(((0,), M, M), ((-1,), M, M))
def unsorted(axis):
    """Numbers that stand in rising order of `x`, back at their places."""

    def rule(g: Any, x: Any) -> Any:
        ranks = np.argsort(np.argsort(x, axis, kind="stable"), axis, kind="stable")
        return np.take_along_axis(g, ranks, axis)

    return with_axis("unsorted", axis), rule, (lambda g, y, a, x: in_order(axis)(g, x), lambda g, y, a, x: x * 0.0), {}


@row(((True, True), M, (-0.5,), (0.5,)), ((True, False), M, (3, 1)), ((False, True), M, ()))
def clip(below, above):
    """The numbers held between a lower and an upper bound; at a bound the number keeps its gradient, as in PyTorch."""

    def bounds(rest: tuple) -> tuple[Any, Any]:
        return rest[0] if below else -np.inf, rest[-1] if above else np.inf

    def rule(x: Any, *rest: Any) -> Any:
        low, high = bounds(rest)
        return np.minimum(np.maximum(x, low), high)

    def inside(g: Any, y: Any, x: Any, *rest: Any) -> Any:
        for i, bound in enumerate(rest):
            g = g * (greater_equal(x, bound) if below and not i else greater_equal(bound, x))
        return g

    def at_low(g: Any, y: Any, x: Any, low: Any, *high: Any) -> Any:
        return g * greater(low, x) * (greater(high[0], low) if high else 1.0)

    def at_high(g: Any, y: Any, x: Any, *rest: Any) -> Any:
        over = greater(x, rest[-1])
        if below:  # where the bounds are crossed, the upper one counts
            crossed = greater(rest[0], rest[-1])
            over = over + crossed - over * crossed
        return g * over

    vjps = (inside, *[at_low] * below, *[at_high] * above)
    names = ["{0}", *(["{1}"] if below else ["-∞"]), *([f"{{{1 + below}}}"] if above else ["∞"])]
    return "clip", rule, vjps, {"text": f"clip({', '.join(names)})"}
