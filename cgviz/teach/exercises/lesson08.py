"""Lesson 8: functions of a node, and their derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...graph import objects
from ...ops.rows import FUNCTIONS
from ...run.run import leaf
from ..exercise_kinds.exercise import Open
from ..exercise_kinds.functions import nodes_of
from ..exercise_kinds.numbers import Numbers
from ..exercise_kinds.operations import Operations
from ..questions.ask import Ask
from ..sandbox.likeness import as_number, close
from ..sandbox.running import attempt


@dataclass(frozen=True, kw_only=True)
class OfNode(Operations):
    """A function of one node x, asked for by its name.

    `slips` are pairs of a function of the number that makes a typical mistake, and the sentence about it; `failed` are
    the sentences after an overflow: below 0, above it, and on both sides.
    """

    at: tuple[float, ...]
    slips: tuple[tuple[Callable[[float], float], str], ...] = ()
    failed: tuple[str, str, str] = ("", "", "")
    wanted: str = "your function"

    def judge_with(self, thing: Any, cls: type | None) -> str:
        """Judge the function, and name the slip behind a wrong number."""
        said = super().judge_with(thing, cls)
        if "should hold" in said:
            return said + self._slip(thing, cls or nodes_of(thing))
        if "OverflowError" in said and (why := self._overflow(thing, cls or nodes_of(thing))):
            return f"{said}: {why}"
        if not said and not self.graph:
            return self._explain_loss(thing, cls or nodes_of(thing))
        symbol = FUNCTIONS[self.function].symbol  # pictures show it; here it is the function's own name that is asked
        return said.replace(f"should be {symbol!r}", f"should be {self.function!r}")

    def _explain_loss(self, thing: Callable, cls: type) -> str:
        """What is wrong with a result that forgets x; of the graph nothing else is asked."""
        x = leaf(cls, "x", self.at[0])
        root = attempt(thing, x).value
        if id(x) in map(id, objects(root)):
            back = attempt(root.backward) if hasattr(root, "backward") else None
            if back is None or not back.failure:
                return ""
            return f"the number is right, and the way back {back.failure}: write it with exp and log, which know theirs"
        return "the number is right, but it does not lead back to x: use functions of Values, not those of math"

    def _overflow(self, thing: Callable, cls: type) -> str:
        """What to say of an overflow: which form is safe depends on the side, and each may stand on the other's."""
        failed = [x for x in self.at if isinstance(attempt(thing, leaf(cls, "x", x)).error, OverflowError)]
        if not failed or not any(self.failed):
            return ""
        below, above, both = self.failed
        return both if min(failed) < 0 < max(failed) else below if max(failed) < 0 else above

    def _slip(self, thing: Callable, cls: type) -> str:
        """The typical mistake that gives the learner's numbers everywhere: at one place alone it may be by chance."""
        found = [as_number(attempt(thing, leaf(cls, "x", x)).value) for x in self.at]
        return next((f": {said}" for slip, said in self.slips if _agree(slip, self.at, found)), "")


def _agree(slip: Callable[[float], float], at: tuple[float, ...], found: list[float | None]) -> bool:
    """Whether a mistake gives these numbers; where there is none, it must fail too."""
    slipped = [as_number(attempt(slip, x).value) for x in at]
    return all(
        one is other if one is None or other is None else close(one, other)
        for one, other in zip(found, slipped, strict=True)
    )


def of_x(text: str, at: tuple[float, ...], **options: Any) -> OfNode:
    """An exercise that asks for the function that `text` calls, at some numbers."""
    cases = tuple((text, {"x": x}) for x in at)
    return OfNode(cases=cases, function=text.partition("(")[0], at=at, **options)


@dataclass(frozen=True, kw_only=True)
class Taught(Operations):
    """A function and its rule. A rule that is still …, or is not there, counts as not written."""

    rule: str

    def judge(self, thing: Any) -> str:
        """Compute and differentiate all cases."""
        missing = f"it computes; what is missing is the rule for the way back, RULES[{self.rule!r}]"
        try:
            said = super().judge(thing)
        except Open as left:
            raise Open(missing if "still …" in str(left) else str(left)) from None
        if "are not written yet" in said:
            raise Open(missing)
        return said


QUESTIONS = (
    Ask(
        key="8.1",
        text="y = exp(x) at x = 2, where y is about 7.39. What is the gradient of x?",
        of="y = exp(x)",
        at={"x": 2},
        gradient="x",
        typical={
            2: "that is x itself",
            1: "that is the gradient of y: on the way to x it is multiplied by the slope of exp",
        },
        tolerance=0.01,
        why="The derivative of exp is its own result.",
    ),
    Ask(
        key="8.2",
        text="Where is the slope y · (1 - y) of the sigmoid largest, and how large is it there?",
        answer="0.25, where y is 0.5",
        choices=("1, where y is 1", "0.5, where y is 1", "0.25, where y is 0.5"),
        why="0.5 · 0.5 = 0.25. Where y is near 0 or 1 the curve is flat.",
    ),
    Ask(
        key="8.3",
        text="What is the gradient of a?",
        of="y = a*x + b; s = sigmoid(y); z = s + a",
        at={"a": 0.2, "x": 5, "b": -1},
        gradient="a",
        typical={
            1.25: "that comes back through the sigmoid: one more arrow leaves a",
            1: "that comes back on the straight way: one more arrow leaves a",
            0.25: "that is the slope of the sigmoid: behind it stands a product, and one more arrow leaves a",
            6: "the sigmoid has a slope of its own: y · (1 - y)",
        },
        why="0.25 · 5 through the sigmoid, and 1 directly.",
    ),
)

