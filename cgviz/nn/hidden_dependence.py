"""What a network computes with that its graph denies: plain numbers, by .data or float. Steps show it.

What is in no graph has no gradient, and need not be without influence for that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from ..run.reach import LARGE, NOISE, SMALL

MOST = 12
"""So many features and parameters are tried: each takes many runs of the network."""
SAMPLES = 16
"""On so many samples, from the first to the last."""


def changing(score: Callable[[Sequence[float]], float], samples: Sequence[Sequence[float]], i: int) -> bool | None:
    """Whether steps of feature i change the score of any sample; ``None`` if the score is another each time.

    >>> changing(lambda x: x[0], [[1.0, 2.0]], 0), changing(lambda x: x[0], [[1.0, 2.0]], 1)
    (True, False)
    """
    return _tried(
        lambda: [score(x) for x in samples],
        lambda step: [score([*x[:i], x[i] + step * max(1.0, abs(x[i])), *x[i + 1 :]]) for x in samples],
    )


def changed_by(
    score: Callable[[Sequence[float]], float], samples: Sequence[Sequence[float]], p: Any, field: str
) -> Any:
    """The same for a parameter, whose number is its attribute `field`: afterwards it is what it was."""

    def move(step: float) -> list[float]:
        with _set(p, field, step):
            return [score(x) for x in samples]

    return _tried(lambda: [score(x) for x in samples], move)


def _tried(here: Callable[[], list[float]], move: Callable[[float], list[float]]) -> bool | None:
    one, two = here(), here()
    if not all(map(_same, one, two)):
        return None
    for step in (side * size for size in (*SMALL, *LARGE) for side in (1, -1)):
        with suppress(ArithmeticError, ValueError):  # outside the domain
            if not all(map(_same, one, move(step))):
                return True
    return False


@contextmanager
def _set(p: Any, field: str, step: float) -> Iterator[None]:
    before = getattr(p, field)
    try:
        setattr(p, field, before + step * max(1.0, abs(float(before))))
        yield
    finally:
        setattr(p, field, before)


def _same(x: float, y: float) -> bool:
    return math.isclose(x, y, rel_tol=NOISE, abs_tol=0.0) or (math.isnan(x) and math.isnan(y))
