"""An equation with numbers: how many digits it takes to be true as it is printed.

Four digits are read at a glance, and are not always enough: 100001 - 100000 = 1 would be ``1e+05 - 1e+05 = 1``. So the
printed numbers are computed with as they stand, and get more digits until what comes out is the printed result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..graph.agreement import compute, is_float, is_number
from ..ops.domain import FAILURES
from ..ops.op import Op
from ..text import DIGITS, FULL, SMALL, number, numbers

CLOSE = 2e-3
"""Results that differ by no more than this share of them may be called about equal."""


class Precision(NamedTuple):
    """With how many `digits` the numbers are to be written, and whether the result is `equal` then, or only about."""

    digits: int
    equal: bool


PLAIN = Precision(DIGITS, True)


def precision(function: Callable[..., Any], xs: Sequence[Any], y: Any) -> Precision:
    """How to write the numbers (or arrays) xs, so that y as it is written is what `function` makes of what is written.

    Where one of them is not written with its numbers (a large array), nothing is claimed that could be false; a whole
    number that is too large for a float is about what it is written as. Where no
    count of digits is enough, because the class has computed y in another way or sums lose digits, it is about equal.

    >>> from operator import mul, sub
    >>> precision(sub, [100001.0, 100000.0], 1.0), precision(mul, [2.0, 1.5], 3.0)
    (Precision(digits=6, equal=True), Precision(digits=4, equal=True))
    >>> precision(sub, [1.0, 1.0], 0.001)
    Precision(digits=17, equal=False)
    """
    if not all(map(_is_shown, (*xs, y))):
        return Precision(DIGITS, all(is_float(x) or not is_number(x) for x in (*xs, y)))
    aim, made = numbers(y), {}
    for digits in (*range(DIGITS, FULL - 1), FULL):
        try:
            made[digits] = function(*(_literal(x, digits) for x in xs))
        except (*FAILURES, TypeError):
            continue
        if numbers(made[digits]) == aim:
            return Precision(digits, True)
    return Precision(next((digits for digits, again in made.items() if _is_close(again, y)), FULL), False)


def of_row(op: Op | None, xs: Sequence[Any], y: Any) -> Precision:
    """The same for an operation, of which nothing is known without a row."""
    return PLAIN if op is None else precision(lambda *literal: compute(op, literal), xs, y)


def of_sum(xs: Sequence[Any], y: Any) -> Precision:
    """The same for a sum as it is written, from left to right.

    >>> of_sum([1e17, 1.0, -1e17], 0.0).equal
    False
    """
    found = precision(lambda *literal: sum(literal[1:], literal[0]), xs, y)
    if len(xs) < 3 or not found.equal or not all(map(is_float, (*xs, y))) or not all(map(math.isfinite, xs)):
        return found
    total = math.fsum(_literal(x, found.digits) for x in xs)  # rounding on the way may hide what is left
    return found if number(total) == number(y) else Precision(found.digits, False)


def _is_shown(x: Any) -> bool:
    """Whether a number, or each number of an array, is written."""
    if getattr(x, "shape", ()):
        return hasattr(x, "tolist") and math.prod(x.shape) <= SMALL and x.dtype.kind in "fiu"
    return is_float(x)


def _literal(x: Any, digits: int) -> Any:
    """A number, or an array, as a reader takes it from the page."""
    if getattr(x, "shape", ()):
        import numpy as np

        return np.reshape([_literal(one, digits) for one in np.ravel(x).tolist()], x.shape)
    return float(number(x, digits)) if math.isfinite(x) else float(x)


def _is_close(x: Any, y: Any) -> bool:
    return is_float(x) and is_float(y) and abs(float(x) - float(y)) <= CLOSE * abs(float(y))
