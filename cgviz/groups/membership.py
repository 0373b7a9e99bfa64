"""What is folded of a graph: the group that each of its nodes belongs to, and the results of each group."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ..graph import LEAF, Graph, Group
from ..graph.nesting import Nest
from .sums import KIND as SUMS

FEW = 8
"""A group of a nest shows the leaves with labels that it uses, if there are no more."""


class Membership(NamedTuple):
    """What is folded: the number of the folded group that each node belongs to, the leaves that only such groups use,
    the results of each group, and, by number, the group itself and those around it, the innermost first.
    """

    owner: Sequence[int | None]
    hidden: Collection[int]
    results: dict[int, list[int]]
    around: dict[int, tuple[Group, ...]]
    sums: Mapping[int, Any] = {}


def marked(graph: Graph, chosen: dict[int, Group]) -> Membership:
    """What belongs to the groups that are `chosen`, by the index of each result that was marked."""
    owner, hidden = owners(graph, chosen)
    results: dict[int, list[int]] = {}
    around: dict[int, tuple[Group, ...]] = {}
    for i, one in sorted(chosen.items()):
        if owner[i] == one.number:
            results.setdefault(one.number, []).append(i)
            if one.number not in around:
                groups = graph.nodes[i].groups
                around[one.number] = groups[next(k for k, g in enumerate(groups) if g.number == one.number) :]
    return Membership(owner, hidden, results, around)


def nested(graph: Graph, nest: Nest, opened: Collection[int] = ()) -> Membership:
    """What belongs to the groups of a nest: those that are `opened`, by number, show what is in them.

    A group's results are the nodes of it that others use. Leaves of it are shown where something outside of groups uses
    them too, and where they are few and have labels.
    """
    places, nodes = nest.owners(opened), graph.nodes
    labelled: dict[int, set[int]] = {}
    shown = set()
    for node in nodes:
        place = places[node.index]
        for k in node.operands:
            if not nodes[k].operands:
                if place < 0:
                    shown.add(k)
                elif nodes[k].kind == LEAF and nodes[k].label:
                    labelled.setdefault(place, set()).add(k)
    few = (k for there in labelled.values() if len(there) <= FEW for k in there)
    shown.update(few if nest.shown is None else nest.shown)
    for chain in nest.sums.values() if nest.kind == SUMS else ():
        shown.update(chain.operands)
    hidden = {node.index for node in nodes if not node.operands and node.index not in shown}
    for node in nodes:
        if not node.operands:
            places[node.index] = -1
    ends: list[set[int]] = [set() for _ in nest.groups]
    for node in nodes:
        place = places[node.index]
        for k in node.operands:
            other = places[k]
            if other >= 0 and other != place:
                ends[other].add(k)
    if (last := places[-1]) >= 0:
        ends[last].add(graph.root.index)
    results = {nest.groups[place].number: sorted(found) for place, found in enumerate(ends) if found}
    around = {nest.groups[place].number: nest.around(place) for place, found in enumerate(ends) if found}
    owner = [nest.groups[place].number if place >= 0 and ends[place] else None for place in places]
    sums = {number: one for number, one in nest.sums.items() if number in results and not hidden & {*one.operands}}
    return Membership(owner, hidden, results, around, sums)


def owners(graph: Graph, chosen: dict[int, Group]) -> tuple[list[int | None], set[int]]:
    """For each node the number of the folded group that it belongs to; and the leaves that only such groups use.

    From the root down: a result starts its group, unless a group around it has it already. A node belongs to a
    group if everything that uses it does, and if it is not one of the arguments.
    """
    inputs = {found.number: frozenset(found.inputs) for found in chosen.values()}
    users: list[set[int | None]] = [set() for _ in graph.nodes]
    owner: list[int | None] = [None] * len(graph.nodes)
    hidden: set[int] = set()
    for node in reversed(graph.nodes):
        i, by = node.index, users[node.index]
        within = by and None not in by and not any(i in inputs[number] for number in by)
        if within and len(by) == 1:
            owner[i] = next(iter(by))
        elif i in chosen:
            owner[i] = chosen[i].number
        elif within and not node.operands:
            hidden.add(i)  # a weight that several groups share
        for k in node.operands:
            users[k].add(owner[i])
    return owner, hidden
