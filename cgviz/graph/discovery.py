"""Every object below one, with its operands: the only code that follows somebody's references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..text import kind
from .local_derivatives import in_pairs
from .spellings import (
    DATA,
    LABEL,
    LOCALS,
    MISSING,
    OPERANDS,
    OPERATION,
    are_nodes,
    describe,
    first,
    is_from_torch,
    is_node,
    private,
    slot_of,
)


def discover(root: Any) -> tuple[list[Any], list[int], list[int], list[tuple]]:
    """Every object below `root`, in the order of a depth-first reading from left to right.

    Also the places of all their operands among them, in one list, how many of those each has, and its local gradients.
    No list is kept for each: a large graph would then have as many more containers, which take time to make, and for
    Python's garbage collector to look through.
    """
    if not is_node(root):
        raise TypeError(_refusal(root))
    if is_from_torch(type(root)):  # its graph hangs on other objects, read by a module of its own
        from .pytorch import adapt

        root = adapt(root)
    found: list[Any] = []
    operands: list[int] = []  # by their ids until all have a place
    counts: list[int] = []
    local: dict[int, tuple] = {}  # where an edge carries one
    place: dict[int, int] = {}
    stack = [root]
    name, cls = "", None
    while stack:
        obj = stack.pop()
        key = id(obj)
        if key in place:
            continue
        place[key] = len(found)
        if obj.__class__ is not cls:
            cls = obj.__class__
            name = slot_of(cls, OPERANDS) if are_nodes(cls) and not hasattr(cls, "__getattr__") else ""
        if name and (below := getattr(obj, name, None)).__class__ is tuple:  # most large graphs are alike throughout
            if len(below) == 2 and below[0].__class__ is cls is below[1].__class__:
                found.append(obj)
                operands += (id(below[0]), id(below[1]))
                counts.append(2)
                stack += (below[1], below[0])
                continue
            if all(operand.__class__ is cls for operand in below):
                found.append(obj)
                operands.extend(map(id, below))
                counts.append(len(below))
                stack.extend(below[::-1])
                continue
        below, carried = operands_of(obj)
        found.append(obj)
        operands.extend(map(id, below))
        counts.append(len(below))
        if carried:
            local[len(found) - 1] = carried
        stack.extend(reversed(below))
    carried_by_all = [local.get(i, ()) for i in range(len(found))] if local else [()] * len(found)
    return found, list(map(place.__getitem__, operands)), counts, carried_by_all


def _refusal(obj: Any) -> str:
    """What to say of a root that is no node."""
    held = next((name for name in DATA if hasattr(obj, name)), None)
    if held and not isinstance(obj, type) and not hasattr(obj, "__array__"):
        library = type(obj).__module__.partition(".")[0]
        return f"expected a node of a graph, got {kind(obj)} of {library} (what it holds is its .{held})"
    return f"expected a node of a graph, an object with one of the attributes {', '.join(DATA)}; got {kind(obj)}"


def operands_of(obj: Any) -> tuple[Sequence[Any], tuple]:
    """The operands of a node, and the local gradients if its edges carry them, as mlfz's do."""
    listed = listed_in(obj) or ()
    if listed.__class__ is tuple and all(map(are_nodes, map(type, listed))):
        return listed, ()
    if (paired := in_pairs(listed)) is not None:
        return paired
    if isinstance(listed, (set, frozenset)):
        # A set forgets the order of the operands; sorted by what they are, at least each run agrees.
        alike = len({_likeness(operand, 0) for operand in listed}) < len(listed)
        listed = sorted(listed, key=lambda operand: _likeness(operand, 5 if alike else 0))
    elif not isinstance(listed, (tuple, list)):
        if is_node(listed):  # a single operand, not put into a tuple
            listed = (listed,)
        elif isinstance(listed, Iterator):
            said = f"the operands of {describe(obj)} are in {kind(listed)}, which is used up by one reading"
            raise TypeError(f"{said}: keep them in a tuple or list")
        elif not isinstance(listed, Iterable):
            raise TypeError(f"the operands of {describe(obj)} are not in a tuple or list but {kind(listed)}")
    below, carried = [], []
    for edge in listed:
        operand = private(edge, "prev", edge)
        if operand is not edge:
            carried.append(getattr(edge, "local_grad", None))
        if not is_node(operand):
            raise TypeError(f"an operand of {describe(obj)} is not a node but {kind(operand)}")
        below.append(operand)
    return below, tuple(carried)


def listed_in(obj: Any) -> Any:
    """What a node keeps its operands in: with their local derivatives where those have the only name that is read."""
    listed = first(obj, OPERANDS, MISSING)
    if listed is MISSING:
        beside = first(obj, LOCALS)
        return beside if in_pairs(beside) is not None else None
    return listed


def _likeness(obj: Any, depth: int) -> tuple:
    """What tells nodes apart that have no order: label, number, operation, and the same of their operands."""
    below = first(obj, OPERANDS) or () if depth else ()
    alike = (
        sorted(_likeness(private(o, "prev", o), depth - 1) for o in below)
        if isinstance(below, (set, frozenset))
        else ()
    )
    return str(first(obj, LABEL) or ""), repr(first(obj, DATA)), str(first(obj, OPERATION) or ""), tuple(alike)
