"""Every operation, one row each: add a row here and numbers, nodes, pictures, formulas and checks follow.

`op.py` says what the columns mean. `g` is the gradient that arrives, `y` the output, `x`, `a`, `b` operands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .aliases import candidates
from .op import OPS, PRIMITIVES, PYTHON, Op, Operand

PAIRS = ((2.0, -3.0), (0.5, 1.5), (-1.25, 0.75))
ANY = ((0.7,), (-1.3,), (2.1,))
POSITIVE = ((0.3,), (1.7,), (12.0,))
NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
"""A number as a symbol may hold it."""


def row(name: str, symbol: str, *vjps: Any, **columns: Any) -> Op:
    """Enter an operation in the table. What is not said is a function written ``name(x)``.

    Raises `TypeError` if there is nothing to compute its number by.
    """
    slots = ", ".join(f"{{{i}}}" for i in range(len(vjps)))
    spaced = name.replace("_", r"\ ")
    primitive = not columns.keys() & {"forward", "code"}
    if primitive:
        columns = {"code": f"{name}({slots})", "floats": getattr(math, name, None)} | columns
        if columns["floats"] is None:
            raise TypeError(f"the row {name!r} needs forward=…, code=… or floats=…: Python's math has no {name}")
    columns.setdefault("text", f"{name}({slots})")
    columns.setdefault("tex", rf"\operatorname{{{{{spaced}}}}}\left({slots}\right)")
    columns.setdefault("samples", ANY if len(vjps) == 1 else PAIRS)
    op = OPS[name] = Op(name, symbol, vjps, **columns)
    if primitive:
        PRIMITIVES[name], PYTHON[name] = op, op.floats
    return op


TAIL = 0.9
"""Below, 1 - y keeps its digits."""


def _tanh_tail(e: Any) -> Any:
    return 4 * e / ((1 + e) * (1 + e))


def _sigmoid_tail(e: Any) -> Any:
    return e / (1 + e)


def _unsaturated(y: float, x: float) -> float:
    return 1 - y * y if y * y < TAIL else _tanh_tail(math.exp(-2 * abs(x)))


def _complement(y: float, x: float) -> float:
    return 1 - y if y < TAIL else _sigmoid_tail(math.exp(-abs(x)))


def _in_parts(np: Any, tail: Callable, power: int) -> Callable:
    """One of these for arrays, ``1 - y`` to this power of y; where it has few digits by way of exp(-power·|x|)."""
    return lambda y, x: np.where(y**power < TAIL, 1 - y**power, tail(np.exp(-power * np.abs(x))))


def _log_or_zero(x: float, g: float) -> float:
    return math.log(x) if x > 0 else 0.0 if x == 0 or (x < 0 and g == 0) else math.nan


def _log_or_zero_of_arrays(np: Any) -> Callable:
    return lambda x, g: np.log(np.where(np.equal(x, 0) | (np.less(x, 0) & np.equal(g, 0)), 1.0, x))


complement: Op
cos: Op
greater: Op
log_or_zero: Op
lower: Op
share: Op
sign: Op
unsaturated: Op
"""Rows that those above them use."""

# fmt: off
# --- arithmetic ---
add = row("add", "+", lambda g, y, a, b: g, lambda g, y, a, b: g,
          code="({0} + {1})", text="{0:1} + {1:1}", tex="{0:1} + {1:1}", binds=1, dunder="add", commutes=True)
sub = row("sub", "-", lambda g, y, a, b: g, lambda g, y, a, b: -g,
          code="({0} - {1})", text="{0:1} - {1:2}", tex="{0:1} - {1:2}", binds=1, dunder="sub")
mul = row("mul", "*", lambda g, y, a, b: g * b, lambda g, y, a, b: g * a,
          code="({0} * {1})", text="{0:2} · {1:2}", tex=r"{0:2} \cdot {1:2}", binds=2, dunder="mul", commutes=True)
div = row("div", "/", lambda g, y, a, b: g / b, lambda g, y, a, b: g * (-a / b) / b,  # g * a may underflow
          code="({0} / {1})", text="{0:2} / {1:3}", tex=r"\frac{{{0}}}{{{1}}}", binds=2, dunder="truediv",
          domain="divisors other than 0", roles=("dividend", "divisor"))
neg = row("neg", "neg", lambda g, y, x: -g,
          code="(-{0})", text="-{0:2}", tex="-{0:2}", binds=2, dunder="neg")
power = row("power", "**", lambda g, y, a, b: g * b * a ** lower(b), lambda g, y, a, b: g * y * log_or_zero(a, g),
            # (np.power refuses a negative exponent for whole numbers.)
            floats=math.pow, arrays=lambda np: np.float_power, script="power",
            text="{0:5}^{1:5}", tex="{0:5}^{{{1}}}", binds=4, dunder="pow",
            samples=((2.0, 3.0), (0.5, -1.5), (1.7, 0.0)),
            domain="{0} > 0 (with a whole exponent also {0} < 0, with one of at least 0 also {0} = 0)",
            roles=("base", "exponent"))

# --- functions ---
absolute = row("abs", "abs", lambda g, y, x: g * sign(x), text="|{0}|", tex=r"\left|{0}\right|", dunder="abs",
               floats=abs, about="Compute |x|. At 0 the derivative counts as 0.")
exp = row("exp", "exp", lambda g, y, x: g * y, tex=r"\exp\left({0}\right)")
log = row("log", "log", lambda g, y, x: g / x, tex=r"\ln\left({0}\right)", domain="{0} > 0", samples=POSITIVE)
log1p = row("log1p", "log1p", lambda g, y, x: g / (1 + x), tex=r"\ln\left(1 + {0:1}\right)", domain="{0} > -1",
            samples=POSITIVE, about="Compute log(1 + x), exactly also for tiny x.", helper=True)
sqrt = row("sqrt", "sqrt", lambda g, y, x: g / (2 * y), tex=r"\sqrt{{{0}}}", domain="{0} ≥ 0", samples=POSITIVE)
sin = row("sin", "sin", lambda g, y, x: g * cos(x), tex=r"\sin\left({0}\right)", domain="finite {0}")
cos = row("cos", "cos", lambda g, y, x: -g * sin(x), tex=r"\cos\left({0}\right)", domain="finite {0}")
tan = row("tan", "tan", lambda g, y, x: g * (1 + y * y), tex=r"\tan\left({0}\right)", domain="finite {0}")
arctan = row("arctan", "arctan", lambda g, y, x: g / (1 + x * x), tex=r"\arctan\left({0}\right)",
             floats=math.atan, script="Math.atan")
# Equal operands share the gradient, half each: so nothing depends on their order. NaN is passed on. (As in PyTorch.)
maximum = row("maximum", "max", lambda g, y, a, b: g * share(a, b), lambda g, y, a, b: g * share(b, a),
              text="max({0}, {1})", tex=r"\max\left({0}, {1}\right)", commutes=True,
              floats=lambda a, b: a if a >= b or a != a else b, script="(a, b) => (a >= b || a !== a ? a : b)",
              about="Compute max(a, b). Of equal operands each gets half of the gradient.")
minimum = row("minimum", "min", lambda g, y, a, b: g * share(b, a), lambda g, y, a, b: g * share(a, b),
              text="min({0}, {1})", tex=r"\min\left({0}, {1}\right)", commutes=True,
              floats=lambda a, b: a if a <= b or a != a else b, script="(a, b) => (a <= b || a !== a ? a : b)",
              about="Compute min(a, b). Of equal operands each gets half of the gradient.")

# --- activations ---
tanh = row("tanh", "tanh", lambda g, y, x: g * unsaturated(y, x), tex=r"\tanh\left({0}\right)")
# Written so that neither exponential can overflow, and small results keep their digits.
sigmoid = row("sigmoid", "σ", lambda g, y, x: g * y * complement(y, x), tex=r"\sigma\left({0}\right)",
              forward=lambda x: exp(minimum(x, 0.0)) / (1.0 + exp(-absolute(x))))
relu = row("relu", "relu", lambda g, y, x: g * greater(x, 0), forward=lambda x: maximum(x, 0.0),
           about="Compute relu(x), x where x > 0 and 0 elsewhere. At 0 the derivative counts as 0.")
leaky_relu = row("leaky_relu", "leaky relu", lambda g, y, x: g * maximum(greater(x, 0), 0.01),
                 forward=lambda x: maximum(x, 0.01 * x),
                 about="Compute x where x > 0, and 0.01·x elsewhere. At 0 the derivative counts as 0.01.")
softplus = row("softplus", "softplus", lambda g, y, x: g * sigmoid(x),
               forward=lambda x: maximum(x, 0.0) + log1p(exp(-absolute(x))),
               about="Compute log(1 + exp(x)) without overflow.")

# --- steps, which derivative rules use; flat, so their own derivative is 0 ---
sign = row("sign", "sign", lambda g, y, x: g * 0.0, code="(({0} > 0) * 1.0 - ({0} < 0) * 1.0)", helper=True)
greater = row("greater", ">", lambda g, y, a, b: g * 0.0, lambda g, y, a, b: g * 0.0,
              code="(({0} > {1}) * 1.0)", text="[{0} > {1}]", tex="[{0} > {1}]", helper=True)
greater_equal = row("greater_equal", "≥", lambda g, y, a, b: g * 0.0, lambda g, y, a, b: g * 0.0,
                    code="(({0} >= {1}) * 1.0)", text="[{0} ≥ {1}]", tex=r"[{0} \ge {1}]", helper=True)
# The share of the gradient that the larger of two gets: all of it, or half where they are equal.
share = row("share", "share", lambda g, y, a, b: g * 0.0, lambda g, y, a, b: g * 0.0,
            code="(1.0 - ({1} > {0}) * 0.5 - ({1} >= {0}) * 0.5)", text="([{0} > {1}] + [{0} ≥ {1}]) / 2",
            tex=r"\tfrac{{1}}{{2}}\left([{0} > {1}] + [{0} \ge {1}]\right)", binds=2, helper=True,
            about="Compute 1 where a > b, 1/2 where a = b, 0 where a < b.")
# How far tanh and sigmoid are from 1 where they saturate: there y has lost these digits, and x has kept them.
unsaturated = row("unsaturated", "1 - y²", lambda g, y, a, b: g * -2 * a, lambda g, y, a, b: g * 0.0,
                  floats=_unsaturated, arrays=lambda np: _in_parts(np, _tanh_tail, 2), binds=1, helper=True,
                  script="(y, x) => (y * y < 0.9 ? 1 - y * y : Math.cosh(x) ** -2)",
                  text="1 - {0:5}²", tex="1 - {0:5}^2", samples=((0.25, 0.3), (-0.5, -0.6)),
                  about="Compute 1 - a² for a = tanh(b), also where a is 1 to all its digits.")
complement = row("complement", "1 - y", lambda g, y, a, b: -g, lambda g, y, a, b: g * 0.0,
                 floats=_complement, arrays=lambda np: _in_parts(np, _sigmoid_tail, 1), binds=1, helper=True,
                 script="(y, x) => (y < 0.9 ? 1 - y : ((e) => e / (1 + e))(Math.exp(-Math.abs(x))))",
                 text="1 - {0:2}", tex="1 - {0:2}", samples=((0.25, -1.1), (0.5, 0.0)),
                 about="Compute 1 - a for a = sigmoid(b), also where a is 1 to all its digits.")
# Two helpers that make the power rule right at its edges: b·a^(b-1) is 0, not 0·∞, for b = 0 …
lower = row("lower", "-1", lambda g, y, x: g, code="({0} - 1.0 + ({0} == 0) * 1.0)",
            text="{0:1} - 1", tex="{0:1} - 1", binds=1, about="Compute x - 1, but 0 at x = 0.", helper=True)
# … and a^b·log(a) is 0 at a = 0, and not a number for a < 0, where a^b has no slope in b; but 0 if no gradient arrives.
log_or_zero = row("log_or_zero", "log a", lambda g, y, a, b: g / a, lambda g, y, a, b: g * 0.0, text="log({0})",
                  tex=r"\ln\left({0}\right)", samples=((0.3, 1.0), (1.7, -2.0), (12.0, 0.5)), helper=True,
                  about="Compute log(a); 0 at a = 0, and below NaN, or 0 where the gradient b is 0.", domain="{0} ≥ 0",
                  floats=_log_or_zero, arrays=_log_or_zero_of_arrays,
                  script="(a, g) => (a > 0 ? Math.log(a) : a === 0 || (a < 0 && g === 0) ? 0 : NaN)")
# fmt: on

FUNCTIONS = {name: op for name, op in OPS.items() if not op.helper and (not op.dunder or name == "abs")}
"""The operations that are written as a function, by name: what an expression string may call."""

_SYMBOLS = {(op.symbol, op.arity): op for op in reversed(OPS.values())}
_SYMBOLS |= {(op.name, op.arity): op for op in OPS.values()} | {("-", 1): neg}


def find(symbol: str, arity: int) -> Op | None:
    """The row that a picture's symbol stands for, however an engine writes it; None if there is none.

    >>> find("*", 2), find("ReLU", 1), find("**2", 1), find("1/", 1), find("MulBackward0", 2), find("?", 2)
    (<operation mul>, <operation relu>, <operation power_2>, <operation 1/>, <operation mul>, None)
    """
    found = find_named(symbol, arity)
    return _find_alias(symbol, arity) if found is None and symbol else found


def find_named(symbol: str, arity: int) -> Op | None:
    """The row with this symbol or this name, in whatever case, and no other name of the operation.

    >>> find_named("ReLU", 1), find_named("multiply", 2)
    (<operation relu>, None)
    """
    found = _SYMBOLS.get((symbol, arity)) or _SYMBOLS.get((symbol.lower(), arity))
    if found is not None or arity != 1:
        return found
    return _to_the(symbol[2:]) if symbol.startswith("**") else _with_constant(symbol)


@lru_cache(512)
def _find_alias(symbol: str, arity: int) -> Op | None:
    """The row of another name; of a power the exponent may be part of it, as in ``**2`` and ``^-1``."""
    if arity == 1 and (power_of := re.fullmatch(r"(?:\*\*|\^|pow_?)\s*\(?([-+]?[\d.]+(?:e-?\d+)?)\)?", symbol)):
        return _to_the(power_of.group(1))
    names = candidates(symbol)
    for name in names:
        op = _to_the(name[2:]) if name.startswith("**") and arity == 1 else OPS.get(name)
        if op is not None and op.arity == arity:
            return op
    return None


def commutes(symbol: str) -> bool:
    """Whether the operands of the operation with this symbol may change places without changing its number.

    >>> commutes("+"), commutes("-"), commutes("?")
    (True, False, False)
    """
    op = find(symbol, 2)
    return op is not None and op.commutes


class PowerOp(Op):
    """A power whose exponent is part of its symbol. It stands in no table, so a pickle keeps the exponent."""

    def __reduce__(self) -> tuple:
        return _to_the, (self.symbol[2:],)


@lru_cache(512)
def _to_the(exponent: str) -> Op | None:
    """The row of a power whose exponent is part of its symbol, as in micrograd: ``**2``; None for no finite number."""
    try:
        b = int(exponent) if exponent.lstrip("-").isdecimal() else float(exponent)
        if not math.isfinite(b):  # such a power is no curve: the node keeps the name that its class gave it
            return None
    except (ValueError, OverflowError):
        return None
    return PowerOp(
        f"power_{exponent}",
        f"**{exponent}",
        (lambda g, y, x: power.vjps[0](g, y, x, b),),
        forward=lambda x: x**b,
        text="{0:5}" + ("²" if b == 2 else f"^{exponent}"),
        tex=f"{{0:5}}^{{{{{exponent}}}}}",
        binds=power.binds,
        domain=power.domain,
    )


class ConstantOp(Op):
    """An operation of which one operand, a number, is part of its symbol: ``*2``, ``3-``. It stands in no table."""

    @property
    def whole(self) -> Op:
        """The row of two operands that it comes from."""
        sign = re.sub(NUMBER, "", self.symbol) or "-"
        return _SYMBOLS[sign, 2]

    def __reduce__(self) -> tuple:
        return _with_constant, (self.symbol,)


def split_constant(op: Op) -> tuple[Op, int, float] | None:
    """Of an operation that holds a number: the row of two operands, which of them the number is, and the number.

    >>> split_constant(find("**2", 1)), split_constant(find("3-", 1)), split_constant(find("*", 2))
    ((<operation power>, 1, 2.0), (<operation sub>, 0, 3.0), None)
    """
    if isinstance(op, PowerOp):
        return power, 1, float(op.symbol[2:])
    if not isinstance(op, ConstantOp):
        return None
    after, sign, digits = _read_constant(op.symbol)
    return _SYMBOLS[sign, 2], int(after), float(digits)


def _read_constant(symbol: str) -> tuple[bool, str, str]:
    """Whether the number comes after the sign, the sign, and the number; empty where there are not both."""
    after = re.fullmatch(rf"([-+*/])({NUMBER})", symbol)
    before = re.fullmatch(rf"({NUMBER})(\+|-|\*\*|\*|/)", symbol)
    sign, digits = after.groups() if after else before.groups()[::-1] if before else ("", "")
    return bool(after), sign, digits


@lru_cache(512)
def _with_constant(symbol: str) -> Op | None:
    """The row of an operation that holds a number: ``+3``, ``-3``, ``*2``, ``/2``, or ``3-``, ``1/``, ``2**``."""
    after, sign, digits = _read_constant(symbol)
    whole = _SYMBOLS.get((sign, 2)) if digits else None
    if whole is None:
        return None
    c = int(digits) if digits.lstrip("-").isdecimal() else float(digits)
    written = f"({digits})" if after and c < 0 else digits
    place = 0 if after else 1

    def text(template: str) -> str:
        """The template of the whole operation with the number in its place."""
        x = re.search(rf"{{({place}(?::\d)?)}}", template)
        found = template.replace(f"{{{x[1]}}}", "\0") if x else template
        found = re.sub(rf"{{{1 - place}(?::\d)?}}", written, found)
        return found.replace("\0", f"{{{x[1].replace(str(place), '0', 1)}}}" if x else "")

    return ConstantOp(
        symbol,
        symbol,
        (lambda g, y, x: whole.vjps[place](g, y, *((x, c) if after else (c, x))),),
        forward=lambda x: whole(x, c) if after else whole(c, x),
        text=text(whole.text),
        tex=text(whole.tex),
        binds=whole.binds,
    )


def _reflect(op: Op) -> Callable:
    return lambda self, other: op(other, self)


for _op in OPS.values():
    if _op.dunder:
        setattr(Operand, f"__{_op.dunder}__", lambda self, *other, _op=_op: _op(self, *other))
        if _op.arity == 2:
            setattr(Operand, f"__r{_op.dunder}__", _reflect(_op))
