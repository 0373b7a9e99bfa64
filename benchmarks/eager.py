"""The scalar engine against micrograd: the same code, with the import changed."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

from timing import readable, side_by_side

from cgviz.value import Value


def rows() -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it should reach."""
    try:
        from micrograd.engine import Value as Peer
    except ImportError:
        yield "against micrograd", "micrograd is not installed", ""
        return
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))  # micrograd's walk needs it
    contestants = {"micrograd": lambda: chain(Peer, 1_000), "cgviz": lambda: chain(Value, 1_000)}
    yield "chain of 1,000 operations, forward and backward", *_ratio(side_by_side(contestants, 15, 20)), "≥ 2.5 ×"
    moons = {"micrograd": Moons(Peer).step, "cgviz": Moons(Value).step}
    yield "moons, one training step of 100 samples", *_ratio(side_by_side(moons, 5, 2)), "≥ 10 ×"
    off = side_by_side(moons, 5, 2, collecting=False)
    yield "the same with garbage collection off", *_ratio(off), "≥ 2 ×"


def _ratio(times: dict) -> tuple[str]:
    ours, theirs = times["cgviz"].median, times["micrograd"].median
    return (f"{theirs / ours:.1f} × micrograd ({readable(ours)} against {readable(theirs)})",)


def chain(cls: type, operations: int) -> object:
    """``x = x*w + b``, again and again, and its gradients."""
    x, w, b = cls(0.5), cls(0.999), cls(0.01)
    for _ in range(operations // 2):
        x = x * w + b
    x.backward()
    return x


class Moons:
    """micrograd's demonstration: a network of 2-16-16-1 neurons, hinge loss and regularisation."""

    def __init__(self, cls: type) -> None:
        from micrograd import nn

        random.seed(1337)
        original, nn.Value = nn.Value, cls
        try:
            self.model = nn.MLP(2, [16, 16, 1])
        finally:
            nn.Value = original
        self.cls = cls
        self.points = [(random.uniform(-1, 2), random.uniform(-1, 1.5)) for _ in range(100)]
        self.signs = [1 if y > x * x - 0.5 else -1 for x, y in self.points]

    def loss(self) -> object:
        """The loss of all points, as a new graph."""
        scores = [self.model([self.cls(x), self.cls(y)]) for x, y in self.points]
        losses = [(1 + -sign * score).relu() for sign, score in zip(self.signs, scores, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in self.model.parameters())

    def step(self) -> float:
        """Compute the loss, its gradients, and move the parameters once."""
        loss = self.loss()
        self.model.zero_grad()
        loss.backward()
        for p in self.model.parameters():
            p.data -= 0.01 * p.grad
        return float(loss.data)
