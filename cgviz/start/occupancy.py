"""Who is in an environment: each command that runs in it holds its lock, as others do; who changes it, alone.

Standard library only. The lock is a file in the environment, and falls with the process that holds it, however it ends.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

LOCK = "cgviz.lock"
PLACES = 64  # on Windows, which knows no lock that several share, each holds one of so many bytes
_held: dict[str, IO[bytes]] = {}  # until this process ends


def enter(env: Path) -> None:
    """Hold the environment for as long as this process lives: nobody is to change it meanwhile."""
    path = str(env / LOCK)
    if path in _held:
        return
    handle = _open(path)
    if handle is not None and _take(handle, alone=False):
        _held[path] = handle


@contextlib.contextmanager
def alone(env: Path) -> Iterator[bool]:
    """Keep others out of the environment; gives whether nobody else is in it."""
    handle = _open(str(env / LOCK))
    if handle is None:  # a folder that cannot be written to: then nothing can be changed in it either
        yield True
        return
    with handle:
        yield _take(handle, alone=True)


def _open(path: str) -> IO[bytes] | None:
    for mode in ("a+b", "rb"):  # an environment that somebody else has made can be read
        with contextlib.suppress(OSError):
            return open(path, mode)
    return None


def _take(handle: IO[bytes], *, alone: bool) -> bool:
    """Take the lock without waiting; tell whether it was to be had."""
    if os.name == "nt":
        import msvcrt

        system: Any = msvcrt  # type checkers look at it from another system
        for start, count in ((0, PLACES),) if alone else ((k, 1) for k in range(PLACES)):
            with contextlib.suppress(OSError):
                handle.seek(start)
                system.locking(handle.fileno(), system.LK_NBLCK, count)
                return True
        return False
    import fcntl

    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: what cannot be known keeps nobody out
        return True
    return True
