"""Where each number stands in the engine's arrays: as those who use it ask for it, so that they find it in a row."""

from __future__ import annotations

import itertools

import numpy as np

from .fusion import Fusion
from .node_groups import Group

STRIDE = 10**7
"""Ranks of one request lie below those of the next; a browser's own integers have no room for 300 requests."""
TWICE = 2
"""A request more than so many times as large as the one that a node was put in order for counts in its place."""


def place_nodes(graph: Fusion, groups: list[Group]) -> np.ndarray:
    """The place of each id: leaves first, then constants, then group by group.

    It is -1 for what is hidden, and for constants that nobody asks for.

    Groups and leaves are put into the order in which groups above them ask for their nodes, the first or a much larger.
    """
    rank, size = np.full(graph.size, -1, np.int64), np.zeros(graph.size, np.intp)
    rank[graph.root] = 0
    requests = itertools.count(1, STRIDE)

    def ask(ids: np.ndarray) -> None:
        flat = ids.ravel()
        new = flat[len(flat) > TWICE * size[flat]][::-1]  # of the same id twice, the first counts
        size[new] = len(flat)
        rank[new] = next(requests) + np.arange(len(new), dtype=np.int64)[::-1]

    for group in reversed(groups):
        group.sort(rank)
        for column in group.columns:
            ask(column)
    leaves = np.flatnonzero(graph.is_leaf)
    asked = np.where(rank[leaves] < 0, np.iinfo(np.int64).max, rank[leaves])
    order = [leaves[np.argsort(asked, kind="stable")], np.flatnonzero(graph.is_constant & (rank >= 0))]
    order += [group.nodes.ravel() for group in groups]
    flat, place = np.concatenate(order), np.full(graph.size, -1)
    place[flat] = np.arange(len(flat))
    return place
