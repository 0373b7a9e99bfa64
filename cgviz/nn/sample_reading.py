"""Reads how a loss is computed for each sample of a data set: a few by running it, the others as these foretell.

A structure is what runs with the same operations have in common. It is recorded once; for each sample there is then
only a list of what fills its leaves. What is not clear is never guessed: a sample that the rules do not reach is read
by running the function on it, and a structure that is not the same for other parameters is not used at all.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from ..ops.domain import FAILURES
from ..program.operation_log import Log, Logger, UnfollowedError, is_close
from ..program.shared_structure import Binding, Structure
from ..text import number, shorten
from ..value import Value
from .parameter_numbers import ParameterNumbers
from .sample_choices import Tables
from .sample_failure import name_sample
from .sample_parts import Parts, split_sample
from .sample_probes import Probes
from .sample_rows import SampleRows
from .sample_structure import Known

FREELY = 300_000
"""Until runs of so many operations have been read, every sample is read by itself: that takes no time worth saving."""
ENDLESS = 12
"""With so many structures, and one for every other run, there is no end of them."""
NUDGE = 1e-3
"""How far parameters are moved, relative to 1, to see whether a structure stays what it is."""


class Reading:
    """What has been read of a loss; `parameters` are its nodes, and `numbers` what they hold, which the caller moves.

    `runs` counts the runs that were read, `foretold` the samples that were not, `eager` says why the function is run
    as it is written for all samples, `""` if it is not.
    """

    def __init__(self, loss_of: Any, data: Sequence[Any], parameters: list[Any] | None) -> None:
        self.logger = Logger(loss_of, parameters)
        self.data = data
        self.numbers = np.zeros(0)
        self.structures: dict[Hashable, Known] = {}
        self.runs = self.reads = self.foretold = 0
        self.operations = 0
        """How many operations the runs that were read had together."""
        self._seen: set[Hashable] = set()
        self.eager = ""
        self.reasons: list[str] = []
        self._tables: Tables = {}
        self._rows = SampleRows(self.logger)
        self._parts: dict[int, Parts] = {}
        self._shapes: dict[Hashable, Known] = {}
        self._loose: set[Hashable] = set()  # shapes that have had several structures
        self._probes = Probes(self.parts, len(data), self._tables)
        self._bindings: dict[int, tuple[Known, Binding | None, bool]] = {}
        self._written = ParameterNumbers()
        self._held = self.numbers
        self._grow()

    # Parameters.

    @property
    def parameters(self) -> list[Any]:
        """The nodes that are trained, as far as they are known by now."""
        return self.logger.parameters

    def _grow(self) -> None:
        """Take the numbers of parameters that have been found."""
        if new := self.parameters[len(self._written.nodes) :]:
            found = self._written.add(new)
            self.numbers = np.concatenate((self.numbers, found))
            self._held = np.concatenate((self._held, found))

    def write(self, numbers: np.ndarray | None = None) -> None:
        """Put numbers into the nodes, those of `numbers` if none are given."""
        numbers = self.numbers if numbers is None else numbers
        if numbers is not self._held:
            self._written.write(numbers)
            self._held = numbers

    # Samples.

    def parts(self, i: int) -> Parts:
        """What sample i is made of."""
        if i not in self._parts:
            self._parts[i] = split_sample(self.data[i])
        return self._parts[i]

    def find(self, i: int) -> tuple[Known, Binding] | None:
        """The structure of sample i and what fills it; ``None`` if the function is to be run as it is written."""
        known, binding = self._look_up(i)
        if self.eager or known is None or known.reason or binding is None:
            return None
        return known, binding

    def _look_up(self, i: int) -> tuple[Known | None, Binding | None]:
        if i in self._bindings:
            kept, binding, told = self._bindings[i]
            if not told or kept.trusted:
                return kept, binding
        if self.eager:
            return None, None
        parts = self.parts(i)
        if (told_binding := self._foretell(parts)) is not None:
            kept = self._shapes[parts.shape]
            self._bindings[i] = kept, told_binding, True
            self.foretold += 1
            return kept, told_binding
        new = parts.shape not in self._shapes
        self.read(i)
        if new and (known := self._shapes.get(parts.shape)):
            for k in self._probes.choose(i, known.choices):
                if self.eager or known.reason or known.trusted or parts.shape in self._loose:
                    break
                self.read(k)
        return self._bindings[i][:2] if i in self._bindings else (None, None)

    def _foretell(self, parts: Parts) -> Binding | None:
        known = self._shapes.get(parts.shape)
        if self.operations < FREELY or known is None or parts.shape in self._loose or not known.trusted:
            return None
        if any(isinstance(atom, float) and atom not in self._seen for atom in parts.atoms):
            return None  # a function may decide by a number what no other number has shown
        return known.choices.foretell(parts.atoms)

    # Runs.

    def read(self, i: int) -> None:
        """Run the function on sample i, and learn what its run shows. Raises what the function raises."""
        self.reads += 1
        parts = self.parts(i)
        expected = self._shapes.get(parts.shape)
        told = None
        if expected is not None and parts.shape not in self._loose:
            told = expected.choices.foretell(parts.atoms)
        nudge = expected is not None and expected.logs == 1 and not expected.reason
        try:
            log, numbers = self._log_nudged(i) if nudge else (self._log(i), self.numbers)
        except UnfollowedError as error:
            self._give_up(str(error))
            return
        known = self._know(log)
        if nudge and expected is not None and known is not expected and not expected.reason:
            log, numbers = self._log(i), self.numbers  # other branches: of this sample, or of other parameters?
            if self._know(log) is expected:
                self._refuse(expected, "it decides by the numbers of the parameters, as an if does, what it computes")
            known = self._know(log)
        if self._shapes.setdefault(parts.shape, known) is not known:
            self._loose.add(parts.shape)
        structure = known.structure
        known.logs += 1
        if known.logs > 1:
            structure.add(log)
        if told is not None and known is expected:
            same = known.matches(told, log)
            known.right, known.wrong = known.right + same, known.wrong + (not same)
        if known.choices.learn(parts.atoms, log) and told is None:
            known.right += 1
        if known.logs > 1 or nudge or len(self.data) == 1:
            self._compare(known, i, log, numbers)
        self._bindings[i] = known, structure.bind(log), False
        if len(self.structures) >= ENDLESS and 2 * len(self.structures) > self.reads:
            count = len(self.structures)
            self._give_up(f"{self.reads} samples were read and have {count} different graphs: there is no end of them")

    def _log(self, i: int, nudged: np.ndarray | None = None) -> Log:
        self.runs += 1
        self.write(nudged)
        parts = self.parts(i)
        with name_sample(i, self.data[i]):
            log = self.logger.log(self.data[i], parts.nodes)
        self.operations += len(log.made)
        self._seen.update(parts.atoms)
        self._grow()
        return log

    def _log_nudged(self, i: int) -> tuple[Log, np.ndarray]:
        """A run with parameters a little off: what has no part in the graph may change with them."""
        with suppress(*FAILURES):
            moved = self.numbers + NUDGE * np.random.default_rng(self.runs).standard_normal(len(self.numbers))
            log = self._log(i, moved)
            return log, np.concatenate((moved, self.numbers[len(moved) :]))
        return self._log(i), self.numbers

    def _know(self, log: Log) -> Known:
        key = log.key
        if key not in self.structures:
            self.structures[key] = Known(Structure(log, self._label, self._rows.rows_of), self._tables)
            if not isinstance(log.made[log.root], Value):
                try:
                    self._rows.recognise(log)
                except UnfollowedError as error:
                    self._refuse(self.structures[key], str(error))
        return self.structures[key]

    def _compare(self, known: Known, i: int, log: Log, numbers: np.ndarray) -> None:
        """See that the recorded graph gives for this sample what its run has given."""
        if known.reason:
            return
        try:
            recorded = known.compute(known.structure.bind(log), numbers)
            if recorded is not None and not is_close(recorded, log.value) and known.choices.free:
                known.choices.free = False  # the plain numbers that differ do matter
                known.choices.learn(self.parts(i).atoms, log)
                recorded = known.compute(known.structure.bind(log), numbers)
                if self._changes(i, log):
                    name = self.logger.name
                    self._refuse(
                        known, f"{name} computes with plain numbers (.data, or random) that are not the same each time"
                    )
                    return
        except UnfollowedError as error:
            self._refuse(known, str(error))
            return
        if recorded is not None and not is_close(recorded, log.value):
            self._refuse(known, f"{self.logger.name} gives {number(log.value)}, its recording {number(recorded)}")

    def _changes(self, i: int, log: Log) -> bool:
        """Whether the plain numbers of a sample's run are others with other parameters, or another time."""
        again, _ = self._log_nudged(i)
        return again.key != log.key or not np.array_equal(again.numbers, log.numbers, equal_nan=True)

    def check(self, i: int) -> str:
        """Run the function on sample i with the present parameters, and say why its recording is used no more.

        It is ``""`` if the two agree.
        """
        known, binding = self._look_up(i)
        if self.eager or known is None or binding is None or known.reason:
            return ""
        try:
            log = self._log(i)
        except FAILURES:
            return ""  # the step says it
        if log.key != known.structure.log.key:
            return self._refuse(known, "it decides by the numbers of the parameters, as an if does, what it computes")
        if not np.array_equal(known.structure.fill(binding).taken, log.taken.ravel()[known.structure.places]) or bool(
            np.delete(log.taken.ravel() != known.structure.taken, known.structure.places).any()
        ):
            return self._refuse(known, "what it computes with is not what was read off from other samples, or before")
        value = known.compute(binding, self.numbers)
        if value is not None and not is_close(value, log.value):
            return self._refuse(known, f"it gives {number(log.value)}, its recording {number(value)}")
        return ""

    def _refuse(self, known: Known, reason: str) -> str:
        """Use a structure no more."""
        known.reason = reason
        self.reasons.append(reason)
        return reason

    def _give_up(self, reason: str) -> None:
        self.eager = reason

    def _label(self, k: int) -> str:
        label = getattr(self.parameters[k], "label", "")
        return shorten(label) if label and isinstance(label, str) else ""
