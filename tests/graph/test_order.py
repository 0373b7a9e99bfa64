"""Graphs that have no topological order, and orders that are the same in every process."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cgviz
from cgviz import CycleError, table, trace
from cgviz.graph import objects


class OnlyData:
    def __init__(self, data):
        self.data = data


class WithSet:
    """The first lesson's class: parents in a set, no gradient yet."""

    def __init__(self, data, parents=(), op="", label=""):
        self.data, self._prev, self._op, self.label = data, set(parents), op, label

    def __add__(self, other):
        return WithSet(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        return WithSet(self.data * other.data, (self, other), "*")


# --- cycles ---


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


# --- the same bytes in every process ---


SCRIPT = """
import tests_graph_classes as classes
from cgviz import Value, draw, draw_dot, explain, sigmoid, table, trace
a, x, b = Value(1.5, "a"), Value(2.0, "x"), Value(-1.0, "b")
z = sigmoid(a * x + b) + a * 2
z.label = "z"
z.backward()
w = classes.WithSet(2.0, label="w") * classes.WithSet(3.0, label="v") + classes.WithSet(4.0) * classes.WithSet(5.0)
for root in (z, w):
    print(trace(root).signature, table(root), draw_dot(root).source, draw(root).svg, sep="\\n")
print(explain(z), explain(z).tex)
"""


def test_the_same_expression_gives_the_same_bytes_in_every_process(tmp_path):
    (tmp_path / "tests_graph_classes.py").write_text(inspect.getsource(WithSet), encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), str(Path(cgviz.__file__).parent.parent)])

    def start_with(hash_seed):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
        return subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, env=env)

    outputs = {run.communicate(timeout=60)[0] for run in map(start_with, ["0", "1", "4242"])}
    assert len(outputs) == 1
    assert len(outputs.pop()) > 5000


def test_rebuilding_an_expression_sixty_times_gives_one_graph():
    def build():
        a, b = WithSet(2.0, label="a"), WithSet(3.0, label="b")
        return trace((a * b + a) * (b + a) + WithSet(1.0) * WithSet(2.0))

    assert len({(build().signature, build().edges) for _ in range(60)}) == 1
