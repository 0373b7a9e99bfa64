"""Whether a recording computes what its function does, and one sentence where it does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..text import number

ONCE = (
    "it is recorded once, for sample 0, with the branches and the plain numbers (.data) of that run; "
    "relu, maximum, minimum or abs can do what an if does"
)


class PartedError(ValueError):
    """A network or a loss that computes something else than its recording; `history` are the steps before, if any."""

    history: Any = None


def few(n: int) -> list[int]:
    """The places of a few samples, from the first to the last.

    >>> few(3), few(100)
    ([0, 1, 2], [0, 14, 28, 42, 56, 70, 84, 99])
    """
    return np.linspace(0, n - 1, min(n, 8)).astype(int).tolist()


def agree(compute: Callable[[], float], recorded: float, sample: int, what: str) -> None:
    """Refuse a recording that gives another number for a sample than the function that was recorded.

    >>> agree(lambda: 2.0, 1.0, 3, "loss")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    cgviz.nn.parting.PartedError: for sample 3 the loss gives 2, but its recording 1: it is recorded once, ...
    """
    real = compute()
    if _same(real, recorded):
        return
    if not _same(again := compute(), real):
        raise PartedError(
            f"for sample {sample} the {what} gives {number(real)} and then {number(again)}: it is recorded once, "
            f"so it must give the same each time, without random numbers"
        )
    raise PartedError(
        f"for sample {sample} the {what} gives {number(real)}, but its recording {number(recorded)}: {ONCE}"
    )


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or (math.isnan(a) and math.isnan(b))
