"""One rule for edges (`cgviz/ops/domain.py`), held over the engines: every row at every edge, with any gradient."""

import itertools
import json
import math
import subprocess
from pathlib import Path

import mpmath
import numpy as np
import pytest

from cgviz import Tensor, Value, explain, maximum, sqrt, steps
from cgviz.ops.rows import OPS
from cgviz.program import Program
from cgviz.program.tape import run_tape

ROOT = Path(__file__).resolve().parents[1]
SHOWN = {name: op for name, op in OPS.items() if not op.helper}
NUMBERS = (
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 1e-170, -1e-170, 1e170, -1e170, 1e-320, 1e308, -1e308),
    *(1000.0, -1000.0, 20.0, -20.0, math.inf, -math.inf, math.nan),
)
ARRIVING = (1.0, 0.0, -2.0, 1e200)
CASES = {name: list(itertools.product(NUMBERS, repeat=op.arity)) for name, op in SHOWN.items()}


def outcome(engine, op, xs, g):
    """The number and the gradients, or which pass is refused, and how."""
    leaves = [engine(x, name) for x, name in zip(xs, "ab", strict=False)]
    try:
        y = op(*leaves)
        L = y * g
    except (ValueError, ArithmeticError) as refusal:
        return "forward", type(refusal).__name__
    try:
        L.backward()
    except (ValueError, ArithmeticError) as refusal:
        return "backward", type(refusal).__name__
    return ("done", float(y.data), *(float(leaf.grad) for leaf in leaves))


def same(first, second):
    if first[0] != "done" or second[0] != "done":
        return first == second
    return all(
        (x != x and y != y) or x == y or abs(x - y) <= 1e-9 * max(abs(x), abs(y))
        for x, y in zip(first[1:], second[1:], strict=True)
    )


@pytest.mark.parametrize("name", SHOWN)
def test_a_tensor_has_the_edges_of_a_value(name):
    for xs, g in itertools.product(CASES[name], ARRIVING):
        ours, theirs = outcome(Value, SHOWN[name], xs, g), outcome(Tensor, SHOWN[name], xs, g)
        assert same(ours, theirs), (name, xs, g, ours, theirs)


@pytest.mark.parametrize("name", SHOWN)
def test_each_number_of_an_array_has_the_edges_of_a_value(name):
    """What is fine alone is fine in an array, in one pass."""
    fine = [xs for xs in CASES[name] if outcome(Value, SHOWN[name], xs, 1.0)[0] == "done"]
    leaves = [Tensor(list(column), label) for column, label in zip(zip(*fine, strict=True), "ab", strict=False)]
    y = SHOWN[name](*leaves)
    y.backward(gradient=np.ones(y.shape))
    for k, xs in enumerate(fine):
        found = ("done", float(y.data[k]), *(float(leaf.grad[k]) for leaf in leaves))
        assert same(found, outcome(Value, SHOWN[name], xs, 1.0)), xs


@pytest.mark.parametrize("name", SHOWN)
def test_a_program_has_the_derivatives_of_a_value_where_there_is_a_value(name):
    op = SHOWN[name]
    leaves = [Value(x, label) for x, label in zip(op.samples[0], "ab", strict=False)]
    programs = {g: Program(op(*leaves) * g) for g in ARRIVING}
    for xs, g in itertools.product(CASES[name], ARRIVING):
        wanted = outcome(Value, op, xs, g)
        if wanted[0] == "forward" or not all(map(math.isfinite, xs)):
            continue
        tape = programs[g]._tape
        try:
            values, grads = run_tape(tape, list(xs))
            found = ("done", values[op.arity], *grads[: op.arity])
        except (ValueError, ArithmeticError) as refusal:
            found = ("backward", type(refusal).__name__)
        assert same((wanted[0], *wanted[2:]), (found[0], *found[2:])), (xs, g, wanted, found)


@pytest.mark.parametrize("name", SHOWN)
def test_a_program_has_the_numbers_of_a_value_and_refuses_what_it_refuses(name):
    """As it is run: by the code that is written for it, with all numbers that may be given."""
    op = SHOWN[name]
    leaves = [Value(x, label) for x, label in zip(op.samples[0], "ab", strict=False)]
    for g in ARRIVING:
        program = Program(op(*leaves) * g)
        for xs in CASES[name]:
            wanted = outcome(Value, op, xs, g)
            try:
                run = program(*xs)
                found = ("done", float(run.values[-2]), *map(float, run.leaf_grads))
            except (ValueError, ArithmeticError) as refusal:
                found = (wanted[0] if wanted[0] != "done" else "refused", type(refusal).__name__)
            assert same(wanted, found), (xs, g, wanted, found)


