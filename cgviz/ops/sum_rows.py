"""Rows of many operands, which stand in no table: sums, products, and sums of products, ``a·b + c·d + e``.

An operand may be a vector: then it stands for its elements, one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from .op import Op, Source

LONG, ENDS = 6, 3
"""Of more terms, factors or elements the first ones and the last are written, and between them dots."""

Terms = tuple[tuple[int, ...], ...]


class SumOp(Op):
    """A sum of products of its operands: `terms` are the places of the factors of each of them.

    `sizes` says how many numbers each operand holds, 0 for one that is no vector; places are those of numbers.
    """

    terms: Terms
    sizes: tuple[int, ...]
    others: tuple[tuple[int, ...], ...]
    """For each number the places of those whose product is the derivative by it: the other factors of its term."""

    @property
    def number(self) -> Callable[..., float]:  # type: ignore[override]  # not compiled: it may have thousands of terms
        """The forward rule for floats."""
        return lambda *xs: self._add(xs)

    @property
    def bare(self) -> Callable[..., Any]:  # type: ignore[override]
        """The forward rule where some operands are vectors."""
        return lambda *xs: self._add([float(x) for one in xs for x in (one if getattr(one, "shape", ()) else (one,))])

    def _add(self, xs: Sequence[float]) -> float:
        return sum(math.prod(xs[k] for k in term) for term in self.terms)

    def write(self, *xs: Source) -> Source:
        """The forward rule as code over the given operands."""
        return Source(f"({' + '.join(' * '.join(xs[k].code for k in term) for term in self.terms)})")

    def __reduce__(self) -> tuple:
        return sum_row, (self.terms, self.symbol, self.sizes)


@lru_cache(512)
def sum_row(terms: Terms, symbol: str, sizes: tuple[int, ...] = ()) -> SumOp:
    """The row of a sum of products, `terms` by the places of their factors; each number is a factor once.

    >>> dot = sum_row(((0, 1), (2, 3), (4,)), "Σ a·b + c")
    >>> dot(2.0, 3.0, 4.0, 5.0, 6.0), [dot.local_derivative(i, 32.0, 2.0, 3.0, 4.0, 5.0, 6.0) for i in range(5)]
    (32.0, [3.0, 2.0, 5.0, 4.0, 1.0])
    >>> sum_row(((0, 3), (1, 4), (2, 5)), "Σ a·b", (3, 3)).text
    '{0:2} · {1:2}'
    """
    within = {k: term for term in terms for k in term}
    others = tuple(tuple(j for j in within[k] if j != k) for k in range(len(within)))
    at = list(_list_places(sizes or (0,) * len(within)))
    op = SumOp(
        "the product" if len(terms) == 1 else "the sum",
        symbol,
        tuple(_derivative(places, others, at) for places in at),
        text=_write(terms, at, " · ", "…"),
        tex=_write(terms, at, r" \cdot ", r"\dots"),
        binds=2 if len(terms) == 1 or (len({len(term) for term in terms}) == 1 and any(sizes)) else 1,
        commutes=True,
        about="Compute a sum of products.",
    )
    for name, x in (("terms", terms), ("sizes", sizes), ("others", others)):
        object.__setattr__(op, name, x)
    return op


class VectorOp(Op):
    """Its operands, one after the other, as a vector."""

    def __call__(self, *xs: Any) -> Any:
        """Numbers become an array, names of them a formula."""
        for x in xs:
            if hasattr(x, "_apply"):
                return x._apply(self, xs)
        import numpy as np

        return np.array(xs, dtype=float)

    @property
    def number(self) -> Callable[..., float]:  # type: ignore[override]
        """There is no number to it, so a vector of constants is written as one of names is."""
        raise ValueError("a vector is no number")


class ElementOp(Op):
    """One number of a vector."""

    place: int

    def __call__(self, *xs: Any) -> Any:
        """The number, or the name of it."""
        return xs[0]._apply(self, xs) if hasattr(xs[0], "_apply") else float(xs[0][self.place])


@lru_cache(64)
def _vector_row(count: int) -> VectorOp:
    inside = ", ".join(_shorten([f"{{{k}}}" for k in range(count)], "…"))
    tex = ", ".join(_shorten([f"{{{k}}}" for k in range(count)], r"\dots"))
    vjps = (lambda g, y, *xs: g,) * count
    return VectorOp("vector", "", vjps, text=f"[{inside}]", tex=f"[{tex}]", about="A vector.")


@lru_cache(512)
def _element_row(place: int) -> ElementOp:
    text = f"{{0:9}}[{place}]"
    op = ElementOp("element", f"[{place}]", (lambda g, y, x: g,), text=text, tex=text, about="An element.")
    object.__setattr__(op, "place", place)
    return op


def _list_places(sizes: Sequence[int]) -> Iterator[range]:
    """The places of the numbers of each operand."""
    start = 0
    for size in sizes:
        yield range(start, start := start + max(size, 1))


def _derivative(places: range, others: Sequence[tuple[int, ...]], at: Sequence[range]) -> Callable:
    """The derivative by one operand: what arrives, times the other factors of its term, or terms."""
    if len(places) == 1:
        return _times(others[places[0]], at)
    beside = [others[k][0] for k in places]  # a vector is one side of products of two
    whole = next((n for n, range_ in enumerate(at) if list(range_) == beside), None)
    if whole is not None:
        return lambda g, y, *xs: g * xs[whole]
    found = [_taker(k, at) for k in beside]
    return lambda g, y, *xs: g * _vector_row(len(found))(*(take(xs) for take in found))


def _times(factors: tuple[int, ...], at: Sequence[range]) -> Callable:
    found = [_taker(k, at) for k in factors]
    if not found:
        return lambda g, y, *xs: g
    if len(found) == 1:
        return lambda g, y, *xs: g * found[0](xs)
    product = sum_row((tuple(range(len(found))),), "Π")
    return lambda g, y, *xs: g * product(*(take(xs) for take in found))


def _taker(place: int, at: Sequence[range]) -> Callable[[Sequence[Any]], Any]:
    """What takes one number out of the operands."""
    n = next(n for n, range_ in enumerate(at) if place in range_)
    if len(at[n]) == 1:
        return lambda xs: xs[n]
    element = _element_row(place - at[n].start)
    return lambda xs: element(xs[n])


def _write(terms: Terms, at: Sequence[range], times: str, dots: str) -> str:
    """The template of a sum of products; of many the first ones and the last."""
    written: list[str] = []
    name = {range_[0]: n for n, range_ in enumerate(at) if len(range_) == 1}
    if any(len(range_) > 1 for range_ in at):
        pairs = [term for term in terms if len(term) == 2]
        terms = tuple(term for term in terms if len(term) != 2)
        sides = []
        for side in zip(*pairs, strict=True):
            whole = next((n for n, range_ in enumerate(at) if tuple(range_) == side), None)
            listed = ", ".join(_shorten([f"{{{name[k]}}}" for k in side], dots)) if whole is None else ""
            sides.append(f"[{listed}]" if whole is None else f"{{{whole}:2}}")
        written = [times.join(sides)]
    alone = 1 if len(terms) + len(written) > 1 else 2
    written += [
        times.join(_shorten([f"{{{name[k]}:{2 if len(term) > 1 else alone}}}" for k in term], dots)) or dots
        for term in _shorten(terms, ())
    ]
    return " + ".join(written)


def _shorten(things: Sequence[Any], dots: Any) -> Sequence[Any]:
    """All of them; of many the first ones, dots, and the last."""
    return things if len(things) <= LONG else [*things[:ENDS], dots, things[-1]]
