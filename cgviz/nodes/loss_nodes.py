"""Nodes that say how wrong a prediction is, in one number: the mean over the batch.

Targets of shape ``n`` meet predictions of shape ``n×1`` row by row, never n×n. Both multiply by the gradient that
arrives, so that they may also stand inside a graph, with a penalty added for example.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import align_axes
from .names import name_with_shape, title
from .node import Input, Node, Operation, Refused, sum_gradients


class Loss(Operation):
    """A loss of targets `y` and a `prediction` of the same shape."""

    def __init__(self, y: Node, prediction: Node, name: str = "") -> None:
        super().__init__([y, prediction], name)

    def _targets(self) -> Any:
        """The targets in the shape of the predictions."""
        first, second = self.input_nodes
        y, p = first.output, second.output
        if y.shape == p.shape:
            return y
        found = align_axes(y, p)
        if found is None:
            raise Refused(
                f"{title(self)} compares targets with predictions, but {name_with_shape(first)} and "
                f"{name_with_shape(second)} do not have the same shape"
            )
        return found

    def _pass_on(self, to_y: Any, to_p: Any) -> None:
        """Set the gradients, that of the targets in their own shape."""
        first, second = self.input_nodes
        if first is second:
            self.gradients = {first: to_y + to_p}
        else:
            shape = first.output.shape
            self.gradients = {first: to_y if to_y.shape == shape else to_y.reshape(shape), second: to_p}


class MSE(Loss):
    """The mean of the squared differences, mean((p - y)²), of all n numbers.

    Its derivative by p is 2·(p - y)/n, by y the same with the other sign.

    Raises `ValueError`, when computed, if the shapes differ by more than axes of length 1.

    >>> from cgviz.nodes import Graph
    >>> y, p = Input("y"), Input("p")
    >>> graph = Graph({y: [1, 2, 3, 4], p: [[1], [2], [3], [6]]}, loss=MSE(y, p))
    >>> graph.compute_gradients()
    >>> graph.loss(), y.grad
    (1.0, array([-0., -0., -0., -1.]))
    """

    def compute(self) -> None:
        """Compare. Raises `ValueError` if an operand is missing or the shapes differ."""
        try:
            self._miss = self.input_nodes[1].output - self._targets()
        except (ValueError, TypeError, AttributeError) as failure:
            raise self._why(failure) from None
        miss = self._miss.ravel()
        self.output = miss.dot(miss) / miss.size

    def backpass(self) -> None:
        """Pass on twice the differences over n, times the gradient that arrives."""
        self.grad = g = sum_gradients(self)
        miss = self._miss
        part = miss * np.array(2.0 * g / miss.size)
        self._pass_on(-part, part)


class CrossEntropy(Loss):
    """The mean of -y·ln(p) - (1 - y)·ln(1 - p): how surprising the labels y are, if p are their probabilities.

    Labels come first, as 0 or 1 (or between); predictions are probabilities, from a `Sigmoid` for example.
    The derivative by p is (p - y) / (p·(1 - p)) / n, by y it is (ln(1 - p) - ln(p)) / n. Where p is so close to
    0 or 1 that floats cannot tell, logarithms stop at -100 and the denominator at 1e-12, as in PyTorch's
    `binary_cross_entropy`: no infinity, and no NaN further down.

    Raises `ValueError`, when built, for operands that are the wrong way round, and, when computed, if the shapes differ
    or numbers lie outside 0 to 1.

    >>> from cgviz.nodes import Graph
    >>> y, p = Input("y"), Input("p")
    >>> graph = Graph({y: [1, 0], p: [0.5, 0.5]}, loss=CrossEntropy(y, p))
    >>> graph.compute_gradients()
    >>> round(graph.loss(), 4), p.grad
    (0.6931, array([-1.,  1.]))
    """

    def __init__(self, y: Node, prediction: Node, name: str = "") -> None:
        if isinstance(prediction, Input) and not isinstance(y, Input):
            raise ValueError(
                f"CrossEntropy takes the labels first: CrossEntropy({title(prediction)}, {title(y)}), not the other "
                f"way round; here the first is computed and the second is given"
            )
        super().__init__(y, prediction, name)

    def compute(self) -> None:
        """Compare. Raises `ValueError` if an operand is missing or not between 0 and 1, or the shapes differ."""
        try:
            y, p = self._targets(), self.input_nodes[1].output
            self._check(y, p)
        except (ValueError, TypeError, AttributeError) as failure:
            raise self._why(failure) from None
        log_p, log_q = _logs(p)
        self.output = -(y * log_p + (1.0 - y) * log_q).sum() / p.size

    def backpass(self) -> None:
        """Pass on the derivatives over n, times the gradient that arrives."""
        self.grad = g = sum_gradients(self)
        y, p = self._targets(), self.input_nodes[1].output
        log_p, log_q = _logs(p)
        rate = g / p.size
        self._pass_on((log_q - log_p) * rate, (p - y) / np.maximum(p * (1.0 - p), 1e-12) * rate)

    def _check(self, y: Any, p: Any) -> None:
        for node, x, what in zip(self.input_nodes, (y, p), ("labels", "probabilities"), strict=True):
            if x.min() < 0 or x.max() > 1:
                hint = ": put a Sigmoid before it" if what == "probabilities" else ""
                worst = x.min() if x.min() < 0 else x.max()
                raise Refused(f"{title(self)} takes {what} between 0 and 1, but {title(node)} holds {worst:.4g}{hint}")


def _logs(p: Any) -> tuple:
    """ln(p) and ln(1 - p), neither below -100."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(p), -100.0), np.maximum(np.log1p(-p), -100.0)
