"""Where ``self`` is left out, ``wrap(x)`` for ``self.wrap(x)``, or given twice, ``super().__mul__(self, x)``."""

from __future__ import annotations

import linecache
import re
from types import FrameType, FunctionType
from typing import Any

from ...graph import is_node
from .advice import ONE_TOO_MANY, SELF

TWICE = re.compile(r"super\(\)\.\w+\(\s*self\b")


def explain_self(error: BaseException) -> str:
    """What to say of an error that comes of it; ``""`` if it does not.

    >>> class Value:
    ...     _prev, data = (), 2
    ...     def half(self): return data / 2
    >>> try: Value().half()
    ... except NameError as error: print(explain_self(error))
    data belongs to the node: write self.data
    """
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name:
        return _explain_bare(error.name, error)
    found = ONE_TOO_MANY.search(str(error)) if isinstance(error, TypeError) else None
    frame, line = _find_place(error) if found else (None, "")
    if found is None or frame is None:
        return ""
    if TWICE.search(line):
        return "super() gives self by itself: leave self out of the parentheses"
    method = _find_method(found[1], frame)
    if method is not None and method.__code__.co_varnames[:1] == ("self",):
        return "it is given more than it has parameters for"
    return ""


def find_selfless(cls: type) -> str:
    """What to say of the first method of a class that uses ``self`` and has no such parameter; ``""`` if none is so.

    >>> class Value:
    ...     def __init__(data, label=""): self.data = data
    >>> find_selfless(Value)
    '__init__ uses self, and its first parameter is data: is self missing, its first parameter?'
    """
    for name, held in vars(cls).items():
        if not isinstance(held, FunctionType):
            continue
        code = held.__code__
        if "self" in code.co_names and "self" not in code.co_varnames and "self" not in code.co_freevars:
            what = f"its first parameter is {code.co_varnames[0]}" if code.co_argcount else "it has no parameters"
            return f"{name} uses self, and {what}: is {SELF}"
    return ""


def _explain_bare(name: str, error: BaseException) -> str:
    """Of a name that nothing has, but a node that is at hand."""
    frame, line = _find_place(error)
    if frame is None:
        return ""
    held = frame.f_locals
    inside = held is not frame.f_globals and frame.f_code.co_name != "<module>"
    near = (
        ["self"] if inside and "self" in held else [one for one in re.findall(r"\b[^\W\d]\w*\b", line) if one in held]
    )
    for one in near:
        thing = held[one]
        if not isinstance(thing, type) and is_node(thing) and hasattr(thing, name):
            call = "()" if callable(getattr(thing, name)) and not inside else ""
            return f"{name} belongs to the node: write {one}.{name}{call}"
    return ""


def _find_place(error: BaseException) -> tuple[FrameType | None, str]:
    """The frame in which an error came up, and the line of code there."""
    trace_back = error.__traceback__
    while trace_back is not None and trace_back.tb_next is not None:
        trace_back = trace_back.tb_next
    if trace_back is None:
        return None, ""
    frame = trace_back.tb_frame
    return frame, linecache.getline(frame.f_code.co_filename, trace_back.tb_lineno, frame.f_globals)


def _find_method(path: str, frame: FrameType) -> FunctionType | None:
    """The method that an error names, as in Value.__init__, if what is at hand in a frame has it."""
    name = path.rpartition(".")[2]
    things: list[Any] = [*frame.f_locals.values()]
    for thing in things:
        cls = thing if isinstance(thing, type) else type(thing)
        for base in cls.__mro__:
            held = vars(base).get(name)
            if isinstance(held, FunctionType) and held.__qualname__ == path:
                return held
    return None
