"""Run a rule on arrays, and say in one sentence what went wrong: which shapes, which node, which element.

A `Value` refuses ``log(0)`` at once, and so does a `Tensor`: a NaN that is born unseen in one element
of a batch is found much later, and far away. NaN and infinities that were in the data pass through,
and ``with numpy.errstate(invalid="ignore")`` lets new ones through as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..ops.domain import FAILURES, LETTERS, DomainError, RangeError
from ..ops.op import Op
from ..text import a_shape, shorten

LOUD = {"divide": "raise", "over": "raise", "invalid": "raise", "under": "ignore"}


class ShapeError(ValueError):
    """Arrays whose shapes do not fit together, or do not fit the operation."""


def rule(op: Op) -> Callable[..., Any]:
    """The forward rule on arrays; unlike `Op.array`, it leaves to `numpy.errstate` what is an error."""
    return op.rule if hasattr(op, "rule") else op.bare


def forward(op: Op, xs: Sequence[Any], labels: Sequence[str]) -> Any:
    """What an operation gives for arrays.

    Raises `ShapeError` where shapes do not fit, `IndexError` where an index does not, and
    `DomainError`, naming the element, where a number or an infinity comes out of ordinary numbers.
    """
    try:
        with np.errstate(**LOUD):
            return rule(op)(*xs)
    except FloatingPointError as failure:
        with np.errstate(all="ignore"):
            y = rule(op)(*xs)
        _complain(failure, op, y, xs, xs, labels)
        return y
    except DomainError as failure:
        raise DomainError(f"{describe_operation(op, xs, labels)}: {failure}") from None
    except IndexError as failure:  # before ValueError: a wrong axis is both
        raise IndexError(f"{describe_operation(op, xs, labels)}: {failure}") from None
    except ValueError as failure:
        raise ShapeError(f"cannot compute {describe_operation(op, xs, labels)}{_why(op, xs, failure)}") from None


def derivative(op: Op, position: int, g: Any, y: Any, xs: Sequence[Any], labels: Sequence[str]) -> Any:
    """What flows back to the operand at `position`, before it is summed over broadcast axes."""
    vjp = op.vjps[position]
    try:
        with np.errstate(**LOUD):
            return vjp(g, y, *xs)
    except FloatingPointError as failure:
        with np.errstate(all="ignore"):
            back = vjp(g, y, *xs)
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


def _complain(
    failure: FloatingPointError, op: Op, y: Any, sources: Any, xs: Any, labels: Any, position: int | None = None
) -> None:
    """Raise if `y` is no ordinary number where all `sources` are; some processors cry wolf."""
    if np.geterr()["invalid"] == "ignore":
        return
    elementwise = not hasattr(op, "rule")
    fine = [np.isfinite(s) for s in (np.broadcast_arrays(*sources) if elementwise else sources)]
    new = ~np.isfinite(y) & (np.logical_and.reduce(fine) if elementwise else all(f.all() for f in fine))
    if not new.any():
        return
    kind = (
        OverflowError if "overflow" in str(failure) else ZeroDivisionError if "divide" in str(failure) else ValueError
    )
    if not elementwise:
        what = "is too large for a number" if kind is OverflowError else "is not a number"
        subject = "the derivative of " * (position is not None) + describe_operation(op, xs, labels)
        raise (RangeError if kind is OverflowError else DomainError)(f"{subject} {what}")
    at = tuple(map(int, np.argwhere(new)[0]))
    there = tuple(float(x[at]) for x in np.broadcast_arrays(y, *xs)[1:])
    names = tuple(repr(shorten(label)) if label else "" for label in labels)
    error = op.error(_as_number(op, there, position) or kind(), there, names, position is not None)
    raise type(error)(f"{error}{f', at {list(at)}' if at else ''}")


def _as_number(op: Op, xs: tuple[float, ...], position: int | None) -> Exception | None:
    """The failure that plain numbers meet with, if they do: then the sentence is the one that a `Value` gets."""
    try:
        y = op.number(*xs)
        if position is not None:
            op.vjps[position](1.0, y, *xs)
    except FAILURES as failure:
        return failure
    return None
