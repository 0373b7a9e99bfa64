"""Which method makes each node, seen while a function runs: for classes whose nodes do not say it themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from .code_reading import methods_of, words
from .method_names import row_of_method, symbol_of_method
from .spellings import OPERATION

DEEPEST = 8
"""So many callers are looked at: between a method and what makes its node there may be helpers."""


@contextmanager
def watched(cls: Any) -> Iterator[dict[int, str]]:
    """Note for each object that the class makes meanwhile, by its ``id``, the innermost operation that it stands in.

    For that the class's ``__init__`` is another one within the block. Nothing is noted of a class that names its
    operations, of our own, and of what is no class with an ``__init__`` in Python.

    >>> class Node:
    ...     def __init__(self, data, made_of=()): self.data, self.made_of = data, made_of
    ...     def __add__(self, other): return Node(self.data + other.data, (self, other))
    >>> with watched(Node) as made_by:
    ...     y = Node(1.0) + Node(2.0)
    >>> made_by[id(y)]
    '__add__'
    """
    made_by: dict[int, str] = {}
    born = _silent_init(cls)
    if born is None:
        yield made_by
        return
    codes = {f.__code__: name for name, f in methods_of(cls).items() if symbol_of_method(name, 2)}

    def __init__(self: Any, *given: Any, **named: Any) -> None:
        name = _operation(sys._getframe(1), codes)
        if name:
            made_by[id(self)] = name
        else:
            made_by.pop(id(self), None)  # another object had this id, and is gone
        born(self, *given, **named)

    own = vars(cls).get("__init__")
    __init__.__wrapped__ = born  # type: ignore[attr-defined]
    cls.__init__ = __init__
    try:
        yield made_by
    finally:
        if own is None:
            del cls.__init__
        else:
            cls.__init__ = own


def _silent_init(cls: Any) -> FunctionType | None:
    """The ``__init__`` of a class of somebody's that does not keep the name of an operation."""
    if not isinstance(cls, type) or hasattr(cls, "_row") or any(hasattr(cls, name) for name in OPERATION):
        return None
    born = cls.__init__  # type: ignore[misc]
    plain = isinstance(born, FunctionType) and type(cls) is type
    return born if plain and words(born.__code__).isdisjoint(OPERATION) else None


def _operation(frame: Any, codes: dict[Any, str]) -> str:
    """The innermost method on the stack that is an operation, or a function beside the class named as a row is."""
    for _ in range(DEEPEST):
        if frame is None:
            return ""
        if name := codes.get(frame.f_code):
            return name
        name = frame.f_code.co_name
        if not name.startswith("_") and "self" not in frame.f_code.co_varnames[:1] and row_of_method(name):
            return name
        frame = frame.f_back
    return ""
