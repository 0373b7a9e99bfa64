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
from .questions.ask import Ask


def lessons() -> list[str]:
    """The lessons that have exercises, ``lesson02`` and so on, in order."""
    return sorted(module.name for module in pkgutil.iter_modules(exercises.__path__) if module.name[-1].isdigit())


def of_lesson(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of a lesson, in order."""
    return getattr(_module(lesson), "EXERCISES", ())


def questions_of(lesson: str) -> tuple[Ask, ...]:
    """The questions of a lesson, in order: the tuple `QUESTIONS` of its module."""
    return getattr(_module(lesson), "QUESTIONS", ())


def find_question(key: Any) -> Ask | None:
    """The question of this key; ``None`` if there is none."""
    lesson = lesson_of_key(key)
    others = [one for one in lessons() if one != lesson]
    for where in [*([lesson] if lesson in lessons() else []), *others]:
        if found := next((one for one in questions_of(where) if one.key == key), None):
            return found
    return None


def lesson_of_key(key: Any) -> str:
    """The lesson that a key is of: ``lesson05``, of ``5.3``; ``lesson`` alone where it does not begin with a number.

    >>> lesson_of_key("5.3"), lesson_of_key("12.1b"), lesson_of_key("my own")
    ('lesson05', 'lesson12', 'lesson')
    """
    number = str(key).partition(".")[0]
    return f"lesson{int(number):02}" if number.isascii() and number.isdigit() else "lesson"


def explain_unknown_key(key: Any) -> str:
    """What to say of a key that no question has."""
    if not isinstance(key, str):
        return f'a question has a key, as a text: question("5.3"); got {kind(key)}'
    keys = [one.key for lesson in lessons() for one in questions_of(lesson)]
    near = difflib.get_close_matches(key, keys, 1, 0.5)
    return f"there is no question {key[:60]!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _module(lesson: str) -> Any:
    return importlib.import_module(f"{exercises.__name__}.{lesson}")


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
