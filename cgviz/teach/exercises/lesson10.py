"""Lesson 10: logistic regression, one sample at a time."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

from ...graph import is_node, objects
from ...text import kind, number
from ..exercise_kinds.exercise import Judged
from ..exercise_kinds.functions import check_is_written, no_function, nodes_of
from ..exercise_kinds.numbers import Numbers
from ..questions.ask import Ask
from ..sandbox.advice import NONE
from ..sandbox.likeness import as_number, close, show, show_apart
from ..sandbox.running import attempt

CASES = ((0.8, 1), (0.8, 0), (0.25, 1), (0.1, 0), (0.5, 1), (0.5, 0), (0.999, 1), (0.003, 1), (0.996, 0))
SLIPS: tuple[tuple[Callable[[float, int], float], str], ...] = (
    (lambda p, y: -y * math.log(p) + (1 - y) * math.log(1 - p), "the minus stands before both halves: -( … + … )"),
    (lambda p, y: -math.log(p), "that is right for y = 1; where y is 0, the truth was given 1 - p"),
    (lambda p, y: -math.log(truth(p, 1 - y)), "that is the price of the other label"),
    (lambda p, y: math.log(truth(p, y)), "that is its negative: a price is positive, so a minus is missing"),
    (lambda p, y: -y * math.log(p), "the half for y = 0 is missing: (1 - y) * log(1 - p)"),
    (lambda p, y: -math.log(p) - math.log(1 - p), "both halves count; each has its factor, y or 1 - y"),
    (lambda p, y: (p - y) ** 2, "that is the squared error"),
    (lambda p, y: abs(p - y), "that is the distance of p from y; take -log of what the truth was given"),
    (lambda p, y: -math.log2(truth(p, y)), "that is with base 2; asked is the natural logarithm"),
)


def truth(p: float, y: int) -> float:
    """The probability that was given to what has really happened.

    >>> truth(0.75, 1), truth(0.75, 0)
    (0.75, 0.25)
    """
    return p if y == 1 else 1 - p


def _cross_entropy(thing: Any) -> str:
    """Try a function that says what a probability costs."""
    if said := no_function(thing):
        return said
    cls = nodes_of(thing)
    for x, y in CASES:
        p = cls(x, "p")
        done = attempt(thing, p, y)
        check_is_written(thing, done)
        said = f"your function {done.failure}" if done.failure else _cost_fault(done.value, p, y)
        if said:
            return f"for p = {number(x)} and y = {y} {said}"
    return ""


def _cost_fault(found: Any, p: Any, y: int) -> str:
    if found is None:
        return f"your function returns {NONE}"
    cost, right = as_number(found), -math.log(truth(p.data, y))
    if cost is None:
        return f"your function returns {show(found)}, and should return a Value"
    if not close(cost, right):
        why = next((f": {said}" for slip, said in SLIPS if close(cost, slip(p.data, y))), "")
        yours, asked = show_apart(cost, right)
        return f"the cost should be {asked}, yours is {yours}{why}"
    if not is_node(found):
        return (
            f"the number is right, but it is {kind(found)}, and no graph leads to it: compute with p, not with p.data"
        )
    if done := attempt(found.backward).failure:
        return f"the cost is right, but backward {done}"
    if p not in objects(found):
        return "the cost is right, but it is not computed from p in the graph: use log(p), not math.log(p.data)"
    slope = -1 / p.data if y == 1 else 1 / (1 - p.data)
    yours, asked = show_apart(p.grad, slope)
    return "" if close(p.grad, slope) else f"the gradient of p should be {asked}, yours is {yours}"


Start = tuple[float, float, float]
Sample = tuple[tuple[float, float], int]
SAMPLES: tuple[Sample, ...] = (((2.0, -1.0), 1), ((0.5, 1.5), 0), ((-1.0, 0.5), 1))
START: Start = (0.5, -0.25, 0.1)
RATE = 0.5
SEEDS = range(8)


def walk(order: Iterator[Sample] | tuple[Sample, ...], rate: float = RATE, start: Start = START) -> Start:
    """Where a step after each sample leads to: w1, w2, b, by the formula (p - y)·x.

    >>> [round(x, 4) for x in walk(SAMPLES[:1])]
    [0.7059, -0.3529, 0.2029]
    """
    w1, w2, b = start
    for (x1, x2), y in order:
        error = 1 / (1 + math.exp(-(w1 * x1 + w2 * x2 + b))) - y
        w1, w2, b = w1 - rate * error * x1, w2 - rate * error * x2, b - rate * error
    return w1, w2, b


def _together(part: float) -> Start:
    """Where one step leads to with the gradients of all samples, each counted in part."""
    moves = [walk((one,), part * RATE) for one in SAMPLES]
    w1, w2, b = (x + sum(move[i] - x for move in moves) for i, x in enumerate(START))
    return w1, w2, b


def _orders(rate: float = RATE, count: int = len(SAMPLES)) -> list[Start]:
    return [walk(order, rate) for order in itertools.permutations(SAMPLES, count)]


def _epoch(thing: Any) -> str:
    """Try a function that goes through all samples once."""
    if said := no_function(thing):
        return said
    cls, ends = nodes_of(thing), []
    for seed in SEEDS:
        samples, parameters = list(SAMPLES), [cls(x, name) for x, name in zip(START, ("w1", "w2", "b"), strict=True)]
        done = attempt(thing, samples, parameters, RATE, random.Random(seed))
        check_is_written(thing, done)
        if done.failure:
            return f"your function {done.failure}"
        end = tuple(as_number(parameter.data) for parameter in parameters)
        if end == START and not any(parameter.grad for parameter in parameters):  # after a step they may be 0 again
            return (
                "no parameter has moved, and none has a gradient: after the forward pass, L.backward(), then the step"
            )
        if said := _end_fault(end):
            return f"with three samples: {said}"
        if samples != list(SAMPLES):
            return "your function has changed the list of samples: shuffle a copy, list(samples)"
        ends.append(end)
    if len(set(ends)) == 1:
        return "the samples come in the same order each time: rng.shuffle(…) the copy first"
    return _by_another_chance(thing, ends)


def _by_another_chance(thing: Any, before: list[tuple]) -> str:
    """Whether the order is left to another chance than the one that is given."""
    for seed, end in zip(SEEDS, before, strict=True):
        parameters = [nodes_of(thing)(x) for x in START]
        attempt(thing, list(SAMPLES), parameters, RATE, random.Random(seed))
        if tuple(as_number(parameter.data) for parameter in parameters) != end:
            return "the order is not the one of rng, so nobody can repeat it: use rng.shuffle, not random.shuffle"
    return ""


def _end_fault(end: tuple) -> str:
    if _among(end, _orders()):
        return ""
    again = [walk(order) for order in itertools.product(SAMPLES, repeat=len(SAMPLES))]
    slips: tuple[tuple[list[Start], str], ...] = (
        ([START], "no parameter has moved: after backward, a step for each sample"),
        ([_together(1), _together(1 / 3)], "that is one step for all samples together; asked is a step after each"),
        (_orders(-RATE), "that goes uphill"),
        (_orders(1.0) + _orders(0.1), "the rate that is given has not been used"),
        (_orders(count=1), "only one sample has been used: is the step or the return in the right place?"),
        (_orders(count=2), "a sample has been left out"),
        (again, "a sample has come twice, and another one never: shuffle the list, then go through it"),
        (
            [walk(o * 2) for o in itertools.permutations(SAMPLES)],
            "each sample has been used twice; an epoch is one pass",
        ),
    )
    why = next((f": {said}" for wrong, said in slips if _among(end, wrong)), "")
    found = ", ".join("?" if x is None else number(x) for x in end)
    return f"w1, w2, b end at {found}, where no order of the samples leads{why}"


def _among(end: tuple, places: list[Start]) -> bool:
    return None not in end and any(all(map(close, end, place)) for place in places)


EXERCISES = (
    Judged(
        name="cross-entropy",
        by=_cross_entropy,
        wanted="your function",
        hints=(
            "Which probability did the truth get? It is p if y is 1, and 1 - p if y is 0.",
            "The cost is minus the logarithm of that. For y = 1: return -log(p).",
            "For y = 0 it has the same form, with what the truth was given then. An if between the two is enough.",
        ),
        praise="sure and right is free, sure and wrong is expensive.",
    ),
    Numbers(
        name="gradients of one sample",
        answer={"w1": -2, "w2": 1, "b": -0.5},
        typical={
            "w1": {
                -8: "that is without the slope of the sigmoid, p(1 - p)",
                1: "that is without the slope of the loss, -1/p",
                -0.5: "that is p - y; the weight gets it times x1",
                -0.25: "a weight gets (p - y) times its x, not times itself",
                -1: "that is with the squared error",
            },
            "w2": {
                4: "that is without the slope of the sigmoid, p(1 - p)",
                -0.5: "a weight gets p - y times its x, and x2 is -2",
                0.5: "that is with the squared error",
            },
            "b": {
                0: "b is added to the score: its slope is 1, also where b itself is 0",
                -2: "that is without the slope of the sigmoid, p(1 - p)",
                0.25: "that is without the slope of the loss, -1/p",
                -0.25: "that is with the squared error",
            },
        },
        hints=(
            "First forward: the score is 0.5 · 4 + 1 · (-2) + 0. What is the sigmoid of that?",
            "The score gets p - y, with p = 0.5 and y = 1. The bias gets the same.",
            "Each weight gets p - y times its own x: x1 = 4, x2 = -2.",
        ),
        praise="all three say: more score, please.",
        wanted="your three numbers",
    ),
    Judged(
        name="one epoch",
        by=_epoch,
        wanted="your function",
        hints=(
            "order = list(samples) makes a copy, rng.shuffle(order) shuffles it. Then: for x, y in order.",
            "In the loop stand the three lines of lesson 9: forward, backward, step.",
            "Forward is L = cross_entropy(model(parameters, x), y); then L.backward(), and the step.",
        ),
        praise="this is stochastic gradient descent.",
    ),
)

QUESTIONS = (
    Ask(
        key="10.1",
        text="All three numbers are doubled. What happens to the line?",
        answer="it stays",
        choices=("it stays", "it turns", "it moves away from the middle"),
        why="Where the score was 0, twice the score is 0 too. But everywhere else the model is twice as sure.",
    ),
    Ask(
        key="10.2",
        text="The model gave the truth 0.1. What does it cost more if it had been 0.01? Read it off, with two digits.",
        answer=2.3,
        tolerance=0.01,
        why="Each time that q is divided by 10, it costs log 10 = 2.303 more. So 0.01 is twice as expensive as 0.1.",
    ),
    Ask(
        key="10.3",
        text="With all parameters 0 the model says 0.5 to everybody. What is its mean cost?",
        answer=0.693,
        why="It pays log 2 = 0.6931 each time. Every trained model has to be better than that.",
    ),
)
