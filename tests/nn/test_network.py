"""Neurons, layers and networks: their shape, labels, numbers and boxes."""

import math
import pickle
import statistics

import numpy as np
import pytest

from cgviz import Value, draw, explain, gradcheck, tanh
from cgviz.graph import trace
from cgviz.groups import fold, kinds
from cgviz.nn import MLP, Layer, Neuron, moons


def test_a_neuron_computes_what_its_formula_says():
    neuron = Neuron(3, "tanh", seed=5)
    xs = [0.3, -1.2, 2.0]
    w, b = [p.data for p in neuron.w], neuron.b.data
    assert neuron(xs).data == pytest.approx(math.tanh(b + sum(a * x for a, x in zip(w, xs, strict=True))))


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "softplus"])
def test_outputs_and_gradients_agree_with_pytorch(torch, activation):
    net = MLP(2, [4, 3, 1], activation, seed=2)
    values = [torch.tensor(p.data, dtype=torch.float64, requires_grad=True) for p in net.parameters()]
    numbers = iter(values)
    x = torch.tensor([0.4, -1.1], dtype=torch.float64, requires_grad=True)
    act = getattr(torch.nn.functional, activation)
    h = list(x)
    for k, layer in enumerate(net.layers):
        out = []
        for _ in layer.neurons:
            total = sum(next(numbers) * v for v in h) + next(numbers)
            out.append(total if k == 2 else act(total))
        h = out
    h[0].backward()
    inputs = [Value(0.4, "x"), Value(-1.1, "y")]
    score = net(inputs)
    score.backward()
    assert score.data == pytest.approx(h[0].item())
    assert [p.grad for p in net.parameters()] == pytest.approx([v.grad.item() for v in values])
    assert [v.grad for v in inputs] == pytest.approx(x.grad.tolist())


def test_gradients_hold_against_small_steps():
    net = MLP(2, [3, 1], "tanh", seed=1)
    assert gradcheck(lambda a, b: net([a, b]), a=0.3, b=-0.7).ok


def test_labels_are_unique_and_say_where_a_weight_belongs():
    labels = [p.label for p in MLP(2, [16, 16, 1]).parameters()]
    assert len(set(labels)) == len(labels) == 337
    assert labels[:4] == ["w¹₁,₁", "w¹₁,₂", "b¹₁", "w¹₂,₁"]
    assert "w²₁₂,₃" in labels and labels[-1] == "b³₁"
    many = [p.label for p in MLP(1, [1] * 12).parameters()]
    assert many[-2:] == ["w¹²₁,₁", "b¹²₁"]


def test_the_same_seed_gives_the_same_network():
    first, again, other = (MLP(2, [4, 1], seed=s) for s in (7, 7, 8))
    numbers = [[p.data for p in net.parameters()] for net in (first, again, other)]
    assert numbers[0] == numbers[1] != numbers[2]
    free = [[p.data for p in MLP(2, [4, 1]).parameters()] for _ in range(2)]
    assert free[0] != free[1]


@pytest.mark.parametrize(("activation", "variance"), [("relu", 2 / 50), ("tanh", 1 / 50)])
def test_weights_begin_with_the_variance_that_keeps_signals_alive(activation, variance):
    layer = Layer(50, 60, activation, seed=3)
    weights = [w.data for neuron in layer.neurons for w in neuron.w]
    assert statistics.pvariance(weights) == pytest.approx(variance, rel=0.1)
    assert {neuron.b.data for neuron in layer.neurons} == {0.0}


def test_representations_tell_the_shape():
    assert repr(MLP(2, [16, 16, 1])) == "MLP(2 → 16 relu → 16 relu → 1 linear, 337 parameters)"
    assert repr(MLP(3, [2], tanh, last=tanh)) == "MLP(3 → 2 tanh, 8 parameters)"
    assert repr(Layer(3, 2, lambda v: v * v)) == "Layer(3 → 2 <lambda>)"
    assert repr(Neuron(3)) == "Neuron(3 → 1 relu)"


def test_sizes_and_seeds_may_be_whole_numbers_of_numpy():
    net = MLP(np.int64(2), np.array([3, 1]), seed=np.int64(7))
    assert [p.data for p in net.parameters()] == [p.data for p in MLP(2, iter([3, 1]), seed=7).parameters()]


def test_several_outputs_come_as_a_list():
    assert len(MLP(2, [3, 4], seed=0)([1, 2])) == 4
    assert isinstance(MLP(2, [3, 1], seed=0)([1, 2]), Value)


def test_a_grown_class_takes_part():
    class Mine(Value):
        def __init__(self, data=0.0, label=""):
            super().__init__(data, label)
            self.seen = True

        def square(self):
            return self * self

    net = MLP(2, [2, 1], Mine.square, cls=Mine, seed=0)
    score = net([1.0, 2.0])
    assert type(score) is Mine and score.seen
    assert all(type(p) is Mine for p in net.parameters())


