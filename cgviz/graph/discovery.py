"""Every object below one, with its operands, in topological order: the only code that follows somebody's references."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from .attributes import once_for_each_class, properties, slot_of
from .containers import are_places
from .direction import grown_by_class
from .fields import are_nodes, is_node
from .operands import read_operands
from .order import CycleError, cycle_sentence, kahn
from .protocols import NodeLike
from .roots import refuse
from .spellings import LOCALS, OPERANDS, OPERATION
from .tensors import is_from_torch

More = dict[int, tuple[bool, str]]
"""Of the nodes of which there is more to know: whether they keep the order of their operands, and what is not read."""


class TooLargeError(ValueError):
    """A graph has more nodes than somebody asked for."""


class Ordered(NamedTuple):
    """The objects of a graph in topological order, and of each, at its place: `operands`, the places of its operands;
    `local`, the local gradients beside them, ``()`` for none. `more` is by place.
    """

    objects: list[Any]
    operands: list[tuple[int, ...]]
    local: list[tuple]
    more: More


def objects(root: NodeLike) -> list[Any]:
    """The very objects that `trace(root)` describes, in the same order: ``objects(L)[node.index]``."""
    return in_order(root).objects


def in_order(root: NodeLike, names: Mapping[int, str] | None = None, most: int = 0) -> Ordered:
    """The objects below `root` in topological order. Raises `CycleError`, which calls the nodes by `names`, and, where
    there are more than the `most`, `TooLargeError`.
    """
    found, operands, counts, local, more = discover(root, most)
    order = kahn(operands, counts)
    ends = list(accumulate(counts, initial=0))
    if len(order) < len(found):
        below = [tuple(operands[i:k]) for i, k in pairwise(ends)]
        raise CycleError(cycle_sentence(found, below, set(range(len(found))) - set(order), names or {}))
    rank = [0] * len(order)
    for new, old in enumerate(order):
        rank[old] = new
    operands = list(map(rank.__getitem__, operands))
    rows = [tuple(operands[ends[old] : ends[old + 1]]) for old in order]
    carried = [local.get(old, ()) for old in order] if local else [()] * len(order)
    return Ordered([found[old] for old in order], rows, carried, {rank[old]: what for old, what in more.items()})


def discover(root: NodeLike, most: int = 0) -> tuple[list[Any], list[int], list[int], dict[int, tuple], More]:
    """Every object below `root`, in the order of a depth-first reading from left to right.

    Also the places of all their operands among them, in one list, how many of those each has, and, by place, the local
    gradients beside them and what more there is to know. No list is kept for each: a large graph would then have as
    many more containers, which take time to make, and for Python's garbage collector to look through.
    """
    if not is_node(root):
        raise TypeError(refuse(root))
    if is_from_torch(type(root)):  # its graph hangs on other objects, read by a module of its own
        from .pytorch import adapt

        root = adapt(root)
    found: list[Any] = []
    operands: list[int] = []  # by their ids until all have a place
    counts: list[int] = []
    local: dict[int, tuple] = {}
    derivatives: set[type] = set()  # the classes that keep local derivatives beside operands, and not places
    place: dict[int, int] = {}
    more: More = {}
    stack = [root]
    name, cls, empty = "", None, False
    below: Any
    while stack:
        obj = stack.pop()
        key = id(obj)
        if key in place:
            continue
        place[key] = len(found)
        if len(found) == most and most:
            raise TooLargeError(
                f"the graph has more than {most:,} nodes, which are too many to read and to show: take a part of it, "
                f"such as a node farther down, or build it of fewer samples or fewer rounds of a loop"
            )
        if obj.__class__ is not cls:
            cls = obj.__class__
            name, empty = _field_of_operands(cls)
        if name and issubclass(
            type(below := getattr(obj, name, None)), tuple
        ):  # most large graphs are alike throughout
            if len(below) == 2 and below[0].__class__ is cls is below[1].__class__:
                found.append(obj)
                operands += (id(below[0]), id(below[1]))
                counts.append(2)
                stack += (below[1], below[0])
                continue
            if (below or empty) and all(operand.__class__ is cls for operand in below):
                found.append(obj)
                operands.extend(map(id, below))
                counts.append(len(below))
                stack.extend(below[::-1])
                continue
        below, carried, ordered, where, note = read_operands(obj)
        if note or not ordered:
            more[len(found)] = ordered, note
        if carried:
            local[len(found)] = carried
            if where in LOCALS.places or not are_places(carried):
                derivatives.add(obj.__class__)
        found.append(obj)
        operands.extend(map(id, below))
        counts.append(len(below))
        stack.extend(reversed(below))
    # [(a, 1), (b, 2)] are the places of the operands, or the derivatives of a + 2b: another node of the class tells.
    local = {i: numbers for i, numbers in local.items() if found[i].__class__ in derivatives}
    return found, list(map(place.__getitem__, operands)), counts, local, more


@once_for_each_class
def _field_of_operands(cls: type) -> tuple[str, bool]:
    """Where all objects of a class keep their operands, ``""`` where each has to be asked by itself.

    And whether a leaf is what has none there: one with an operation may keep them elsewhere.
    """
    name, ours = slot_of(cls, OPERANDS), hasattr(cls, "_mark")
    alike = are_nodes(cls) and not hasattr(cls, "__getattr__") and (ours or name not in properties(cls))
    alike = alike and (ours or not grown_by_class(cls))
    return name if alike else "", ours or slot_of(cls, OPERATION) == ""
