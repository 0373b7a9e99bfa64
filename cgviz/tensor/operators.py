"""What the rows give to the class: ``__mul__`` and ``__rmul__``, ``exp``, and ``@``."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

from ..ops.op import OPS, Op
from ..ops.rows import FUNCTIONS
from ..value import Value
from . import array_rows as rows


def install(cls: type) -> None:
    """Give the class a method for each operation."""
    given = [(op, _methods(op, cls)) for op in OPS.values()]
    given.append((rows.times, _both_sides(rows.times, cls, "matmul")))
    for op, methods in given:
        for name, method in methods.items():
            method.__name__, method.__qualname__, method.__doc__ = name, f"{cls.__name__}.{name}", op.__doc__
            setattr(cls, name, method)


def _methods(op: Op, cls: type) -> dict[str, Callable]:
    methods: dict[str, Callable] = {}
    if op.dunder and op.arity == 2:
        methods |= _both_sides(op, cls, op.dunder)
        if op.dunder == "pow":
            methods["__pow__"] = lambda self, other, modulus=None: _power(op, cls, self, other, modulus)
    elif op.dunder:
        methods[f"__{op.dunder}__"] = lambda self: self._apply(op, (self,))
    if op.name in FUNCTIONS:
        methods[op.name] = lambda self, *other: self._apply(op, (self, *other))
    return methods


def _both_sides(op: Op, cls: type, dunder: str) -> dict[str, Callable]:
    return {
        f"__{dunder}__": lambda self, other: _operator(op, cls, self, other),
        f"__r{dunder}__": lambda self, other: _operator(op, cls, other, self),
    }


def _power(op: Op, cls: type, x: Any, y: Any, modulus: Any) -> Any:
    if modulus is not None:
        raise TypeError("pow with three arguments is for whole numbers: of Tensors there is x**y")
    return _operator(op, cls, x, y)


def _operator(op: Op, cls: type, *xs: Any) -> Any:
    """The result, or what leaves it to the other operand's class."""
    for x in xs:
        if not (isinstance(x, (Value, Real, list, tuple)) or hasattr(x, "__array__")):
            return NotImplemented
    mine: Any = next(x for x in xs if isinstance(x, cls))
    return mine._apply(op, xs)
