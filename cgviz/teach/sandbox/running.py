"""Runs a learner's code: in silence, and whatever it raises comes back as a sentence."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

from ...text import shorten
from ..growth.stubs import NotWritten, is_blank
from .advice import NONE, advice, plain
from .limits import TooLong
from .self_slips import explain_self
from .shadowed import explain_shadow


class Nowhere(io.TextIOBase):
    """Where what a learner's code prints goes: nothing is kept, so that an endless loop that prints fills no memory."""

    used = False

    def write(self, text: str) -> int:
        """Drop it, and remember that there was something."""
        self.used = True
        return len(text)


class Outcome(NamedTuple):
    """What a call gave: its `value`, or the `error` that it raised and what is to be said of it (`failure`).

    `open` says whether it failed for lack of a body, `printed` whether something was printed.
    """

    value: Any = None
    failure: str = ""
    open: bool = False
    error: BaseException | None = None
    printed: bool = False

    @property
    def none(self) -> str:
        """What to say of a call that gave None."""
        return NONE + " (print shows a result, and gives nothing back)" * self.printed

    def misses(self, wanted: type[BaseException]) -> str:
        """What is wrong with a call that should have raised `wanted`; ``""`` if it has."""
        if isinstance(self.error, TypeError) and "__init__() should return None" in str(self.error):
            return f"returns something from __init__, and should raise {wanted.__name__}: raise, and not return"
        if isinstance(self.error, TypeError) and "must derive from BaseException" in str(self.error):
            return f"raises what is no exception: raise {wanted.__name__}(…), with the sentence in it"
        if isinstance(self.error, wanted):
            return ""
        return f"{self.failure or 'raises nothing'}, should raise {wanted.__name__}"


def attempt(function: Callable[..., Any], /, *args: Any, **options: Any) -> Outcome:
    """Call a learner's function; what it prints is dropped, what it raises becomes a sentence.

    >>> attempt(lambda a: 1 / a, 0).failure
    'raised ZeroDivisionError: division by zero'
    """
    out = Nowhere()
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Outcome(function(*args, **options), printed=out.used)
    except NotWritten as error:
        return Outcome(failure=error.what, open=True, error=error)
    except RecursionError as error:
        return Outcome(failure="calls itself until Python stops it (RecursionError)", error=error)
    except (TooLong, KeyboardInterrupt):
        raise
    except BaseException as error:  # exit() too
        with contextlib.suppress(Exception):  # an exception of the learner's own, whose text cannot be had
            if is_blank(error):
                return Outcome(failure="a part of it is still …", open=True, error=error)
        return Outcome(failure=f"raised {describe_error(error)}", error=error)


def describe_error(error: BaseException) -> str:
    """An exception as a traceback's last line names it, and what may be behind it."""
    try:
        text = str(error)
        said, why = shorten(plain(text), 300), explain_shadow(error) or explain_self(error) or advice(text)
    except Exception:  # an exception of the learner's own
        said, why = "", ""
    return f"{type(error).__name__}: {said}".removesuffix(": ") + (f": {why}" if why else "")
