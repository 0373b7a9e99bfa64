"""What a step of training was, where it led to, and what is raised where there can be none."""

from __future__ import annotations

from typing import Any, NamedTuple


class DivergedError(ArithmeticError):
    """Training whose numbers became infinite or NaN; the network keeps the last good ones.

    `history` are the steps up to there, if `train` has taken them.
    """

    history: Any = None


class Step(NamedTuple):
    """One step of training. `loss` and `accuracy` are those before the parameters moved.

    `Training.state` has those after.

    `number` counts from 1; `loss` is the mean over all samples, plus the decay's share; `accuracy` is the share of
    samples on the right side, from 0 to 1, and ``None`` if the loss does not tell classes apart; `rate` is the learning
    rate of this step.
    """

    number: int
    loss: float
    accuracy: float | None
    rate: float


class State(NamedTuple):
    """Where a training is: `number` steps are complete, and their parameters have this loss and accuracy."""

    number: int
    loss: float
    accuracy: float | None
