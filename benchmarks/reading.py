"""Reading somebody's graph: a GPT in plain Python, whose class records local derivatives and no operations."""

from __future__ import annotations

from collections.abc import Iterator

from row import Row, at_most
from timing import readable, side_by_side

from cgviz import Value, explain, steps, trace
from cgviz.graph import objects
from cgviz.graph.unnamed_operations import Unnamed
from tests.small_gpt import GPT

NAME = "isabella"
READ, RECOGNISED = 0.5 / 69_000, 0.15 / 69_000  # seconds a node
CHAIN, STEPPED = 35_000, 1.5 / 65_140  # products that are added up, and seconds a node


def rows() -> Iterator[Row]:
    """A graph of somebody's, and one of ours."""
    yield from _read()
    yield from _told()


def _read() -> Iterator[Row]:
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


def _told() -> Iterator[Row]:
    """The passes that keep each contribution, and what is written from them."""
    root = _sum_of_products()
    count = len(trace(root).nodes)
    told = side_by_side({"steps": lambda: steps(root), "explain": lambda: str(explain(root))}, rounds=3)
    what = f"of a sum of {CHAIN:,} products of 200 leaves, {count:,} nodes"
    yield at_most(f"`steps` {what}", told["steps"].median, STEPPED * count)
    yield Row(f"`explain` as text {what}", "", readable(told["explain"].median))


def _sum_of_products() -> Value:
    """A long chain of our own: each of its leaves is used many times."""
    leaves = [Value(0.01 * i, f"w{i}") for i in range(200)]
    root = Value(0.5, "start")
    for i in range(CHAIN):
        root = root + leaves[i % 200] * leaves[i * 7 % 200]
    root.backward()
    return root
