"""Where an operation has no value, or no derivative: one rule for all engines, and what a sentence says of it.

The engines are `Value`, `Tensor` (each of its numbers), a `Program` (of single numbers) and the page. Of them
`tests/test_edges.py` holds it, at random and at every edge.

1. *Made of finite numbers*, an infinity or NaN is refused, in a sentence that names the node.
2. *Come in*, infinities and NaN go on as floats have it: ``inf - inf`` is NaN.
3. *Outside of its domain* an operation is refused, whatever comes in: ``x / 0``, ``log(-inf)``, ``sin(inf)``.
4. *Where two operands tie*, each gets half of the gradient; at the kinks of abs, relu and leaky relu the slope is that
   which the row says.
5. *A gradient of 0* sends 0 on, also through an operation that has no derivative there: ``0 * sqrt(a) + a`` at 0,
   and ``0 * a**b + b`` at a = -2.
6. *Any other gradient* is refused there (3 again, of the derivative). One that grows too large by arithmetic is
   infinite, and that of the exponent of a negative base is NaN. (Where no derivative is, NaN is refused or stays NaN.)

A run of a program over arrays is a picture of many places: where 1 or 3 refuses, it leaves NaN or an infinity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any, Protocol

from ..text import Piece, brief
from .labels import piece

FAILURES = (ValueError, ZeroDivisionError, OverflowError)
"""What a number rule raises outside its domain."""


LETTERS = {1: "x", 2: "ab"}
"""What sentences call the operands."""
SPARE = "uvw" + ascii_lowercase
"""What they call them where a node has that name. (No name is so long that it could hold all letters as words.)"""

Names = tuple[str | Piece, ...]
"""What they are called instead: in quotes for a node, a plain number for a constant, a formula, or empty."""


class DomainError(ValueError):
    """An operation was given operands for which it has no value, or no derivative."""


class DivisionError(DomainError, ZeroDivisionError):
    """A division by zero, told with the node that was zero."""


class RangeError(DomainError, OverflowError):
    """A result too large for a float."""


class Row(Protocol):
    """What these sentences need of a row: see `Op`."""

    @property
    def arity(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...


def refusal(row: Row, failure: Exception, xs: tuple, names: Names = (), derivative: bool = False) -> DomainError:
    """The error for an operation that failed at the numbers `xs`: what is asked, what came, and in which node."""
    what, domain, came, asked = phrase_domain(row, names)
    of = asked if not derivative and not isinstance(failure, OverflowError) else came
    where = " and ".join(dict.fromkeys(prefix + _show_operand(xs[i]) for prefix, i in of))
    if derivative:
        what = f"the derivative of {what}"
    if isinstance(failure, OverflowError):
        return RangeError(f"{what} is too large for a number when {where}")
    error = DivisionError if isinstance(failure, ZeroDivisionError) else DomainError
    if derivative:
        return error(f"{what} is not defined where {where}")
    return error(f"{what} is defined for {domain or 'numbers'}, but {where}")


def phrase_domain(row: Row, names: Names = ()) -> tuple[str, str, list[tuple[str, int]], list[tuple[str, int]]]:
    """The parts of that sentence: the formula, its domain, and how to name each operand worth naming.

    Those are the ones that the formula does not show as their number, and last the ones that the domain speaks of.

    >>> from cgviz.ops.rows import div, log
    >>> phrase_domain(log, ("'a'",))
    ('log(a)', 'a > 0', [("node 'a' is ", 0)], [("node 'a' is ", 0)])
    >>> phrase_domain(div, ("'a'", "0"))
    ('a / 0', 'divisors other than 0', [("node 'a' is ", 0)], [('the divisor is ', 1)])
    """
    names = names or ("",) * row.arity
    taken = set(re.findall(r"\w+", " ".join(map(str, names))))  # (a - 5) beside a nameless operand: that is no a
    own: Sequence[str] = LETTERS.get(row.arity) or [f"x{i}" for i in range(1, row.arity + 1)]
    letters = iter([letter for letter in (*own, *SPARE) if letter not in taken])
    roles = row.roles or own
    words = [_words(name or next(letters), bool(name), role) for name, role in zip(names, roles, strict=True)]
    in_formula, in_domain, before = zip(*words, strict=True)
    came = [(prefix, i) for i, prefix in enumerate(before) if not _is_number(names[i])]
    asked = [(prefix, i) for i, prefix in enumerate(before) if _asks(row, i)]
    return row.text.format(*in_formula), row.domain.format(*in_domain), came, asked


def _asks(row: Row, i: int) -> bool:
    """Whether the domain speaks of this operand: by its place, or by its role."""
    roles = row.roles[i : i + 1]
    return not row.domain or f"{{{i}}}" in row.domain or any(role in row.domain for role in roles)


def _words(name: str | Piece, named: bool, role: str) -> tuple[Piece, Piece, str]:
    """What an operand is called: in the formula, in its domain, and before its number."""
    in_words = len(role) > 1
    if isinstance(name, Piece):
        return (name, Piece(role), f"the {role} {name} is ") if in_words else (name, name, f"{name} = ")
    if not named:
        return Piece(name), Piece(name), f"{name} = "
    if not _is_number(name):
        return (written := piece(name[1:-1])), written, f"node {name} is "
    return Piece(name, 2 if name[0] == "-" else 9), Piece(role), f"the {role} is " if in_words else f"{role} = "


def _is_number(name: str | Piece) -> bool:
    """Whether this names a constant, which stands in the formula as its number."""
    return isinstance(name, str) and name[:1] not in ("", "'", '"')


def _show_operand(x: Any) -> str:
    return brief(x) if isinstance(x, (int, float)) else str(x)
