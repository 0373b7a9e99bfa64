"""What a lesson calls to have an exercise judged."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from .carried import note_verdict
from .cell_watch import explain_stop, watch_cells
from .exercise_kinds.exercise import MISSING
from .feedback import Said
from .records.progress_file import note
from .registry import explain_unknown, find


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
    if said.how != "open":
        note(lesson, exercise.name, said.ok)
        note_verdict(exercise.name, lesson, thing, said.ok)
    older = explain_stop(_name(thing))
    return Said(said.how, f"{said.text} {older}") if older else said


def _name(thing: Any) -> str:
    """The name of a class or a function; ``""`` of all else."""
    held = thing if isinstance(thing, (type, FunctionType)) else None
    return "" if held is None else str(held.__name__)
