"""Write numbers and gradients back into the objects that a graph was read from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .reading import objects
from .spellings import DATA, GRAD, MISSING, describe


def write(order: list[Any], data: Iterable[float], grads: Iterable[float]) -> None:
    """Put new numbers and gradients into a whole graph's objects, which then count as computed in one pass.

    Raises `TypeError` if the class keeps its number where it cannot be set.
    """
    if any(hasattr(obj, "_known_as") for obj in order):  # ours, made to read somebody's: the originals would not change
        raise TypeError("numbers are not written into PyTorch's tensors: ask the run itself for them")
    fields = {type(obj): (_settable(obj, DATA), _settable(obj, GRAD)) for obj in order}
    mark = object()
    for obj, value, grad in zip(order, data, grads, strict=True):
        data_field, grad_field = fields[type(obj)]
        setattr(obj, data_field, value)
        if grad_field and not getattr(obj, "_constant", False):
            setattr(obj, grad_field, grad)
        if hasattr(obj, "_mark"):
            obj._mark = mark


def _settable(obj: Any, spellings: tuple[str, ...]) -> str:
    """Which of the attributes holds the object's number; ``""`` if it has none of them."""
    name = next((name for name in spellings if getattr(obj, name, MISSING) is not MISSING), "")
    if callable(getattr(obj, name, None)):
        raise TypeError(f"the {name} of {describe(obj)} is computed by a method and cannot be set")
    return name


def forget_gradients(root: Any) -> None:
    """Set every gradient of a graph to 0, for engines whose `backward` adds to what is there.

    A node that a function took from outside outlives its runs; without this its gradient would grow with each of them.
    Engines that mark their backward passes see to it themselves.
    """
    for obj in () if hasattr(root, "_mark") else objects(root):
        for name in GRAD:
            if isinstance(vars(obj).get(name) if hasattr(obj, "__dict__") else None, (int, float)):
                setattr(obj, name, 0.0)
