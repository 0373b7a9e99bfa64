"""Lesson 9: gradient descent, with one number, two, and a line through points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from ...graph import is_node
from ...run.run import leaf
from ...text import number
from ...value import Value
from ..exercise_kinds.exercise import Judged
from ..exercise_kinds.functions import check_is_written, no_function, nodes_of
from ..exercise_kinds.numbers import Number, Numbers
from ..questions.ask import Ask
from ..sandbox.likeness import as_number, close, show, show_apart
from ..sandbox.running import Outcome, attempt

NEAR = 5e-3
"""So close to the formula a descent has to come."""


class Plain(Value):
    """A node with a gradient, and no operators: a step computes with numbers. It stands in for a class of hers."""

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = lambda self, other: NotImplemented


Plain.__name__ = "Value"  # the only name for a node that a lesson has told


def _parameter(cls: type, data: float, grad: float) -> Any:
    """A leaf of the learner's class, with a gradient."""
    node = leaf(Plain if cls is Value else cls, "p", data)
    node.grad = grad
    return node


STARTS = ((2.0, 6.0), (-3.0, -4.0), (0.5, 0.0), (0.25, 1.0), (0.00012, 0.0004), (1234.5678, 1000.0))
RATE = 0.25
"""Another one than in the lesson's own loop, so that it has to be used."""


def _step(thing: Any) -> str:
    """Try a function that moves parameters against their gradients."""
    if said := no_function(thing):
        return said
    parameters = [_parameter(nodes_of(thing), *start) for start in STARTS]
    given = list(parameters)
    done = attempt(thing, given, RATE)
    check_is_written(thing, done)
    case = f"with parameters of data {', '.join(number(x) for x, _ in STARTS)} and grad "
    case += f"{', '.join(number(g) for _, g in STARTS)}, and rate {RATE}"
    if done.failure:
        return f"{case} your function {done.failure}"
    if any(one is not other for one, other in zip_longest(given, parameters)):
        return f"{case}: the list holds other objects now; change the data of those that are in it"
    if any(p.grad and p.grad != grad for p, (_, grad) in zip(parameters, STARTS, strict=True)):
        return f"{case}: a gradient has been changed; a step changes data alone"  # or is done with it, and sets it to 0
    if all(p.data == x for p, (x, _) in zip(parameters, STARTS, strict=True)):
        return f"{case}: no parameter has moved. Its number is parameter.data: that is what has to change"
    for place, (p, (x, grad)) in enumerate(zip(parameters, STARTS, strict=True), start=1):
        found, right = as_number(p.data), x - RATE * grad
        if found is None or not close(found, right):
            why = _step_slip(found, x, grad)
            yours, asked = show_apart(p.data, right)
            return f"{case}: the data of number {place} should be {asked}, and is {yours}{why}"
    return ""


def _step_slip(found: float | None, x: float, grad: float) -> str:
    slips = {
        x + RATE * grad: ": that goes uphill",
        x - grad: ": the rate is left out",
        x - 0.1 * grad: ": that is the rate of the lesson's own loop, 0.1, and not the one that is given",
        x: ": it has not moved",
        x - RATE * x: ": that takes a part of the number, and not of its gradient",
        -RATE * grad: ": the number where it was is left out",
    }
    return next((said for wrong, said in slips.items() if found is not None and close(found, wrong)), "")


Points = tuple[Sequence[float], Sequence[float], float]
POINTS: tuple[Points, ...] = (
    ([0, 1, 2, 3, 4], [1, 3, 2, 5, 4], 0.0),
    ([0, 1, 2, 3, 4], [1, 3, 2, 5, 4], 2.0),
    ([-1, 0, 1, 2], [2, 1, -1, -2], 0.5),
)


