"""A training step of `Tensor`, typed as the mathematics is: against PyTorch, and NumPy written by hand.

The network and its batch are those of the node engine's rows; the graph is built anew at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nodes import RATE, by_hand, data, torch_step
from peers import peer
from row import Row, faster
from timing import side_by_side

from cgviz import Tensor, sigmoid


def rows() -> Iterator[Row]:
    """A training step of each."""
    contestants = {"cgviz": step_of_tensors(), "NumPy written by hand": by_hand()}
    if peer("PyTorch"):
        contestants["PyTorch"] = torch_step()
    losses = {name: [step() for _ in range(20)][-1] for name, step in contestants.items()}
    if not max(losses.values()) - min(losses.values()) < 1e-9:
        raise AssertionError(f"the contestants train differently: {losses}")
    found = side_by_side(contestants, rounds=25)
    for name in found:
        if name != "cgviz":
            yield faster("`Tensor`, training step, batch of 11", name, found["cgviz"], found[name])


def step_of_tensors() -> Callable[[], float]:
    """A step of the network in `Tensor`: the loss before the update."""
    X, y, *parameters = data()

    def step() -> float:
        nonlocal parameters
        W1, b1, W2, b2 = leaves = [Tensor(x) for x in parameters]
        miss = sigmoid(X @ W1 + b1) @ W2 + b2 - y
        loss = (miss * miss).mean()
        loss.backward()
        parameters = [leaf.data - RATE * leaf.grad for leaf in leaves]
        return float(loss.data)

    return step
