"""Which step of a class added what, and what it replaced."""

from __future__ import annotations

from ...text import kind
from ..feedback import Listed
from .class_growth import fields, line, list_brought, own


def lineage(cls: type) -> Listed:
    """Show the steps of a class that was grown: what each added, and what of earlier steps it replaced.

    A field that ``__init__`` sets is written with a point, as in ``.data``. Raises `TypeError` for what is no class.

    >>> from cgviz.teach import grow
    >>> @grow
    ... class Node:
    ...     '''Lesson 2: a node.'''
    ...     def __init__(self, data): self.data = data
    >>> @grow
    ... class Node(Node):
    ...     '''Lesson 3: sums.'''
    ...     def __init__(self, data, parents=()):
    ...         super().__init__(data)
    ...         self.parents = parents
    ...     def __add__(self, other): return Node(self.data + other.data, (self, other))
    >>> lineage(Node)
    step               adds               replaces
    Lesson 2: a node.  __init__, .data
    Lesson 3: sums.    __add__, .parents  __init__ (lesson 2)
    """
    if not isinstance(cls, type):
        raise TypeError(f"lineage shows the steps of a class, as in lineage(Value); got {kind(cls)}")
    steps = line(cls)
    if not steps:
        return Listed(("step",), [], f"{cls.__name__} has not been grown: no cell of it says @grow")
    rows = []
    known: dict[str, str] = {}
    for step in steps:
        title, short = vars(step)["_grown"].title, vars(step)["_grown"].short
        added = [_write_name(step, name) for name in list_brought(step) if name not in known]
        replaced = [f"{name} ({known[name]})" for name in own(step) if name in known]
        known |= dict.fromkeys(list_brought(step), short)
        rows.append((title or short, ", ".join(added), ", ".join(replaced)))
    bare = [name for base in cls.__mro__ if _is_bare(base, cls) for name in own(base)]
    note = f"not shown, since their cell does not say @grow: {', '.join(bare)}" if bare else ""
    return Listed(("step", "adds", "replaces"), rows, note)


def _is_bare(base: type, cls: type) -> bool:
    return base.__name__ == cls.__name__ and "_grown" not in vars(base)


def _write_name(step: type, name: str) -> str:
    return f".{name}" if name in fields(step) else name
