"""How a graph is folded: which nodes belong to a group, and the smaller graph in which each group is one node."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from ..chain_rule.flow import gradients
from ..graph import LEAF, OPERATION_NODE, ArraySummary, Edge, Graph, Group, Node
from ..graph.agreement import is_number
from ..graph.array_summary import LARGE, join_summaries
from ..graph.nesting import Nest
from ..graph.records import distinguish
from ..ops.domain import FAILURES

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
    shown.update(k for there in labelled.values() if len(there) <= FEW for k in there)
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
    return Membership(owner, hidden, results, around)


def fold_nest(graph: Graph, nest: Nest, derivatives: bool = False, opened: Collection[int] = ()) -> Graph:
    """The smaller graph in which each outermost group of a nest is one node; of those `opened` the inside is shown.

    What is shown of each of those is noted beside the graph (`Graph.unfolded`).
    """
    folding = Folding(graph, nested(graph, nest, opened), derivatives)
    try:
        found = folding.graph()
    except CycleError:  # the groups are not convex: nothing is folded rather than something wrong shown
        return graph
    places = {one.number: place for place, one in enumerate(nest.groups)}
    there: dict[int, list[int]] = {places[number]: [] for number in opened if number in places}
    for node, (how, key) in zip(found.nodes, folding.place, strict=True):
        at = (
            places[key]
            if how == "box"
            else nest.innermost[folding.results[folding.owner[key]][0] if how == "pick" else key]
        )
        while there and at >= 0:
            if at in there:
                there[at].append(node.index)
            at = nest.parents[at]
    unfolded = {
        nest.groups[at].number: (nest.groups[at].name or nest.groups[at].symbol, tuple(inside))
        for at, inside in there.items()
    }
    found.remember_unfolded(graph.unfolded | unfolded if graph.results else unfolded)
    return found


class Folding:
    """Makes each group of a membership one node.

    Units of the smaller graph are ``("node", index)``, ``("box", number of the group)`` and, for one result of
    several, ``("pick", index)``.
    """

    def __init__(self, graph: Graph, folded: Membership, derivatives: bool) -> None:
        self.old, self.derivatives = graph, derivatives
        self.owner, self.hidden, self.results, self.around = folded
        self.members: dict[int, list[int]] = {}
        self.place: dict[tuple, int] = {}
        """The index of each unit in the smaller graph, in order."""
        for i, number in enumerate(self.owner):
            if number is not None:
                self.members.setdefault(number, []).append(i)

    def graph(self) -> Graph:
        """The smaller graph. Raises graphlib's `CycleError` if folding has made a circle."""
        below = {unit: self._below(unit) for unit in self._units()}
        place = self.place
        for unit in TopologicalSorter(below).static_order():
            place[unit] = len(place)
        nodes = distinguish([self._record(unit, place[unit], below[unit], place) for unit in place])
        edges = tuple(
            Edge(source, node.index, position, node.local[position] if node.local else None)
            for node in nodes
            for position, source in enumerate(node.operands)
        )
        found = Graph(nodes, edges)
        found.remember_results(tuple(map(self._results, place)))
        found.remember_whole(self.old.whole)
        return found

    def _results(self, unit: tuple) -> tuple[int, ...]:
        """The old nodes whose numbers a unit has."""
        how, key = unit
        mine = self.results[key] if how == "box" else (key,)
        return tuple(k for i in mine for k in self.old.results[i]) if self.old.results else tuple(mine)

    def _units(self) -> Iterable[tuple]:
        """Every unit that the root needs, the leaves first in their old order."""
        needed: dict[tuple, None] = {}
        stack = [self.unit_of(len(self.old.nodes) - 1)]
        while stack:
            unit = stack.pop()
            if unit not in needed:
                needed[unit] = None
                stack.extend(self._below(unit))
        return sorted(needed, key=self._first)

    def _first(self, unit: tuple) -> tuple[int, bool]:
        return (self.results[unit[1]][-1] if unit[0] == "box" else unit[1]), unit[0] == "pick"

    def unit_of(self, i: int) -> tuple:
        """What stands for an old node where it is used outside of its group."""
        number = self.owner[i]
        if number is None:
            return "node", i
        return ("box", number) if len(self.results[number]) == 1 else ("pick", i)

    def _below(self, unit: tuple) -> list[tuple]:
        """The operands of a unit, in order; those of a box each once."""
        how, key = unit
        if how == "pick":
            return [("box", self.owner[key])]
        if how == "node":
            return [self.unit_of(k) for k in self.old.nodes[key].operands]
        wanted = dict.fromkeys(self.around[key][0].inputs)  # the arguments first, in their order
        used = {k for i in self.members[key] for k in self.old.nodes[i].operands}
        outside = [*(k for k in wanted if k in used), *sorted(used - set(wanted))]
        outside = [k for k in outside if self.owner[k] != key and k not in self.hidden]
        found = [self.unit_of(k) for k in outside]
        # A box takes a vector as a whole, and not each of its elements.
        return list(dict.fromkeys(("box", self.owner[u[1]]) if u[0] == "pick" else u for u in found))

    def _record(self, unit: tuple, index: int, below: list[tuple], place: dict[tuple, int]) -> Node:
        how, key = unit
        operands = tuple(place[k] for k in below)
        if how == "box":
            return self._box(key, index, below, operands, place)
        node = self.old.nodes[key]
        if how == "pick":
            results = self.results[self.owner[key]]
            local = (_together([float(k == key) for k in results]),)
            symbol = f"[{results.index(key)}]"
            return node._replace(
                index=index,
                op=symbol,
                kind=OPERATION_NODE,
                operands=operands,
                local=local,
                groups=(),
                folded=0,
                row=None,
                alone="",
            )
        return node._replace(index=index, operands=operands, groups=self._renumber(node.groups, place), alone="")

    def _renumber(self, groups: tuple[Group, ...], place: dict[tuple, int]) -> tuple[Group, ...]:
        """The groups with their inputs by the indices of the smaller graph."""
        return tuple(
            one._replace(
                inputs=tuple(dict.fromkeys(place[self.unit_of(k)] for k in one.inputs if self.unit_of(k) in place))
            )
            for one in groups
        )

    def _box(
        self, number: int, index: int, below: list[tuple], operands: tuple[int, ...], place: dict[tuple, int]
    ) -> Node:
        found, results = self.around[number][0], [self.old.nodes[i] for i in self.results[number]]
        ways = {node.stale for node in results}
        stale = next((word for word in ("value", "operands", "gradient") if word in ways), "")
        return Node(
            index,
            (results[0].label if len(results) == 1 else "") or found.name,
            found.symbol,
            _together([node.data for node in results]),
            _together([node.grad for node in results]),
            OPERATION_NODE,
            operands,
            self._local(number, below) if self.derivatives and len(results) == 1 else (),
            stale,
            any(node.has_grad for node in results),
            self._renumber(self.around[number], place),
            len(self.members[number]),
        )

    def _local(self, number: int, below: list[tuple]) -> tuple[Any, ...]:
        """∂result/∂operand through the whole group, a vector where the operand is one; empty if a rule is not known."""
        behind = [self.results[k] if how == "box" else [k] for how, k in below]
        inside = set(self.members[number])
        leaves = {k for i in inside for k in self.old.nodes[i].operands} - inside
        order = sorted(inside | leaves)
        place = {k: n for n, k in enumerate(order)}
        part = []
        for k in order:
            node = self.old.nodes[k]
            if k in inside:
                part.append(node._replace(index=place[k], operands=tuple(place[j] for j in node.operands)))
            else:
                part.append(node._replace(index=place[k], operands=(), local=(), kind=LEAF, row=None))
        if not all(is_number(node.data) for node in part):
            return ()
        try:
            slopes = gradients(Graph(tuple(part), ()))
        except (*FAILURES, TypeError):
            return ()
        return tuple(_together([slopes[place[k]] if k in place else 0.0 for k in listed]) for listed in behind)


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


def _together(data: Sequence[Any]) -> Any:
    """One number as it is, several as a vector; nothing if one is missing."""
    if len(data) == 1 or any(x is None for x in data):
        return data[0] if len(data) == 1 else None
    if any(isinstance(x, ArraySummary) for x in data) or sum(math.prod(getattr(x, "shape", ())) for x in data) > LARGE:
        return join_summaries(data)
    import numpy as np

    found = np.concatenate([np.ravel(x) for x in data])
    found.flags.writeable = False
    return found
