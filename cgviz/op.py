"""What one operation is: a row from which its number, its node, its code and its formulas all follow.

Letters, used everywhere: `g` is the gradient that arrives, `y` the output, `x` (or `a`, `b`) an operand.
A derivative rule is written `vjp(g, y, *xs)` with ordinary arithmetic and the library's own operations.
Whoever runs it decides what comes out: run on floats it gives a number, on nodes a graph, on `Source`
the code of the rule, on a formula its TeX. Calling a row is the single point where that is decided.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from string import ascii_lowercase
from typing import Any

from .text import Piece, brief, kind

OPS: dict[str, Op] = {}
"""Every operation by name, filled by the table in `ops.py`."""

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


@dataclass(frozen=True, eq=False, repr=False)
class Op:
    """One operation. Rows are called like functions: ``sin(0.5)``, ``mul(a, b)``.

    `name`: what Python calls it; `symbol`: what a picture shows; `vjps`: one derivative rule for each
    operand; `forward`: a rule made of other rows, or `code`: the same text in Python, NumPy and
    JavaScript, its functions looked up in each language's own names; `text`, `tex`: how it is written, as templates in
    which ``{0:2}`` is operand 0, put in parentheses if it binds less tightly than 2; `binds`: how
    tightly the result binds; `domain`: what the operands must fulfil, in words; `roles`: what the operands are called
    in words; `dunder`: the Python operator; `commutes`: whether the operands may change places; `helper`: whether only
    derivative rules need it, and users are not offered it; `samples`: operands at which the derivative rules are
    checked numerically.
    """

    name: str
    symbol: str
    vjps: tuple[Callable, ...]
    code: str = ""
    forward: Callable | None = None
    text: str = ""
    tex: str = ""
    binds: int = 9
    domain: str = ""
    roles: tuple[str, ...] = ()
    dunder: str = ""
    commutes: bool = False
    helper: bool = False
    samples: tuple[tuple[float, ...], ...] = ()
    about: str = ""
    __doc__: str = field(default="", init=False)

    def __post_init__(self) -> None:
        sentence = self.about or f"Compute {self._in_letters()}."
        if self.domain:
            sentence += f" Defined for {self.domain.format(*LETTERS[self.arity])}."
        object.__setattr__(self, "__doc__", sentence)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def __reduce__(self) -> tuple:
        return _by_name, (self.name,)

    def _in_letters(self) -> str:
        return self.text.format(*map(Piece, LETTERS[self.arity]))

    @property
    def arity(self) -> int:
        """How many operands it takes: as many as it has derivative rules."""
        return len(self.vjps)

    def __call__(self, *xs: Any) -> Any:
        """Apply to numbers, arrays, nodes or anything else that knows how to take the operation over.

        Raises `TypeError` for a wrong count of operands or one that is no number, and `DomainError` outside the domain.
        """
        if len(xs) != self.arity:
            raise TypeError(f"{self.name} takes {self.arity} operand{'s' * (self.arity > 1)}, got {len(xs)}")
        for x in xs:
            if hasattr(x, "_apply"):
                return x._apply(self, xs)
        if any(hasattr(x, "__array__") for x in xs):
            return self.array(*xs)
        for x in xs:
            if not isinstance(x, Real):
                raise TypeError(f"{self.name} takes Values and numbers, got {kind(x)}")
        try:
            return self.number(*xs)
        except FAILURES as failure:
            raise self.error(failure, xs) from None

    @cached_property
    def number(self) -> Callable[..., float]:
        """The forward rule for floats, as a compiled function over `math`; raises what `math` raises."""
        return self._compile(PYTHON)

    @cached_property
    def array(self) -> Callable[..., Any]:
        """The forward rule for NumPy arrays, with broadcasting; outside the domain it gives NaN or infinity."""
        import numpy as np

        return np.errstate(all="ignore")(self.bare)

    @cached_property
    def bare(self) -> Callable[..., Any]:
        """The same, but NumPy warns where it is set to; silence costs a microsecond a call."""
        return self._compile(numpy_names())

    def _compile(self, names: dict[str, Any]) -> Callable:
        args = [f"x{i}" for i in range(self.arity)]
        return eval(f"lambda {', '.join(args)}: {self.write(*map(Source, args)).code}", names)

    def write(self, *xs: Source) -> Source:
        """The forward rule as code over the given operands."""
        if self.forward is not None:
            return self.forward(*xs)
        return Source(self.code.format(*(x.code for x in xs)))

    def local_derivative(self, position: int, y: float, *xs: float, names: Callable[[], Names] = tuple) -> float:
        """The number ∂y/∂x for the operand at `position`: its rule with an arriving gradient of 1.

        Raises `DomainError` where there is no derivative; only then `names` is asked for the names of the operands.

        >>> from cgviz.ops import mul
        >>> mul.local_derivative(0, -6.0, 2.0, -3.0)
        -3.0
        """
        try:
            return self.vjps[position](1.0, y, *xs)
        except FAILURES as failure:
            raise self.error(failure, xs, names(), derivative=True) from None

    def error(self, failure: Exception, xs: tuple, names: Names = (), derivative: bool = False) -> DomainError:
        """The sentence for an operation that failed: what is asked, what came, and in which node.

        `names` are those of the operands, where they have any.
        """
        what, domain, came, asked = self.said(names)
        of = asked if not derivative and not isinstance(failure, OverflowError) else came
        where = " and ".join(dict.fromkeys(prefix + _shown(xs[i]) for prefix, i in of))
        if derivative:
            what = f"the derivative of {what}"
        if isinstance(failure, OverflowError):
            return RangeError(f"{what} is too large for a number when {where}")
        error = DivisionError if isinstance(failure, ZeroDivisionError) else DomainError
        if derivative:
            return error(f"{what} is not defined where {where}")
        return error(f"{what} is defined for {domain or 'numbers'}, but {where}")

    def said(self, names: Names = ()) -> tuple[str, str, list[tuple[str, int]], list[tuple[str, int]]]:
        """The parts of that sentence: the formula, its domain, and how to name each operand worth naming.

        Those are the ones that the formula does not show as their number, and last the ones that the domain speaks of.

        >>> from cgviz.ops import div, log
        >>> log.said(("'a'",))
        ('log(a)', 'a > 0', [("node 'a' is ", 0)], [("node 'a' is ", 0)])
        >>> div.said(("'a'", "0"))
        ('a / 0', 'divisors other than 0', [("node 'a' is ", 0)], [('the divisor is ', 1)])
        """
        names = names or ("",) * self.arity
        taken = set(re.findall(r"\w+", " ".join(map(str, names))))  # (a - 5) beside a nameless operand: that is no a
        letters = iter([letter for letter in LETTERS[self.arity] + SPARE if letter not in taken])
        roles = self.roles or LETTERS[self.arity]
        words = [_words(name or next(letters), bool(name), role) for name, role in zip(names, roles, strict=True)]
        in_formula, in_domain, before = zip(*words, strict=True)
        came = [(prefix, i) for i, prefix in enumerate(before) if not _is_number(names[i])]
        asked = [(prefix, i) for i, prefix in enumerate(before) if self._asks(i)]
        return self.text.format(*in_formula), self.domain.format(*in_domain), came, asked

    def _asks(self, i: int) -> bool:
        """Whether the domain speaks of this operand: by its place, or by its role."""
        return (
            not self.domain or f"{{{i}}}" in self.domain or any(role in self.domain for role in self.roles[i : i + 1])
        )


def _words(name: str | Piece, named: bool, role: str) -> tuple[Piece, Piece, str]:
    """What an operand is called: in the formula, in its domain, and before its number."""
    in_words = len(role) > 1
    if isinstance(name, Piece):
        return (name, Piece(role), f"the {role} {name} is ") if in_words else (name, name, f"{name} = ")
    if not named:
        return Piece(name), Piece(name), f"{name} = "
    if not _is_number(name):
        return Piece(name[1:-1]), Piece(name[1:-1]), f"node {name} is "
    return Piece(name, 2 if name[0] == "-" else 9), Piece(role), f"the {role} is " if in_words else f"{role} = "


def _is_number(name: str | Piece) -> bool:
    """Whether this names a constant, which stands in the formula as its number."""
    return isinstance(name, str) and name[:1] not in ("", "'", '"')


def _shown(x: Any) -> str:
    return brief(x) if isinstance(x, (int, float)) else str(x)


def _by_name(name: str) -> Op:
    return OPS[name]


class Operand:
    """Gives a class that has `_apply` Python's operators, each one a call of its row (set up in `ops.py`)."""

    __slots__ = ()


