"""What a Value says to a number that it cannot take, and to an operation that has no result."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from numbers import Real
from typing import Any

from ..ops.domain import DomainError
from ..ops.op import Op
from ..ops.operand_names import Part, phrase
from ..text import kind, shorten


def check_number(data: Any, label: str = "") -> float:
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


def operator_refusal(name: str, x: Any, y: Any, cls: str, floor: str) -> TypeError:
    """What to write instead of an operator of Python's that a node has no derivative for, with either operand a node.

    >>> print(operator_refusal("floordiv", 2.0, 3.0, "Value", "math.floor"))
    // is no operation of a Value, for it is flat between its jumps: for its numbers write x // y
    """
    a, b = ("x.data" if hasattr(x, "_push") else "x"), ("y.data" if hasattr(y, "_push") else "y")
    if name == "mod":
        said = f"% is no operation of a {cls}: write x - y * {floor}({a} / {b}), or {a} % {b} for its numbers alone"
    elif name == "floordiv":
        said = f"// is no operation of a {cls}, for it is flat between its jumps: for its numbers write {a} // {b}"
    else:
        said = f"divmod is no operation of a {cls}: for its numbers write divmod({a}, {b})"
    return TypeError(said)


class Refused:
    """What numbers do in Python, and a Value does not: each is refused in a sentence that says what to write."""

    __slots__ = ()

    def __index__(self) -> int:
        raise TypeError("a Value holds a float, and is no index and no count: write int(x)")


def _make_refusal(name: str, turned: bool) -> Callable:
    def method(self: Any, other: Any) -> Any:
        x, y = (other, self) if turned else (self, other)
        raise operator_refusal(name, x, y, "Value", "math.floor")

    return method


for _name in ("mod", "floordiv", "divmod"):
    setattr(Refused, f"__{_name}__", _make_refusal(_name, False))
    setattr(Refused, f"__r{_name}__", _make_refusal(_name, True))


def check(op: Op, *operands: Any) -> None:
    """Refuse what an operation has made of finite numbers: an infinity, which was too large for a float, or NaN."""
    if all(isfinite(v._data) for v in operands):
        born = op.number(*(v._data for v in operands))
        raise refuse(op, ValueError() if born != born else OverflowError(), *operands)


def refuse(op: Op, failure: Exception, *operands: Any, derivative: bool = False) -> DomainError:
    """Name the nodes in the sentence about an operation that failed."""
    names = tuple(phrase(v, _part) for v in operands)
    return op.error(failure, tuple(v._data for v in operands), names, derivative)


def _part(v: Any) -> Part:
    label = v.label if isinstance(v.label, str) else ""
    return Part(label, v._data if v._constant else None, v._push.op if v._prev else None, v._prev)
