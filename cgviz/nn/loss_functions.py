"""How wrong a score is, as a function of a node: it is recorded once, and then run over all samples."""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from ..graph import is_node, objects, value_of
from ..ops.op import Op
from ..ops.rows import exp, log, relu, sigmoid, softplus


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
    softplus is written with its log and exp, or its log and sigmoid. What bears such a name and computes something
    else, or nothing yet, is passed over. Raises `TypeError`, with what is missing.
    """
    if not is_node(x) or hasattr(x, "_apply"):
        return op(x)
    up = _number(x) > 0
    if own := _own(x, op):
        return own(x)
    if op is relu:
        return x * (1.0 if up else 0.0)
    tail = -x if up else x  # the exponential of a number of at most 0 cannot overflow
    power = _own(tail, exp)
    if power and (logarithm := _own(1.0 + power(tail), log)):
        small = logarithm(1.0 + power(tail))
        return x + small if up else small
    squash = _own(-x, sigmoid)
    if squash and (logarithm := _own(squash(-x), log)):
        return -logarithm(squash(-x))
    cls = type(x)
    raise TypeError(
        f"the class {cls.__name__} of {cls.__module__} has neither softplus, nor log with exp or sigmoid, "
        f"as a method or as a function beside it"
    )


def _number(x: Any) -> float:
    return float(value_of(x))


def _own(x: Any, op: Op) -> Callable[[Any], Any] | None:
    """The class's own function of the operation's name, if it makes a node with the operation's number out of `x`.

    A namesake may belong to another class that is written in the same place: its result is of that class, or does not
    come from `x`.
    """
    for function in _namesakes(type(x), op.name):
        try:
            y = function(x)
            related = isinstance(y, type(x)) or isinstance(x, type(y))
            right = is_node(y) and math.isclose(_number(y), float(op(_number(x))), rel_tol=1e-9, abs_tol=1e-12)
            if related and right and any(obj is x for obj in objects(y)):
                return function
        except Exception:  # one for plain numbers, or not written yet
            continue
    return None


def _namesakes(cls: type, name: str) -> Iterator[Callable[[Any], Any]]:
    """What may be the class's own function of a name: a method, then functions where the class or a method is written.

    A class that grows from cell to cell is written in the notebook, even if it inherits all methods; and a method may
    be wrapped by a decorator from elsewhere.
    """
    if callable(method := getattr(cls, name, None)):
        yield method
    for base in cls.__mro__[:-1]:
        methods = [inspect.unwrap(held) for held in vars(base).values() if isinstance(held, FunctionType)]
        places = [vars(sys.modules.get(base.__module__, object)), *(method.__globals__ for method in methods)]
        for place in {id(place): place for place in places}.values():
            if isinstance(function := place.get(name), FunctionType):
                yield function


LOSSES: dict[str, Callable[[Any, Any], Any]] = {"hinge": hinge, "logistic": logistic, "mse": mse}
CLASSES = ("hinge", "logistic")
"""Those that tell two classes apart: the labels are -1 and 1, or 0 and 1."""
