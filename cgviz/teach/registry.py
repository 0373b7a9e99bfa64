"""Finds an exercise by its name: one module a lesson, imported when it is asked for."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from ..text import kind
from . import exercises
from .exercise_kinds.exercise import Exercise


def lessons() -> list[str]:
    """The lessons that have exercises, ``lesson02`` and so on, in order."""
    return sorted(module.name for module in pkgutil.iter_modules(exercises.__path__) if module.name[-1].isdigit())


def of_lesson(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of a lesson, in order."""
    return importlib.import_module(f"{exercises.__name__}.{lesson}").EXERCISES


def every() -> Iterator[tuple[str, Exercise]]:
    """Every exercise with its lesson, in order; a lesson's module is imported when its turn comes."""
    for lesson in lessons():
        for exercise in of_lesson(lesson):
            yield lesson, exercise


def find(name: Any) -> tuple[str, Exercise] | None:
    """The lesson and the exercise of this name; ``None`` if there is none."""
    return next(((lesson, one) for lesson, one in every() if one.name == name), None)


def explain_unknown(name: Any) -> str:
    """What to say of a name that no exercise has."""
    if not isinstance(name, str):
        return f'the name of an exercise comes first, as a text: check("products", Value); got {kind(name)}'
    names = [one.name for _, one in every()]
    near = difflib.get_close_matches(name, names, 1, 0.5)
    return f"there is no exercise {name[:60]!r}" + (f"; did you mean {near[0]!r}?" if near else "")
