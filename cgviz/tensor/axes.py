"""Rows along axes, or between numbers, that are more than sums: running sums, products, sorting, clip."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.rows import greater, greater_equal
from .array_op import Columns, row, with_axis
from .array_rows import M, spread

HOLED = ((0.0, 2.0, 0.0), (0.5, 0.0, -1.0), (0.0, 0.0, 0.0))


@row(((0,), M), ((-1,), M), ((-2, True), (2, 3, 4)))
def cumsum(axis: Any, backwards: bool = False) -> Columns:
    """The running sum along an axis; its way back is the running sum from the other end."""

    def rule(x: Any) -> Any:
        return np.flip(np.cumsum(np.flip(x, axis), axis), axis) if backwards else np.cumsum(x, axis)

    name = "cumsum_from_the_end" if backwards else "cumsum"
    return with_axis(name, axis), rule, (lambda g, y, x: cumsum(axis, not backwards)(g),), {}


@row(((None, False), M), ((0, False), M), ((-1, True), M), (((0, -1), False), (2, 3, 4)), ((1, False), HOLED))
def product(axis: Any, keepdims: bool) -> Columns:
    """The product over axes; each number gets the gradient times the product of the others, right for zeros too."""
    back = (lambda g, y, x: spread(x.shape, axis, keepdims)(g) * others(axis)(x),)
    return with_axis("prod", axis, keepdims), lambda x: np.prod(x, axis, keepdims=keepdims), back, {}


@row(
    ((None,), M), ((-1,), M), (((0, 2),), (2, 3, 4)), ((0,), HOLED), ((1, 1), HOLED, (3, 3)),
    ((1, 2), (2, 4), (2, 4), (2, 4)), ((None, 2), ((0.0, 2.0), (0.0, 0.5)), (2, 2), (2, 2)),
)  # fmt: skip
def others(axis: Any, moved: int = 0) -> Columns:
    """For each number the product of all others over the axes, without a division; or how that moves.

    Each of the `moved` operands after the first is a direction: it is differentiated along all of them. So a derivative
    of this is this with one direction more, and there is one at zeros too, of every order.
    """

    def rule(x: Any, *along: Any) -> Any:
        axes = np.arange(x.ndim) if axis is None else np.atleast_1d(axis) % max(x.ndim, 1)
        kept = [i for i in range(x.ndim) if i not in axes]
        order = (*kept, *(int(i) for i in axes if x.ndim))
        moved_shape = tuple(x.shape[i] for i in order)
        count = int(np.prod(moved_shape[len(kept) :]))
        lines = [np.transpose(part, order).reshape(*moved_shape[: len(kept)], count) for part in (x, *along)]
        behind = _multiply_before([np.flip(x, -1) for x in lines])
        before, after = _multiply_before(lines), [np.flip(part, -1) for part in behind]
        return np.transpose(_times(before, after)[-1].reshape(moved_shape), np.argsort(order))

    def by_numbers(g: Any, y: Any, x: Any, *along: Any) -> Any:
        return others(axis, moved + 1)(x, *along, g)

    def by_direction(i: int) -> Any:  # linear in each direction, and none of them is before another
        return lambda g, y, x, *along: others(axis, moved)(x, *along[:i], g, *along[i + 1 :])

    text = f"{with_axis('product of the others', axis)}({', '.join(f'{{{i}}}' for i in range(moved + 1))})"
    name = with_axis("others", axis) if not moved else f"others, moved({moved})"
    return name, rule, (by_numbers, *map(by_direction, range(moved))), {"text": text}


def _multiply_before(lines: list) -> list:
    """For each place along the last axis the product of the numbers before it, in the terms of `_times`."""
    x, *along = lines
    ones = np.ones((*x.shape[:-1], 1))
    if not along:
        return [np.cumprod(np.concatenate([ones, x[..., :-1]], -1)[..., : x.shape[-1]], -1)]
    terms = [np.zeros(x.shape) for _ in range(2 ** len(along))]
    now = [ones[..., 0], *(0.0 * ones[..., 0] for _ in terms[1:])]
    for place in range(x.shape[-1]):
        for term, number in zip(terms, now, strict=True):
            term[..., place] = number
        here = [0.0] * len(terms)
        here[0] = x[..., place]
        for i, direction in enumerate(along):
            here[2**i] = direction[..., place]
        now = _times(now, here)
    return terms


def _times(a: list, b: list) -> list:
    """The product of ``x + e1·d1 + e2·d2 + …`` with another such sum, where ``e·e = 0``.

    The term number ``0b101`` belongs to e1·e3; the last one is the derivative along all directions.
    """
    result = []
    for term in range(len(a)):
        total_of_it, part = 0.0, term
        while True:  # over all parts of the bits of `term`
            total_of_it = total_of_it + a[part] * b[term - part]
            if not part:
                break
            part = (part - 1) & term
        result.append(total_of_it)
    return result


@row(((0,), M), ((-1,), M))
def sort(axis: Any) -> Columns:
    """The numbers along an axis in rising order; of equal ones the first stays first, and each keeps its gradient."""
    return with_axis("sort", axis), lambda x: np.sort(x, axis), (lambda g, y, x: unsorted(axis)(g, x),), {}


@row(((0,), M, M), ((-1,), M, M))
def in_order(axis: Any) -> Columns:
    """Numbers in the order in which those of `x` rise."""

    def rule(g: Any, x: Any) -> Any:
        return np.take_along_axis(g, np.argsort(x, axis, kind="stable"), axis)

    return with_axis("in order", axis), rule, (lambda g, y, a, x: unsorted(axis)(g, x), lambda g, y, a, x: x * 0.0), {}


@row(((0,), M, M), ((-1,), M, M))
def unsorted(axis: Any) -> Columns:
    """Numbers that stand in rising order of `x`, back at their places."""

    def rule(g: Any, x: Any) -> Any:
        ranks = np.argsort(np.argsort(x, axis, kind="stable"), axis, kind="stable")
        return np.take_along_axis(g, ranks, axis)

    return with_axis("unsorted", axis), rule, (lambda g, y, a, x: in_order(axis)(g, x), lambda g, y, a, x: x * 0.0), {}


@row(((True, True), M, (-0.5,), (0.5,)), ((True, False), M, (3, 1)), ((False, True), M, ()))
def clip(below: bool, above: bool) -> Columns:
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
