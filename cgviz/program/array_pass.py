"""Runs the groups of a graph forward and backward in NumPy, on two arrays of its own."""

from __future__ import annotations

from threading import Lock

import numpy as np

from ..ops.domain import FAILURES
from .array_code import ArrayCode
from .array_places import place_nodes
from .fusion import Fusion
from .node_groups import Group

PIECE = 8192
"""So many numbers are squared and added up at once: to more OpenBLAS sets several threads, which wait for each other
where the processors have other work, for much longer than the sum takes."""
LARGEST = 1e150
"""With larger numbers on the way a sum or a product may overflow and not show it."""


class ArrayPass:
    """The two arrays, `place`, which says where in them each id stands, and the code that fills them.

    The leaves come in the order of their ids; `size` is how many numbers each array has.
    """

    def __init__(self, graph: Fusion, groups: list[Group]) -> None:
        self.place = place_nodes(graph, groups)
        self.size = int(self.place.max()) + 1
        buffer = np.zeros((2, self.size))
        shown = np.flatnonzero(graph.is_constant & (self.place >= 0))
        buffer[0, self.place[shown]] = graph.numbers[shown]
        leaves = np.flatnonzero(graph.is_leaf)
        order = np.empty(len(leaves), np.intp)
        order[self.place[leaves]] = np.arange(len(leaves))
        self._order, self._first = order, buffer[0, : len(leaves)]
        self._halves = buffer[0], buffer.reshape(-1)  # the values alone, and with the gradients
        self._squares = tuple(map(Squares, self._halves))
        self._leaf_grads = self.size + self.place[leaves]
        self.code = ArrayCode(graph, groups, self.place, *buffer)
        self._lock = Lock()  # the arrays that the code fills are the same in every run

    @property
    def leaf_count(self) -> int:
        """How many leaves there are."""
        return len(self._order)

    def compute(self, leaves: np.ndarray, backward: bool = True) -> np.ndarray | None:
        """All numbers, followed by all gradients; ``None`` where they are too large or not finite, or a rule fails."""
        with self._lock:
            return self._halves[backward].copy() if self._fill(leaves, backward) else None

    def gradient(self, leaves: np.ndarray) -> tuple[float, np.ndarray] | None:
        """The number of the root, which stands last, and the gradients of the leaves; or ``None``."""
        with self._lock:
            if not self._fill(leaves, True):
                return None
            return float(self._halves[0][-1]), self.leaf_grads(self._halves[1])

    def _fill(self, leaves: np.ndarray, backward: bool) -> bool:
        try:
            with np.errstate(all="ignore"):
                leaves.take(self._order, 0, self._first, "clip")
                self.code.forward()
                if backward:
                    self.code.backward()
                return self._squares[backward].sum() <= LARGEST * LARGEST  # no number is larger, then; nor is one NaN
        except FAILURES:
            return False

    def leaf_grads(self, numbers: np.ndarray) -> np.ndarray:
        """The gradients of the leaves, in order, out of what `compute` gave."""
        return numbers.take(self._leaf_grads)


class Squares:
    """The sum of the squares of an array's numbers, also of what they become later; NaN if one of them is.

    >>> numbers = np.array([3.0, 4.0])
    >>> Squares(numbers).sum()
    25.0
    """

    def __init__(self, numbers: np.ndarray) -> None:
        self._pieces = [numbers[start : start + PIECE] for start in range(0, len(numbers), PIECE)]

    def sum(self) -> float:
        """Their sum."""
        return sum([float(piece.dot(piece)) for piece in self._pieces])
