"""One step of a small GPT on one name: by a plain script, as it is typed, as a program, and by hand."""

from __future__ import annotations

import gc
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from gpt_model import END, GPT, LETTERS, Plain, by_hand
from peers import agree, peer
from row import Row, at_most, faster
from timing import Timing, side_by_side

from cgviz.graph import objects
from cgviz.nn import Adam, SampleTraining, train
from cgviz.program import Program
from cgviz.value import Value

NAME = "charlot"
SYLLABLES = (
    *("an", "el", "mar", "jo", "ka", "li", "ro", "be", "th", "sa", "ni", "da", "vi", "quin", "xa", "ze", "wy", "ly"),
    *("cor", "fa", "gus", "hen", "py", "emma", "lou"),
)
BLOCK, MANY, BATCH = 8, 1000, 32
FIRST, SOME = 30, 40
"""So many steps are compared with those as typed, and from so many of the plain script's its time is told."""
STEP = "GPT of 16 dimensions and 4 heads, a name of 7 letters: value and gradients"


def rows() -> Iterator[Row]:
    """What it takes to run the graph of a loss of some 68,000 nodes."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 200_000))  # the plain script walks by recursion
    try:
        yield from _steps()
    finally:
        sys.setrecursionlimit(limit)


def _steps() -> Iterator[Row]:
    plain, eager = GPT(Plain), GPT(Value)
    root = eager.loss(NAME)
    recording = side_by_side({"record": lambda: Program(root)}, 3)["record"]
    yield at_most(f"recording its graph, {Program(root).addresses.count:,} nodes", recording.median, 0.3)
    program, hand = Program(root), by_hand(plain, NAME)
    numbers = np.array([x.data for x in plain.parameters()])
    used, places = used_parameters(program, eager)

    def replayed() -> tuple:
        run, grads = program.run(), np.zeros(len(numbers))
        grads[used] = run.leaf_grads[places]
        return run.value, grads

    def told() -> tuple:
        run = program.run()
        return run.value, run.grads[-1:], run.values

    def in_numpy() -> tuple:
        return hand(numbers)

    contestants: dict[str, Callable[[], Any]] = {
        "by the plain script": lambda: _run(plain),
        "as it is typed": lambda: _run(eager),
        "as a program": replayed,
        "NumPy written by hand": in_numpy,
    }
    if torch := peer("PyTorch"):
        contestants["PyTorch, arrays"] = _in_torch(torch, plain)
    agree(contestants)
    contestants["with every value and gradient"] = told
    slow = ("by the plain script", "as it is typed")
    times = side_by_side({name: contestants[name] for name in slow}, 5)
    times |= side_by_side({name: step for name, step in contestants.items() if name not in slow}, 15)
    base, ours = times["by the plain script"], times["as a program"]
    yield faster(f"{STEP}, as it is typed", "the plain script", times["as it is typed"], base, 2.2)
    yield faster(f"{STEP}, as a program", "the plain script", ours, base, 1_500)
    told_time = times["with every value and gradient"]
    yield faster(f"{STEP}, every node's told", "the plain script", told_time, base, 400)
    yield faster(f"{STEP}, as a program", "NumPy written by hand", ours, times["NumPy written by hand"], 1 / 1.3)
    if "PyTorch, arrays" in times:
        yield faster(f"{STEP}, as a program", "PyTorch, arrays", ours, times["PyTorch, arrays"], 1)
    yield from _batch(plain, base)
    yield _memory(root)
    yield from _training()


def _batch(plain: GPT, base: Timing) -> Iterator[Row]:
    """A batch of names of one length, run together in copies of one graph, for each name of it."""
    draw = random.Random(2)
    names = [NAME, *("".join(draw.choice(LETTERS) for _ in NAME) for _ in range(BATCH - 1))]
    training = SampleTraining(GPT(Value).loss, names, batch=BATCH)
    for _ in range(200):  # copies are made once they have been missed so often that it pays
        loss, _, gradient = training.evaluate()
        [known] = training.reading.structures.values()
        if BATCH in known.structure.code.engine.copies:
            break
    found = [_run(plain, name) for name in names]
    assert abs(loss - sum(each for each, _ in found) / BATCH) < 1e-9 * loss, "the batch has another loss"
    expected = np.mean([each for _, each in found], 0)
    of = {id(x): k for k, x in enumerate(training.loss_of.__self__.parameters())}
    places = [of[id(x)] for x in training.parameters]
    assert np.allclose(gradient, expected[places], rtol=1e-9, atol=1e-12), "the batch has another gradient"
    timing = side_by_side({"batch": training.evaluate}, 15)["batch"]
    each = Timing(timing.median / BATCH, timing.spread)
    yield faster(f"{STEP}, one of a batch of {BATCH}", "the plain script", each, base, 5_000)


def _memory(root: Value) -> Row:
    """What a program holds besides the nodes that were recorded, once it has run."""
    gc.collect()
    tracemalloc.start()
    program = Program(root)
    program.run()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    count = program.addresses.count
    return at_most(f"memory of the recording of {count:,} nodes, for each", held / count, 60, "bytes")


def _training() -> Iterator[Row]:
    """Training on names of mixed length, from the first call on: the losses first, and then the time."""
    names = made_up_names(MANY)
    first = _losses_as_typed(names[:FIRST])
    training = SampleTraining(GPT(Value, block=BLOCK).loss, names, optimizer=Adam(0.01))
    found = [step.loss for step in training.steps(FIRST)]
    assert max(abs(a - b) / b for a, b in zip(found, first, strict=True)) < 1e-9, "the losses differ"

    start = time.perf_counter()
    train(GPT(Value, block=BLOCK).loss, data=names, steps=MANY, optimizer=Adam(0.01), progress=False)
    ours = time.perf_counter() - start
    plain = GPT(Plain, block=BLOCK)
    start = time.perf_counter()
    for name in names[:SOME]:
        _run(plain, name)
    theirs = (time.perf_counter() - start) / SOME * MANY
    what = f"GPT, {MANY:,} training steps on new names of mixed length, recording and Adam included"
    yield at_most(what, ours, 3)
    yield faster(what, "the plain script", Timing(ours, 0), Timing(theirs, 0), 60)


def made_up_names(count: int) -> list[str]:
    """Names of two to twelve letters, all different, the same in every run."""
    draw, found = random.Random(1), dict[str, None]()
    while len(found) < count:
        found["".join(draw.choice(SYLLABLES) for _ in range(draw.randint(1, 4)))[:12]] = None
    return list(found)


def _losses_as_typed(names: list[str]) -> list[float]:
    """The losses of as many steps, with nothing recorded."""
    model, optimizer = GPT(Value, block=BLOCK), Adam(0.01)
    parameters, losses = model.parameters(), []
    numbers = np.array([x.data for x in parameters])
    for name in names:
        loss, gradient = _run(model, name)
        losses.append(loss)
        [numbers] = optimizer.move([("all", numbers, np.array(gradient))])
        for x, number in zip(parameters, numbers.tolist(), strict=True):
            x.data = number
    return losses


def used_parameters(program: Program, model: GPT) -> tuple[np.ndarray, np.ndarray]:
    """Which parameters the loss of this name depends on, and their places among the program's leaves."""
    parameters, below = model.parameters(), {id(x) for x in objects(program.root)}
    used = [k for k, x in enumerate(parameters) if id(x) in below]
    return np.array(used), program.places([parameters[k] for k in used])


