"""Other people's classes, under every spelling that is read."""

import ctypes
import inspect
import os
import subprocess
import sys
from collections import namedtuple
from enum import Enum
from pathlib import Path

import ipywidgets
import micrograd.engine as micrograd
import mlfz.nn.scalar as mlfz
import numpy as np
import pytest
import traitlets

import cgviz
from cgviz import Value, table, trace
from cgviz.graph import LEAF, is_node, objects


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


class WithGrad(WithSet):
    def __init__(self, data, parents=(), op="", label=""):
        super().__init__(data, (), op, label)
        self._prev, self.grad = list(parents), 0.0


Edge = namedtuple("Edge", "prev local_grad")


class WithEdges:
    """The chapter that grows by inheritance: edges carry the local gradient."""

    def __init__(self, value, prevs=None):
        self.value, self.prevs, self.backwards_grad = value, prevs or [], 0

    def __mul__(self, other):
        return WithEdges(self.value * other.value, [Edge(self, other.value), Edge(other, self.value)])


class EngineNode:
    """Build first, run later: nodes know both neighbours and keep the gradients of their operands."""

    def __init__(self, *input_nodes, output=None, name=""):
        self.input_nodes, self.output_nodes = list(input_nodes), []
        self.output, self.gradients, self.name = output, {}, name
        for node in input_nodes:
            node.output_nodes.append(self)


class Linear(EngineNode):
    def compute(self):
        x, w = self.input_nodes
        self.output = x.output @ w.output

    def backpass(self, g):
        x, w = self.input_nodes
        self.gradients = {x: g @ w.output.T, w: x.output.T @ g}


class Total(EngineNode):
    def compute(self):
        self.output = self.input_nodes[0].output.sum()

    def backpass(self):
        self.gradients = {self: 1.0, self.input_nodes[0]: np.ones_like(self.input_nodes[0].output)}


def rows(root, **names):
    return [(n.name, n.op, n.data, n.grad) for n in trace(root, **names).nodes]


def test_a_class_with_only_data_reads_as_a_leaf_without_a_gradient():
    (node,), edges = trace(OnlyData(3))
    assert (node.data, node.kind, node.has_grad, node.grad, edges) == (3, LEAF, False, None, ())
    assert table(OnlyData(3)) == "node  operation  value\nv0                   3"


@pytest.mark.parametrize("data", [None, "three", [1, 2], 1j, np.arange(3), float("nan")])
def test_whatever_stands_in_data_reads_and_draws(data):
    found = trace(OnlyData(data)).root.data
    assert found is data or found.tolist() == data.tolist()  # of an array that may change, a copy
    assert table(OnlyData(data)).startswith("node")


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


def test_gradients_that_are_all_zero_have_not_been_computed_yet():
    a, b = WithGrad(2.0, label="a"), WithGrad(3.0, label="b")
    L = WithGrad(6.0, [a, b], "*", "L")
    assert [n.grad for n in trace(L).nodes] == [None, None, None]
    assert trace(L).root.has_grad
    a.grad, b.grad, L.grad = 3.0, 0.0, 1.0
    assert [n.grad for n in trace(L).nodes] == [3.0, 0.0, 1.0]


def test_edges_that_carry_local_gradients_are_read_with_them():
    x, y = WithEdges(2.0), WithEdges(-3.0)
    nodes, edges = trace(x * y)
    assert nodes[2].local == (-3.0, 2.0)
    assert [(e.source, e.local) for e in edges] == [(0, -3.0), (1, 2.0)]


def test_nodes_that_are_built_first_and_run_later_read_in_both_states():
    x, w = EngineNode(output=np.array([[1.0, 2.0]]), name="X"), EngineNode(output=np.array([[3.0], [4.0]]), name="W")
    product = Linear(x, w)
    total = Total(product, name="total")
    assert rows(total)[2:] == [("v2", "Linear", None, None), ("total", "Total", None, None)]
    product.compute()
    total.compute()
    total.backpass()
    product.backpass(total.gradients[product])
    nodes = trace(total).nodes
    assert [n.name for n in nodes] == ["X", "W", "v2", "total"]
    assert nodes[3].data == 11.0 and nodes[3].grad == 1.0
    assert nodes[0].grad.tolist() == [[3.0, 4.0]] and nodes[1].grad.tolist() == [[1.0], [2.0]]
    assert "[[3], [4]]" in table(total)


def test_two_consumers_of_an_engine_node_add_their_gradients():
    x = EngineNode(output=3.0, name="x")
    left, right = EngineNode(x, output=1.0), EngineNode(x, output=2.0)
    total = EngineNode(left, right, output=3.0)
    left.gradients, right.gradients, total.gradients = {x: 2.0}, {x: 5.0}, {total: 1.0}
    assert trace(total).nodes[0].grad == 7.0


def test_micrograd_reads_with_its_gradients():
    a, b = micrograd.Value(2.0), micrograd.Value(-3.0)
    y = (a * b + 10).relu()
    assert {n.grad for n in trace(y).nodes} == {None}
    y.backward()
    graph = trace(y)
    assert [(n.op, n.data, n.grad) for n in graph.nodes if n.op] == [("*", -6.0, 1), ("+", 4.0, 1), ("ReLU", 4.0, 1)]
    assert sorted((n.data, n.grad) for n in graph.leaves) == [(-3.0, 2.0), (2.0, -3.0), (10, 1)]


def test_mlfz_reads_with_its_local_gradients():
    a, b = mlfz.Scalar(2.0), mlfz.Scalar(-3.0)
    y = a * b + a
    y.backward()
    nodes, edges = trace(y)
    assert [(n.data, n.grad) for n in nodes] == [(2.0, -2.0), (-3.0, 2.0), (-6.0, 1), (-4.0, 1)]
    assert [(e.source, e.target, e.local) for e in edges] == [(0, 2, -3.0), (1, 2, 2.0), (2, 3, 1), (0, 3, 1)]


@pytest.mark.parametrize(
    ("attributes", "op"),
    [
        ({"_op": "+"}, "+"),
        ({"op": "tanh"}, "tanh"),
        ({"_op": np.tanh}, "tanh"),
        ({"_op": max}, "max"),
        ({"_op": None}, ""),
        ({}, ""),
    ],
)
def test_an_operation_is_read_from_text_or_from_the_function_that_did_it(attributes, op):
    y = OnlyData(3)
    y._prev = (OnlyData(1),)
    vars(y).update(attributes)
    assert trace(y).root.op == op


@pytest.mark.parametrize("spelling", ["_prev", "prevs", "input_nodes", "parents"])
@pytest.mark.parametrize("kind", [tuple, list, iter, lambda xs: dict.fromkeys(xs)])
def test_operands_are_found_under_every_spelling_and_in_any_collection(spelling, kind):
    a, b, y = OnlyData(1), OnlyData(2), OnlyData(3)
    setattr(y, spelling, kind([a, b]))
    if kind is not iter:  # an iterator is used up by the first reading
        assert objects(y) == [a, b, y]
    assert len(trace(y).nodes) == (3)


def test_a_single_operand_needs_no_tuple_around_it():
    a, y = OnlyData(1), OnlyData(2)
    y._prev = a
    assert objects(y) == [a, y]


@pytest.mark.parametrize("nothing", [None, (), [], set()])
def test_no_operands_in_any_spelling_make_a_leaf(nothing):
    y = OnlyData(3)
    y._prev = nothing
    assert trace(y).root.kind == LEAF


@pytest.mark.parametrize(
    ("operands", "sentence"),
    [
        ((2,), "an operand of OnlyData(3) is not a node but an int"),
        ((None,), "an operand of OnlyData(3) is not a node but None"),
        ("ab", "an operand of OnlyData(3) is not a node but a str"),
        (5, "the operands of OnlyData(3) are not in a tuple or list but an int"),
        (OnlyData, "the operands of OnlyData(3) are not in a tuple or list but a type"),
    ],
)
def test_operands_that_are_no_nodes_are_an_error_that_names_the_node(operands, sentence):
    y = OnlyData(3)
    y._prev = operands
    with pytest.raises(TypeError) as caught:
        trace(y)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("root", "got"),
    [
        (None, "None"),
        (3, "an int"),
        ("x", "a str"),
        ([Value(1)], "a list"),
        (Value, "a type"),
        (object(), "an object"),
        (np.array([1.0]), "a ndarray"),
        (np.float64(1), "a float64"),
        (len, "a builtin_function_or_method"),
    ],
)
def test_what_is_no_node_is_refused_with_what_a_node_is(root, got):
    assert not is_node(root)
    with pytest.raises(TypeError) as caught:
        trace(root)
    assert str(caught.value) == (
        f"expected a node of a graph, an object with one of the attributes data, value, output; got {got}"
    )


class Colour(Enum):
    RED = 1


@pytest.mark.parametrize(
    ("root", "got"),
    [
        (ipywidgets.FloatSlider(value=3), "a FloatSlider of ipywidgets"),
        (Colour.RED, "a Colour of tests"),
        (ctypes.c_double(2.0), "a c_double of ctypes"),
    ],
)
@pytest.mark.parametrize("read", [trace, cgviz.draw, table, cgviz.draw_dot, cgviz.explain, cgviz.steps])
def test_what_has_a_value_for_other_reasons_is_no_node(read, root, got):
    with pytest.raises(
        TypeError, match=rf"^expected a node of a graph, got {got}\S* \(what it holds is its \.value\)$"
    ):
        read(root)


def test_a_slider_among_the_operands_is_told_by_the_node():
    node = WithSet(2.0, label="y")
    node._prev = (ipywidgets.FloatSlider(value=3),)
    with pytest.raises(TypeError, match="^an operand of 'y' is not a node but a FloatSlider$"):
        trace(node)


def test_a_learners_class_with_a_value_is_a_node_whatever_it_is_built_on():
    class Plain:
        value = 3.0

    class Observed(traitlets.HasTraits):
        value = traitlets.Float(2.0)
        prevs = traitlets.List()

    assert [n.data for n in trace(Plain()).nodes] == [3.0]
    assert [n.data for n in trace(Observed(value=5.0, prevs=[Plain()])).nodes] == [3.0, 5.0]


def test_classes_with_slots_alone_are_read_like_others():
    class Edge:
        __slots__ = ("data", "local_grad", "prev")

        def __init__(self, prev, local_grad):
            self.prev, self.local_grad = prev, local_grad

    class Slotted:
        __slots__ = ("_prev", "data")

        def __init__(self, data, *operands):
            self.data, self._prev = data, operands

    x = Slotted(3.0)
    nodes, edges = trace(Slotted(9.0, x, x))
    assert [(node.data, node.operands) for node in nodes] == [(3.0, ()), (9.0, (0, 0))] and len(edges) == 2
    _, (edge,) = trace(Slotted(6.0, Edge(x, 2.0)))
    assert (edge.source, edge.target, edge.local) == (0, 1, 2.0)
    for other in (2.0, object(), np.ones(2)):
        with pytest.raises(TypeError, match=r"an operand of Slotted\(6\) is not a node but"):
            trace(Slotted(6.0, x, other))


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
