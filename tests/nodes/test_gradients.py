"""Every node's gradients, against central differences and, where it is installed, PyTorch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cgviz.nodes import MSE, Add, CrossEntropy, Dot, Graph, Input, Linear, Mul, ReLU, Sigmoid, Tanh
from cgviz.nodes.arrays import sum_to

H = 1e-6


def total(node):
    """One number of an array: its mean square, so that every entry has a gradient of its own."""
    shape = np.shape(node.output)
    target = Input()
    target.output = np.linspace(-1, 1, int(np.prod(shape, dtype=int))).reshape(shape)
    return MSE(target, node)


def numeric(graph, node):
    start, found = node.output, np.zeros_like(node.output)
    for place in np.ndindex(start.shape):
        sides = []
        for step in (H, -H):
            moved = start.copy()
            moved[place] += step
            node.output = moved
            sides.append(graph.loss())
        found[place] = (sides[0] - sides[1]) / (2 * H)
    node.output = start
    return found


def check(build, *shapes, low=-2.0, high=2.0, loss=True, seed=0):
    rng = np.random.default_rng(seed)
    inputs = [Input() for _ in shapes]
    for node, shape in zip(inputs, shapes, strict=True):
        node.output = rng.uniform(low, high, shape)
    end = build(*inputs)
    Graph({}, loss=end).compute()
    graph = Graph({}, loss=total(end) if loss else end)
    graph.compute_gradients()
    grads = [node.gradients[node] for node in inputs]
    for node, g in zip(inputs, grads, strict=True):
        assert np.shape(g) == node.output.shape
        np.testing.assert_allclose(g, numeric(graph, node), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("kind", [Sigmoid, Tanh, ReLU])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_functions(kind, shape):
    check(kind, shape)


@pytest.mark.parametrize("kind", [Add, Mul])
@pytest.mark.parametrize(
    "shapes",
    [
        ((3,), (3,)),
        ((), ()),
        ((2, 3), (3,)),
        ((3,), (2, 3)),
        ((2, 3), ()),
        ((2, 3), (2, 1)),
        ((3, 1), (1, 4)),
        ((1,), (2, 3)),
    ],
)
def test_sums_and_products_with_broadcasting(kind, shapes):
    check(kind, *shapes)


@pytest.mark.parametrize("shapes", [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((1, 1), (1, 1))])
def test_dot_products(shapes):
    check(Dot, *shapes)


@pytest.mark.parametrize(
    "shapes",
    [((5, 3), (3, 2), (2,)), ((5, 3), (3, 2), (1, 2)), ((5, 3), (3, 2), (1,)), ((5, 3), (3, 2), ()),
     ((3,), (3, 2), (2,)), ((5, 3), (3,), ()), ((5, 3), (3,), (1,)), ((3,), (3,), ()), ((1, 1), (1, 1), (1,))],
)  # fmt: skip
def test_linear(shapes):
    check(Linear, *shapes)


@pytest.mark.parametrize(
    "shapes", [((4,), (4,)), ((4,), (4, 1)), ((4, 1), (4,)), ((2, 3), (2, 3)), ((), ()), ((), (1, 1))]
)
@pytest.mark.parametrize("kind", [MSE, CrossEntropy])
def test_losses(kind, shapes):
    check(kind, *shapes, low=0.1, high=0.9, loss=False)


@pytest.mark.parametrize("kind", [Add, Mul, MSE])
def test_a_node_that_is_an_operand_twice_gets_both_parts(kind):
    check(lambda a: kind(a, a), (3,), loss=kind is not MSE)


def test_a_matrix_times_itself():
    check(lambda a: Dot(a, a), (3, 3))
    check(lambda a, b: Linear(a, a, b), (3, 3), (3,))
    check(lambda a, w: Linear(a, w, w), (2, 1), (1, 1))


def test_a_node_with_several_consumers():
    check(lambda a, b: Add(Mul(a, b), Tanh(Add(a, Sigmoid(a)))), (3,), (3,))


def test_a_loss_inside_a_graph_multiplies_by_what_arrives():
    def penalised(w, scale, target):
        return Add(Mul(scale, MSE(target, w)), Mul(scale, Dot(w, w)))

    check(penalised, (3,), (), (3,), loss=False)
    check(lambda p, scale, y: Mul(scale, CrossEntropy(y, p)), (3,), (), (3,), low=0.1, high=0.9, loss=False)


def test_the_seed_at_the_loss_is_one():
    x = Input()
    graph = Graph({x: 3.0}, loss=Mul(x, x))
    graph.compute_gradients()
    assert graph.root.grad == 1
    assert x.gradients == {x: 6.0}


def test_relu_has_slope_0_at_0():
    x = Input()
    graph = Graph({x: 0.0}, loss=ReLU(x))
    graph.compute_gradients()
    assert x.grad == 0


def test_cross_entropy_rises_where_the_prediction_moves_away():
    y, p = Input(), Input()
    graph = Graph({y: [1, 0], p: [0.9, 0.9]}, loss=CrossEntropy(y, p))
    graph.compute_gradients()
    assert p.grad[0] < 0 < p.grad[1]
    assert graph.loss() == pytest.approx(-(np.log(0.9) + np.log(0.1)) / 2)


def test_cross_entropy_of_saturated_predictions_stays_finite():
    y, z = Input(), Input()
    graph = Graph({y: [0, 1, 1], z: [800.0, -800.0, 800.0]}, loss=CrossEntropy(y, Sigmoid(z)))
    graph.compute_gradients()
    assert graph.loss() == pytest.approx(200 / 3)
    assert np.isfinite(z.grad).all()


def test_gradients_of_a_sum_are_separate_arrays():
    a, b = Input(), Input()
    graph = Graph({a: [1, 2], b: [3, 4]}, loss=MSE(a, Tanh(Add(a, b))))
    graph.compute_gradients()
    before = b.grad.copy()
    a.gradients[a] *= 0
    assert (b.grad == before).all()


@given(st.lists(st.integers(1, 3), max_size=3), st.data())
def test_what_was_broadcast_is_summed_back(shape, data):
    small = tuple(data.draw(st.sampled_from([1, n])) for n in shape[data.draw(st.integers(0, len(shape))) :])
    g = np.arange(np.prod(shape, dtype=int), dtype=float).reshape(shape)
    found = sum_to(g, small)
    assert found.shape == small
    # The defining property: <g, broadcast(x)> = <found, x> for each unit x.
    for place in np.ndindex(small):
        unit = np.zeros(small)
        unit[place] = 1
        assert (g * np.broadcast_to(unit, shape)).sum() == pytest.approx(found[place])


class TestAgainstPyTorch:
    torch = None

    @pytest.fixture(autouse=True)
    def installed(self, torch):
        self.torch = torch

    def both(self, arrays, build, peer):
        nodes = [Input() for _ in arrays]
        graph = Graph(dict(zip(nodes, arrays, strict=True)), loss=build(*nodes))
        graph.compute_gradients()
        tensors = [self.torch.tensor(a, dtype=self.torch.float64, requires_grad=True) for a in arrays]
        loss = peer(*tensors)
        loss.backward()
        assert graph.loss() == pytest.approx(loss.item(), rel=1e-12)
        for node, tensor in zip(nodes, tensors, strict=True):
            np.testing.assert_allclose(node.grad, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)

    @pytest.mark.parametrize("kind", [Sigmoid, Tanh, ReLU])
    def test_a_network_of_two_layers(self, kind):
        rng, F = np.random.default_rng(2), self.torch.nn.functional
        arrays = [rng.normal(size=s) for s in [(11, 10), (11, 1), (10, 10), (10,), (10, 1), (1,)]]
        squash = {Sigmoid: self.torch.sigmoid, Tanh: self.torch.tanh, ReLU: self.torch.relu}[kind]
        self.both(
            arrays,
            lambda X, y, W1, b1, W2, b2: MSE(y, Linear(kind(Linear(X, W1, b1)), W2, b2)),
            lambda X, y, W1, b1, W2, b2: F.mse_loss(squash(X @ W1 + b1) @ W2 + b2, y),
        )

    def test_logistic_regression(self):
        rng = np.random.default_rng(3)
        arrays = [rng.normal(size=(20, 2)), (rng.random(20) > 0.5) * 1.0, rng.normal(size=2)]
        entropy = self.torch.nn.functional.binary_cross_entropy

        def peer(X, y, w):
            loss = entropy(self.torch.sigmoid(X @ w), y.detach())
            p = self.torch.sigmoid(X @ w).detach()  # PyTorch gives labels no gradient here: add the formula's
            return (
                loss
                + (y * (self.torch.log1p(-p) - self.torch.log(p))).mean()
                - ((y * (self.torch.log1p(-p) - self.torch.log(p))).mean().detach())
            )

        self.both(arrays, lambda X, y, w: CrossEntropy(y, Sigmoid(Dot(X, w))), peer)

    @pytest.mark.parametrize("p", [0.0, 1.0, 1e-300, 1e-14, 0.3])
    @pytest.mark.parametrize("y", [0.0, 1.0, 0.25])
    def test_cross_entropy_at_the_edges(self, p, y):
        labels, prediction = Input(), Input()
        graph = Graph({labels: [y], prediction: [p]}, loss=CrossEntropy(labels, prediction))
        graph.compute_gradients()
        tensor = self.torch.tensor([p], dtype=self.torch.float64, requires_grad=True)
        loss = self.torch.nn.functional.binary_cross_entropy(tensor, self.torch.tensor([y], dtype=self.torch.float64))
        loss.backward()
        assert graph.loss() == pytest.approx(loss.item(), rel=1e-12)
        assert prediction.grad[0] == pytest.approx(tensor.grad.item(), rel=1e-7)