EXERCISES = (
    of_x(
        "sigmoid(x)",
        name="sigmoid",
        at=(2, 0, -2, 1000, -1000, 0.5, -30),
        slips=(
            (lambda x: math.tanh(x / 2) / 2, "that is lower by one half: at 0 it is 1/2"),
            (lambda x: 1 - 1 / (1 + math.exp(-x)), "that is the sigmoid of -x; its exponent is -x"),
            (lambda x: 1 / (1 + math.exp(x)), "that is the sigmoid of -x; its exponent is -x"),
            (lambda x: (1 - math.tanh(x / 2)) / 2, "that is the sigmoid of -x; its exponent is -x"),
            (lambda x: 1 + math.exp(-x), "that is its denominator: 1 over it is asked"),
            (math.tanh, "that is tanh, between -1 and 1"),
        ),
        failed=(
            "below 0 the other form is safe, exp(x) / (exp(x) + 1)",
            "above 0 the other form is safe, 1 / (1 + exp(-x))",
            "and so for large numbers of the other sign: each form belongs on the other side of 0",
        ),
        hints=(
            "Begin as in exp: compute a number y from x.data, and return a new Value with y, the operand and the name.",
            "An if with two branches: where x.data >= 0, y is 1 / (1 + math.exp(-x.data)). Elsewhere, the other form.",
            "The other form is math.exp(x.data) / (math.exp(x.data) + 1). "
            'After the if: return type(x)(y, _prev=(x,), _op="sigmoid").',
        ),
        praise="safe from -1000 to 1000, and one operation of its own.",
    ),
    Taught(
        name="tangent",
        rule="tan",
        cases=("tan(a)", "tan(x)", "tan(a) * a", "tan(a * x) + x", ("tan(a)", {"a": 0})),
        numbers={"a": 0.5, "x": -1.2},
        gradients=True,
        again=True,
        hints=(
            "The way forward is written like the functions of this lesson, with self for x.",
            'return type(self)(math.tan(self.data), _prev=(self,), _op="tan")',
            'The way back is a tuple of one number: RULES["tan"] = lambda y, x: (…,), with 1 + y**2 for the gap.',
        ),
        praise="a new operation, forward and backward, in two lines.",
    ),
    of_x(
        "softplus(x)",
        name="softplus",
        at=(1, 0, -2, 0.25, -5, 20),
        graph=False,
        slips=(
            (lambda x: 1 + x, "that is x + 1: the 1 is added to exp(x), and the logarithm comes after that"),
            (lambda x: x, "that is x, as log(exp(x)) is: between the two, 1 is added"),
            (lambda x: math.log(1 + x), "the exponential is missing"),
            (lambda x: math.log(1 + math.exp(-x)), "that is softplus of -x"),
            (lambda x: math.log(math.exp(x) - 1), "1 is added to exp(x), and not taken away"),
            (lambda x: math.log2(1 + math.exp(x)), "that is with base 2; asked is the natural logarithm"),
            (lambda x: 1 / (1 + math.exp(-x)), "that is the sigmoid, its slope"),
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
        at=(4, 0, -4, -0.5, 0.5, 250, -250, 0.001, -0.001),
        slips=(
            (lambda x: x, "that is x itself: only a hundredth of a negative number should come through"),
            (abs, "that is the size of x: a hundredth of a negative number is negative, and small"),
            (lambda x: -max(x, 0.01 * x), "that is its negative"),
            (lambda x: 0.01 * x if x > 0 else x, "the two cases are exchanged: a positive number stays as it is"),
            (lambda x: x if x > 0 else 100 * x, "that is a hundred times, and a hundredth is asked"),
            (lambda x: x if x > 0 else 0.001 * x, "that is a thousandth, and a hundredth is asked"),
            (lambda x: x if x > 0 else -0.01, "below 0 it is 0.01 times x, and not always the same number"),
            (lambda x: x if x > 0 else 0.01, "below 0 it is 0.01 times x, and not always the same number"),
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
        name="gradients with relu",
        of="s = a + b; r = relu(a); K = s * r",
        at={"a": 2, "b": -3},
        typical={
            "a": {
                -1: "only the use by r counts: what comes back through s is forgotten. Add up both, += and not =",
                3: "relu lets the gradient through as it is: through r comes s, and that is -1",
                0: "both paths count: through s comes 2, and relu is open, as a is above 0",
            },
            "b": {-1: "K is a product: s gets the other factor, r", 0: "b is used in s, and s gets r"},
        },
        wanted="your two numbers",
        hints=(
            "Name the steps: s = a + b and r = relu(a), so that K = s · r. Go forward first: s is -1, and r is 2.",
            "K is a product: s gets r, and r gets s. Then s copies, and relu lets everything through where a > 0.",
            "Two arrows leave a: one brings back what s got, the other what r got. Add them.",
        ),
        praise="two paths, added up.",
    ),
)
