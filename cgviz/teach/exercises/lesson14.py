"""Lesson 14: dual numbers, forward mode, and derivatives of derivatives."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any

from ...graph import is_node
from ...value import Value
from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.functions import check_is_written, no_function
from ..exercise_kinds.numbers import Numbers
from ..exercise_kinds.trials import Trial, Trials
from ..questions.ask import Ask
from ..sandbox.likeness import same, show, show_apart
from ..sandbox.running import attempt

FORMULAS: tuple[tuple[str, Callable[..., Any], list[float], list[float]], ...] = (
    ("a * b", lambda a, b: a * b, [2.0, -3.0], [-3.0, 2.0]),
    ("a * a + a", lambda a: a * a + a, [3.0], [7.0]),
    ("a * a * b, where a and b are equal", lambda a, b: a * a * b, [3.0, 3.0], [18.0, 9.0]),
    ("(a * b + c) * d", lambda a, b, c, d: (a * b + c) * d, [2.0, -3.0, 10.0, -2.0], [6.0, -4.0, -2.0, 4.0]),
    ("a * b + b, with broken numbers", lambda a, b: a * b + b, [0.25, -1.5], [-1.5, 1.25]),
    ("b * c + c, without a", lambda a, b, c: b * c + c, [5.0, 0.0, 2.0], [0.0, 2.0, 1.0]),
)
"""What is differentiated: as text, as a function, where, and its gradient there."""


def gradient(function: Any) -> str:
    """What is wrong with a function (f, numbers) that returns the slopes of f, one pass for each of its inputs."""
    if said := no_function(function):
        return said
    for text, f, numbers, right in FORMULAS:
        given = list(numbers)
        passed: list[Any] = []
        done = attempt(function, _watch_arguments(f, passed), given)
        check_is_written(function, done)
        case = f"for f = {text} at {show(numbers)} your function"
        if done.failure:
            return f"{case} {done.failure}"
        if done.value is None:
            return f"{case} returns {done.none}"
        if isinstance(done.value, (list, tuple)) and any(x is ... for x in done.value):
            raise Open("a part of what it returns is still …")
        if not same(done.value, right):
            yours, asked = show_apart(done.value, right)
            return f"{case} returns {yours}, should be {asked}{_slip(done.value, f, numbers, right)}"
        if not all(hasattr(x, "slope") for x in passed):
            return f"{case} has called f with plain numbers: give it Duals, then the slopes are exact"
        if given != numbers:
            return f"{case} has changed the list of numbers; it should leave it as it is"
    return ""


def _watch_arguments(f: Callable[..., Any], passed: list[Any]) -> Callable[..., Any]:
    """The same function, which notes what it is called with."""

    def watched(*xs: Any) -> Any:
        passed.extend(xs)
        return f(*xs)

    return watched


def _slip(found: Any, f: Callable[..., Any], numbers: list[float], right: list[float]) -> str:
    slips = (
        ([sum(right)] * len(right), "all slopes were 1 in each pass; only one input has the slope 1"),
        (right[::-1], "these are the right numbers, the last first"),
        ([f(*numbers)] * len(right), "that is the value of f; asked is its slope"),
        ([0.0] * len(right), "nobody had the slope 1, so nothing came out"),
        (list(accumulate(right)), "the inputs before still have the slope 1; only one input has it in each pass"),
    )
    if isinstance(found, (list, tuple)) and any(hasattr(x, "slope") for x in found):
        return ": these are the results themselves; the slope of one is result.slope"
    if isinstance(found, (list, tuple)) and len(found) < len(right):
        return ": one slope is asked for each input"
    return next((f": {said}" for wrong, said in slips if same(found, wrong)), "")


KEPT = "a product is a new Dual, and leaves its operands as they are"


def _operand_after_product(cls: type) -> str:
    x = cls(3, 1)
    x * cls(2, 0)
    return f"Dual({x.data:g}, {x.slope:g})"


def _keeps_nodes(cls: type) -> bool:
    """Whether a product of Duals that hold nodes holds nodes: a later cell differentiates its slope."""
    x = cls(Value(3.0), Value(1.0))
    return all(is_node(held) for y in (x * x, x * x * x) for held in (y.data, y.slope))


FACTORS = (
    ((0, 2), (4, -1)),
    ((-1.5, 0.25), (0.5, -8)),
    ((1e3, 1), (1e-3, 1)),
    ((7, 0), (-2, 0)),
    ((2.5, 1.25), (-0.75, -0.3)),
)
PRODUCTS = tuple(
    (f"Dual{u} * Dual{v}", name, lambda cls, u=u, v=v, name=name: getattr(cls(*u) * cls(*v), name), right, ())
    for u, v in FACTORS
    for name, right in (("data", u[0] * v[0]), ("slope", u[1] * v[0] + u[0] * v[1]))
)
"""More products: as text, what is read of them, how, and what it should be."""

EXERCISES = (
    Trials(
        name="dual products",
        trials=(
            Trial("(Dual(2, 1) * Dual(-3, 0)).data", lambda cls: (cls(2, 1) * cls(-3, 0)).data, -6),
            Trial(
                "(Dual(2, 3) * Dual(-5, 11)).slope",
                lambda cls: (cls(2, 3) * cls(-5, 11)).slope,
                7,
                (  # numbers that keep all these apart
                    (0, "no slope was given to the new Dual"),
                    (33, "that is the product of the slopes"),
                    (14, "that is the sum of the slopes"),
                    (-49, "mind whose slope: u′ goes with v, and v′ with u"),
                    (-15, "the slope of the second is left out"),
                    (22, "the slope of the first is left out"),
                    (-37, "the two parts are added, and not subtracted"),
                    (37, "the two parts are added, and not subtracted"),
                    (-330, "the two parts are added, and not multiplied"),
                ),
            ),
            *((Trial(f"({said}).{name}", run, right, slips)) for said, name, run, right, slips in PRODUCTS),
            Trial("x = Dual(Value(3), Value(1)), of nodes; do x * x and x * x * x hold nodes?", _keeps_nodes, True),
            Trial("x = Dual(3, 1); (x * x).slope", lambda cls: (lambda x: (x * x).slope)(cls(3, 1)), 6),
            Trial(
                "x after x = Dual(3, 1) and x * Dual(2, 0)",
                _operand_after_product,
                "Dual(3, 1)",
                tuple((f"Dual({x}, {dx})", KEPT) for x, dx in ((6, 2), (6, 1), (3, 2))),
            ),
        ),
        hints=(
            "You know this rule from school: the derivative of u · v, where both u and v change.",
            "It is u′ · v + u · v′. Here u is self.data and u′ is self.slope.",
            "return type(self)(self.data * other.data, …): for the gap, write u′ · v + u · v′ with data and slope.",
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

QUESTIONS = (
    Ask(
        key="14.1",
        text="A network has a million weights, and one loss. How many passes does forward mode "
        "take to find all slopes?",
        answer=1000000,
        why="One for each input. Reverse mode takes one forward and one backward: that is why "
        "everybody trains with it.",
    ),
    Ask(
        key="14.2",
        text="The last box is the slope of x³ at 3, which is 3 · 3² = 27. What is the gradient of "
        "a in this picture? Then click on its box.",
        answer=18,
        why="It is the slope of the slope: the derivative of 3x² is 6x. Two classes that know "
        "nothing of each other have found a second derivative.",
    ),
    Ask(
        key="14.3",
        text="A training loop in PyTorch, without zero_grad. The gradient would be 6 in every "
        "step. What is a.grad in the third step?",
        answer=18,
        why="6, then 6 + 6, then 6 + 6 + 6: each step is larger than it should be.",
    ),
)
