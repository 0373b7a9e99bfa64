"""How the nodes of a recorded graph are addressed: by the object, its trace record, its name, or its place."""

from __future__ import annotations

import operator
from functools import cached_property
from typing import Any

from ..graph import Node, identity
from ..graph.node_labels import identities, tell_apart
from ..text import exact, kind, shorten
from .tape import Tape

LISTED = 8  # names in a message


class Addresses:
    """Finds the nodes of a tape.

    `slots` says by name which leaf is meant: its label, numbered where several share one (``w``, ``w_2``),
    or its place, as ``v5``.
    """

    def __init__(self, tape: Tape, objects: list[Any]) -> None:
        self.tape, self.objects, self.leaves = tape, objects, tape.leaves
        self.slots = {name: slot for slot, name in enumerate(tell_apart(map(tape.full_name, self.leaves)))}
        self._slot_of = {i: slot for slot, i in enumerate(self.leaves)}
        self._named: dict[str, list[int]] = {}

    @cached_property
    def _place(self) -> dict[int | str, int]:
        """The places by object: made when somebody asks by one, for it takes a hundred bytes a node."""
        found: dict[int | str, int] = {id(obj): i for i, obj in enumerate(self.objects)}
        if found and hasattr(self.objects[-1], "_known_as"):  # of PyTorch's tensors, by which they are asked for
            found |= {known: i for i, obj in enumerate(self.objects) for known in identities(obj)}
        return found

    @property
    def count(self) -> int:
        """How many nodes there are."""
        return len(self.tape.ops)

    def node(self, key: Any) -> int:
        """The place of a node. Raises `KeyError` for what is not in the graph, or a name that several nodes share."""
        known = key if isinstance(key, str) else id(key)
        if known in self._place:
            return self._place[known]
        if isinstance(key, str):
            return self._by_name(key)
        if (known := identity(key)) in self._place:
            return self._place[known]
        place = key.index if isinstance(key, Node) else key
        try:
            place = operator.index(place)
        except TypeError:
            raise KeyError(f"{kind(key)} is not a node of this graph: {shorten(repr(key), 60)}") from None
        if not -len(self.tape.ops) <= place < len(self.tape.ops):
            raise KeyError(f"there is no node {place}; the graph has {len(self.tape.ops)} nodes, counted from 0")
        return place % len(self.tape.ops)

    def leaf(self, key: Any) -> int:
        """Which leaf is meant, counted from 0. Raises `KeyError` as `node` does, and for a node that is no leaf."""
        if isinstance(key, str) and key in self.slots:
            return self.slots[key]
        if isinstance(key, str) and key not in self._names():
            raise KeyError(f"there is no leaf '{shorten(key)}'; the leaves are {self._list_names()}")
        i = self.node(key)
        if i in self._slot_of:
            return self._slot_of[i]
        if i in self.tape.constants:
            raise KeyError(f"the constant {exact(self.tape.numbers[i])} is part of the program and takes no number")
        raise KeyError(
            f"node '{self.tape.name(i)}' is computed and takes no number; the leaves are {self._list_names()}"
        )

    def _names(self) -> dict[str, list[int]]:
        if not self._named:
            for i in range(len(self.tape.labels)):
                self._named.setdefault(self.tape.full_name(i), []).append(i)
        return self._named

    def _by_name(self, name: str) -> int:
        found = self._names().get(name, [])
        if name in self.slots:
            found = [self.leaves[self.slots[name]], *(i for i in found if i not in self._slot_of)]
        if len(found) > 1:
            places = ", ".join(map(str, found[:LISTED]))
            raise KeyError(f"{len(found)} nodes are called '{shorten(name)}'; ask for one by its place: {places}")
        if not found:
            raise KeyError(f"there is no node '{shorten(name)}' in this graph")
        self._place[name] = found[0]
        return found[0]

    def _list_names(self) -> str:
        shown = ", ".join(f"'{shorten(name)}'" for name in list(self.slots)[:LISTED])
        return shown + (f" and {len(self.slots) - LISTED} more" if len(self.slots) > LISTED else "")
