"""Errors as a person at a notebook reads them: one sentence, and no frames that lead through our own code."""

from __future__ import annotations

import dis
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar

from ..ops.domain import DomainError
from ..run.grammar import ExpressionError

PACKAGE = str(Path(__file__).parents[1]) + os.sep
P = ParamSpec("P")
T = TypeVar("T")
RAISE = dis.opmap["RAISE_VARARGS"]
RAISED = (Exception, KeyboardInterrupt, SystemExit)
"""What the function of a learner may raise while a slider moves: nothing of it may end the kernel, or a picture."""
LONGEST = 500
"""So many characters at most are shown of a text that is not ours."""


def sentence(error: BaseException) -> str:
    """What is shown of an error: our own sentences stand for themselves, Python's are led in by their kind.

    >>> sentence(DomainError("log(a) is defined for a > 0")), sentence(KeyError("a"))
    ('log(a) is defined for a > 0', 'KeyError: a')
    """
    if isinstance(error, KeyboardInterrupt):
        return "the run with these numbers was interrupted"
    if isinstance(error, SystemExit):
        return "the run with these numbers called exit(), which ends a program: raise an error, or return a node"
    return str(error) if isinstance(error, (DomainError, ExpressionError)) else kind_and_text(error)


def kind_and_text(error: BaseException) -> str:
    """The last line of a traceback.

    >>> kind_and_text(ValueError("too many")), kind_and_text(RecursionError())
    ('ValueError: too many', 'RecursionError')
    """
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return cut(f"{type(error).__name__}: {text}".removesuffix(": "))


def cut(text: str) -> str:
    """The beginning of a text that is too long to be read below a picture."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def briefly(function: Callable[P, T]) -> Callable[P, T]:
    """Let the errors of a public function arrive with the frames of others alone: a notebook prints each in full."""

    @wraps(function)
    def brief(*args: P.args, **options: P.kwargs) -> T:
        try:
            return function(*args, **options)
        except (TypeError, ValueError, ArithmeticError) as error:
            error.__traceback__ = foreign(error.__traceback__ and error.__traceback__.tb_next)
            if error.__cause__:
                error.__cause__.__traceback__ = foreign(error.__cause__.__traceback__)
            raise

    return brief


def foreign(place: TracebackType | None) -> TracebackType | None:
    """The frames of a traceback that are not ours: the learner's function, and what it calls.

    Where it was no `raise` statement of ours that raised, something of ours broke: then our last frame stays as well.
    """
    places = []
    while place:
        places.append(place)
        place = place.tb_next
    found = None
    for place in reversed(places):
        code = place.tb_frame.f_code
        ours = code.co_filename.startswith((PACKAGE, "<cgviz "))
        if not ours or (place.tb_next is None and code.co_code[place.tb_lasti] != RAISE):
            found = TracebackType(found, place.tb_frame, place.tb_lasti, place.tb_lineno)
    return found
