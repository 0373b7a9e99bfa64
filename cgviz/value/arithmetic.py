"""The arithmetic of a Value: from each row a method for its class, and for every class derived from it.

`scalar` is `Value`, which is made by these methods and cannot be imported here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from numbers import Real
from typing import Any

from ..ops.op import OPS, Op
from ..ops.rows import FUNCTIONS
from . import row_code
from .backward import CONSTANT
from .refusals import check, check_number, refuse
from .subclasses import new


def _write_helpers(scalar: type, make: Callable) -> dict[str, Callable]:
    """What the generated operators call, for results and constants that are set up by `make`."""

    def constant(cls: Any, data: Any) -> Any:
        data = data if data.__class__ is float else check_number(data)
        node = new(cls) if make is new else make(cls, data)
        node._data = data
        node.grad = 0.0
        node._a = node._b = node._mark = None
        node._push = CONSTANT
        return node

    def meet(self: Any, other: Any) -> tuple[type | None, Any]:
        """The class of the result, and the other operand as a node; ``None`` when it is none of ours."""
        cls = type(self)
        if isinstance(other, scalar):
            if hasattr(type(other), "shape"):
                return None, other  # a Tensor: the operation is its own to do
            return (type(other) if issubclass(type(other), cls) else cls), other
        if isinstance(other, Real):
            return cls, constant(cls, other)
        if hasattr(other, "__array__"):
            shape = getattr(other, "shape", ())
            if shape == ():
                return cls, constant(cls, other)
            raise TypeError(f"{cls.__name__} computes with one number at a time, got an array of shape {shape}")
        return None, other

    return {"new": make, "constant": constant, "meet": meet, "check": check, "refuse": refuse}


@cache
def build_methods(scalar: type, op: Op, make: Callable = new) -> dict[str, Callable]:
    """The functions of one row, by name, whose results are set up by `make`."""
    return row_code.methods(op, _write_helpers(scalar, make))


def give_methods(cls: type, scalar: type, make: Callable = new) -> None:
    """Give the class a method for each operation: ``__mul__``, ``__rmul__``, ``sin`` …

    A class derived from `scalar` keeps those that it has of its own.
    """
    for op in OPS.values():
        build = build_methods(scalar, op, make)
        named = {op.name: build[op.name]} if op.name in FUNCTIONS else {}
        if op.dunder:
            named[f"__{op.dunder}__"] = build[op.name]
            if op.arity == 2:
                named[f"__r{op.dunder}__"] = build["r" + op.name]
        for name, method in named.items():
            if cls is scalar or getattr(cls, name) is getattr(scalar, name):
                setattr(cls, name, method)
