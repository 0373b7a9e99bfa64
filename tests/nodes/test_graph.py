"""How a graph is put together, fed and run; and what it refuses."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from cgviz import CycleError, DomainError
from cgviz.graph import objects
from cgviz.nodes import (
    MSE,
    SGD,
    Add,
    CrossEntropy,
    Dot,
    Graph,
    Input,
    Linear,
    Mul,
    Node,
    Sigmoid,
    Tanh,
    topological_sort,
)


class Net:
    """A small network, its nodes named."""

    def __init__(self, rows=4):
        rng = np.random.default_rng(0)
        self.X, self.y, self.W, self.b = (Input(name) for name in "XyWb")
        self.line = Linear(self.X, self.W, self.b, name="line")
        self.cost = MSE(self.y, Tanh(self.line), name="cost")
        self.feed = {self.X: rng.normal(size=(rows, 3)), self.y: np.arange(rows), self.W: np.ones((3, 1)), self.b: [0]}

    def state(self):
        nodes = topological_sort(self.cost)
        return [(node, node.output, dict(node.gradients), list(node.output_nodes)) for node in nodes]


def same(before, after):
    return all(
        a is b and p is q and g.keys() == h.keys() and all(g[k] is h[k] for k in g) and u == v
        for (a, p, g, u), (b, q, h, v) in zip(before, after, strict=True)
    )


# --- order ---


def test_operands_come_first_and_in_the_order_of_the_expression():
    net = Net()
    names = [node.name or type(node).__name__ for node in topological_sort(net.cost)]
    assert names == ["y", "X", "W", "b", "line", "Tanh", "cost"]
    assert topological_sort(net.cost) == topological_sort([net.cost]) == objects(net.cost)


def test_several_ends_are_sorted_together():
    a = Input("a")
    first, second = Sigmoid(a), Tanh(a)
    assert topological_sort([first, second]) == [a, first, second]
    assert topological_sort([]) == []


def test_deep_and_wide_graphs_need_no_recursion_and_no_patience():
    x = end = Input("x")
    for _ in range(3_000):
        end = Add(end, end)
    order = topological_sort(end)
    assert len(order) == 3_001
    graph = Graph({x: 0.0}, loss=end)
    graph.compute()
    assert graph.nodes == order


def test_a_cycle_is_named_and_does_not_hang():
    a, b = Input("a"), Input("b")
    first = Mul(a, b, name="first")
    second = Add(first, a, name="second")
    first.input_nodes[0] = second
    second.output_nodes.append(first)
    for attempt in (lambda: topological_sort(second), lambda: Graph({a: 1, b: 2}), lambda: Graph({b: 2}, loss=second)):
        with pytest.raises(CycleError, match=r"cycle.*'(first|second)' ← '(first|second)' ← '(first|second)'"):
            attempt()


def test_an_unnamed_cycle_is_told_by_class_and_number():
    a = Input()
    first = Add(a, a)
    second = Add(first, a)
    first.input_nodes[1] = second
    with pytest.raises(CycleError, match=r"'Add 1' ← 'Add 2' ← 'Add 1'|'Add 2' ← 'Add 1' ← 'Add 2'"):
        topological_sort(second)


# --- running ---


def test_running_twice_gives_the_same_gradients():
    net = Net()
    graph = Graph(net.feed)
    graph.compute_gradients()
    first = {node: {k: np.copy(g) for k, g in node.gradients.items()} for node in graph.nodes}
    graph.compute_gradients()
    for node, gradients in first.items():
        for key, g in gradients.items():
            assert (node.gradients[key] == g).all()


def test_a_cell_that_builds_the_network_again_on_the_same_inputs_counts_it_once():
    net = Net()
    graph = Graph(net.feed)
    graph.compute_gradients()
    expected = net.W.grad.copy()
    again = MSE(net.y, Tanh(Linear(net.X, net.W, net.b)))
    second = Graph(net.feed, loss=again)
    second.compute_gradients()
    assert (net.W.grad == expected).all()
    graph.compute_gradients()
    assert (net.W.grad == expected).all()
    assert len(net.W.output_nodes) == 2  # what was built is remembered, though each graph heeds its own part


def test_gradients_have_the_documented_places():
    net = Net()
    graph = Graph(net.feed)
    graph.compute_gradients()
    assert set(net.line.gradients) == {net.X, net.W, net.b}
    assert net.W.gradients[net.W] is net.W.grad
    assert (net.line.gradients[net.W] == net.W.gradients[net.W]).all()
    assert net.line.grad.shape == net.line.output.shape
    assert net.cost.grad == 1
    assert net.cost.gradients[net.y].shape == net.y.output.shape == (4,)


def test_nodes_can_be_run_by_hand_in_order():
    net = Net()
    graph = Graph(net.feed)
    graph.compute_gradients()
    by_graph = net.W.grad.copy()
    for node in topological_sort(net.cost):
        node.compute()
    for node in reversed(topological_sort(net.cost)):
        node.backpass()
    assert (net.W.gradients[net.W] == by_graph).all()
    assert net.cost.grad == 1


def test_by_hand_in_the_wrong_order_is_told():
    net = Net()
    with pytest.raises(ValueError, match=r"^'line' needs the output of 'X', which has none yet$"):
        net.line.compute()
    Graph(net.feed).compute()
    with pytest.raises(ValueError, match=r"^Tanh 1 holds no gradient for 'line'"):
        net.line.backpass()


def test_only_the_named_loss_and_what_it_needs_is_computed():
    net = Net()
    other = Sigmoid(net.line)
    graph = Graph({net.X: net.feed[net.X], net.W: net.feed[net.W], net.b: net.feed[net.b]}, loss=other)
    assert graph.compute().shape == (4, 1)
    assert net.cost.output is None


def test_predictions_from_a_second_graph_on_the_same_nodes():
    net = Net()
    training = Graph(net.feed)
    training.compute_gradients()
    assert Graph({net.X: np.ones((2, 3))}, loss=net.line).compute().shape == (2, 1)


def test_a_loss_of_shape_1x1_is_one_number():
    x, w, b = Input(), Input(), Input()
    graph = Graph({x: [[2.0]], w: [[3.0]], b: [1.0]}, loss=Linear(x, w, b))
    graph.compute_gradients()
    assert graph.loss() == 7
    assert w.grad.tolist() == [[2.0]]
    assert graph.root.grad.shape == (1, 1)


def test_the_loss_is_that_of_the_run_until_an_input_is_set():
    net = Net()
    graph = Graph(net.feed)
    graph.compute_gradients()
    loss = graph.loss()
    SGD(0.1).update([net.W, net.b])
    assert graph.loss() == loss  # of the step, as a training loop adds it up
    net.X.output = np.zeros((4, 3))
    net.W.output = np.zeros((3, 1))
    net.b.output = np.zeros(1)
    assert graph.loss() == np.mean(np.arange(4) ** 2)  # never a number of other inputs
    assert type(graph.loss()) is float


def test_the_loss_without_a_run_is_computed():
    net = Net()
    assert Graph(net.feed).loss() > 0


# --- arrays ---


def test_the_arrays_of_the_caller_stay_as_they_are():
    net = Net()
    for array in (kept := {node: np.array(a, float) for node, a in net.feed.items()}).values():
        array.setflags(write=False)
    graph, sgd = Graph(kept), SGD(0.1)
    copies = {node: array.copy() for node, array in kept.items()}
    graph.compute_gradients()
    sgd.update([net.W, net.b])
    assert all((kept[node] == copies[node]).all() for node in kept)
    assert all(node.output is not kept[node] for node in kept)


def test_what_a_learner_changes_in_place_is_a_copy():
    net = Net()
    mine = np.ones((3, 1))
    Graph(net.feed | {net.W: mine})
    net.W.output -= 1.0
    assert (mine == 1).all()


def test_an_update_leaves_old_arrays_alone():
    net = Net()
    graph = Graph(net.feed)
    before = net.W.output
    kept = before.copy()
    graph.compute_gradients()
    SGD(0.1).update([net.W])
    assert (before == kept).all()
    assert (net.W.output != kept).any()


@pytest.mark.parametrize(
    "given", [[1, 2], np.array([1, 2], "int8"), [True, False], np.float32([1, 2]), (1, 2), [1.5, 2]]
)
def test_numbers_become_floats(given):
    x = Input()
    x.output = given
    assert x.output.dtype == np.float64
    assert x.output.tolist() == [float(n) for n in given]


def test_integers_can_be_trained():
    w, x = Input(), Input()
    graph = Graph({w: np.array([1, 2]), x: np.array([1, 1])}, loss=Dot(w, x))
    graph.compute_gradients()
    SGD(0.25).update([w])
    assert w.output.tolist() == [0.75, 1.75]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ([[1, 2], [3]], ValueError, "'x' are ragged"),
        (np.array([1, "a"], object), TypeError, "'x' takes an array of real numbers, got objects"),
        (["a"], TypeError, "got texts"),
        ([1j], TypeError, "got complex numbers"),
        (np.array(["2020-01-01"], "M8[D]"), TypeError, "got dates"),
        (None, TypeError, "was given None"),
        (object(), TypeError, "got objects"),
        ([10**400], TypeError, "got objects"),
        (np.zeros((0, 3)), ValueError, r"'x' is empty \(shape 0×3\)"),
        ([], ValueError, "is empty"),
        (np.ma.masked_less([1.0, 2.0], 1.5), ValueError, "masked"),
        ([1.0, np.nan], ValueError, "'x' holds NaN in 1 of its 2 numbers, first at place 1"),
        ([[1.0], [np.inf]], ValueError, "'x' holds infinity in 1 of its 2 numbers, first at row 1, column 0"),
    ],
)
def test_a_feed_that_cannot_be_used_is_refused_and_nothing_fed(given, error, words):
    x, y = Input("x"), Input("y")
    cost = MSE(y, x)
    with pytest.raises(error, match=words) as caught:
        Graph({y: [1.0], x: given}, loss=cost)
    assert "\n" not in str(caught.value)
    assert x.output is None is y.output


def test_setting_an_output_to_what_cannot_be_used_keeps_the_old_one():
    x = Input("x")
    x.output = [1, 2]
    for bad in ([[1], [2, 3]], ["a"], None, []):
        with pytest.raises((TypeError, ValueError), match="'x'"):
            x.output = bad
    assert x.output.tolist() == [1, 2]


# --- feeds ---


def test_feeds_that_do_not_fit_the_graph():
    net, stranger = Net(), Input("stranger")
    cases = [
        ({**net.feed, stranger: 1}, ValueError, r"^'stranger' is fed, but 'cost' does not depend on it$"),
        (
            {**net.feed, net.line: 1},
            ValueError,
            r"^'line' is computed from 'X', 'W' and 'b', so it cannot be fed as well$",
        ),
        ({net.X: [[1, 2, 3]]}, ValueError, r"^the feed has no array for 'y', 'W' and 'b', which 'cost' depends on$"),
        ({}, ValueError, "^nothing is computed"),
        ({stranger: 1}, ValueError, "^nothing is computed"),
        ([net.X], TypeError, r"^a graph is fed with a dictionary, \{node: array\}, got a list$"),
        ({"X": 1}, TypeError, r"^the keys of a feed are nodes, got a str 'X'$"),
        ({**net.feed, Input: 1}, TypeError, "class Input itself"),
    ]
    before = net.state()
    for feed, error, words in cases:
        with pytest.raises(error, match=words):
            Graph(feed)
    assert same(before, net.state())


def test_two_losses_are_listed():
    net = Net()
    Sigmoid(net.line)
    with pytest.raises(
        ValueError, match=r"^2 nodes could be the loss.*'cost' and Sigmoid 1 .*Graph\(feed, loss=cost\)$"
    ):
        Graph(net.feed)
    Graph(net.feed, loss=net.cost).compute_gradients()


def test_a_loss_that_is_no_node_or_no_number():
    net = Net()
    with pytest.raises(TypeError, match="got an int"):
        Graph(net.feed, loss=3)
    graph = Graph({k: v for k, v in net.feed.items() if k is not net.y}, loss=net.line)
    with pytest.raises(ValueError, match="^the loss must be one number, but 'line' gives 4×1"):
        graph.compute_gradients()
    with pytest.raises(ValueError, match="one number"):
        graph.loss()


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (
            lambda: Linear(Input("a"), np.ones(3), Input("b")),
            "operand 2 of Linear is not a node but an array of shape 3",
        ),
        (lambda: Add(Input(), 2.0), "operand 2 of Add is not a node but a float"),
        (lambda: Add(Input(), Input), "the class Input itself"),
        (lambda: Add(Input()), "Add takes 2 nodes, got 1"),
        (lambda: Sigmoid(Input(), Input()), "Sigmoid takes 1 node, got 2"),
        (lambda: Node(Input()), r"write \[node\]"),
        (lambda: Input(3), "the name of a node is a text, got an int"),
    ],
)
def test_operands_that_are_no_nodes(build, words):
    with pytest.raises(TypeError, match=words):
        build()


# --- shapes ---


def shapes(build, *given):
    nodes = [Input(name) for name in "abc"[: len(given)]]
    graph = Graph({n: np.full(s, 0.5) for n, s in zip(nodes, given, strict=True)}, loss=build(*nodes))
    graph.compute()


@pytest.mark.parametrize(
    ("build", "given", "words"),
    [
        (Dot, [(3,), (4,)], "Dot 1 cannot multiply 'a' (3) by 'b' (4): 3 columns cannot meet 4 rows"),
        (Dot, [(2, 3), (2, 3)], "Dot 1 cannot multiply 'a' (2×3) by 'b' (2×3): 3 columns cannot meet 2 rows"),
        (Dot, [(), (3,)], "Dot 1 cannot multiply 'a' (one number) by 'b' (3): it takes vectors and matrices"),
        (Dot, [(2, 2, 2), (2,)], "it takes vectors and matrices"),
        (
            Linear,
            [(4, 3), (2, 1), (1,)],
            "Linear 1 cannot multiply 'a' (4×3) by 'b' (2×1): 3 columns cannot meet 2 rows",
        ),
        (
            Linear,
            [(4, 3), (3, 2), (4, 1)],
            "Linear 1 needs 2 biases, one for each column of 'b' (3×2), got 'c' of shape 4×1",
        ),
        (Linear, [(4, 3), (3, 4), (4, 1)], "got 'c' of shape 4×1"),
        (Linear, [(4, 3), (3,), (4,)], "Linear 1 needs one bias for 'b' (3), got 'c' of shape 4"),
        (Add, [(3, 2), (2, 2)], "Add 1 cannot combine 'a' (3×2) and 'b' (2×2)"),
        (Mul, [(3,), (3, 1)], "of which broadcasting would make 3×3 numbers"),
        (
            MSE,
            [(3,), (3, 3)],
            "compares targets with predictions, but 'a' (3) and 'b' (3×3) do not have the same shape",
        ),
        (MSE, [(3,), ()], "'a' (3) and 'b' (one number)"),
        (CrossEntropy, [(3,), (4,)], "'a' (3) and 'b' (4) do not have the same shape"),
    ],
)
def test_shapes_that_do_not_fit_are_told_with_both_names(build, given, words):
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        shapes(build, *given)
    assert type(caught.value) is ValueError
    assert "\n" not in str(caught.value)


def test_targets_as_a_list_never_make_a_square():
    y, p = Input(), Input()
    graph = Graph({y: [1, 2, 3], p: [[1], [2], [3]]}, loss=MSE(y, p))
    assert graph.loss() == 0


def test_a_failing_run_leaves_everything_as_it_was():
    net = Net()
    graph = Graph(net.feed)
    graph.compute_gradients()
    before = net.state()
    for bad in (np.ones((4, 2)), np.full((4, 3), np.nan), np.ones((5, 3))):
        good, net.X.output = net.X.output, bad
        with pytest.raises(ValueError, match=r"'X'|Tanh"):
            graph.compute_gradients()
        net.X.output = good
        assert same(before, net.state())


# --- NaN and infinity ---


def test_nan_is_traced_to_where_it_came_from():
    net = Net()
    graph = Graph(net.feed)
    net.X.output = np.where(np.eye(4, 3) > 0, np.nan, 1.0)
    with pytest.raises(DomainError, match="'X' holds NaN in 3 of its 12 numbers, first at row 0, column 0"):
        graph.compute_gradients()


def test_a_learning_rate_that_is_too_large_ends_in_words_not_warnings():
    x, y, w = Input("x"), Input("y"), Input("w")
    graph, sgd = Graph({x: [1.0, 2.0], y: [1.0, 2.0], w: 0.5}, loss=MSE(y, Mul(x, w))), SGD(100.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DomainError, match=r"the loss is not a finite number.*too large"):
            for _ in range(200):
                graph.compute_gradients()
                sgd.update([w])
    assert np.isfinite(w.output)


def test_probabilities_and_labels_outside_0_to_1():
    y, p = Input("y"), Input("p")
    for labels, predictions, words in [
        (
            [0, 1],
            [0.5, 3],
            "CrossEntropy 1 takes probabilities between 0 and 1, but 'p' holds 3: put a Sigmoid before it",
        ),
        ([-1, 1], [0.5, 0.5], "takes labels between 0 and 1, but 'y' holds -1"),
    ]:
        with pytest.raises(ValueError, match=words):
            Graph(
                {y: labels, p: predictions}, loss=CrossEntropy(y, p) if not y.output_nodes else y.output_nodes[0]
            ).compute()


def test_labels_and_predictions_the_wrong_way_round():
    y, z = Input("y"), Input("z")
    with pytest.raises(ValueError, match=r"labels first: CrossEntropy\('y', Sigmoid 1\)"):
        CrossEntropy(Sigmoid(z), y)


def test_the_folder_needs_nothing_but_numpy():
    for path in (Path(__file__).parents[2] / "cgviz" / "nodes").glob("*.py"):
        imported = re.findall(r"^\s*(?:from|import) ([a-z_]+)", path.read_text(encoding="utf-8"), flags=re.M)
        assert set(imported) <= {
            "cgviz",
            "__future__",
            "collections",
            "types",
            "copy",
            "functools",
            "itertools",
            "math",
            "numbers",
            "typing",
            "numpy",
        }


@pytest.mark.parametrize(("loss", "got"), [([1], "a list"), ("cost", "a str"), (3, "an int")])
def test_a_loss_that_is_no_node(loss, got):
    x = Input("x")
    Mul(x, x)
    with pytest.raises(TypeError, match=f"the loss is a node, as in Graph\\(feed, loss=cost\\), got {got}"):
        Graph({x: 1.0}, loss=loss)
    assert x.output is None


def test_a_step_out_of_order_is_said():
    with pytest.raises(ValueError, match=r"Sigmoid 1 has no output yet: its compute\(\) has to run before its back"):
        Sigmoid(Input("q")).backpass()
    with pytest.raises(TypeError, match=r"a text, got an array of shape 3; numbers are fed later, by Graph"):
        Input(np.ones(3))


@pytest.mark.parametrize(("rate", "said"), [(10**400, "got inf"), (np.array(0.1), "got an array of one number")])
def test_learning_rates_of_odd_kinds(rate, said):
    with pytest.raises((TypeError, ValueError), match=said):
        SGD(rate)
