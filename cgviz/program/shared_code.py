"""The recorded graph of a structure: what writes its tape, and what fills its leaves and runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..ops.op import OPS, Op
from .batch_engine import BatchEngine
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
    """The engine of a structure, and what fills its leaves: places in a pool of parameters, 0, 1, and numbers."""

    def __init__(self, writer: Writer, places: np.ndarray, which: np.ndarray) -> None:
        self.tape, self.choices = writer.tape, {place: set(found) for place, found in writer.choices.items()}
        order = {place: k for k, place in enumerate(places.tolist())}
        number = {q: k for k, q in enumerate(which.tolist())}
        shared: list[int] = []
        own: list[int] = []
        rows: list[tuple[int, int]] = []
        hot: list[tuple[int, int, int]] = []
        numbers: list[tuple[int, int]] = []
        for leaf, key in enumerate(writer.leaves):
            if isinstance(key, int) and key < 0:
                shared.append(-1 - key)
                continue
            if not isinstance(key, tuple):
                numbers.append((len(own), number[key - NUMBER]))
            elif len(key) == 1:
                rows.append((len(own), order[key[0]]))
            else:
                hot.append((len(own), order[key[0]], key[1]))
            own.append(leaf)
        self._shared = np.array(shared, np.intp)
        self._rows = np.array(rows, np.intp).reshape(-1, 2).T
        self._hot = np.array(hot, np.intp).reshape(-1, 3).T
        self._numbers = np.array(numbers, np.intp).reshape(-1, 2).T
        self.engine = BatchEngine(self.tape, np.array(own, np.intp))

    def run(self, taken: np.ndarray, numbers: np.ndarray, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """The sum of the values for some inputs, each a row of `taken` and of `numbers`, and its gradient."""
        count = len(parameters)
        pool = np.concatenate((parameters, (0.0, 1.0), numbers.ravel()))
        value, gradient = self.engine.run(pool, self._shared, self._find_places(taken, numbers, count))
        return value, gradient[:count]

    def _find_places(self, taken: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
        """For each input, a row, the places of its own leaves in the pool, where there are `count` parameters."""
        found = np.empty((len(taken), len(self.engine.own)), np.intp)
        leaf, order = self._rows
        found[:, leaf] = -1 - taken[:, order]
        leaf, order, choice = self._hot
        found[:, leaf] = count + (taken[:, order] == choice)
        leaf, which = self._numbers
        found[:, leaf] = count + 2 + which + numbers.shape[1] * np.arange(len(taken))[:, None]
        return found
