"""Runs a recorded graph for many inputs: one after another, or in copies side by side where that pays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from .array_engine import PER_GROUP, PER_LINE, PER_NUMBER, PER_RUN, ArrayEngine, choose_engine
from .array_pass import ArrayPass
from .fusion import Fusion, fuse
from .node_groups import group_nodes
from .tape import Tape
from .tiling import tile

PER_COPIED = 2e-6
"""Seconds for each number of a copy to make it."""
MOST_NUMBERS = 2**18
"""So many all copies may have together: larger arrays are no longer near the processor, and nothing is gained."""


DEEPEST = 2000
"""Of a graph of more levels no copies are made: the text would be long, and its lines short of work."""


class BatchEngine:
    """Computes the sum of a tape's root for many inputs, and its gradients; the leaves `own` differ between inputs.

    Leaves are given as places in a pool of numbers, so that several can share one. Copies are made in powers of two,
    and once they have been missed so often that making them would have paid; until then, inputs are run in the copies
    that there are, or one by one. What is computed differs in the last digits only, as `ArrayEngine` says.
    """

    def __init__(self, tape: Tape, own: np.ndarray) -> None:
        self.tape, self.own = tape, own
        self.engine = choose_engine(tape)
        self.shared = np.setdiff1d(np.arange(len(tape.leaves)), own)
        self._missed: Counter[int] = Counter()
        self.copies: dict[int, ArrayPass] = {}
        """Those that have been made, by their number."""

    def run(self, pool: np.ndarray, shared: np.ndarray, own: np.ndarray) -> tuple[float, np.ndarray]:
        """The sum of the root, and the gradient for all numbers of the pool.

        `shared` are the places of the shared leaves in the pool, and `own` those of the others, a row for each input.
        Raises what an engine raises.
        """
        total, gradient, start = 0.0, np.zeros(len(pool)), 0
        for size in self._split(len(own)):
            rows = own[start : start + size]
            start += size
            places = np.concatenate((shared, rows.ravel()))
            found = self.copies[size].gradient(pool[places]) if size > 1 else None
            if found is not None:
                total += found[0]
                gradient += np.bincount(places, found[1], len(pool))
                continue
            for row in rows:  # also where the copies have met what a sentence is to be said of
                value, gradients, places = self._run_one(pool, shared, row)
                total += value
                gradient += np.bincount(places, gradients, len(pool))
        return total, gradient

    def _run_one(self, pool: np.ndarray, shared: np.ndarray, own: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """The value of the root, the gradients of the leaves, and their places."""
        places = np.empty(len(shared) + len(own), np.intp)
        places[self.shared], places[self.own] = shared, own
        engine, leaves = self.engine, pool[places]
        found = engine.run(leaves if isinstance(engine, ArrayEngine) else leaves.tolist())
        half = len(found) // 2
        if isinstance(engine, ArrayEngine) and isinstance(found, np.ndarray):
            return float(found[half - 1]), engine.leaf_grads(found), places
        return float(found[half - 1]), np.array([found[half + i] for i in self.tape.leaves]), places

    def _split(self, count: int) -> Iterator[int]:
        """In which numbers of copies so many inputs are run."""
        while count:
            size = wanted = min(1 << (count.bit_length() - 1), self._most if count > 1 else 1)
            if wanted > 1 and wanted not in self.copies:
                self._miss(wanted)
            while size > 1 and size not in self.copies:
                size //= 2
            yield from [size] * (wanted // size)
            count -= wanted

    def _miss(self, copies: int) -> None:
        """Make the copies if they have been missed often enough."""
        self._missed[copies] += 1
        groups, numbers = self._shape
        saved = copies * self._seconds - PER_RUN - PER_GROUP * groups - PER_NUMBER * copies * numbers
        if self._missed[copies] * saved > PER_COPIED * copies * numbers:
            graph = tile(self._graph, np.array(self.tape.leaves)[self.own], copies)
            self.copies[copies] = ArrayPass(graph, group_nodes(graph))

    @cached_property
    def _graph(self) -> Fusion:
        return self.engine.graph if isinstance(self.engine, ArrayEngine) else fuse(self.tape)

    @cached_property
    def _shape(self) -> tuple[int, int]:
        """How many groups there are, and how many numbers in them."""
        groups = group_nodes(self._graph)
        return len(groups), sum(group.nodes.size for group in groups)

    @cached_property
    def _seconds(self) -> float:
        """What one input takes, about."""
        if not isinstance(self.engine, ArrayEngine):
            return PER_LINE * len(self.tape.ops)
        groups, numbers = self._shape
        return PER_RUN + PER_GROUP * groups + PER_NUMBER * numbers

    @cached_property
    def _most(self) -> int:
        """So many copies at most."""
        if not len(self.own) or self._graph.level.max() > DEEPEST:
            return 1
        return 1 << (max(1, MOST_NUMBERS // self._shape[1]).bit_length() - 1)
