"""A learner's progress: what she has checked, in a small file that she can send to her teacher."""

from __future__ import annotations

import contextlib
import os
import sys
from datetime import datetime
from pathlib import Path

from ...text import kind
from ..feedback import Listed
from .small_file import Damaged
from .tries import Record, Records, add, alone, aside, clean_name, read, write

FILE = "my-progress.json"
MANIFEST = ".cgviz-lessons.json"
"""Stands in each learner's copy of the lessons: `cgviz lessons` puts it there."""
KEPT = "your tries are kept while this notebook runs"
OFF = "CGVIZ_NO_PROGRESS"
"""Set where lessons run without a learner (their build, their tests): nothing is written, and no times are shown."""

_new: Records = {}
"""What has not been written yet."""
_shown: Records = {}
"""What has been written by this session, for a folder that can no longer be read."""
_unsaid: list[str] = []
"""What `progress` has to say of a file that was found damaged meanwhile."""


def keeps() -> bool:
    """Whether a learner's tries are written down here: in her copy of the lessons, and where there is such a file.

    A page of the browser keeps such a copy for her alone.
    """
    hers = sys.platform == "emscripten" or Path(FILE).exists() or Path(MANIFEST).exists()
    return hers and OFF not in os.environ


def note(lesson: str, exercise: str, ok: bool) -> None:
    """Remember one try. It is written at once where her tries are kept, else when `progress` is called."""
    now = datetime.now().isoformat(timespec="seconds")
    add(_new, Record(lesson, exercise, 1, now if ok else "", now, now))
    if keeps() and (said := _write("")):
        _unsaid.append(said)


def passed(lesson: str, exercise: str) -> bool:
    """Whether an exercise was right once: in this session, or in an earlier one that has kept it."""
    key = lesson, exercise
    if any(held[key].passed for held in (_new, _shown) if key in held):
        return True
    if OFF in os.environ:
        return False
    try:
        records = read(Path(FILE))[1]
    except (OSError, Damaged):
        return False
    return key in records and bool(records[key].passed)


def read_all() -> tuple[str, Records]:
    """The learner's name and all her tries, of earlier sessions and of this one."""
    learner, records = "", dict(_shown)
    if OFF not in os.environ:
        with contextlib.suppress(OSError, Damaged):
            learner, records = read(Path(FILE))
    for record in _new.values():
        add(records, record)
    return learner, records


def progress(name: str = "") -> Listed:
    """Show the exercises that were checked, and keep them in ``my-progress.json`` in this folder.

    `name` is the learner's, for the teacher; it need be given only once. From the first call on, every check is
    written down. If the folder cannot be written to, or the file is damaged, a sentence below the table says so;
    a damaged file is kept under another name. Raises `TypeError` if the name is no text.

    >>> import os, tempfile
    >>> here = os.getcwd()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     os.chdir(folder)
    ...     try: print(progress("Ada").head)
    ...     finally: os.chdir(here)
    ('exercise', 'tries', 'right', 'last')
    """
    if not isinstance(name, str):
        raise TypeError(f'progress takes your name as a text, as in progress("Ada"); got {kind(name)}')
    said = "\n".join(filter(None, dict.fromkeys([*_unsaid, _write(clean_name(name))])))
    _unsaid.clear()
    records = dict(_shown)
    for record in _new.values():
        add(records, record)
    return _table(sorted(records.values()), said)


def _table(records: list[Record], said: str) -> Listed:
    passed = sum(bool(record.passed) for record in records)
    note = f"{passed} of {len(records)} right" if records else "no exercise has been checked yet"
    note = "\n".join(filter(None, [note, said]))
    if OFF in os.environ:
        head: tuple[str, ...] = ("exercise", "tries", "right")
        rows: list[tuple[str, ...]] = [(r.exercise, str(r.tries), _yes(r)) for r in records]
    else:
        head = ("exercise", "tries", "right", "last")
        rows = [(r.exercise, str(r.tries), _yes(r), r.last.replace("T", " ")[:16]) for r in records]
    return Listed(head, rows, note)


def _yes(record: Record) -> str:
    return "yes" if record.passed else "not yet"


def _write(name: str) -> str:
    """Put what is new into the file; return what there is to say about it."""
    if OFF in os.environ:
        return ""
    path = Path(FILE)
    with alone(path):
        try:
            learner, records, said = _read_or_move(path)
        except OSError as problem:
            return f"{FILE} could not be read ({problem.strerror}): {KEPT}"
        except Damaged as error:
            return str(error)
        for record in _new.values():
            add(records, record)
        try:
            write(path, name or learner, records)
        except OSError as problem:
            return f"{FILE} could not be written here ({problem.strerror}): {KEPT}"
    _shown.clear()
    _shown.update(records)
    _new.clear()
    return said


def _read_or_move(path: Path) -> tuple[str, Records, str]:
    """What the file holds, and what there is to say about it: a damaged one is moved aside.

    Raises `OSError` where it cannot be read, `Damaged` where it cannot be moved either.
    """
    if not path.exists():
        return "", {}, ""
    try:
        return *read(path), ""
    except Damaged as error:
        place = aside(path)
        try:
            path.rename(place)
        except OSError as problem:
            stays = f"nor moved aside ({problem.strerror}): nothing was written"
            raise Damaged(f"{FILE} could not be read ({error}), {stays}") from None
        return "", {}, f"{FILE} could not be read ({error}): it is kept as {place.name}, and a new one was begun"
