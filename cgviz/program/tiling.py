"""Copies of one graph side by side, of which each has leaves of its own: a batch, computed as one graph.

What does not depend on those leaves is there once, for all copies, and so are the leaves that they share. What was a
matrix product in one graph is then one with as many times the rows: it is found as in any graph, by its indices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .fusion import Fusion


def tile(graph: Fusion, leaves: np.ndarray, copies: int) -> Fusion:
    """So many copies of a graph that have their own `leaves` and share the others; its root is the sum of theirs.

    The ids are anew: of what is shared, in the old order, then copy by copy, and the root last. What `graph` has hidden
    is left out, so there are only values and gradients of the other nodes.

    >>> from cgviz import Value
    >>> from cgviz.program.fusion import fuse
    >>> from cgviz.program.tape import record
    >>> w, x = Value(2.0, "w"), Value(3.0, "x")
    >>> found = tile(fuse(record((w * x).tanh())[0]), np.array([1]), 2)
    >>> found.is_leaf.tolist(), found.sums.T.tolist()
    ([True, True, False, False, True, False, False, False], [[7, 3], [7, 6]])
    """
    own = _dependents(graph, leaves)
    shared, several = np.flatnonzero(~graph.is_hidden & ~own), np.flatnonzero(~graph.is_hidden & own)
    root = len(shared) + copies * len(several)
    ids = np.full((copies, graph.size + 1), -1)  # the last stands for no operand
    ids[:, shared] = np.arange(len(shared))
    ids[:, several] = np.arange(len(shared), root).reshape(copies, -1)

    def spread(column: np.ndarray, filling: Any) -> np.ndarray:
        return np.concatenate((column[shared], np.tile(column[several], copies), np.array([filling], column.dtype)))

    def spread_ids(column: np.ndarray) -> np.ndarray:
        return np.concatenate((ids[0, column[shared]], ids[:, column[several]].ravel(), [-1]))

    def spread_rows(rows: np.ndarray) -> np.ndarray:
        is_own = own[rows[0]]
        further = ids[:, rows[:, is_own]]  # copies, columns, rows
        return np.concatenate((ids[0, rows[:, ~is_own]], further.swapaxes(0, 1).reshape(len(rows), -1)), 1)

    last = np.stack([np.full(copies, root), ids[:, graph.root]])
    return replace(
        graph,
        kind=spread(graph.kind, -1),
        operands=[spread_ids(column) for column in graph.operands],
        numbers=spread(graph.numbers, 0.0),
        is_constant=spread(graph.is_constant, False),
        is_leaf=spread(graph.is_leaf, False),
        is_hidden=spread(graph.is_hidden, False),
        is_sum=spread(graph.is_sum, True),
        level=spread(graph.level, graph.level.max() + 1),
        sums=np.concatenate((spread_rows(graph.sums), last), 1),
        dots=spread_rows(graph.dots),
        owner=np.arange(root + 1),
        partial=np.zeros(0, np.intp),
        products=np.zeros(0, np.intp),
        root=root,
        recorded=root + 1,
    )


def _dependents(graph: Fusion, leaves: np.ndarray) -> np.ndarray:
    """Which nodes depend on these leaves, themselves among them."""
    found = np.zeros(graph.size + 1, bool)
    found[leaves] = True
    nodes = np.arange(graph.size)
    edges = [(nodes[column >= 0], column[column >= 0]) for column in graph.operands]
    edges += [(rows[0], below) for rows in (graph.sums, graph.dots) for below in rows[1:]]
    above, below = (np.concatenate(each) for each in zip(*edges, strict=True))
    by = np.argsort(graph.level[above], kind="stable")
    above, below = above[by], below[by]
    while True:
        before = np.count_nonzero(found)
        found[above[found[below]]] = True
        if np.count_nonzero(found) == before:
            return found[:-1]
