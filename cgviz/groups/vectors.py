"""Leaves that sums of products take in a row, as one vector: ``w`` in place of ``w1``, ``w2``, ``w3``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..graph import CONSTANT, LEAF, Edge, Graph, Node
from ..graph.agreement import is_float
from ..graph.records import distinguish
from ..ops.sum_rows import SumOp, sum_row

LEAST = 3
"""Fewer leaves stay by themselves."""
Run = tuple[int, ...]


def join_vectors(graph: Graph) -> Graph:
    """The graph in which leaves are one node that nothing but sums of products uses, and these always in a row.

    `graph` is one in which sums are folded (`sums.py`). Names are kept where they say that they belong together.
    """
    sides = {node.index: _sides(node) for node in graph.nodes if isinstance(node.row, SumOp)}
    taken = Counter(side for both in sides.values() for side in both)
    uses = Counter(i for node in graph.nodes for i in node.operands)
    runs = {
        run: name
        for run, count in taken.items()
        if all(uses[i] == count for i in run) and (name := _name(graph, run)) is not None
    }
    if not runs:
        return graph
    first = {run[0]: run for run in runs}
    within = {i: run[0] for run in runs for i in run}
    place: dict[int, int] = {}
    nodes: list[Node] = []
    for node in graph.nodes:
        i = node.index
        if within.get(i, i) != i:
            continue
        place[i] = len(nodes)
        operands: Sequence[int] = node.operands  # of what is no sum: none of them is in a run
        if i in sides:
            node, operands = _take_vectors(node, sides[i], runs)
        elif i in first:
            node = _join(graph, first[i], runs[first[i]])
        nodes.append(node._replace(index=place[i], operands=tuple(place[k] for k in operands), alone=""))
    records = distinguish(nodes)
    edges = tuple(Edge(source, node.index, n) for node in records for n, source in enumerate(node.operands))
    found = Graph(records, edges)
    found.remember_results(tuple(tuple(k for j in first.get(i, (i,)) for k in graph.results[j]) for i in place))
    found.remember_whole(graph.whole)
    found.remember_unfolded(
        {
            number: (name, tuple(dict.fromkeys(place[within.get(i, i)] for i in inside)))
            for number, (name, inside) in graph.unfolded.items()
        }
    )
    return found


def _sides(node: Node) -> list[Run]:
    """The first factors of the products of a sum, and the second ones."""
    count = sum(len(term) == 2 for term in node.row.terms) if len(node.row.terms) > 1 else 0
    return [node.operands[:count], node.operands[count : 2 * count]] if count >= LEAST else []


def _take_vectors(node: Node, sides: Sequence[Run], runs: dict[Run, str]) -> tuple[Node, list[int]]:
    """A sum that takes vectors for the sides of its products, and its operands."""
    operands: list[int] = []
    sizes: list[int] = []
    for side in sides:
        whole = side in runs
        operands += side[:1] if whole else side
        sizes += [len(side)] if whole else [0] * len(side)
    rest = node.operands[sum(map(len, sides)) :]
    operands += rest
    sizes += [0] * len(rest)
    if any(sizes):
        node = node._replace(row=sum_row(node.row.terms, node.row.symbol, tuple(sizes)))
    return node, operands


def _name(graph: Graph, run: Run) -> str | None:
    """What the vector of some leaves is called; ``None`` if they are not alike."""
    nodes = [graph.nodes[i] for i in run]
    kinds = {(node.kind, node.stale, node.has_grad, node.grad is None, node.note, node.unread) for node in nodes}
    if len(kinds) > 1 or len(set(run)) < len(run) or nodes[0].kind not in (LEAF, CONSTANT) or nodes[0].operands:
        return None
    if not all(is_float(node.data) and (node.grad is None or is_float(node.grad)) for node in nodes):
        return None
    if not any(node.label for node in nodes):
        return ""
    found = [re.fullmatch(r"(.*\D)\[\d+\]|(.*[^\d_])_?\d+|(.*[^\d_])_\{\d+\}", node.label) for node in nodes]
    stems = {one and next(filter(None, one.groups())) for one in found}
    return stems.pop() if len(stems) == 1 else None


def _join(graph: Graph, run: Run, name: str) -> Node:
    nodes = [graph.nodes[i] for i in run]
    return nodes[0]._replace(
        label=name,
        data=_vector([node.data for node in nodes]),
        grad=None if nodes[0].grad is None else _vector([node.grad for node in nodes]),
    )


def _vector(numbers: Sequence[Any]) -> Any:
    import numpy as np

    found = np.array(list(map(float, numbers)))
    found.flags.writeable = False
    return found
