"""A graph recorded once and run again, against building it again: scalars, a training step, a surface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from eager import Moons
from timing import Timing, readable, side_by_side

from cgviz.nn import MLP, moons, train
from cgviz.program import Program
from cgviz.value import Value

INPUTS = {"a": 2.0, "b": -3.0, "c": 10.0, "d": -2.0}
X, Y = np.meshgrid(np.linspace(-2, 2, 200), np.linspace(-1, 3, 200))
STEPS = 50  # of ours to one of micrograd's
EVERY = 10  # a loop over the surface is timed on every tenth point


def rows() -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it should reach."""
    try:
        from micrograd.engine import Value as Peer
    except ImportError:
        yield "against micrograd", "micrograd is not installed", ""
        return
    program, numbers = Program(small, **INPUTS), map(float, range(10**9))
    contestants: dict[str, Callable] = {
        "micrograd": lambda: small(*map(Peer, INPUTS.values())).backward(),
        "code": lambda: program.engine.run((next(numbers), -3.0, 10.0, -2.0)),
        "in order": lambda: program.run(next(numbers), -3.0, 10.0, -2.0),
        "by name": lambda: program.run(a=next(numbers)),
    }
    times = side_by_side(contestants, 15, 2_000)
    yield "13 nodes, forward and backward: the generated code", *_ratio(times, "code", "micrograd"), "≥ 25 ×"
    yield "the same by `run`, numbers in order", *_ratio(times, "in order", "micrograd"), ""
    yield "the same by `run`, one number by name", *_ratio(times, "by name", "micrograd"), ""
    train = Training()
    yield "recording the graph of the moons, 65,818 nodes", readable(_alone(train.record)), "≤ 1 s"
    times = side_by_side({"micrograd": Moons(Peer).step, "cgviz": lambda: [train.step() for _ in range(STEPS)]}, 7)
    times["cgviz"] = Timing(times["cgviz"].median / STEPS, times["cgviz"].spread)
    yield "moons, one training step of 100 samples", *_ratio(times, "cgviz", "micrograd"), "≥ 350 ×"
    seconds = readable(_alone(_train))
    yield "moons, 100 samples, 100 steps of `train`, recording included", seconds, "< 1 s"
    yield from _surface(Peer)


def _surface(peer: type) -> Iterator[tuple[str, str, str]]:
    program = Program(rosenbrock, x=0.5, y=0.5)
    contestants: dict[str, Callable] = {"cgviz": lambda: program.run(x=X, y=Y)}
    contestants |= _batched_peers()
    for step in contestants.values():
        step()  # compile, and start threads
    times = side_by_side(contestants, 9, 5)
    loop = side_by_side({"loop": lambda: _loop(peer)}, 3)["loop"]
    times["micrograd in a loop"] = Timing(loop.median * EVERY, loop.spread)
    yield "200 × 200 surface with gradients", *_ratio(times, "cgviz", "micrograd in a loop"), "≥ 1,500 ×"
    for name in _batched_peers():
        yield "the same", *_ratio(times, "cgviz", name), "> 1 ×" if "jit" not in name else ""


def _ratio(times: dict[str, Timing], ours: str, theirs: str) -> tuple[str]:
    a, b = times[ours], times[theirs]
    return (f"{b.median / a.median:,.3g} × {theirs} ({readable(a.median)} against {readable(b.median)})",)


def _train() -> None:
    xs, ys = moons(100, seed=1)
    history = train(MLP(2, [16, 16, 1], seed=1), xs, ys, steps=100, progress=False)
    assert history[-1].accuracy >= 0.99


def _alone(step: Callable) -> float:
    return side_by_side({"": step}, 3)[""].median


def small(a: Any, b: Any, c: Any, d: Any) -> Any:
    """An expression of 13 nodes, four of them leaves."""
    e = a * b
    f = e + c
    return (f * d + a * c + f) * e + d * d


def rosenbrock(x: Any, y: Any) -> Any:
    """The banana valley, on which descent is slow."""
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _loop(peer: type) -> None:
    for x, y in zip(X.flat[::EVERY], Y.flat[::EVERY], strict=True):
        rosenbrock(peer(x), peer(y)).backward()


class Training(Moons):
    """The moons step as a program: the graph of the loss is built once."""

    def __init__(self) -> None:
        super().__init__(Value)
        self.built = self.loss()
        self.record()

    def record(self) -> None:
        self.program = Program(self.built)
        self.weights = self.program.places(self.model.parameters())

    def step(self) -> float:
        run = self.program.run()
        self.program.leaves[self.weights] -= 0.01 * run.leaf_grads[self.weights]
        return run.value


def _batched_peers() -> dict[str, Callable]:
    """The surface by peers that are installed, in double precision as ours."""
    found: dict[str, Callable] = {}
    try:
        import torch
    except ImportError:
        pass
    else:
        torch.set_num_threads(1)  # as ours; on arrays of this size more threads only wait for each other

        def batched() -> tuple:
            x, y = torch.tensor(X, requires_grad=True), torch.tensor(Y, requires_grad=True)
            rosenbrock(x, y).sum().backward()
            return x.grad, y.grad

        found["PyTorch, batched"] = batched
    try:
        import jax
    except ImportError:
        return found
    jax.config.update("jax_enable_x64", True)
    points = jax.numpy.array(X.ravel()), jax.numpy.array(Y.ravel())
    mapped = jax.vmap(jax.value_and_grad(rosenbrock, argnums=(0, 1)))
    compiled = jax.jit(mapped)
    found["jax.vmap"] = lambda: jax.block_until_ready(mapped(*points))
    found["jax.jit of jax.vmap"] = lambda: jax.block_until_ready(compiled(*points))
    return found
