"""A name of Python's own, or of a class, that a cell has used for something else: ``sum = 0``, ``Value = Value(2)``."""

from __future__ import annotations

import builtins
import linecache
import re
from types import FrameType, TracebackType
from typing import Any

from ...text import kind

NOT_CALLED = re.compile(r"^'(\w+)' object is not callable")
NO_CLASS = re.compile(r"^(isinstance|issubclass)\(\) arg 2 must be a type")


def explain_shadow(error: BaseException) -> str:
    """What to say of an error that comes of such a name; ``""`` if it does not.

    >>> sum = 3
    >>> try: sum([1, 2])
    ... except TypeError as error: print(explain_shadow(error))
    sum is an int here, so Python's own sum is hidden: run del sum, and take another name
    """
    text = str(error) if isinstance(error, TypeError) else ""
    called, asked = NOT_CALLED.search(text), NO_CLASS.search(text)
    frame = _find_frame(error) if called or asked else None
    if frame is None:
        return ""
    code, line = frame.f_code, linecache.getline(frame.f_code.co_filename, _find_line(error), frame.f_globals)
    for name in (*code.co_names, *code.co_varnames, *code.co_freevars):
        local = name in frame.f_locals and frame.f_locals is not frame.f_globals
        held = frame.f_locals.get(name, frame.f_globals.get(name, frame))
        if held is frame or isinstance(held, type):
            continue
        if called and line and not re.search(rf"(?<![\w.]){name}\s*\(", line):  # another list was called: self.xs(…)
            continue
        if (called and type(held).__name__ == called[1] and not callable(held)) or (asked and _is_class_name(name)):
            return _explain(name, held, local)
    return ""


def _explain(name: str, held: Any, local: bool) -> str:
    what = f"{name} is {kind(held)} here"
    if not hasattr(builtins, name):
        again = "run the cell again that makes it" if not local else "take another name for one of the two"
        return f"{what}, and nothing that can be called: {again}"
    mend = "take another name" if local else f"run del {name}, and take another name"
    return f"{what}, so Python's own {name} is hidden: {mend}"


def _is_class_name(name: str) -> bool:
    return isinstance(getattr(builtins, name, None), type)


def _find_frame(error: BaseException) -> FrameType | None:
    """The frame in which an error came up."""
    last = _find_last(error)
    return last.tb_frame if last is not None else None


def _find_line(error: BaseException) -> int:
    """The line of its file in which an error came up."""
    last = _find_last(error)
    return last.tb_lineno if last is not None else 0


def _find_last(error: BaseException) -> TracebackType | None:
    trace_back = error.__traceback__
    while trace_back is not None and trace_back.tb_next is not None:
        trace_back = trace_back.tb_next
    return trace_back
