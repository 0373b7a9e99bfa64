"""Computes a wide graph in NumPy: sums, dot products and matrix products in one go, everything else level by level.

A narrow graph is faster as straight-line code, and so is a small one: `choose_engine` tells by their shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from .array_pass import ArrayPass
from .fusion import Fusion, fuse
from .generated_code import Straight
from .node_groups import Group, group_nodes
from .node_values import NodeValues
from .tape import REFUSED, Tape, check_floats, run_tape

SMALL = 200  # nodes: fewer are never faster in arrays
PER_LINE = 0.15e-6  # seconds for a node in straight-line code, forward and backward,
PER_NUMBER = 0.02e-6  # for a number in arrays,
PER_GROUP = 6e-6  # for a group whatever its size,
PER_RUN = 15e-6  # and for the run


def choose_engine(tape: Tape) -> ArrayEngine | Straight:
    """The engine that is the faster one for a graph of this shape."""
    straight = PER_LINE * len(tape.ops)
    if len(tape.ops) < SMALL:
        return Straight(tape)
    graph = fuse(tape)
    if PER_GROUP * graph.level.max() > straight:  # so many groups at least
        return Straight(tape)
    groups = group_nodes(graph)
    numbers = sum(group.nodes.size for group in groups)
    if PER_RUN + PER_GROUP * len(groups) + PER_NUMBER * numbers > straight:
        return Straight(tape)
    return ArrayEngine(tape, graph, groups)


class ArrayEngine:
    """Computes a tape by the code of `array_code.py`.

    What a run gives is an array of an order of its own, in which many nodes are missing: `select` finds the numbers
    of any node in it. Sums are added up in another order than node by node, so last digits differ: values and
    gradients are right to 1e-12, relative to their size or to a thousandth of the largest of them, whichever is larger.
    Where numbers are too large for that, a run goes node by node, and gives a list of all values, then all gradients.
    Raises `DomainError`, naming the node, where `math` does.
    """

    def __init__(self, tape: Tape, graph: Fusion | None = None, groups: list[Group] | None = None) -> None:
        self.tape, self.graph = tape, fuse(tape) if graph is None else graph
        self.groups = group_nodes(self.graph) if groups is None else groups
        self._pass = ArrayPass(self.graph, self.groups)
        self.place, self._size = self._pass.place, self._pass.size

    def __deepcopy__(self, memo: dict[int, Any]) -> ArrayEngine:
        return ArrayEngine(self.tape)  # its code speaks of its own arrays, and can be written anew but not copied

    def __reduce__(self) -> tuple:
        return ArrayEngine, (self.tape,)

    @property
    def text(self) -> str:
        """The code that it runs."""
        return self._pass.code.text

    def run(self, leaves: Sequence[float] | np.ndarray) -> Any:
        """The numbers and the gradients, to be read by `select`. Raises `TypeError` for anything but floats."""
        return self._compute(leaves, backward=True)

    def forward(self, leaves: Sequence[float] | np.ndarray) -> Any:
        """The numbers alone; that of the root is the last."""
        return self._compute(leaves, backward=False)

    def _compute(self, leaves: Sequence[float] | np.ndarray, backward: bool) -> Any:
        numbers = self._check(leaves)
        if (found := self._pass.compute(numbers, backward)) is not None:
            return found
        values, grads = run_tape(self.tape, list(map(float, numbers)), backward)
        return [*values, *grads] if backward else values

    def _check(self, leaves: Sequence[float] | np.ndarray) -> np.ndarray:
        n = self._pass.leaf_count
        if isinstance(leaves, np.ndarray):
            if leaves.shape != (n,) or leaves.dtype != np.float64:
                raise TypeError(REFUSED)
            return leaves
        check_floats(leaves, n)
        return np.array(leaves)

    def select(self, numbers: np.ndarray, half: int, nodes: Sequence[int] | np.ndarray) -> np.ndarray:
        """The values (half 0) or gradients (half 1) of these nodes, out of the array that a run gave."""
        found = numbers[half * self._size : (half + 1) * self._size]
        return self._nodes.gradients(found, nodes) if half else self._nodes.values(found, nodes)

    def leaf_grads(self, numbers: np.ndarray) -> np.ndarray:
        """The gradients of the leaves, in order, out of the array that a run gave."""
        return self._pass.leaf_grads(numbers)

    @cached_property
    def _nodes(self) -> NodeValues:
        return NodeValues(self.graph, self.place)
