"""Rows of linear algebra: Einstein's sum, inverse, determinant, the solution of linear equations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..refusal import DomainError
from .errors import ShapeError
from .op import row
from .ops import M, as_row, column, reshape, spread, swap, times

SQUARE = ((2.0, 0.5, -0.3), (0.1, 1.5, 0.7), (-0.4, 0.2, 1.8))


@row((("ij,jk->ik",), M, (4, 2)), (("ij->j",), M), (("i,i->",), (3,), (3,)), (("ij,k->kj",), M, (2,)))
def einsum(subscripts):
    """Einstein's sum ``"ij,jk->ik"``, no letter twice in one operand: a gradient goes back by another such sum."""
    terms, result = subscripts.split("->")
    terms = terms.split(",")

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
def inv():
    """The inverse of a square matrix, or of each of a stack: dX⁻¹ = -X⁻¹ dX X⁻¹."""
    back = (lambda g, y, x: -times(times(swap(y), g), swap(y)),)
    columns = {"text": "inv({0})", "tex": "{0:9}^{{-1}}"}
    return "inv", lambda x: _regular(np.linalg.inv, _square(x)), back, columns


@row(((), SQUARE))
def det():
    """The determinant of a square matrix, or of each of a stack; its derivative needs an inverse: |X| X⁻ᵀ."""
    back = (lambda g, y, x: column(column(g * y)) * swap(inv()(x)),)
    return "det", lambda x: np.linalg.det(_square(x)), back, {"text": "det({0})", "tex": r"\det\left({0}\right)"}


@row(((), SQUARE))
def logdet():
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
def solve():
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
