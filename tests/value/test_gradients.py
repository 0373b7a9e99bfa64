"""Gradients of Values: the figures of the chapter, and one test per shape of graph."""

import math
import sys
import weakref

import pytest

from cgviz import Value, exp, maximum, sigmoid, sin, tanh, trace


def close(x, rel=1e-9):
    return pytest.approx(x, rel=rel, abs=1e-9)


# --- the chapter's own figures ---


def test_the_worked_example_has_the_values_and_gradients_worked_out_by_hand(seed):
    nodes = seed
    nodes[-1].backward()
    assert [n.data for n in nodes] == [2.0, -3.0, 10.0, -2.0, -6.0, 4.0, -8.0]
    assert [n.grad for n in nodes] == [6.0, -4.0, -2.0, 4.0, -2.0, -2.0, 1.0]
    assert repr(nodes[-1]) == "Value(L: -8.0)"


def parabola(a):
    return a**2 - 10 * a + 28


def test_three_steps_down_the_parabola_are_those_worked_out_by_hand():
    a = Value(6.0, "a")
    walked = []
    for _ in range(3):
        parabola(a).backward()
        a.data -= 0.1 * a.grad
        walked.append(round(a.data, 6))
    assert walked == [5.8, 5.64, 5.512]


def test_twenty_printed_steps_are_the_chapters_lines():
    a = Value(6.0, "a")
    lines = []
    for _ in range(20):
        parabola(a).backward()
        a.data -= 0.1 * a.grad
        lines.append(f"a = {a.data:.6f}, f(a) = {parabola(a).data:.6f}")
    assert lines[0] == "a = 5.800000, f(a) = 3.640000"
    assert lines[2] == "a = 5.512000, f(a) = 3.262144"
    assert lines[-1] == "a = 5.011529, f(a) = 3.000133"


def test_fifty_steps_from_zero_reach_the_minimum():
    a = Value(0.0, "a")
    for _ in range(50):
        y = parabola(a)
        y.backward()
        a.data -= 0.1 * a.grad
    assert a.data == close(5 - 5 * 0.8**50)
    assert parabola(a).data == close(3.0, rel=1e-6)


def test_the_finite_difference_of_the_chapter_approximates_the_gradient():
    a, h = Value(6.0, "a"), 0.0001
    parabola(a).backward()
    slope = (parabola(6.0 + h) - parabola(6.0)) / h
    assert (a.grad, slope) == (2.0, pytest.approx(2.0, abs=2 * h))


def test_sigmoid_of_a_line_plus_a_uses_a_twice():
    a, x, b = Value(1.5, "a"), Value(2.0, "x"), Value(-1.0, "b")
    z = sigmoid(a * x + b) + a
    z.backward()
    s = 1 / (1 + math.exp(-2.0))
    assert z.data == close(s + 1.5)
    assert (a.grad, x.grad, b.grad) == (close(s * (1 - s) * 2 + 1), close(s * (1 - s) * 1.5), close(s * (1 - s)))


# --- one test per shape of graph ---


def test_a_single_leaf_is_its_own_derivative():
    a = Value(3.0, "a")
    a.backward()
    assert a.grad == 1.0


def test_a_result_that_does_not_depend_on_a_leaf_leaves_its_gradient_alone():
    a, b = Value(3.0), Value(4.0)
    (a * 2).backward()
    assert (a.grad, b.grad) == (2.0, 0.0)


def test_a_result_of_constants_has_gradients_all_the_same():
    a = Value(0.0)
    y = a * 5 + 7
    y.backward()
    assert (y.data, a.grad) == (7.0, 5.0)


def test_the_identity_is_no_node_of_its_own():
    a = Value(3.0)
    assert +a is a


def test_a_chain_multiplies():
    x = Value(0.5)
    y = tanh(sin(exp(x)))
    y.backward()
    expected = math.exp(0.5) * math.cos(math.exp(0.5)) * (1 - math.tanh(math.sin(math.exp(0.5))) ** 2)
    assert x.grad == close(expected)


def test_a_fan_out_sums():
    x = Value(3.0)
    y = x * 2 + x * 5 + x
    y.backward()
    assert x.grad == 8.0


@pytest.mark.parametrize(
    ("twice", "y", "slope"),
    [
        (lambda x: x + x, 6.0, 2.0),
        (lambda x: x * x, 9.0, 6.0),
        (lambda x: x - x, 0.0, 0.0),
        (lambda x: x / x, 1.0, 0.0),
        (lambda x: x**x, 27.0, 27 * (math.log(3) + 1)),
        (lambda x: maximum(x, x), 3.0, 1.0),
    ],
)
def test_an_operand_repeated_in_one_operation_is_counted_twice(twice, y, slope):
    x = Value(3.0, "x")
    out = twice(x)
    out.backward()
    assert out._prev == (x, x)
    assert (out.data, x.grad) == (close(y), close(slope))


def test_a_diamond_of_depth_18_is_walked_once_and_not_half_a_million_times():
    x = root = Value(1.0)
    for _ in range(18):
        root = root + root
    root.backward()
    assert (root.data, x.grad) == (2.0**18, 2.0**18)
    nodes, edges = trace(root)
    assert (len(nodes), len(edges)) == (19, 36)


def test_a_diamond_of_depth_1000_still_finishes():
    x = root = Value(1.0)
    for _ in range(1000):
        root = (root + root) * 0.5
    root.backward()
    assert x.grad == 1.0


def test_a_chain_of_200000_operations_passes_at_the_default_recursion_limit():
    limit = sys.getrecursionlimit()
    x = y = Value(1.0, "x")
    for _ in range(100_000):
        y = y * 1.0 + 1.0
    y.backward()
    assert (y.data, x.grad, sys.getrecursionlimit()) == (100_001.0, 1.0, limit)
    del y  # and is freed without recursion


def test_a_wide_sum_reaches_every_term():
    xs = [Value(float(i)) for i in range(5000)]
    total = sum(x * x for x in xs)
    total.backward()
    assert total.data == sum(i * i for i in range(5000))
    assert all(x.grad == 2 * i for i, x in enumerate(xs))


def test_a_graph_is_freed_by_reference_count_alone():
    class Weak(Value):
        __slots__ = ("__weakref__",)

    a = Weak(2.0)
    middle = a * 3
    root = middle + 1
    root.backward()
    gone = weakref.ref(middle)
    del middle, root
    assert gone() is None


def test_a_million_operations_pass_at_the_default_recursion_limit():
    x, w, b = Value(0.5), Value(0.999), Value(0.01)
    first = x
    for _ in range(500_000):
        x = x * w + b
    x.backward()
    assert first.grad == pytest.approx(0.999**500_000, abs=1e-12) and b.grad == pytest.approx(1000.0, rel=1e-6)


@pytest.mark.parametrize("size", [1e-170, 1e-300, 1e160])
def test_a_quotient_of_very_small_or_large_numbers_keeps_both_its_slopes(size):
    x = Value(size, "x")
    (x / x * x).backward()
    assert x.grad == 1.0
