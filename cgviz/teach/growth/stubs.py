"""Whether something has been written yet: a method that is only a stub, an answer that is still None."""

from __future__ import annotations

import dis
from types import FunctionType
from typing import Any, NoReturn, cast

IDLE = frozenset({"RESUME", "NOP", "CACHE", "COPY_FREE_VARS", "MAKE_CELL", "PUSH_NULL", "NOT_TAKEN"})
RAISING = frozenset({"LOAD_GLOBAL", "LOAD_COMMON_CONSTANT", "LOAD_CONST", "PRECALL", "CALL", "RAISE_VARARGS"})


class NotWritten(NotImplementedError):
    """Raised by what a learner has named, and not written yet.

    Its text is for who uses it further down in the lesson: with the `number` of an exercise, it says which one was left
    out, and what to do. `what` is for who asks about that exercise.

    >>> print(NotWritten("epoch", "10.3"))
    exercise 10.3 is not written yet: run the folded answer (or write epoch in its cell)
    >>> NotWritten("epoch", "10.3").what
    'epoch has no body yet'
    """

    def __init__(self, name: str, number: str = "") -> None:
        self.what = f"{name} has no body yet"
        if number:
            super().__init__(f"{explain_skipped(number)} (or write {name} in its cell)")
        else:
            self.what = f"{name} is not written yet: write its body in its cell, then run the cell again"
            super().__init__(self.what)


def explain_skipped(number: str) -> str:
    """What is said of an exercise that was left out, where its result is used."""
    return f"exercise {number} is not written yet: run the folded answer"


def is_stub(thing: Any) -> bool:
    """Whether a function has no body yet: only a docstring, ``pass``, ``...`` or ``raise NotImplementedError``.

    A function that is meant to do nothing says so, with a bare ``return``; a lambda is no stub.

    >>> def nothing_yet(self, other):
    ...     "The sum."
    >>> def nothing_to_do(self):
    ...     return
    >>> is_stub(nothing_yet), is_stub(nothing_to_do), is_stub(lambda: None)
    (True, False, False)
    """
    if type(thing) is not FunctionType or thing.__name__ == "<lambda>":
        return False
    if getattr(thing, "_not_written", False):
        return True
    body = [step for step in dis.get_instructions(thing) if step.opname not in IDLE]
    names = [step.opname for step in body]
    if names in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"]):
        return body[0].argval is None and not _says_return(body[-1])
    return "RAISE_VARARGS" in names and set(names) <= RAISING and _raises_not_implemented(body)


def _raises_not_implemented(body: list[dis.Instruction]) -> bool:
    loaded = (str(step.argval) for step in body if step.opname in ("LOAD_GLOBAL", "LOAD_COMMON_CONSTANT"))
    return any("NotImplementedError" in name for name in loaded)


def _says_return(step: dis.Instruction) -> bool:
    """Whether a bare ``return`` was written: the bytecode is that of ``pass``, but it stands for more characters."""
    place = step.positions
    if place is None or place.col_offset is None or place.lineno != place.end_lineno:
        return False
    return (place.end_col_offset or 0) - place.col_offset == len("return")


def make_stub(name: str, number: str = "") -> FunctionType:
    """A function that takes any arguments, and raises the sentence that it is not written yet."""

    def stub(*args: Any, **options: Any) -> NoReturn:
        raise NotWritten(name, number)

    stub.__name__, stub.__qualname__ = name.rpartition(".")[2], name
    stub._not_written = True  # type: ignore[attr-defined]
    return cast(FunctionType, stub)


def is_blank(error: BaseException) -> bool:
    """Whether something failed since a part of it is still …"""
    return isinstance(error, (TypeError, AttributeError)) and "'ellipsis'" in str(error)


def still_open(thing: Any) -> str:
    """What is to be said of an answer that has not been given yet; ``""`` if there is something to check.

    >>> still_open(None), still_open(3.0)
    ('it is still None', '')
    """
    if thing is None:
        return "it is still None"
    if thing is ... or getattr(type(thing), "_not_written", False):
        return "it is still …"
    if is_stub(thing):
        return f"{thing.__name__} has no body yet"
    return ""
