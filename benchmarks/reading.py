"""Reading somebody's graph: a GPT in plain Python, whose class records local derivatives and no operations."""

from __future__ import annotations

from collections.abc import Iterator

from row import Row, at_most
from timing import side_by_side

from cgviz import trace
from cgviz.graph import objects
from cgviz.graph.unnamed_operations import Unnamed
from tests.small_gpt import GPT

NAME = "isabella"
READ, RECOGNISED = 0.5 / 69_000, 0.15 / 69_000  # seconds a node


def rows() -> Iterator[Row]:
    """The whole reading, and the part of it in which the operations are recognised by their numbers."""
    loss = GPT().loss(NAME)
    nodes = trace(loss).nodes
    fields = objects(loss), [node.operands for node in nodes], [node.data for node in nodes], [n.local for n in nodes]
    found = side_by_side(
        {"read": lambda: trace(loss), "recognised": lambda: Unnamed(*fields).fill([""] * len(nodes))}, rounds=5
    )
    what = f"of the loss of a plain GPT, {len(nodes):,} nodes without names"
    yield at_most(f"`trace` {what}", found["read"].median, READ * len(nodes))
    yield at_most(f"recognition of the operations {what}", found["recognised"].median, RECOGNISED * len(nodes))
