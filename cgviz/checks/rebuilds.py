"""The same graph built again: a class that keeps operands in a set may meet them in another order each time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..graph.agreement import is_float
from ..run.run import Run, leaf

BUILDS = 6
"""So many more are tried: an order of two is another one in half of them."""

DIFFER = "its gradients are not the same each time: the class takes operands in the order of a set, which is chance"


def rebuild(run: Run) -> Iterator[str]:
    """Run again at the same numbers, and yield a sentence each time that the gradients are others than before.

    The order of a set depends on where its elements are in memory. So what was built before is kept, and more beside.
    """
    first = _read_gradients(run)
    kept: list[Any] = [run.root]
    for count in range(1, BUILDS + 1):
        kept += [leaf(run.cls, "x", 1.0) for _ in range(count)]
        run.update(**run.inputs)
        kept.append(run.root)
        if not _are_alike(first, _read_gradients(run)):
            yield DIFFER


def _read_gradients(run: Run) -> list[float]:
    """Those of the leaves by name, then all others by size, for the nodes have no order."""
    leaves = [float(grad) for grad in run.gradients.values() if is_float(grad)]
    return leaves + sorted(float(node.grad) for node in run.graph.nodes if is_float(node.grad))


def _are_alike(one: list[float], other: list[float]) -> bool:
    size = max((abs(x) for x in one if math.isfinite(x)), default=0.0)
    return len(one) == len(other) and all(
        x == y or (x != x and y != y) or math.isclose(x, y, rel_tol=1e-6, abs_tol=1e-12 * size)
        for x, y in zip(one, other, strict=True)
    )
