"""Lesson 13: build first, run later."""

from __future__ import annotations

from typing import Any

from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.functions import check_is_written, no_function
from ..exercise_kinds.numbers import Number
from ..exercise_kinds.ordering import collect_reachable, cycle_fault, order_fault
from ..growth.stubs import is_stub
from ..questions.ask import Ask
from ..sandbox.likeness import same
from ..sandbox.running import attempt


class Place:
    """A node as the lesson has it, with what an order needs and no more."""

    output: Any
    gradients: dict[Any, Any]

    def __init__(self, name: str, *operands: Place) -> None:
        self.name, self.input_nodes = name, list(operands)
        self.output_nodes: list[Place] = []
        for node in dict.fromkeys(operands):
            node.output_nodes.append(self)

    def __repr__(self) -> str:
        return self.name


def _graphs() -> dict[str, list[Place]]:
    """The inputs of some graphs, by what they are."""
    x, w, y = Place("x"), Place("w"), Place("y")
    Place("loss", y, Place("p", Place("s", x, w)))
    a = Place("a")
    Place("square", a, a)
    b = Place("b")
    left = Place("left", b)
    Place("sum", left, Place("late", Place("right", b)), b)
    return {
        "loss(y, p(s(x, w)))": [x, w, y],
        "square(a, a)": [a],
        "sum(left(b), late(right(b)), b)": [b],
    }


def _cycle() -> list[Place]:
    x = Place("x")
    first = Place("first", x)
    second = Place("second", first)
    first.input_nodes.append(second)
    second.output_nodes.append(first)
    return [x]


def _users(node: Place) -> list[Place]:
    return node.output_nodes


def _order_fault(function: Any) -> str:
    """What is wrong with a topological order, as the learner's function makes it."""
    if refused := no_function(function):
        return refused
    for said, inputs in _graphs().items():
        before = _links(inputs)
        given = list(inputs)
        done = attempt(function, given)
        check_is_written(function, done)
        if given != inputs:
            return f"for the graph {said}: your function has changed the list inputs; begin with a copy, list(inputs)"
        fault = f"your function {done.failure}" if done.failure else _fault(done.value, inputs, before)
        if fault:
            return f"for the graph {said}: {fault}"
    return cycle_fault(attempt(function, _cycle()), "a graph with a cycle")


def _links(inputs: list[Place]) -> list[tuple]:
    return [(node, list(node.input_nodes), list(node.output_nodes)) for node in collect_reachable(inputs, _users)]


def _fault(found: Any, inputs: list[Place], before: list[tuple]) -> str:
    if any(now != was for (*_, now), (*_, was) in zip(_links(inputs), before, strict=False)) or [
        node.input_nodes for node, *_ in before
    ] != [operands for _, operands, _ in before]:
        return "your function has changed the nodes' lists; count in a dictionary of your own"
    return order_fault(found, [node for node, *_ in before], lambda node: node.input_nodes)


def _tanh_fault(cls: Any) -> str:
    """What is wrong with a node that computes the hyperbolic tangent, forward and backward."""
    if not isinstance(cls, type):
        return "give check your class itself, without calling it"
    if stubs := [name for name in ("compute", "backpass") if is_stub(getattr(cls, name, None))]:
        raise Open(f"{cls.__name__}.{stubs[0]} has no body yet")
    x = Place("x")
    made = attempt(cls, x)
    if made.failure:
        return f"{cls.__name__}(x) {made.failure}"
    return _forward(made.value, x) or _backward(made.value, x)


def _forward(node: Any, x: Place) -> str:
    import numpy as np

    given = np.array([[0.0, 0.5], [-2.0, 1.0]])
    x.output = given.copy()
    if failed := attempt(lambda: node.compute()).failure:
        return f"compute() {failed}"
    if not same(x.output, given.tolist()):
        return "compute() has changed the output of the input node: make a new array"
    if getattr(node, "output", None) is None:
        return "after compute(), output is None: it has to be stored in self.output"
    y = np.tanh(given)
    if not same(node.output, y.tolist()):
        return f"compute() sets output to {_flat(node.output)} for x = {_flat(given)}, should be {_flat(y)}"
    return ""


