"""The smaller graph in which each group that is folded is one node."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ..chain_rule.flow import gradients
from ..graph import LEAF, OPERATION_NODE, ArraySummary, Edge, Graph, Group, Node
from ..graph.agreement import is_number
from ..graph.array_summary import LARGE, join_summaries
from ..graph.collector import uncollected
from ..graph.nesting import Nest
from ..graph.records import distinguish
from ..ops.domain import FAILURES
from .membership import Membership, nested


def fold_nest(graph: Graph, nest: Nest, derivatives: bool = False, opened: Collection[int] = ()) -> Graph:
    """The smaller graph in which each outermost group of a nest is one node; of those `opened` the inside is shown.

    What is shown of each of those is noted beside the graph (`Graph.unfolded`).
    """
    folding = Folding(graph, nested(graph, nest, opened), derivatives)
    try:
        with uncollected():
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
    found.remember_unfolded(folding.renumber(graph.unfolded) | unfolded)
    return found


Unfolded = dict[int, tuple[str, tuple[int, ...]]]


class Folding:
    """Makes each group of a membership one node.

    Units of the smaller graph are ``("node", index)``, ``("box", number of the group)`` and, for one result of
    several, ``("pick", index)``.
    """

    def __init__(self, graph: Graph, folded: Membership, derivatives: bool) -> None:
        self.old, self.derivatives = graph, derivatives
        self.owner, self.hidden, self.results, self.around, self.sums = folded
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

    def renumber(self, unfolded: Unfolded) -> Unfolded:
        """What is unfolded in the old graph, by the indices of the smaller one."""
        found = {}
        for number, (name, inside) in unfolded.items():
            units = dict.fromkeys(self.unit_of(i) for i in inside)
            found[number] = name, tuple(sorted(self.place[unit] for unit in units if unit in self.place))
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
        if key in self.sums:
            return [self.unit_of(k) for k in self.sums[key].operands]
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
            box = self._box(key, index, below, operands, place)
            return box._replace(row=self.sums[key].row) if key in self.sums else box
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
            self._local(number, below) if self.derivatives and len(results) == 1 and number not in self.sums else (),
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
