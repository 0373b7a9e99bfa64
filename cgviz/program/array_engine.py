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
from .node_groups import Group, group_nodes, split
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
        nodes, found = np.asarray(nodes, np.intp), numbers[half * self._size : (half + 1) * self._size]
        if half:
            return np.where(self.graph.is_constant[nodes], 0.0, found[self.place[self.graph.owner[nodes]]])
        places = self.place[nodes]
        return found[places] if (places >= 0).all() else self._expand(found)[nodes]

    def leaf_grads(self, numbers: np.ndarray) -> np.ndarray:
        """The gradients of the leaves, in order, out of the array that a run gave."""
        return self._pass.leaf_grads(numbers)

    def _expand(self, found: np.ndarray) -> np.ndarray:
        """The values of all nodes: first those that stand there, then products, then sums on the way to larger ones."""
        graph = self.graph
        values, place = graph.numbers[: graph.recorded].copy(), self.place[: graph.recorded]
        values[place >= 0] = found[place[place >= 0]]
        a, b = graph.operands[0], graph.operands[1]
        values[graph.products] = values[a[graph.products]] * values[b[graph.products]]
        for nodes in self._partial:
            values[nodes] = values[a[nodes]] + values[b[nodes]]
        return values

    @cached_property
    def _partial(self) -> list[np.ndarray]:
        """The sums on the way to larger ones, in batches that depend on nothing but the batches before."""
        graph = self.graph
        depth, a, b = np.zeros(graph.recorded, np.intp), graph.operands[0].tolist(), graph.operands[1].tolist()
        for i in graph.partial.tolist():
            depth[i] = 1 + max(depth[a[i]], depth[b[i]])
        order = graph.partial[np.argsort(depth[graph.partial], kind="stable")]
        return [order[part] for part in split(depth[order])]
