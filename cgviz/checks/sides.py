"""On which side an operand of a set has stood: nobody knows, so each side is tried, and the one that fits is taken.

A mistake in the rule of one operand is looked for by the operand's place. A class that keeps its operands in a set has
no places: where the order makes no difference to the operation, each node may have its operands either way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice, product

from .links import Link, Links, holds

FEW = 6
"""So many nodes with loose operands are tried in all ways; of more, one after the other."""

Value = Callable[[Links, int], float]
"""The gradient of a node that a mistake would give."""


def settle(here: Links, loose: Sequence[int], value: Value, few: int = FEW) -> Links:
    """The links, with the operands of each `loose` node on the sides on which most gradients agree."""
    best, score = here, _score(here, loose, value)
    most = len({link.source for i in loose for link in here.below[i]})
    if len(loose) <= few:
        for turned in islice(product((False, True), repeat=len(loose)), 1, None):
            if score == most:
                break
            tried = _swap_operands(here, [i for i, turn in zip(loose, turned, strict=True) if turn])
            if (found := _score(tried, loose, value)) > score:
                best, score = tried, found
        return best
    for i in reversed(loose):  # from the output back
        tried = _swap_operands(best, [i])
        if _score(tried, (i,), value) > _score(best, (i,), value):
            best = tried
    return best


def _score(here: Links, users: Sequence[int], value: Value) -> int:
    """How many operands of these nodes get the gradient that the class has."""
    sources = {link.source for i in users for link in here.below[i]}
    return sum(holds(here, k, value(here, k)) for k in sources)


def _swap_operands(here: Links, users: Sequence[int]) -> Links:
    """The same links, with the two operands of these nodes exchanged."""
    if not users:
        return here
    below, above = list(here.below), list(here.above)
    for i in users:
        mine = [_other_side(link) for link in below[i]]
        for link in mine:
            others = above[link.source]
            above[link.source] = tuple(link if (one.user, one.source) == (i, link.source) else one for one in others)
        below[i] = tuple(reversed(mine))
    return here._replace(below=tuple(below), above=tuple(above))


def _other_side(link: Link) -> Link:
    return link._replace(position=1 - link.position, xs=link.xs[::-1])
