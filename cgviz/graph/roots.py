"""What to say of an object that somebody wants to see the graph of, and that is no node."""

from __future__ import annotations

from collections.abc import Mapping, Set
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
    """About a container of several with nodes in it, such as the outputs of a model; ``""`` for what is none."""
    if not isinstance(obj, (Mapping, tuple, list, Set)) or len(obj) < 2:
        return ""
    items = obj.items() if isinstance(obj, Mapping) else enumerate(obj)
    place = next((f"[{key!r}]{inner}" for key, x in items if (inner := _place_inside(x)) is not None), None)
    if place is None:
        return ""
    count = sum(map(is_node, obj.values() if isinstance(obj, Mapping) else obj))
    what = "nodes" if count == len(obj) else "objects"
    written = "next(iter(outputs))" if isinstance(obj, Set) else f"outputs{place}"
    return (
        f"expected one node of a graph, got {kind(obj)} of {len(obj)} {what}: give one of them, as in {by}({written})"
    )


def _place_inside(x: Any) -> str | None:
    """Where in one of several outputs the node is: itself, or the first of a tuple in it."""
    if is_node(x):
        return ""
    first = next((i for i, one in enumerate(x) if is_node(one)), None) if isinstance(x, (tuple, list)) else None
    return None if first is None else f"[{first}]"
