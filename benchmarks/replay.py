"""A graph recorded once and run again, against building it again, or compiling it: scalars, training, a surface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from eager import BUILD_EACH_TIME, Moons, off
from peers import agree, batches, peer, scalars
from row import Row, at_most, faster
from timing import Timing, side_by_side

from cgviz.nn import MLP, moons, train
from cgviz.program import Program
from cgviz.value import Value

INPUTS = {"a": 2.0, "b": -3.0, "c": 10.0, "d": -2.0}
X, Y = np.meshgrid(np.linspace(-2, 2, 200), np.linspace(-1, 3, 200))
EVERY = 10  # a loop over the surface is timed on every tenth point
ONE_ARRAY = "PyTorch, all samples as one array: not a graph of scalars, so not the same work"


def rows() -> Iterator[Row]:
    """What a program saves."""
    yield from _small()
    yield from _training()
    yield from _surface()


def _small() -> Iterator[Row]:
    program, numbers = Program(small, **INPUTS), tuple(INPUTS.values())
    peers = scalars(small, numbers)
    agree(peers | {"cgviz": lambda: (program.run(*numbers).value, program.gradient(*numbers).values())})
    a, b, c, d = numbers
    ours: dict[str, Callable] = {
        "by `run`, numbers in order": lambda: program.run(a, b, c, d),
        "by `run`, one number by name": lambda: program.run(a=a),
        "by `gradient`, into a dict": lambda: program.gradient(a, b, c, d),
        "by the generated code alone": lambda: program.engine.run((a, b, c, d)),
    }
    first = next(iter(ours))
    what = "13 nodes, value and gradients: {}"
    times = side_by_side(ours | peers, 15)
    for name in peers:
        yield faster(what.format(first), name, times[first], times[name], 25 if name == "micrograd" else None)
    for way in [*ours][1:] if "micrograd" in peers else ():
        aim = 25 if "code" in way else None
        yield faster(what.format(way), "micrograd", times[way], times["micrograd"], aim)
    times = side_by_side(
        {first: ours[first]} | {name: peers[name] for name in BUILD_EACH_TIME if name in peers}, 15, False
    )
    for name in [*times][1:]:
        yield faster(what.format(first) + off(), name, times[first], times[name])


def _training() -> Iterator[Row]:
    if not (engine := peer("micrograd")):
        return
    ours = Training()
    recording = side_by_side({"record": ours.record}, 3)["record"]
    yield at_most("recording the graph of the moons, 65,818 nodes", recording.median, 1.0)
    contestants = {"cgviz": Training().step, "micrograd": Moons(engine.Value).step}
    if peer("PyTorch"):
        contestants[ONE_ARRAY] = Moons(Value).in_torch()
    losses = [step() for step in contestants.values()]
    if max(losses) - min(losses) > 1e-9:
        raise AssertionError(f"the contestants train differently: {losses}")
    what = "moons, one training step of 100 samples"
    for collecting in (True, False):
        times = side_by_side(contestants, 5, collecting)
        for name in [*contestants][1:]:
            aim = 350 if name == "micrograd" and collecting else None
            if name == "micrograd" or collecting:
                yield faster(what + ("" if collecting else off()), name, times["cgviz"], times[name], aim)
    whole = side_by_side({"train": _whole_training}, 3)["train"]
    yield at_most("moons, 100 samples, 100 steps of `train`, recording included", whole.median, 1.0)


def _surface() -> Iterator[Row]:
    program = Program(rosenbrock, x=0.5, y=0.5)

    def ours() -> tuple:
        run = program.run(x=X, y=Y)
        return run.value, (run.grad["x"], run.grad["y"])

    peers = batches(rosenbrock, (X, Y))
    agree({"cgviz": ours} | peers)
    times = side_by_side({"cgviz": ours} | peers, 15)
    what = "200 × 200 surface with gradients"
    if engine := peer("micrograd"):
        loop = side_by_side({"loop": lambda: _loop(engine.Value)}, 3)["loop"]
        loop = Timing(loop.median * EVERY, loop.spread)
        yield faster(what, "micrograd in a loop", times["cgviz"], loop, 1_500)
    for name in peers:
        aim = 1.0 if name in ("PyTorch, batched", "jax.vmap") else None
        yield faster(what, name, times["cgviz"], times[name], aim)


def _whole_training() -> None:
    xs, ys = moons(100, seed=1)
    history = train(MLP(2, [16, 16, 1], seed=1), xs, ys, steps=100, progress=False)
    assert history[-1].accuracy >= 0.99


def small(a: Any, b: Any, c: Any, d: Any) -> Any:
    """An expression of 13 nodes, four of them leaves."""
    e = a * b
    f = e + c
    return (f * d + a * c + f) * e + d * d


def rosenbrock(x: Any, y: Any) -> Any:
    """The banana valley, on which descent is slow."""
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _loop(engine: type) -> None:
    for x, y in zip(X.flat[::EVERY], Y.flat[::EVERY], strict=True):
        rosenbrock(engine(x), engine(y)).backward()


class Training(Moons):
    """The moons step as a program: the graph of the loss is built once."""

    def __init__(self) -> None:
        super().__init__(Value)
        self.built = self.loss()
        self.record()

    def record(self) -> None:
        """Make the program anew from the graph."""
        self.program = Program(self.built)
        self.weights = self.program.places(self.model.parameters())

    def step(self) -> float:
        """Run, and move the parameters once."""
        run = self.program.run()
        self.program.leaves[self.weights] -= 0.01 * run.leaf_grads[self.weights]
        return run.value
