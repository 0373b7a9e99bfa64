"""Classes that learners grow from Value: whether they set up more, and how their results are made."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from ..graph.attributes import once_for_each_class
from .backward import LEAF

new = object.__new__
SAVED = ("label", "_groups")
"""What of a node's dict a copy is given besides (`Value.__reduce__`)."""


def sets_up_more(cls: type) -> bool:
    """Whether a class that a learner has grown, or one that she mixed in, has an `__init__` of its own."""
    grown = takewhile(lambda base: not _is_ours(base), cls.__mro__)
    return any("__init__" in vars(base) for base in grown)


def _is_ours(base: type) -> bool:
    return base.__module__.startswith(__package__.partition(".")[0] + ".")


def initialize(cls: type, data: float = 0.0) -> Any:
    """A new node of a subclass that has its own `__init__`, which is called unless it asks for more than a number."""
    return cls(data) if _takes_a_number(cls) else new(cls)


def leaf(cls: type, *args: Any, **options: Any) -> Any:
    """A new leaf of a subclass before its `__init__`, which may call no other and set what it needs by itself."""
    node: Any = new(cls)
    node.grad = 0.0
    node._a = node._b = node._mark = None
    node._push = LEAF
    return node


def read_extras(node: Any) -> Any:
    """What a node of a subclass holds besides, as a copy is given it: in a dict, and in slots."""
    slots = {name: getattr(node, name) for name in _slots(type(node)) if hasattr(node, name)}
    held: Any = object.__getstate__(node)  # which does not make the dict of a node that has nothing in it
    held = held[0] if isinstance(held, tuple) else held
    held = {name: x for name, x in (held or {}).items() if name not in SAVED} or None
    return (held, slots) if slots else held


@once_for_each_class
def _slots(cls: type) -> tuple[str, ...]:
    """The names of the slots that subclasses have, those of our own classes left out."""
    found = []
    for base in cls.__mro__:
        names = () if _is_ours(base) else vars(base).get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            private = name.startswith("__") and not name.endswith("__")
            found.append(f"_{base.__name__.lstrip('_')}{name}" if private else name)
    return tuple(name for name in found if name not in ("__dict__", "__weakref__"))


@once_for_each_class
def _takes_a_number(cls: type) -> bool:
    import inspect

    try:
        inspect.signature(cls.__init__).bind(None, 0.0)  # type: ignore[misc]
    except TypeError:
        return False
    return True