def line(xs: Sequence[float], ys: Sequence[float], strength: float, on_b: float = 0.0) -> tuple[float, float]:
    """The line that makes mean((wx + b - y)²) + strength·w² + on_b·b² smallest, by the formula.

    >>> w, b = line([0, 1, 2, 3, 4], [1, 3, 2, 5, 4], 2)
    >>> f"{w:.3f} {b:.3f}"
    '0.400 2.200'
    """
    n = len(xs)
    x, y = sum(xs) / n, sum(ys) / n
    xx, xy = sum(v * v for v in xs) / n + strength, sum(map(math.prod, zip(xs, ys, strict=True))) / n
    w = (xy * (1 + on_b) - x * y) / (xx * (1 + on_b) - x * x)
    return w, (y - w * x) / (1 + on_b)


def _fit(thing: Any) -> str:
    """Try a function that fits a line."""
    if said := no_function(thing):
        return said
    for xs, ys, strength in POINTS:
        given = list(xs), list(ys)
        done = attempt(thing, *given, strength)
        check_is_written(thing, done)
        said = _fit_fault(done, xs, ys, strength)
        if not said and given != (xs, ys):
            said = "your function has changed the lists of points; it should leave them as they are"
        if said:
            return f"for xs = {show(xs)}, ys = {show(ys)}, strength = {number(strength)} {said}"
    return ""


def _fit_fault(done: Outcome, xs: Sequence[float], ys: Sequence[float], strength: float) -> str:
    away = "the descent runs away: choose a smaller rate"
    if done.failure:
        too_large = any(error in done.failure for error in ("OverflowError", "RangeError"))
        return away if too_large else f"your function {done.failure}"
    if done.value is None:
        return f"your function returns {done.none}"
    found = list(map(as_number, done.value)) if isinstance(done.value, (tuple, list)) else []
    if len(found) != 2 or None in found:
        return f"your function returns {show(done.value)}, and should return two numbers, (w, b)"
    if any(map(is_node, done.value)):
        return "your function returns nodes, and should return their numbers: w.data, b.data"
    w, b = (float(x or 0.0) for x in found)
    if not (abs(w) < 1e6 and abs(b) < 1e6):  # not a number, too
        return away
    right = line(xs, ys, strength)
    if _near((w, b), right):
        return ""
    mine, asked = (f"({x:.4f}, {y:.4f})" for x, y in ((w, b), right))
    return f"your function returns {mine}, should be {asked}{_fit_slip((w, b), xs, ys, strength)}"


def _fit_slip(found: tuple[float, float], xs: Sequence[float], ys: Sequence[float], strength: float) -> str:
    n, right = len(xs), line(xs, ys, strength)
    slips = (
        (right[::-1], "w comes first, then b"),
        (line(xs, ys, 0.0), "that is the line without the penalty"),
        (line(xs, ys, strength, on_b=strength), "the penalty is for w alone"),
        (
            line(xs, ys, strength / n),
            "the penalty counts too little: is the loss a mean, or a sum?",
        ),
        (line(xs, ys, strength * n), "the penalty is added for each point; it should be added once"),
        (line(xs, ys, strength / 2), "the penalty counts half of what it should"),
        (line(xs, ys, strength * 5 / n), f"that is divided by 5, and here are {n} points"),
    )
    for wrong, said in slips:
        if _near(found, wrong):
            return f": {said}"
    theirs, theirs_y, _ = POINTS[0]
    if (xs, ys) != (theirs, theirs_y) and _near(found, line(theirs, theirs_y, strength)):
        return ": that is the line of the lesson's five points; use the xs and ys that are given"
    if _is_one_step(found, xs, ys):
        return ": that is where the first step leads; does the return stand in the loop?"
    if strength:  # it arrived without a penalty, and with one the way is shorter
        return ": with strength 0 your line was right, so look at the penalty, strength · w², and what it is added to"
    (w, b), n = found, len(xs)
    if _near((w, b), (w, sum(ys) / n - w * sum(xs) / n)):  # the best b there is for this w
        return ": this w is nearer to 0 than the best: is there a penalty without its factor strength?" * (
            0 < w / right[0] < 1
        )
    gap, whole = math.dist(found, right), math.hypot(*right)
    return ": close; are there enough steps, and is the rate large enough?" if gap < 0.5 * whole else ""