@pytest.mark.parametrize("wrap", [lambda y: 1 / y, lambda y: y.tanh(), lambda y: (-y).exp(), lambda y: maximum(-y, 0)])
@pytest.mark.parametrize("wide", [1, 400])
def test_what_grows_too_large_on_the_way_is_refused_though_the_result_is_a_number(wrap, wide):
    x = Value(1.0, "x")
    total = Value(0.0, "start")
    for _ in range(wide):
        total = total + wrap(x * x)
    program = Program(total)
    for compute in (lambda: program(x=1e300), lambda: program.forward(x=1e300), lambda: program.gradient(x=1e300)):
        with pytest.raises(OverflowError, match="too large for a number when node 'x' is 1e"):
            compute()


PAGE = """
import { readFileSync } from "node:fs";
import { Tape } from "%s/cgviz/live/static/tape.js";
const read = (x) => ({ nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 })[x] ?? x;
const write = (x) => (Number.isFinite(x) ? x : String(x));
const found = JSON.parse(readFileSync(0, "utf-8")).map(({ row, xs, g }) => {
  const n = xs.length;
  const tape = new Tape(n + 3, (i, numbers, failure, of = "") => Object.assign(new Error(of), { of }));
  tape.add(n, row, xs.map((_, k) => k));
  tape.constant[n + 1] = true;
  tape.add(n + 2, "mul", [n, n + 1]);
  const data = [...xs.map(read), NaN, g, NaN];
  try {
    tape.forward(data);
    return ["done", data[n], ...tape.backward(data).slice(0, n)].map((x) => (typeof x === "string" ? x : write(x)));
  } catch (failure) {
    if (failure.of === undefined) throw failure;
    return [failure.of ? "backward" : "forward"];
  }
});
console.log(JSON.stringify(found));
"""
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def word(x):
    return x if math.isfinite(x) and (x or math.copysign(1, x) > 0) else "-0" if x == 0 else repr(x)


def test_the_page_has_the_edges_of_a_value(nodejs, tmp_path):
    cases = [(name, xs, g) for name in SHOWN for xs in CASES[name] for g in ARRIVING]
    sent = [{"row": name, "xs": [word(x) for x in xs], "g": g} for name, xs, g in cases]
    (tmp_path / "edges.mjs").write_text(PAGE % ROOT.as_posix(), encoding="utf-8")
    done = subprocess.run(
        [nodejs, str(tmp_path / "edges.mjs")], input=json.dumps(sent), capture_output=True, text=True, check=True
    )
    strange = []
    for (name, xs, g), found in zip(cases, json.loads(done.stdout), strict=True):
        found = tuple(WORDS.get(x, x) for x in found)
        wanted = outcome(Value, SHOWN[name], xs, g)
        wanted = wanted if wanted[0] == "done" else wanted[:1]
        if not same(wanted, found):
            strange.append((name, xs, g, wanted, found))
    assert not strange, (len(strange), strange[:10])


# --- a gradient of 0 ---


@pytest.mark.parametrize(
    "write",
    [
        lambda a: 0 * sqrt(a) + a,
        lambda a: maximum(1.0, sqrt(a)) + a,
        lambda a: (a**0.5) * 0 + a,
        lambda a: sqrt(a * a) * 0 + a,
        lambda a: 0 * (sqrt(a) + sqrt(sqrt(a))) + a,
    ],
)
@pytest.mark.parametrize("engine", [Value, Tensor])
def test_where_nothing_arrives_nothing_goes_on(engine, write):
    a = engine(0.0, "a")
    L = write(a)
    L.backward()
    assert float(a.grad) == 1.0
    if engine is Value:
        assert Program(L)().grad["a"] == Program(L)(a=0).grad["a"] == 1.0
        assert explain(L).chains and steps(L).backward[-1].after == 1.0
        assert "NaN" not in str(explain(L)) + str(steps(L))
        L.backward(accumulate=True)
        assert a.grad == 2.0


def test_of_an_array_only_the_numbers_without_a_gradient_are_let_off():
    x = Tensor([0.0, 4.0], "x")
    (sqrt(x) * [0.0, 1.0]).sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]
    with pytest.raises(
        ZeroDivisionError, match=r"the derivative of sqrt\(x\) is not defined where node 'x' is 0, at \[0\]"
    ):
        (sqrt(x) * [1.0, 0.0]).sum().backward()


# --- saturation ---


@pytest.mark.parametrize("x", [-700.0, -36.0, -9.0, -2.0, -0.3, 0.0, 0.3, 1.5, 2.2, 9.0, 19.0, 36.0, 350.0, 700.0])
def test_activations_keep_the_digits_of_their_slopes_where_they_saturate(x, nodejs):
    with mpmath.workdps(50):
        e = mpmath.exp(-abs(mpmath.mpf(x)))
        exact = {
            "sigmoid": e / (1 + e) ** 2,
            "tanh": 4 * e**2 / (1 + e**2) ** 2,
            "softplus": 1 / (1 + mpmath.exp(-mpmath.mpf(x))),
        }
        for name, slope in exact.items():
            for engine in (Value, Tensor):
                a = engine(x, "a")
                OPS[name](a).backward()
                assert float(a.grad) == pytest.approx(float(slope), rel=4e-15, abs=1e-320)
