"""What an exercise is: a name, hints, and a judge of what the learner has written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..feedback import Said
from ..growth.class_growth import left_open
from ..growth.misnamed import find_misnamed
from ..growth.stubs import NotWritten, still_open
from ..sandbox import limits
from ..sandbox.advice import SELF
from ..sandbox.child_process import Ended, can_copy, run_in_copy
from ..sandbox.limits import TooLong, TooMuch, time_limit
from ..sandbox.running import describe_error
from ..sandbox.self_slips import find_selfless

MISSING = object()
"""Stands for what was not given to `check`."""
PLAIN = (int, float, complex, str, bytes, bool, type(None), type(...))


class Open(Exception):
    """Raised by a judge: this is not written yet, and that is no mistake. Its text is a sentence's end."""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise: what is asked stands in the lesson, what is right here.

    `name` is how `check` and `hint` know it, `hints` are given one after the other, `praise` is said when it is right,
    `wanted` is what `check` has to be given, in words, and `seconds` is the time that the learner's code may take
    (0 for the usual one). `late` is asked of code that takes longer.
    """

    name: str
    hints: tuple[str, ...] = ()
    praise: str = "right!"
    wanted: str = "your answer"
    seconds: float = 0.0
    late: str = "what stops its loop?"

    def judge(self, thing: Any) -> str:
        """Say what is wrong with what a learner has written, ``""`` if nothing is; raise `Open` if it is not there."""
        raise NotImplementedError

    def judge_with(self, thing: Any, cls: type | None) -> str:
        """Judge something that needs the learner's class as well: by default it does not."""
        return self.judge(thing)

    def check(self, thing: Any, cls: type | None = None) -> Said:
        """Judge within limits of time and memory; whatever the learner gives, the answer is a sentence.

        Her code runs in a copy of the process where the system makes one: so a single long call into C comes to an end
        too, a crash is told, and what the code changes is gone.
        """
        if not can_copy() or _is_plain(thing):
            return self._check_here(thing, cls)
        try:
            answer = run_in_copy(lambda: self._check_here(thing, cls).parts, self.seconds or limits.SECONDS)
        except OSError:  # no memory for a copy, or too many processes
            return self._check_here(thing, cls)
        return (
            Said("wrong", f"{self.name}: {self._explain_end(answer)}") if isinstance(answer, Ended) else Said(*answer)
        )

    def _explain_end(self, ended: Ended) -> str:
        seconds = self.seconds or limits.SECONDS
        if ended.idle:
            return f"your code has not come back after {seconds:g} seconds, and does nothing: what does it wait for?"
        if ended.late:
            return f"your code still runs after {seconds:g} seconds; {self.late}"
        by = f" ({ended.signal})" if ended.signal else ""
        return f"your code has ended Python itself{by}: in a notebook, it would end the kernel"

    def _check_here(self, thing: Any, cls: type | None) -> Said:
        seconds = self.seconds or limits.SECONDS
        try:
            with time_limit(seconds):
                return self._check_thing(thing, cls)
        except TooMuch:
            return Said("wrong", f"{self.name}: your code takes more and more memory; what stops its loop?")
        except TooLong:
            return Said("wrong", f"{self.name}: your code still runs after {seconds:g} seconds; {self.late}")

    def _check_thing(self, thing: Any, cls: type | None) -> Said:
        said = self._judge_thing(thing, cls)
        if said.ok or not issubclass(type(thing), type):
            return said
        slip = find_misnamed(thing) or (find_selfless(thing) if SELF not in said.text else "")
        return Said("wrong", f"{self.name}: {slip}") if slip else said

    def _judge_thing(self, thing: Any, cls: type | None) -> Said:
        if thing is MISSING:
            return Said("open", f'{self.name}: give check {self.wanted} as well: check("{self.name}", …)')
        missing = still_open(thing)
        if missing:
            return Said("open", f"{self.name}: not written yet: {missing}")
        try:
            wrong = self.judge_with(thing, cls)
        except Open as left:
            said = str(left) if "not written yet" in str(left) else f"not written yet: {left}"
            return Said("open", f"{self.name}: {said}")
        except NotWritten as left:
            return Said("open", f"{self.name}: not written yet: {left.what}")
        except (TooLong, KeyboardInterrupt):
            raise
        except BaseException as error:  # a learner's object may do anything when it is looked at
            return Said(
                "wrong", f"{self.name}: what you gave cannot be checked: looking at it raised {describe_error(error)}"
            )
        if wrong and (older := left_open(thing)):
            return Said(
                "open", f"{self.name}: not written yet: {older[0]} has no body in its cell, so the older one is used"
            )
        return (
            Said("wrong", f"{self.name}: {wrong}") if wrong else Said("right", f"{self.name}: {self.say_right(thing)}")
        )

    def say_right(self, thing: Any) -> str:
        """What is said of what is right: the praise."""
        return self.praise


def _is_plain(thing: Any) -> bool:
    """Whether something holds no code that could run: a number, a text, a few of them, or nothing yet."""
    if type(thing) in (dict, list, tuple):
        held = [*thing.keys(), *thing.values()] if type(thing) is dict else thing
        return len(held) < 100 and all(type(one) in PLAIN for one in held)
    return thing is MISSING or type(thing) in PLAIN or bool(still_open(thing))


@dataclass(frozen=True, kw_only=True)
class Judged(Exercise):
    """An exercise with a judge of its own: a function that returns what is wrong, ``""`` if nothing is."""

    by: Callable[[Any], str]

    def judge(self, thing: Any) -> str:
        """Ask the function."""
        return self.by(thing)
