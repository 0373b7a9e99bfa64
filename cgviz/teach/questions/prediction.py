"""A question before an idea: the learner guesses, and sees what is right only when she has asked for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..feedback import Said
from ..registry import explain_unknown_key, find_question
from ..sandbox.likeness import as_number
from .guess import Question


def predict(
    question: str,
    answer: Any,
    *,
    choices: Sequence[str] = (),
    why: str = "",
    of: tuple[Any, Any] | None = None,
    tolerance: float = 1e-3,
    key: str = "",
) -> Any:
    """Ask a question whose answer stays hidden until the learner has guessed, or asks to see it.

    `answer` is a number, or one of the `choices`. `why` is one sentence that is shown with it. Where the answer is a
    gradient, `of` is a pair of the graph's root and the node, and a wrong guess is told its slip. With a `key`, a
    later cell can `wait_for` the answer, and it is kept in progress.

    The result is a widget; where no widgets are shown, it is the question, with the answer folded.

    Raises `ValueError` if the answer is not among the choices, or, without choices, is no number.

    >>> predict("What is 2 + 3?", 5)
    Predict: What is 2 + 3?
    """
    choices = tuple(map(str, choices))
    if choices and str(answer) not in choices:
        raise ValueError(f"the answer {str(answer)!r} is not among the choices {', '.join(map(repr, choices))}")
    asked = as_number(answer)
    if not choices and (asked is None or not math.isfinite(asked)):
        raise ValueError(f"the answer {str(answer)!r:.60} is no number: give choices as well, or a number")
    from .question_widget import Asking

    return Asking(Question(question, answer if choices else asked, choices, why, of, tolerance, key=key))


def question(key: str) -> Any:
    """Ask the question of this key, which stands in the package with its answer: a number, a sign, a choice or a box.

    What is right is shown once the learner has guessed it, or asks to see it; a cell beginning with `wait_for` and
    the same key shows its result from then on. A right answer is kept in progress. The result is a widget; where no
    widgets are shown, it is the question, with the answer folded. An unknown key is answered in a sentence.

    >>> question("no such key").ok
    False
    """
    asked = find_question(key)
    if asked is None:
        return Said("wrong", explain_unknown_key(key))
    from .question_widget import Asking

    return Asking(asked.make())
