"""Exercises that try out what a learner has written, each by a piece of code and what it should give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...text import kind
from ..sandbox.likeness import same, show_apart
from ..sandbox.running import attempt
from .exercise import Exercise, Open


class Trial(NamedTuple):
    """What is written in the message, the same as a function of the learner's thing, and what it should give.

    That may be a class of exceptions, if it should raise one. `slips` are wrong results with their sentences.
    """

    said: str
    run: Callable[[Any], Any]
    expected: Any
    slips: tuple[tuple[Any, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trials(Exercise):
    """A thing, a class by default, that is tried out: the first trial that gives something else is told.

    >>> held = Trials(name="held", trials=(Trial("Value(2).data", lambda cls: cls(2).data, 2),))
    >>> class Value:
    ...     def __init__(self, data): self.data = "2"
    >>> held.check(Value)
    ✗ held: Value(2).data gives '2', should be 2
    """

    trials: tuple[Trial, ...]
    of: type = type
    wanted: str = "your class"

    def judge(self, thing: Any) -> str:
        """Run the trials in order."""
        if not isinstance(thing, self.of):
            return f"give check {self.wanted} itself; got {kind(thing)}"
        return next((said for trial in self.trials if (said := _fault(trial, thing))), "")


def _fault(trial: Trial, thing: Any) -> str:
    done = attempt(trial.run, thing)
    if done.open:
        raise Open(done.failure)
    if isinstance(trial.expected, type) and issubclass(trial.expected, BaseException):
        missed = done.misses(trial.expected)
        return f"{trial.said} {missed}" if missed else ""
    if done.failure:
        return f"{trial.said} {done.failure}"
    if done.value is ...:
        raise Open(f"{trial.said} gives …")
    if same(done.value, trial.expected):
        return ""
    why = next((f": {said}" for wrong, said in trial.slips if same(done.value, wrong)), "")
    if isinstance(done.value, str) and re.search(r"\{[^{}]+\}", done.value):
        why = ": braces are filled in an f-string alone: is the f before the quotation mark missing?"
    yours, asked = show_apart(done.value, trial.expected)
    return f"{trial.said} gives {yours}, should be {asked}{why}"
