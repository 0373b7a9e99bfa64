"""Which samples are read at once with the first of a shape, so that the others can be foretold from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterator
from itertools import islice

from .sample_choices import Choices, Tables
from .sample_parts import Parts, is_whole

PROBES = 3
"""So many more samples of a shape are read at once until one was foretold rightly."""
AMONG = 48
"""They are chosen from so many."""
FEW = 6
"""Or, of those that can be foretold, from so many."""


class Probes:
    """Chooses among `count` samples, whose parts `parts` gives; `tables` are what all structures have learned."""

    def __init__(self, parts: Callable[[int], Parts], count: int, tables: Tables) -> None:
        self._parts, self._count, self._tables = parts, count, tables
        self._places: dict[Hashable, list[int]] = {}

    def choose(self, i: int, choices: Choices) -> Iterator[int]:
        """Other samples of the shape of sample i, each as different from those before as can be."""
        if not self._places:
            for k in range(self._count):
                self._places.setdefault(self._parts(k).shape, []).append(k)
        others = [k for k in self._places[self._parts(i).shape] if k != i]
        others = random.Random(0).sample(others, min(len(others), AMONG))
        read = [self._parts(i).atoms]
        for _ in range(PROBES):
            if not others:
                return
            told = list(islice((k for k in others if choices.foretell(self._parts(k).atoms) is not None), FEW))
            told = told or [k for k in others if not self._strangeness(self._parts(k).atoms, read)[1]]
            best = max(told or others, key=lambda k: self._strangeness(self._parts(k).atoms, read))
            others.remove(best)
            read.append(self._parts(best).atoms)
            yield best

    def _strangeness(self, atoms: tuple, read: list[tuple]) -> tuple[int, int]:
        """How many parts have not been seen in their places, and how many nowhere."""
        seen = [set(column) for column in zip(*read, strict=True)]
        known: set = set().union(*self._tables.values()) if self._tables else set()
        fresh = sum(atom not in column for atom, column in zip(atoms, seen, strict=True))
        return fresh, len({atom for atom in atoms if atom not in known and not is_whole(atom)})
