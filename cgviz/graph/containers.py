"""What stands in a container of operands, whatever kind of container it is: nothing is used up by the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set, Sized
from itertools import islice
from typing import Any, NamedTuple
from weakref import ReferenceType, WeakSet

from .attributes import MISSING, ask, attributes, follow, private
from .fields import is_node
from .spellings import LOCAL

MOST_OPERANDS = 100_000
"""So many operands are read at most: a container may make up its items without end."""


class Contents(NamedTuple):
    """The items of a container in order, or in none (`ordered`); with what a dictionary has beside each."""

    items: list[Any]
    ordered: bool = True


def read_container(value: Any) -> Contents | None:
    """The items of a container; ``None`` for what is none, or would be used up.

    >>> read_container({"a": 1, "b": 2}), read_container({3})
    (Contents(items=[1, 2], ordered=True), Contents(items=[3], ordered=False))
    >>> read_container(iter("ab")), read_container("ab"), read_container(2.0)
    (None, None, None)
    """
    if isinstance(value, (tuple, list)):
        return Contents(list(value))
    if value.__class__ is set or value.__class__ is frozenset:
        return Contents(list(value), ordered=False)
    if isinstance(value, (str, bytes, bytearray, type, Iterator)):
        return None
    try:
        return _items(value)
    except Exception:  # whatever somebody's container raises
        return None


def _items(value: Any) -> Contents | None:
    if isinstance(value, Mapping):
        keys, values = list(value.keys()), list(value.values())
        if any(map(_is_item, keys)):
            return None if any(map(_is_item, values)) else Contents(list(zip(keys, values, strict=True)), ordered=False)
        return Contents(values, ordered=not values or not all(map(_is_known_by, values, keys)))
    if isinstance(value, (Set, WeakSet)):
        return Contents(list(value), ordered=False)
    if hasattr(type(value), "__array__"):
        objects = getattr(getattr(value, "dtype", None), "kind", "") == "O"
        return Contents(list(value.flat)) if objects else None
    if not hasattr(type(value), "__iter__") or not isinstance(value, Sized) or is_node(value):
        return None
    listed: Any = value
    return Contents(list(islice(listed, MOST_OPERANDS)))


def _is_known_by(value: Any, key: Any) -> bool:
    """Whether a key says which node this is, and not at which place: an operand that is used twice is there once."""
    return (
        key.__class__ in (int, str) and is_node(value) and key in (id(value), ask(value, "label"), ask(value, "name"))
    )


def _is_item(value: Any) -> bool:
    return isinstance(value, ReferenceType) or is_node(value)


class Item(NamedTuple):
    """One operand: the node, and the local gradient beside it, if there is one. `gone` of a weak reference."""

    node: Any = None
    local: Any = None
    gone: bool = False


def unwrap(item: Any, user: Any) -> Item | None:
    """The operand in an item: a node, an edge to one, or a node with something beside it; ``None`` if there is none.

    `user` is the node whose operand it is: an edge may know that too.
    """
    item = follow(item)
    if item is MISSING:
        return Item(gone=True)
    if isinstance(item, tuple):
        return _within(item, user)
    if (prev := private(item, "prev", item)) is not item and is_node(prev) and not isinstance(item, type(user)):
        return Item(prev, ask(item, "local_grad") if ask(item, "local_grad") is not MISSING else None)
    if is_node(item):
        return Item(item)
    return _within(item, user)


def _within(item: Any, user: Any) -> Item | None:
    """The one node within a tuple, a dictionary or an edge, with the number beside it that is a local gradient."""
    named = {name: follow(x) for name, x in _fields(item).items()}
    nodes = [x for x in named.values() if x is not user and is_node(x)]
    if not nodes and any(x is MISSING for x in named.values()):
        return Item(gone=True)
    if len(nodes) != 1:
        return Item(item) if not nodes and is_node(item) else None
    plain = type(item) in (tuple, list)
    beside = [x for name, x in named.items() if is_local(x) and (plain or name in LOCAL)]
    return Item(nodes[0], beside[0] if len(beside) == 1 else None)


def _fields(item: Any) -> Mapping[str, Any]:
    """What an item holds, by name or place."""
    if isinstance(item, (tuple, list)):
        names = getattr(item, "_fields", None) or map(str, range(len(item)))
        return dict(zip(names, item, strict=False))
    if isinstance(item, Mapping):
        return {str(key): x for key, x in item.items()}
    return attributes(item)


def is_local(x: Any) -> bool:
    """Whether this may be a local gradient: a number, or an array of numbers."""
    if isinstance(x, (bool, str, bytes, type)) or is_node(x):
        return False
    return hasattr(x, "__float__") or getattr(getattr(x, "dtype", None), "kind", "") == "f"


def are_places(numbers: Sequence[Any]) -> bool:
    """Whether the numbers beside the operands may count them, or outputs, and be no local gradients.

    >>> are_places([0, 1]), are_places([0]), are_places([1, 1]), are_places([0.0, 1.0])
    (True, True, False, False)
    """
    n = len(numbers)
    counted = list(range(n)), [0] * n, list(range(1, n + 1)) if n > 1 else []
    return all(isinstance(x, int) for x in numbers) and list(numbers) in counted
