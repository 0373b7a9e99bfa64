"""Decide what is drawn: every node of a small graph; of a large one repeated leaves, or the part nearest to the root.

A picture is made of units. A unit is a node, a copy of a leaf beside one of its later uses, or a stub
that stands for nodes which are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container
from typing import NamedTuple

from ...graph import OPERATION_NODE, Edge, Graph
from ...graph.nesting import Nest, nest_of
from ...groups.folding import fold_nest
from ...groups.grouping import fold, kinds
from ...groups.repetition import repetition_of
from .extent import PAGE, ROLL, is_too_large, measure_extent, put_on, sheet_of
from .layering import ranks

MOST = 1500
"""Graphs of more nodes than this are shown in part."""
CROWDED, OVERVIEW = 60, 200
"""A graph of more nodes than the first is shown with its groups folded, by the innermost that leave no more than the
second."""
NEAREST, ABREAST = 60, 12
"""How many nodes such a part has, and how many operands of one node it shows."""
FEWER = (40, 25, 15)
"""So many it has where that would still be too large a picture."""
SURE = 16
"""The picture of so few nodes is never too large."""
FEW, MANY = 12, 60
"""Of calls the largest are unfolded until there are so many boxes, and not if there would be more than the second."""
FAR = 24
"""A leaf is repeated when the number of its uses times the number of columns they span exceeds this."""

NODE, COPY, STUB = "node", "copy", "stub"


class Unit(NamedTuple):
    """Something drawn in one place: node number `node`, a `copy` of it, or a `stub` for `count` nodes below it."""

    kind: str
    node: int
    count: int = 0  # type: ignore[assignment]  # how many, and not the method of tuples


class Arc(NamedTuple):
    """A line from unit `source` to unit `target`, which shows `edge` of the graph."""

    source: int
    target: int
    edge: Edge


class Plan(NamedTuple):
    """What is drawn: units in topological order, arcs between them, and how many nodes are left out."""

    units: tuple[Unit, ...]
    arcs: tuple[Arc, ...]
    hidden: int


def plan(graph: Graph, most: int = MOST, rankdir: str = "LR") -> Plan:
    """Decide what is drawn of a graph: all of it, unless it has too many nodes or its picture would be too large.

    >>> from cgviz.graph import Graph, Node, Edge
    >>> a = Node(0, "a", "", 2.0, None, "leaf", ())
    >>> b = Node(1, "b", "+", 4.0, None, "operation", (0, 0))
    >>> [u.kind for u in plan(Graph((a, b), (Edge(0, 1, 0), Edge(0, 1, 1)))).units]
    ['node', 'node']
    """
    if fits(graph, rankdir, most):
        return _repeat_leaves(_all(graph), graph)
    for count in NEAREST, *FEWER:
        part = _nearest(graph, count)
        if not _is_too_large(graph, part, rankdir):
            break
    return _repeat_leaves(part, graph)


def _is_too_large(graph: Graph, what: Plan, rankdir: str) -> bool:
    pairs = [(arc.source, arc.target) for arc in what.arcs]
    return is_too_large(measure_extent(graph, [unit.node for unit in what.units], pairs, rankdir), sheet_of(graph))


def fits(graph: Graph, rankdir: str = "LR", most: int = MOST) -> bool:
    """Whether all of a graph is drawn."""
    count = len(graph.nodes)
    return count <= most and (count <= SURE or not _is_too_large(graph, _all(graph), rankdir))


def _all(graph: Graph) -> Plan:
    units = tuple(Unit(NODE, node.index) for node in graph.nodes)
    return Plan(units, tuple(Arc(e.source, e.target, e) for e in graph.edges), 0)


def overview(
    graph: Graph,
    which: str | bool | tuple[str, ...] | None = None,
    derivatives: bool = False,
    opened: Collection[int] = (),
    rankdir: str = "LR",
) -> Graph:
    """The graph with its groups folded as `fold` says, or if `which` is ``None`` as its size asks for.

    What is still too large for a picture is folded by what repeats in it, unless `which` is ``False``: sums, branches
    that are alike, the middle of a chain. Of the groups whose numbers are `opened` the inside is shown. Raises
    `ValueError`, naming the kinds of groups that there are, for a kind that is not among them.
    """
    found = put_on(ROLL, _fold_groups(graph, which, derivatives, opened))
    if which is False or fits(put_on(PAGE, found), rankdir):
        return put_on(PAGE if which is None else ROLL, found)
    nest = repetition_of(found)
    return put_on(PAGE, fold_nest(found, nest, derivatives, opened)) if nest else found


def _fold_groups(
    graph: Graph, which: str | bool | tuple[str, ...] | None, derivatives: bool, opened: Collection[int]
) -> Graph:
    nest = nest_of(graph)
    if which == "calls" and (nest is None or nest.kind != which):
        raise ValueError(
            "nothing was noted of the calls that made this graph: build it within 'with grouped():', "
            "from cgviz.groups, "
            'or give the function itself, as in explore(f, fold="calls")'
        )
    if which == "modules" and (nest is None or nest.kind != which):
        raise ValueError(
            "nothing was noted of the modules that made this graph: build it within 'with module_groups(model):', "
            "from cgviz.groups, where model is one of PyTorch's"
        )
    if nest is not None and (which == nest.kind or (which is None and len(graph.nodes) > CROWDED)):
        return fold_nest(graph, nest, derivatives, _open_first(graph, nest) | set(opened))
    if isinstance(which, tuple):  # those of several kinds that there are
        there = kinds(graph)
        which = tuple(kind for kind in which if kind in there) or None
    if which is not None:
        return fold(graph, which, derivatives, opened)
    found = graph
    if len(graph.nodes) > CROWDED:
        for depth, _ in enumerate(kinds(graph)):
            found = fold(graph, depth, derivatives)
            if len(found.nodes) <= OVERVIEW:
                break
        if opened and found is not graph:
            found = fold(graph, depth, derivatives, opened)
    return found


def _open_first(graph: Graph, nest: Nest) -> set[int]:
    """The groups of a nest that are open from the beginning: the largest, until there is something to see."""
    known = vars(graph)
    if "open_first" not in known:
        opened: set[int] = set()
        around = set(nest.parents)
        inner = {group.number for place, group in enumerate(nest.groups) if place in around}
        found = fold_nest(graph, nest)
        while sum(bool(node.operands) for node in found.nodes) < FEW:
            boxes = [node for node in found.nodes if node.folded and node.groups[0].number in inner]
            if not boxes:
                break
            largest = max(boxes, key=lambda node: (node.folded, node.index))
            more = put_on(PAGE, fold_nest(graph, nest, False, {*opened, largest.groups[0].number}))
            if sum(bool(node.operands) for node in more.nodes) > MANY or not fits(more):
                break
            opened.add(largest.groups[0].number)
            found = more
        known["open_first"] = opened
    return known["open_first"]


def _repeat_leaves(whole: Plan, graph: Graph) -> Plan:
    """Draw a leaf that is used in many columns again beside each of its later uses."""
    units, arcs, hidden = whole
    rank = ranks(len(units), [(arc.source, arc.target) for arc in arcs])
    users: dict[int, list[int]] = {}
    for arc in arcs:
        unit = units[arc.source]
        if unit.kind == NODE and graph.nodes[unit.node].kind != OPERATION_NODE:
            users.setdefault(arc.source, []).append(arc.target)
    copies: dict[tuple[int, int], int] = {}  # (leaf, user) -> the copy
    made: list[Unit] = []
    for source, targets in users.items():
        used = {rank[target] for target in targets}
        if len(used) * (max(used) - min(used)) > FAR:
            for target in dict.fromkeys(targets):
                if rank[target] > min(used) + 1:
                    copies[source, target] = len(made)
                    made.append(Unit(COPY, units[source].node))
    shift = len(made)
    moved = (Arc(copies.get((a.source, a.target), a.source + shift), a.target + shift, a.edge) for a in arcs)
    return Plan((*made, *units), tuple(moved), hidden)


def _nearest(graph: Graph, count: int = NEAREST) -> Plan:
    """The nodes nearest to the root, level by level, with a stub wherever operands are left out."""
    kept = nearest(graph, count)
    edges = [e for i in kept for e in _edges_into(graph, i)]
    cut: dict[int, set[int]] = {}
    for e in edges:
        if e.source not in kept:
            cut.setdefault(e.target, set()).add(e.source)
    behind = _behind(graph, cut, kept)
    units = [Unit(STUB, target, behind[target]) for target in sorted(cut)]
    stub = {unit.node: i for i, unit in enumerate(units)}
    place = {index: len(units) + i for i, index in enumerate(kept)}
    units += [Unit(NODE, index) for index in kept]
    arcs, stubbed = [], set()
    for e in edges:
        if e.source in kept:
            arcs.append(Arc(place[e.source], place[e.target], e))
        elif e.target not in stubbed:
            stubbed.add(e.target)
            arcs.append(Arc(stub[e.target], place[e.target], e))
    return Plan(tuple(units), tuple(arcs), len(graph.nodes) - len(kept))


def nearest(graph: Graph, count: int = NEAREST) -> dict[int, None]:
    """So many nodes by distance from the root, no more than `ABREAST` operands of each; in topological order."""
    found = [graph.root.index]
    seen = set(found)
    for index in found:  # grows while it is read
        for operand in dict.fromkeys(graph.nodes[index].operands[:ABREAST]):
            if operand not in seen and len(found) < count:
                seen.add(operand)
                found.append(operand)
    return dict.fromkeys(sorted(found))


def _edges_into(graph: Graph, index: int) -> list[Edge]:
    node = graph.nodes[index]
    local = node.local or (None,) * len(node.operands)
    return [Edge(source, index, i, local[i]) for i, source in enumerate(node.operands)]


def _behind(graph: Graph, cut: dict[int, set[int]], kept: Container[int]) -> dict[int, int]:
    """How many left-out nodes lie behind each cut; a node behind several counts for each of them.

    One pass from the root down carries, for each node, the set of cuts it lies behind as the bits of a number.
    """
    bit = {target: 1 << i for i, target in enumerate(cut)}
    mask = [0] * len(graph.nodes)
    for target, sources in cut.items():
        for source in sources:
            mask[source] |= bit[target]
    for node in reversed(graph.nodes):
        if mask[node.index]:
            for operand in node.operands:
                mask[operand] |= mask[node.index]
    counts = Counter(m for i, m in enumerate(mask) if m and i not in kept)
    return {target: sum(n for m, n in counts.items() if m & bit[target]) for target in cut}
