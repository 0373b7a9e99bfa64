"""Random expressions and random graphs against independent answers."""

import random

import micrograd.engine as micrograd
import mpmath
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cgviz import Value


def close(x, rel=1e-9):
    return pytest.approx(x, rel=rel, abs=1e-9)


# --- random expressions against independent answers ---


LEAVES = 3
SMOOTH = {
    "add": (lambda x, y: x + y, lambda m, x, y: x + y),
    "sub": (lambda x, y: x - y, lambda m, x, y: x - y),
    "mul": (lambda x, y: x * y, lambda m, x, y: x * y),
    "div": (lambda x, y: x / (y * y + 1), lambda m, x, y: x / (y * y + 1)),
    "rsub": (lambda x, y: 2 - x, lambda m, x, y: 2 - x),
    "rdiv": (lambda x, y: 3 / (x * x + 1), lambda m, x, y: 3 / (x * x + 1)),
    "neg": (lambda x, y: -x, lambda m, x, y: -x),
    "square": (lambda x, y: x**2, lambda m, x, y: x * x),
    "cube": (lambda x, y: x**3, lambda m, x, y: x * x * x),
    "power": (lambda x, y: (x * x + 1) ** y.tanh(), lambda m, x, y: m.exp(m.tanh(y) * m.log(x * x + 1))),
    "rpow": (lambda x, y: 2 ** x.tanh(), lambda m, x, y: m.exp(m.tanh(x) * m.log(2))),
    "sin": (lambda x, y: x.sin(), lambda m, x, y: m.sin(x)),
    "cos": (lambda x, y: x.cos(), lambda m, x, y: m.cos(x)),
    "tan": (lambda x, y: x.tanh().tan(), lambda m, x, y: m.tan(m.tanh(x))),
    "tanh": (lambda x, y: x.tanh(), lambda m, x, y: m.tanh(x)),
    "exp": (lambda x, y: x.tanh().exp(), lambda m, x, y: m.exp(m.tanh(x))),
    "log": (lambda x, y: (x * x + 1).log(), lambda m, x, y: m.log(x * x + 1)),
    "sqrt": (lambda x, y: (x * x + 1).sqrt(), lambda m, x, y: m.sqrt(x * x + 1)),
    "arctan": (lambda x, y: x.arctan(), lambda m, x, y: m.atan(x)),
    "sigmoid": (lambda x, y: x.sigmoid(), lambda m, x, y: 1 / (1 + m.exp(-x))),
    "softplus": (lambda x, y: x.softplus(), lambda m, x, y: m.log(1 + m.exp(x))),
}
MICROGRAD = {
    "add": lambda x, y: x + y,
    "radd": lambda x, y: 1.5 + x,
    "sub": lambda x, y: x - y,
    "rsub": lambda x, y: 2 - x,
    "mul": lambda x, y: x * y,
    "rmul": lambda x, y: -0.5 * x,
    "div": lambda x, y: x / (y * y + 1),
    "rdiv": lambda x, y: 3 / (x * x + 1),
    "neg": lambda x, y: -x,
    "square": lambda x, y: x**2,
    "root": lambda x, y: (x * x + 1) ** 0.5,
    "relu": lambda x, y: x.relu(),
    "repeat": lambda x, y: x + x,
}


def programs(names):
    """Straight-line programs: each step takes an operation and two earlier results."""
    place = st.integers(0, 1_000)
    return st.lists(st.tuples(st.sampled_from(sorted(names)), place, place), min_size=1, max_size=12)


def run(program, leaves, apply):
    """The sum of the last results, or None where numbers grow beyond what floats can be compared in."""
    known = list(leaves)
    for name, i, j in program:
        known.append(apply(name, known[i % len(known)], known[j % len(known)]))
    return sum(known[-2:], known[0] * 0)


inputs = st.lists(st.floats(-2, 2).map(lambda x: round(x, 3)), min_size=LEAVES, max_size=LEAVES)


@hypothesis_settings(max_examples=150)
@given(programs(MICROGRAD), inputs)
def test_random_expressions_have_the_gradients_that_micrograd_computes(program, xs):
    ours, theirs = [Value(x) for x in xs], [micrograd.Value(x) for x in xs]
    y = run(program, ours, lambda name, *operands: MICROGRAD[name](*operands))
    z = run(program, theirs, lambda name, *operands: MICROGRAD[name](*operands))
    if abs(z.data) > 1e9:
        return
    y.backward()
    z.backward()
    if any(abs(x.grad) > 1e9 for x in theirs):
        return
    assert y.data == close(z.data)
    assert [x.grad for x in ours] == [close(x.grad) for x in theirs]


@hypothesis_settings(max_examples=100)
@given(programs(SMOOTH), inputs)
def test_random_expressions_agree_with_central_differences_in_forty_digits(program, xs):
    leaves = [Value(x) for x in xs]
    y = run(program, leaves, lambda name, *operands: SMOOTH[name][0](*operands))
    if not abs(y.data) < 1e6:
        return
    y.backward()

    def f(values):
        return run(program, values, lambda name, *operands: SMOOTH[name][1](mpmath, *operands))

    with mpmath.workdps(40):
        h = mpmath.mpf(10) ** -12
        exact = [mpmath.mpf(x) for x in xs]
        if abs(f(exact)) > 1e6:
            return
        assert y.data == close(float(f(exact)), rel=1e-7)
        for i, x in enumerate(leaves):
            up, down = ([*exact[:i], exact[i] + s, *exact[i + 1 :]] for s in (h, -h))
            slope = float((f(up) - f(down)) / (2 * h))
            if abs(slope) < 1e6:
                assert x.grad == pytest.approx(slope, rel=1e-6, abs=1e-6)


def test_code_written_for_micrograd_runs_when_the_import_is_changed():
    def sanity(Value):
        a = Value(-4.0)
        b = Value(2.0)
        c = a + b
        d = a * b + b**3
        c += c + 1
        c += 1 + c + (-a)
        d += d * 2 + (b + a).relu()
        d += 3 * d + (b - a).relu()
        e = c - d
        f = e**2
        g = f / 2.0
        g += 10.0 / f
        g.backward()
        return g.data, a.grad, b.grad

    assert sanity(Value) == pytest.approx(sanity(micrograd.Value), rel=1e-12)


# --- random structure ---


def test_gradients_of_a_large_random_graph_match_a_plain_reverse_sweep():
    rng = random.Random(7)
    nodes = [Value(rng.uniform(-1, 1)) for _ in range(20)]
    tape = []
    for _ in range(3000):
        i, j = rng.randrange(len(nodes)), rng.randrange(len(nodes))
        if rng.random() < 0.5:
            nodes.append(nodes[i] + nodes[j])
            tape.append((i, j, 1.0, 1.0))
        else:
            nodes.append((nodes[i] * nodes[j]).tanh())
            slope = 1 - nodes[-1].data ** 2
            tape.append((i, j, slope * nodes[j].data, slope * nodes[i].data))
    nodes[-1].backward()
    grads = [0.0] * len(nodes)
    grads[-1] = 1.0
    for k, (i, j, by_i, by_j) in reversed(list(enumerate(tape, 20))):
        grads[i] += grads[k] * by_i
        grads[j] += grads[k] * by_j
    assert [v.grad for v in nodes[:20]] == [pytest.approx(g, rel=1e-9, abs=1e-12) for g in grads[:20]]
