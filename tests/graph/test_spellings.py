"""Other people's classes, under every spelling that is read."""

from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

import micrograd.engine as micrograd
import mlfz.nn.scalar as mlfz
import numpy as np
import pytest

from cgviz import Value, draw, explain, steps, table, trace
from cgviz.graph import LEAF, objects


class OnlyData:
    def __init__(self, data):
        self.data = data


class WithGrad:
    def __init__(self, data, parents=(), op="", label=""):
        self.data, self._prev, self._op, self.label, self.grad = data, list(parents), op, label, 0.0


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


def test_the_loss_of_an_engine_that_keeps_no_own_gradient_has_1_once_its_rule_has_run():
    x = EngineNode(output=3.0, name="x")
    loss = EngineNode(x, output=9.0, name="loss")
    assert trace(loss).nodes[-1].grad is None
    loss.gradients = {x: 2.0}
    assert trace(loss).nodes[-1].grad == 1.0


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
@pytest.mark.parametrize("kind", [tuple, list, lambda xs: dict.fromkeys(xs)])
def test_operands_are_found_under_every_spelling_and_in_any_collection(spelling, kind):
    a, b, y = OnlyData(1), OnlyData(2), OnlyData(3)
    setattr(y, spelling, kind([a, b]))
    assert objects(y) == [a, b, y]
    assert len(trace(y).nodes) == 3


@pytest.mark.parametrize("kind", [iter, reversed, lambda xs: (x for x in xs), lambda xs: map(OnlyData, (1, 2))])
def test_operands_that_one_reading_would_use_up_are_refused(kind):
    y = OnlyData(3)
    y._prev = kind([OnlyData(1), OnlyData(2)])
    for _ in range(2):
        with pytest.raises(TypeError, match=r"the operands of .* used up by one reading: keep them in a tuple or list"):
            trace(y)


def test_a_single_operand_without_a_tuple_is_explained_too():
    a, y = OnlyData(2.0), OnlyData(2.0)
    y.parents, y.op = a, "relu"
    assert [chain.total for chain in explain(y).chains] == [1.0, 1.0] and steps(y).backward


class AnswersAll:
    """A class whose ``__getattr__`` makes a node of every name."""

    def __init__(self, data, prev=(), op=""):
        self.data, self._prev, self._op = data, prev, op

    def __getattr__(self, name):
        return type(self)(0.0)


class AnswersByCall(AnswersAll):
    def __getattr__(self, name):
        return lambda *given: 0.0


@pytest.mark.parametrize("cls", [AnswersAll, AnswersByCall])
def test_a_class_that_answers_every_name_is_read_by_what_it_has(cls):
    y = cls(6.0, (cls(2.0), cls(3.0)), "*")
    assert [node.data for node in trace(y).nodes] == [2.0, 3.0, 6.0] and "v0 * v1" in table(y)
    assert [chain.total for chain in explain(y).chains] == [1.0, 2.0, 3.0] and draw(y) and steps(y).backward


def test_what_a_wrapper_passes_on_is_read():
    class Wrapped:
        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.__dict__["inner"], name)

    assert trace(Wrapped(Value(2.0, "a"))).root.label == "a"


@pytest.mark.parametrize("number", [Decimal, Fraction])
def test_other_numbers_of_python_are_explained(number):
    a, b, y = OnlyData(number(2)), OnlyData(number(3)), OnlyData(number(6))
    y._prev, y.op = (a, b), "*"
    assert [chain.total for chain in explain(y).chains] == [1.0, 2.0, 3.0] and len(steps(y).backward) == 3


@pytest.mark.parametrize(("x", "kind"), [("ab", "a str"), ([1, 2], "a list")])
def test_data_that_is_no_number_is_named(x, kind):
    a, y = OnlyData(x), OnlyData(x + x)
    y._prev, y.op = (a, a), "+"
    assert f"holds {kind}, and derivatives are of numbers" in explain(y).missing and len(steps(y).forward) == 1


def test_a_single_operand_needs_no_tuple_around_it():
    a, y = OnlyData(1), OnlyData(2)
    y._prev = a
    assert objects(y) == [a, y]


@pytest.mark.parametrize("nothing", [None, (), [], set()])
def test_no_operands_in_any_spelling_make_a_leaf(nothing):
    y = OnlyData(3)
    y._prev = nothing
    assert trace(y).root.kind == LEAF


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
