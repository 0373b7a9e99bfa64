"""Nodes that work number by number: their rules are the rows of `cgviz.ops.rows`, run on arrays."""

from __future__ import annotations

from typing import Any

from ..ops import rows
from .arrays import sum_to
from .names import name_with_shape, title
from .node import Node, Operation, Refused, gradients_of, sum_gradients


class Elementwise(Operation):
    """A row of the table of operations, as a node: forward rule, derivative rules and symbol are the row's.

    Another one is two lines: ``class Sine(Elementwise): op = rows.sin``. Operands of different shapes are
    broadcast as in NumPy, and the gradient of one that was repeated is summed back to its own shape.

    >>> from cgviz.nodes import Graph, Input
    >>> class Sine(Elementwise):
    ...     op = rows.sin
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

    def compute(self) -> None:
        """Run the row's forward rule. Raises `ValueError` if an operand is missing or does not fit."""
        nodes = self.input_nodes
        try:
            if len(nodes) == 1:
                y = self.op.bare(nodes[0].output)
            else:
                a, b = nodes[0].output, nodes[1].output
                y = self.op.bare(a, b)
                if a.shape != b.shape:
                    self._check(a, b, y)
        except (ValueError, TypeError, AttributeError) as failure:
            raise self._why(failure) from None
        self.output = y

    def backpass(self) -> None:
        """Run the row's derivative rules on the gradient that arrives."""
        self.grad = g = sum_gradients(self)
        if len(self.input_nodes) == 1:
            x = self.input_nodes[0]
            self.gradients = {x: self.op.vjps[0](g, self.output, x.output)}
            return
        xs = [node.output for node in self.input_nodes]
        parts = [sum_to(rule(g, self.output, *xs), x.shape) for rule, x in zip(self.op.vjps, xs, strict=True)]
        # `add` hands the same array to both operands: a copy lets each be changed without the other.
        parts = [part.copy() if part is g else part for part in parts]
        self.gradients = gradients_of(self.input_nodes, parts)

    def _check(self, a: Any, b: Any, y: Any) -> None:
        """Say no to a list of n numbers with a column of n: NumPy would make n×n of them."""
        if a.size == b.size != y.size and a.ndim != b.ndim:
            first, second = map(name_with_shape, self.input_nodes)
            raise Refused(
                f"{title(self)} got {first} and {second}, of which broadcasting would make {a.size}×{a.size} numbers: "
                f"give both the same shape, as with y.reshape(-1, 1)"
            )


class Add(Elementwise):
    """The sum of two nodes, number by number."""

    op = rows.add


class Mul(Elementwise):
    """The product of two nodes, number by number; for the matrix product see `Dot`."""

    op = rows.mul


class Sigmoid(Elementwise):
    """The sigmoid, 1 / (1 + exp(-x)), of each number: between 0 and 1, and ½ at 0. Its derivative is y·(1 - y)."""

    op = rows.sigmoid


class Tanh(Elementwise):
    """The hyperbolic tangent of each number: between -1 and 1. Its derivative is 1 - y²."""

    op = rows.tanh


class ReLU(Elementwise):
    """Each number if it is positive, else 0. Its derivative is 1 or 0, and at 0 itself 0."""

    op = rows.relu
