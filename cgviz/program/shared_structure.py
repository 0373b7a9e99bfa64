"""One recorded graph for many inputs: where logs of a function differ there are leaves, and each input fills them.

A row of a table that an input picks is a leaf for each of its numbers, filled with that row's parameters, to which the
gradients are added. A node that an input picks among computed ones is a sum of all of them, each times a leaf that is 1
for the one that is picked, else 0. A number that comes with the input is a leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..graph.collector import uncollected
from .operation_log import NOTHING, NUMBER, Log
from .shared_code import SharedCode, Writer

MOST_CHOICES = 5000
"""Of more computed nodes nobody can choose one."""


class Binding(NamedTuple):
    """How an input fills the leaves: `taken`, the references at the places that vary, and `numbers`, those that do.

    `places` and `which` are those places, and those numbers.
    """

    places: np.ndarray
    taken: np.ndarray
    which: np.ndarray
    numbers: np.ndarray


class Structure:
    """What all logs with one key have in common, and where they differ.

    `places` are the places in `taken`, made flat, that vary, and `which` the numbers that are leaves; `label` gives the
    name of a parameter, `operations` the rows of all that a log has made.
    """

    def __init__(self, log: Log, label: Callable[[int], str], operations: Callable[[Log, set[int]], list]) -> None:
        self.log, self._label, self._operations = log, label, operations
        self.taken, self.numbers = log.taken.ravel(), log.numbers
        self.places = np.zeros(0, np.intp)
        self.which = np.flatnonzero(~log.is_fixed)
        self._seen: dict[int, set[int]] = {}
        self._code: SharedCode | None = None

    def add(self, log: Log) -> None:
        """Let vary what another log takes; of its other numbers `release` makes leaves."""
        places = np.union1d(self.places, np.flatnonzero(log.taken.ravel() != self.taken))
        if len(places) > len(self.places):
            self.places, self._code = places, None
        self.see(self.bind(log).taken[None])

    def release(self, numbers: np.ndarray) -> None:
        """Let these numbers be leaves too."""
        which = np.union1d(self.which, numbers)
        if len(which) > len(self.which):
            self.which, self._code = which, None

    def see(self, taken: np.ndarray) -> None:
        """Let the computed nodes that inputs pick, each a row of `taken`, be among those that can be picked."""
        for k in np.flatnonzero((taken >= 0).any(0)).tolist():
            place = int(self.places[k])
            seen = self._seen.setdefault(place, {int(self.taken[place])})
            if new := set(taken[:, k].tolist()) - seen:
                seen |= new
                if self._code is not None and not new <= self._code.choices.get(place, set()):
                    self._code = None

    def bind(self, log: Log) -> Binding:
        """How the input of a log with this key fills the leaves."""
        return Binding(self.places, log.taken.ravel()[self.places], self.which, log.numbers[self.which])

    def _fill(self, binding: Binding) -> tuple[np.ndarray, np.ndarray]:
        """The references and numbers for all that varies by now: what did not then is as in the first log."""
        taken, numbers = binding.taken, binding.numbers
        if len(binding.places) < len(self.places):
            taken = self.taken[self.places]
            taken[np.searchsorted(self.places, binding.places)] = binding.taken
        if len(binding.which) < len(self.which):
            numbers = self.numbers[self.which]
            numbers[np.searchsorted(self.which, binding.which)] = binding.numbers
        return taken, numbers

    def fill(self, binding: Binding) -> Binding:
        """The same for all that varies by now."""
        taken, numbers = self._fill(binding)
        return Binding(self.places, taken, self.which, numbers)

    @property
    def code(self) -> SharedCode:
        """The recorded graph, made anew when more varies than before."""
        if self._code is None:
            with uncollected():
                self._code = self._record()
        return self._code

    def run(self, bindings: Sequence[Binding], parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """The sum of the values for some inputs, and its gradient for all parameters. Raises as a program does."""
        filled = [self._fill(binding) for binding in bindings]
        taken, numbers = (np.stack(each) for each in zip(*filled, strict=True))
        self.see(taken)
        return self.code.run(taken, numbers, parameters)

    def value(self, binding: Binding, parameters: np.ndarray) -> float:
        """The value alone."""
        return self.run([binding], parameters)[0]

    def _choices(self) -> dict[int, list[int]]:
        """For each place that picks computed nodes: all that it can pick, also those that stand between or beside."""
        width = self.log.taken.shape[1]
        return {place: self._alike(sorted(seen), place // width) for place, seen in self._seen.items()}

    def _alike(self, seen: list[int], user: int) -> list[int]:
        """The nodes that have been picked, and those of which they are some: computed alike, one after another."""
        if len(seen) < 2:
            return seen
        low, high = seen[0], seen[-1]
        span = int(np.gcd.reduce(np.diff(seen)))
        codes, taken = self.log.codes, self.log.taken
        for step in (s for s in range(1, span + 1) if span % s == 0):
            shift = taken[low + step] - taken[low]

            def follows(i: int, step: int = step, shift: np.ndarray = shift) -> bool:
                return codes[i + step] == codes[i] and bool((taken[i + step] - taken[i] == shift).all())

            if all(follows(i) for i in range(low, high, step)):
                while low - step >= 0 and follows(low - step):
                    low -= step
                while high + step < user and follows(high):
                    high += step
                return list(range(low, high + 1, step))[:MOST_CHOICES]
        return seen

    def _record(self) -> SharedCode:
        log, width = self.log, self.log.taken.shape[1]
        rows, choices = log.taken.tolist(), self._choices()
        picks: dict[int, list[int]] = {}
        for place in choices:
            picks.setdefault(place // width, []).append(place)
        needed = bytearray(log.root + 1)
        needed[log.root] = 1
        for i in range(log.root, -1, -1):
            if needed[i]:
                for reference in rows[i]:
                    if 0 <= reference < NUMBER:
                        needed[reference] = 1
                for place in picks.get(i, ()):
                    for reference in choices[place]:
                        needed[reference] = 1
        used = [i for i in range(log.root + 1) if needed[i]]
        writer = Writer(self._label, set(self.places.tolist()), set(self.which.tolist()), self.numbers, choices)
        operations = self._operations(log, set(used))
        varied = set((self.places // width).tolist())
        for i in used:
            if i in varied:
                writer.prepare(i * width, rows[i])
        same = np.array([i for i in used if i not in varied], np.intp)
        taken = log.taken[same].ravel()
        outside = taken[(taken < 0) | ((taken >= NUMBER) & (taken < NOTHING))]
        writer.make_leaves(dict.fromkeys(outside.tolist()))
        writer.write_all(used, varied, operations, rows)
        return SharedCode(writer, self.places, self.which)
