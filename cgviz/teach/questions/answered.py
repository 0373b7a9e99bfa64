"""Which questions have been answered or skipped: what waits for them is told, a right answer is kept in progress."""

from __future__ import annotations

from collections.abc import Callable

from ..records.progress_file import note, passed
from ..registry import lesson_of_key

asked_keys: set[str] = set()
"""The keys of all questions that have been asked in this session."""
_opened: set[str] = set()
_waiting: dict[str, list[Callable[[], None]]] = {}


def name_record(key: str) -> str:
    """What a question is called in the progress of a learner.

    >>> name_record("5.3")
    'question 5.3'
    """
    return f"question {key}"


def is_open(key: str) -> bool:
    """Whether a question has been answered rightly, now or in an earlier session, or skipped in this one."""
    return key in _opened or passed(lesson_of_key(key), name_record(key))


def note_guess(key: str, ok: bool) -> None:
    """Keep a guess; a right one opens what waits for it."""
    if not key:
        return
    note(lesson_of_key(key), name_record(key), ok)
    if ok:
        open_results(key)


def open_results(key: str) -> None:
    """Show what waits for a question, for it was answered or skipped."""
    _opened.add(key)
    for show in _waiting.pop(key, []):
        show()


def wait(key: str, show: Callable[[], None]) -> None:
    """Call `show` as soon as the question is answered or skipped."""
    _waiting.setdefault(key, []).append(show)
