"""A learner's tries as records, and the small file that holds them."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from .small_file import Damaged, read_small

FORM = "cgviz progress 1"
LONGEST = 100
"""Characters of a name."""
JOINERS = "\u200c\u200d"
"""Marks without a sign of their own that names in some scripts are spelt with."""
MOST = 10**9
"""Tries of one exercise that nobody has made."""
PATIENCE = 2.0
"""Seconds that a notebook waits for another one that writes. After that, the other one has been stopped meanwhile."""
REFUSALS = 10
"""So often the folder refuses a file before it is taken for one that cannot be written to."""


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


def add(records: Records, record: Record) -> None:
    """Put a record to those that there are; on the same exercise they become one."""
    key = record.lesson, record.exercise
    records[key] = records[key].plus(record) if key in records else record


def clean_name(name: Any) -> str:
    """A learner's name on one line, not too long, and without marks that turn the direction of what stands beside it.

    >>> clean_name("  Ada\\tLovelace "), clean_name("\\u202eAda")
    ('Ada Lovelace', 'Ada')
    """
    whole = " ".join(str(name or "").encode(errors="replace").decode().split())  # half of a character cannot be written
    kept = "".join(ch for ch in whole if ch in JOINERS or unicodedata.category(ch) not in ("Cc", "Cf"))
    return kept.strip(JOINERS + " ")[:LONGEST]


def read(path: Path) -> tuple[str, Records]:
    """The learner's name and records. Raises `Damaged`, saying what is wrong, and `OSError`."""
    try:
        held = json.loads(read_small(path))
    except Damaged:
        raise
    except (ValueError, RecursionError):
        raise Damaged("it is not JSON") from None
    form = held.get("form") if isinstance(held, dict) else None
    if isinstance(form, str) and form != FORM and form.startswith(FORM[:-1]):
        raise Damaged(f"it was written by another version of cgviz, as {form!r:.40}")
    if form != FORM or not isinstance(held.get("exercises"), list):
        raise Damaged(f"it is no file of {FORM!r}")
    records: Records = {}
    for entry in held["exercises"]:
        add(records, _record(entry))
    return clean_name(held.get("learner")), records


def write(path: Path, learner: str, records: Records) -> None:
    """Write the file anew, so that at no moment there is half of one. Raises `OSError`."""
    held = {"form": FORM, "learner": learner, "exercises": [record._asdict() for record in records.values()]}
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")  # not by mkstemp: a teacher may read it too
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as out:
            json.dump(held, out, indent=1, ensure_ascii=False)
            out.write("\n")
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let no other notebook of the folder read and write the file meanwhile: the tries of one would be lost."""
    lock, end = path.with_name(f".{path.name}.lock"), time.monotonic() + PATIENCE
    held, refused = False, 0
    while not held and time.monotonic() < end:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            held = True
        except FileExistsError:
            time.sleep(0.01)
        except PermissionError:  # Windows says so as well while the file of another one is being deleted
            refused += 1
            if refused == REFUSALS:
                break
            time.sleep(0.01)
        except OSError:  # a folder that cannot be written to: that is told when the file is written
            break
    try:
        yield
    finally:
        if held or time.monotonic() >= end:
            with contextlib.suppress(OSError):
                lock.unlink()


def aside(path: Path) -> Path:
    """A name beside the file that is still free, for a damaged one."""
    n = 1
    while (place := path.with_name(f"{path.stem}.damaged-{n}{path.suffix}.txt")).exists():
        n += 1
    return place


def _record(entry: Any) -> Record:
    if not isinstance(entry, dict) or set(entry) != set(Record._fields):
        raise Damaged("an entry does not have the fields " + ", ".join(Record._fields))
    if wrong := [key for key in Record._fields if not _sound(key, entry[key])]:
        raise Damaged(f"the {wrong[0]} of an entry is {entry[wrong[0]]!r:.40}")
    return Record(**entry)


def _sound(key: str, held: Any) -> bool:
    if key == "tries":
        return type(held) is int and 0 < held < MOST
    if not isinstance(held, str) or len(held) > LONGEST or not held.isprintable():
        return False
    return key in ("lesson", "exercise") or (key == "passed" and not held) or _is_time(held)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
