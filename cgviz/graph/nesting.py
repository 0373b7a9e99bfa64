"""Groups within groups, of every node the innermost: what is known of a graph beside its records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from .records import Graph, Group


class Nest(NamedTuple):
    """A tree of groups: `groups` are they, `parents` the place of the one around each (-1: none), which comes before it
    in the list, and `innermost` says for each node in which of them it is (-1: in none).

    Each group has to be convex: what lies on a way from one of its nodes to another belongs to it. A group has as many
    results as nodes of it are used outside. `kind` says where the groups come from. Of groups that are one sum or
    product of many operands `sums` has, by number, the `operands` and the `row`. `shown` are the leaves that are drawn
    though only groups use them; ``None`` for those with labels, where they are few.

    >>> nest = Nest("calls", (Group("call", "", "f", (), 7), Group("call", "", "g", (), 8)), (-1, 0), (-1, 0, 1))
    >>> nest.owners(), nest.owners([7])
    ([-1, 0, 0], [-1, -1, 1])
    """

    kind: str
    groups: tuple[Group, ...]
    parents: Sequence[int]
    innermost: Sequence[int]
    sums: Mapping[int, Any] = {}
    shown: Collection[int] | None = None

    def owners(self, opened: Collection[int] = ()) -> list[int]:
        """For each node the place of the outermost group around it that is not among the `opened` numbers, or -1."""
        shown: list[int] = []
        for group, parent in zip(self.groups, self.parents, strict=True):
            around = shown[parent] if parent >= 0 else -1
            # A group within one that is closed stays out of sight, opened or not.
            shown.append(around if around >= 0 else -1 if group.number in opened else len(shown))
        shown.append(-1)  # of nodes in no group
        return [shown[place] for place in self.innermost]

    def around(self, place: int) -> tuple[Group, ...]:
        """A group and those around it, the innermost first."""
        found = []
        while place >= 0:
            found.append(self.groups[place])
            place = self.parents[place]
        return tuple(found)


def nest_of(graph: Graph) -> Nest | None:
    """The groups that were noted while a graph was built, if any were."""
    return vars(graph).get("nest")


def set_nest(graph: Graph, nest: Nest | None) -> Graph:
    """Note groups beside a graph; return it."""
    if nest is not None:
        vars(graph)["nest"] = nest
    return graph


_latest: list[tuple[list[Any], Callable[[], Any], dict[int, int], dict[int, str]]] = []
"""What was noted last: the nodes in order of creation, their groups, and the place of each by its id; and the
names of weights, by their ids."""


def remember(nodes: list[Any], groups: Callable[[], Any], weights: dict[int, str]) -> None:
    """Keep what was noted while nodes were made, in place of what was noted before; it keeps the nodes alive."""
    made = {id(node): place for place, node in enumerate(nodes)}
    _latest[:] = [(nodes, groups, made, weights)] if nodes else []


def recall(order: Sequence[Any], rows: Sequence[tuple[int, ...]]) -> Nest | None:
    """The groups of these objects as they were noted; ``None`` if they were not, or operands are younger than nodes."""
    if not _latest or id(order[-1]) not in _latest[0][2]:
        return None
    _, groups, made, weights = _latest[0]
    places = [made.get(id(obj), -1) for obj in order]
    if any(places[k] > place for place, row in zip(places, rows, strict=True) if place >= 0 for k in row):
        return None
    found, parents, innermost = groups()
    inner = [innermost[place] if place >= 0 else -1 for place in places]
    used: list[dict[str, None]] = [{} for _ in found]
    for at, row in zip(inner, rows, strict=True):
        for k in row if at >= 0 else ():
            if not rows[k] and (name := weights.get(id(order[k]))):
                used[at][name] = None
    for at in range(len(found) - 1, -1, -1):
        if parents[at] >= 0:
            used[parents[at]].update(used[at])
    named = [_add_name(group, tuple(names)) for group, names in zip(found, used, strict=True)]
    return Nest("calls", tuple(named), parents, inner)


def _add_name(group: Group, weights: tuple[str, ...]) -> Group:
    """A call that takes the weights of one name says so, ``linear wq``."""
    known = len(weights) == 1 and group.symbol.isidentifier()
    return group._replace(symbol=f"{group.symbol} {weights[0]}") if known else group
