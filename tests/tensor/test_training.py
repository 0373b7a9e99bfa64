"""What a Tensor is for: small models that learn."""

import numpy as np

from cgviz import Tensor, binary_cross_entropy, cross_entropy


def test_logistic_regression_finds_a_separating_line():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(80, 2))
    yes = (points @ [2.0, -1.0] + 0.3 > 0)[:, None] * 1.0
    W, b = Tensor(np.zeros((2, 1)), "W"), Tensor(0, "b")
    for _ in range(400):
        L = binary_cross_entropy(points @ W + b, yes)
        L.backward()
        for p in (W, b):
            p.data -= 5 * p.grad
    assert ((points @ W + b > 0) == yes).all()
    assert L.item() < 0.1


def test_a_network_learns_three_classes():
    rng = np.random.default_rng(1)
    centres = np.array([[0, 2], [2, -1], [-2, -1]])
    classes = rng.integers(0, 3, 90)
    points = centres[classes] + 0.3 * rng.normal(size=(90, 2))
    params = [
        Tensor(rng.normal(size=s) * 0.5, name) for s, name in (((2, 8), "W1"), (8, "b1"), ((8, 3), "W2"), (3, "b2"))
    ]
    W1, b1, W2, b2 = params
    for _ in range(100):
        logits = (points @ W1 + b1).tanh() @ W2 + b2
        L = cross_entropy(logits, classes)
        L.backward()
        for p in params:
            p.data -= 0.5 * p.grad
    assert (logits.data.argmax(axis=1) == classes).all()
