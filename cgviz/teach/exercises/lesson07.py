"""Lesson 7: subtraction, division and powers: what to say where there is no result, and a rule for the way back."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

from ...graph import is_node
from ...text import kind, number
from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.functions import Function
from ..exercise_kinds.operations import Operations
from ..growth.stubs import is_stub
from ..questions.ask import Ask
from ..sandbox.likeness import same, show, show_apart
from ..sandbox.running import Outcome, attempt

POWERS: tuple[tuple[tuple[float, float], float, dict[float, str]], ...] = (
    (
        (2, 3),
        8,
        {},
    ),
    ((3, 1), 3, {}),
    ((2, -1), 0.5, {-2: "a negative power divides, and does not change the sign"}),
    ((0, 0), 1, {0: "every number to the power 0 is 1, and so is 0"}),
    ((0, 2), 0, {}),
    ((0, 0.5), 0, {}),
    ((-2, 3), -8, {8: "an odd power of a negative number is negative"}),
    ((-2, -2), 0.25, {}),
    ((2.5, 0), 1, {}),
    ((9, 0.5), 3, {}),
    ((-8, 2.0), 64, {}),
)
"""Operands, the power, and wrong ones with what is behind them."""

try:
    1.0 / 0.0  # noqa: B018  (the sentence differs between versions of Python)
except ZeroDivisionError as _error:
    OF_PYTHON = str(_error)

SLIPS: tuple[tuple[Callable[[int, int], float], str], ...] = (
    (lambda x, y: x * y, "that is the product"),
    (lambda x, y: y**x, "the base comes first"),
    (lambda x, y: x ^ y, "a power is written ** in Python; ^ is another operation"),
    (lambda x, y: x + y, "that is the sum"),
)
WHOLE = ((2, 3), (3, 1), (5, 2), (4, 3), (7, 2))
"""Whole operands that tell these apart: one number alone may come of many slips."""

TINY = tuple(
    ("a / b", {"a": a, "b": b}) for a, b in ((0.75, 1e-9), (-0.5, -0.125), (1e-12, 4), (7, 1e9), (-3, 0.3), (2, 7))
)
"""Quotients whose divisor is small, broken or large: none of these is 0."""

QUOTIENTS = Operations(
    name="quotients",
    numbers={"a": 5, "b": -2},  # with 2 and -3, the whole quotient is the sum
    cases=("a / b", "b / a", "a / 2", "1 / a", "a / a", "a / b / c", "a / (b / c)", ("a / b", {"a": 0, "b": 5}), *TINY),
)


BASES = (-8, -2.5, -2, -1, -0.5, 0, 0.0, 0.25, 1, 1.5, 3, 1000)
EXPONENTS = (-3, -2, -1, -0.5, 0, 1 / 3, 0.5, 1, 1.5, 2, 2.0, 3, 4)


def _grid() -> list[tuple[float, float]]:
    return [(x, y) for x in BASES for y in EXPONENTS]


def _there(x: float, y: float) -> bool:
    """Whether there is a power: a real number that is none of the two that are refused."""
    return not (x == 0 and y < 0) and not (x < 0 and y != int(y))


def _compute_power(x: float, y: float) -> float:
    """A power computed otherwise than by Python's own: whole ones by products, the others by the logarithm."""
    if y != int(y):
        return math.exp(y * math.log(x)) if x else 0.0
    product = math.prod([float(x)] * abs(int(y)))
    return 1 / product if y < 0 else product


def _power_fault(power: Any) -> str:
    if not callable(power):
        return f"expected your function, got {kind(power)}: give check its name alone, as in power"
    known = [case for case, *_ in POWERS]
    more: tuple[Any, ...] = tuple(
        (case, _compute_power(*case), {}) for case in _grid() if _there(*case) and case not in known
    )
    for (x, y), expected, slips in POWERS + more:
        done = attempt(power, x, y)
        if done.open:
            raise Open(done.failure)
        said = _call(x, y)
        if done.failure:
            return f"{said} {done.failure}; it should give {number(expected)}"
        if done.value is None:
            return f"{said} gives {done.none}"
        if is_node(done.value):
            return f"{said} gives {kind(done.value)}, should be a plain number; combine makes the node"
        if not same(done.value, expected, 1e-9):
            why = next((f": {told}" for wrong, told in slips.items() if same(done.value, wrong)), _slip(power))
            yours, asked = show_apart(done.value, expected)
            return f"{said} gives {yours}, should be {asked}{why}"
    return _refusal_fault(power)


