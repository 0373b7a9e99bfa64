"""A question and how a guess is judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from ...checks.slips import slip
from ...graph import objects, trace
from ...text import literal, number
from ..feedback import Said
from ..sandbox.likeness import close, number_slip

STYLE = "border:1px solid #8c959f;border-radius:6px;padding:.5em .8em;max-width:40em"


class Question:
    """What is asked, and how an answer is judged: `said(given)` is what the learner hears."""

    def __init__(self, text: str, answer: Any, choices: Sequence[str], why: str, of: Any, tolerance: float) -> None:
        self.text, self.answer, self.choices, self.why = text, answer, tuple(map(str, choices)), why
        self.of, self.tolerance = of, tolerance

    def judge(self, given: Any) -> Said:
        """Judge a guess: a text from the box, or one of the choices."""
        if self.choices:
            right = str(given) == str(self.answer)
            return Said("right", self._because("yes")) if right else Said("wrong", "not that one: guess again, or look")
        x = _number(given)
        if x is None:
            return Said("open", "write a number, such as 2 or -0.5")
        if close(x, float(self.answer), self.tolerance):
            return Said("right", self._because(f"{number(x)}, yes"))
        why = self._slip(x) or number_slip(x, float(self.answer))
        return Said("wrong", f"not {number(x)}{': ' * bool(why)}{why or ': guess again, or look'}")

    def look(self) -> Said:
        """Tell the answer."""
        shown = self.answer if self.choices else number(self.answer)
        return Said("hint", self._because(f"it is {shown}"))

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


def _number(text: Any) -> float | None:
    """What was typed as a number: with a comma or a point, any of the dashes for a minus, a fraction such as 1/3."""
    plain = "".join(str(text).split()).replace(",", ".").translate(dict.fromkeys(map(ord, "−–—"), "-"))
    above, _, below = plain.partition("/")
    try:
        x = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None
    return x if math.isfinite(x) else None


def still(question: Question) -> str:
    """The question as HTML that needs no kernel: the answer is folded."""
    choices = f"<p>{escape(' · '.join(question.choices))}</p>" if question.choices else ""
    answer = f"<details><summary>The answer</summary>{escape(question.look().text)}</details>"
    return literal(f"<b>{escape(question.text)}</b>{choices}{answer}", "cg-said", f'style="{STYLE}"')
