"""Lesson 12: a neuron, a layer and a network, made of the learner's own nodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ...graph import is_node
from ...text import kind, number
from ...value import Value
from ..bounded import Outcome, attempt
from ..compare import as_number, close, listed, shown
from ..exercise import Judged, Open
from ..functions import Function
from ..numbers import Number
from ..written import is_stub

SIZE = 3
"""Of the layer that is tried, with two inputs."""
INPUTS = (0.5, -2.0)
NUMBERS = (0.3, -0.2, 0.1, -0.4, 0.25, 0.6, 0.7, 0.05, -0.3)
"""What its parameters are given: weight, weight and bias of each neuron."""


def _open(done: Outcome) -> None:
    if done.open or done.value is ... or "ellipsis" in done.failure:
        raise Open("a part of it is still …" if not done.open else done.failure)


def layer(cls: Any) -> str:
    """What is wrong with a class of layers."""
    if not isinstance(cls, type):
        return f"give check your class itself, without calling it; got {kind(cls)}"
    if stubs := [name for name in ("__init__", "__call__", "parameters") if is_stub(getattr(cls, name, None))]:
        raise Open(f"{cls.__name__}.{stubs[0]} has no body yet")
    made = attempt(cls, 2, SIZE)
    _open(made)
    if made.failure:
        return f"Layer(2, {SIZE}) {made.failure}"
    return _parameters(made.value) or _outputs(made.value) or _without_activation(cls)


def _parameters(made: Any) -> str:
    done = attempt(lambda: made.parameters())
    _open(done)
    if done.failure:
        return f"Layer(2, {SIZE}).parameters() {done.failure}"
    found = done.value
    if found is None:
        return "parameters() returns None: is a return missing?"
    if not isinstance(found, (list, tuple)):
        return f"parameters() returns {kind(found)}, should return a list of nodes"
    if any(isinstance(p, (list, tuple)) for p in found):
        return "parameters() returns a list of lists; put all nodes into one flat list"
    if strange := [p for p in found if not is_node(p)]:
        return f"parameters() lists nodes, and yours has {shown(strange[0])} in it"
    count = len({id(p) for p in found})
    if count == 3 and len(found) == 3 * SIZE:
        return f"that is the same neuron {SIZE} times; call Neuron(…) anew for each one"
    if count != 3 * SIZE:
        why = {
            8: ": inputs and outputs are mixed up",
            3: ": that is one neuron",
            2 * SIZE: ": the biases are missing",
        }.get(count, "")
        wanted = f"should have {3 * SIZE}: two weights and a bias for each of {SIZE} neurons"
        return f"Layer(2, {SIZE}) has {count} parameters, {wanted}{why}"
    return ""


def _outputs(made: Any) -> str:
    parameters = made.parameters()
    for p, x in zip(parameters, NUMBERS, strict=True):
        p.data = x
    done = attempt(made, [type(parameters[0])(x) for x in INPUTS])
    _open(done)
    if done.failure:
        return f"layer([x1, x2]) {done.failure}"
    if done.value is None:
        return "layer([x1, x2]) returns None: is a return missing?"
    if not isinstance(done.value, (list, tuple)):
        return f"layer([x1, x2]) returns {shown(done.value)}, should return a list of {SIZE} nodes, one for each neuron"
    found, right = list(map(as_number, done.value)), [math.tanh(s) for s in _sums()]
    if len(found) != SIZE:
        return f"layer([x1, x2]) returns a list of {len(found)}, should be {SIZE}: one output for each neuron"
    if _same(found, right):
        return ""
    if _same(sorted(x or 0.0 for x in found), sorted(right)):
        return "the outputs are right, but not in the order of parameters(): neuron 1 comes first in both"
    if _same(found, _sums()):
        return "the outputs are bare sums: hand the activation on to each neuron"
    return (
        "the outputs are not those of the listed parameters: list for each neuron its weights and its bias, neuron "
        "after neuron, and call each neuron with all inputs"
    )


def _sums() -> list[float]:
    """What the neurons make of the inputs, without an activation."""
    (x, y), each = INPUTS, [NUMBERS[3 * j : 3 * j + 3] for j in range(SIZE)]
    return [w * x + v * y + b for w, v, b in each]


def _without_activation(cls: type) -> str:
    made = attempt(cls, 2, SIZE, None)
    if made.failure:
        return f"Layer(2, {SIZE}, None) {made.failure}"
    parameters = made.value.parameters()
    for p, x in zip(parameters, NUMBERS, strict=True):
        p.data = x
    done = attempt(made.value, [type(parameters[0])(x) for x in INPUTS])
    if done.failure:
        return f"with the activation None, layer([x1, x2]) {done.failure}"
    if _same(list(map(as_number, done.value)), _sums()):
        return ""
    return "Layer(2, 3, None) should give bare sums: hand the activation on to each neuron"


def _same(found: Sequence[float | None], right: Sequence[float]) -> bool:
    pairs = zip(found, right, strict=True)
    return len(found) == len(right) and all(x is not None and close(x, y) for x, y in pairs)


class Net:
    """A stand-in for a network: a score by a formula, shown as that."""

    def __init__(self, said: str, score: Callable[..., float]) -> None:
        self.said, self.score = said, score

    def __call__(self, xs: Sequence[Any]) -> Value:
        return Value(self.score(*(float(as_number(x) or 0.0) for x in xs)), "score")

    def __repr__(self) -> str:
        return self.said


def accuracy(net: Any, xs: Any, ys: Any) -> float:
    """The share of samples whose score has the sign of their label."""
    return sum(float(net(x)) * y > 0 for x, y in zip(xs, ys, strict=True)) / len(xs)


def _share_cases() -> list[tuple]:
    points = [(1.0, 0.0), (0.0, 1.0), (2.0, 0.5), (1.0, -1.0), (1.0, 0.5), (3.0, 0.0)]
    return [
        (Net("x1 - x2", lambda x, y: x - y), points, [1, 1, 1, 1, 1, -1]),
        (Net("x2 - x1", lambda x, y: y - x), points, [1, -1, 1, -1, -1, -1]),
        (Net("0.1·x1 + 0.2", lambda x, y: 0.1 * x + 0.2), points, [1, 1, 1, 1, 1, 1]),
        (Net("5·x1 - 1", lambda x, y: 5 * x - 1), points[:2], [1, -1]),
    ]


def _right(net: Any, xs: Any, ys: Any) -> int:
    return sum(float(net(x)) * y > 0 for x, y in zip(xs, ys, strict=True))


def _positive(net: Any, xs: Any, ys: Any) -> float:
    return sum(float(net(x)) > 0 for x in xs) / len(xs)


def _equal(net: Any, xs: Any, ys: Any) -> float:
    return sum(float(net(x)) == y for x, y in zip(xs, ys, strict=True)) / len(xs)


def _margin(net: Any, xs: Any, ys: Any) -> float:
    return sum(float(net(x)) * y >= 1 for x, y in zip(xs, ys, strict=True)) / len(xs)


XOR = (((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((1, 1), 0))


def xor(given: Any) -> str:
    """What is wrong with nine numbers for a network that computes XOR."""
    if not isinstance(given, (list, tuple)):
        return f"expected a list of nine numbers, got {kind(given)}"
    missing = sum(x is None or x is ... for x in given)
    if missing:
        raise Open(f"{missing} of the numbers {'is' if missing == 1 else 'are'} still to be found")
    found = list(map(as_number, given))
    if strange := [x for x, n in zip(given, found, strict=True) if n is None or not math.isfinite(n)]:
        return f"all nine are numbers, and one of yours is {shown(strange[0])}"
    if len(found) != 9:
        return f"expected nine numbers, got {len(found)}"
    w = [float(x) for x in found if x is not None]
    outputs = [_network(w, *x) for x, _ in XOR]
    wrong = [i for i, (_, wanted) in enumerate(XOR) if not close(outputs[i], wanted, 1e-9)]
    if not wrong:
        return ""
    (x1, x2), wanted = XOR[wrong[0]]
    hidden = listed(number(h) for h in _hidden(w, x1, x2))
    why = f"; its hidden neurons hold {hidden}"
    return f"for x1 = {x1}, x2 = {x2} your network gives {number(outputs[wrong[0]])}, should give {wanted}{why}"


def _hidden(w: Sequence[float], x1: float, x2: float) -> list[float]:
    return [max(0.0, w[i] * x1 + w[i + 1] * x2 + w[i + 2]) for i in (0, 3)]


def _network(w: Sequence[float], x1: float, x2: float) -> float:
    first, second = _hidden(w, x1, x2)
    return w[6] * first + w[7] * second + w[8]


EXERCISES = (
    Judged(
        name="a layer",
        by=layer,
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
    Function(
        name="share",
        reference=accuracy,
        arguments=_share_cases,
        slips=(
            (_right, "that is how many are right; asked is the share"),
            (lambda net, xs, ys: 100 * accuracy(net, xs, ys), "that is in percent; asked is the share, from 0 to 1"),
            (lambda net, xs, ys: 1 - accuracy(net, xs, ys), "that is the share of those that are wrong"),
            (_equal, "a score need not be equal to its label; only their signs count"),
            (_margin, "a score of the right sign is enough; it need not reach 1"),
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
