"""Places in an array that count up in nested loops: these are a view, which copies nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

DEEPEST = 4
"""So many loops at most, one in another."""


class View(NamedTuple):
    """The place `start`, and from there nested loops of lengths `shape` by steps of `strides`, the last innermost."""

    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def of(self, base: np.ndarray) -> np.ndarray:
        """These places of an array of one dimension, in the shape of the loops."""
        return as_strided(base[self.start :], self.shape, [base.itemsize * step for step in self.strides])

    @property
    def repeats(self) -> tuple[int, ...]:
        """The loops that stay where they are."""
        return tuple(k for k, step in enumerate(self.strides) if step == 0)

    def without(self, loops: tuple[int, ...]) -> View:
        """The other loops alone."""
        kept = [k for k in range(len(self.shape)) if k not in loops]
        return View(self.start, tuple(self.shape[k] for k in kept), tuple(self.strides[k] for k in kept))

    @property
    def is_one_to_one(self) -> bool:
        """Whether no place comes twice."""
        reach = 0
        for n, step in sorted(zip(self.shape, self.strides, strict=True), key=lambda loop: abs(loop[1])):
            if n > 1 and abs(step) <= reach:
                return False
            reach += abs(step) * (n - 1)
        return True


def find_views(rows: np.ndarray) -> list[View] | None:
    """The views of these rows of places, all in loops of one shape; ``None`` if one does not count in such loops.

    `rows` has the shape (rows, places).

    >>> find_views(np.array([[0, 1, 2, 10, 11, 12], [5, 5, 5, 6, 6, 6]]))
    [View(start=0, shape=(2, 3), strides=(10, 1)), View(start=5, shape=(2, 3), strides=(1, 0))]
    >>> find_views(np.array([[0, 1, 3]])) is None
    True
    """
    starts = rows[:, 0].tolist()
    shape: list[int] = []
    strides: list[list[int]] = []
    while rows.shape[1] > 1:
        steps = np.diff(rows, axis=1)
        same = (steps == steps[:, :1]).all(0)
        n = rows.shape[1]
        length = n if same.all() else int(same.argmin()) + 1
        if n % length or len(shape) == DEEPEST - 1:
            return None
        inner = rows.reshape(len(rows), n // length, length)
        if (inner - inner[:, :, :1] != inner[:, :1] - inner[:, :1, :1]).any():
            return None
        shape.append(length)
        strides.append(steps[:, 0].tolist())
        rows = inner[:, :, 0]
    if not shape:
        shape, strides = [1], [[0] * len(rows)]
    loops = list(zip(*strides[::-1], strict=True))  # of each row, the outermost first
    return [View(start, tuple(shape[::-1]), steps) for start, steps in zip(starts, loops, strict=True)]
