"""What a sample is made of: the letters of a name, the numbers of a row, one after another."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from ..graph import is_node
from .recorded_network import number_of

END = ("end",)
"""The part after the last letter of a text."""
MOST = 20_000
"""Of more parts a sample is read as a whole."""


class Parts(NamedTuple):
    """The `atoms` of a sample in order, how they are put together, and the ids of the nodes among them."""

    atoms: tuple[Hashable, ...]
    shape: Hashable
    nodes: frozenset[int]


def split_sample(sample: Any) -> Parts:
    """Take a sample apart: texts into letters, lists, rows, dictionaries and dataclasses into what they hold.

    >>> split_sample(("ab", 3)).atoms
    ('a', 'b', ('end',), 3, 'ab')
    >>> split_sample("ab").shape == split_sample("xy").shape
    True
    """
    atoms: list[Any] = []
    wholes: list[str] = []
    nodes: set[int] = set()

    def walk(x: Any) -> Hashable:
        if len(atoms) > MOST:
            raise OverflowError
        if isinstance(x, str):
            atoms.extend((*x, END))
            if len(x) > 1:
                wholes.append(x)
            return "text", len(x)
        if isinstance(x, (bool, Real)) or x is None:
            atoms.append(x.item() if isinstance(x, np.generic) else x)
            return "one"
        if isinstance(x, np.ndarray):
            atoms.extend(x.ravel().tolist())
            return "array", x.shape
        if isinstance(x, Mapping):
            return "map", tuple((key, walk(each)) for key, each in x.items())
        if isinstance(x, (list, tuple)):
            return type(x).__name__, tuple(map(walk, x))
        if is_node(x):
            nodes.add(id(x))
            atoms.append(number_of(x))
            return "node"
        held = getattr(x, "__dict__", None)
        if held and not callable(x):
            return type(x).__qualname__, tuple((key, walk(each)) for key, each in held.items())
        atoms.append(x if isinstance(x, Hashable) else id(x))
        return "other"

    try:
        shape = walk(sample)
        hash(shape)
    except (OverflowError, RecursionError, TypeError):
        return Parts((id(sample),), ("whole", id(sample)), frozenset(nodes))
    return Parts((*atoms, *wholes), shape, frozenset(nodes))


def is_whole(atom: Hashable) -> bool:
    """Whether a part is a text of several letters, which are parts themselves."""
    return isinstance(atom, str) and len(atom) > 1
