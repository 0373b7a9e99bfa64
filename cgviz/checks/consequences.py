"""What follows from a node: the result as a function of its number, by the rows of the operations in between."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

from ..graph import Graph, Node
from ..graph.agreement import gives, is_float, is_number
from ..graph.recognition import likely
from ..ops.op import Op

Rows = dict[int, tuple[Op, tuple[int, ...]]]
"""The row of each node that it computes, by index, with the operands."""


def follows(graph: Graph, unlike: Collection[int] = ()) -> dict[int, Callable[[float], float]]:
    """The root as a function of each node's value, by the rows: of those that no other operation follows."""
    rows: Rows = {}
    for node in graph.nodes:
        op, operands = likely(graph, node) if node.operands else (None, ())
        if op is not None and node.index not in unlike and agrees(graph, node):
            rows[node.index] = op, operands
    lost: set[int] = set()
    for node in reversed(graph.nodes):
        if node.index in lost or node.index not in rows:
            lost.update(node.operands)

    @cache
    def users() -> list[list[int]]:
        found: list[list[int]] = [[] for _ in graph.nodes]
        for node in graph.nodes:
            for i in node.operands:
                found[i].append(node.index)
        return found

    return {
        n.index: _follow(graph, n.index, rows, users) for n in graph.nodes if n.index not in lost and is_number(n.data)
    }


def _follow(graph: Graph, start: int, rows: Rows, users: Callable[[], list[list[int]]]) -> Callable[[float], float]:
    @cache  # of a large graph few nodes are asked
    def plan() -> tuple[list[float], list[tuple[Callable[..., float], int, int]]]:
        """What is read and does not move, after the start; then each step, with the places of its operands."""
        follows, left = {start}, list(users()[start])
        while left:
            if (i := left.pop()) not in follows:
                follows.add(i)
                left.extend(users()[i])
        moved = sorted(follows - {start})
        still = dict.fromkeys(i for k in moved for i in rows[k][1] if i not in follows)
        place = {i: k for k, i in enumerate([start, *still, *moved])}
        steps = [(rows[i][0].number, place[rows[i][1][0]], place[rows[i][1][-1]]) for i in moved]
        single = [len(rows[i][1]) == 1 for i in moved]
        steps = [(compute, a, -1 if one else b) for (compute, a, b), one in zip(steps, single, strict=True)]
        held = [graph.nodes[i].data for i in (start, *still)]
        return [float(x) if is_float(x) else x for x in held], steps  # a Decimal and a float do not add up

    def result(x: float) -> float:
        held, steps = plan()
        data = held.copy()  # what follows is computed behind it: nothing else of the graph is touched
        data[0] = x
        for compute, a, b in steps:
            data.append(compute(data[a]) if b < 0 else compute(data[a], data[b]))
        return data[-1]

    return result


def agrees(graph: Graph, node: Node) -> bool:
    """Whether the row computes the number that the class has: one without a number may be believed, not computed on."""
    op, operands = likely(graph, node)
    if op is None or not is_number(node.data):
        return False
    return gives(op, node.data, [graph.nodes[i].data for i in operands]) is True
