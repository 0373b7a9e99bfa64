"""Rows of linear algebra: Einstein's sum, inverse, determinant, the solution of linear equations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..ops.domain import DomainError
from .array_op import Columns, row
from .array_rows import M, as_row, column, reshape, spread, swap, times, total
from .axes import others
from .rule_errors import ShapeError

SQUARE = ((2.0, 0.5, -0.3), (0.1, 1.5, 0.7), (-0.4, 0.2, 1.8))
SINGULAR = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), (7.0, 8.0, 9.0))
FLAT = ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0))


@row((("ij,jk->ik",), M, (4, 2)), (("ij->j",), M), (("i,i->",), (3,), (3,)), (("ij,k->kj",), M, (2,)))
def einsum(subscripts: str) -> Columns:
    """Einstein's sum ``"ij,jk->ik"``, no letter twice in one operand: a gradient goes back by another such sum."""
    given, result = subscripts.split("->")
    terms = given.split(",")

    def back(i: int) -> Callable:
        rest = [term for k, term in enumerate(terms) if k != i]
        known = "".join(letter for letter in terms[i] if letter in result + "".join(rest))

        def vjp(g: Any, y: Any, *xs: Any) -> Any:
            others = [x for k, x in enumerate(xs) if k != i]
            found = einsum(f"{','.join([result, *rest])}->{known}")(g, *others)
            if known == terms[i]:
                return found
            # A letter that stands nowhere else was summed over: each of its numbers gets the same.
            found = reshape(tuple(_size(found, known, c) if c in known else 1 for c in terms[i]))(found)
            return spread(xs[i].shape, tuple(k for k, c in enumerate(terms[i]) if c not in known), True)(found)

        return vjp

    rule = lambda *xs: np.einsum(subscripts, *xs)  # noqa: E731
    return f"einsum('{subscripts}')", rule, tuple(map(back, range(len(terms)))), {}


def _size(x: Any, letters: str, letter: str) -> int:
    return x.shape[letters.index(letter)]


def _square(x: Any) -> Any:
    if np.ndim(x) < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError("the matrix must be square")
    return x


@row(((), SQUARE))
def inv() -> Columns:
    """The inverse of a square matrix, or of each of a stack: dX⁻¹ = -X⁻¹ dX X⁻¹."""
    back = (lambda g, y, x: -times(times(swap(y), g), swap(y)),)
    columns = {"text": "inv({0})", "tex": "{0:9}^{{-1}}"}
    return "inv", lambda x: _regular(np.linalg.inv, _square(x)), back, columns


@row(((), SQUARE), ((), SINGULAR), ((), FLAT), ((), (2, 3, 3)))
def det() -> Columns:
    """The determinant of a square matrix, or of each of a stack; its derivative are the cofactors, |X| X⁻ᵀ."""
    back = (lambda g, y, x: column(column(g)) * cofactors()(x),)
    return "det", lambda x: np.linalg.det(_square(x)), back, {"text": "det({0})", "tex": r"\det\left({0}\right)"}


@row(((), SQUARE), ((), (2, 3, 3)))
def cofactors() -> Columns:
    """The cofactors of a square matrix, or of each of a stack: |X| X⁻ᵀ, but there where X has no inverse too."""

    def rule(x: Any) -> Any:
        u, s, v, sign = _decompose(_square(x))
        return sign * ((u * others(-1).rule(s)[..., None, :]) @ v)

    return "cofactors", rule, (lambda g, y, x: cofactors_moved()(g, x),), {}


@row(((), (3, 3), SQUARE), ((), (1, 1), (1, 1)), ((), (2, 2, 2), (2, 2, 2)))
def cofactors_moved() -> Columns:
    """How the cofactors of `x` move in the direction `g`: the second derivative of the determinant."""

    def rule(g: Any, x: Any) -> Any:
        u, s, v, sign = _decompose(_square(x))
        n = s.shape[-1]
        left_out = np.eye(n, dtype=bool)[:, None, :] | np.eye(n, dtype=bool)[None, :, :]
        rest = np.prod(np.where(left_out, 1.0, s[..., None, None, :]), -1) * (1.0 - np.eye(n))
        turned = np.swapaxes(u, -1, -2) @ g @ np.swapaxes(v, -1, -2)
        diagonal = np.sum(rest * np.diagonal(turned, axis1=-2, axis2=-1)[..., None, :], -1)
        return sign * (u @ (diagonal[..., None] * np.eye(n) - rest * np.swapaxes(turned, -1, -2)) @ v)

    def by_matrix(h: Any, y: Any, g: Any, x: Any) -> Any:
        back = inv()(x)
        one, two = times(back, g), times(back, h)
        both = times(one, two) + times(two, one)
        a, b, c = (total((-2, -1), True)(m * swap(k)) for m, k in ((back, g), (back, h), (one, two)))
        moved = (a * b - c) * back - times(a * two + b * one - both, back)
        return column(column(det()(x))) * swap(moved)

    return "cofactors_moved", rule, (lambda h, y, g, x: cofactors_moved()(h, x), by_matrix), {}


def _decompose(x: Any) -> tuple[Any, Any, Any, Any]:
    """The singular value decomposition, and the sign that its two turns have together; NaN where a number is none."""
    fine = np.isfinite(x).all((-2, -1), keepdims=True)
    u, s, v = np.linalg.svd(np.where(fine, x, 0.0))
    return u, s, v, np.where(fine, np.sign(np.linalg.det(u) * np.linalg.det(v))[..., None, None], np.nan)


@row(((), SQUARE))
def logdet() -> Columns:
    """The logarithm of the size of the determinant, of matrices too large for the determinant itself: X⁻ᵀ."""

    def rule(x: Any) -> Any:
        sign, size = np.linalg.slogdet(_square(x))
        if np.any(sign == 0):
            raise DomainError("the matrix is singular, its determinant is 0")
        return size

    back = (lambda g, y, x: column(column(g)) * swap(inv()(x)),)
    columns = {"text": "log|det({0})|", "tex": r"\ln\left|\det\left({0}\right)\right|"}
    return "logdet", rule, back, columns


@row(((), SQUARE, (3,)), ((), SQUARE, (3, 2)))
def solve() -> Columns:
    """The x of ``a @ x = b``, for a vector b or a matrix of columns."""

    def left(g: Any, y: Any, a: Any, b: Any) -> Any:
        back = solve()(swap(a), g)
        return -column(back) * as_row(y) if b.ndim == 1 else -times(back, swap(y))

    def rule(a: Any, b: Any) -> Any:
        return _regular(lambda m: np.linalg.solve(m, b), _square(a))

    return "solve", rule, (left, lambda g, y, a, b: solve()(swap(a), g)), {}


def _regular(compute: Callable, x: Any) -> Any:
    try:
        return compute(x)
    except np.linalg.LinAlgError:
        raise DomainError("the matrix is singular, it has no inverse") from None
