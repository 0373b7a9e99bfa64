"""What each optimizer does in a step, and what it refuses."""

import math

import numpy as np
import pytest

from cgviz.nodes import (
    MSE,
    SGD,
    Adam,
    Add,
    Graph,
    Input,
    Linear,
    Momentum,
    Mul,
    constant_rate,
    cosine_rate,
    linear_rate,
    step_rate,
    warm_up,
)


def parabola(start=3.0):
    x = Input("x")
    return x, Graph({x: start}, loss=Mul(x, x))


def walk(optimizer, steps, start=3.0):
    x, graph = parabola(start)
    found = []
    for _ in range(steps):
        graph.compute_gradients()
        optimizer.update([x])
        found.append(float(x.output))
    return found


def test_steps_by_hand():
    assert walk(SGD(0.1), 3) == pytest.approx([2.4, 1.92, 1.536])
    assert walk(Momentum(0.1, 0.5), 3) == pytest.approx([2.4, 1.62, 0.906])
    assert walk(Momentum(0.1, 0), 3) == pytest.approx(walk(SGD(0.1), 3))
    assert walk(Adam(0.1), 1) == pytest.approx([2.9])
    assert walk(Adam(0.1), 1, start=3000.0) == pytest.approx([2999.9])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: SGD(0.05), lambda t, p: t.optim.SGD(p, lr=0.05)),
        (lambda: Momentum(0.05), lambda t, p: t.optim.SGD(p, lr=0.05, momentum=0.9)),
        (lambda: Adam(), lambda t, p: t.optim.Adam(p)),
        (lambda: Adam(0.1, 0.5, 0.9, 1e-3), lambda t, p: t.optim.Adam(p, 0.1, (0.5, 0.9), 1e-3)),
    ],
)
def test_steps_are_those_of_pytorch(torch, ours, theirs):
    rng = np.random.default_rng(0)
    X, y, W, b = nodes = [Input() for _ in range(4)]
    arrays = [rng.normal(size=s) for s in [(8, 3), (8, 1), (3, 1), (1,)]]
    graph, optimizer = Graph(dict(zip(nodes, arrays, strict=True)), loss=MSE(y, Linear(X, W, b))), ours()
    tensors = [torch.tensor(a) for a in arrays]
    weights = [t.requires_grad_() for t in tensors[2:]]
    peer = theirs(torch, weights)
    for _ in range(25):
        graph.compute_gradients()
        optimizer.update([W, b])
        peer.zero_grad()
        ((tensors[0] @ weights[0] + weights[1] - tensors[1]) ** 2).mean().backward()
        peer.step()
    for node, tensor in zip((W, b), weights, strict=True):
        np.testing.assert_allclose(node.output, tensor.detach().numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", [SGD, Momentum, Adam])
@pytest.mark.parametrize("rate", [0, -0.1, float("nan"), float("inf")])
def test_a_rate_that_cannot_work(kind, rate):
    with pytest.raises(ValueError, match=rf"^learning_rate must be a positive, finite number, got {rate}$"):
        kind(rate)
    optimizer = kind(0.1)
    with pytest.raises(ValueError, match="learning_rate"):
        optimizer.learning_rate = rate
    assert optimizer.learning_rate == 0.1


@pytest.mark.parametrize("rate", [None, "0.1", True, [0.1], 1j])
def test_a_rate_that_is_no_number(rate):
    with pytest.raises(TypeError, match=r"^learning_rate must be a positive number, got "):
        SGD(rate)


def test_rates_of_numpy_and_a_rate_that_is_changed():
    x, graph = parabola()
    sgd = SGD(np.float32(0.5))
    sgd.learning_rate = 0.25
    graph.compute_gradients()
    sgd.update([x])
    assert x.output == 1.5


@pytest.mark.parametrize("bad", [1, -0.1, float("nan"), "a", None])
def test_other_constants_are_checked(bad):
    for build in (lambda: Momentum(0.1, bad), lambda: Adam(0.1, bad), lambda: Adam(0.1, 0.9, bad)):
        with pytest.raises((TypeError, ValueError), match=r"must be (a number )?from 0 to below 1"):
            build()
    with pytest.raises((TypeError, ValueError), match="epsilon"):
        Adam(epsilon=bad if bad != 1 else 0)


@pytest.mark.parametrize("optimizer", [SGD(0.1), Momentum(0.1), Adam(0.1)])
def test_a_list_that_cannot_be_trained_moves_nothing(optimizer):
    x, graph = parabola()
    graph.compute_gradients()
    before, other = x.output, Input("other")
    cases = [
        ([x, other], ValueError, r"^'other' has no gradient yet: run graph\.compute_gradients\(\) before the update$"),
        ([x, graph.root], ValueError, "^Mul 1 is computed from other nodes, so it cannot be trained"),
        ([x, x], ValueError, "^'x' is listed twice"),
        ([x, 3], TypeError, "^only nodes can be trained, got an int$"),
        (x, TypeError, "^update takes a list of nodes"),
    ]
    for nodes, error, words in cases:
        with pytest.raises(error, match=words):
            optimizer.update(nodes)
        assert x.output is before


def test_a_gradient_of_another_shape_is_refused():
    x, graph = parabola()
    graph.compute_gradients()
    x.output = [1.0, 2.0]
    with pytest.raises(ValueError, match=r"^'x' has shape 2 and its gradient one number: run graph\.compute_gradients"):
        SGD(0.1).update([x])


def test_any_iterable_will_do():
    x, graph = parabola()
    graph.compute_gradients()
    SGD(0.1).update(node for node in (x,))
    SGD(0.1).update([])
    assert x.output == pytest.approx(2.4)


@pytest.mark.parametrize("optimizer", [Momentum(0.1), Adam(0.1)])
def test_memory_starts_afresh_for_an_array_of_another_shape(optimizer):
    x, y = Input(), Input()
    graph = Graph({x: [1.0, 2.0], y: [0.0, 0.0]}, loss=MSE(y, Add(x, x)))
    graph.compute_gradients()
    optimizer.update([x])
    x.output, y.output = np.ones(3), np.zeros(3)
    graph.compute_gradients()
    optimizer.update([x])
    assert x.output.shape == (3,)


SCHEDULES = {
    "cosine": (lambda: cosine_rate(0.3, steps=12), lambda n: 0.3 * (1 + math.cos(math.pi * min(n, 12) / 12)) / 2),
    "linear": (lambda: linear_rate(0.3, steps=10, end=0.1), lambda n: 0.3 - 0.2 * min(n, 10) / 10),
    "steps": (lambda: step_rate(0.3, every=4, factor=0.5), lambda n: 0.3 * 0.5 ** (n // 4)),
    "warm up": (lambda: warm_up(0.3, steps=5), lambda n: 0.3 * min(n + 1, 5) / 5),
    "constant": (lambda: constant_rate(0.3), lambda n: 0.3),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_is_its_formula_and_moves_as_its_rates_do(name):
    make, formula = SCHEDULES[name]
    rates = [max(formula(n), 1e-300) for n in range(20)]
    assert [make()(n) for n in range(1, 21)] == pytest.approx(rates, rel=1e-9)
    changing, x, y = Adam(make(), weight_decay=0.1, clip=0.5), np.array([1.0, -2.0]), np.array([1.0, -2.0])
    by_hand = Adam(0.3, weight_decay=0.1, clip=0.5)
    for rate in rates:
        by_hand.learning_rate = rate
        [x] = changing.move([("x", x, 2 * x)])
        [y] = by_hand.move([("x", y, 2 * y)])
    assert x == pytest.approx(y, rel=1e-12)


@pytest.mark.parametrize("clip", [None, 0.7])
@pytest.mark.parametrize("kind", ["Adam", "Momentum", "SGD"])
def test_decay_and_clip_are_those_of_pytorch(torch, kind, clip):
    starts = [np.array([1.0, -2.0, 0.5]), np.array([[0.3], [4.0]])]
    theirs = [torch.tensor(x, requires_grad=True) for x in starts]
    if kind == "Adam":
        ours, other = Adam(0.05, weight_decay=0.2, clip=clip), torch.optim.AdamW(theirs, lr=0.05, weight_decay=0.2)
    else:
        momentum = 0.9 if kind == "Momentum" else 0.0
        ours = Momentum(0.05, 0.9, clip=clip) if momentum else SGD(0.05, clip=clip)
        other = torch.optim.SGD(theirs, lr=0.05, momentum=momentum)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(other, T_max=30)
    ours.learning_rate = cosine_rate(0.05, steps=30)
    for _ in range(25):
        other.zero_grad()
        sum(((x - 1) ** 2).sum() for x in theirs).backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(theirs, clip)
        other.step()
        schedule.step()
        starts = ours.move([(k, x, 2 * (x - 1)) for k, x in enumerate(starts)])
    for x, y in zip(starts, theirs, strict=True):
        assert x == pytest.approx(y.detach().numpy(), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: SGD(0.1, weight_decay=-1), "weight_decay must be a finite number of at least 0, got -1"),
        (lambda: SGD(0.1, weight_decay="a"), "weight_decay must be a number of at least 0"),
        (lambda: SGD(0.1, clip=0), "clip must be a positive, finite number, got 0"),
        (lambda: SGD(lambda n: -n).move([("x", np.ones(1), np.ones(1))]), "learning_rate at step 1 must be a positive"),
        (
            lambda: SGD(lambda n: "x").move([("x", np.ones(1), np.ones(1))]),
            "learning_rate at step 1 must be a positive",
        ),
        (lambda: cosine_rate(0.1, steps=0), "steps must be a whole number of at least 1, got 0"),
        (lambda: step_rate(0.1, every=2, factor=1.5), "factor must be from 0 to below 1"),
        (lambda: linear_rate(0.1, steps=5, end=-1), "end must be a positive"),
        (lambda: warm_up(0.1, steps=5, then=0.1), "then must be a function of the step"),
        (lambda: constant_rate(math.inf), "rate must be a positive, finite number, got inf"),
    ],
)
def test_what_an_optimizer_cannot_use_is_said_in_a_sentence(call, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        call()
