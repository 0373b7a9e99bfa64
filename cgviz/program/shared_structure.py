"""One recorded graph for many inputs: where logs of a function differ there are leaves, and each input fills them.

A row of a table that an input picks is a leaf for each of its numbers, filled with that row's parameters, to which the
gradients are added. A node that an input picks among computed ones is a sum of all of them, each times a leaf that is 1
for the one that is picked, else 0. A number that comes with the input is a leaf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..graph.collector import uncollected
from ..ops.op import OPS, Op
from .array_engine import ArrayEngine, choose_engine
from .operation_log import NOTHING, NUMBER, Log
from .tape import Tape

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
        self.see(self.bind(log))

    def release(self, numbers: np.ndarray) -> None:
        """Let these numbers be leaves too."""
        which = np.union1d(self.which, numbers)
        if len(which) > len(self.which):
            self.which, self._code = which, None

    def see(self, binding: Binding) -> None:
        """Let the computed nodes that it picks be among those that can be picked."""
        for place, reference in zip(self.places.tolist(), self._fill(binding)[0].tolist(), strict=True):
            if reference >= 0 and reference not in self._seen.setdefault(place, {int(self.taken[place])}):
                self._seen[place].add(reference)
                if self._code is not None and reference not in self._code.choices.get(place, ()):
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

    def run(self, binding: Binding, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """The value for an input, and the gradient for all parameters. Raises as a program does."""
        self.see(binding)
        taken, numbers = self._fill(binding)
        return self.code.run(taken, numbers, parameters)

    def value(self, binding: Binding, parameters: np.ndarray) -> float:
        """The value alone."""
        return self.run(binding, parameters)[0]

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


class Writer:
    """Writes the tape of a structure: first all leaves and constants, then the operations."""

    def __init__(
        self,
        label: Callable[[int], str],
        places: set[int],
        which: set[int],
        numbers: np.ndarray,
        choices: dict[int, list[int]],
    ) -> None:
        self._label, self._places, self._which, self._all, self.choices = label, places, which, numbers, choices
        self.labels: list[str] = []
        self.numbers: list[float] = []
        self.ops: list[Op | None] = []
        self.operands: list[tuple[int, ...]] = []
        self.constants: set[int] = set()
        self.leaves: list[Any] = []
        """What each leaf is: a parameter's reference, a number's, a place that picks parameters, or a place and one of
        its choices."""
        self._at: dict[Any, int] = {}

    def _put(self, key: Any, op: Op | None = None, operands: tuple[int, ...] = (), label: str = "") -> int:
        self._at[key] = place = len(self.ops)
        if op is None:
            self.labels.append(label)
            self.numbers.append(0.0)
        self.ops.append(op)
        self.operands.append(operands)
        return place

    def prepare(self, start: int, row: Sequence[int]) -> None:
        """Make the leaves and constants that an operation takes."""
        for k, reference in enumerate(row):
            place = start + k
            if place in self.choices:
                keys: list[Any] = [(place, each) for each in self.choices[place]]
            elif place in self._places:
                keys = [(place,)]
            elif reference < 0 or NUMBER <= reference < NOTHING:
                keys = [reference]
            else:
                continue
            self.make_leaves(keys)

    def make_leaves(self, keys: Iterable[Any]) -> None:
        """Make those of these leaves and constants that there are not yet."""
        for key in keys:
            if key in self._at:
                continue
            at = self._put(key, label=self._label(-1 - key) if isinstance(key, int) and key < 0 else "")
            if isinstance(key, int) and key >= 0 and key - NUMBER not in self._which:
                self.constants.add(at)
                self.numbers[at] = float(self._all[key - NUMBER])
            else:
                self.leaves.append(key)

    def write_all(self, used: list[int], varied: set[int], operations: list[Op], rows: list[list[int]]) -> None:
        """Write the operations that are used; those of `varied` do not take the same for all inputs."""
        at, ops, operands = self._at, self.ops, self.operands
        width = len(rows[0])
        for i in used:
            row = rows[i]
            if i in varied:
                self.write(i, operations[i], i * width, row)
                continue
            at[i] = len(ops)
            ops.append(operations[i])
            if width == 2 and row[1] != NOTHING:
                operands.append((at[row[0]], at[row[1]]))
            else:
                operands.append(tuple([at[reference] for reference in row if reference != NOTHING]))

    def write(self, i: int, op: Op, start: int, row: Sequence[int]) -> None:
        """Write an operation, after the sums that pick what it takes."""
        operands = []
        for k, reference in enumerate(row):
            place = start + k
            if reference == NOTHING:
                continue
            if place in self.choices:
                operands.append(self._pick(place))
            else:
                operands.append(self._at[(place,) if place in self._places else reference])
        self._put(i, op, tuple(operands))

    def _pick(self, place: int) -> int:
        total = -1
        for each in self.choices[place]:
            term = self._put(None, OPS["mul"], (self._at[each], self._at[place, each]))
            total = term if total < 0 else self._put(None, OPS["add"], (total, term))
        return total

    @property
    def tape(self) -> Tape:
        """What has been written."""
        more = len(self.ops) - len(self.labels)  # the operations, which have no names, and whose numbers nobody needs
        labels, numbers = self.labels + [""] * more, self.numbers + [0.0] * more
        return Tape(labels, numbers, self.ops, self.operands, frozenset(self.constants))


class SharedCode:
    """The engine of a structure, and what fills its leaves: places in a pool of 0, 1, numbers and parameters."""

    def __init__(self, writer: Writer, places: np.ndarray, which: np.ndarray) -> None:
        self.tape, self.choices = writer.tape, {place: set(found) for place, found in writer.choices.items()}
        self.engine = choose_engine(self.tape)
        self.begin = 2 + len(which)  # of the parameters in the pool
        order = {place: k for k, place in enumerate(places.tolist())}
        number = {q: k for k, q in enumerate(which.tolist())}
        self._base = np.zeros(len(writer.leaves), np.intp)
        rows: list[tuple[int, int]] = []
        hot: list[tuple[int, int, int]] = []
        for leaf, key in enumerate(writer.leaves):
            if not isinstance(key, tuple):
                self._base[leaf] = self.begin - 1 - key if key < 0 else 2 + number[key - NUMBER]
            elif len(key) == 1:
                rows.append((leaf, order[key[0]]))
            else:
                hot.append((leaf, order[key[0]], key[1]))
        self._rows = np.array(rows, np.intp).reshape(-1, 2).T
        self._hot = np.array(hot, np.intp).reshape(-1, 3).T

    def find_places(self, taken: np.ndarray) -> np.ndarray:
        """For each leaf its place in the pool."""
        found = self._base.copy()
        leaf, order = self._rows
        found[leaf] = self.begin - 1 - taken[order]
        leaf, order, choice = self._hot
        found[leaf] = taken[order] == choice
        return found

    def run(self, taken: np.ndarray, numbers: np.ndarray, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """The value, and the gradient for all parameters."""
        pool = np.concatenate(((0.0, 1.0), numbers, parameters))
        places = self.find_places(taken)
        value, gradient = run_engine(self.engine, pool[places])
        return value, np.bincount(places, gradient, len(pool))[self.begin :]


def run_engine(engine: Any, leaves: np.ndarray) -> tuple[float, np.ndarray]:
    """The value of the root, and the gradients of the leaves."""
    found = engine.run(leaves if isinstance(engine, ArrayEngine) else leaves.tolist())
    value = float(found[len(found) // 2 - 1])
    if isinstance(found, np.ndarray):
        return value, engine.leaf_grads(found)
    half = len(found) // 2
    return value, np.array([found[half + i] for i in engine.tape.leaves])
