"""Runs a learner's code in a copy of this process: there a long call into C can be ended, and a crash harms nobody."""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import os
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from .limits import MEMORY, measure_memory

GRACE = 2.0
"""Seconds after its limit in which the copy says itself what has happened."""
LOOKS = 10
"""So often it is seen whether a late copy computes: whoever waits is asleep each time."""


class Ended(NamedTuple):
    """How the copy ended without an answer: `late` if it was stopped, `idle` if it has only waited, or its `signal`."""

    late: bool = False
    idle: bool = False
    signal: str = ""


def can_copy() -> bool:
    """Whether this system copies a process that has threads, and the copy may compute: Linux alone.

    (macOS ends a copy that asks its own libraries for a matrix product; Windows and a page of the browser make none.)
    """
    return sys.platform == "linux" and hasattr(os, "fork")


def run_in_copy(work: Callable[[], Any], seconds: float) -> Any:
    """What `work` returns, as JSON has it, or how the copy `Ended`. Raises `OSError` where no copy can be made.

    What the work changes, prints and takes of memory is gone with the copy.

    >>> run_in_copy(lambda: [1, "two"], 5) if can_copy() else [1, "two"]
    [1, 'two']
    """
    heard, told = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of threads, whose locks a copy may find held
        try:
            child = os.fork()
        except OSError:
            os.close(heard)
            os.close(told)
            raise
    if child == 0:
        _answer(work, heard, told)
    os.close(told)
    try:
        text = _listen(heard, time.monotonic() + seconds + GRACE)
        idle = text is None and _is_asleep(child)
    finally:
        os.close(heard)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if text is None:
        return Ended(late=True, idle=idle)
    if text.endswith("\n"):
        return json.loads(text)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return Ended(signal=signal.Signals(number).name if number and number != signal.SIGKILL else "")


def _is_asleep(child: int) -> bool:
    """Whether a process waits for something: on a machine with much to do, its time alone would not tell."""
    for _ in range(LOOKS):
        try:
            with open(f"/proc/{child}/stat", encoding="utf-8", errors="replace") as held:
                state = held.read().rpartition(") ")[2][:1]
        except OSError:
            return False
        if state not in ("S", "D"):
            return False
        time.sleep(0.02)
    return True


def _listen(heard: int, end: float) -> str | None:
    """The line that is told, a part of it if nobody tells more, ``None`` if it does not come in time."""
    said = b""
    while not said.endswith(b"\n"):
        left = end - time.monotonic()
        if left <= 0 or not select.select([heard], [], [], left)[0]:
            return None
        part = os.read(heard, 1 << 16)
        if not part:
            break
        said += part
    return said.decode(errors="replace")


def _answer(work: Callable[[], Any], heard: int, told: int) -> NoReturn:
    """Work in the copy, tell the result, and leave without any farewell: nothing that was copied is to be ended."""
    try:
        os.close(heard)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the stop button is for the notebook, which then ends us
        sys.stdin = sys.stdout = sys.stderr = io.StringIO()
        builtins.input = _refuse_input  # type: ignore[assignment]
        _limit_memory()
        text = json.dumps(work())
        os.write(told, text.encode("ascii") + b"\n") if len(text) < 4000 else _write_all(told, text)
    finally:
        os._exit(0)


def _write_all(told: int, text: str) -> None:
    with os.fdopen(told, "wb") as out:
        out.write(text.encode("ascii") + b"\n")


def _refuse_input(*asked: Any) -> NoReturn:
    raise EOFError("input(…) asks for something, and here is nobody to answer")


def _limit_memory() -> None:
    """Let one huge request for memory fail by itself; what grows step by step is stopped by `time_limit`."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (measure_memory(0) + 3 * MEMORY, hard))
