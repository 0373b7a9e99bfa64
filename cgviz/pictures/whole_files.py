"""Files written whole or not at all: on a full disk, or when it is stopped, what was there before is still there."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def possible_name(path: str | Path) -> Iterator[None]:
    """Around what asks for a file: a name that none can have (with a zero byte, say) is an `OSError` as all others."""
    try:
        yield
    except ValueError:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from None


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file aside, then put it in its place: nobody ever finds half of one.

    A link is followed, a file keeps its permissions, and what is no file (a pipe, ``/dev/stdout``) is written to as it
    is. Raises `OSError` if that cannot be done; then nothing has changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "a.txt", b"all of it")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    with possible_name(path):
        there = Path(os.path.realpath(path))
    mode = None
    with contextlib.suppress(FileNotFoundError), possible_name(path):
        mode = os.stat(path).st_mode
    if mode is not None and not stat.S_ISREG(mode):
        Path(path).write_bytes(content)
        return
    if mode is not None and not os.access(there, os.W_OK):
        raise PermissionError(13, os.strerror(13), str(path))
    aside = there.with_name(f".{secrets.token_hex(6)}.part")  # short: the name itself may be as long as one can be
    try:
        with open(aside, "xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if mode is not None:
            os.chmod(aside, stat.S_IMODE(mode))
        os.replace(aside, there)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise
