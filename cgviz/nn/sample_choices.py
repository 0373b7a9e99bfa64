"""How the parts of a sample decide what an operation takes: which row of a table, which of the scores, which number.

It is read off from a few samples, and never trusted before it has foretold others rightly. What is assumed, and held
against each run that is read: an operation that is done again and again takes what *one* part of the sample decides,
the next time the next part, and equal parts decide alike. Where no such rule fits, or a part comes up that has not
been seen, nothing is foretold, and that sample is read by running the function on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator
from functools import partial
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from ..program.operation_log import NUMBER, Log
from ..program.shared_structure import Binding, Structure

STRIDES = (1, 0, -1, 2, 3, -2)
"""How many parts further the next choice looks, the likeliest first."""
KEPT = 24
"""So many runs of a structure are kept to learn from."""

Site = tuple[int, int, bool, tuple[int, ...]]
Tables = dict[Site, dict[Hashable, int]]


class Choice(NamedTuple):
    """Places that take one thing together: the first, all of them (by their number), what each adds to the first."""

    first: int
    members: list[int]
    shifts: list[int]


class Rule(NamedTuple):
    """Choice k of a site is decided by part ``start + k * stride``."""

    start: int
    stride: int


class Sight(NamedTuple):
    """What was seen: the parts of a sample, and what its run took."""

    atoms: tuple[Hashable, ...]
    binding: Binding
    numbers: np.ndarray


class Choices:
    """What has been learned of one structure; `tables` are shared by all structures: part to what is taken."""

    def __init__(self, structure: Structure, tables: Tables) -> None:
        self.structure, self.tables = structure, tables
        self.sights: list[Sight] = []
        self.sites: dict[Site, list[Choice]] = {}
        self.rules: dict[Site, list[tuple[Rule, dict[Hashable, int]]]] = {}
        self._fits: dict[int, np.ndarray] = {}
        """Which parts a number has been in all runs, for each that may be one."""
        self._tables: dict[int, list[tuple[int, dict[Hashable, float]]]] = {}
        self._varied = np.zeros(0, bool)
        self._asked: list[int] = []
        self.free = True
        """Whether the other numbers that varied have no influence: they are what they were in the first run."""

    def learn(self, atoms: tuple[Hashable, ...], log: Log) -> bool:
        """See what a run took, and find the rules again.

        Whether the tables of other structures had all of it already, so that it was as good as foretold.
        """
        before = {site: set(table) for site, table in self.tables.items()}
        self.sights.append(Sight(atoms, self.structure.bind(log), log.numbers))
        del self.sights[1:-KEPT]
        self._find_numbers()
        self.sights = [sight._replace(binding=self.structure.fill(sight.binding)) for sight in self.sights]
        self._find_choices()
        return len(self.sights) > 1 and bool(self.sites) and all(map(partial(self._is_known, before), self.sites))

    def _is_known(self, before: dict[Site, set[Hashable]], site: Site) -> bool:
        """Whether a table had all that the last run took at a site, by the rule that fits best."""
        if not self.rules[site] or site not in before:
            return False
        rule, _ = self.rules[site][0]
        count = len(self.sites[site])
        return all(self.sights[-1].atoms[rule.start + k * rule.stride] in before[site] for k in range(count))

    def foretell(self, atoms: tuple[Hashable, ...]) -> Binding | None:
        """What a sample with these parts takes, if the rules tell."""
        if len(self.sights) < 2:
            return None
        structure = self.structure
        taken, width = structure.taken[structure.places].copy(), structure.log.taken.shape[1]
        for site, choices in self.sites.items():
            for k, choice in enumerate(choices):
                value = self._decide(site, k, atoms)
                if value is None:
                    return None
                reference = -1 - value if site[2] else int(structure.places[choice.first]) // width - value
                for member, shift in zip(choice.members, choice.shifts, strict=True):
                    taken[member] = reference + shift
        numbers = self._foretell_numbers(atoms)
        if numbers is None or (taken >= NUMBER).any():
            return None
        return Binding(structure.places, taken, structure.which, numbers)

    def _decide(self, site: Site, k: int, atoms: tuple[Hashable, ...]) -> int | None:
        """What choice k of a site takes; ``None`` if no rule knows, or two differ."""
        shared, told = self.tables.get(site, {}), set()
        for rule, table in self.rules[site]:
            at = rule.start + k * rule.stride
            if -len(atoms) <= at < len(atoms):
                value = table.get(atoms[at], shared.get(atoms[at]))
                if value is not None:
                    told.add(value)
        return told.pop() if len(told) == 1 else None

    def unknown(self, atoms: tuple[Hashable, ...]) -> int:
        """How many of these parts no table has."""
        known = set().union(*self.tables.values()) if self.tables else set()
        return len(set(atoms) - known)

    # Numbers: each is one of the parts, or decided by one, or the same in all runs, or without influence.

    def _find_numbers(self) -> None:
        structure = self.structure
        numbers = np.array([sight.numbers for sight in self.sights])
        length = min(len(sight.atoms) for sight in self.sights)
        parts = np.array([[_number(x) for x in sight.atoms[:length]] for sight in self.sights]).reshape(-1, length)
        varied = (numbers != numbers[0]).any(0)
        asked = np.flatnonzero(varied | np.isin(numbers[0], parts[0]))
        self._fits = {q: np.flatnonzero((parts == numbers[:, q : q + 1]).all(0)) for q in asked.tolist()}
        fits = np.zeros(len(varied), bool)
        fits[[q for q, found in self._fits.items() if len(found)]] = True
        structure.release(np.flatnonzero((fits if self.free else True) & varied | fits & ~structure.log.is_fixed))
        self._varied = varied
        self._asked = [q for q, found in self._fits.items() if len(found) or not (self.free and varied[q])]
        if not self.free:
            for q in np.flatnonzero(varied & ~fits).tolist():
                self._tables[q] = [table for p in range(length) if (table := self._table(p, numbers[:, q].tolist()))]

    def _table(self, part: int, numbers: list[float]) -> tuple[int, dict[Hashable, float]] | None:
        """The number by what that part was; ``None`` if it does not decide, or each time was another."""
        table: dict[Hashable, float] = {}
        for sight, x in zip(self.sights, numbers, strict=True):
            if table.setdefault(sight.atoms[part], x) != x:
                return None
        return (part, table) if len(table) < len(numbers) else None

    def _foretell_numbers(self, atoms: tuple[Hashable, ...]) -> np.ndarray | None:
        """The numbers that are leaves; ``None`` if what the runs have shown leaves open what one of all numbers is."""
        leaves = set(self.structure.which.tolist())
        found = dict.fromkeys(leaves, 0.0)
        for q in self._asked:
            fits = self._fits[q]
            told = {_number(atoms[p]) if p < len(atoms) else np.nan for p in fits.tolist()}
            if not self._varied[q]:
                told.add(float(self.structure.numbers[q]))
            elif not len(fits):
                told = {table.get(atoms[p], np.nan) for p, table in self._tables.get(q, ()) if p < len(atoms)}
            if len(told) != 1 or np.isnan([*told]).any():
                return None
            if q in leaves:
                [found[q]] = told
        return np.array([found[q] for q in self.structure.which.tolist()], float)

    # Choices: places that vary together, grouped by the operation that takes them.

    def _find_choices(self) -> None:
        structure, width = self.structure, self.structure.log.taken.shape[1]
        places = structure.places
        values = np.array([sight.binding.taken for sight in self.sights])
        self.sites = {}
        members: list[int] = []
        for k in range(len(places)):
            if members and self._goes_with(values, members, k, width):
                members.append(k)
            else:
                self._close(values, members, width)
                members = [k]
        self._close(values, members, width)
        self.rules = {site: self._find_rules(site, values, choices, width) for site, choices in self.sites.items()}

    def _goes_with(self, values: np.ndarray, members: list[int], k: int, width: int) -> bool:
        """Whether place k takes what the places before it take, so many further, in every run."""
        places, codes = self.structure.places, self.structure.log.codes
        first, last = members[0], members[-1]
        if codes[places[k] // width] != codes[places[first] // width] or (places[k] - places[first]) % width:
            return False
        shifts = values[:, k] - values[:, first]
        if (shifts != shifts[0]).any():
            return False
        before = values[0, members] - values[0, first]
        if shifts[0] in before:  # taken again
            return True
        picks_parameters = values[0, k] < 0 and values[0, first] < 0
        step = int(before[1]) if len(members) > 1 else int(shifts[0])
        return bool(picks_parameters and values[0, k] - values[0, last] == step)

    def _close(self, values: np.ndarray, members: list[int], width: int) -> None:
        if not members:
            return
        structure = self.structure
        place = int(structure.places[members[0]])
        shifts = (values[0, members] - values[0, members[0]]).tolist()
        kind = values[0, members[0]] < 0
        site = (int(structure.log.codes[place // width]), place % width, bool(kind), tuple(shifts))
        self.sites.setdefault(site, []).append(Choice(members[0], members, shifts))

    def _values(self, values: np.ndarray, choices: list[Choice], width: int) -> np.ndarray:
        """What each choice took in each run: which parameter, or how far back the node is, shape (runs, choices)."""
        found = values[:, [choice.first for choice in choices]]
        users = self.structure.places[[choice.first for choice in choices]] // width
        return np.where(found < 0, -1 - found, users - found)

    def _find_rules(
        self, site: Site, values: np.ndarray, choices: list[Choice], width: int
    ) -> list[tuple[Rule, dict[Hashable, int]]]:
        """The rules that nothing contradicts, each with its table; that which most confirms fills the shared one."""
        found, shared = self._values(values, choices, width), self.tables.get(site, {})
        fitting = []
        for known in (shared, {}):  # what others have seen may be another table
            for rule in self._candidates(len(choices)):
                table = dict(known)
                if all(table.setdefault(atom, value) == value for atom, value in self._pairs(rule, found)):
                    fitting.append((found.size + len(known) - len(table), rule, table))
            if fitting:
                break
        if not fitting:
            return []
        fitting.sort(key=lambda each: -each[0])
        confirmed, _, table = fitting[0]
        if confirmed:
            self.tables[site] = table
        if confirmed == found.size:  # others may fit by chance: what is new in them has not contradicted them
            fitting = [each for each in fitting if each[0] == confirmed]
        return [(rule, table) for _, rule, table in fitting]

    def _candidates(self, count: int) -> Iterator[Rule]:
        length = min(len(sight.atoms) for sight in self.sights)
        for stride, start in itertools.product(STRIDES if count > 1 else (0,), range(length)):
            if 0 <= start + (count - 1) * stride < length:
                yield Rule(start, stride)
        if len({len(sight.atoms) for sight in self.sights}) == 1:
            return  # counted from the end, these would be the same
        for stride, start in itertools.product((-1, 1), range(-length, 0)):
            if -length <= start + (count - 1) * stride < 0 and count > 1:
                yield Rule(start, stride)

    def _pairs(self, rule: Rule, found: np.ndarray) -> Iterator[tuple[Hashable, int]]:
        for sight, row in zip(self.sights, found.tolist(), strict=True):
            for k, value in enumerate(row):
                yield sight.atoms[rule.start + k * rule.stride], value


def _number(x: Any) -> float:
    return float(x) if isinstance(x, Real) else np.nan
