"""Limits of time and memory for a learner's code: a loop without an end comes to one, and takes no notebook with it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
import time
from collections.abc import Iterator

SECONDS = 10.0
"""For all that one check runs."""
MEMORY = 600_000_000
"""Bytes that it may take, where the system says how many there are. (A list that grows in an endless loop takes as many
in three seconds; a notebook on a small server does not live through ten.)"""
TIMES = 50
"""So often the exception is sent again, should a bare ``except:`` swallow it. (Were there no end to it, a notebook in
which the limit was left at the very moment when it was reached could not be used any more.)"""


class TooLong(BaseException):
    """Raised in a learner's code that does not come to an end; no ``except Exception`` there holds it up."""


class TooMuch(TooLong):
    """Raised in a learner's code that takes more and more memory."""


@contextlib.contextmanager
def time_limit(seconds: float | None = None) -> Iterator[None]:
    """Raise `TooLong` in what runs within, when its time (by default `SECONDS`) is over, `TooMuch` beyond `MEMORY`.

    The exception is set from another thread (there is no other way that works on every system and in every kernel), so
    it arrives between two steps of Python: a single long call into C is not cut short (for that, a check runs in a copy
    of the process, where there can be one), and code that swallows it `TIMES` times is left to the stop button.
    """
    thread, over, sent, lock = threading.get_ident(), threading.Event(), threading.Event(), threading.Lock()
    end, most = time.monotonic() + (SECONDS if seconds is None else seconds), measure_memory() + MEMORY

    def watch() -> None:
        times = 0
        while times < TIMES and not over.wait(0.2 if times else min(0.2, max(0.0, end - time.monotonic()))):
            error = TooLong if time.monotonic() >= end else TooMuch if measure_memory() > most else None
            with lock:
                if error and not over.is_set():
                    times += 1
                    sent.set()
                    _raise_in(thread, error)

    try:
        with contextlib.suppress(RuntimeError):  # a Python in a page of the browser has no threads, and no limit
            threading.Thread(target=watch, daemon=True).start()
        yield
    finally:
        _settle(over, sent, lock)


def measure_memory(column: int = 1) -> int:
    """The bytes of memory that this process takes; 0 where the system does not say (elsewhere than on Linux).

    Column 0 counts what it has asked for, column 1 what it has used of that.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as held:
            return int(held.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


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
