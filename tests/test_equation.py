"""Printed equations are true as they are printed: of numbers however large, small or near each other."""

import math
import random

import pytest

import cgviz
from cgviz import Value, explain, steps, trace
from cgviz.chain_rule.equation import of_sum, precision
from cgviz.chain_rule.terms import write_sum
from cgviz.ops.formula import Formula
from cgviz.ops.rows import OPS
from tests.equations import evaluate, false_equations

ONE = ("exp", "log", "tanh", "sqrt", "sin", "relu", "abs", "neg", "log1p")
TWO = ("add", "sub", "sub", "mul", "div", "power", "maximum", "minimum")


def extreme(rng, near):
    """A number of any size, often one that differs from another in its last digits only."""
    kind = rng.randrange(6)
    if kind == 0 and near:
        return rng.choice(near) * (1 + rng.choice([1e-3, -1e-6, 1e-9, 2**-52]))
    if kind == 1:
        return float(rng.choice([100001, 99999.5, 1e17, -1e17, 1e-9, 1 / 3, 1.00042, 9.00441, 12345.678, -0.99995]))
    if kind == 2:
        return rng.uniform(-10, 10)
    return rng.uniform(-10, 10) * 10.0 ** rng.randint(-30, 30) if kind == 3 else float(rng.randint(-5, 5))


def graph(rng):
    """A random graph of such numbers; ``None`` where it has no value, or no derivative."""
    nodes = []
    for label in "abc":
        nodes.append(Value(extreme(rng, [node.data for node in nodes]), label))
    try:
        for _ in range(rng.randint(1, 5)):
            if rng.random() < 0.25:
                made = OPS[rng.choice(ONE)](rng.choice(nodes))
            else:
                x, y = rng.choice(nodes), rng.choice(nodes)
                other = extreme(rng, [x.data])
                made = OPS[rng.choice(TWO)](x, other if rng.random() < 0.3 else y)
            nodes.append(made)
            if rng.random() < 0.2:
                made.label = f"n{len(nodes)}"
        steps(nodes[-1])
    except (cgviz.DomainError, ArithmeticError):
        return None
    return nodes[-1]


def test_every_printed_equation_of_random_graphs_is_true_as_it_is_printed():
    rng, read, about, sharp = random.Random(11), 0, 0, 0
    for _ in range(2500):
        root = graph(rng)
        if root is None:
            continue
        for line in (*(step.text for step in steps(root)), *explain(root).lines):
            assert not list(false_equations(line)), line
            read += line.count(" = ") > 1
            about += " ≈ " in line
            sharp += any(len(word.strip("-()")) > 12 for word in line.split() if evaluate(word) is not None)
    assert read > 8000 and sharp > 50, (read, about, sharp)


@pytest.mark.parametrize(
    ("x", "y", "text"),
    [
        (100001.0, 100000.0, "L = a - b = 100001 - 100000 = 1"),
        (1 / 3, 0.3333, "L = a - b = 0.33333333 - 0.3333 = 3.333e-05"),
        (0.1 + 0.2, 0.3, "L = a - b = 0.30000000000000004 - 0.3 = 5.551e-17"),
        (5.0, 3.0, "L = a - b = 5 - 3 = 2"),
        (1e300, 1.0, "L = a - b = 1e+300 - 1 = 1e+300"),
    ],
)
def test_numbers_get_the_digits_that_the_result_needs(x, y, text):
    root = Value(x, "a") - Value(y, "b")
    root.label = "L"
    assert steps(root).forward[0].text == text


def test_a_sum_is_true_as_it_is_printed_or_is_said_to_be_about_equal():
    assert write_sum(Formula, [100001.0, -100000.0], 1.0) == "100001 - 100000 = 1"
    assert write_sum(Formula, [1.0, 2.0, -3.0], 0.0) == "1 + 2 - 3 = 0"
    assert write_sum(Formula, [1.0, 1e17, -1e17], 0.0) == "1 + 1e+17 - 1e+17 ≈ 0"  # rounded on the way
    assert not of_sum([1e17, 1.0, -1e17], 0.0).equal


def test_a_constant_gets_the_digits_too():
    a = Value(100002.0, "a")
    assert steps(a - 100001).forward[0].text == "v2 = a - 100001 = 100002 - 100001 = 1"


def test_what_is_no_float_or_not_written_out_claims_nothing():
    assert precision(lambda a, b: a + b, [10**400, 1], 10**400) == (4, False)  # about 1e+400
    assert precision(lambda a: a, [math.inf], math.inf) == (4, True)


def test_small_arrays_get_the_digits_too():
    pytest.importorskip("numpy")
    from cgviz import Tensor

    root = Tensor([100001.0, 2.0], "x") - Tensor([100000.0, 1.0], "y")
    assert steps(root.sum()).forward[0].text.endswith(" = [100001, 2] - [100000, 1] = [1, 1]")
    assert trace(root).root.data.shape == (2,)


def test_the_checker_of_these_tests_finds_what_is_false():
    assert list(false_equations("e = a - b = 1e+05 - 1e+05 = 1"))
    assert list(false_equations("∂L/∂a += ∂L/∂L · ∂L/∂a = 1 · 1 = 1, in all 3 + 2.004 = 5"))
    assert not list(false_equations("e = a - b = 3 - 2 = 1")) and list(false_equations("through e: 1 · 9.004 = 9.008"))
