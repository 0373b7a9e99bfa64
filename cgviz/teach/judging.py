"""What a lesson calls to have an exercise judged."""

from __future__ import annotations

import contextlib
from types import FunctionType
from typing import Any

from .carried import is_ours, note_verdict
from .cell_watch import explain_stop, in_answer, watch_cells
from .exercise_kinds.exercise import MISSING
from .feedback import Said
from .records.progress_file import note, passed
from .registry import explain_unknown, find

SEEN = "This is our answer, so it counts as seen and not as solved. Run your own cell again, and then this one."


def check(name: str, thing: Any = MISSING, *, cls: type | None = None) -> Said:
    """Check what a learner has written for the exercise `name`; the answer shows itself, and its `ok` says how it went.

    `thing` is what the exercise asks for: a class, a function, a number, a few numbers. `cls` is the learner's class,
    where her function is asked for that makes nodes of it. Whatever is given, there is an answer and no exception:
    right, or what is wrong in terms of the learner's own code, or that it is not written yet.

    >>> check("products", None)
    … products: not written yet: it is still None
    """
    found = find(name)
    if found is None:
        return Said("wrong", explain_unknown(name))
    lesson, exercise = found
    watch_cells()
    said = exercise.check(thing, cls)
    ours = False
    with contextlib.suppress(Exception):
        ours = said.ok and is_ours(exercise.name, thing)
    if ours and not in_answer() and not passed(lesson, exercise.name):
        note(lesson, exercise.name, False)
        said = Said(said.how, f"{said.text} {SEEN}")
    elif said.how != "open" and not in_answer() and not ours:  # our answer is no try of hers
        note(lesson, exercise.name, said.ok)
        with contextlib.suppress(Exception):  # a class may do anything when it is looked at
            note_verdict(exercise.name, lesson, thing, said.ok)
    older = explain_stop(_find_name(thing))
    return Said(said.how, f"{said.text} {older}") if older else said


def _find_name(thing: Any) -> str:
    """The name of a class or a function; ``""`` of all else."""
    return thing.__name__ if type(thing) in (type, FunctionType) else ""
