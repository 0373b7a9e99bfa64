import os
import random
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import micrograd.engine as micrograd
import mlfz.nn.scalar as mlfz
import numpy as np
import pytest

import cgviz
from cgviz import CycleError, Value, table, trace
from cgviz.graph import CONSTANT, LEAF, OPERATION_NODE, Graph, is_node, objects

# --- small classes of the kinds that learners write ---


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


# --- our own values ---


def seed():
    a, b, c, d = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "d")
    L = (a * b + c) * d
    L.label = "L"
    return L


def test_a_trace_is_plain_records_in_topological_order_leaves_first():
    L = seed()
    L.backward()
    nodes, edges = graph = trace(L)
    assert rows(L) == [
        ("a", "", 2.0, 6.0),
        ("b", "", -3.0, -4.0),
        ("c", "", 10.0, -2.0),
        ("d", "", -2.0, 4.0),
        ("v4", "*", -6.0, -2.0),
        ("v5", "+", 4.0, -2.0),
        ("L", "*", -8.0, 1.0),
    ]
    assert [(e.source, e.target, e.position) for e in edges] == [
        *((0, 4, 0), (1, 4, 1), (4, 5, 0), (2, 5, 1), (5, 6, 0), (3, 6, 1))
    ]
    assert [n.kind for n in nodes] == [LEAF] * 4 + [OPERATION_NODE] * 3
    assert graph.root is nodes[-1] and [n.name for n in graph.leaves] == ["a", "b", "c", "d"]


def test_operations_come_in_the_order_in_which_the_expression_names_them():
    a, b = Value(3.0, "a"), Value(1.0, "b")
    assert [n.op for n in trace((a + b) * (a - b)).nodes] == ["", "", "+", "-", "*"]
    assert [n.op for n in trace(a.sin() + a.cos() + a.tanh()).nodes[1:4]] == ["sin", "cos", "tanh"]


def test_the_records_do_not_change_when_the_objects_do():
    L = seed()
    graph = trace(L)
    before = table(graph)
    L.backward()
    L.data = 100
    assert table(graph) == before
    assert trace(graph) is graph


def test_objects_are_those_that_the_records_describe():
    L = seed()
    assert [o.data for o in objects(L)] == [n.data for n in trace(L).nodes]
    assert objects(L)[-1] is L


@pytest.mark.parametrize(
    ("build", "count", "edges"),
    [
        (lambda x: x, 1, []),
        (lambda x: -x, 2, [(0, 1, 0)]),
        (lambda x: x + x, 2, [(0, 1, 0), (0, 1, 1)]),
        (lambda x: x * x * x, 3, [(0, 1, 0), (0, 1, 1), (1, 2, 0), (0, 2, 1)]),
        (lambda x: 2 - x, 3, [(0, 2, 0), (1, 2, 1)]),
        (lambda x: (x + 1) * (x + 1), 6, [(0, 3, 0), (1, 3, 1), (0, 4, 0), (2, 4, 1), (3, 5, 0), (4, 5, 1)]),
    ],
    ids=["leaf", "unary", "repeat", "repeat-and-chain", "constant-first", "diamond"],
)
def test_every_shape_keeps_all_its_edges_and_their_positions(build, count, edges):
    nodes, found = trace(build(Value(3.0, "x")))
    assert len(nodes) == count
    assert [(e.source, e.target, e.position) for e in found] == edges


def test_uses_lists_the_edges_by_which_a_node_is_used():
    x = Value(3.0)
    graph = trace(x * x + x)
    assert [(e.target, e.position) for e in graph.uses()[0]] == [(1, 0), (1, 1), (2, 1)]
    assert graph.uses()[-1] == []


def test_constants_are_told_from_leaves_and_named_by_their_number():
    graph = trace(2.5 * Value(3.0, "x") + 1)
    assert [(n.name, n.kind) for n in graph.nodes[:3]] == [("2.5", CONSTANT), ("x", LEAF), ("1", CONSTANT)]
    assert [n.grad for n in graph.nodes if n.kind == CONSTANT] == [None, None]


def test_the_signature_is_the_structure_without_the_numbers():
    def graph(x, y, k=2.0):
        a, b = Value(x, "a"), Value(y, "b")
        return trace(a * b + k)

    assert graph(1.0, 2.0).signature == graph(-5.0, 0.0, 7.0).signature
    assert graph(1.0, 2.0).signature != trace(Value(1.0, "b") * Value(2.0, "a") + 2.0).signature
    a, b = Value(1.0, "a"), Value(2.0, "b")
    assert trace(a - b).signature != trace(b - a).signature
    assert trace(a * a).signature != trace(a * b).signature


def test_names_label_objects_that_have_no_label_of_their_own():
    a, b = Value(2.0), Value(3.0, "mine")
    y = a * b
    assert [n.name for n in trace(y, {id(a): "a", id(b): "yours"}).nodes] == ["a", "mine", "v2"]


def test_a_deep_graph_is_read_without_recursion():
    y = Value(1.0, "x")
    for _ in range(20_000):
        y = y + y
        y.data = 1.0
    nodes, edges = trace(y)
    assert (len(nodes), len(edges)) == (20_001, 40_000)


def test_every_operand_comes_before_its_user_in_random_graphs():
    rng = random.Random(3)
    known = [Value(1.0, f"x{i}") for i in range(5)]
    for _ in range(500):
        known.append(rng.choice(known) + rng.choice(known[-20:]))
    nodes, edges = trace(known[-1])
    assert [n.index for n in nodes] == list(range(len(nodes)))
    assert all(e.source < e.target for e in edges)
    assert all(n.operands == tuple(e.source for e in edges if e.target == n.index) for n in nodes)


# --- other people's classes ---


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
    source = Path(__file__).read_text(encoding="utf-8")
    start, end = source.index("class WithSet"), source.index("class WithGrad")
    (tmp_path / "tests_graph_classes.py").write_text(source[start:end], encoding="utf-8")
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


def test_a_traced_graph_is_a_graph_and_a_pair():
    graph = trace(seed())
    assert isinstance(graph, Graph) and isinstance(graph, tuple) and len(graph) == 2
