"""Graphs of nodes in every renderer: names, operations, shapes, gradients, and what is out of date."""

import copy
import pickle

import numpy as np
import pytest

from cgviz import draw_dot, explain, steps, table, trace
from cgviz.nodes import MSE, SGD, Graph, Input, Linear, Node, Sigmoid
from cgviz.pictures import to_svg


@pytest.fixture
def net():
    X, y, W, b = (Input(name) for name in "XyWb")
    cost = MSE(y, Sigmoid(Linear(X, W, b, name="line")), name="cost")
    return Graph({X: np.ones((4, 3)), y: [1, 0, 1, 1], W: np.zeros((3, 1)), b: [0]}, loss=cost)


AFTER = """
node  operation                               value                                     gradient
y                                      [1, 0, 1, 1]                    [0.25, -0.25, 0.25, 0.25]
X                                         4×3 array                                    4×3 array
W                                   [[0], [0], [0]]               [[-0.125], [-0.125], [-0.125]]
b                                               [0]                                     [-0.125]
line  Linear(X, W, b)          [[0], [0], [0], [0]]  [[-0.0625], [0.0625], [-0.0625], [-0.0625]]
v5    σ(line)          [[0.5], [0.5], [0.5], [0.5]]          [[-0.25], [0.25], [-0.25], [-0.25]]
cost  MSE(y, v5)                               0.25                                            1
"""


def test_the_table_before_and_after_a_run(net):
    assert "not computed yet" in table(net.root)
    assert "stale" not in table(net.root)
    net.compute_gradients()
    assert table(net.root) == AFTER.strip()


def test_the_records(net):
    net.compute_gradients()
    nodes, edges = trace(net.root)
    assert [n.op for n in nodes] == ["", "", "", "", "Linear", "σ", "MSE"]
    assert [n.kind for n in nodes] == ["leaf"] * 4 + ["operation"] * 3
    assert [(e.source, e.target, e.position) for e in edges] == [
        (1, 4, 0),
        (2, 4, 1),
        (3, 4, 2),
        (4, 5, 0),
        (0, 6, 0),
        (5, 6, 1),
    ]
    for node, record in zip(net.nodes, nodes, strict=True):
        assert np.array_equal(record.data, node.output)
        assert np.array_equal(record.grad, node.grad)


def test_what_an_update_made_out_of_date_shows_as_stale(net):
    net.compute_gradients()
    _, _, W, b = net.nodes[:4]
    SGD(0.1).update([W, b])
    assert [n.stale for n in trace(net.root).nodes] == ["gradient"] * 4 + ["value"] * 3
    net.compute_gradients()
    assert not any(n.stale for n in trace(net.root).nodes)
    W.output -= 1.0  # in place, as the text does it
    assert [n.stale for n in trace(net.root).nodes][4:] == ["value"] * 3


def test_pictures(net):
    net.compute_gradients()
    source = draw_dot(net.root).source
    assert "line | 4×1 | grad 4×1" in source
    assert "cost | 0.25 | grad 1" in source
    assert 'label="σ"' in source
    assert "Linear" in to_svg(trace(net.root))


def test_the_same_program_gives_the_same_picture():
    def built():
        x, w, b = Input(), Input(), Input()
        return draw_dot(Sigmoid(Linear(x, w, b))).source

    assert built() == built()


def test_own_nodes_show_their_class():
    class Cube(Node):
        def compute(self):
            self.output = self.input_nodes[0].output ** 3

        def backpass(self):
            x = self.input_nodes[0]
            self.gradients = {x: sum(3 * x.output**2 * n.gradients[self] for n in self.output_nodes)}

    x = Input("x")
    graph = Graph({x: 2.0}, loss=Cube([x]))
    assert trace(graph.root).root.op == "Cube"
    graph.compute_gradients()
    assert (trace(graph.root).root.data, trace(graph.root).nodes[0].grad) == (8, 12)
    x.output = 3.0
    assert trace(graph.root).root.stale == "value"


def test_representations(net):
    assert repr(net) == "<Graph of 7 nodes: 'cost' from 'y', 'X', 'W', 'b'>"
    assert [repr(node) for node in net.nodes[:2]] == ["Input(y: 4)", "Input(X: 4×3)"]
    assert repr(net.root) == "MSE(cost: no output yet)"
    assert repr(Input()) == "Input(no output yet)"


@pytest.mark.parametrize("remake", [copy.deepcopy, lambda graph: pickle.loads(pickle.dumps(graph))])
def test_copies_keep_working(net, remake):
    net.compute_gradients()
    other = remake(net)
    W, copied = net.nodes[2], other.nodes[2]
    assert copied is not W
    copied.output = np.ones((3, 1))
    other.compute_gradients()
    assert (copied.grad != W.grad).any()
    assert (W.output == 0).all()


def test_explanations_and_steps_ask_the_nodes_for_their_rules(net):
    net.compute_gradients()
    gradients = {node.name: node.grad for node in trace(net.root).nodes}
    found = {step.name: step.after for step in steps(net.root).backward}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(found[name], gradient)
    assert str(explain(net.root, "b")) == "∂cost/∂b = ∂cost/∂line · ∂line/∂b = [-0.125]"


def test_a_node_that_is_there_twice_and_a_node_of_ones_own():
    class Twice(Node):
        def __init__(self, a):
            super().__init__([a, a])

        def compute(self):
            self.output = 2 * self.input_nodes[0].output

        def backpass(self):
            self.gradients = {self.input_nodes[0]: 2 * sum(n.gradients[self] for n in self.output_nodes)}

    x, y = Input("x"), Input("y")
    root = MSE(y, Twice(x))
    graph = Graph({x: [1.0, 2.0], y: [0.0, 1.0]}, loss=root)
    graph.compute_gradients()
    held = [node.gradients for node in graph.nodes]
    np.testing.assert_allclose([s.after for s in steps(root).backward if s.name == "x"][-1], x.grad)
    assert all(node.gradients is was for node, was in zip(graph.nodes, held, strict=True))


def test_what_is_not_computed_has_no_explanation(net):
    for ask in (explain, steps):
        with pytest.raises(TypeError, match="^'cost' is not computed yet: run the graph first$"):
            ask(net.root)
