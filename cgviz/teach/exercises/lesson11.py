"""Lesson 11: a neuron, a layer and a network, made of the learner's own nodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ...run.run import leaf
from ...text import join_names, kind, number
from ...value import Value
from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.functions import Function, class_beside
from ..exercise_kinds.layer import layer_fault
from ..exercise_kinds.numbers import Number
from ..questions.ask import Ask
from ..sandbox.likeness import as_number, close, items, show


def _refuse(self: Any, *others: Any) -> Any:
    """As a node of the lessons answers: it cannot be compared, and is no number; its data is one."""
    return NotImplemented


def _no_number(self: Any) -> float:
    raise TypeError("float() argument must be a string or a real number, not 'Value'")


class Net:
    """A stand-in for a network: a score by a formula, shown as that, in a node of the class `cls`."""

    def __init__(self, said: str, score: Callable[..., float], cls: type = Value) -> None:
        self.said, self.score = said, score
        hidden = dict.fromkeys(("__lt__", "__le__", "__gt__", "__ge__"), _refuse)
        self.cls = type("Value", (Value,), hidden | {"__float__": _no_number}) if cls is Value else cls

    def __call__(self, xs: Sequence[Any]) -> Any:
        return leaf(self.cls, "score", self.score(*(float(as_number(x) or 0.0) for x in xs)))

    def __repr__(self) -> str:
        return self.said


def accuracy(net: Any, xs: Any, ys: Any) -> float:
    """The share of samples whose score has the sign of their label."""
    return sum(net(x).data * y > 0 for x, y in zip(xs, ys, strict=True)) / len(xs)


def _share_cases(cls: type = Value) -> list[tuple]:
    points = [(1, 0.25), (0.5, 0), (2, 1), (0, 2), (0.45, 0), (0.6, 0), (0, 0.25), (0, 3), (0.5, 1)]
    nodes = [[leaf(cls, f"x{i}", x) for i, x in enumerate(point, start=1)] for point in points]
    return [  # in the first, each slip gives another share
        (Net("x1 - x2", lambda x, y: x - y, cls), points, [-1, 1, 1, -1, 1, 1, -1, 1, 1]),
        (Net("x2 - x1", lambda x, y: y - x, cls), points, [-1, 1, 1, 1, -1, 1, 1, -1, 1]),
        (Net("0.1·x1 + 0.2", lambda x, y: 0.1 * x + 0.2, cls), points, [1] * 9),
        (Net("5·x1 - 1", lambda x, y: 5 * x - 1, cls), points[2:4], [1, -1]),
        (Net("x1 - x2", lambda x, y: x - y, cls), nodes, [-1, 1, 1, -1, 1, 1, -1, 1, 1]),
        (Net("-3", lambda x, y: -3.0, cls), points[:1], [-1]),
        (Net("-3", lambda x, y: -3.0, cls), points[:2], [1, 1]),
        (Net("0.01·x1", lambda x, y: 0.01 * x, cls), points[:3], [1, 1, -1]),
        (Net("x1 - 1", lambda x, y: x - 1.0, cls), [(1, 0), (2, 0), (3, 0), (0, 0)], [1, 1, 1, 1]),
    ]


def _right(net: Any, xs: Any, ys: Any) -> int:
    return sum(net(x).data * y > 0 for x, y in zip(xs, ys, strict=True))


def _not_against(net: Any, xs: Any, ys: Any) -> float:
    return sum(net(x).data * y >= 0 for x, y in zip(xs, ys, strict=True)) / len(xs)


def _positive(net: Any, xs: Any, ys: Any) -> float:
    return sum(net(x).data > 0 for x in xs) / len(xs)


def _equal(net: Any, xs: Any, ys: Any) -> float:
    return sum(net(x).data == y for x, y in zip(xs, ys, strict=True)) / len(xs)


def _above_half(net: Any, xs: Any, ys: Any) -> float:
    return sum((net(x).data > 0.5) == (y == 1) for x, y in zip(xs, ys, strict=True)) / len(xs)


def _as_truth(net: Any, xs: Any, ys: Any) -> float:
    return sum((net(x).data > 0) == y for x, y in zip(xs, ys, strict=True)) / len(xs)


def _margin(net: Any, xs: Any, ys: Any) -> float:
    return sum(net(x).data * y >= 1 for x, y in zip(xs, ys, strict=True)) / len(xs)


@dataclass(frozen=True, kw_only=True)
class Share(Function):
    """A function of a network, which gives nodes of the learner's own class."""

    def judge(self, thing: Any) -> str:
        """Try it with her class, as the next cells do."""
        with_hers = partial(_share_cases, class_beside(thing) or Value)
        return Function.judge(replace(self, arguments=with_hers), thing)


