"""Every object below one, with its operands: the only code that follows somebody's references."""

from __future__ import annotations

from typing import Any

from .operands import below_node
from .roots import refuse
from .spellings import is_from_torch, is_node


def discover(root: Any) -> tuple[list[Any], list[tuple[int, ...]], list[tuple], dict[int, tuple[bool, str]]]:
    """Every object below `root`, in the order of a depth-first reading from left to right.

    Also for each the places of its operands among them, and its local gradients; and, where there is more to know,
    whether it keeps the order of its operands, and what of them could not be read. The operands themselves are not
    kept: a large graph would then have as many more containers for Python's garbage collector to look through.
    """
    if not is_node(root):
        raise TypeError(refuse(root))
    if is_from_torch(type(root)):  # its graph hangs on other objects, read by a module of its own
        from .pytorch import adapt

        root = adapt(root)
    found: list[Any] = []
    operands: list[tuple[int, ...]] = []  # each by its id until all have a place
    local: list[tuple] = []
    place: dict[int, int] = {}
    more: dict[int, tuple[bool, str]] = {}
    stack = [root]
    while stack:
        obj = stack.pop()
        if id(obj) in place:
            continue
        place[id(obj)] = len(found)
        below, carried, ordered, _, note = below_node(obj)
        if note or not ordered:
            more[len(found)] = ordered, note
        found.append(obj)
        operands.append(tuple(map(id, below)))
        local.append(carried)
        stack.extend(reversed(below))
    return found, [tuple(map(place.__getitem__, ids)) for ids in operands], local, more
