"""What to say of an object that somebody wants to see the graph of, and that is no node."""

from __future__ import annotations

from collections.abc import Mapping, Set
from types import FunctionType, MethodType
from typing import Any

from ..text import a_shape, kind
from .given_names import is_model
from .spellings import DATA, is_node

KEEPS_NONE = "which records no graph"


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
    if several := _say_several(obj):
        return several
    if isinstance(obj, (FunctionType, MethodType)):
        return f"expected a node of a graph, got the function {obj.__name__}: give what it returns, as in draw(f(x))"
    if hasattr(obj, "__array__") and not isinstance(obj, type):
        size = a_shape(tuple(getattr(obj, "shape", ())))
        return f"expected a node of a graph, got {kind(obj)} ({size}), {KEEPS_NONE}: compute with nodes instead"
    held = next((name for name in DATA if hasattr(obj, name)), None)
    if held and not isinstance(obj, type):
        library = type(obj).__module__.partition(".")[0]
        return f"expected a node of a graph, got {kind(obj)} of {library} (what it holds is its .{held})"
    return f"expected a node of a graph, an object with one of the attributes {', '.join(DATA)}; got {kind(obj)}"


def _say_several(obj: Any) -> str:
    """About a container with nodes in it, such as the outputs of a model."""
    if isinstance(obj, Mapping):
        held = next((key for key, x in obj.items() if is_node(x)), None)
        return "" if held is None else _one_of(obj, f"draw(outputs[{held!r}])")
    if isinstance(obj, (tuple, list)):
        place = next((i for i, x in enumerate(obj) if is_node(x)), None)
        if place is None:
            inner = next((i for i, x in enumerate(obj) if isinstance(x, (tuple, list)) and any(map(is_node, x))), None)
            return "" if inner is None else _one_of(obj, f"draw(outputs[{inner}][0])")
        return _one_of(obj, f"draw(outputs[{place}])")
    return _one_of(obj, "draw(next(iter(outputs)))") if isinstance(obj, Set) and any(map(is_node, obj)) else ""


def _one_of(obj: Any, written: str) -> str:
    held = [is_node(x) for x in (obj.values() if isinstance(obj, Mapping) else obj)]
    what = "nodes" if all(held) else "objects"
    what = what[:-1] if len(held) == 1 else what
    return f"expected one node of a graph, got {kind(obj)} of {len(held)} {what}: give one of them, as in {written}"
