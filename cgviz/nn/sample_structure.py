"""A structure of samples and what is known of it: how they fill it, and whether what is foretold has come true."""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from ..ops.domain import FAILURES
from ..program.operation_log import Log
from ..program.shared_structure import Binding, Structure
from .sample_choices import Choices, Tables


class Known:
    """A structure and what is known of it: how often it was foretold rightly and wrongly, and why it is not used."""

    def __init__(self, structure: Structure, tables: Tables) -> None:
        self.structure, self.choices = structure, Choices(structure, tables)
        self.logs = self.right = self.wrong = 0
        self.reason = ""

    @property
    def trusted(self) -> bool:
        """Whether what is foretold may be used."""
        return self.right > 2 * self.wrong and self.wrong < 4 and not self.reason

    def matches(self, told: Binding, log: Log) -> bool:
        """Whether what was foretold is what the run has done."""
        told, real = self.structure.fill(told), self.structure.fill(self.structure.bind(log))
        if not np.array_equal(told.taken, real.taken):
            return False
        return np.array_equal(told.numbers, real.numbers, equal_nan=True)

    def compute(self, binding: Binding, numbers: np.ndarray) -> float | None:
        """What the recorded graph gives with these parameters; ``None`` where it fails: a step says that, too."""
        with suppress(*FAILURES):
            return self.structure.value(binding, numbers)
        return None
