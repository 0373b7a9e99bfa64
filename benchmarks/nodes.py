"""The node engine on one network: against the engine of the text it follows, PyTorch, and NumPy written by hand.

The network has 10 features, 10 hidden units with a sigmoid, one output and a mean squared error; a step is the
gradients of a batch of 11, an update of the four parameters, and the loss as a number. The batch is the same at
each step, so that nobody is charged for drawing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from peers import peer
from row import Row, faster, spread, times
from timing import side_by_side

from cgviz.nodes import MSE, SGD, Graph, Input, Linear, Sigmoid

BATCH, FEATURES, HIDDEN, RATE = 11, 10, 10, 1e-2


def rows() -> Iterator[Row]:
    """A training step of each."""
    contestants = {"cgviz": ours(), "text": textbook(), "hand": by_hand()}
    if peer("PyTorch"):
        contestants["torch"] = torch_step()
    losses = {name: [step() for _ in range(20)][-1] for name, step in contestants.items()}
    if max(losses.values()) - min(losses.values()) > 1e-9:
        raise AssertionError(f"the contestants train differently: {losses}")
    found = side_by_side(contestants, rounds=25)
    mine, hand = found["cgviz"], found["hand"]
    what = "training step, batch of 11"
    yield faster(what, "an engine of lists and dictionaries", mine, found["text"], 1.9)
    if "torch" in found:
        yield faster(what, "PyTorch", mine, found["torch"], 5)
    longer = mine.median / hand.median
    measured = f"{times(longer)} as long: {spread(mine)} against {spread(hand)}"
    yield Row(what, "NumPy written by hand", measured, "≤ 1.35 ×", longer <= 1.35)


def data() -> tuple:
    """A batch and the four parameters before training."""
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(BATCH, FEATURES)), rng.normal(size=(BATCH, 1))
    W1, W2 = rng.normal(size=(FEATURES, HIDDEN)), rng.normal(size=(HIDDEN, 1))
    return X, y, W1, np.zeros(HIDDEN), W2, np.zeros(1)


def ours() -> Callable[[], float]:
    """A step of the network built from `cgviz.nodes`."""
    return _with_engine(Input, Linear, Sigmoid, MSE, Graph, SGD)


def _with_engine(Input, Linear, Sigmoid, MSE, Graph, SGD) -> Callable[[], float]:
    nodes = X, y, W1, b1, W2, b2 = [Input() for _ in range(6)]
    MSE(y, Linear(Sigmoid(Linear(X, W1, b1)), W2, b2))
    arrays = data()
    graph, sgd, batch, targets = Graph(dict(zip(nodes, arrays, strict=True))), SGD(RATE), *arrays[:2]

    def step() -> float:
        X.output, y.output = batch, targets
        graph.compute_gradients()
        sgd.update([W1, b1, W2, b2])
        return float(graph.loss())

    return step


def by_hand() -> Callable[[], float]:
    """A step in plain NumPy, as one writes it for this network alone."""
    X, y, W1, b1, W2, b2 = data()

    def step() -> float:
        nonlocal W1, b1, W2, b2
        s = 1 / (1 + np.exp(-(X @ W1 + b1)))
        miss = s @ W2 + b2 - y
        loss = np.mean(miss**2)
        g = 2 / len(y) * miss
        g1 = g @ W2.T * s * (1 - s)
        W2 = W2 - RATE * (s.T @ g)
        b2 = b2 - RATE * g.sum(axis=0)
        W1 = W1 - RATE * (X.T @ g1)
        b1 = b1 - RATE * g1.sum(axis=0)
        return float(loss)

    return step


def torch_step() -> Callable[[], float]:
    """A step of the same network in PyTorch."""
    import torch

    X, y, W1, b1, W2, b2 = map(torch.from_numpy, data())
    net = torch.nn.Sequential(
        torch.nn.Linear(FEATURES, HIDDEN), torch.nn.Sigmoid(), torch.nn.Linear(HIDDEN, 1)
    ).double()
    with torch.no_grad():
        for parameter, start in zip(net.parameters(), (W1.T, b1, W2.T, b2), strict=True):
            parameter.copy_(start)
    sgd, mse = torch.optim.SGD(net.parameters(), lr=RATE), torch.nn.MSELoss()

    def step() -> float:
        sgd.zero_grad()
        loss = mse(net(X), y)
        loss.backward()
        sgd.step()
        return loss.item()

    return step


def textbook() -> Callable[[], float]:
    """A step of an engine as texts print it: each node a dictionary of zeros, filled from its consumers."""

    class Place:
        def __init__(self, *below):
            self.input_nodes, self.output_nodes = list(below), []
            self.output, self.gradients = None, {}
            for node in below:
                node.output_nodes.append(self)

        def cleared(self):
            self.gradients = {node: np.zeros_like(node.output) for node in self.input_nodes}

    class Given(Place):
        def compute(self):
            pass

        def backpass(self):
            self.gradients = {self: np.zeros_like(self.output)}
            for user in self.output_nodes:
                self.gradients[self] += user.gradients[self]

    class Sums(Place):
        def compute(self):
            x, w, b = (node.output for node in self.input_nodes)
            self.output = np.dot(x, w) + b

        def backpass(self):
            self.cleared()
            x, w, b = self.input_nodes
            for user in self.output_nodes:
                came = user.gradients[self]
                self.gradients[x] += np.dot(came, w.output.T)
                self.gradients[w] += np.dot(x.output.T, came)
                self.gradients[b] += np.sum(came, axis=0)

    class Squashed(Place):
        def compute(self):
            self.output = 1.0 / (1.0 + np.exp(-self.input_nodes[0].output))

        def backpass(self):
            self.cleared()
            for user in self.output_nodes:
                s = self.output
                self.gradients[self.input_nodes[0]] += s * (1 - s) * user.gradients[self]

    class Squares(Place):
        def compute(self):
            y, p = self.input_nodes
            self.miss = p.output - y.output
            self.output = np.mean(self.miss**2)

        def backpass(self):
            y, p = self.input_nodes
            self.gradients = {y: -2 / self.miss.size * self.miss, p: 2 / self.miss.size * self.miss}

    class Network:
        def __init__(self, feed):
            waiting, users, self.order = {}, list(feed), []
            for node in users:
                waiting[node] = len(node.input_nodes)
                users += [user for user in node.output_nodes if user not in users]
            ready = [node for node in users if not waiting[node]]
            while ready:
                node = ready.pop(0)
                self.order.append(node)
                for user in node.output_nodes:
                    waiting[user] -= 1
                    if not waiting[user]:
                        ready.append(user)
            for node, array in feed.items():
                node.output = array.copy()

        def compute_gradients(self):
            for node in self.order:
                node.compute()
            for node in reversed(self.order):
                node.backpass()

        def loss(self):
            return self.order[-1].output

    class Descent:
        def __init__(self, rate):
            self.rate = rate

        def update(self, nodes):
            for node in nodes:
                partial = node.gradients[node]
                node.output -= self.rate * partial

    return _with_engine(Given, Sums, Squashed, Squares, Network, Descent)
