"""Runs a learner's code: in silence, under a time limit, and whatever it raises comes back as a sentence."""

from __future__ import annotations

import contextlib
import ctypes
import io
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..text import shorten
from .written import NotWritten

SECONDS = 10.0
"""For all that one check runs."""
TIMES = 50
"""So often the exception is sent again, should a bare ``except:`` swallow it. (Were there no end to it, a notebook in
which the limit was left at the very moment when it was reached could not be used any more.)"""


class TooLong(BaseException):
    """Raised in a learner's code that does not come to an end; no ``except Exception`` there holds it up."""


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
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
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


@contextlib.contextmanager
def time_limit(seconds: float | None = None) -> Iterator[None]:
    """Raise `TooLong` in what runs within, when its time (by default `SECONDS`) is over.

    The exception is set from another thread (there is no other way that works on every system and in every kernel), so
    it arrives between two steps of Python: a single long call into C is not cut short, and code that swallows it
    `TIMES` times is left to the stop button of the notebook.
    """
    thread, over, sent, lock = threading.get_ident(), threading.Event(), threading.Event(), threading.Lock()

    def watch() -> None:
        wait = SECONDS if seconds is None else seconds
        for _ in range(TIMES):
            if over.wait(wait):
                return
            wait = 0.2
            with lock:
                if not over.is_set():
                    sent.set()
                    _raise_in(thread, TooLong)

    with contextlib.suppress(RuntimeError):  # a Python in a page of the browser has no threads, and no limit
        threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        _settle(over, sent, lock)


def _settle(over: threading.Event, sent: threading.Event, lock: threading.Lock) -> None:
    """End the watch, and let an exception that is on its way arrive here, where it does no harm.

    (To call it back by setting none in its place would make Python 3.11 hang under a debugger's trace afterwards.)
    """
    while True:
        try:
            with lock:
                over.set()
            for _ in range(1000 if sent.is_set() else 0):
                pass  # it arrives at a jump back
            return
        except TooLong:
            continue


def _raise_in(thread: int, error: type[BaseException]) -> None:
    set_error = getattr(getattr(ctypes, "pythonapi", None), "PyThreadState_SetAsyncExc", None)
    if set_error:
        set_error(ctypes.c_ulong(thread), ctypes.py_object(error))
