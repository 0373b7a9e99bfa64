"""Lesson 14: dual numbers, forward mode, and derivatives of derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..bounded import attempt
from ..compare import same, shown
from ..exercise import Judged, Open
from ..numbers import Numbers
from ..trials import Trial, Trials
from ..written import is_stub

FORMULAS: tuple[tuple[str, Callable[..., Any], list[float], list[float]], ...] = (
    ("a * b", lambda a, b: a * b, [2.0, -3.0], [-3.0, 2.0]),
    ("a * a + a", lambda a: a * a + a, [3.0], [7.0]),
    ("(a * b + c) * d", lambda a, b, c, d: (a * b + c) * d, [2.0, -3.0, 10.0, -2.0], [6.0, -4.0, -2.0, 4.0]),
)
"""What is differentiated: as text, as a function, where, and its gradient there."""


def gradient(function: Any) -> str:
    """What is wrong with a function (f, numbers) that returns the slopes of f, one pass for each of its inputs."""
    if not callable(function) or isinstance(function, type):
        return "expected a function: give check its name alone, without calling it"
    if is_stub(function):
        raise Open(f"{function.__name__} has no body yet")
    for text, f, numbers, right in FORMULAS:
        given = list(numbers)
        done = attempt(function, f, given)
        if done.open or done.value is ...:
            raise Open(done.failure or "it returns …")
        case = f"for f = {text} at {shown(numbers)} your function"
        if done.failure:
            return f"{case} {done.failure}"
        if done.value is None:
            return f"{case} returns None: is a return missing?"
        if not same(done.value, right):
            return f"{case} returns {shown(done.value)}, should be {shown(right)}{_slip(done.value, f, numbers, right)}"
        if given != numbers:
            return f"{case} has changed the list of numbers; it should leave it as it is"
    return ""


def _slip(found: Any, f: Callable[..., Any], numbers: list[float], right: list[float]) -> str:
    slips = (
        ([sum(right)] * len(right), "all slopes were 1 in each pass; only one input has the slope 1"),
        (right[::-1], "these are the right numbers, the last first"),
        ([f(*numbers)] * len(right), "that is the value of f; asked is its slope"),
        ([0.0] * len(right), "nobody had the slope 1, so nothing came out"),
    )
    if isinstance(found, (list, tuple)) and any(hasattr(x, "slope") for x in found):
        return ": these are the results themselves; the slope of one is result.slope"
    if isinstance(found, (list, tuple)) and len(found) < len(right):
        return ": one slope is asked for each input"
    return next((f": {said}" for wrong, said in slips if same(found, wrong)), "")


EXERCISES = (
    Trials(
        name="dual products",
        trials=(
            Trial("(Dual(2, 1) * Dual(-3, 0)).data", lambda cls: (cls(2, 1) * cls(-3, 0)).data, -6),
            Trial(
                "(Dual(2, 1) * Dual(-3, 0)).slope",
                lambda cls: (cls(2, 1) * cls(-3, 0)).slope,
                -3,
                (
                    (0, "that is the product of the slopes"),
                    (1, "that is the sum of the slopes"),
                    (2, "mind whose slope"),
                ),
            ),
            Trial(
                "(Dual(2, 1) * Dual(-3, 4)).slope",
                lambda cls: (cls(2, 1) * cls(-3, 4)).slope,
                5,
                ((-3, "the slope of the second is left out"), (8, "the slope of the first is left out")),
            ),
            Trial("x = Dual(3, 1); (x * x).slope", lambda cls: (lambda x: (x * x).slope)(cls(3, 1)), 6),
        ),
        hints=(
            "You know this rule from school: the derivative of u · v, where both u and v change.",
            "It is u′ · v + u · v′. Here u is self.data and u′ is self.slope.",
            "type(self)(self.data * other.data, self.slope * other.data + self.data * other.slope)",
        ),
        praise="the product rule, in one line, and no graph is needed.",
    ),
    Judged(
        name="gradient by forward mode",
        by=gradient,
        hints=(
            "One pass gives the slope by one input. So it takes a loop over the inputs.",
            "In pass number i, make a Dual of each number: its slope is 1.0 for number i, and 0.0 for the others.",
            "duals = [Dual(x, 1.0 if j == i else 0.0) for j, x in enumerate(numbers)], then f(*duals).slope is the "
            "slope by input i.",
        ),
        praise="exact gradients without a backward pass: you have written the other half of automatic differentiation.",
    ),
    Numbers(
        name="three derivatives",
        answer={"f′": 27, "f″": 18, "f‴": 6},
        typical={
            "f′": {9: "the 3 of the exponent comes down as a factor", 6: "that is the slope of a²"},
            "f″": {27: "that is f′; differentiate it once more", 6: "f″ is 6a, and a is 3", 9: "f″ is 6a"},
            "f‴": {18: "that is f″; differentiate it once more", 0: "that is the derivative after this one"},
        },
        hints=(
            "The derivative of a³ is 3a².",
            "f′ = 3a², f″ = 6a, and the derivative of 6a is left for you.",
        ),
        praise="slope, slope of the slope, and once more.",
    ),
)
