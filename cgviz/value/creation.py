"""Who wants to know of every node that is made, in the order in which they are made, can listen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, active_count, get_ident
from typing import Any

from ..ops.op import OPS
from .arithmetic import build_methods
from .subclasses import new
from .value import Value

LOCK = RLock()
"""Only one may listen at a time: what makes the nodes is the same for all threads."""


@contextmanager
def listen(cls: type) -> Iterator[list[Any]]:
    """A list of the nodes of a class that this thread makes: `Value`, or anybody's that calls its ``__init__``.

    The constants that operators wrap are left out. Nobody pays for it who does not listen: meanwhile the functions
    that make nodes are others.

    >>> with listen(Value) as made:
    ...     y = Value(3.0) * 2 + 1
    >>> made
    [Value(3.0), Value(6.0), Value(7.0)]
    """
    made: list[Any] = []
    add, mine, alone = made.append, get_ident(), active_count() == 1

    def make(kind: type) -> Any:
        node: Any = new(kind)
        if alone or get_ident() == mine:
            add(node)
        return node

    initialize, own = cls.__init__, "__init__" in vars(cls)  # type: ignore[misc]

    def begin(self: Any, *args: Any, **options: Any) -> None:
        initialize(self, *args, **options)
        if get_ident() == mine:
            add(self)

    # Each row's functions ask their own global names for what makes a node.
    rows = [function.__globals__ for op in OPS.values() for function in build_methods(Value, op, new).values()]
    with LOCK:
        try:
            for names in rows if issubclass(cls, Value) else ():
                names["new"] = make
            cls.__init__ = begin  # type: ignore[misc]
            yield made
        finally:
            for names in rows:
                names["new"] = new
            if own:
                cls.__init__ = initialize  # type: ignore[misc]
            else:
                del cls.__init__  # type: ignore[misc]
