"""The recorded graph of a structure: what writes its tape, and what fills its leaves and runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..ops.op import OPS, Op
from .array_engine import ArrayEngine, choose_engine
from .operation_log import NOTHING, NUMBER
from .tape import Tape


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