XOR = (((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((1, 1), 0))


def xor(given: Any) -> str:
    """What is wrong with nine numbers for a network that computes XOR."""
    numbers = items(given)
    if numbers is None:
        return f"expected a list of nine numbers, got {kind(given)}"
    missing = sum(x is None or x is ... for x in numbers)
    if missing:
        raise Open(f"{missing} of the numbers {'is' if missing == 1 else 'are'} still to be found")
    found = list(map(as_number, numbers))
    if strange := [x for x, n in zip(numbers, found, strict=True) if n is None or not math.isfinite(n)]:
        return f"all nine are numbers, and one of yours is {show(strange[0])}"
    if len(found) != 9:
        return f"expected nine numbers, got {len(found)}"
    w = [float(x) for x in found if x is not None]
    outputs = [_network(w, *x) for x, _ in XOR]
    wrong = [i for i, (_, wanted) in enumerate(XOR) if not close(outputs[i], wanted, 1e-9)]
    if not wrong:
        return ""
    (x1, x2), wanted = XOR[wrong[0]]
    hidden = join_names(number(h) for h in _compute_hidden(w, x1, x2))
    why = f"; its hidden neurons hold {hidden}"
    return f"for x1 = {x1}, x2 = {x2} your network gives {number(outputs[wrong[0]])}, should give {wanted}{why}"


def _compute_hidden(w: Sequence[float], x1: float, x2: float) -> list[float]:
    return [max(0.0, w[i] * x1 + w[i + 1] * x2 + w[i + 2]) for i in (0, 3)]


def _network(w: Sequence[float], x1: float, x2: float) -> float:
    first, second = _compute_hidden(w, x1, x2)
    return w[6] * first + w[7] * second + w[8]


EXERCISES = (
    Judged(
        name="a layer",
        by=layer_fault,
        wanted="your class",
        hints=(
            "Three lines: a list of neurons, a list of what each of them gives for xs, a list of all their parameters.",
            'self.neurons = [Neuron(inputs, activation, f"{name}.{j}") for j in range(1, outputs + 1)]. '
            "__call__ has the same form: [… for neuron in self.neurons].",
            "parameters needs two loops, one in the other: "
            "[p for neuron in self.neurons for p in neuron.parameters()].",
        ),
        praise="a layer of neurons, all of them yours.",
    ),
    Share(
        name="share",
        reference=accuracy,
        arguments=_share_cases,
        slips=(
            (_right, "that is how many are right; asked is the share"),
            (lambda net, xs, ys: 100 * accuracy(net, xs, ys), "that is in percent; asked is the share, from 0 to 1"),
            (lambda net, xs, ys: 1 - accuracy(net, xs, ys), "that is the share of those that are wrong"),
            (_equal, "a score need not be equal to its label; only their signs count"),
            (_margin, "a score of the right sign is enough; it need not reach 1"),
            (_above_half, "the border is a score of 0 here, not 0.5: no sigmoid has made a probability of it"),
            (_as_truth, "score > 0 is True or False, and these equal 1 and 0; the labels here are 1 and -1"),
            (_not_against, "a score of 0 has no sign, so it is on neither side"),
            (_positive, "that is the share of positive scores; compare each with its label"),
        ),
        hints=(
            "net(x) is a node; its number is net(x).data.",
            "Score and label have the same sign just if their product is above 0.",
            "Go along zip(xs, ys), count where net(x).data * y > 0, and divide by len(xs).",
        ),
        praise="now you can say how good a network is, in one number.",
    ),
    Number(
        name="how many parameters",
        answer=337,
        tolerance=1e-6,
        typical={
            304: "those are the weights alone; each neuron has a bias as well",
            33: "that is how many neurons there are; each has a weight for every input, and a bias",
            105: "that is MLP(2, [8, 8, 1]); here the layers have 16 neurons",
            336: "the last neuron has a bias, too",
            35: "that counts the inputs and the neurons; asked are weights and biases",
            65: "that is MLP(2, [16, 1]): there are two hidden layers",
            320: "the last neuron has parameters, too: 16 weights and a bias",
        },
        hints=(
            "A neuron has one weight for each of its inputs, and one bias.",
            "16 neurons with 2 inputs, then 16 neurons with 16 inputs, then one with 16.",
        ),
        praise="most of them stand between the two hidden layers.",
    ),
    Judged(
        name="xor by hand",
        by=xor,
        wanted="your nine numbers",
        hints=(
            "If one hidden neuron has w1 = w2 = 1 and b = 0, it holds 0, 1, 1, 2 for the four rows. Only the last is "
            "not what is wanted.",
            "Let the second hidden neuron be 1 for the last row alone: w1 = w2 = 1, and a bias that takes the others "
            "to 0.",
            "The last neuron: the first hidden one, minus twice the second.",
        ),
        praise="a network that you have trained by thinking.",
    ),
)

QUESTIONS = (
    Ask(
        key="11.1",
        text="How many parameters has MLP(2, [2, 1])?",
        answer=9,
        why="Three neurons, and each has two weights and a bias.",
    ),
    Ask(
        key="11.2",
        text="Another network starts with all parameters equal to 0.5. What can you say of the "
        "gradients in its two hidden neurons?",
        answer="they are the same",
        choices=("they are the same", "they differ in sign", "they are 0"),
        why="So both take the same step and stay equal for ever: two neurons that do the work of one.",
    ),
    Ask(
        key="11.3",
        text="Which border can MLP(2, [8, 8, 1], activation=None) draw?",
        answer="a straight line",
        choices=("a straight line", "a line with two bends", "any curve"),
        why="A weighted sum of weighted sums is a weighted sum again. What makes a network more "
        "than a line is the bend.",
    ),
)
