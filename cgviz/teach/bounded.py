"""Runs a learner's code: in silence, and whatever it raises comes back as a sentence."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

from ..text import shorten
from .limits import TooLong
from .written import NotWritten


class Nowhere(io.TextIOBase):
    """Where what a learner's code prints goes: nothing is kept, so that an endless loop that prints fills no memory."""

    def write(self, text: str) -> int:
        """Drop it."""
        return len(text)


class Outcome(NamedTuple):
    """What a call gave: its `value`, or the `error` that it raised and what is to be said of it (`failure`).

    `open` says whether it failed for lack of a body.
    """

    value: Any = None
    failure: str = ""
    open: bool = False
    error: BaseException | None = None

    def misses(self, wanted: type[BaseException]) -> str:
        """What is wrong with a call that should have raised `wanted`; ``""`` if it has."""
        if isinstance(self.error, TypeError) and "__init__() should return None" in str(self.error):
            return f"returns something from __init__, and should raise {wanted.__name__}: raise, and not return"
        if isinstance(self.error, wanted):
            return ""
        return f"{self.failure or 'raises nothing'}, should raise {wanted.__name__}"


def attempt(function: Callable[..., Any], /, *args: Any, **options: Any) -> Outcome:
    """Call a learner's function; what it prints is dropped, what it raises becomes a sentence.

    >>> attempt(lambda a: 1 / a, 0).failure
    'raised ZeroDivisionError: division by zero'
    """
    try:
        with contextlib.redirect_stdout(Nowhere()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Outcome(function(*args, **options))
    except NotWritten as error:
        return Outcome(failure=str(error), open=True, error=error)
    except RecursionError as error:
        return Outcome(failure="calls itself until Python stops it (RecursionError)", error=error)
    except (TooLong, KeyboardInterrupt):
        raise
    except BaseException as error:  # exit() too
        return Outcome(failure=f"raised {told(error)}", error=error)


def told(error: BaseException) -> str:
    """An exception as a traceback's last line names it."""
    try:
        text = shorten(str(error), 300)
    except Exception:  # an exception of the learner's own
        text = ""
    return f"{type(error).__name__}: {text}".removesuffix(": ")
