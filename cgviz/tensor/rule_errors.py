"""Run a rule on arrays, and say in one sentence what went wrong: which shapes, which node, which element.

A `Value` refuses ``log(0)`` at once, and so does a `Tensor`: a NaN that is born unseen in one element
of a batch is found much later, and far away. NaN and infinities that were in the data pass through,
and ``with numpy.errstate(invalid="ignore")`` lets new ones through as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..ops.domain import FAILURES, LETTERS, DomainError, RangeError
from ..ops.op import OPS, Op
from ..text import a_shape, shorten

DIV = OPS["div"]
LOUD = {"divide": "raise", "over": "raise", "invalid": "raise", "under": "ignore"}


class ShapeError(ValueError):
    """Arrays whose shapes do not fit together, or do not fit the operation."""


def rule(op: Op) -> Callable[..., Any]:
    """The forward rule on arrays; unlike `Op.array`, it leaves to `numpy.errstate` what is an error."""
    return op.rule if hasattr(op, "rule") else op.bare


def forward(op: Op, xs: Sequence[Any], labels: Sequence[str]) -> Any:
    """What an operation gives for arrays.

    Raises `ShapeError` where shapes do not fit, `IndexError` where an index does not, and
    `DomainError`, naming the element, where a `Value` would be refused (`ops/domain.py`).
    """
    try:
        with np.errstate(**LOUD):
            y = rule(op)(*xs)
        if op is not DIV or np.all(xs[1]):  # NumPy does not tell of ∞ / 0
            return y
        told = FloatingPointError("divide by zero")
    except FloatingPointError as failure:
        told = failure
    except DomainError as failure:
        raise DomainError(f"{describe_operation(op, xs, labels)}: {failure}") from None
    except IndexError as failure:  # before ValueError: a wrong axis is both
        raise IndexError(f"{describe_operation(op, xs, labels)}: {failure}") from None
    except ValueError as failure:
        raise ShapeError(f"cannot compute {describe_operation(op, xs, labels)}{_why(op, xs, failure)}") from None
    with np.errstate(all="ignore"):
        y = rule(op)(*xs)
    if hasattr(op, "rule"):
        _complain(told, op, y, xs, xs, labels)
        return y
    return _ask_each(op, y, (), xs, labels)


def derivative(op: Op, position: int, g: Any, y: Any, xs: Sequence[Any], labels: Sequence[str]) -> Any:
    """What flows back to the operand at `position`, before it is summed over broadcast axes."""
    vjp = op.vjps[position]
    try:
        with np.errstate(**LOUD):
            return vjp(g, y, *xs)
    except FloatingPointError as failure:
        with np.errstate(all="ignore"):
            back = vjp(g, y, *xs)
        if not hasattr(op, "rule"):
            return _ask_each(op, back, (g, y), xs, labels, position)
        if "overflow" in str(failure):
            return back
        if not np.any(g):
            return np.zeros_like(back)
        _complain(failure, op, back, (g, *xs), xs, labels, position)
        return back
    except FAILURES as failure:
        if isinstance(failure, DomainError):
            raise
        raise ShapeError(
            f"cannot differentiate {describe_operation(op, xs, labels)}: "
            f"the shapes have changed since it was computed; compute it again"
        ) from None


def describe_operation(op: Op, xs: Sequence[Any], labels: Sequence[str]) -> str:
    """The operation with its operands by name, and each operand's shape: ``x @ W (x is 4×3, W is 2×5)``."""
    names = name_operands(labels)
    said = op.text.format(*(_Name(name) for name in names))
    shapes = dict(zip(names, (a_shape(np.shape(x)) for x in xs), strict=True))
    return f"{said} ({', '.join(f'{name} is {size}' for name, size in shapes.items())})"


def name_operands(labels: Sequence[str]) -> list[str]:
    """What a sentence calls the operands: their labels, or letters."""
    letters = LETTERS.get(len(labels), "abcdefghijklmnopqrstuvwxyz")
    return [shorten(label) or letters[i % len(letters)] for i, label in enumerate(labels)]


class _Name(str):
    """A name inside an operation's text, which asks how tightly it binds."""

    __slots__ = ()

    def __format__(self, least: str) -> str:
        return str(self)


def _why(op: Op, xs: Sequence[Any], failure: ValueError) -> str:
    if isinstance(failure, ShapeError):
        return f": {failure}"
    if op.name == "matmul":
        if not all(np.ndim(x) for x in xs):
            return ": @ multiplies matrices and vectors; for a number write *"
        inner = np.shape(xs[0])[-1], np.shape(xs[1])[-2 if np.ndim(xs[1]) > 1 else -1]
        if inner[0] != inner[1]:
            return f": the last size of the first, {inner[0]}, must equal {_second(xs[1])}, {inner[1]}"
        return ": the sizes before the last two must be equal, or 1"
    if "broadcast" in str(failure):
        return ": counted from the last, sizes must be equal, or one of them 1"
    return f": {failure}"


def _second(x: Any) -> str:
    return "the last but one of the second" if np.ndim(x) > 1 else "the size of the second"


def _ask_each(
    op: Op, found: Any, given: tuple[Any, ...], xs: Sequence[Any], labels: Sequence[str], position: int | None = None
) -> Any:
    """The result in which each number that is none is what a `Value` would have there. Raises where it is refused.

    `given` are g and y of the derivative rule for the operand at `position`.
    """
    if np.geterr()["invalid"] == "ignore":
        return found
    found = np.array(found)
    asked = np.broadcast_arrays(found, *given, *xs)[1:]
    function = op.number if position is None else op.slopes[position]
    strange = ~np.isfinite(found)
    if position is None and op is not DIV:
        for x in xs:
            strange &= ~np.isnan(x)  # where it only passes
    for at in zip(*np.nonzero(strange), strict=True) if found.ndim else [()] * bool(strange):
        numbers = [float(x[at]) for x in asked]
        there = tuple(numbers[len(given) :])
        try:
            found[at] = y = function(*numbers)
            if position is not None or math.isfinite(y) or not all(map(math.isfinite, there)):
                continue
            failure: Exception = ValueError() if y != y else OverflowError()
        except FAILURES as failed:
            failure = failed
        if position is not None and numbers[0] == 0.0:
            found[at] = 0.0
            continue
        names = tuple(repr(shorten(label)) if label else "" for label in labels)
        error = op.error(failure, there, names, position is not None)
        raise type(error)(f"{error}{f', at {list(map(int, at))}' if at else ''}") from None
    return found


def _complain(
    failure: FloatingPointError, op: Op, y: Any, sources: Any, xs: Any, labels: Any, position: int | None = None
) -> None:
    """Raise if `y` of an operation on whole arrays is no ordinary number where all `sources` are.

    (Some processors cry wolf.)
    """
    if np.geterr()["invalid"] == "ignore" or np.isfinite(y).all() or not all(np.isfinite(s).all() for s in sources):
        return
    large = "overflow" in str(failure)
    subject = "the derivative of " * (position is not None) + describe_operation(op, xs, labels)
    what = "is too large for a number" if large else "is not a number"
    raise (RangeError if large else DomainError)(f"{subject} {what}")
