"""Topological order, by Kahn's algorithm or depth first, and the sentence about a graph that has none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import accumulate, chain, repeat
from typing import Any, TypeVar

from .node_labels import describe

Key = TypeVar("Key", bound=Hashable)


class CycleError(ValueError):
    """A graph in which a node is, by some way round, an operand of itself."""


def kahn(operands: list[int], counts: list[int]) -> list[int]:
    """Topological order by Kahn's algorithm: take a node once all its operands have been taken.

    The operands of all nodes stand in one list, those of each in a row, `counts` of them; so do the users, and not in a
    list for each: on a large graph that many containers would cost more in Python's garbage collector than the whole of
    the sorting.

    >>> kahn([1, 2, 2], [2, 1, 0])
    [2, 1, 0]
    """
    waiting = counts.copy()
    starts = [0] * (len(counts) + 1)
    for operand in operands:
        starts[operand] += 1
    starts = list(accumulate(starts))  # of the users of each node at first the end: they are filled in from the last
    users = [0] * len(operands)
    owners = list(chain.from_iterable(map(repeat, range(len(counts)), counts)))
    for node, operand in zip(reversed(owners), reversed(operands), strict=True):
        starts[operand] = place = starts[operand] - 1
        users[place] = node
    ready = [node for node, count in enumerate(waiting) if not count]
    for node in ready:  # the list grows while it is read
        for user in users[starts[node] : starts[node + 1]]:
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return ready


def post_order(root: Key, below: Callable[[Key], Sequence[Key]]) -> list[Key]:
    """Everything below `root`, each once and after its operands: depth first, in the order in which `below` gives them.

    >>> post_order("L", {"L": "ea", "e": "ab", "a": "", "b": ""}.get)
    ['a', 'b', 'e', 'L']
    """
    found: list[Key] = []
    seen: set[Key] = set()
    stack = [(root, False)]
    while stack:
        key, done = stack.pop()
        if done:
            found.append(key)
        elif key not in seen:
            seen.add(key)
            stack.append((key, True))
            stack.extend((operand, False) for operand in reversed(below(key)) if operand not in seen)
    return found


def cycle_sentence(found: list[Any], operands: list[tuple[int, ...]], left: set[int], names: Mapping[int, str]) -> str:
    """Follow operands among the nodes that never became ready until one comes round again."""
    path: list[int] = []
    place: dict[int, int] = {}
    node = min(left)
    while node not in place:
        place[node] = len(path)
        path.append(node)
        node = next(below for below in operands[node] if below in left)
    ring = [found[i] for i in (*path[place[node] :], node)]
    shown = [describe(o, names) for o in (ring if len(ring) <= 8 else [*ring[:4], *ring[-3:]])]
    if len(ring) > 8:
        shown.insert(4, "…")
    return "the graph has a cycle, so it has no topological order: " + " ← ".join(shown)