def _slip(power: Callable) -> str:
    """What a function computes instead of powers, where it does so in all cases that are tried."""
    found = [attempt(power, *xs).value for xs in WHOLE]
    return next((f": {told}" for slip, told in SLIPS if same(found, [slip(*xs) for xs in WHOLE])), "")


def _call(x: float, y: float) -> str:
    """The call as it was made: a whole number that is a float shows its point, since a function may ask for it."""
    return f"power({', '.join(repr(z) if z == int(z) else f'{z:.4g}' for z in (x, y))})"


def _refusal_fault(power: Callable) -> str:
    """What is wrong with how powers that are not there are refused: all of them, not only those of the lesson."""
    by_zero, no_root = "0 to a negative power is a division by 0", "there is no real number whose square is -8"
    said = _judge_refusal(power, (0, -1), by_zero, ZeroDivisionError) or _judge_refusal(
        power, (-8, 0.5), no_root, ArithmeticError
    )
    for x, y in [case for case in _grid() if not _there(*case)]:
        why = by_zero if x == 0 else "a negative number has no power that is not whole"
        said = said or _judge_refusal(power, (x, y), why, ZeroDivisionError if x == 0 else ArithmeticError)
    return said


def _judge_refusal(power: Callable, xs: tuple[float, float], why: str, kind_of_error: type[Exception]) -> str:
    said, name = _call(*xs), kind_of_error.__name__
    wanted = f"{'an' if name[0] == 'A' else 'a'} {name}"
    done = attempt(power, *xs)
    if not done.failure:
        what = "a complex number" if isinstance(done.value, complex) else show(done.value)
        return f"{said} gives {what}, and should raise {wanted}: {why}"
    if not isinstance(done.error, kind_of_error):
        return f"{said} {done.failure}; it should raise {wanted}: {why}"
    if done.failure == f"raised {type(done.error).__name__}":
        return f"{said} raises {wanted} without a sentence: say what is wrong"
    return ""


def _quotients_fault(cls: Any) -> str:
    if is_stub(divide_of(cls)):
        raise Open("divide has no body yet")
    said = QUOTIENTS.judge(cls)
    if said:
        return said
    for x in (1, 0, -8, 0.5):
        for zero in (0, 0.0, -0.0):
            for text, divide in (
                (f"Value({x}) / Value({zero})", lambda x=x, zero=zero: cls(x) / cls(zero)),
                (f"{x} / Value({zero})", lambda x=x, zero=zero: x / cls(zero)),
                (f"Value({x}) / {zero}", lambda x=x, zero=zero: cls(x) / zero),
            ):
                if said := _quotient_fault(text, attempt(divide)):
                    return said
    return _sentence_fault(divide_of(cls))


def divide_of(cls: Any) -> Any:
    """The function ``divide`` that a class's quotients can call; ``None`` if there is none."""
    return getattr(getattr(cls, "__truediv__", None), "__globals__", {}).get("divide")


def _sentence_fault(divide: Any) -> str:
    """What is wrong with a ``divide`` that leaves the sentence to Python."""
    if type(divide) is not FunctionType or "ZeroDivisionError" in divide.__code__.co_names:
        return ""
    done = attempt(divide, 1.0, 0.0)
    if type(done.error) is not ZeroDivisionError or str(done.error) != OF_PYTHON:
        return ""
    return f"divide(1.0, 0.0) says {OF_PYTHON!r}, which is Python's own sentence: if y == 0, raise one of yours"


def _quotient_fault(text: str, done: Outcome) -> str:
    """What is wrong with what a division by 0 has given."""
    if not done.failure:
        return f"{text} gives {show(done.value)}, and should raise a ZeroDivisionError"
    if not isinstance(done.error, ZeroDivisionError):
        return f"{text} {done.failure}; it should raise a ZeroDivisionError"
    return "" if str(done.error) else f"{text} raises a ZeroDivisionError without a sentence: say what is wrong"


