"""How wrong a score is, as a function of a node: it is recorded once, and then run over all samples."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from ..graph import DATA, is_node
from ..op import Op
from ..ops import relu, softplus


def hinge(score: Any, y: Any) -> Any:
    """max(0, 1 - y·score) for a label y of -1 or 1: no loss for a score on the right side by a margin of 1.

    >>> hinge(0.25, -1)
    1.25
    """
    return bend(relu, 1.0 - y * score)


def logistic(score: Any, y: Any) -> Any:
    """log(1 + exp(-y·score)) for a label y of -1 or 1: minus the log of the probability that σ(score) gives to it.

    >>> f"{logistic(0.0, 1):.4f}"
    '0.6931'
    """
    return bend(softplus, -(y * score))


def mse(score: Any, y: Any) -> Any:
    """(score - y)² for any number y.

    >>> mse(3.0, 1.0)
    4.0
    """
    return (score - y) ** 2


def bend(op: Op, x: Any) -> Any:
    """Relu or softplus of a number or a node. A class that is not ours computes it with what it has itself.

    That is a method or a function beside the class of the operation's name; else relu is a product with 1 or 0, and
    softplus is written with its log and exp, or its log and sigmoid. Raises `TypeError`, with what is missing.
    """
    if not is_node(x) or hasattr(x, "_apply"):
        return op(x)
    own = _own(x, op.name)
    if own:
        return own(x)
    up = next(getattr(x, name) for name in DATA if hasattr(x, name)) > 0
    if op is relu:
        return x * (1.0 if up else 0.0)
    exp, log, sigmoid = (_own(x, name) for name in ("exp", "log", "sigmoid"))
    if log and exp:  # the exponential of a number of at most 0 cannot overflow
        return x + log(1.0 + exp(-x)) if up else log(1.0 + exp(x))
    if log and sigmoid:
        return -log(sigmoid(-x))
    cls = type(x)
    raise TypeError(
        f"the class {cls.__name__} of {cls.__module__} has neither softplus, nor log with exp or sigmoid, "
        f"as a method or as a function beside it"
    )


def _own(x: Any, name: str) -> Callable[[Any], Any] | None:
    """The class's own function of this name: a method, or a function of the module that the class is written in."""
    cls = type(x)
    if callable(getattr(cls, name, None)):
        return getattr(cls, name)
    for base in cls.__mro__:
        found = getattr(base.__dict__.get("__init__"), "__globals__", {}).get(name)
        if isinstance(found, FunctionType):
            return found
    return None


LOSSES: dict[str, Callable[[Any, Any], Any]] = {"hinge": hinge, "logistic": logistic, "mse": mse}
CLASSES = ("hinge", "logistic")
"""Those that tell two classes apart: the labels are -1 and 1, or 0 and 1."""
