"""Nodes that multiply matrices: the dot product, and a layer's weighted sums.

For ``Y = A·B`` and the gradient G that arrives, ∂L/∂A = G·Bᵀ and ∂L/∂B = Aᵀ·G. Write one entry out to see
why: Y[i,k] is the sum over j of A[i,j]·B[j,k], so that A[i,j] meets G[i,k] exactly B[j,k] times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import ones, sum_to
from .names import name_with_shape, shape_text, title
from .node import Node, Operation, Refused, gradients_of, sum_gradients


class Dot(Operation):
    """The dot product of two vectors, or of rows with columns: ``n×f`` by ``f`` gives ``n``, by ``f×h`` gives ``n×h``.

    Raises `ValueError`, when computed, if the inner sizes differ or an operand is not a vector or a matrix.

    >>> from cgviz.nodes import Graph, Input
    >>> x, w = Input("x"), Input("w")
    >>> graph = Graph({x: [1, 2], w: [3, -1]}, loss=Dot(x, w))
    >>> graph.compute_gradients()
    >>> graph.loss(), w.grad
    (1.0, array([1., 2.]))
    """

    def __init__(self, a: Node, b: Node, name: str = "") -> None:
        super().__init__([a, b], name)

    def compute(self) -> None:
        """Multiply. Raises `ValueError` if an operand is missing or does not fit."""
        a, b = [node.output for node in self.input_nodes]
        try:
            self._check(a, b)
            self.output = a.dot(b)
        except (ValueError, TypeError, AttributeError) as failure:
            raise self._why(failure) from None

    def backpass(self) -> None:
        """Multiply the gradient that arrives by the other operand, turned over."""
        self.grad = g = sum_gradients(self)
        a, b = self.input_nodes
        self.gradients = gradients_of([a, b], dot_gradients(g, a.output, b.output))

    def _check(self, a: Any, b: Any) -> None:
        if not (1 <= a.ndim <= 2 and 1 <= b.ndim <= 2):
            raise Refused(f"{self._mismatch()}: it takes vectors and matrices")

    def _mismatch(self) -> str:
        a, b = self.input_nodes[:2]
        inner = ""
        if np.ndim(a.output) and np.ndim(b.output):
            columns, rows = np.shape(a.output)[-1], np.shape(b.output)[0]
            inner = f": {columns} column{'s' * (columns != 1)} cannot meet {rows} row{'s' * (rows != 1)}"
        return f"{title(self)} cannot multiply {name_with_shape(a)} by {name_with_shape(b)}{inner}"


class Linear(Dot):
    """The weighted sums of a layer, ``X·W + b``: n rows of f features, weights ``f×h`` and h biases give ``n×h``.

    A single row of f features gives h sums; weights may be a vector of f, with a bias of one number.

    Raises `ValueError`, when computed, if the shapes do not fit. In particular the biases are one for each
    column of W: one for each row would be added by NumPy without a word.

    >>> from cgviz.nodes import Graph, Input
    >>> X, W, b = Input("X"), Input("W"), Input("b")
    >>> Graph({X: [[1, 2], [3, 4]], W: [[1], [10]], b: [0.5]}, loss=Linear(X, W, b)).compute()
    array([[21.5],
           [43.5]])
    """

    def __init__(self, x: Node, w: Node, b: Node, name: str = "") -> None:
        Operation.__init__(self, [x, w, b], name)

    def compute(self) -> None:
        """Multiply and add. Raises `ValueError` if an operand is missing or does not fit."""
        X, W, B = self.input_nodes
        x, w, b = X.output, W.output, B.output
        try:
            if x.ndim != 2 or w.ndim != 2 or b.shape != w.shape[1:]:
                self._check(x, w)
                self._check_bias(w, b)
            self.output = x.dot(w) + b
        except (ValueError, TypeError, AttributeError) as failure:
            raise self._why(failure) from None

    def backpass(self) -> None:
        """Pass the gradient on to the features, the weights and, summed over the rows, to the biases."""
        self.grad = g = sum_gradients(self)
        X, W, B = self.input_nodes
        x, w, b = X.output, W.output, B.output
        if x.ndim == 2 and w.ndim == 2 and b.ndim == 1 and b.size == w.shape[1]:
            found = {X: g.dot(w.T), W: x.T.dot(g), B: ones(len(g)).dot(g)}
            if len(found) == 3:
                self.gradients = found
                return
        self.gradients = gradients_of([X, W, B], (*dot_gradients(g, x, w), sum_to(g, b.shape)))

    def _check_bias(self, w: Any, b: Any) -> None:
        columns = w.shape[1:]
        if b.size > 1 and b.shape not in (columns, (1, *columns)):
            wanted = (
                f"{columns[0]} bias{'es' * (columns[0] != 1)}, one for each column of" if columns else "one bias for"
            )
            raise Refused(
                f"{title(self)} needs {wanted} {name_with_shape(self.input_nodes[1])}, "
                f"got {title(self.input_nodes[2])} of shape {shape_text(b)}"
            )


def dot_gradients(g: Any, a: Any, b: Any) -> tuple:
    """The gradients of both operands of ``a.dot(b)``, each a vector or a matrix.

    >>> dot_gradients(np.ones((2, 1)), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0], [6.0]]))
    (array([[5., 6.],
           [5., 6.]]), array([[4.],
           [6.]]))
    """
    if a.ndim == 2:
        return (g.dot(b.T) if b.ndim == 2 else np.outer(g, b)), a.T.dot(g)
    if b.ndim == 2:
        return b.dot(g), np.outer(a, g)
    return g * b, g * a
