"""A whole graph as flat lists, for the page to compute where its picture shows but a part: folded, or very large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..graph import CONSTANT, Graph
from ..graph.recognition import operation
from .serialization import cell, row_name


def program(graph: Graph, leaves: Mapping[str, int]) -> dict[str, Any]:
    """The graph as ``live/static/program.js`` reads it: the row and the operands of each node, and what is given.

    >>> from cgviz.run.expression import parse
    >>> from cgviz import Value, trace
    >>> found = program(trace(parse("a*b + 2")(a=Value(3.0, "a"), b=Value(4.0, "b"))), {"a": 0, "b": 1})
    >>> found["rows"], found["ops"], found["operands"], found["numbers"]
    (['mul', 'add'], [0, 0, 1, 2, 3], [0, 1, 3, 2], [0.0, 0.0, 2.0])
    """
    places: dict[str, int] = {}
    ops: list[int] = []
    operands: list[int] = []
    numbers: list[Any] = []
    for node in graph.nodes:
        if node.operands:
            op, taken = operation(graph, node)
            assert op is not None  # `obstacle` has seen to it
            ops.append(2 + places.setdefault(row_name(op), len(places)))
            operands.extend(taken)
        else:
            ops.append(int(node.kind == CONSTANT))
            numbers.append(cell(node.data))
    moved = set(leaves.values())
    at = [node.index for node in graph.nodes if not node.operands]
    numbers = [0.0 if i in moved else x for i, x in zip(at, numbers, strict=True)]  # the sliders say them
    return {"rows": list(places), "ops": ops, "operands": operands, "numbers": numbers, "leaves": dict(leaves)}
