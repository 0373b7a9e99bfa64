"""Gradient descent on all samples at once: the network is recorded for one sample, and run over all of them.

This computes and does nothing else: `training_loop.py` shows the progress, `pictures/plot.py` draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, overload

import numpy as np

from ..text import number
from ..value import Value
from .loss_functions import CLASSES, LOSSES
from .objective import RecordedLoss, check_loss
from .parting import PartedError, few
from .recorded_network import Recorded
from .sample_checks import at_least_0, labels, positive, samples, whole
from .sample_training import SampleTraining
from .training_notes import notes
from .training_step import DivergedError, State, Step

LOOK, EVERY, MANY = 8, 10, 1000
"""A loss of somebody's own is run for `LOOK` samples at each step, a network for one at every tenth: in turn, so that
all have theirs. At the end the loss is run for `MANY`."""


MISSING = object()
"""Stands for samples that were not given: None is one thing that may be given."""


class Training:
    """Gradient descent for a network on a data set, one full batch a step; or for a loss of one sample.

    ``Training(loss_of, data=names)`` is a `SampleTraining`, whose arguments follow `data`. What is said here is about
    ``Training(net, xs, ys)``.

    `net` is a function of a list of numbers or nodes that returns one node, with a method `parameters` (an `MLP`, or
    your own), `xs` the samples, of shape (N, features), and `ys` their N labels: -1 and 1 or 0 and 1 for the
    losses ``"hinge"`` and ``"logistic"``, any numbers for ``"mse"``; `loss` may also be a function of a score and a
    label. `rate` is the learning rate, or a function from the step, counted from 1, to it. `decay` times the sum of
    all squared parameters is added to the loss.

    The network and the loss are recorded once, on the first sample, with the branches taken there. A few other samples
    are run as well, so that an ``if`` that tells samples apart is said; and so are some on the way, in turn, since it
    may tell them apart only later. `notes` says what had no influence.

    Raises `ValueError` for an empty batch, samples that differ in length or that the network does not take, numbers
    that are not finite, labels of other kinds, a rate that is not positive, or such an ``if``; `TypeError` for what is
    not a number, and for what is not a network.

    >>> from cgviz.nn import MLP, moons
    >>> training = Training(MLP(2, [8, 1], seed=3), *moons(40, seed=1), rate=0.5)
    >>> steps = [training.step() for _ in range(30)]
    >>> steps[0].number, steps[0].loss > 2 * steps[-1].loss
    (1, True)
    """

    def __new__(cls, net: Any = None, *given: Any, **options: Any) -> Any:
        """A `SampleTraining` where `data` is given."""
        if "data" not in options:
            return super().__new__(cls)
        if given:
            raise TypeError(
                "Training takes a network with xs and ys, or a function of a sample with data, but not both"
            )
        return SampleTraining(net, **options)

    @overload
    def __init__(self, net: Any, *, data: Iterable[Any], **options: Any) -> None: ...
    @overload
    def __init__(
        self,
        net: Any,
        xs: Any,
        ys: Any,
        *,
        rate: float | Callable[[int], float] = ...,
        loss: str | Callable[[Any, Any], Any] = ...,
        decay: float = ...,
    ) -> None: ...
    def __init__(
        self,
        net: Any,
        xs: Any = MISSING,
        ys: Any = MISSING,
        *,
        rate: float | Callable[[int], float] = 1.0,
        loss: str | Callable[[Any, Any], Any] = "hinge",
        decay: float = 0.0,
        **others: Any,
    ) -> None:
        if others:
            raise TypeError(
                f"Training of a network takes no {', '.join(others)}; it takes xs, ys, rate, loss and decay"
            )
        if xs is MISSING or ys is MISSING:
            raise TypeError("Training takes a network with xs and ys, or a function of a sample with data")
        if not callable(loss) and not (isinstance(loss, str) and loss in LOSSES):
            raise ValueError(f"unknown loss: {loss!r} (must be a function or one of {', '.join(map(repr, LOSSES))})")
        if not callable(rate):
            positive(rate, "the rate")
        self.net, self.rate, self.loss, self.decay = net, rate, loss, at_least_0(decay, "the decay")
        self.xs = samples(xs)
        self.ys = labels(ys, len(self.xs), loss)
        self.done = 0
        """How many steps are complete."""
        self._net = Recorded(net, self.xs)
        if not self._net.trains:
            raise ValueError(
                "the network's output depends on none of its parameters: "
                "parameters() must list the very nodes that the network computes with"
            )
        self.numbers = self._net.numbers()
        """The parameters' numbers after them: an array, which each complete step replaces."""
        self._before = self.numbers
        self.last: Step | None = None
        """The last complete step."""
        self._ahead: tuple[bytes, tuple[float, float | None, np.ndarray]] | None = None
        self._slope = self._loss(LOSSES[loss] if isinstance(loss, str) else loss)
        self._moved = np.zeros(len(self.numbers), bool)

    @property
    def node_class(self) -> Callable[[float], Any]:
        """The class of the nodes that the network computes with."""
        return self._net.cls

    def step(self) -> Step:
        """Move the parameters once, against the gradient, and write them into the network.

        Raises `DivergedError` if the loss or a gradient is not finite, or a parameter would not be: the network then
        has the last parameters for which they were.
        """
        n = self.done + 1
        rate = positive(self.rate(n) if callable(self.rate) else self.rate, f"the rate of step {n}")
        loss, accuracy, gradient = self._here()
        self._ahead = None
        if not math.isfinite(loss):
            raise self._go_back("the loss", rate)
        if not np.isfinite(gradient).all():
            raise self._go_back("a gradient", rate)
        self._check_some(n)
        moved = self.numbers - rate * gradient
        if not np.isfinite(moved).all():
            raise self._go_back("a parameter", rate, good=True)
        step = Step(n, loss, accuracy, rate)
        self._before, self.numbers, self.last, self.done = self.numbers, moved, step, n
        self._moved |= gradient != 0
        self.write()
        return step

    def _check_some(self, n: int) -> None:
        """See on some samples, in turn, that the recordings still compute what they are recordings of."""
        count = len(self.ys)
        losses = [(n * LOOK + k) % count for k in range(min(LOOK, count))]
        self._compare(losses, [n // EVERY % count] if n % EVERY == 0 else [], f"step {n}")

    def check(self) -> None:
        """See on many samples that the recordings compute what network and loss do with the present parameters.

        Raises `PartedError` if one does not; nothing is changed.
        """
        count = len(self.ys)
        many = np.linspace(0, count - 1, min(count, MANY)).astype(int).tolist()
        self._compare(many, few(count), f"after step {self.done}")

    def _compare(self, losses: Sequence[int], scores: Sequence[int], when: str) -> None:
        own = not self._net.safe
        self._net.set(self.numbers)
        try:
            if own and scores:
                with self.lend_parameters():
                    self._net.check(self.xs, scores)
            if self._slope.function not in LOSSES.values():
                self._slope.check(self._net.scores(self.xs), self.ys, losses)
        except PartedError as error:
            self.write()
            kept = f"those of step {self.done}" if self.done else "its first ones"
            raise PartedError(f"{when}: {error}. The parameters are {kept}") from None

    @property
    def notes(self) -> list[str]:
        """What of the samples and of the network has no influence on the loss, a sentence each.

        >>> from cgviz.nn import Neuron
        >>> neuron = Neuron(1, "linear", seed=0)
        >>> neuron.parameters = lambda: [neuron.w[0], neuron.b, Value(1.0, "c")]
        >>> Training(neuron, [[1], [2]], [1, -1]).notes
        ["the parameter 'c' has no influence on the loss"]
        """
        return notes(self._net, self._moved, self.done, self.decay)

    @property
    def state(self) -> State:
        """How many steps are complete, and the loss and the accuracy with the parameters that they have led to.

        >>> from cgviz.nn import MLP, moons
        >>> training = Training(MLP(2, [4, 1], seed=3), *moons(20))
        >>> first = training.state
        >>> step = training.step()
        >>> (first.number, first.loss) == (0, step.loss), training.state.number
        (True, 1)
        """
        return State(self.done, *self._here()[:2])

    def _here(self) -> tuple[float, float | None, np.ndarray]:
        """What `evaluate` gives, computed once for these parameters: what is shown after a step begins the next."""
        key = self.numbers.tobytes() + repr(self.decay).encode()
        if self._ahead is None or self._ahead[0] != key:
            self._ahead = key, self.evaluate()
        return self._ahead[1]

    @contextmanager
    def lend_parameters(self) -> Iterator[None]:
        """While this lasts, the network has the parameters of the last complete step; then again what it had."""
        before = self._net.numbers()
        self.write()
        try:
            yield
        finally:
            self._net.write(before)

    def steps(self, count: int) -> Iterator[Step]:
        """Step so many times, and give each step when it is done. Raises `ValueError` for what is no such number."""
        return (self.step() for _ in range(whole(count, "steps", 0)))

    def evaluate(self) -> tuple[float, float | None, np.ndarray]:
        """The loss now, the accuracy, and the gradient for each parameter; nothing is changed."""
        self._net.set(self.numbers)
        with np.errstate(all="ignore"):
            scores, slopes = self._net.run(self.xs)
            losses, pulls = self._slope.run(scores, self.ys)
            gradient = slopes @ pulls / len(self.ys) + 2 * self.decay * self.numbers
            loss = float(np.mean(losses)) + self.decay * float(self.numbers @ self.numbers)
        tells = self.loss in CLASSES
        return loss, float(((scores > 0) == (self.ys > 0)).mean()) if tells else None, gradient

    def scores(self, xs: Any) -> np.ndarray:
        """The network's score with its present numbers for each of these samples, shape (N,).

        >>> from cgviz.nn import MLP
        >>> Training(MLP(2, [1], seed=0), [[0, 0]], [1]).scores([[1, 0], [0, 1]]).shape
        (2,)
        """
        self._net.set(self.numbers)
        return self._net.scores(samples(xs))

    def write(self) -> None:
        """Put the numbers of the last complete step into the network: it needs that if a step was interrupted."""
        self._net.write(self.numbers)

    def _loss(self, function: Callable[[Any, Any], Any]) -> RecordedLoss:
        """The loss recorded for the first sample, which is one that it is made for; seen to on a few others.

        A function of somebody's own is given nodes of the network's class, since she writes it with what that has.
        One that is written with the operations of cgviz is given its nodes.
        """
        scores = self._net.scores(self.xs)
        check_loss(function)
        if function in LOSSES.values() or self._net.cls is Value:
            return RecordedLoss(function, Value, scores, self.ys)
        try:
            return RecordedLoss(function, self._net.cls, scores, self.ys)
        except Exception as error:
            with suppress(Exception):
                return RecordedLoss(function, Value, scores, self.ys)
            cls, name = self._net.cls, getattr(function, "__name__", "given")
            whose = f"nodes of the class {cls.__name__} of {cls.__module__}"
            raise TypeError(f"the loss {name} cannot be computed with {whose}: {error}") from None

    def _go_back(self, what: str, rate: float, good: bool = False) -> DivergedError:
        """Go back to the last parameters for which all was finite; the sentence about it."""
        n = self.done + 1
        where = "" if good else self._net.failure(self.xs)
        if not good and self.done:
            self.numbers, self.done = self._before, self.done - 1
        self.write()
        kept = f"those of step {self.done}" if self.done else "its first ones"
        advice = f"; a rate smaller than {number(rate)} may help" if n > 1 or good else ""
        return DivergedError(f"step {n}: {what} is not finite{where}. The parameters are {kept} again{advice}")
