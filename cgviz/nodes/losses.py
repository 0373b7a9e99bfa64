"""Nodes that say how wrong a prediction is, in one number: the mean over the batch.

Targets of shape ``n`` meet predictions of shape ``n×1`` row by row, never n×n. Both multiply by the gradient that
arrives, so that they may also stand inside a graph, with a penalty added for example.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import aligned
from .names import shaped, title
from .node import Input, Node, Operation, Refused


class Loss(Operation):
    """A loss of targets `y` and a `prediction` of the same shape."""

    def __init__(self, y: Node, prediction: Node, name: str = "") -> None:
        super().__init__([y, prediction], name)

    def _pair(self, y: Any, p: Any) -> Any:
        """The targets in the shape of the predictions."""
        found = aligned(y, p)
        if found is None:
            first, second = self.input_nodes
            raise Refused(
                f"{title(self)} compares targets with predictions, but {shaped(first)} and {shaped(second)} "
                f"do not have the same shape"
            )
        return found


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

    def _forward(self, y: Any, p: Any) -> Any:
        miss = (p - self._pair(y, p)).ravel()
        return miss.dot(miss) / miss.size

    def _backward(self, g: Any, cost: Any, y: Any, p: Any) -> tuple:
        part = (p - self._pair(y, p)) * (2.0 / p.size * g)
        return -part.reshape(y.shape), part


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

    def _forward(self, y: Any, p: Any) -> Any:
        y = self._pair(y, p)
        for node, x, what in zip(self.input_nodes, (y, p), ("labels", "probabilities"), strict=True):
            if x.min() < 0 or x.max() > 1:
                hint = ": put a Sigmoid before it" if what == "probabilities" else ""
                worst = x.min() if x.min() < 0 else x.max()
                raise Refused(f"{title(self)} takes {what} between 0 and 1, but {title(node)} holds {worst:.4g}{hint}")
        log_p, log_q = _logs(p)
        return -(y * log_p + (1.0 - y) * log_q).sum() / p.size

    def _backward(self, g: Any, cost: Any, labels: Any, p: Any) -> tuple:
        y, rate = self._pair(labels, p), g / p.size
        log_p, log_q = _logs(p)
        return ((log_q - log_p) * rate).reshape(labels.shape), (p - y) / np.maximum(p * (1.0 - p), 1e-12) * rate


def _logs(p: Any) -> tuple:
    """ln(p) and ln(1 - p), neither below -100."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(p), -100.0), np.maximum(np.log1p(-p), -100.0)
