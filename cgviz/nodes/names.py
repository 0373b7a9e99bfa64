"""What messages call a node, a shape, and anything that is no node."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..text import join_names, shorten


def title(node: Any) -> str:
    """What to call a node in a message: its name, or its class and its number among those it is connected with."""
    name = getattr(node, "name", None) or getattr(node, "label", None)
    if isinstance(name, str) and name:
        return f"'{shorten(name)}'"
    found = {node: None}
    stack = [node]
    while stack:
        some = stack.pop()
        for other in (*getattr(some, "input_nodes", ()), *getattr(some, "output_nodes", ())):
            if other not in found:
                found[other] = None
                stack.append(other)
    alike = sorted((n for n in found if type(n) is type(node)), key=lambda n: getattr(n, "_built", -1))
    return f"{type(node).__name__} {alike.index(node) + 1}"


def name_with_shape(node: Any) -> str:
    """A node's title with the shape of its output, for sentences about shapes."""
    return f"{title(node)} ({shape_text(node.output)})"


def kind_text(obj: Any) -> str:
    """What an object is, for a message that expected something else."""
    if isinstance(obj, np.ndarray):
        return f"an array of shape {shape_text(obj)}" if obj.shape else "an array of one number"
    if isinstance(obj, type):
        return f"the class {obj.__name__} itself (are its brackets missing?)"
    name = type(obj).__name__
    return "None" if obj is None else f"a{'n' * (name[0] in 'aeiouAEIOU')} {name}"


def shape_text(x: Any) -> str:
    """The shape of an array as messages write it.

    >>> shape_text(np.zeros((11, 10))), shape_text(np.zeros(11)), shape_text(3.0)
    ('11×10', '11', 'one number')
    """
    return "×".join(map(str, np.shape(x))) or "one number"


def list_titles(nodes: list[Any]) -> str:
    """Titles in a row: ``'X', 'W' and 'b'``, each once."""
    return join_names(dict.fromkeys(map(title, nodes)))
