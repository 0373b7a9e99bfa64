"""Training of a loss that is a function of one sample: recorded once for each structure, not for each sample."""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from ..graph import field_of_gradient, is_node
from ..nodes import SGD, Adam
from ..ops.domain import FAILURES, DomainError
from ..text import kind, number
from .recorded_network import number_of
from .sample_checks import find_parameters, whole
from .sample_failure import explain_failure, name_sample
from .sample_reading import Known, Reading
from .training_step import DivergedError, State, Step

KEY = "parameters"
OFTEN = 4
"""At step 16, 64, 256 … the function is run as it is written, and its recording held against it,"""
SMALL = 50
"""and besides after a step for each so many operations that it has."""


class SampleTraining:
    """Gradient descent for ``loss_of(sample)``, a node, over the samples of `data`, `batch` of them a step.

    The function is written as for one sample, with any class of nodes. It is not run for each step: a few samples are
    run and read, operation by operation. Runs with the same operations, as of all names of one length, have one
    *structure*, which is recorded once as a program whose leaves stand for what differs from sample to sample: which
    row of a table, which of the scores, which numbers of the sample. How a sample decides that is read off from the
    runs (`sample_choices.py` says how), and used only after it has foretold another run exactly; a sample with a part
    that was not seen, as a rare letter, is run and read itself. (To run the function for every sample once would need
    no rule, and would take as long as not to record at all, as long as samples are new.) What has no such structure,
    or changes with the parameters, is run as it is written; `notes` says so. At the steps 16, 64, 256 … the recording
    is held against the function, that of a small graph at each step. The samples of a batch that have one structure are
    run together, in copies of it that share the parameters; the gradient is the mean of theirs.

    `parameters` are the nodes to train; without it they are found: the leaves that were there before the function was
    called, and that are no part of the sample. `optimizer` is one of `SGD`, `Momentum`, `Adam`; with `rate` alone it is
    `SGD`. Samples come in order, round and round; with a `seed` each round is shuffled.

    Raises `TypeError` or `ValueError` for what is no function of a sample, for no data, and for parameters that are no
    nodes; whatever `loss_of` raises is raised.

    >>> from cgviz import Value, exp
    >>> table = {letter: [Value(0.0) for _ in "ab"] for letter in "ab"}
    >>> def loss_of(pair):
    ...     powers = [exp(score) for score in table[pair[0]]]
    ...     return -(powers["ab".index(pair[1])] / sum(powers)).log()
    >>> training = SampleTraining(loss_of, ["ab", "ab", "ba", "bb"], optimizer=Adam(0.1))
    >>> steps = list(training.steps(40))
    >>> f"{steps[0].loss:.3f}", steps[36].loss < 0.1, training.structures
    ('0.693', True, 1)
    """

    def __init__(
        self,
        loss_of: Callable[[Any], Any],
        data: Iterable[Any],
        *,
        parameters: Iterable[Any] | None = None,
        optimizer: SGD | None = None,
        rate: float | Callable[[int], float] | None = None,
        batch: int = 1,
        seed: int | None = None,
    ) -> None:
        if not callable(loss_of) or is_node(loss_of):
            raise TypeError(f"loss_of is a function of one sample that returns a node, got {kind(loss_of)}")
        if not isinstance(data, Iterable):
            raise TypeError(f"data are the samples, such as a list of names, got {kind(data)}")
        self.loss_of, self.data = loss_of, data if isinstance(data, (list, tuple, np.ndarray)) else list(data)
        if not len(self.data):
            raise ValueError("there are no samples: data is empty")
        if optimizer is not None and rate is not None:
            raise TypeError("the rate is given to the optimizer, such as Adam(0.01), and not beside it")
        if optimizer is not None and not callable(getattr(optimizer, "move", None)):
            raise TypeError(f"the optimizer is one of SGD, Momentum or Adam, such as Adam(0.01), got {kind(optimizer)}")
        self.optimizer = optimizer or (Adam(0.01) if rate is None else SGD(rate))
        self.batch = min(whole(batch, "batch"), len(self.data))
        self._random = None if seed is None else random.Random(seed)
        self._order: list[int] = []
        self.reading = Reading(loss_of, self.data, find_parameters(loss_of, parameters))
        self.done = 0
        """How many steps are complete."""
        self._checked = 0
        self.last: Step | None = None
        """The last complete step."""
        try:
            self.reading.find(0)
        finally:
            self.write()
        if not self.reading.parameters:
            raise ValueError(f"{self.reading.logger.name} depends on no parameters: there is nothing to train")

    @property
    def parameters(self) -> list[Any]:
        """The nodes that are trained; without `parameters` given, those found by now."""
        return self.reading.parameters

    @property
    def numbers(self) -> np.ndarray:
        """The numbers of the parameters after the last complete step."""
        return self.reading.numbers

    @property
    def structures(self) -> int:
        """How many structures have been recorded."""
        return len(self.reading.structures)

    @property
    def notes(self) -> list[str]:
        """What was recorded, and what is run as it is written, a sentence each."""
        reading, name = self.reading, self.reading.logger.name
        if reading.eager:
            return [f"{name} is run as it is written, without a recording: {reading.eager}"]
        graphs, runs = f"{self.structures} graph{'s' * (self.structures != 1)}", reading.runs
        found = [
            f"{graphs} recorded for {len(self.data):,} samples: {runs} run{'s' * (runs != 1)} of {name} were read, "
            f"and {reading.foretold:,} samples foretold by them"
        ]
        if refused := [known.reason for known in reading.structures.values() if known.reason]:
            one = len(refused) == 1
            found.append(
                f"{len(refused)} of them {'is' if one else 'are'} not used, and {name} is run as it is written there: "
                f"{refused[0]}"
            )
        return found

    @property
    def state(self) -> State:
        """How many steps are complete, and the mean loss of the samples that come next."""
        return State(self.done, self._evaluate(self._coming())[0], None)

    def step(self) -> Step:
        """Move the parameters once, against the mean gradient of the next samples, and write them into the nodes.

        Raises `DivergedError` if the loss or a gradient is not finite, or a parameter would not be, and names the step,
        the sample and the node: the parameters are then those of the last complete step.
        """
        try:
            return self._step()
        finally:
            self.write()

    def steps(self, count: int, *, write: bool = True) -> Iterator[Step]:
        """Step so many times, and give each step when it is done. Raises `ValueError` for what is no such number.

        Without `write`, for one who looks at no node on the way, the parameters are written into the nodes by `write`.
        """
        step = self.step if write else self._step
        return (step() for _ in range(whole(count, "steps", 0)))

    def _step(self) -> Step:
        """The same, but the nodes keep what they have until `write`."""
        n, coming, reading = self.done + 1, self._coming(), self.reading
        rate, count = self.optimizer.rate_of(self.optimizer.done + 1), len(reading.numbers)
        try:
            if reading.runs and self._is_due(n):
                for i in coming[: 1 if self._pause > 1 else None]:
                    self._check(i, n)
            loss, gradient = self._evaluate(coming)
        except DomainError as error:  # raised by the function itself, for a sample that is run as it is written
            if any(explain_failure(reading, i) for i in coming):
                raise self._diverge(n, "the loss", coming, rate) from error
            raise
        if len(reading.numbers) > count:
            self.optimizer.extend(KEY, len(reading.numbers) - count)
        if not (math.isfinite(loss) and np.isfinite(gradient).all()):
            raise self._diverge(n, "a gradient" if math.isfinite(loss) else "the loss", coming, rate)
        [moved] = self.optimizer.move([(KEY, reading.numbers, gradient)])
        if not np.isfinite(moved).all():
            raise self._diverge(n, "a parameter", [], rate)
        step = Step(n, loss, None, rate)
        reading.numbers, self.last, self.done = moved, step, n
        del self._order[: self.batch]
        return step

    @property
    def _pause(self) -> int:
        """After so many steps a recording is held against the function: a small graph's at each."""
        return max(1, self.reading.operations // max(1, self.reading.runs) // SMALL)

    def _is_due(self, n: int) -> bool:
        return n - self._checked >= self._pause or (n > OFTEN and _is_power(n, OFTEN))

    def check(self) -> None:
        """Hold the recording of the sample that comes next against the function, with the present parameters.

        If they differ, a warning says so, and from then on the function is run as it is written.
        """
        self._check(self._coming()[0], self.done)

    def _check(self, i: int, n: int) -> None:
        self._checked = n
        if reason := self.reading.check(i):
            warnings.warn(
                f"step {n}: sample {i} shows that {self.reading.logger.name} is not what was recorded: {reason}. From "
                f"here on it is run as it is written; earlier steps may have been other ones",
                stacklevel=4,
            )

    def _coming(self) -> list[int]:
        """The places of the samples of the next step."""
        while len(self._order) < self.batch:
            places = list(range(len(self.data)))
            if self._random is not None:
                self._random.shuffle(places)
            self._order += places
        return self._order[: self.batch]

    def loss(self, samples: Iterable[int] | None = None) -> float:
        """The mean loss of these samples, by their places in `data`, or of all; nothing is changed."""
        places = list(range(len(self.data))) if samples is None else list(samples)
        return self._evaluate(places)[0]

    def evaluate(self) -> tuple[float, None, np.ndarray]:
        """The mean loss of all samples, no accuracy, and the gradient for each parameter; nothing is changed."""
        loss, gradient = self._evaluate(range(len(self.data)))
        return loss, None, gradient

    def _evaluate(self, places: Sequence[int]) -> tuple[float, np.ndarray]:
        """The mean loss of these samples, and its gradient."""
        reading, total = self.reading, 0.0
        found = [reading.find(i) for i in places]  # first of all, for this may find parameters
        gradient = np.zeros(len(reading.numbers))
        alike: dict[int, tuple[Known, list[Any]]] = {}
        for i, known in zip(places, found, strict=True):
            if known is not None:
                alike.setdefault(id(known[0]), (known[0], []))[1].append(known[1])
                continue
            loss, g = self._run_as_written(i)
            total += loss
            gradient += g
        for one, bindings in alike.values():
            try:
                loss, g = one.structure.run(bindings, reading.numbers)
            except FAILURES:
                return math.nan, gradient
            total += loss
            gradient += g
        return total / len(places), gradient / len(places)

    def _run_as_written(self, i: int) -> tuple[float, np.ndarray]:
        """The loss and the gradient of sample i by the function itself and its own backward pass."""
        reading = self.reading
        reading.write()
        fields = [field_of_gradient(p) for p in reading.parameters]
        for p, field in zip(reading.parameters, fields, strict=True):
            setattr(p, field, 0.0)
        with name_sample(i, self.data[i]):
            root = reading.logger.run(self.data[i])
            root.backward()
        return number_of(root), np.array(
            [float(getattr(p, f)) for p, f in zip(reading.parameters, fields, strict=True)]
        )

    def write(self) -> None:
        """Put the numbers of the last complete step into the nodes: they need that if a step was interrupted."""
        self.reading.write()

    def _diverge(self, n: int, what: str, places: Sequence[int], rate: float) -> DivergedError:
        """The sentence about numbers that are not finite."""
        self.write()
        reading = self.reading
        kept = f"those of step {self.done}" if self.done else "its first ones"
        where = next((said for i in places if (said := explain_failure(reading, i))), "")
        advice = f"; a rate smaller than {number(rate)} may help" if n > 1 or not places else ""
        return DivergedError(f"step {n}: {what} is not finite{where}. The parameters are {kept} again{advice}")


def _is_power(n: int, base: int) -> bool:
    while n > 1 and n % base == 0:
        n //= base
    return n == 1
