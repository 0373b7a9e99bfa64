"""Whether a learner's layer of neurons is right: its parameters, their names, its outputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...graph import is_node
from ...text import kind
from ..growth.stubs import is_stub
from ..sandbox.likeness import as_number, close, show
from ..sandbox.running import Outcome, attempt
from .exercise import Open

SIZE = 3
"""Of the layer that is tried, with two inputs."""
INPUTS = (0.5, -2.0)
NUMBERS = (0.3, -0.2, 0.1, -0.4, 0.25, 0.6, 0.7, 0.05, -0.3)
"""What its parameters are given: weight, weight and bias of each neuron."""


def _open(done: Outcome) -> None:
    if done.open or done.value is ...:
        raise Open(done.failure or "a part of it is still …")


def layer_fault(cls: Any) -> str:
    """What is wrong with a class of layers; ``""`` if nothing is.

    Raises `Open` if a part of it is not written yet.
    """
    if not isinstance(cls, type):
        return f"give check your class itself, without calling it; got {kind(cls)}"
    if stubs := [name for name in ("__init__", "__call__", "parameters") if is_stub(getattr(cls, name, None))]:
        raise Open(f"{cls.__name__}.{stubs[0]} has no body yet")
    made = attempt(cls, 2, SIZE)
    _open(made)
    if made.failure:
        return f"Layer(2, {SIZE}) {made.failure}"
    return (
        _parameters(made.value)
        or _outputs(made.value)
        or _without_activation(cls)
        or _another_size(cls)
        or _one_neuron(cls)
        or _names(attempt(cls, 2, SIZE).value, "a")
        or _names(attempt(cls, 2, SIZE, None, "b7").value, "b7")
        or _fields(attempt(cls, 2, SIZE, None, "b7").value)
    )


def _parameters(made: Any) -> str:
    done = attempt(lambda: made.parameters())
    _open(done)
    if done.failure:
        return f"Layer(2, {SIZE}).parameters() {done.failure}"
    found = done.value
    if found is None:
        return f"parameters() returns {done.none}"
    if not isinstance(found, (list, tuple)):
        return f"parameters() returns {kind(found)}, should return a list of nodes"
    if any(isinstance(p, (list, tuple)) for p in found):
        return "parameters() returns a list of lists; put all nodes into one flat list"
    if strange := [p for p in found if not is_node(p)]:
        return f"parameters() lists nodes, and yours has {show(strange[0])} in it"
    count = len({id(p) for p in found})
    if count == 3 * SIZE < len(found):
        return f"parameters() lists {len(found)} nodes, and some of them more than once: each should be there once"
    if count == 3 and len(found) == 3 * SIZE:
        return f"that is the same neuron {SIZE} times; call Neuron(…) anew for each one"
    if count != 3 * SIZE:
        neurons = attempt(lambda: len(made([type(found[0])(x) for x in INPUTS]))).value if found else 0
        why = {8: ": inputs and outputs are mixed up", 3: ": that is one neuron"}.get(count, "")
        why = ": the biases are missing" if (count, neurons) == (2 * SIZE, SIZE) else why
        why = f": there are {neurons} neurons" if neurons and count == 3 * neurons > 3 else why
        wanted = f"should have {3 * SIZE}: two weights and a bias for each of {SIZE} neurons"
        return f"Layer(2, {SIZE}) has {count} parameters, {wanted}{why}"
    return ""


def _names(made: Any, layer: str) -> str:
    """Whether the neurons are called a.1, a.2, a.3, if they have names at all."""
    for place, p in enumerate(made.parameters()):
        label, name = getattr(p, "label", ""), f"{layer}.{place // 3 + 1}"
        if isinstance(label, str) and label and not label.startswith(name):
            return f"neuron {place // 3 + 1} should be called {name!r}, and one of its parameters is called {label!r}"
    return ""


def _fields(made: Any) -> str:
    """Whether the fields are there that the next cells of the lesson read."""
    neurons = getattr(made, "neurons", None)
    if not isinstance(neurons, (list, tuple)) or len(neurons) != SIZE:
        return "the neurons should stand in the list self.neurons, where the next cells look for them"
    if hasattr(neurons[0], "name") and getattr(made, "name", None) != "b7":
        return "the layer should keep its name in self.name, where the next cells look for it"
    return ""


def _one_neuron(cls: type) -> str:
    """A layer of one neuron gives a list as well: the network takes its only output itself."""
    for options in ((), (None,)):
        made = attempt(cls, 2, 1, *options)
        said = f"Layer(2, 1{', None' * bool(options)})"
        if made.failure:
            return f"{said} {made.failure}"
        listed = attempt(lambda made=made: made.value.parameters())
        if listed.failure or not isinstance(listed.value, (list, tuple)) or len(listed.value) != 3:
            return f"{said}.parameters() {listed.failure or f'gives {show(listed.value)}'}, should be a list of 3 nodes"
        nodes = [type(listed.value[0])(x) for x in INPUTS]
        for xs in (nodes, tuple(nodes), list(INPUTS)):
            done = attempt(made.value, xs)
            if done.failure:
                numbers = " of plain numbers" * (xs is not nodes and not is_node(xs[0]))
                return f"the call of {said} with a {type(xs).__name__}{numbers} {done.failure}"
            if not isinstance(done.value, (list, tuple)) or len(done.value) != 1 or not is_node(done.value[0]):
                return (
                    f"the call of {said} gives {show(done.value)}, should be a list of one node: all layers give lists"
                )
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
        return f"layer([x1, x2]) returns {done.none}"
    if not isinstance(done.value, (list, tuple)):
        return f"layer([x1, x2]) returns {show(done.value)}, should return a list of {SIZE} nodes, one for each neuron"
    found, right = list(map(as_number, done.value)), [math.tanh(s) for s in _sums()]
    if len(found) != SIZE:
        return f"layer([x1, x2]) returns a list of {len(found)}, should be {SIZE}: one output for each neuron"
    if _same(found, right):
        strange = next((y for y in done.value if not is_node(y)), None)
        return "" if strange is None else f"layer([x1, x2]) lists numbers, such as {show(strange)}, should list nodes"
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
    if fault := _parameters(made.value):
        return f"with the activation None, {fault}"
    parameters = made.value.parameters()
    for p, x in zip(parameters, NUMBERS, strict=True):
        p.data = x
    done = attempt(made.value, [type(parameters[0])(x) for x in INPUTS])
    if done.failure:
        return f"with the activation None, layer([x1, x2]) {done.failure}"
    if not isinstance(done.value, (list, tuple)):
        given = "None" if done.value is None else show(done.value)
        return f"with the activation None, layer([x1, x2]) returns {given}, should return a list of {SIZE} nodes"
    if _same(list(map(as_number, done.value)), _sums()):
        return ""
    return "Layer(2, 3, None) should give bare sums: hand the activation on to each neuron"


def _another_size(cls: type) -> str:
    """Whether the numbers of inputs and outputs are used, and not those of one example."""
    done = attempt(lambda: len(cls(3, 2).parameters()))
    if done.failure:
        return f"Layer(3, 2).parameters() {done.failure}"
    if done.value == 8:
        return ""
    return f"Layer(3, 2) has {done.value} parameters, should have 8: three weights and a bias for each of 2 neurons"


def _same(found: Sequence[float | None], right: Sequence[float]) -> bool:
    pairs = zip(found, right, strict=True)
    return len(found) == len(right) and all(x is not None and close(x, y) for x, y in pairs)
