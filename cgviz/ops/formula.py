"""Formulas written by the rows themselves: run a rule on a `Formula` operand and it comes out as text or as TeX.

>>> from cgviz.ops.rows import mul, tanh
>>> f"{tanh.vjps[0](Formula.one(), Formula('y'), Formula('x'))}"
'1 - y²'
>>> str(mul.vjps[0](Tex.one(), Tex('L'), Tex('e'), Tex('d')))
'd'
"""

from __future__ import annotations

import re
from typing import Any

from ..text import DIGITS, Piece, number, numbers, shorten
from . import rows
from .domain import FAILURES
from .labels import piece, quoted
from .op import Op, Operand
from .simplification import simpler


class Formula(Piece, Operand):
    """A piece of a formula in plain text: its number, if it is one, in `value`, and the two parts of a `quotient`."""

    __slots__ = ("quotient", "value")
    parentheses: tuple[str, str] = "(", ")"
    template = "text"
    square = "{0:5}²"
    about = "≈"

    def __init__(self, text: str, binds: int = 9, value: float | None = None) -> None:
        super().__init__(text, binds)
        self.value = value
        self.quotient: tuple[Formula, Formula] | None = None

    @classmethod
    def of(cls, x: float, digits: int = DIGITS) -> Formula:
        """A number as a formula."""
        try:
            value = float(x)
        except OverflowError:  # a whole number that is too large is written, and not computed with
            value = None
        return cls(cls.digits(x, digits), 2 if x < 0 else 9, value)

    @classmethod
    def one(cls) -> Formula:
        """The gradient that arrives where only the local derivative is wanted."""
        return cls.of(1.0)

    @staticmethod
    def digits(x: Any, digits: int = DIGITS) -> str:
        """A number, or a small array, as text."""
        return numbers(x, digits=digits)

    @classmethod
    def name(cls, label: str) -> Formula:
        """A label as a formula."""
        written = piece(label)
        return cls(written.text, written.binds)

    @staticmethod
    def partial(y: Formula, x: Formula) -> str:
        """∂y/∂x."""
        return f"∂{y:9}/∂{x:9}"

    @staticmethod
    def times(a: str, b: str) -> str:
        """Two factors, as they stand."""
        return f"{a} · {b}"

    @staticmethod
    def words(text: str) -> str:
        """Words inside a formula."""
        return text

    def _apply(self, op: Op, xs: tuple) -> Formula:
        cls = type(self)
        xs = tuple(x if isinstance(x, cls) else cls.of(x) for x in xs)
        if all(x.value is not None for x in xs):
            try:
                return cls.of(op.number(*(x.value for x in xs)))
            except FAILURES:
                pass
        return cls._write_operation(op, xs)

    @classmethod
    def _write_operation(cls, op: Op, xs: tuple[Formula, ...]) -> Formula:
        simple = cls._simpler(op, xs)
        if simple is not None:
            return simple
        made = cls(getattr(op, cls.template).format(*xs), op.binds)
        made.quotient = (xs[0], xs[1]) if op is rows.div else None
        return made

    @classmethod
    def _simpler(cls, op: Op, xs: tuple[Formula, ...]) -> Formula | None:
        """What a person would write instead; ``x²`` for ``x · x`` and ``a / x²`` for ``a / x / x`` too."""
        found = simpler(op, xs, tuple(x.value for x in xs))
        if found is not None:
            return found if isinstance(found, cls) else cls.of(found)
        if (op is rows.mul and str(xs[0]) == str(xs[1])) or (op is rows.power and xs[1].value == 2.0):
            return cls(cls.square.format(xs[0]), rows.power.binds)
        if op is rows.div and xs[0].quotient and str(xs[0].quotient[1]) == str(xs[1]):
            return rows.div(xs[0].quotient[0], rows.mul(xs[1], xs[1]))
        return None


