"""Whether a row gives a node's number, compared as exactly as the node's class keeps its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..ops.domain import FAILURES
from ..ops.op import Op
from ..text import brief


def is_number(data: Any) -> bool:
    """Whether this is one number, and not an array, nor nothing."""
    return hasattr(data, "__float__") and not getattr(data, "shape", ())


def is_float(data: Any) -> bool:
    """Whether this is a number, and not a whole one that is too large for a float."""
    try:
        return is_number(data) and float(data) is not None
    except (OverflowError, TypeError, ValueError):
        return False


def compute(op: Op, xs: Sequence[Any]) -> Any:
    """What a row gives for these numbers or arrays; ``None`` where it has no value."""
    try:
        return op.number(*map(float, xs)) if all(map(is_number, xs)) else op.array(*xs)
    except (*FAILURES, TypeError):
        return None


def gives(op: Op, y: Any, xs: Sequence[Any]) -> bool | None:
    """Whether the row gives the number y (or array) from the xs; ``None`` if one is not there to be compared.

    >>> from cgviz.ops.rows import log
    >>> gives(log, 4.605170185988092, [100.0]), gives(log, 2.0, [100.0]), gives(log, None, [100.0])
    (True, False, None)
    """
    if not all(is_float(x) or (not is_number(x) and hasattr(x, "__array__")) for x in (y, *xs)):
        return None
    again = compute(op, xs)
    rel, least = _precision((y, *xs), op.arity)
    if is_number(y):
        if again is None:
            return not math.isfinite(y)
        return is_number(again) and _same(float(y), float(again), rel, least)
    import numpy as np

    held, again = np.asarray(y), np.asarray(again)
    if held.dtype.kind not in "biuf" or again.dtype.kind not in "biuf":
        return None
    if held.shape != again.shape:
        return False
    with np.errstate(all="ignore"):
        close = np.abs(held - again) <= rel * np.abs(again) + least
    return bool(np.all(close | (held == again) | ~np.isfinite(held) & ~np.isfinite(again)))


def _same(y: float, again: float, rel: float, least: float) -> bool:
    if y == again or (y != y and again != again):
        return True
    if not (math.isfinite(y) and math.isfinite(again)):
        return math.isinf(y) and abs(again) > 6e4  # too large for the class's own precision
    return abs(y - again) <= max(rel * abs(again), least) or _is_rounded(y, again)


def _is_rounded(y: float, again: float) -> bool:
    """Whether a class has rounded to a few places, by no more than a reader of four digits would see."""
    if abs(y - again) > 5e-4 * abs(again):
        return False
    digits = repr(y)
    return "e" not in digits and round(again, len(digits.partition(".")[2])) == y


def _precision(held: Sequence[Any], arity: int) -> tuple[float, float]:
    """How far two results may lie apart, in relation to them and in all.

    A plain float may hold what was computed as a float32. A function of one operand that is written by way of others,
    such as tanh by exp, has an absolute error of a rounding or two.
    """
    coarse = max(map(rounding, held))
    return max(1e-6, 8 * coarse), (2 * coarse if arity == 1 else 0.0)


def rounding(x: Any) -> float:
    """The relative error of one rounding of a number or an array: that of a float, or of a type with fewer digits."""
    dtype = getattr(x, "dtype", None)
    known = {2: 2.0**-10, 4: 2.0**-23} if getattr(dtype, "kind", "") == "f" else {}
    return known.get(getattr(dtype, "itemsize", 0), 2.0**-52)


def near(a: float, b: float) -> bool:
    """Whether two derivatives are the same, but for rounding."""
    return math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-12)


def digits(x: Any) -> str:
    """A number as a sentence about it has it."""
    return brief(float(x)) if is_number(x) else "another array"
