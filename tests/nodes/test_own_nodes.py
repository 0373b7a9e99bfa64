"""Nodes that a learner writes, mixed with ours, in the manner of the text."""

import numpy as np
import pytest

from cgviz import trace
from cgviz.nodes import MSE, SGD, Add, Graph, Input, Linear, Mul, Node, Sigmoid


class Cube(Node):
    """Zeros first, then a contribution from each consumer."""

    def __init__(self, node):
        Node.__init__(self, [node])

    def compute(self):
        self.output = self.input_nodes[0].output ** 3

    def backpass(self):
        x = self.input_nodes[0]
        self.gradients = {n: np.zeros_like(n.output) for n in self.input_nodes}
        for node in self.output_nodes:
            grad_cost = node.gradients[self]
            self.gradients[x] += 3 * x.output**2 * grad_cost


class Foreign:
    """A base class of the learner's own: nothing is inherited from us."""

    def __init__(self, input_nodes=()):
        self.input_nodes, self.output_nodes = list(input_nodes), []
        self.output, self.gradients = None, {}
        for node in input_nodes:
            node.output_nodes.append(self)

    def compute(self):
        pass

    def backpass(self):
        self.gradients = {self: np.zeros_like(self.output)}
        for node in self.output_nodes:
            self.gradients[self] += node.gradients[self]


class Product(Foreign):
    def compute(self):
        a, b = self.input_nodes
        self.output = a.output * b.output

    def backpass(self):
        a, b = self.input_nodes
        self.gradients = {n: np.zeros_like(n.output) for n in self.input_nodes}
        for node in self.output_nodes:
            self.gradients[a] += b.output * node.gradients[self]
            self.gradients[b] += a.output * node.gradients[self]


def test_an_own_node_between_ours():
    x, y = Input("x"), Input("y")
    graph = Graph({x: [0.5, -1.0], y: [1.0, 2.0]}, loss=MSE(y, Cube(Sigmoid(x))))
    graph.compute_gradients()
    s = 1 / (1 + np.exp(-x.output))
    expected = 2 / 2 * (s**3 - y.output) * 3 * s**2 * s * (1 - s)
    np.testing.assert_allclose(x.grad, expected)
    graph.compute_gradients()
    np.testing.assert_allclose(x.grad, expected)


def test_an_own_node_that_is_the_loss_receives_1():
    x = Input("x")
    graph = Graph({x: 2.0}, loss=Cube(x))
    graph.compute_gradients()
    assert x.grad == 12
    assert graph.root.grad == 1
    assert trace(graph.root).root.grad == 1


def test_consumers_of_an_own_node_outside_the_graph_do_not_count():
    x = Input("x")
    cube = Cube(x)
    first = Graph({x: 2.0}, loss=Mul(cube, cube))
    first.compute_gradients()
    expected = np.copy(x.grad)
    second = Graph({}, loss=Add(cube, cube))
    second.compute_gradients()
    assert x.grad == 24
    first.compute_gradients()
    assert x.grad == expected == 2 * 8 * 12
    assert len(cube.output_nodes) == 2


def test_a_base_class_of_the_learners_own():
    a, b, y = Foreign(), Input("b"), Input("y")
    cost = MSE(y, Product([a, b]))
    graph, sgd = Graph({a: np.array([1.0, 2.0]), b: [3.0, 4.0], y: [3.0, 9.0]}, loss=cost), SGD(0.1)
    graph.compute_gradients()
    assert a.gradients[a].tolist() == [0.0, -4.0]
    assert b.grad.tolist() == [0.0, -2.0]
    sgd.update([a, b])
    assert a.output.tolist() == [1.0, 2.4]
    assert [node.kind for node in trace(cost).nodes] == ["leaf", "leaf", "leaf", "operation", "operation"]


def test_a_foreign_node_listed_twice_by_the_same_consumer_counts_once():
    a = Foreign()
    square = Product([a, a])
    assert a.output_nodes == [square, square]
    graph = Graph({a: np.array(3.0)}, loss=square)
    graph.compute_gradients()
    assert a.gradients[a] == 6
    assert a.output_nodes == [square, square]


def test_a_class_that_changes_one_of_ours():
    class Loud(Sigmoid):
        def compute(self):
            super().compute()
            self.output = 2 * self.output

        def backpass(self):
            super().backpass()
            x = self.input_nodes[0]
            s = self.output / 2
            self.gradients = {x: 2 * s * (1 - s) * self.grad}

    x = Input()
    graph = Graph({x: 0.0}, loss=Loud(x))
    graph.compute_gradients()
    assert graph.loss() == 1
    assert x.grad == 0.5


def test_a_number_in_place_of_an_array_will_do():
    class Constant(Node):
        def compute(self):
            self.output = 3

        def backpass(self):
            pass

    x = Input()
    graph = Graph({x: 2.0}, loss=Mul(x, Constant()))
    graph.compute_gradients()
    assert x.grad == 3


def run(kind, **methods):
    x, y = Input("x"), Input("y")
    own = type(kind, (Cube,), methods)(x)
    graph = Graph({x: [1.0, 2.0], y: [0.0, 0.0]}, loss=MSE(y, own))
    before = [(node, node.output, node.gradients, node.output_nodes) for node in graph.nodes]
    with pytest.raises((ValueError, TypeError)) as caught:
        graph.compute_gradients()
    after = [(node, node.output, node.gradients, node.output_nodes) for node in graph.nodes]
    assert all(p is q for one, two in zip(before, after, strict=True) for p, q in zip(one, two, strict=True))
    return str(caught.value)


def test_mistakes_in_own_nodes_are_named():
    def returns(self):
        return self.input_nodes[0].output ** 3

    def nothing(self):
        self.gradients = {}

    def scalar(self):
        self.gradients = {self.input_nodes[0]: np.array(1.0)}

    def failing(self):
        raise ValueError("mine")

    assert run("Returns", compute=returns) == "Returns 1.compute() set no output: it has to assign self.output"
    assert run("Nothing", backpass=nothing) == "Nothing 1.backpass() set no gradient for 'x'"
    assert run("Scalar", backpass=scalar) == (
        "Scalar 1.backpass() set a gradient of shape one number for 'x', whose output has shape 2"
    )
    assert run("Failing", backpass=failing) == "mine"
    assert run("Texts", compute=lambda self: setattr(self, "output", ["a"])).startswith("Texts 1 takes")


def test_what_a_class_must_have_is_said():
    class Empty(Node):
        pass

    x = Input()
    graph = Graph({x: 1.0}, loss=Empty([x]))
    with pytest.raises(NotImplementedError, match=r"^Empty has no compute\(\): write one that sets self\.output$"):
        graph.compute_gradients()

    class Half(Empty):
        def compute(self):
            self.output = np.array(1.0)

    with pytest.raises(NotImplementedError, match=r"^Half has no backpass\(\)"):
        Graph({x: 1.0}, loss=Half([x])).compute_gradients()


def test_a_network_with_own_nodes_trains():
    rng = np.random.default_rng(0)
    X, y, W, b = Input("X"), Input("y"), Input("W"), Input("b")
    data = rng.uniform(0.5, 1.5, size=(50, 1))
    graph = Graph({X: data, y: (2 * data - 1) ** 3, W: [[1.0]], b: [0.0]}, loss=MSE(y, Cube(Linear(X, W, b))))
    first, sgd = graph.loss(), SGD(0.004)  # a cubic: from about 0.015 on it is chaotic, and each last digit decides
    for _ in range(600):
        graph.compute_gradients()
        sgd.update([W, b])
    assert graph.loss() < first / 10
