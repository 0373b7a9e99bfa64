"""Lesson 7: functions of a node."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...graph import objects
from ...ops import FUNCTIONS
from ...run import leaf
from ..bounded import attempt
from ..compare import as_number, close
from ..numbers import Numbers
from ..operations import Operations


@dataclass(frozen=True, kw_only=True)
class OfNode(Operations):
    """A function of one node x, asked for by its name.

    `slips` are pairs of a function of the number that makes a typical mistake, and the sentence about it; `failed` is
    said after an overflow.
    """

    at: tuple[float, ...]
    slips: tuple[tuple[Callable[[float], float], str], ...] = ()
    failed: str = ""
    wanted: str = "your function"

    def judge_with(self, thing: Any, cls: type | None) -> str:
        """Judge the function, and name the slip behind a wrong number."""
        said = super().judge_with(thing, cls)
        if "should hold" in said:
            return said + self._slip(thing, cls or thing.__globals__["Value"])
        if "OverflowError" in said and self.failed:
            return f"{said}: {self.failed}"
        if not said and not self.graph:
            return self._lost(thing, cls or thing.__globals__["Value"])
        symbol = FUNCTIONS[self.function].symbol  # pictures show it; here it is the function's own name that is asked
        return said.replace(f"should be {symbol!r}", f"should be {self.function!r}")

    def _lost(self, thing: Callable, cls: type) -> str:
        """What is wrong with a result that forgets x; of the graph nothing else is asked."""
        x = leaf(cls, "x", self.at[0])
        if id(x) in map(id, objects(attempt(thing, x).value)):
            return ""
        return "the number is right, but it does not lead back to x: use functions of Values, not those of math"

    def _slip(self, thing: Callable, cls: type) -> str:
        for x in self.at:
            found = as_number(attempt(thing, leaf(cls, "x", x)).value)
            if found is None or not close(found, FUNCTIONS[self.function](x)):
                return next((f": {said}" for slip, said in self.slips if _gives(slip, x, found)), "")
        return ""


def _gives(slip: Callable[[float], float], x: float, found: float | None) -> bool:
    outcome = attempt(slip, x)
    return found is not None and not outcome.failure and close(found, outcome.value)


def of_x(text: str, at: tuple[float, ...], **options: Any) -> OfNode:
    """An exercise that asks for the function that `text` calls, at some numbers."""
    cases = tuple((text, {"x": x}) for x in at)
    return OfNode(cases=cases, function=text.partition("(")[0], at=at, **options)


EXERCISES = (
    of_x(
        "sigmoid(x)",
        name="sigmoid",
        at=(2, 0, -2, 1000, -1000),
        slips=(
            (lambda x: 1 / (1 + math.exp(x)), "that is the sigmoid of -x; its exponent is -x"),
            (lambda x: 1 + math.exp(-x), "that is its denominator: 1 over it is asked"),
            (math.tanh, "that is tanh, between -1 and 1"),
        ),
        failed="there the other form is safe, exp(x) / (exp(x) + 1)",
        hints=(
            "Begin as in exp: compute a number y from x.data, and return a new Value with y, the operand and the name.",
            "An if with two branches: where x.data >= 0, y is 1 / (1 + math.exp(-x.data)). Elsewhere, the other form.",
            "The other form is math.exp(x.data) / (math.exp(x.data) + 1). "
            'After the if: return type(x)(y, _prev=(x,), _op="sigmoid").',
        ),
        praise="safe from -1000 to 1000, and one operation of its own.",
    ),
    of_x(
        "softplus(x)",
        name="softplus",
        at=(1, 0, -2),
        graph=False,
        slips=(
            (lambda x: 1 + x, "log(exp(x)) is x: the 1 belongs inside of the logarithm"),
            (lambda x: math.log(1 + x) if x > -1 else math.nan, "the exponential is missing"),
            (lambda x: 1 + math.exp(x), "the logarithm is missing"),
            (lambda x: max(0.0, x), "that is relu, with its corner"),
        ),
        hints=(
            "It is the formula as it stands. Python knows 1 + Value already.",
            "From the inside out: exp(x), then 1 + that, then log of that.",
        ),
        praise="a new function, and not one new rule for it.",
    ),
    of_x(
        "leaky_relu(x)",
        name="leaky relu",
        at=(4, 0, -4, -0.5, 0.5),
        slips=(
            (lambda x: max(0.0, x), "that is relu: a hundredth of a negative number should come through"),
            (lambda x: 0.01 * x, "a hundredth is only for negative numbers"),
            (lambda x: max(x, -0.01 * x), "the sign is wrong below 0: a hundredth of a negative number is negative"),
            (lambda x: x if x > 0 else 0.1 * x, "that is a tenth, and a hundredth is asked"),
        ),
        hints=(
            "Begin as in relu, with another number y.",
            "y is x.data where that is above 0, and 0.01 * x.data elsewhere.",
            'return type(x)(y, _prev=(x,), _op="leaky_relu")',
        ),
        praise="a little comes through, and the graph calls it by its name.",
    ),
    Numbers(
        name="relu and sqrt",
        answer={"c = 10": 16, "c = 5": 0},
        typical={
            "c = 10": {
                64: "sqrt(16) is 4",
                1024: "the square root of 16 is 4, not 16 squared",
                0: "ab + c is 4: relu keeps it",
            },
            "c = 5": {-4: "relu makes 0 of a negative number", -16: "relu makes 0 of a negative number"},
        },
        hints=(
            "Go forward, one operation at a time: first ab, then ab + c.",
            "relu(4) is 4 and relu(-1) is 0. The square root of 16 is 4.",
        ),
        praise="that was a forward pass.",
        wanted="your two numbers",
    ),
)
