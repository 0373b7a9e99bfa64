"""What was unfolded keeps an outline and its name: a frame around a group's nodes, or a shade behind each of them.

A layout does not keep the nodes of a group together. So there is a frame only where nothing else lies within it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from ..graph import Graph
from ..groups.membership import owners
from ..text import shorten
from .layout.plan import STUB
from .layout.routing import Layout, Place

PAD = 9.0
"""How far the outline is from what is in it."""


class Outline(NamedTuple):
    """What an unfolded group is called, and its frame, or the places of all that belongs to it."""

    number: int
    name: str
    places: tuple[Place, ...]
    framed: bool


def find_outlines(graph: Graph, found: Layout, opened: Collection[int]) -> Iterator[Outline]:
    """The outline of each group whose number is among the `opened`, those around others first.

    >>> from cgviz.graph import Graph, Node
    >>> from .layout.placement import layout
    >>> a = Graph((Node(0, "a", "", 2.0, None, "leaf", ()),), ())
    >>> list(find_outlines(a, layout(a), [3]))
    []
    """
    members: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    drawn_of = {unit.node: k for k, unit in enumerate(found.plan.units) if unit.kind != STUB}
    for number, (name, within) in graph.unfolded.items():
        if drawn := [drawn_of[i] for i in within if i in drawn_of]:
            members[number], names[number] = drawn, name
    for number in (number for number in opened if number not in graph.unfolded):
        chosen = {node.index: one for node in graph.nodes for one in node.groups if one.number == number}
        inside = {i for i, owner in enumerate(owners(graph, chosen)[0]) if owner is not None}
        drawn = [k for k, unit in enumerate(found.plan.units) if unit.kind != STUB and unit.node in inside]
        if drawn:
            one = next(iter(chosen.values()))
            members[number], names[number] = drawn, one.name or one.symbol
    for number in sorted(members, key=lambda number: -len(members[number])):
        inside = set(members[number])
        mine = tuple(place for k in members[number] for place in _places(found, k))
        frame = _frame(mine)
        others = (place for k in range(len(found.boxes)) if k not in inside for place in _places(found, k))
        framed = not any(_meet(frame, place) for place in others)
        yield Outline(number, shorten(names[number]), (frame,) if framed else tuple(map(_grow, mine)), framed)


def _places(found: Layout, k: int) -> tuple[Place, ...]:
    """A node's box and the operation before it, as one rectangle each."""
    op = found.ops[k]
    return (found.boxes[k], op) if op else (found.boxes[k],)


def _grow(place: Place) -> Place:
    return Place(place.x - PAD, place.y - PAD, place.w + 2 * PAD, place.h + 2 * PAD)


def _frame(places: tuple[Place, ...]) -> Place:
    x, y = min(p.x for p in places), min(p.y for p in places)
    return _grow(Place(x, y, max(p.x + p.w for p in places) - x, max(p.y + p.h for p in places) - y))


def _meet(a: Place, b: Place) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h
