"""Optimizers: each moves the trained nodes a step against their gradients.

All have the same protocol, ``optimizer.update(trainables)`` after ``graph.compute_gradients()``. Arrays are
never changed in place: each node gets a new one, and whoever holds the old one keeps it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isfinite
from numbers import Real
from typing import Any

import numpy as np

from .names import kind_text, shape_text, title
from .node import Input, is_node


class SGD:
    """Stochastic gradient descent: ``x - learning_rate · g`` for each trained node x with gradient g.

    Raises `TypeError` or `ValueError` for a learning rate that is not a positive, finite number.

    >>> from cgviz.nodes import Graph, Mul
    >>> x = Input("x")
    >>> graph = Graph({x: 3.0}, loss=Mul(x, x))
    >>> graph.compute_gradients()
    >>> SGD(0.1).update([x])
    >>> x.output.round(3).item()
    2.4
    """

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    @property
    def learning_rate(self) -> float:
        """How far a step goes, for a gradient of 1. It may be changed between steps."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._learning_rate = _positive("learning_rate", rate)
        self._rate = np.array(self._learning_rate)  # arrays are multiplied faster by an array than by a float

    def update(self, trainables: Iterable[Any]) -> None:
        """Move each of the `trainables`, input nodes, by one step.

        Raises `ValueError` for a node without a gradient of its shape, or listed twice, and `TypeError` for what
        cannot be trained; then no node has moved.
        """
        for node, x, g in _check_steps(trainables):
            # An input that an optimizer moves leaves `Graph.loss` at the loss of the run: it is not fed anew.
            if isinstance(node, Input):
                node._output = x - self._step(node, g)
            else:
                node.output = x - self._step(node, g)

    def _step(self, node: Any, g: Any) -> Any:
        return self._rate * g


class Momentum(SGD):
    """Descent with memory: a velocity ``v = momentum · v + g`` for each node, and ``x - learning_rate · v``.

    The first step is that of `SGD`; a steady gradient ends at steps 1 / (1 - momentum) times as long. (Polyak,
    1964, in PyTorch's form.)

    Raises `TypeError` or `ValueError` for a learning rate that is not positive, or a momentum not within 0 to below 1.

    >>> from cgviz.nodes import Graph, Mul
    >>> x = Input("x")
    >>> graph, momentum = Graph({x: 3.0}, loss=Mul(x, x)), Momentum(0.1)
    >>> for step in range(2):
    ...     graph.compute_gradients()
    ...     momentum.update([x])
    >>> x.output.round(3).item()
    1.38
    """

    def __init__(self, learning_rate: float, momentum: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.momentum = _fraction("momentum", momentum)
        self._velocity: dict[Any, Any] = {}

    def _step(self, node: Any, g: Any) -> Any:
        v = _recall(self._velocity, node, g)
        self._velocity[node] = v = g if v is None else self.momentum * v + g
        return self._rate * v


class Adam(SGD):
    """Descent whose steps adapt to each number: about one `learning_rate` long, whatever the gradient's size.

    It keeps running means m of g and s of g², and moves by ``learning_rate · m / (√s + epsilon)``, both means
    divided by ``1 - betaᵗ`` at step t, since they start from 0. (Kingma and Ba, 2015, algorithm 1.)

    Raises `TypeError` or `ValueError` for a learning rate or an epsilon that is not positive, or betas not within 0
    to below 1.

    >>> from cgviz.nodes import Graph, Mul
    >>> x = Input("x")
    >>> graph = Graph({x: 3.0}, loss=Mul(x, x))
    >>> graph.compute_gradients()
    >>> Adam(0.1).update([x])
    >>> x.output.round(3).item()
    2.9
    """

    def __init__(
        self, learning_rate: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.beta1, self.beta2 = _fraction("beta1", beta1), _fraction("beta2", beta2)
        self.epsilon = _positive("epsilon", epsilon)
        self._means: dict[Any, Any] = {}

    def _step(self, node: Any, g: Any) -> Any:
        known = self._means.get(node)
        m, s, t = known if known is not None and known[0].shape == g.shape else (0.0 * g, 0.0 * g, 0)
        m = self.beta1 * m + (1.0 - self.beta1) * g
        s = self.beta2 * s + (1.0 - self.beta2) * g * g
        self._means[node] = m, s, t = m, s, t + 1
        return self._rate * (m / (1.0 - self.beta1**t)) / (np.sqrt(s / (1.0 - self.beta2**t)) + self.epsilon)


def _recall(memory: dict[Any, Any], node: Any, g: Any) -> Any:
    """What is kept for a node, unless the node has meanwhile been given an array of another shape."""
    kept = memory.get(node)
    return kept if kept is not None and kept.shape == g.shape else None


def _check_steps(trainables: Iterable[Any]) -> list[tuple]:
    """Each node with its output and gradient, all checked before any of them moves."""
    if trainables.__class__ is not list:
        if not isinstance(trainables, Iterable) or isinstance(trainables, str):
            raise TypeError(f"update takes a list of nodes, such as [W, b], got {kind_text(trainables)}")
        trainables = list(trainables)
    steps = []
    for node in trainables:
        try:
            x, g = node.output, node.gradients[node]
            fits = x.shape == g.shape
        except (AttributeError, KeyError, TypeError):
            raise _refusal(node) from None
        if not fits:
            raise ValueError(
                f"{title(node)} has shape {shape_text(x)} and its gradient {shape_text(g)}: "
                f"run graph.compute_gradients() after setting its output"
            )
        steps.append((node, x, g))
    if len(set(trainables)) < len(steps):
        twice = next(node for i, node in enumerate(trainables) if node in trainables[:i])
        raise ValueError(f"{title(twice)} is listed twice: it would take two steps at once")
    return steps


def _refusal(node: Any) -> Exception:
    if not is_node(node):
        return TypeError(f"only nodes can be trained, got {kind_text(node)}")
    if node.input_nodes:
        return ValueError(f"{title(node)} is computed from other nodes, so it cannot be trained: list input nodes")
    return ValueError(f"{title(node)} has no gradient yet: run graph.compute_gradients() before the update")


def _positive(name: str, given: Any) -> float:
    if not isinstance(given, Real) or isinstance(given, bool):
        shown = f" {given!r}" if isinstance(given, str) else ""
        raise TypeError(f"{name} must be a positive number, got {kind_text(given)}{shown}")
    try:
        number = float(given)
    except OverflowError:  # a whole number, too large for a float
        number = inf
    if not (isfinite(number) and number > 0):
        raise ValueError(f"{name} must be a positive, finite number, got {number:g}")
    return number


def _fraction(name: str, given: Any) -> float:
    if not isinstance(given, Real) or isinstance(given, bool):
        raise TypeError(f"{name} must be a number from 0 to below 1, got {kind_text(given)}")
    fraction: Any = given
    if not 0 <= fraction < 1:
        raise ValueError(f"{name} must be from 0 to below 1, got {given}")
    return float(given)
