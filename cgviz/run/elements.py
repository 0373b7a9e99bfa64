"""The numbers that a gradient check moves: that of a node, or a few of an array's, each as a node of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from ..graph import Node
from ..ops.domain import RangeError
from ..text import shape as written

MOST = 6
"""Of a larger array so many numbers are moved, spread over it: each takes many runs."""
GOLDEN = (3 - math.sqrt(5)) / 2
"""The golden section: steps of this share of the whole, round and round, spread evenly however many they are."""

Part = tuple[Node, Callable[[float], Any]]
"""A record of one number, with its gradient, and what the node holds when that number is another."""


def parts(node: Node) -> Iterator[Part]:
    """Yield the numbers of a node that are checked.

    >>> a = Node(0, "a", "", 2.0, 3.0, "leaf", ())
    >>> [(part.name, part.grad, put(5.0)) for part, put in parts(a)]
    [('a', 3.0, 5.0)]
    """
    if not sizes(node):
        yield node, lambda x: x
        return
    for place in _spread(sizes(node)):
        grad = float(node.grad[place]) if shape_of(node.grad) == sizes(node) else None
        name = f"{node.name}[{', '.join(map(str, place))}]"
        yield node._replace(label=name, data=float(node.data[place]), grad=grad), _replace_at(node.data, place)


def left_out(node: Node) -> tuple[int, str]:
    """How many numbers of an array are not checked, and what to say of that; ``""`` where all are."""
    count = math.prod(sizes(node))
    return (count - MOST, f"of '{node.name}', {MOST} of {count:,} numbers were checked") if count > MOST else (0, "")


def sizes(node: Node) -> tuple[int, ...]:
    """The shape of a node's array."""
    return shape_of(node.data)


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an array; of anything else, and of nothing, it is ``()``."""
    return tuple(getattr(x, "shape", ()))


def single(x: Any, name: str) -> float:
    """A result as a float. Raises `TypeError` for an array of several numbers: none of them has one gradient."""
    shape = shape_of(x)
    if math.prod(shape) != 1:
        raise TypeError(
            f"gradcheck needs one number at the end, and '{name}' is {written(shape)}: take its sum or its mean"
        )
    try:
        return float(x.item() if shape else x)
    except OverflowError:
        raise RangeError(f"gradcheck needs a number at the end, and '{name}' is too large for one") from None


def _spread(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield places in an array: all of a small one, else `MOST` of them, in many rows and many columns.

    They follow each other by a stride that has no divisor in common with the size: none comes twice, and a mistake
    that stands in one column only does not hide between those that are looked at.
    """
    count = math.prod(shape)
    stride = next((s for s in range(max(1, round(GOLDEN * count)), count + 1) if math.gcd(s, count) == 1), 1)
    for left in sorted(i * stride % count for i in range(min(MOST, count))):
        place: list[int] = []
        for size in reversed(shape):
            left, k = divmod(left, size)
            place.insert(0, k)
        yield tuple(place)


def _replace_at(data: Any, place: tuple[int, ...]) -> Callable[[float], Any]:
    def put(x: float) -> Any:
        changed = data.copy()
        changed[place] = x
        return changed

    return put
