"""What is computed in one go: nodes of one level that have the same operation, and as many operands where these vary.

Each kind of group knows the ids of its nodes and of what they are computed from, and how to put both into order.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..ops.op import OPS, Op
from .fusion import Fusion
from .matrix_blocks import WORTHWHILE, blocks

FEW = 3
"""Sums of so many different lengths are a group for each length; of more, one group with the lengths beside it."""


@dataclass(eq=False)
class Group:
    """Nodes, and the columns of ids that they are computed from, a row for each node."""

    nodes: np.ndarray
    columns: list[np.ndarray]

    def sort(self, rank: np.ndarray) -> None:
        """Put the nodes into the order of their ranks."""
        by = np.argsort(rank[self.nodes], kind="stable")
        self.nodes, self.columns = self.nodes[by], [column[by] for column in self.columns]


@dataclass(eq=False)
class Elementwise(Group):
    """One operation on each node's operands, which stand in a column for each position."""

    op: Op


class Sums(Group):
    """Sums of equally many terms: one column, of shape (nodes, terms)."""


class Dots(Group):
    """Dot products of equally many terms: two columns, of shape (nodes, terms)."""


@dataclass(eq=False)
class Ragged(Group):
    """Sums, or dot products, whose `lengths` differ: columns of all terms, one node's after another's."""

    lengths: np.ndarray

    def sort(self, rank: np.ndarray) -> None:
        """Put the nodes into the order of their ranks."""
        by = np.argsort(rank[self.nodes], kind="stable")
        begins = np.cumsum(self.lengths) - self.lengths
        terms = _spread(begins[by], self.lengths[by])
        self.nodes, self.lengths = self.nodes[by], self.lengths[by]
        self.columns = [column[terms] for column in self.columns]


class Matrix(Group):
    """A matrix product: nodes of shape (I, J), and columns of the shapes (I, K) and (J, K)."""

    def sort(self, rank: np.ndarray) -> None:
        """Put rows and columns into the order of their first ranks, and turn all over if that counts up."""
        (a, b), ranks = self.columns, rank[self.nodes]
        i, j = np.argsort(ranks.min(1)), np.argsort(ranks.min(0))
        ranks, self.nodes, self.columns = ranks[i][:, j], self.nodes[i][:, j], [a[i], b[j]]
        if min(ranks.shape) > 1 and ranks[1, 0] < ranks[0, 1]:
            self.nodes, self.columns = self.nodes.T, self.columns[::-1]


def group_nodes(graph: Fusion, worthwhile: int = WORTHWHILE, few: int = FEW) -> list[Group]:
    """All groups in an order in which they can be computed.

    Matrices are made of at least so many products, and sums of `few` different lengths at most are put into equal ones.
    """
    found = [*_elementwise(graph)]
    for columns in (graph.sums, graph.dots):
        begins = np.flatnonzero(np.diff(columns[0], prepend=-1))
        lengths, nodes = np.diff(begins, append=columns.shape[1]), columns[0][begins]
        by = np.argsort(graph.level[nodes], kind="stable")
        for part in split(graph.level[nodes[by]]):
            here = by[part]
            found += _reductions(list(columns[1:]), nodes[here], begins[here], lengths[here], worthwhile, few)
    return sorted(found, key=lambda group: graph.level[group.nodes.flat[0]])


def split(*keys: np.ndarray) -> list[slice]:
    """The slices in which all keys stay the same.

    >>> split(np.array([1, 1, 2]), np.array([0, 5, 5]))
    [slice(0, 1, None), slice(1, 2, None), slice(2, 3, None)]
    """
    changes = np.zeros(len(keys[0]), bool)
    for key in keys:
        changes[1:] |= np.diff(key) != 0
    cuts = [0, *np.flatnonzero(changes).tolist(), len(changes)]
    return [slice(start, end) for start, end in itertools.pairwise(cuts) if end > start]


def _elementwise(graph: Fusion) -> Iterator[Group]:
    nodes = np.flatnonzero(~graph.is_hidden & ~graph.is_sum & (graph.operands[0] >= 0))
    key = graph.kind.copy()
    for column in graph.operands:  # a constant at another position is another computation
        key = 2 * key + np.where(column >= 0, graph.is_constant[column], False)
    nodes = nodes[np.lexsort((key[nodes], graph.level[nodes]))]
    for part in split(graph.level[nodes], key[nodes]):
        own = nodes[part]
        op = graph.ops[graph.kind[own[0]]]
        assert op is not None  # it has operands
        yield Elementwise(own, [column[own] for column in graph.operands[: op.arity]], op)


def _reductions(
    columns: list[np.ndarray], nodes: np.ndarray, begins: np.ndarray, lengths: np.ndarray, worthwhile: int, few: int
) -> Iterator[Group]:
    """The groups of sums, or dot products, of one level."""
    different = np.unique(lengths)
    ragged = np.zeros(len(nodes), bool)
    for k in different.tolist():
        here = lengths == k
        table = [column[begins[here][:, None] + np.arange(k)] for column in columns]
        if len(columns) == 1:
            if len(different) > few:
                ragged |= here
            elif k == 2:
                yield Elementwise(nodes[here], list(table[0].T), OPS["add"])
            else:
                yield Sums(nodes[here], table)
            continue
        left = np.ones(np.count_nonzero(here), bool)
        for block in blocks(table[0], table[1], worthwhile):
            left[block.which] = False
            yield Matrix(nodes[here][block.which], [block.a, block.b])
        if len(different) > few:
            ragged[np.flatnonzero(here)[left]] = True
        elif left.any():
            yield Dots(nodes[here][left], [column[left] for column in table])
    if ragged.any():
        terms = _spread(begins[ragged], lengths[ragged])
        yield Ragged(nodes[ragged], [column[terms] for column in columns], lengths[ragged])


def _spread(begins: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The places ``begin, begin + 1, …`` of all pieces, one after another."""
    ends = np.cumsum(lengths)
    return np.repeat(begins - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
