"""The scalar engine against others that build a graph as they compute."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from peers import agree, eager, peer, scalars
from row import Row, faster
from timing import side_by_side

from cgviz.value import Value

BUILD_EACH_TIME = ("micrograd", "mlfz", "HIPS autograd", "PyTorch")
START = (0.5, 0.999, 0.01)
AIMS = {("chain", True): 2.5, ("moons", True): 10, ("moons", False): 2}  # against micrograd, by garbage collection


def rows() -> Iterator[Row]:
    """Chains and a training step, with garbage collection and without."""
    contestants: dict[str, Callable] = {"cgviz": lambda: eager(chain, START, Value, "data", "grad")}
    contestants |= {name: step for name, step in scalars(chain, START).items() if name in BUILD_EACH_TIME}
    agree(contestants)
    yield from _on_and_off("chain", "chain of 1,000 operations, forward and backward", contestants)
    if engine := peer("micrograd"):
        moons = {"cgviz": Moons(Value).step, "micrograd": Moons(engine.Value).step}
        yield from _on_and_off("moons", "moons, one training step of 100 samples", moons, rounds=5)


def _on_and_off(key: str, what: str, contestants: dict[str, Callable], rounds: int = 9) -> Iterator[Row]:
    for collecting in (True, False):
        times = side_by_side(contestants, rounds, collecting)
        for name in contestants:
            if name != "cgviz":
                aim = AIMS.get((key, collecting)) if name == "micrograd" else None
                yield faster(what + ("" if collecting else off()), name, times["cgviz"], times[name], aim)


def off() -> str:
    """What a row says that was measured without garbage collection."""
    return "; garbage collection off"


def chain(x: object, w: object, b: object, operations: int = 1_000) -> object:
    """``x = x*w + b``, again and again."""
    for _ in range(operations // 2):
        x = x * w + b
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

    def in_torch(self) -> Callable[[], float]:
        """The same step with all samples as one array, by PyTorch, from the same parameters."""
        torch = peer("PyTorch")
        number = {"dtype": torch.float64}
        layers = []
        for layer in self.model.layers:
            w = torch.tensor([[float(p.data) for p in neuron.w] for neuron in layer.neurons], **number)
            b = torch.tensor([float(neuron.b.data) for neuron in layer.neurons], **number)
            layers.append((w.requires_grad_(), b.requires_grad_()))
        points, signs = torch.tensor(self.points, **number), torch.tensor(self.signs, **number)

        def step() -> float:
            h = points
            for k, (w, b) in enumerate(layers):
                h = h @ w.T + b
                h = torch.relu(h) if k < len(layers) - 1 else h
            loss = torch.relu(1 - signs * h[:, 0]).mean()
            loss = loss + 1e-4 * sum((p * p).sum() for layer in layers for p in layer)
            loss.backward()
            with torch.no_grad():
                for layer in layers:
                    for p in layer:
                        p -= 0.01 * p.grad
                        p.grad = None
            return loss.item()

        return step
