"""Optimizers: each moves the trained nodes a step against their gradients.

All have the same protocol: ``optimizer.update(trainables)`` after ``graph.compute_gradients()``, and, for whoever has
arrays and gradients of his own, ``optimizer.move(steps)``. Arrays are never changed in place: each node gets a new one,
and whoever holds the old one keeps it as it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .learning_rates import Schedule, rate_at
from .names import kind_text, shape_text, title
from .node import Input, is_node
from .optimizer_checks import check_decay, check_fraction, check_positive, check_rate


class SGD:
    """Stochastic gradient descent: ``x - learning_rate · g`` for each trained node x with gradient g.

    `learning_rate` is a number, or a function from the step, counted from 1, to it, as `cosine_rate` gives one.
    `weight_decay` times the rate is the share by which each number shrinks at each step, whatever its gradient is
    (decoupled: Loshchilov and Hutter, 2019; with `Adam` this is AdamW). `clip` is the greatest length that all
    gradients of a step may have together: longer ones are shortened to it, in the same direction.

    Raises `TypeError` or `ValueError` for a learning rate or a clip that is not a positive, finite number, and for a
    negative weight decay.

    >>> from cgviz.nodes import Graph, Mul
    >>> x = Input("x")
    >>> graph = Graph({x: 3.0}, loss=Mul(x, x))
    >>> graph.compute_gradients()
    >>> SGD(0.1).update([x])
    >>> x.output.round(3).item()
    2.4
    """

    def __init__(
        self, learning_rate: float | Schedule, *, weight_decay: float = 0.0, clip: float | None = None
    ) -> None:
        self.learning_rate = learning_rate
        self.weight_decay = check_decay(weight_decay)
        self.clip = None if clip is None else check_positive("clip", clip)
        self.done = 0
        """How many steps it has taken."""

    @property
    def learning_rate(self) -> float | Schedule:
        """How far a step goes, for a gradient of 1. It may be changed between steps."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float | Schedule) -> None:
        self._learning_rate = rate if callable(rate) else check_rate(rate)
        # Arrays are multiplied faster by an array than by a float.
        self._rate = np.array(0.0 if callable(rate) else self._learning_rate)

    def rate_of(self, step: int) -> float:
        """The learning rate of a step, counted from 1. Raises as a bad learning rate does."""
        return rate_at(self.learning_rate, step)

    def update(self, trainables: Iterable[Any]) -> None:
        """Move each of the `trainables`, input nodes, by one step.

        Raises `ValueError` for a node without a gradient of its shape, or listed twice, and `TypeError` for what
        cannot be trained; then no node has moved.
        """
        steps = _check_steps(trainables)
        for (node, _, _), moved in zip(steps, self.move(steps), strict=True):
            # An input that an optimizer moves leaves `Graph.loss` at the loss of the run: it is not fed anew.
            if isinstance(node, Input):
                node._output = moved
            else:
                node.output = moved

    def move(self, steps: Sequence[tuple[Any, Any, Any]]) -> list[Any]:
        """Where a step leads, for each ``(key, x, g)``: an array with its gradient, known from step to step by its key.

        >>> SGD(0.1).move([("w", np.array([3.0]), np.array([5.0]))])
        [array([2.5])]
        """
        if callable(self._learning_rate):
            self._rate = np.array(self.rate_of(self.done + 1))
        if self.clip is not None:
            steps = self._shorten(steps)
        if self.weight_decay:
            left = 1.0 - self._rate * self.weight_decay
            found = [left * x - self._step(key, g) for key, x, g in steps]
        else:
            found = [x - self._step(key, g) for key, x, g in steps]
        self.done += 1
        return found

    def extend(self, key: Any, more: int) -> None:
        """Let an array of one dimension have `more` numbers at its end, as if it had always had them."""

    def _shorten(self, steps: Sequence[tuple[Any, Any, Any]]) -> list[tuple[Any, Any, Any]]:
        """The same with gradients that together are no longer than `clip`."""
        assert self.clip is not None
        length = math.sqrt(sum(float(np.sum(g * g)) for _, _, g in steps))
        share = min(1.0, self.clip / (length + 1e-6))
        return [(key, x, share * g) for key, x, g in steps]

    def _step(self, key: Any, g: Any) -> Any:
        return self._rate * g


class Momentum(SGD):
    """Descent with memory: a velocity ``v = momentum · v + g`` for each node, and ``x - learning_rate · v``.

    The first step is that of `SGD`; a steady gradient ends at steps 1 / (1 - momentum) times as long. (Polyak,
    1964, in PyTorch's form.) The other arguments are those of `SGD`.

    Raises `TypeError` or `ValueError` as `SGD` does, and for a momentum not within 0 to below 1.

    >>> from cgviz.nodes import Graph, Mul
    >>> x = Input("x")
    >>> graph, momentum = Graph({x: 3.0}, loss=Mul(x, x)), Momentum(0.1)
    >>> for step in range(2):
    ...     graph.compute_gradients()
    ...     momentum.update([x])
    >>> x.output.round(3).item()
    1.38
    """

    def __init__(
        self,
        learning_rate: float | Schedule,
        momentum: float = 0.9,
        *,
        weight_decay: float = 0.0,
        clip: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay, clip=clip)
        self.momentum = check_fraction("momentum", momentum)
        self._velocity: dict[Any, Any] = {}

    def extend(self, key: Any, more: int) -> None:
        if key in self._velocity:
            self._velocity[key] = np.pad(self._velocity[key], (0, more))

    def _step(self, key: Any, g: Any) -> Any:
        v = _recall(self._velocity, key, g)
        self._velocity[key] = v = g if v is None else self.momentum * v + g
        return self._rate * v


class Adam(SGD):
    """Descent whose steps adapt to each number: about one `learning_rate` long, whatever the gradient's size.

    It keeps running means m of g and s of g², and moves by ``learning_rate · m / (√s + epsilon)``, both means
    divided by ``1 - betaᵗ`` at step t, since they start from 0. (Kingma and Ba, 2015, algorithm 1; with a
    `weight_decay` it is AdamW.) The other arguments are those of `SGD`.

    Raises `TypeError` or `ValueError` as `SGD` does, and for an epsilon that is not positive, or betas not within 0
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
        self,
        learning_rate: float | Schedule = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        *,
        weight_decay: float = 0.0,
        clip: float | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay, clip=clip)
        self.beta1, self.beta2 = check_fraction("beta1", beta1), check_fraction("beta2", beta2)
        self.epsilon = check_positive("epsilon", epsilon)
        self._means: dict[Any, Any] = {}

    def extend(self, key: Any, more: int) -> None:
        if key in self._means:
            m, s, t = self._means[key]
            self._means[key] = np.pad(m, (0, more)), np.pad(s, (0, more)), t

    def _step(self, key: Any, g: Any) -> Any:
        known = self._means.get(key)
        m, s, t = known if known is not None and known[0].shape == g.shape else (0.0 * g, 0.0 * g, 0)
        m = self.beta1 * m + (1.0 - self.beta1) * g
        s = self.beta2 * s + (1.0 - self.beta2) * g * g
        self._means[key] = m, s, t = m, s, t + 1
        return self._rate * (m / (1.0 - self.beta1**t)) / (np.sqrt(s / (1.0 - self.beta2**t)) + self.epsilon)


def _recall(memory: dict[Any, Any], key: Any, g: Any) -> Any:
    """What is kept under a key, unless it has meanwhile been given an array of another shape."""
    kept = memory.get(key)
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
