"""The page that says what a learner has done, for herself: made of her progress, signed by nobody."""

from __future__ import annotations

from html import escape

from ...text import kind
from ..records.progress_file import read_all
from ..records.tries import Records, clean_name
from ..registry import lessons
from .handout import Handout
from .lesson_texts import read_lessons
from .overview import count_done, list_asked

FILE = "my-certificate.html"
STYLE = """
body { text-align: center; border: 3px double; padding: 3rem 2rem; margin-top: 3rem } table { margin: auto }
.name { font-size: 2rem; margin: 1rem } .small { font-size: .85rem }
@media print { @page { size: A4 landscape } body { border-width: 6px } }
"""


def certificate(name: str = "") -> Handout:
    """Make a page that says which lessons a learner has done, by her own progress; `name` stands on it.

    Without a name it is that of her progress. It says what was done, also where that is not all.

    >>> certificate("Ada").title
    'Certificate of Ada'

    Raises `TypeError` for a name that is no text.
    """
    if not isinstance(name, str):
        raise TypeError(f'certificate takes a name as a text, as in certificate("Ada"); got {kind(name)}')
    learner, records = read_all()
    who = clean_name(name) or learner or "A learner"
    done, whole = count_done(records)
    titles = {text.module: text.title for text in read_lessons()}
    finished = [lesson for lesson in lessons() if list_asked(lesson) and not _list_left(lesson, records)]
    listed = "".join(f"<tr><td>✓</td><td>{escape(titles.get(one, one))}</td></tr>" for one in finished)
    asked = [lesson for lesson in lessons() if list_asked(lesson)]
    all_of = "all lessons" if len(finished) == len(asked) else f"{len(finished)} of {len(asked)} lessons"
    days = sorted(record.passed[:10] for record in records.values() if record.passed)
    when = f"{days[0]} to {days[-1]}" if days else "not begun yet"
    said = f"has written a class that finds gradients, exercise by exercise: {done} of {whole} answers right, {all_of}."
    note = "Made by cgviz from the learner's own record of answers. Nobody has examined them."
    body = (
        f'<h1>Computational graphs and gradients</h1><p class="name">{escape(who)}</p><p>{said}</p>'
        f'<table>{listed}</table><p>{escape(when)}</p><p class="small">{note}</p>'
    )
    return Handout(f"Certificate of {who}", body, FILE, STYLE)


def _list_left(lesson: str, records: Records) -> list[str]:
    """What of a lesson was never right."""
    return [name for name, _ in list_asked(lesson) if not (found := records.get((lesson, name))) or not found.passed]
