"""What one operation is: a row from which its number, its node, its code and its formulas all follow.

Letters, used everywhere: `g` is the gradient that arrives, `y` the output, `x` (or `a`, `b`) an operand.
A derivative rule is written `vjp(g, y, *xs)` with ordinary arithmetic and the library's own operations.
Whoever runs it decides what comes out: run on floats it gives a number, on nodes a graph, on `Source`
the code of the rule, on a formula its TeX. Calling a row is the single point where that is decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

from ..text import Piece, kind
from .domain import FAILURES, LETTERS, DomainError, Names, refusal

OPS: dict[str, Op] = {}
"""Every operation by name, filled by the table in `rows.py`."""


@dataclass(frozen=True, eq=False, repr=False)
class Op:
    """One operation. Rows are called like functions: ``sin(0.5)``, ``mul(a, b)``.

    `name`: what Python calls it; `symbol`: what a picture shows; `vjps`: one derivative rule for each
    operand. How its number is computed is `forward`: a rule made of other rows, or `code`: the same text in Python,
    NumPy and JavaScript, or, for a function that is made of nothing else, `floats`: the function for floats, which
    raises outside its domain, `arrays`: the one for arrays, given NumPy, as ``lambda np: np.arctan``, and `script`:
    the one in JavaScript, as text; a language that has it by this name needs none of the three, and without `arrays`
    the function for floats is called for each number. `text`, `tex`: how it is written, as templates in
    which ``{0:2}`` is operand 0, put in parentheses if it binds less tightly than 2; `binds`: how
    tightly the result binds; `domain`: what the operands must fulfil, in words; `roles`: what the operands are called
    in words; `dunder`: the Python operator; `commutes`: whether the operands may change places; `helper`: whether only
    derivative rules need it, and users are not offered it; `samples`: operands at which the derivative rules are
    checked numerically; `about`: the first sentence of its docstring, where "Compute" and its formula do not say it.
    """

    name: str
    symbol: str
    vjps: tuple[Callable, ...]
    code: str = ""
    forward: Callable | None = None
    floats: Callable[..., float] | None = None
    arrays: Callable[[Any], Callable] | None = None
    script: str = ""
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
                raise TypeError(f"{self.name} takes Values and numbers, got {kind(x, 'Value')}")
        try:
            return self.number(*xs)
        except FAILURES as failure:
            raise self.error(failure, xs) from None

    @cached_property
    def number(self) -> Callable[..., float]:
        """The forward rule for floats, as a compiled function over `math`; raises what `math` raises."""
        return self._compile(PYTHON)

    @cached_property
    def slopes(self) -> tuple[Callable[..., float], ...]:
        """The derivative rules for floats, compiled as `number` is: called with g, y and the operands."""
        g, y, *xs = map(Source, ("g", "y", *(f"x{i}" for i in range(self.arity))))
        given = ", ".join(x.code for x in (g, y, *xs))
        found = (rule(g, y, *xs) for rule in self.vjps)
        written = (x.code if isinstance(x, Source) else repr(float(x)) for x in found)
        return tuple(eval(f"lambda {given}: {code}", dict(PYTHON)) for code in written)

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

        >>> from cgviz.ops.rows import mul
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
        return refusal(self, failure, xs, names, derivative)


def _by_name(name: str) -> Op:
    return OPS[name]


class Operand:
    """Gives a class that has `_apply` Python's operators, each one a call of its row (set up in `rows.py`)."""

    __slots__ = ()


class Source(Operand):
    """An operand that writes a rule down: the text is valid in Python, NumPy and JavaScript alike."""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        self.code = code

    def _apply(self, op: Op, xs: tuple) -> Source:
        return op.write(*(x if isinstance(x, Source) else Source(repr(float(x))) for x in xs))


PRIMITIVES: dict[str, Op] = {}
"""The rows with a function of their own, which is made of no other row: filled by the table in `rows.py`."""

PYTHON: dict[str, Any] = {}
"""What the function names in `code` mean for floats, filled with them; `numpy_names` says it for arrays."""


def numpy_names() -> dict[str, Any]:
    """What the function names in `code` mean for NumPy arrays."""
    import numpy as np

    return {name: _for_arrays(op, np) for name, op in PRIMITIVES.items()}


def _for_arrays(op: Op, np: Any) -> Callable:
    """The row's function of arrays: its own, NumPy's of that name, or the one for floats, number by number."""
    if op.arrays is not None:
        return op.arrays(np)
    found = getattr(np, op.name, None)
    return found or np.vectorize(_in_numpys_way(op.floats or op.number, np.float64), otypes=[float])


def _in_numpys_way(function: Callable[..., float], cls: type[float]) -> Callable[..., float]:
    """The function for floats as one of NumPy's: outside of its domain that gives NaN or infinity, and tells NumPy."""
    zero, huge = cls(0.0), cls(1e308)

    def compute(*xs: float) -> float:
        try:
            return function(*map(float, xs))
        except OverflowError:
            return huge * huge
        except FAILURES:
            return zero / zero

    return compute
