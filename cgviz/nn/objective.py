"""A loss recorded for one score and label, and run over those of many samples."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from ..graph import is_node, objects
from ..ops.domain import DomainError
from ..program import Program
from ..run.run import Run, leaf
from .parting import ONCE, PartedError, agree, few
from .recorded_network import number_of


class RecordedLoss:
    """A loss's run on one sample, with nodes of the class `cls`, ready to be run over arrays of scores and labels.

    It is seen to on a few other samples that no ``if`` tells them apart.
    """

    def __init__(
        self, function: Callable[[Any, Any], Any], cls: Callable[[float], Any], scores: np.ndarray, ys: np.ndarray
    ) -> None:
        self.function, self.cls = function, cls

        def loss(score: Any, y: Any) -> Any:
            return function(score, y)

        loss.__name__ = getattr(function, "__name__", "the loss")
        run, y = Run(loss, cls), float(ys[0])
        try:
            leaves, root = run.forward({"score": float(scores[0]), "y": y})
        except (DomainError, ArithmeticError, ValueError):  # a score too large: the step says that it is not finite
            leaves, root = run.forward({"score": 0.0, "y": y})
        except TypeError:
            self._refuse_branches(scores, ys)
            raise
        self.program = Program(root)
        there = {id(obj) for obj in self.program.addresses.objects}
        self._score, self._y = leaves["score"], leaves["y"]
        if id(self._score) not in there:
            self._refuse_branches(scores, ys)
            raise ValueError("the loss does not depend on the score")
        self._labelled = id(self._y) in there
        self.check(scores, ys, few(len(ys)))

    def run(self, scores: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The loss of each sample, and its slope for the score."""
        run = self.program(self._bind(scores, ys))
        return run.value, run.grad[self._score]

    def _bind(self, score: Any, y: Any) -> dict[Any, Any]:
        return {self._score: score, self._y: y} if self._labelled else {self._score: score}

    def check(self, scores: np.ndarray, ys: np.ndarray, samples: Sequence[int]) -> None:
        """See that the recording computes what the loss does for these scores and labels, which `samples` have."""
        for i, score, y in zip(samples, scores[samples].tolist(), ys[samples].tolist(), strict=True):
            with suppress(DomainError, ArithmeticError):  # the step says that the loss is not finite
                recorded = float(self.program.forward(self._bind(score, y)))
                agree(partial(self._real, score, y), recorded, i, "loss")

    def _real(self, score: float, y: float) -> float:
        real = self.function(leaf(self.cls, "score", score), leaf(self.cls, "y", y))
        return number_of(real) if is_node(real) else float(real)

    def _refuse_branches(self, scores: np.ndarray, ys: np.ndarray) -> None:
        """Say of a loss that is computed without the score for sample 0 if it is computed with it for another."""
        for i in few(len(ys)):
            with suppress(Exception):
                score = leaf(self.cls, "score", float(scores[i]))
                root = self.function(score, leaf(self.cls, "y", float(ys[i])))
                if is_node(root) and any(obj is score for obj in objects(root)):
                    break
        else:
            return
        raise PartedError(f"for sample {i} the loss depends on the score, but for sample 0 it does not: {ONCE}")


def check_loss(function: Callable) -> None:
    """Refuse a function that cannot be called with a score and a label.

    >>> check_loss(lambda net, xs, ys: 0)
    Traceback (most recent call last):
    TypeError: a loss is a function of a score and a label, but <lambda> takes (net, xs, ys)
    """
    with suppress(ValueError):  # one that does not say what it takes
        signature = inspect.signature(function)
        try:
            signature.bind(None, None)
        except TypeError:
            name = getattr(function, "__name__", "this one")
            raise TypeError(f"a loss is a function of a score and a label, but {name} takes {signature}") from None
