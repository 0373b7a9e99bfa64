"""What lists of parameters are called where they are kept: ``wq`` of ``state["wq"][3][1]``, for boxes that use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any

DEEPEST, MOST = 5, 300_000


def name_weights(namespaces: Iterable[Mapping[str, Any]], classes: tuple[type, ...]) -> dict[int, str]:
    """By the id of each node in a container, the last name on the way to it; nodes that have a name alone have none.

    >>> from cgviz import Value
    >>> w = Value(1.0)
    >>> name_weights([{"state": {"wq": [[w]]}}], (Value,)) == {id(w): "wq"}
    True
    """
    found: dict[int, str] = {}
    seen: set[int] = set()
    stack: list[tuple[str, Any, int]] = []
    for names in namespaces:
        stack += [(name, x, 0) for name, x in names.items() if not name.startswith("_")]
    while stack and len(seen) < MOST:
        name, x, depth = stack.pop()
        if isinstance(x, (str, bytes, int, float, type)) or id(x) in seen or depth > DEEPEST:
            continue
        seen.add(id(x))
        if isinstance(x, (list, tuple)):
            for one in x:
                if isinstance(one, classes):
                    found.setdefault(id(one), name)
                else:
                    stack.append((name, one, depth + 1))
        elif isinstance(x, dict):
            stack += [(str(key), one, depth + 1) for key, one in x.items()]
        elif isinstance(mine := getattr(x, "__dict__", None), dict) and not isinstance(x, (FunctionType, ModuleType)):
            stack += [(key, one, depth + 1) for key, one in mine.items() if not isinstance(one, classes)]
    return found
