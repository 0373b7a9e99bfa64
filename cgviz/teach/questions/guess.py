"""A question and how a guess is judged."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ...checks.slips import slip
from ...graph import objects, trace
from ...text import literal, number
from ..feedback import Said
from ..sandbox.likeness import close, expected_slip, number_slip
from .typed_number import read_number

STYLE = "border:1px solid #8c959f;border-radius:6px;padding:.5em .8em;max-width:40em"
SIGNS = ("positive", "negative", "zero")
"""The choices of a question about a sign."""


class Question:
    """What is asked, and how an answer is judged: `judge(given)` is what the learner hears.

    `key` is how a lesson calls it. With `picture`, the root of a graph, a box is asked for: then `answer` is its name,
    or the names of those that are right.
    """

    def __init__(
        self,
        text: str,
        answer: Any,
        choices: Sequence[str] = (),
        why: str = "",
        of: Any = None,
        tolerance: float = 1e-3,
        *,
        key: str = "",
        typical: Mapping[Any, str] | None = None,
        picture: Any = None,
    ) -> None:
        self.text, self.answer, self.choices, self.why = text, answer, tuple(map(str, choices)), why
        self.of, self.tolerance, self.key, self.typical, self.picture = of, tolerance, key, dict(typical or {}), picture

    def judge(self, given: Any) -> Said:
        """Judge a guess: a text from the box, one of the choices, or the name of a box."""
        if self.picture is not None:
            return self._judge_name(str(given), "not {}")
        if self.choices:
            return self._judge_name(str(given), "not that one")
        typed = read_number(given)
        x = typed.number
        if x is None:
            return Said("open", typed.said)
        answer = float(self.answer)
        if close(x, answer, self.tolerance) or _is_rounded(x, answer, typed.digits):
            return Said("right", self._because(f"{_in_full(x)}, yes"))
        why = expected_slip(x, answer, self.typical) or self._slip(x) or number_slip(x, answer)
        return Said("wrong", f"not {_in_full(x)}{': ' * bool(why)}{why or ': guess again, or look'}")

    def look(self) -> Said:
        """Tell the answer."""
        names = self.answer if isinstance(self.answer, (tuple, list)) else (self.answer,)
        shown = _in_full(self.answer) if self.is_number else " or ".join(map(str, names))
        return Said("hint", self._because(f"it is {shown}"))

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return not self.choices and self.picture is None

    def _judge_name(self, given: str, wrong: str) -> Said:
        right = self.answer if isinstance(self.answer, (tuple, list)) else (self.answer,)
        if given in map(str, right):
            return Said("right", self._because("yes" if self.picture is None else f"{given}, yes"))
        why = self.typical.get(given) or "guess again, or look"
        return Said("wrong", f"{wrong.format(given)}: {why}")

    def _because(self, text: str) -> str:
        return f"{text}. {self.why}" if self.why else f"{text}."

    def _slip(self, given: float) -> str:
        if self.of is None:
            return ""
        try:
            root, node = self.of
            graph = trace(root)
            index = next(i for i, obj in enumerate(objects(root)) if obj is node)
            return slip(graph, index, given)
        except (TypeError, ValueError, StopIteration):
            return ""


def _in_full(x: Any) -> str:
    """A number as one writes it by hand: a whole one with all its digits."""
    x = float(x)
    return f"{x:.0f}" if x.is_integer() and 1e4 <= abs(x) < 1e15 else number(x)


def _is_rounded(x: float, answer: float, digits: int | None) -> bool:
    """Whether a number is the answer in as many digits as were typed, at least two of them: 0.33 for 1/3."""
    if not digits or not x or abs(x) * 10**digits < 9.5:
        return False
    return math.isclose(x, round(answer, digits), rel_tol=1e-9)


def choose_nearest(given: str, choices: Sequence[str]) -> str:
    """The choice that a typed text means; itself, if none is near.

    >>> choose_nearest("Positiv", SIGNS), choose_nearest("+", SIGNS), choose_nearest("blue", SIGNS)
    ('positive', 'positive', 'blue')
    """
    plain = given.strip().casefold()
    if (
        tuple(choices) == SIGNS
        and (known := {"+": 0, "plus": 0, "-": 1, "−": 1, "minus": 1, "0": 2}.get(plain)) is not None
    ):
        return SIGNS[known]
    near = difflib.get_close_matches(plain, [one.casefold() for one in choices], 1, 0.8)
    return next((one for one in choices if near and one.casefold() == near[0]), given)


def still(question: Question) -> str:
    """The question as HTML that needs no kernel: the answer is folded."""
    choices = f"<p>{escape(' · '.join(question.choices))}</p>" if question.choices else ""
    answer = f"<details><summary>The answer</summary>{escape(question.look().text)}</details>"
    picture = _draw(question) if question.picture is not None else ""
    return literal(f"<b>{escape(question.text)}</b>{picture}{choices}{answer}", "cg-said", f'style="{STYLE}"')


def _draw(question: Question) -> str:
    from ...pictures.svg import to_svg

    return to_svg(question.picture, uid=f"q{question.key}")
