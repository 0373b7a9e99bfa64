"""What the function that a node keeps for its backward pass says of it: which method made both, and with what constant.

Python writes it down: the qualified name of the inner function of ``Value.__mul__`` is
``Value.__mul__.<locals>._backward``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from types import FunctionType
from typing import Any

from .attributes import ask
from .method_names import symbol_of_method

KEPT = (
    "_backward", "backward_fn", "_backward_fn", "grad_fn", "_grad_fn", "backprop", "_backprop", "_pull", "_push",
    "push", "pull", "send", "vjp", "_vjp", "grad_func", "_grad_func", "backward_function", "_backward_function",
)  # fmt: skip
"""Where objects with slots keep such a function; of others every attribute is looked at."""
INNER = ".<locals>."
SEVERAL = (tuple, list)


def method_in_closure(obj: Any) -> str:
    """The method that the backward function of a node was written in, if its name is that of an operation.

    >>> class Value:
    ...     def __mul__(self, other):
    ...         made = Value()
    ...         def backward(): return self, other
    ...         made.backward_step = backward
    ...         return made
    >>> method_in_closure(Value() * 3)
    '__mul__'
    """
    for function in functions(obj):
        outer = function.__qualname__.rpartition(INNER)[0]
        if outer and symbol_of_method(method := outer.rpartition(".")[2], 2):
            return method
    return ""


def constants_in_closure(obj: Any) -> list[float]:
    """The numbers that the backward function of a node has taken along, such as the exponent of a power."""
    found = []
    for function in functions(obj):
        for cell in function.__closure__ or ():
            with suppress(ValueError):  # a cell that is empty yet
                if cell.cell_contents.__class__ in (int, float):
                    found.append(cell.cell_contents)
    return list(dict.fromkeys(found))


def functions(obj: Any) -> Iterator[FunctionType]:
    """The functions that an object holds, also in a tuple or list with one for each operand, or one beside each."""
    held = getattr(obj, "__dict__", None)
    values = list(held.values()) if held is not None else [ask(obj, name) for name in KEPT]
    for value in values:
        if type(value) is FunctionType:
            yield value
        elif type(value) in SEVERAL and value:
            beside = value[0] if isinstance(value[0], SEVERAL) else value[:1]  # [(a, rule), …], or a rule for each
            yield from (one for one in beside if type(one) is FunctionType)
