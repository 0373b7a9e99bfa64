"""Data to learn from that is made by a formula: two interleaving half-moons."""

from __future__ import annotations

import math
import random

from .sample_checks import at_least_0, generator, whole


def moons(
    n: int = 100, noise: float = 0.1, seed: int | random.Random | None = 0
) -> tuple[list[tuple[float, float]], list[int]]:
    """Make `n` points (x, y) on two interleaving half-circles, and their labels, -1 and 1.

    The upper half-circle, label -1, is (cos t, sin t); the lower, label 1, is (1 - cos t, ½ - sin t); t runs
    from 0 to π in equal steps. Normal noise with standard deviation `noise` is added to both coordinates. The same
    `seed` gives the same points everywhere; with ``None`` they are others each time.

    Raises `ValueError` for fewer than 2 points, one for each moon, or a noise that is negative or not finite.

    >>> xs, ys = moons(4, noise=0)
    >>> [(round(x, 3), round(y, 3), label) for (x, y), label in zip(xs, ys)]
    [(1.0, 0.0, -1), (-1.0, 0.0, -1), (0.0, 0.5, 1), (2.0, 0.5, 1)]
    """
    n, rng = whole(n, "the number of points", 2), generator(seed)
    noise = at_least_0(noise, "the noise")
    upper = n // 2
    points = [(math.cos(t), math.sin(t)) for t in _angles(upper)]
    points += [(1 - math.cos(t), 0.5 - math.sin(t)) for t in _angles(n - upper)]
    xs = [(x + noise * rng.gauss(0, 1), y + noise * rng.gauss(0, 1)) for x, y in points]
    return xs, [-1] * upper + [1] * (n - upper)


def _angles(n: int) -> list[float]:
    return [math.pi * i / max(n - 1, 1) for i in range(n)]
