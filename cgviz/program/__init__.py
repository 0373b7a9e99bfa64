"""A graph recorded once and run again with other numbers, over arrays too: a data set, a curve, a surface.

from cgviz import Value
from cgviz.program import Program

a, b = Value(2, "a"), Value(-3, "b")
program = Program(a * b + a)
program(a=4).grad["b"]

A tape and the code for single numbers are used without NumPy, which a `Program` imports.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {"Program": "program", "Result": "result"}
__all__ = ["Program", "Result"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = found
    return found