def _backward(node: Any, x: Place) -> str:
    import numpy as np

    arriving = [np.array([[2.0, 1.0], [0.5, -1.0]]), np.array([[1.0, 2.0], [-1.0, 0.5]])]
    users = [Place("first"), Place("second")]
    for user, g in zip(users, arriving, strict=True):
        user.gradients = {node: g.copy()}
    node.output_nodes = list(users)
    if failed := attempt(lambda: node.backpass()).failure:
        return f"backpass() {failed}"
    if any(not same(user.gradients.get(node), g.tolist()) for user, g in zip(users, arriving, strict=True)):
        return "backpass() has changed the gradients of a user: += changes an array in place, so begin with a new one"
    return _slopes(getattr(node, "gradients", None), x, np.tanh(x.output), *arriving)


def _slopes(found: Any, x: Place, y: Any, first: Any, second: Any) -> str:
    if not isinstance(found, dict) or x not in found:
        return "after backpass(), gradients has no entry for the input node: self.gradients = {x: …}"
    local = 1 - y**2
    slips = {
        "that is the local derivative alone: times the gradient that arrives": local,
        "only one user's gradient is in it: what arrives is the sum over all users": local * first,
        "that is what arrives: times the local derivative, 1 - y²": first + second,
        "that is the rule of the sigmoid, y · (1 - y); tanh has 1 - y²": y * (1 - y) * (first + second),
        "1 - y² takes the output y, and not the input x": (1 - x.output**2) * (first + second),
    }
    expected = local * (first + second)
    if same(found[x], expected.tolist()):
        return ""
    why = next((f": {said}" for said, wrong in slips.items() if same(found[x], wrong.tolist())), "")
    return f"backpass() gives x the gradient {_flat(found[x])}, should be {_flat(expected)}{why}"


def _flat(array: Any) -> str:
    import numpy as np

    return np.array2string(np.asarray(array, dtype=float).ravel(), precision=3, suppress_small=True, separator=", ")


EXERCISES = (
    Judged(
        name="nodes in order",
        by=_order_fault,
        hints=(
            "Keep a list of nodes that are ready, and a dictionary with how many operands each node still waits for.",
            "square(a, a) uses a twice, but stands once in a.output_nodes: count how many different operands it has.",
            "While a node is ready: take it out, append it to the order, and count down for each of its output_nodes; "
            "what reaches 0 is ready. If a count is left above 0 at the end, there is a cycle.",
        ),
        praise="every node stands behind its operands, and a cycle is found.",
        wanted="your function",
    ),
    Judged(
        name="tanh node",
        by=_tanh_fault,
        hints=(
            "Sigmoid, above, has the same form: one operand, and a derivative that is computed from the output.",
            "compute stores into self.output; backpass stores a dictionary with one entry into self.gradients.",
            "The entry of the input node is what arrives, arriving(self), times 1 - self.output**2.",
        ),
        praise="your node goes forward and backward, and adds up what its users send.",
        wanted="your class",
    ),
    Number(
        name="two steps with momentum",
        answer=0.42,
        typical={
            0.6: "that is two steps without momentum: v keeps 0.9 of what it was",
            0.8: "that is w after one step",
            1.58: "its v has the wrong sign: the step goes against the gradient",
            -0.38: "that is v after two steps; asked is w",
        },
        hints=(
            "Begin with v = 0: after the first step, v = 0.9 · 0 - 0.1 · 2.",
            "First v, then w = w + v with the new v; the same again for the second step.",
        ),
        praise="the second step is longer than the first: that is momentum.",
        wanted="the number w",
    ),
)

QUESTIONS = (
    Ask(
        key="13.1",
        text="Now W gets other numbers. How many of the seven boxes are out of date then, W itself not counted?",
        answer=3,
        why="s, p and loss: everything behind W. The graph is not built again, the same nodes run with another array.",
    ),
    Ask(
        key="13.2",
        text="Somebody always says 0, which is the mean of the target. Its standard deviation is "
        "1. What is the mean squared error?",
        answer=1,
        why="The mean of the squared distances from the mean is the square of the standard deviation.",
    ),
)
