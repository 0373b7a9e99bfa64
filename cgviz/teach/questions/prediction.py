"""A question before an idea: the learner guesses, and sees what is right only when she has asked for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..sandbox.likeness import as_number
from .question import Question


def predict(
    question: str,
    answer: Any,
    *,
    choices: Sequence[str] = (),
    why: str = "",
    of: tuple[Any, Any] | None = None,
    tolerance: float = 1e-3,
) -> Any:
    """Ask a question whose answer stays hidden until the learner has guessed, or asks to see it.

    `answer` is a number, or one of the `choices`. `why` is one sentence that is shown with it. Where the answer is a
    gradient, `of` is a pair of the graph's root and the node, and a wrong guess is told its slip.

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

    return Asking(Question(question, answer if choices else asked, choices, why, of, tolerance))
