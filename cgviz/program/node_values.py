"""The numbers of all recorded nodes, also of those that vanished in sums and products, out of the arrays of a run."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from .fusion import Fusion
from .node_groups import split


class NodeValues:
    """Finds values and gradients of nodes in the numbers of a run, in which a node stands at its `place`.

    What vanished is computed all at once, behind these numbers: the constants that nobody asked for, the products in
    sums, and the sums on the way to larger ones.
    """

    def __init__(self, graph: Fusion, place: np.ndarray) -> None:
        n, self._size = graph.recorded, int(place.max()) + 1
        at = np.append(place[:n], -1)  # where each node stands; no operand stands last
        unasked = np.flatnonzero(graph.is_constant[:n] & (at[:n] < 0))
        at[unasked] = self._size + np.arange(len(unasked))
        self._constants = graph.numbers[unasked]
        start = self._size + len(unasked)
        a, b = (column[graph.products] for column in graph.operands[:2])
        at[graph.products] = start + np.arange(len(graph.products))
        self._factors = at[a], at[b]
        self._sums = PartialSums(graph, at, start + len(graph.products))
        self._at, self._grad_at = at[:n], place[graph.owner[:n]]
        self._is_constant = graph.is_constant[:n]
        self._constant_nodes = np.flatnonzero(self._is_constant)

    def values(self, found: np.ndarray, nodes: Sequence[int] | np.ndarray) -> np.ndarray:
        """The values of these nodes, out of those of a run."""
        every = isinstance(nodes, range) and len(nodes) == len(self._at)
        at = self._at if every else self._at[np.asarray(nodes, np.intp)]
        if not every and (at < self._size).all():
            return found.take(at)
        numbers = np.concatenate((found, self._constants))
        a, b = self._factors
        numbers = np.concatenate((numbers, numbers.take(a) * numbers.take(b)))
        return self._sums.append_to(numbers).take(at)

    def gradients(self, found: np.ndarray, nodes: Sequence[int] | np.ndarray) -> np.ndarray:
        """The gradients of these nodes, out of those of a run; 0 for constants, which have none."""
        if isinstance(nodes, range) and len(nodes) == len(self._at):
            grads = found.take(self._grad_at)
            grads[self._constant_nodes] = 0.0
            return grads
        nodes = np.asarray(nodes, np.intp)
        return np.where(self._is_constant[nodes], 0.0, found[self._grad_at[nodes]])


class PartialSums:
    """The sums on the way to larger ones; `at` says where their operands are, and is told where they are: from `start`.

    Chains such as ``((a + b) + c) + d`` are added up term by term, as they were recorded, but all together: their terms
    stand in blocks, all first ones, all second ones, and so on, the longest chains first. So a block is added to the
    beginning of the next one. Where a sum has two of these operands there are no chains, and the blocks are gathered.
    """

    def __init__(self, graph: Fusion, at: np.ndarray, start: int) -> None:
        self._start, self._terms, self._cuts = start, np.zeros(0, np.intp), [0]
        self._blocks: list[tuple[slice, np.ndarray, np.ndarray]] = []
        nodes = graph.partial
        if len(nodes) and not self._lay_chains(graph, nodes, at):
            self._lay_levels(graph, nodes, at)

    def append_to(self, numbers: np.ndarray) -> np.ndarray:
        """The numbers, and behind them the sums."""
        if self._blocks:
            last = self._blocks[-1][0].stop
            numbers = np.concatenate((numbers, np.empty(last - len(numbers))))
            for block, a, b in self._blocks:
                np.add(numbers.take(a), numbers.take(b), numbers[block])
            return numbers
        sums = numbers.take(self._terms)
        for before, (start, end) in zip(self._cuts, itertools.pairwise(self._cuts[1:]), strict=False):
            block = sums[start:end]
            np.add(sums[before : before + len(block)], block, block)
        return np.concatenate((numbers, sums))

    def _lay_chains(self, graph: Fusion, nodes: np.ndarray, at: np.ndarray) -> bool:
        """Whether all sums are in chains; if so, they now stand in blocks."""
        first, second = (column[nodes].tolist() for column in graph.operands[:2])
        chain_of: dict[int, int] = {}
        firsts: list[int] = []  # by chain
        others, lengths, depths = [], [], []
        for i, a, b in zip(nodes.tolist(), first, second, strict=True):
            if a in chain_of:
                if b in chain_of:
                    return False
                chain = chain_of[a]
                others.append(b)
            elif b in chain_of:
                chain = chain_of[b]
                others.append(a)
            else:
                chain = len(firsts)
                firsts.append(a)
                others.append(b)
                lengths.append(0)
            chain_of[i] = chain
            lengths[chain] += 1
            depths.append(lengths[chain])
        by_length = np.argsort(-np.array(lengths), kind="stable")
        rank = np.empty(len(lengths), np.intp)
        rank[by_length] = np.arange(len(lengths))
        counts = np.append(len(firsts), np.bincount(depths)[1:])
        begins = np.append(0, np.cumsum(counts))
        place = begins[depths] + rank[list(chain_of.values())]
        self._terms = np.empty(begins[-1], np.intp)
        self._terms[rank], self._terms[place] = at[firsts], at[others]
        self._cuts = begins.tolist()
        at[nodes] = self._start + place
        return True

    def _lay_levels(self, graph: Fusion, nodes: np.ndarray, at: np.ndarray) -> None:
        """Put the sums into blocks that depend on nothing but the blocks before."""
        depth = dict.fromkeys(nodes.tolist(), 0)
        a, b = (column[nodes] for column in graph.operands[:2])
        for i, x, y in zip(depth, a.tolist(), b.tolist(), strict=True):
            depth[i] = 1 + max(depth.get(x, 0), depth.get(y, 0))
        depths = np.array(list(depth.values()))
        order = np.argsort(depths, kind="stable")
        at[nodes[order]] = self._start + np.arange(len(nodes))
        for part in split(depths[order]):
            which = order[part]
            block = slice(self._start + part.start, self._start + part.stop)
            self._blocks.append((block, at[a[which]], at[b[which]]))
