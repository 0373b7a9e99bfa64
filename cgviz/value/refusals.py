"""What a Value says to a number that it cannot take, and to an operation that has no result."""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import Any

from ..ops.domain import DomainError
from ..ops.op import Op
from ..ops.operand_names import Part, phrase
from ..text import kind, shorten


def checked(data: Any, label: str = "") -> float:
    """The number as a float, or a sentence that says what came instead."""
    if type(data) is float:
        return data
    where = f" of '{shorten(label)}'" if label and isinstance(label, str) else ""
    number = real_number(data)
    if number is not None:
        try:
            return float(number)
        except OverflowError:
            raise TypeError(f"the data{where} is too large for a float") from None
    if hasattr(data, "_push"):
        raise TypeError(f"the data{where} must be a number, got another Value: {data!r} (its number is .data)")
    hint = "; give each number a Value of its own" if getattr(data, "shape", isinstance(data, (list, tuple))) else ""
    shown = f" {shorten(repr(data))}" if isinstance(data, (str, complex)) else ""
    raise TypeError(f"the data{where} must be a real number, got {kind(data)}{shown}{hint}")


def real_number(data: Any) -> Any:
    """The real number that this is, one of NumPy's as Python's own, also an array without axes; ``None`` if it is none.

    >>> import numpy as np
    >>> real_number(np.array(2.0)), real_number(np.True_), real_number("2"), real_number(np.timedelta64(3))
    (2.0, True, None, None)
    """
    if isinstance(data, (float, int)):  # first, for what is usual is to cost little
        return data
    in_numpy = "" if hasattr(data, "_push") else getattr(getattr(data, "dtype", None), "kind", "")
    if in_numpy and data.shape == ():
        return data.item() if in_numpy in "biuf" else None
    return data if isinstance(data, Real) and not getattr(data, "shape", ()) else None


def check(op: Op, *operands: Any) -> None:
    """Refuse an infinity or NaN that an operation has made of finite numbers: it was too large for a float."""
    if all(isfinite(v._data) for v in operands):
        raise refuse(op, OverflowError(), *operands)


def refuse(op: Op, failure: Exception, *operands: Any, derivative: bool = False) -> DomainError:
    """Name the nodes in the sentence about an operation that failed."""
    names = tuple(phrase(v, _part) for v in operands)
    return op.error(failure, tuple(v._data for v in operands), names, derivative)


def _part(v: Any) -> Part:
    label = v.label if isinstance(v.label, str) else ""
    return Part(label, v._data if v._constant else None, v._push.op if v._prev else None, v._prev)