def _quotient_slopes(y: float, a: float, b: float) -> tuple[float, float]:
    """The local derivatives of y = a / b."""
    return 1 / b, -y / b


QUESTIONS = (
    Ask(
        key="7.1",
        text="How many nodes has the graph of a + (-b), leaves included?",
        answer=4,
        typical={3: "a negation makes a node, too", 2: "the results are nodes as well"},
        why="a, b, -b and the sum: a negation makes a node, too.",
    ),
    Ask(
        key="7.2",
        text="What are the local derivatives of a - b, first by a, then by b?",
        answer="1 and -1",
        choices=("1 and 1", "1 and -1", "-1 and 1", "b and a"),
        why="When b grows, the difference falls by as much.",
    ),
    Ask(
        key="7.3",
        text="Which gradient will a have in L = a - (a - b)?",
        of="L = a - (a - b)",
        at={"a": 3, "b": 42},
        gradient="a",
        typical={
            1: "that comes back on one way: a is used a second time",
            -1: "that comes back on one way: a is used a second time",
            2: "on one of the two ways a minus sign stands before a",
        },
        why="On one way comes 1, on the other -1.",
    ),
)

EXERCISES = (
    Operations(
        name="differences",
        cases=(
            "a - b",
            "b - a",
            "a - 10",
            "10 - a",
            "a - 0.5",
            "0.5 - a",
            "a - a",
            "-a",
            "a - b - c",
            "a - (b - c)",
            ("a - b", {"b": 0}),
        ),
        hints=(
            "Each method is one line: return self.combine(…, …, …, …).",
            'In __sub__ self comes first: self.combine(self, other, "-", lambda x, y: x - y).',
            "combine takes the operands as they stand in the expression: in __rsub__ the other one comes first.",
        ),
        praise="your class subtracts, and knows what from what.",
    ),
    Judged(
        name="power",
        by=_power_fault,
        hints=(
            "First the two cases that are refused, each with an if and a raise. What is left is x ** y.",
            "0 to a negative power: if x == 0 and y < 0. A negative number to a broken power: if x < 0 and y % 1 != 0.",
        ),
        praise="every power that there is, and a clear word about those that there are not.",
        wanted="your function",
    ),
    Judged(
        name="quotients",
        by=_quotients_fault,
        hints=(
            "divide is like power: one case is refused, what is left is x / y.",
            'The case is y == 0, and it is refused by raise ZeroDivisionError("…"), with your sentence in it.',
        ),
        praise="your class divides, and says so when it cannot.",
        wanted="your class",
    ),
    Function(
        name="quotient slopes",
        reference=_quotient_slopes,
        arguments=[
            (a / b, a, b) for a, b in ((3.0, 2.0), (-1.5, 0.5), (0.0, 4.0), (2.0, -3.0), (1.0, 1.0), (5.0, 0.1))
        ],
        slips=(
            (lambda y, a, b: (1 / b, a / b**2), "the sign of the second is wrong: when b grows, a / b falls"),
            (lambda y, a, b: (b, a), "these are the local derivatives of a product"),
            (lambda y, a, b: (-a / b**2, 1 / b), "they are exchanged: first by a, then by b"),
            (lambda y, a, b: (1 / b, -1 / b**2), "the second lacks the factor a"),
            (lambda y, a, b: (1 / b, -a / b), "in the second, b stands twice below the line"),
            (lambda y, a, b: (1 / b, 1 / a), "the second is not 1/a: b stands below the line"),
            (lambda y, a, b: (1 / b, -a), "the second still has to be divided by b * b"),
        ),
        hints=(
            "a / b is a times 1/b. With b held still, that is a product with a fixed number: how fast does it grow?",
            "By b: a / (b + h) - a / b has the common denominator (b + h) * b. What is left above it?",
            "Above it is left -a * h. Divide by h, and let h shrink: -a / (b * b). So return 1 / b, and that.",
        ),
        praise="a division knows its way back.",
    ),
)
