"""A class that keeps its operands in a set: read in the same order in every process, as far as a set allows."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import cgviz
from cgviz import Value, trace


class WithSet:
    """The first lesson's class: parents in a set, no gradient yet."""

    def __init__(self, data, parents=(), op="", label=""):
        self.data, self._prev, self._op, self.label = data, set(parents), op, label

    def __add__(self, other):
        return WithSet(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        return WithSet(self.data * other.data, (self, other), "*")


def test_a_set_of_parents_is_read_in_the_same_order_in_every_run():
    a, b = WithSet(2.0, label="a"), WithSet(-3.0, label="b")
    for y in (a * b, b * a):
        assert [n.name for n in trace(y).nodes] == ["a", "b", "v2"]
    unnamed = WithSet(2.0) * WithSet(-3.0)
    assert [n.data for n in trace(unnamed).nodes] == [-3.0, 2.0, -6.0]


def test_a_set_has_lost_the_second_edge_of_a_repeated_operand_and_that_is_what_is_shown():
    a = WithSet(3.0, label="a")
    assert len(trace(a * a).edges) == 1
    assert len(trace(Value(3.0) * Value(3.0)).edges) == 2


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