def _run(model: GPT, name: str = NAME) -> tuple:
    parameters = model.parameters()
    for x in parameters:
        x.grad = 0.0
    loss = model.loss(name)
    loss.backward()
    return loss.data, [x.grad for x in parameters]


def _in_torch(torch: Any, model: GPT) -> Callable[[], tuple]:
    """The same network as PyTorch's users write it, one array for a layer."""
    w = {
        name: torch.tensor([[x.data for x in row] for row in part], dtype=torch.float64, requires_grad=True)
        for name, part in model.parts.items()
    }
    symbols = [END, *map(LETTERS.index, NAME), END]
    given, wanted = torch.tensor(symbols[:-1]), torch.tensor(symbols[1:])
    n, heads, size = len(symbols) - 1, model.heads, model.width // model.heads
    hidden = torch.triu(torch.full((n, n), -torch.inf, dtype=torch.float64), 1)

    def norm(x: Any) -> Any:
        return x * ((x * x).mean(1, keepdim=True) + 1e-5) ** -0.5

    def by_head(x: Any) -> Any:
        return x.reshape(n, heads, size).transpose(0, 1)

    def step() -> tuple:
        for part in w.values():
            part.grad = None
        x1 = norm(w["letters"][given] + w["places"][:n])
        x2 = norm(x1)
        query, key, value = (by_head(x2 @ w[part].T) for part in ("query", "key", "value"))
        attention = torch.softmax(query @ key.transpose(1, 2) / size**0.5 + hidden, 2)
        x3 = (attention @ value).transpose(0, 1).reshape(n, -1) @ w["out"].T + x1
        x5 = torch.relu(norm(x3) @ w["up"].T) @ w["down"].T + x3
        loss = torch.nn.functional.cross_entropy(x5 @ w["score"].T, wanted)
        loss.backward()
        return loss.item(), torch.cat([part.grad.reshape(-1) for part in w.values()]).numpy()

    return step
