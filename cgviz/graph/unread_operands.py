"""What a class that does not record its operands keeps instead: nodes under a name that is not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from types import FunctionType, MethodType
from typing import Any

from .spellings import DATA, GRAD, LABEL, MISSING, OPERANDS, OPERATION, first, is_from_torch, is_node, private

MOST = 100
"""So many of the things that an object holds are looked at."""
CONTAINERS = (list, tuple, set, frozenset, Mapping)


def unread(obj: Any) -> str:
    """What to say of a node without operands whose class computes nodes and keeps the operands elsewhere, or nowhere.

    ``""`` for a leaf: a class that has the attribute for operands, and none in it, is believed, unless the node has an
    operation and its operands under another name.

    >>> class V:
    ...     def __init__(self, data, made_of=()): self.data, self.made_of = data, made_of
    >>> unread(V(2.0)), unread(V(4.0, (V(2.0), V(2.0))))[:70]
    ('', 'V does not record its operands (looked for _prev, prevs, input_nodes, ')
    >>> unread(V(4.0, (V(2.0), V(2.0)))).partition("; ")[2]
    "nodes are in its attribute 'made_of')"
    """
    if is_from_torch(type(obj)):
        return ""
    recorded, op = first(obj, OPERANDS, MISSING), first(obj, OPERATION)
    if recorded is not MISSING and (recorded or not op):
        return ""
    place = held_in(obj)
    return operands_missing(obj, place) if place or (op and recorded is MISSING) else ""


def operands_missing(obj: Any, place: str | None = None) -> str:
    """The sentence: its class, the names that were looked for, and where there are nodes."""
    place = held_in(obj) if place is None else place
    where = f"; nodes are in {place}" if place else ""
    return f"{type(obj).__name__} does not record its operands (looked for {', '.join(OPERANDS)}{where})"


def held_in(obj: Any) -> str:
    """Where an object holds other nodes, in words; ``""`` if it holds none where they can be seen."""
    known = {*DATA, *GRAD, *OPERANDS, *OPERATION, *LABEL}
    for name, value in _attributes(obj):
        if name in known:
            continue
        if isinstance(value, (FunctionType, MethodType)):
            if any(_holds(cell, obj) for cell in _closure(value)):
                return f"the closure of its attribute '{name}'"
        elif _holds(value, obj):
            return f"its attribute '{name}'"
        elif not isinstance(value, (type, *CONTAINERS)):  # as the function object that made it, with its inputs
            for inner, more in _attributes(value):
                if _holds(more, obj):
                    return f"its attribute '{name}.{inner}'"
    return ""


def _attributes(obj: Any) -> Iterator[tuple[str, Any]]:
    """What an object keeps by name, in its dictionary or in slots."""
    yield from islice(getattr(obj, "__dict__", {}).items(), MOST)
    for cls in type(obj).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if (value := getattr(obj, name, MISSING)) is not MISSING:
                yield name, value


def _closure(function: FunctionType | MethodType) -> Iterator[Any]:
    for cell in getattr(function, "__closure__", None) or ():
        with suppress(ValueError):  # a cell that is empty yet
            yield cell.cell_contents


def _holds(value: Any, obj: Any, deep: int = 2) -> bool:
    """Whether a value is another node, or a container, also within another, that has one; or an edge to one."""
    if isinstance(value, CONTAINERS):
        inside: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
        keys: Iterable[Any] = value if isinstance(value, Mapping) else ()
        return deep > 0 and any(_holds(one, obj, deep - 1) for one in islice((*keys, *inside), MOST))
    value = private(value, "prev", value)
    return value is not obj and is_node(value)
