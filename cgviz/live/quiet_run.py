"""Further runs of a learner's function that nobody asked for: silent, in time, and with no effect on chance."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

PACKAGE = str(Path(__file__).parents[1])


class TooLong(BaseException):
    """Raised in a function that does not come to an end; no ``except Exception`` in it holds this up."""


class _Nowhere(io.TextIOBase):
    """Where goes what is printed."""

    def write(self, text: str) -> int:
        """Drop it."""
        return len(text)


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Drop what is printed and warned of within, and put the random numbers back to where they were."""
    numpy = sys.modules.get("numpy")
    before, theirs = random.getstate(), numpy.random.get_state() if numpy else None
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(_Nowhere()), contextlib.redirect_stderr(_Nowhere()):
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(before)
        if numpy:
            numpy.random.set_state(theirs)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in the function that runs within, at its next line after so many seconds.

    Lines of this package are not watched, and a long call into C is not cut short. A debugger's own watch is put back.
    """
    end, before = time.monotonic() + seconds, sys.gettrace()

    def watch(frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if time.monotonic() > end:
            raise TooLong
        return watch

    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)
