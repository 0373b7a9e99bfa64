"""What a node is called: by the label that its class keeps, by a name that a caller gives, or by its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..text import number, shorten
from .addresses import is_passing
from .attributes import first, private
from .fields import value_of
from .spellings import LABEL

AUTOMATIC = re.compile(r"[\s_#:.-]*\d*$")
MADE_UP = ("", "?", "v", "t", "var", "variable", "value", "node", "tensor", "scalar", "tmp", "unnamed", "none")
"""Labels that a class gives by itself, but for the number at their end."""


def label_of(obj: Any, names: Mapping[int, str]) -> str:
    """The label of a node, or the name by which `names` knows it: which counts before one that its class has made."""
    label = first(obj, LABEL)
    own = label if isinstance(label, str) and not is_passing(label, obj) else ""
    if not names or (own and not isinstance(names, GivenNames) and not _is_automatic(own, type(obj))):
        return own
    return next((names[i] for i in identities(obj) if i in names), own)


class GivenNames(dict[int, str]):
    """Names by ``id`` that count before the labels of the objects themselves."""


def _is_automatic(label: str, cls: type) -> bool:
    """Whether a class may have made up a label, as it counts its objects: ``v12``, ``Tensor_3``."""
    return AUTOMATIC.sub("", label).lower() in (*MADE_UP, cls.__name__.lower())


def identities(obj: Any) -> tuple[int, ...]:
    """The ids by which an object of a graph is known: its own, or that of a tensor of PyTorch's."""
    return private(obj, "_known_as", (id(obj),))


def tell_apart(names: Iterable[str]) -> list[str]:
    """The names, numbered where several are alike.

    >>> tell_apart(["w", "b", "w", "w"])
    ['w', 'b', 'w_2', 'w_3']
    """
    found: dict[str, None] = {}
    for name in names:
        new, n = name, 2
        while new in found:
            new, n = f"{name}_{n}", n + 1
        found[new] = None
    return list(found)


def describe(obj: Any, names: Mapping[int, str] | None = None) -> str:
    """What a message calls a node: its label, or its class and its number."""
    label = label_of(obj, names or {})
    return f"'{shorten(label)}'" if label else f"{type(obj).__name__}({number(value_of(obj))})"
