"""Write numbers and gradients back into the objects that a graph was read from."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from .attributes import ask
from .discovery import objects
from .fields import field_of_gradient, field_of_number
from .node_labels import describe
from .protocols import NodeLike


def write(order: list[Any], data: Iterable[float], grads: Iterable[float]) -> None:
    """Put new numbers and gradients into a whole graph's objects, which then count as computed in one pass.

    Raises `TypeError` if the class keeps its number where it cannot be set.
    """
    if any(hasattr(obj, "_known_as") for obj in order):  # ours, made to read somebody's: the originals would not change
        raise TypeError("numbers are not written into PyTorch's tensors: ask the run itself for them")
    fields = {type(obj): (_settable(obj, field_of_number(obj)), field_of_gradient(obj)) for obj in order}
    mark = object()
    for obj, value, grad in zip(order, data, grads, strict=True):
        data_field, grad_field = fields[type(obj)]
        _put(obj, data_field, value)
        if grad_field and not getattr(obj, "_constant", False):
            _put(obj, grad_field, grad)
        if hasattr(obj, "_mark"):
            obj._mark = mark


def _settable(obj: Any, name: str) -> str:
    """The attribute that holds the object's number, if it is no method."""
    if callable(ask(obj, name)):
        raise TypeError(f"the {name} of {describe(obj)} is computed by a method and cannot be set")
    return name


def _put(obj: Any, name: str, x: float) -> None:
    try:
        setattr(obj, name, x)
    except AttributeError:  # frozen, or a property alone
        raise TypeError(f"the {name} of {describe(obj)} cannot be set: {type(obj).__name__} is frozen") from None


def forget_gradients(root: NodeLike) -> None:
    """Set every gradient of a graph to 0, for engines whose `backward` adds to what is there.

    A node that a function took from outside outlives its runs; without this its gradient would grow with each of them.
    Engines that mark their backward passes see to it themselves.
    """
    for obj in () if hasattr(root, "_mark") else objects(root):
        name = field_of_gradient(obj)
        if isinstance(vars(obj).get(name) if hasattr(obj, "__dict__") else None, (int, float)):
            with suppress(AttributeError):  # it is frozen, and its backward makes do with that
                setattr(obj, name, 0.0)
