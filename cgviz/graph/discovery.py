"""Every object below one, with its operands: the only code that follows somebody's references."""

from __future__ import annotations

from typing import Any

from ..text import kind
from .attributes import MISSING, ask
from .containers import held
from .operands import below_node
from .spellings import DATA, is_from_torch, is_node


def discover(root: Any) -> tuple[list[Any], list[tuple[int, ...]], list[tuple], dict[int, tuple[bool, str]]]:
    """Every object below `root`, in the order of a depth-first reading from left to right.

    Also for each the places of its operands among them, and its local gradients; and, where there is more to know,
    whether it keeps the order of its operands, and what of them could not be read. The operands themselves are not
    kept: a large graph would then have as many more containers for Python's garbage collector to look through.
    """
    if not is_node(root):
        raise TypeError(_refusal(root))
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


def _refusal(obj: Any) -> str:
    """What to say of a root that is no node."""
    several = held(obj)
    if several and len(several.items) > 1 and all(map(is_node, several.items)):
        some = f"{kind(obj)} of {len(several.items)} nodes"
        return f"expected a node of a graph, and got {some}: give one of them, as in draw(outputs[0])"
    field = next((name for name in DATA if ask(obj, name) is not MISSING), None)
    if field and not isinstance(obj, type) and not hasattr(obj, "__array__"):
        library = type(obj).__module__.partition(".")[0]
        return f"expected a node of a graph, got {kind(obj)} of {library} (what it holds is its .{field})"
    return f"expected a node of a graph, an object with one of the attributes {', '.join(DATA)}; got {kind(obj)}"
