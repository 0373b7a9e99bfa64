"""A neuron over any class of nodes, and what comes in."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import Any

from ..graph import GRAD, field_of_gradient, is_node
from ..groups.grouping import Mark
from ..ops.rows import FUNCTIONS
from ..text import kind
from ..value import Value
from .sample_checks import generator, whole

ACTIVATIONS = ("linear", *(name for name, op in FUNCTIONS.items() if op.arity == 1))
"""The activations that can be asked for by name; ``"linear"`` is none."""
RECTIFIERS = {"relu", "leaky_relu", "softplus"}
"""Half of what comes in is cut off, so the weights begin larger by √2."""
SUB, SUPER = (str.maketrans("0123456789", digits) for digits in ("₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


class Module:
    """What neurons, layers and networks have in common: parameters."""

    def parameters(self) -> list[Any]:
        """The nodes that training changes: for each neuron its weights, then its bias."""
        return []

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, under whichever name its class keeps it."""
        for p in self.parameters():
            setattr(p, field_of_gradient(p) or GRAD[0], 0.0)


class Neuron(Module):
    """One neuron: ``activation(b + w₁·x₁ + w₂·x₂ + …)``.

    `activation` is one of `ACTIVATIONS` or a function of a node. The weights are normal numbers with a standard
    deviation of √(2/inputs) before a rectifier (He and others, 2015) and √(1/inputs) else (LeCun and others, 1998);
    the bias is 0. `seed` is a number, a `random.Random`, or ``None`` for others each time. `cls` is the
    class of nodes: any that adds, multiplies and has the activation, made from a number alone, or a function that
    makes one. `place` is put after the letter of each label.

    Raises `ValueError` for an unknown activation or fewer than one input.

    >>> neuron = Neuron(2, "tanh", seed=0)
    >>> neuron, [p.label for p in neuron.parameters()]
    (Neuron(2 → 1 tanh), ['w₁', 'w₂', 'b'])
    >>> neuron.w[0].data, neuron.w[1].data = 0.5, -0.25
    >>> neuron([1, 2])
    Value(0.0)
    """

    def __init__(
        self,
        inputs: int,
        activation: str | Callable[[Any], Any] = "relu",
        *,
        seed: int | random.Random | None = None,
        cls: Callable[[float], Any] = Value,
        place: tuple[str, str] = ("", ""),
    ) -> None:
        inputs = whole(inputs, "the number of inputs")
        check_activation(activation)
        rng = generator(seed)
        layer, neuron = place
        comma = "," if neuron else ""
        scale = math.sqrt((2 if name_activation(activation) in RECTIFIERS else 1) / inputs)
        self.cls, self.activation = cls, activation
        self.w = [
            _node(cls, rng.gauss(0, scale), f"w{layer}{neuron}{comma}{subscript(i)}") for i in range(1, inputs + 1)
        ]
        self.b = _node(cls, 0.0, f"b{layer}{neuron}")
        self.name = f"a{layer}{neuron}"

    def __call__(self, xs: Sequence[Any]) -> Any:
        """The neuron's output for inputs, which are nodes or numbers.

        Raises `ValueError` for another number of inputs, `TypeError` for one that is neither.
        """
        return self._output(nodes_of(xs, len(self.w), self.cls, "neuron"))

    def _output(self, xs: tuple[Any, ...], around: tuple[Mark, ...] = ()) -> Any:
        """The output for checked inputs, marked as that of this neuron and of the groups around it."""
        total = self.b
        for w, x in zip(self.w, xs, strict=True):
            total = total + w * x
        found = _activate(self.activation, total)
        _mark_output(found, (Mark("neuron", self.name, f"{name_activation(self.activation)} neuron", xs), *around))
        return found

    def parameters(self) -> list[Any]:
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)} → 1 {name_activation(self.activation)})"


def check_activation(activation: Any) -> None:
    """Raise `ValueError` for what is neither a function nor the name of an activation."""
    if not callable(activation) and activation not in ACTIVATIONS:
        raise ValueError(f"unknown activation: {activation!r} (must be a function or one of {_list_activations()})")


def _list_activations() -> str:
    return ", ".join(map(repr, ACTIVATIONS))


def name_activation(activation: Any) -> str:
    """What a picture calls an activation."""
    if isinstance(activation, str):
        return activation
    return getattr(activation, "__name__", "") or getattr(activation, "name", "") or type(activation).__name__


def subscript(i: int) -> str:
    """A number as an index.

    >>> subscript(12)
    '₁₂'
    """
    return str(i).translate(SUB)


def _node(cls: Callable[[float], Any], x: float, label: str) -> Any:
    """A new leaf; a class that has no labels does without."""
    node = cls(x)
    try:
        node.label = label
    except AttributeError:
        pass
    return node


def nodes_of(xs: Any, n: int, cls: Callable[[float], Any], what: str) -> tuple[Any, ...]:
    """The inputs as nodes, or a sentence on what is wrong with them."""
    if is_node(xs) or isinstance(xs, str) or not isinstance(xs, Iterable):
        raise TypeError(f"a {what} takes a list of inputs, such as [x1, x2], got {kind(xs)}")
    found = tuple(xs)
    if len(found) != n:
        raise ValueError(f"this {what} takes {n} input{'s' if n > 1 else ''}, got {len(found)}")
    return tuple(
        [x if isinstance(cls, type) and isinstance(x, cls) else _input(x, i, cls) for i, x in enumerate(found, start=1)]
    )


def _input(x: Any, i: int, cls: Callable[[float], Any]) -> Any:
    if is_node(x):
        return x
    if not isinstance(x, Real):
        raise TypeError(f"input {i} must be a node or a number, got {kind(x)}")
    try:
        return _node(cls, float(x), f"x{subscript(i)}")
    except OverflowError:
        raise ValueError(f"input {i} is too large for a number") from None


def _activate(activation: str | Callable, x: Any) -> Any:
    if callable(activation):
        return activation(x)
    if activation == "linear":
        return x
    method = getattr(x, activation, None)
    if method:
        return method()
    if is_node(x) and not hasattr(x, "_apply"):
        raise TypeError(f"{kind(x)} has no method {activation}(): the activation must be one that it has")
    return FUNCTIONS[activation](x)


def _mark_output(node: Any, marks: tuple[Mark, ...]) -> None:
    """Mark an output of ours; a class that has no room for it is drawn neuron by neuron, operation by operation."""
    try:
        node._groups = (*getattr(node, "_groups", ()), *marks)
    except AttributeError:
        pass
