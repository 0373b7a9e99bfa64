"""Nodes that work number by number: their rules are the rows of `cgviz.ops`, run on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from .arrays import summed_to
from .names import shaped, title
from .node import Node, Operation, Refused


class Elementwise(Operation):
    """A row of the table of operations, as a node: forward rule, derivative rules and symbol are the row's.

    Another one is two lines: ``class Sine(Elementwise): op = ops.sin``. Operands of different shapes are
    broadcast as in NumPy, and the gradient of one that was repeated is summed back to its own shape.

    >>> from cgviz.nodes import Graph, Input
    >>> class Sine(Elementwise):
    ...     op = ops.sin
    >>> x = Input()
    >>> graph = Graph({x: 0.0}, loss=Sine(x))
    >>> graph.compute_gradients()
    >>> float(x.grad)
    1.0
    """

    op: Any = None

    def __init__(self, *nodes: Node, name: str = "") -> None:
        wanted = self.op.arity
        if len(nodes) != wanted:
            raise TypeError(f"{type(self).__name__} takes {wanted} node{'s' * (wanted > 1)}, got {len(nodes)}")
        super().__init__(nodes, name)

    def _forward(self, *xs: Any) -> Any:
        y = self.op.bare(*xs)
        if len(xs) == 2 and xs[0].shape != xs[1].shape and xs[0].size == xs[1].size != y.size:
            self._refuse_square(*xs)
        return y

    def _backward(self, g: Any, y: Any, *xs: Any) -> tuple:
        if len(xs) == 1:
            return (self.op.vjps[0](g, y, *xs),)
        parts = [summed_to(rule(g, y, *xs), x.shape) for rule, x in zip(self.op.vjps, xs, strict=True)]
        # `add` hands the same array to both operands: a copy lets each be changed without the other.
        return tuple(part.copy() if part is g and isinstance(g, np.ndarray) else part for part in parts)

    def _refuse_square(self, a: Any, b: Any) -> None:
        """Say no to a list of n numbers with a column of n: NumPy would make n×n of them."""
        if a.ndim != b.ndim:
            first, second = map(shaped, self.input_nodes)
            raise Refused(
                f"{title(self)} got {first} and {second}, of which broadcasting would make {a.size}×{a.size} numbers: "
                f"give both the same shape, as with y.reshape(-1, 1)"
            )


class Add(Elementwise):
    """The sum of two nodes, number by number."""

    op = ops.add


class Mul(Elementwise):
    """The product of two nodes, number by number; for the matrix product see `Dot`."""

    op = ops.mul


class Sigmoid(Elementwise):
    """The sigmoid, 1 / (1 + exp(-x)), of each number: between 0 and 1, and ½ at 0. Its derivative is y·(1 - y)."""

    op = ops.sigmoid


class Tanh(Elementwise):
    """The hyperbolic tangent of each number: between -1 and 1. Its derivative is 1 - y²."""

    op = ops.tanh


class ReLU(Elementwise):
    """Each number if it is positive, else 0. Its derivative is 1 or 0, and at 0 itself 0."""

    op = ops.relu