def test_another_engine_takes_part():
    engine = pytest.importorskip("micrograd.engine")
    net, ours = MLP(2, [3, 1], cls=engine.Value, seed=4), MLP(2, [3, 1], seed=4)
    score, own = net([0.5, 2.0]), ours([0.5, 2.0])
    score.backward()
    own.backward()
    assert score.data == own.data
    assert [p.grad for p in net.parameters()] == [p.grad for p in ours.parameters()]
    net.zero_grad()
    assert {p.grad for p in net.parameters()} == {0.0}
    names = [n.name for n in fold(trace(score), "layer").nodes]
    assert sorted(names[:2]) == ["x₁", "x₂"] and names[2:] == ["a¹", "a²"]  # its operands have no order


def test_an_engine_with_other_names_takes_part():
    scalar = pytest.importorskip("mlfz.nn.scalar")
    net = MLP(2, [3, 1], scalar.functional.tanh, cls=scalar.Scalar, seed=4)
    ours = MLP(2, [3, 1], "tanh", seed=4)
    score, own = net([0.5, 2.0]), ours([0.5, 2.0])
    score.backward()
    own.backward()
    assert [p.backwards_grad for p in net.parameters()] == pytest.approx([p.grad for p in ours.parameters()])
    net.zero_grad()
    assert {p.backwards_grad for p in net.parameters()} == {0.0}
    assert [node.grad for node in trace(net.parameters()[0]).nodes] == [None], "zeroed counts as not computed"


def test_folded_pictures_of_a_network_are_a_handful_of_boxes():
    net = MLP(2, [16, 16, 1], seed=1)
    score = net([Value(0.5, "p"), Value(-1.0, "q")])
    score.backward()
    graph = trace(score)
    assert kinds(graph) == ("neuron", "layer", "network")
    assert [len(fold(graph, kind).nodes) for kind in kinds(graph)] == [2 + 33, 2 + 3, 2 + 1]
    first = fold(graph, "layer").nodes[2]
    hidden = [v.data for v in net.layers[0]([0.5, -1.0])]
    assert first.data.tolist() == hidden and first.op == "relu layer"
    text = str(draw(score, fold="network"))
    assert "net   network(p, q)" in text
    assert str(explain(fold(graph, "network"), "p")).startswith("∂net/∂p")


def test_a_loss_over_many_samples_draws_folded_by_itself():
    xs, _ = moons(12, seed=0)
    net = MLP(2, [8, 8, 1], seed=1)
    loss = sum(net(x) for x in xs)
    loss.label = "L"
    picture = draw(loss)
    assert len(trace(loss).nodes) > 1500
    assert sum(node.folded > 0 for node in picture.graph.nodes) == 12 * 3
    assert picture.svg.count("relu layer") >= 24


def test_a_network_survives_pickling():
    net = MLP(2, [3, 1], seed=0)
    again = pickle.loads(pickle.dumps(net))
    assert again([1.0, 2.0]).data == net([1.0, 2.0]).data


class Bare:
    """A learner's class that adds and multiplies, and nothing else."""

    def __init__(self, data, parents=(), op=""):
        self.data, self.parents, self.op = data, parents, op

    def __add__(self, other):
        return Bare(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        return Bare(self.data * other.data, (self, other), "*")


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: MLP(2, [4, 1], "swish"), ValueError, "unknown activation: 'swish' (must be a function or one of"),
        (lambda: MLP(2, []), ValueError, "the number of neurons of each layer, such as [16, 16, 1], got []"),
        (lambda: MLP(2, 3), ValueError, "got 3"),
        (lambda: MLP(2, None), ValueError, "such as [16, 16, 1], got None"),
        (lambda: MLP(2, [1], seed=[1]), TypeError, "must be a whole number, a random.Random or None, got a list"),
        (lambda: MLP(2, [1])(None), TypeError, "a network takes a list of inputs, such as [x1, x2], got None"),
        (lambda: MLP(1, [1])([10**400]), ValueError, "input 1 is too large for a number"),
        (lambda: MLP(1, [1, 1], cls=Bare)([1]), TypeError, "a Bare has no method relu(): the activation must be one"),
        (lambda: MLP(0, [1]), ValueError, "the number of inputs must be a whole number of at least 1, got 0"),
        (lambda: Layer(2, 1.5), ValueError, "the number of outputs must be a whole number of at least 1, got 1.5"),
        (lambda: MLP(2, [1])([1, 2, 3]), ValueError, "this network takes 2 inputs, got 3"),
        (lambda: Neuron(1)([1, 2]), ValueError, "this neuron takes 1 input, got 2"),
        (lambda: Neuron(1)(3.0), TypeError, "a neuron takes a list of inputs, such as [x1, x2], got a float"),
        (lambda: Layer(1, 1)(["x"]), TypeError, "input 1 must be a node or a number, got a str"),
    ],
)  # fmt: skip
def test_bad_arguments_are_said(make, error, said):
    with pytest.raises(error) as caught:
        make()
    assert said in str(caught.value)
