"""What a function names in its code that need not be the same the next time: chance, the time, what somebody types."""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any

UNSTEADY = ("random", "time", "datetime", "_datetime", "secrets", "uuid", "numpy.random")
"""Modules whose functions give other results at other times."""
PACKAGE = str(Path(__file__).parents[1])
ASKING = {"input", "open", "urandom"}
MOST = 200
"""So many functions are read, from one to those that it names."""


def unsteady_sources(function: Callable) -> str:
    """The names of what need not be the same the next time, in a function and in those that it calls; ``""`` if none.

    >>> import random
    >>> unsteady_sources(lambda a: a * random.random()), unsteady_sources(lambda a: a * a)
    ('random', '')
    """
    found: dict[str, None] = {}
    waiting, read = [function], set[int]()
    while waiting and len(read) < MOST:
        one = waiting.pop()
        one = one.__func__ if isinstance(one, MethodType) else one
        if not isinstance(one, FunctionType):
            one = vars(type(one)).get("__call__")
        if not isinstance(one, FunctionType) or id(one) in read or one.__code__.co_filename.startswith(PACKAGE):
            continue
        read.add(id(one))
        for name, thing in _named(one):
            if _is_unsteady(name, thing):
                found[name] = None
            elif isinstance(thing, (FunctionType, MethodType)):
                waiting.append(thing)
    return ", ".join(found)


def _named(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """What a function's code names, and what stands behind the name."""
    known = dict(function.__globals__)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            known[name] = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    for code in _codes(function.__code__):
        for name in (*code.co_names, *code.co_freevars):
            yield name, known.get(name)
        yield from ((one.argval, None) for one in dis.get_instructions(code) if one.opname == "IMPORT_NAME")
        if "random" in code.co_names and any(
            getattr(known.get(name), "__name__", "") == "numpy" for name in code.co_names
        ):
            yield "numpy.random", None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _is_unsteady(name: str, thing: Any) -> bool:
    if thing is None:
        return name in ASKING or name in UNSTEADY
    homes = (
        getattr(thing, "__name__", "") if type(thing).__name__ == "module" else "",
        str(getattr(thing, "__module__", "")),
        type(thing).__module__,
        type(getattr(thing, "__self__", None)).__module__,
    )
    return any(home == one or home.startswith(one + ".") for home in homes for one in UNSTEADY)
