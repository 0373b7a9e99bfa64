"""How wrong a score is, as a function of a node: it is recorded once, and then run over all samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ops import relu, softplus


def hinge(score: Any, y: Any) -> Any:
    """max(0, 1 - y·score) for a label y of -1 or 1: no loss for a score on the right side by a margin of 1.

    >>> hinge(0.25, -1)
    1.25
    """
    return relu(1.0 - y * score)


def logistic(score: Any, y: Any) -> Any:
    """log(1 + exp(-y·score)) for a label y of -1 or 1: minus the log of the probability that σ(score) gives to it.

    >>> f"{logistic(0.0, 1):.4f}"
    '0.6931'
    """
    return softplus(-y * score)


def mse(score: Any, y: Any) -> Any:
    """(score - y)² for any number y.

    >>> mse(3.0, 1.0)
    4.0
    """
    return (score - y) ** 2


LOSSES: dict[str, Callable[[Any, Any], Any]] = {"hinge": hinge, "logistic": logistic, "mse": mse}
CLASSES = ("hinge", "logistic")
"""Those that tell two classes apart: the labels are -1 and 1, or 0 and 1."""
