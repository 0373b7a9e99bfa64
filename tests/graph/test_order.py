"""Graphs that have no topological order."""

import pytest

from cgviz import CycleError, table, trace
from cgviz.graph import objects


class OnlyData:
    def __init__(self, data):
        self.data = data


def engine_ring(size, tail=0):
    nodes = [OnlyData(i) for i in range(size)]
    for i, node in enumerate(nodes):
        node.label = f"n{i}"
        node._prev = (nodes[(i + 1) % size],)
    root = nodes[0]
    for i in range(tail):
        root, below = OnlyData(-1), root
        root._prev, root.label = (below,), f"t{i}"
    return root


@pytest.mark.parametrize(
    ("root", "ring"),
    [
        (engine_ring(1), "'n0' ← 'n0'"),
        (engine_ring(2), "'n0' ← 'n1' ← 'n0'"),
        (engine_ring(3, tail=4), "'n0' ← 'n1' ← 'n2' ← 'n0'"),
        (engine_ring(7), "'n0' ← 'n1' ← 'n2' ← 'n3' ← 'n4' ← 'n5' ← 'n6' ← 'n0'"),
        (engine_ring(50), "'n0' ← 'n1' ← 'n2' ← 'n3' ← … ← 'n48' ← 'n49' ← 'n0'"),
    ],
)
def test_a_cycle_is_told_by_the_nodes_on_it(root, ring):
    for read in (trace, objects, table):
        with pytest.raises(CycleError) as caught:
            read(root)
        assert str(caught.value) == f"the graph has a cycle, so it has no topological order: {ring}"


def test_nodes_without_labels_on_a_cycle_are_told_by_class_and_number():
    a, b = OnlyData(1), OnlyData(2.5)
    a._prev, b._prev = (b,), (a,)
    with pytest.raises(CycleError, match=r"OnlyData\(1\) ← OnlyData\(2.5\) ← OnlyData\(1\)$"):
        trace(a)
    with pytest.raises(CycleError, match=r"'x' ← OnlyData\(2.5\) ← 'x'$"):
        trace(a, {id(a): "x"})