class Tex(Formula):
    """A piece of a formula in TeX."""

    __slots__ = ()
    parentheses = r"\left(", r"\right)"
    template = "tex"
    square = "{0:5}^2"
    about = r"\approx"

    @staticmethod
    def digits(x: Any, digits: int = DIGITS) -> str:
        """A number in TeX: powers of ten are written out, ``1.5 \\cdot 10^{-9}``."""
        if getattr(x, "shape", ()):
            return rf"\text{{{numbers(x, digits=digits)}}}"
        mantissa, e, power = number(x, digits).partition("e")
        if e:
            return rf"{mantissa} \cdot 10^{{{int(power)}}}"
        return mantissa.replace("∞", r"\infty").replace("NaN", r"\text{NaN}")

    @staticmethod
    def partial(y: Formula, x: Formula) -> str:
        """∂y/∂x as a fraction."""
        return rf"\frac{{\partial {y:9}}}{{\partial {x:9}}}"

    @staticmethod
    def times(a: str, b: str) -> str:
        """Two factors, as they stand."""
        return rf"{a} \cdot {b}"

    @staticmethod
    def words(text: str) -> str:
        """Words inside a formula."""
        return rf"\text{{{text}}}"

    @classmethod
    def name(cls, label: str) -> Tex:
        """A label in TeX: ``w1`` gets an index, a single letter stays, all else is set as escaped text."""
        label = shorten(label)
        indexed = re.fullmatch(r"([^\W\d_])_?(\d+)", label)
        if indexed:
            return cls(f"{indexed[1]}_{{{indexed[2]}}}")
        if re.fullmatch(r"[^\W\d_]", label):
            return cls(label)
        text = "".join(TEX_SPECIAL.get(ch, ch) for ch in quoted(label))
        return cls(rf"\text{{{text}}}", piece(label).binds)


TEX_SPECIAL = {ch: "\\" + ch for ch in "#$%&_{}"} | dict(zip("\\^~<>", "∖ˆ˜‹›", strict=True))
"""Characters that have no escape in every MathJax and KaTeX become their doubles; `<` would be read as HTML before."""


def write_operation(op: str, operands: list[str]) -> str:
    """An operation with its operands by name, as Python would write it.

    What stands beside a sign comes in parentheses where it is an expression: `in_signs` says where that is.

    >>> write_operation("*", ["a", "b"]), write_operation("tanh", ["a"])
    ('a * b', 'tanh(a)')
    >>> write_operation("[0]", ["x"]), write_operation("sum(axis=0)", ["x"])
    ('x[0]', 'sum(x, axis=0)')
    >>> write_operation("@ +", ["x", "W.T", "b"])
    'x @ W.T + b'
    """
    if is_sign(op) and len(signs := op.split()) == len(operands) - 1 > 1:  # as "@ +", of PyTorch's addmm
        return " ".join([operands[0], *(f"{sign} {x}" for sign, x in zip(signs, operands[1:], strict=True))])
    if len(operands) > 1 and is_sign(op):
        return f" {op} ".join(operands)
    if rows.find(op, len(operands)) is rows.neg:
        return f"-{operands[0]}"
    if op.startswith("**"):  # a power whose exponent is part of the operation, as "**2"
        return f"{operands[0]}{op}"
    if op.startswith((".", "[")) and len(operands) == 1:  # x.T, x[0]
        return operands[0] + op
    if op.endswith(")") and "(" in op:  # an operation with parameters, as "sum(axis=0)"
        name, _, parameters = op.partition("(")
        return f"{name}({', '.join(operands)}, {parameters}"
    return f"{op}({', '.join(operands)})" if op else "of " + ", ".join(operands)


def in_signs(op: str, count: int) -> bool:
    """Whether `write_operation` writes this operation with so many operands by a sign, and not as a function of them.

    >>> in_signs("*", 2), in_signs("**2", 1), in_signs("tanh", 1), in_signs("neg", 1)
    (True, True, False, True)
    """
    return is_sign(op) or op.startswith(("**", ".", "[")) or rows.find(op, count) is rows.neg


def is_sign(symbol: str) -> bool:
    """Whether a symbol is written between operands, as + and ≥, whoever's it is: it has no letter and no digit."""
    return bool(symbol) and not any(ch.isalnum() for ch in symbol)
