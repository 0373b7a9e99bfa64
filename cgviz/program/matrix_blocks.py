"""Which dot products are a matrix product: complete blocks, in which every row meets every column."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

WORTHWHILE = 300
"""A block of fewer products is left to dot products: a call for a matrix costs more than it saves."""


class Block(NamedTuple):
    """Dot products `which`, of shape (I, J), of the rows `a`, shape (I, K), with the rows `b`, shape (J, K)."""

    which: np.ndarray
    a: np.ndarray
    b: np.ndarray


def blocks(a: np.ndarray, b: np.ndarray, worthwhile: int = WORTHWHILE) -> Iterator[Block]:
    """The complete blocks among dot products with the factors `a` and `b`, each of shape (dot products, terms).

    The terms of a dot product may stand in any order. Candidates are found by numbers that alike rows share, and
    every factor of a block is then compared with what the matrix product would take: none is wrong.

    >>> rows, columns = np.array([[1, 2], [3, 4]]), np.array([[5, 6], [7, 8], [9, 10]])
    >>> [found] = blocks(np.repeat(rows, 3, 0), np.tile(columns, (2, 1)), worthwhile=1)
    >>> found.which.shape, found.a.tolist(), sorted(found.b.tolist())
    ((2, 3), [[1, 2], [3, 4]], [[5, 6], [7, 8], [9, 10]])
    """
    alike_a, alike_b = _number_rows(np.sort(a, 1)), _number_rows(np.sort(b, 1))
    order = np.lexsort((alike_a, alike_b))
    cuts = [*np.flatnonzero(np.diff(alike_b[order], prepend=-1)).tolist(), len(order)]
    columns: dict[bytes, list[np.ndarray]] = {}  # by the rows that a column meets
    for start, end in itertools.pairwise(cuts):
        columns.setdefault(alike_a[order[start:end]].tobytes(), []).append(order[start:end])
    for found in columns.values():
        which = np.array(found).T
        if which.size * a.shape[1] >= worthwhile and (block := _align(which, a[which], b[which])):
            yield block


def _align(which: np.ndarray, a: np.ndarray, b: np.ndarray) -> Block | None:
    """Put the terms of all rows and columns into one order, that of the first dot product; ``None`` if that fails.

    `a` and `b` have the shape (I, J, K).
    """
    as_sorted = np.argsort(b[:, 0], 1)  # along the first column, all rows meet the same factors
    rows = np.take_along_axis(a[:, 0], as_sorted, 1)
    along_first = np.take_along_axis(b[0], np.argsort(a[0], 1), 1)  # along the first row, so do all columns
    columns = along_first[:, np.argsort(np.argsort(rows[0]))]
    by_row, by_term = np.argsort(rows, 1), np.argsort(a, 2)
    if not (np.take_along_axis(a, by_term, 2) == np.take_along_axis(rows, by_row, 1)[:, None]).all():
        return None
    if not (np.take_along_axis(b, by_term, 2) == columns[:, by_row].transpose(1, 0, 2)).all():
        return None
    as_written = np.argsort(as_sorted[0])
    return Block(which, rows[:, as_written], columns[:, as_written])


def _number_rows(rows: np.ndarray) -> np.ndarray:
    """A number for each row, equal for equal rows; that unequal rows share one is as good as impossible."""
    weights = np.random.default_rng(7).integers(1, 2**62, rows.shape[1])
    return np.unique(rows @ weights, return_inverse=True)[1].reshape(-1)
