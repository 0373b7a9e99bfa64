"""What to say of an object that somebody wants to see the graph of, and that is no node."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import is_dataclass
from types import FunctionType, MethodType
from typing import Any

from ..text import kind
from .attributes import MISSING, ask
from .given_names import is_model
from .spellings import DATA, is_node


def refuse(obj: Any) -> str:
    """A sentence about a root that is no node: what it is, and what to give in its place.

    >>> from cgviz import Value
    >>> refuse([Value(1.0), Value(2.0)])
    'expected one node of a graph, got a list of 2 nodes: give one of them, as in draw(outputs[0])'
    """
    if is_model(obj):
        return (
            f"expected a node of a graph, got {kind(obj)}, a model: give what it computes, and the model for the names "
            f"of its parameters, as in draw(model(x), names=model)"
        )
    if several := say_several(obj):
        return several
    if isinstance(obj, (FunctionType, MethodType)):
        return f"expected a node of a graph, got the function {obj.__name__}: give what it returns, as in draw(f(x))"
    field = next((name for name in DATA if ask(obj, name) is not MISSING), None)
    if field and not isinstance(obj, type) and not hasattr(obj, "__array__"):
        library = type(obj).__module__.partition(".")[0]
        return f"expected a node of a graph, got {kind(obj)} of {library} (what it holds is its .{field})"
    return f"expected a node of a graph, an object with one of the attributes {', '.join(DATA)}; got {kind(obj)}"


def say_several(obj: Any, by: str = "draw") -> str:
    """About a container with nodes in it, such as the outputs of a model; ``""`` for what is none."""
    items = _items(obj)
    if not items or (isinstance(obj, list) and len(items) == 1):  # (one in a list is no set of outputs)
        return ""
    if (place := _place_inside(obj)) is None:
        return ""
    count = sum(is_node(x) for _, x in items)
    what = ("node" if count == len(items) else "object") + "s" * (len(items) > 1)
    written = "next(iter(outputs))" if isinstance(obj, Set) else f"outputs{place}"
    which = "one of them" if len(items) > 1 else "what is in it"
    return f"expected one node of a graph, got {kind(obj)} of {len(items)} {what}: give {which}, as in {by}({written})"


def _items(obj: Any) -> list[tuple[str, Any]]:
    """What a container holds, each with how it is asked for; nothing of what is no container."""
    if isinstance(obj, Mapping):
        return [(f"[{key!r}]", x) for key, x in obj.items()]
    if isinstance(obj, (tuple, list, Set)):
        return [(f"[{i}]", x) for i, x in enumerate(obj)]
    if is_dataclass(obj) and not isinstance(obj, type):
        return [(f".{name}", x) for name, x in vars(obj).items()] if hasattr(obj, "__dict__") else []
    return []


def _place_inside(obj: Any, depth: int = 3) -> str | None:
    """Where in one of several outputs the first node is, so many containers deep; ``None`` for nowhere."""
    for place, x in _items(obj):
        inner = "" if is_node(x) else _place_inside(x, depth - 1) if depth > 1 else None
        if inner is not None:
            return place + inner
    return None
