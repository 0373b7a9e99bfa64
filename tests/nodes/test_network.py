"""The programs of the text that this engine follows: a network on the diabetes data, and logistic regression."""

from pathlib import Path

import numpy as np
import pytest

from cgviz.nodes import MSE, SGD, Adam, CrossEntropy, Dot, Graph, Input, Linear, Momentum, ReLU, Sigmoid, Tanh

CSV = Path(__file__).parents[2] / "lessons" / "data" / "diabetes.csv"


def diabetes():
    table = np.loadtxt(CSV, delimiter=",", skiprows=1)
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    return table[:, :-1], table[:, -1]


def resample(*arrays, n_samples, rng):
    rows = rng.integers(len(arrays[0]), size=n_samples)
    return [array[rows] for array in arrays]


def test_the_data_are_those_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    bunch = datasets.load_diabetes(scaled=False)
    table = np.loadtxt(CSV, delimiter=",", skiprows=1)
    np.testing.assert_allclose(table, np.column_stack([bunch.data, bunch.target]), rtol=1e-5)


@pytest.mark.parametrize("column", [False, True], ids=["targets as a list", "targets as a column"])
def test_the_network_of_the_text_trains(column, capsys):
    rng = np.random.default_rng(0)
    inputs, targets = diabetes()
    if column:
        targets = targets[:, None]
    hidden, batch = 10, 11
    start = {
        "W1": rng.standard_normal((inputs.shape[1], hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.standard_normal((hidden, 1)),
        "b2": np.zeros(1),
    }
    kept = {name: array.copy() for name, array in start.items()}

    X, y = Input(), Input()
    W1, b1 = Input(), Input()
    W2, b2 = Input(), Input()
    layer = Sigmoid(Linear(X, W1, b1))
    cost = MSE(y, Linear(layer, W2, b2))
    graph = Graph({X: inputs, y: targets, W1: start["W1"], b1: start["b1"], W2: start["W2"], b2: start["b2"]})
    sgd, weights = SGD(1e-2), [W1, b1, W2, b2]

    losses = []
    steps = len(inputs) // batch
    for epoch in range(20):
        loss = 0
        for _ in range(steps):
            X.output, y.output = resample(inputs, targets, n_samples=batch, rng=rng)
            graph.compute_gradients()
            sgd.update(weights)
            loss += graph.loss()
        losses.append(loss / steps)
        print(f"Epoch: {epoch + 1}, Loss: {losses[-1]:.3f}")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20
    assert lines[0] == f"Epoch: 1, Loss: {losses[0]:.3f}"
    assert losses[-1] < 0.6 < losses[0]
    assert graph.root is cost
    for name, array in kept.items():
        assert (start[name] == array).all()


@pytest.mark.parametrize("kind", [Sigmoid, Tanh, ReLU])
@pytest.mark.parametrize("optimizer", [SGD(0.05), Momentum(0.01), Adam(0.01)], ids=["sgd", "momentum", "adam"])
def test_every_optimizer_trains_every_activation(kind, optimizer):
    rng = np.random.default_rng(1)
    inputs, targets = diabetes()
    X, y, W1, b1, W2, b2 = nodes = [Input() for _ in range(6)]
    MSE(y, Linear(kind(Linear(X, W1, b1)), W2, b2))
    shapes = (10, 10), (10,), (10, 1), (1,)
    graph = Graph(dict(zip(nodes, [inputs, targets, *(0.3 * rng.normal(size=s) for s in shapes)], strict=True)))
    first = graph.loss()
    for _ in range(100):
        graph.compute_gradients()
        optimizer.update([W1, b1, W2, b2])
    graph.compute()
    assert graph.loss() < 0.6 < first


@pytest.mark.parametrize("with_bias", [False, True])
def test_logistic_regression_finds_a_separating_line(with_bias):
    rng = np.random.default_rng(4)
    side = np.repeat([0, 1], 50)
    points = rng.normal(size=(100, 2)) * 0.5 + np.where(side, 1.5, -1.5)[:, None]
    x, y, w, b = Input("x"), Input("y"), Input("w"), Input("b")
    p = Sigmoid(Linear(x, w, b) if with_bias else Dot(x, w))
    feed = {x: points, y: side, w: [0, 0]} | ({b: 0} if with_bias else {})
    graph, sgd = Graph(feed, loss=CrossEntropy(y, p)), SGD(0.5)
    graph.compute_gradients()
    assert graph.loss() == pytest.approx(np.log(2))
    for _ in range(200):
        graph.compute_gradients()
        sgd.update([w, b] if with_bias else [w])
    graph.compute()
    assert graph.loss() < 0.05
    assert ((p.output > 0.5) == side).all()


def test_one_sample_at_a_time():
    """As vectors: a dot product, its sigmoid, and the cross-entropy of one label."""
    x, y, w = Input(), Input(), Input()
    graph = Graph({x: [1.0, 2.0], y: 1, w: [0.5, -0.5]}, loss=CrossEntropy(y, Sigmoid(Dot(x, w))))
    graph.compute_gradients()
    p = 1 / (1 + np.exp(0.5))
    assert graph.loss() == pytest.approx(-np.log(p))
    np.testing.assert_allclose(w.gradients[w], (p - 1) * np.array([1.0, 2.0]))
