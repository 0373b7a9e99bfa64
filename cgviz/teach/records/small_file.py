"""Reads a small text file of somebody's: a real file, no pipe and no device, and never more than it should hold."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST = 2_000_000
"""Bytes: a learner's file has a few thousand."""


class Damaged(ValueError):
    """A file that does not hold what it should."""


def read_small(path: Path) -> str:
    """The text of a file. Raises `Damaged`, saying what is wrong with it, and `OSError`.

    A pipe would let us wait for ever and a device has no end, so neither is opened; what has taken a file's place
    in between is seen once it is open.

    >>> read_small(Path(os.devnull))
    Traceback (most recent call last):
    cgviz.teach.records.small_file.Damaged: it is no file, but a pipe or a device
    """
    _refuse_strange(os.stat(path))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    with os.fdopen(os.open(path, flags), "rb") as held:
        _refuse_strange(os.fstat(held.fileno()))
        content = held.read(MOST + 1)
    if len(content) > MOST:  # it has grown since, or the system does not say how large it is
        raise Damaged(_explain_size(len(content) - 1))
    try:
        return content.decode("utf-8-sig")  # some editors put a mark at the beginning
    except ValueError:
        raise Damaged("it is not text") from None


def refuse_links(path: Path, above: Path) -> None:
    """Raise `Damaged` where the file, or a folder on the way to it from the one `above`, is a link to another place."""
    for place in (path, *path.parents):
        if place == above:
            return
        if place.is_symlink():
            raise Damaged(f"{readable(place.name)} is a link, and links are not followed")


def _refuse_strange(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise Damaged("it is no file, but a pipe or a device")
    if status.st_size > MOST:
        raise Damaged(_explain_size(status.st_size))


def _explain_size(size: int) -> str:
    return f"it is far too large: {size // 1_000_000} MB, and such a file has a few thousand bytes"


def readable(name: str) -> str:
    """The name of a file as a text that can be shown and written: what is no text in it becomes �.

    >>> readable("a\\udcfcb.json"), readable("a\\nb.json")
    ('a�b.json', 'a b.json')
    """
    return " ".join("".join(ch if ch.isprintable() or ch.isspace() else "�" for ch in name).split())