class Source(Operand):
    """An operand that writes a rule down: the text is valid in Python, NumPy and JavaScript alike."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        self.code = code

    def _apply(self, op: Op, xs: tuple) -> Source:
        return op.write(*(x if isinstance(x, Source) else Source(repr(float(x))) for x in xs))


def _maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _log_or_zero(x: float) -> float:
    return math.log(x) if x > 0 else 0.0 if x == 0 else math.nan


PYTHON: dict[str, Any] = {
    **{name: getattr(math, name) for name in ("exp", "log", "log1p", "sqrt", "sin", "cos", "tan", "tanh")},
    "abs": abs,
    "arctan": math.atan,
    "log_or_zero": _log_or_zero,
    "maximum": _maximum,
    "minimum": _minimum,
    "power": math.pow,
}
"""What the function names in `code` mean for floats; `numpy_names` says it for arrays."""


def numpy_names() -> dict[str, Any]:
    """What the function names in `code` mean for NumPy arrays: NumPy's own, but for two.

    (`np.power` refuses a negative exponent for whole numbers.)
    """
    import numpy as np

    names = {name: getattr(np, name) for name in PYTHON if hasattr(np, name)}
    return names | {"power": np.float_power, "log_or_zero": lambda x: np.log(np.where(np.equal(x, 0), 1.0, x))}