def _is_one_step(found: Sequence[float], xs: Sequence[float], ys: Sequence[float]) -> bool:
    """Whether w and b lie on the way that the first step from 0 takes, whatever its rate."""
    w, b = sum(map(math.prod, zip(xs, ys, strict=True))), sum(ys)
    away = found[0] * b - found[1] * w
    return found[0] * w + found[1] * b > 0 and abs(away) < 1e-9 * math.hypot(w, b) * math.hypot(*found)


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(x - y) < NEAR for x, y in zip(one, other, strict=True))


EXERCISES = (
    Number(
        name="too large",
        answer=1 / 3,
        typical={
            1: "that is the limit in the other valley; this one is three times as steep",
            1 / 6: "with that one the first step lands on 1: the best there is",
            0.3: "that one arrives still, jumping from side to side",
            2 / 3: "the slope of 3(a - 1)² is 6(a - 1)",
        },
        hints=(
            "The slope of 3(a - 1)² is 6(a - 1). A step takes a to a - η · 6(a - 1).",
            "So each step multiplies the distance to 1 by 1 - 6η. Up to which η does the distance become smaller?",
            "It jumps to and fro for ever where 1 - 6η is -1.",
        ),
        praise="three times as steep, so a third of the rate.",
    ),
    Judged(
        name="one step",
        by=_step,
        wanted="your function",
        hints=(
            "A loop: for parameter in parameters. Each has its number in data and its gradient in grad.",
            "It is the third line of the loop above, with rate for 0.1: parameter.data -= …",
        ),
        praise="this one line trains networks of any size.",
    ),
    Judged(
        name="fit a line",
        by=_fit,
        seconds=40,  # many small steps are right, too
        late="a loop that never ends, or too many steps: a rate of 0.05 and 500 of them are enough",
        wanted="your function",
        hints=(
            "Begin with w, b = Value(0), Value(0). Then a loop: forward, L.backward(), and a step of both.",
            "Forward: errors = [w * x + b - y for x, y in zip(xs, ys)], then their mean square, plus strength * w**2.",
            "After the loop: return w.data, b.data. A rate of 0.05 and 500 steps are enough.",
        ),
        praise="your class has learned from data, and the formula agrees.",
    ),
    Numbers(
        name="the first gradients",
        answer={"w": -15.2, "b": -6},
        typical={
            "w": {
                -76: "the loss is a mean: divide by 5",
                -7.6: "the square has a slope: 2 times the error",
                -38: "the loss is a mean, and the slope of a square is 2 times the error",
                -6: "that is the gradient of b; each error is multiplied by its x",
            },
            "b": {
                -30: "the loss is a mean: divide by 5",
                -3: "the square has a slope: 2 times the error",
                -15: "the loss is a mean, and the slope of a square is 2 times the error",
            },
        },
        hints=(
            "The slope of an error's square is 2 · error; here the errors are -1, -3, -2, -5 and -4.",
            "For b: the mean of 2 · error. For w: the mean of 2 · error · x, with x = 0, 1, 2, 3, 4.",
        ),
        praise="both are negative, so both parameters grow.",
        wanted="your two numbers",
    ),
)

QUESTIONS = (
    Ask(
        key="9.1",
        text="Set w = 0 and b = 0: the line lies on the axis. Which sign has the gradient of w there?",
        answer="negative",
        choices=("negative", "positive"),
        why="All points lie above the line. If w grows, the line comes closer to them, and the loss falls.",
    ),
    Ask(
        key="9.2",
        text="The slope in y is 20y, so each step multiplies y by 1 - 20·rate. Which rate is too large?",
        answer="0.11",
        choices=("0.01", "0.05", "0.09", "0.11"),
        why="1 - 20 · 0.11 is -1.2: y jumps to the other side, and further away each time.",
    ),
)
