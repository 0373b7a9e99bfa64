"""A learner's progress: what she has checked, in a small file that she can send to her teacher."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from .said import Listed

FILE = "my-progress.json"
FORM = "cgviz progress 1"
OFF = "CGVIZ_NO_PROGRESS"
"""Set where lessons run without a learner (their build, their tests): nothing is written, and no times are shown."""


class Record(NamedTuple):
    """What there is on one exercise: how often it was tried, when first and last, and when it was right for the first
    time (``""`` if never); times as ISO text, local, to the second.
    """

    lesson: str
    exercise: str
    tries: int
    passed: str
    first: str
    last: str

    def plus(self, other: Record) -> Record:
        """Both together."""
        passed = min(filter(None, (self.passed, other.passed)), default="")
        first, last = min(self.first, other.first), max(self.last, other.last)
        return self._replace(tries=self.tries + other.tries, passed=passed, first=first, last=last)


Records = dict[tuple[str, str], Record]
_new: Records = {}
"""What has not been written yet."""
_shown: Records = {}
"""What has been written by this session, for a folder that can no longer be read."""
_unsaid: list[str] = []
"""What `progress` has to say of a file that was found damaged meanwhile."""


class Damaged(ValueError):
    """A file that does not hold a learner's progress."""


def note(lesson: str, exercise: str, ok: bool) -> None:
    """Remember one try. It is written at once where there is a file already, else when `progress` is called."""
    now = datetime.now().isoformat(timespec="seconds")
    _add(_new, Record(lesson, exercise, 1, now if ok else "", now, now))
    if Path(FILE).exists() and (said := _write("")) and said not in _unsaid:
        _unsaid.append(said)


def progress(name: str = "") -> Listed:
    """Show the exercises that were checked, and keep them in ``my-progress.json`` in this folder.

    `name` is the learner's, for the teacher; it need be given only once. From the first call on, every check is
    written down. If the folder cannot be written to, or the file is damaged, a sentence below the table says so;
    a damaged file is kept under another name.
    """
    said = "\n".join(filter(None, [*_unsaid, _write(name)]))
    _unsaid.clear()
    records = dict(_shown)
    for record in _new.values():
        _add(records, record)
    return _table(sorted(records.values()), said)


def collect(folder: str | Path = ".") -> Collected:
    """Read the progress files of a class from a folder and the folders in it: one table, a row for each exercise.

    Any file name will do that ends in ``.json``. A file that is damaged is named below the table, and left as it is.
    Raises `FileNotFoundError` if there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {str(folder)!r}")
    rows, damaged = [], []
    for path in sorted(folder.rglob("*.json")):
        where = path.relative_to(folder).as_posix()
        try:
            learner, records = _read(path)
        except (Damaged, OSError) as error:
            damaged.append(f"{where}: {error}")
            continue
        rows += [(learner or where.removesuffix(".json"), *record) for record in sorted(records.values())]
    return Collected(rows, damaged)


class Collected(Listed):
    """The progress of a class: `rows` of texts, the `damaged` files with what is wrong with them; `csv` for a sheet."""

    def __init__(self, rows: list[tuple], damaged: list[str]) -> None:
        self.damaged = damaged
        head = ("learner", *Record._fields)
        super().__init__(head, [tuple(map(str, row)) for row in rows], "\n".join(f"not read: {one}" for one in damaged))

    @property
    def csv(self) -> str:
        """The rows as comma-separated values, the head first."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([self.head, *(map(_plain, row) for row in self.rows)])
        return out.getvalue()


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _table(records: list[Record], said: str) -> Listed:
    passed = sum(bool(record.passed) for record in records)
    note = f"{passed} of {len(records)} right" if records else "no exercise has been checked yet"
    note = "\n".join(filter(None, [note, said]))
    if OFF in os.environ:
        head, rows = ("exercise", "tries", "right"), [(r.exercise, str(r.tries), _yes(r)) for r in records]
    else:
        head = ("exercise", "tries", "right", "last")
        rows = [(r.exercise, str(r.tries), _yes(r), r.last.replace("T", " ")[:16]) for r in records]
    return Listed(head, rows, note)


def _yes(record: Record) -> str:
    return "yes" if record.passed else "not yet"


def _add(records: Records, record: Record) -> None:
    key = record.lesson, record.exercise
    records[key] = records[key].plus(record) if key in records else record


# --- the file ---


def _write(name: str) -> str:
    """Put what is new into the file; return what there is to say about it."""
    if OFF in os.environ:
        return ""
    path, said = Path(FILE), ""
    try:
        learner, records = _read(path) if path.exists() else ("", {})
    except Damaged as error:
        aside = _aside(path)
        said = f"{FILE} could not be read ({error}): it is kept as {aside.name}, and a new one was begun"
        try:
            path.rename(aside)
        except OSError as problem:
            return f"{FILE} could not be read ({error}), nor moved aside ({problem.strerror}): nothing was written"
        learner, records = "", {}
    except OSError as problem:
        return f"{FILE} could not be read ({problem.strerror}): your tries are kept while this notebook runs"
    for record in _new.values():
        _add(records, record)
    try:
        _replace(path, {"form": FORM, "learner": name or learner, "exercises": [r._asdict() for r in records.values()]})
    except OSError as problem:
        return f"{FILE} could not be written here ({problem.strerror}): your tries are kept while this notebook runs"
    _shown.clear()
    _shown.update(records)
    _new.clear()
    return said


def _read(path: Path) -> tuple[str, Records]:
    """The learner's name and records. Raises `Damaged`, saying what is wrong."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):  # not JSON, or not even text
        raise Damaged("it is not JSON") from None
    if not isinstance(held, dict) or held.get("form") != FORM or not isinstance(held.get("exercises"), list):
        raise Damaged(f"it is no file of {FORM!r}")
    records: Records = {}
    for entry in held["exercises"]:
        _add(records, _record(entry))
    return str(held.get("learner") or ""), records


def _record(entry: Any) -> Record:
    if not isinstance(entry, dict) or set(entry) != set(Record._fields):
        raise Damaged("an entry does not have the fields " + ", ".join(Record._fields))
    wrong = [key for key in entry if not isinstance(entry[key], int if key == "tries" else str)]
    if wrong:
        raise Damaged(f"the {wrong[0]} of an entry is {entry[wrong[0]]!r:.40}")
    return Record(**entry)


def _aside(path: Path) -> Path:
    return next(place for place in _names(path) if not place.exists())


def _names(path: Path) -> Iterator[Path]:
    n = 1
    while True:
        yield path.with_name(f"{path.stem}.damaged-{n}{path.suffix}.txt")
        n += 1


def _replace(path: Path, held: dict) -> None:
    """Write the file anew, so that at no moment there is half of one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            json.dump(held, out, indent=1, ensure_ascii=False)
            out.write("\n")
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
