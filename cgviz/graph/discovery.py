"""Every object below one, with its operands: the only code that follows somebody's references."""

from __future__ import annotations

from typing import Any

from .attributes import once_for_each_class, properties, slot_of
from .containers import are_places
from .direction import grown_by_class
from .operands import below_node
from .protocols import NodeLike
from .roots import refuse
from .spellings import LOCALS, OPERANDS, OPERATION, are_nodes, is_from_torch, is_node

More = dict[int, tuple[bool, str]]
"""Of the nodes of which there is more to know: whether they keep the order of their operands, and what is not read."""


def discover(root: NodeLike) -> tuple[list[Any], list[int], list[int], dict[int, tuple], More]:
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
    while stack:
        obj = stack.pop()
        key = id(obj)
        if key in place:
            continue
        place[key] = len(found)
        if obj.__class__ is not cls:
            cls = obj.__class__
            name, empty = _field_of_operands(cls)
        if name and isinstance(below := getattr(obj, name, None), tuple):  # most large graphs are alike throughout
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
        below, carried, ordered, where, note = below_node(obj)
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
