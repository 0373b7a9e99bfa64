"""The page of what has been done: a tick for each exercise and question, lesson by lesson."""

from __future__ import annotations

from html import escape

from ..records.progress_file import read_all
from ..records.tries import Records
from ..registry import lessons, of_lesson, questions_of
from .handout import Handout
from .lesson_texts import LessonText, read_lessons

FILE = "my-progress.html"


def progress_page() -> Handout:
    """Make a page of all lessons with a tick for each exercise and question that was right once.

    >>> progress_page().save  # doctest: +ELLIPSIS
    <bound method Handout.save of ...>
    """
    learner, records = read_all()
    texts = {text.module: text for text in read_lessons()}
    known = sorted({*texts, *lessons()})
    parts = [_write_lesson(name, texts.get(name), records) for name in known]
    done, whole = count_done(records)
    who = f" · {escape(learner)}" if learner else ""
    head = f"<h1>My progress{who}</h1><p>{done} of {whole} right. A tick stands for what was right once.</p>"
    return Handout("My progress", head + "".join(parts), FILE)


def list_asked(lesson: str) -> list[tuple[str, str]]:
    """What a lesson asks, in order: the name in the records, and what the page calls it."""
    asked = [(one.name, one.name) for one in of_lesson(lesson)] if lesson in lessons() else []
    questions = questions_of(lesson) if lesson in lessons() else ()
    return asked + [(f"question {one.key}", f"question {one.key}") for one in questions]


def count_done(records: Records) -> tuple[int, int]:
    """How much of all that is asked was right once, and how much is asked."""
    asked = [(lesson, name) for lesson in lessons() for name, _ in list_asked(lesson)]
    return sum(bool(key in records and records[key].passed) for key in asked), len(asked)


def _write_lesson(lesson: str, text: LessonText | None, records: Records) -> str:
    number = lesson.removeprefix("lesson").lstrip("0")
    title = f"{number} · {text.title}" if text else f"Lesson {number}"
    rows = []
    for name, shown in list_asked(lesson):
        record = records.get((lesson, name))
        if record and record.passed:
            mark = f'<td class="done">✓</td><td>{escape(shown)}</td><td>{escape(record.passed[:10])}</td>'
        else:
            tries = f"{record.tries} {'try' if record.tries == 1 else 'tries'}" if record else ""
            mark = f'<td class="open">○</td><td>{escape(shown)}</td><td>{tries}</td>'
        rows.append(f"<tr>{mark}</tr>")
    return f"<h2>{escape(title)}</h2><table>{''.join(rows)}</table>" if rows else f"<h2>{escape(title)}</h2>"
