import copy
import math
import pickle
import random
import sys
import weakref
from fractions import Fraction

import micrograd.engine as micrograd
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cgviz import CycleError, DomainError, Value, exp, log, maximum, sigmoid, sin, sqrt, tanh, trace
from cgviz.graph import objects


def seed():
    a, b, c, d = Value(2.0, "a"), Value(-3.0, "b"), Value(10.0, "c"), Value(-2.0, "d")
    e = a * b
    e.label = "e"
    f = e + c
    f.label = "f"
    L = f * d
    L.label = "L"
    return a, b, c, d, e, f, L


def close(x, rel=1e-9):
    return pytest.approx(x, rel=rel, abs=1e-9)


# --- the chapter's own figures ---


def test_the_worked_example_has_the_values_and_gradients_worked_out_by_hand():
    nodes = seed()
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


# --- backward: once, twice, and over several roots ---


def test_backward_twice_gives_the_same_gradients():
    *leaves, L = seed()
    L.backward()
    first = [n.grad for n in leaves]
    L.backward()
    assert [n.grad for n in leaves] == first


def test_gradients_of_an_earlier_root_do_not_leak_into_the_next():
    a = Value(3.0, "a")
    (a * 100).backward()
    (a * 5).backward()
    assert a.grad == 5.0


def test_accumulating_over_two_losses_gives_the_sum_and_not_the_last():
    w = Value(3.0, "w")
    (2 * w).backward()
    (5 * w).backward(accumulate=True)
    assert w.grad == 7.0


def test_accumulation_reaches_the_nodes_between_too():
    w = Value(3.0)
    shared = w * w
    (2 * shared).backward()
    last = 5 * shared
    last.backward(accumulate=True)
    assert (shared.grad, w.grad, last.grad) == (7.0, 42.0, 1.0)
    last.backward(accumulate=True)
    assert (shared.grad, w.grad, last.grad) == (12.0, 72.0, 2.0)


def test_accumulating_on_a_fresh_graph_is_a_plain_backward():
    *leaves, L = seed()
    L.backward(accumulate=True)
    assert [n.grad for n in leaves] == [6.0, -4.0, -2.0, 4.0, -2.0, -2.0]


def test_zero_grad_forgets_the_gradients_of_the_whole_graph():
    *leaves, L = seed()
    L.backward()
    L.zero_grad()
    assert [n.grad for n in (*leaves, L)] == [0.0] * 7
    assert all(n.grad is None for n in trace(L).nodes)
    L.backward(accumulate=True)
    assert leaves[0].grad == 6.0


def test_after_an_error_in_backward_no_half_made_gradient_is_left():
    a, b = Value(0.0, "a"), Value(2.0, "b")
    y = sqrt(a) * b
    with pytest.raises(DomainError, match=r"the derivative of sqrt\(a\) is not defined where node 'a' is 0"):
        y.backward()
    assert (a.grad, b.grad, y.grad) == (0.0, 0.0, 0.0)
    assert all(n.grad is None for n in trace(y).nodes)
    a.data = 4.0
    y = sqrt(a) * b
    y.backward()
    assert (a.grad, b.grad) == (0.5, 2.0)


# --- what is out of date ---


def stale(root):
    return {n.name: n.stale for n in trace(root).nodes if n.stale}


def test_new_data_makes_all_that_was_computed_from_it_stale():
    a, _b, _c, _d, _e, _f, L = seed()
    L.backward()
    assert stale(L) == {}
    a.data = 5
    marked = stale(L)
    assert {name for name in marked if marked[name] == "value"} == {"e", "f", "L"}
    assert {name for name in marked if marked[name] == "gradient"} == {"a", "b", "c", "d"}
    again = (a * 2).data
    assert again == 10.0


def test_a_change_that_leaves_the_result_as_it_was_still_makes_the_gradients_stale():
    a = Value(3.0, "a")
    y = a**2
    y.label = "y"
    y.backward()
    a.data = -3.0  # y is 9 as before, but dy/da is now -6
    assert stale(y) == {"a": "gradient", "y": "gradient"}


def test_backward_on_stale_values_still_counts_as_stale():
    a, *_, L = seed()
    a.data = 5
    L.backward()
    assert stale(L)["L"] == "value"
    assert stale(L)["a"] == "gradient"


def test_setting_the_same_number_again_leaves_the_values_fresh():
    a, *_, L = seed()
    a.data = 2.0
    assert "value" not in stale(L).values()


def test_gradients_of_another_root_are_stale_for_this_one():
    a = Value(3.0, "a")
    first, second = a * 2, a * 5
    first.label, second.label = "first", "second"
    first.backward()
    second.backward()
    assert stale(first) == {"a": "gradient"}
    assert stale(second) == {}


def test_nothing_is_computed_before_backward_and_that_is_not_zero():
    *_, L = seed()
    assert [n.grad for n in trace(L).nodes] == [None] * 7
    y = L * 0
    y.backward()
    assert {n.grad for n in trace(y).nodes if n.label} == {0.0}


def test_a_value_that_is_nan_is_not_taken_for_stale():
    x = Value(math.inf, "x")
    y = x - x
    y.backward()
    assert math.isnan(y.data) and stale(y) == {}


def test_a_value_outside_the_domain_after_a_change_is_stale_and_no_error():
    x = Value(1.0, "x")
    y = log(x)
    y.label = "y"
    x.data = -1
    assert stale(y) == {"y": "value"}


# --- numbers on both sides, and what is no number ---


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        (lambda a: a + 10, 13.0),
        (lambda a: -13 + a, -10.0),
        (lambda a: a - 1, 2.0),
        (lambda a: 1 - a, -2.0),
        (lambda a: a * 2, 6.0),
        (lambda a: 2 * a, 6.0),
        (lambda a: a / 2, 1.5),
        (lambda a: 6 / a, 2.0),
        (lambda a: a**2, 9.0),
        (lambda a: 2**a, 8.0),
        (lambda a: (a + Value(1.0)) ** 3, 64.0),
        (lambda a: -a, -3.0),
        (lambda a: abs(-a), 3.0),
        (lambda a: pow(a, 2), 9.0),
        (lambda a: a + True, 4.0),
        (lambda a: a + Fraction(1, 2), 3.5),
        (lambda a: Fraction(1, 2) + a, 3.5),
        (lambda a: a * np.float32(0.5), 1.5),
        (lambda a: np.float64(2) * a, 6.0),
        (lambda a: np.float64(2) ** a, 8.0),
        (lambda a: np.int64(6) / a, 2.0),
        (lambda a: np.float32(1) - a, -2.0),
        (lambda a: sum([a, a, a]), 9.0),
    ],
)
def test_numbers_of_every_kind_stand_on_either_side(expression, result):
    y = expression(Value(3.0))
    assert type(y) is Value
    assert (y.data, type(y.data)) == (result, float)


@pytest.mark.parametrize("other", ["3", None, 1j, [1], (1,), {}, object()])
@pytest.mark.parametrize(
    "expression", [lambda a, x: a + x, lambda a, x: x + a, lambda a, x: a / x, lambda a, x: x - a, lambda a, x: a**x]
)
def test_what_is_no_number_is_left_to_python_to_refuse(expression, other):
    with pytest.raises(TypeError):
        expression(Value(3.0), other)


def test_an_operator_that_does_not_know_the_other_gives_it_its_turn():
    class Other:
        def __radd__(self, value):
            return "radd", value

        def __mul__(self, value):
            return "mul", value

    a, other = Value(3.0), Other()
    assert Value.__add__(a, "x") is NotImplemented
    assert Value.__rpow__(a, None) is NotImplemented
    assert a + other == ("radd", a)
    assert other * a == ("mul", a)


@pytest.mark.parametrize(
    "expression",
    [
        lambda a, x: a + x,
        lambda a, x: x + a,
        lambda a, x: a * x,
        lambda a, x: x * a,
        lambda a, x: x - a,
        lambda a, x: a / x,
        lambda a, x: x / a,
        lambda a, x: x**a,
        lambda a, x: maximum(x, a),
        lambda a, x: maximum(a, x),
    ],
)
@pytest.mark.parametrize(("array", "shape"), [(np.array([1.0, 2.0]), "(2,)"), (np.array(3.0), "()")])
def test_an_array_on_either_side_is_refused_in_words(expression, array, shape):
    with pytest.raises(TypeError) as caught:
        expression(Value(3.0), array)
    assert str(caught.value) == f"Value computes with one number at a time, got an array of shape {shape}"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("3", "the data must be a real number, got a str '3'"),
        (None, "the data must be a real number, got None"),
        (1j, "the data must be a real number, got a complex 1j"),
        ({}, "the data must be a real number, got a dict"),
        (len, "the data must be a real number, got a builtin_function_or_method"),
        ([1, 2], "the data must be a real number, got a list; give each number a Value of its own"),
        (np.array([1]), "the data must be a real number, got a ndarray; give each number a Value of its own"),
        (Value(3, "a"), "the data must be a number, got another Value: Value(a: 3.0) (its number is .data)"),
        (10**400, "the data is too large for a float"),
        ("x" * 99, "the data must be a real number, got a str 'xxxxxxxxxxxxxxxxxxxxxx…"),
    ],
)
def test_data_that_is_no_number_is_refused_at_once(data, sentence):
    with pytest.raises(TypeError) as caught:
        Value(data)
    assert str(caught.value) == sentence
    a = Value(2.0, "a")
    with pytest.raises(TypeError) as caught:
        a.data = data
    assert str(caught.value) == sentence.replace("the data", "the data of 'a'")
    assert a.data == 2.0


@pytest.mark.parametrize("data", [3, True, Fraction(6, 2), np.float32(3), np.int8(3)])
def test_data_becomes_a_float(data):
    assert type(Value(data).data) is float


@pytest.mark.parametrize(
    ("arguments", "count", "second"),
    [
        ((3, "a", 1), 3, "a str"),
        ((3, (Value(1.0), Value(2.0))), 2, "a tuple"),
        ((3, (), "+"), 3, "a tuple"),
        ((3, 5), 2, "an int"),
        ((3, None), 2, "None"),
    ],
)
def test_a_second_argument_that_is_no_label_is_explained(arguments, count, second):
    with pytest.raises(TypeError) as caught:
        Value(*arguments)
    assert str(caught.value) == (
        "Value takes a number and a label, such as Value(3, 'a'); the operands of a computed value are recorded by "
        f"its operators, not passed in (got {count} arguments, the second {second})"
    )


@pytest.mark.parametrize("name", ["dta", "lable", "_prev", "_op"])
def test_a_misspelt_or_computed_attribute_cannot_be_set(name):
    with pytest.raises(AttributeError, match=name):
        setattr(Value(3.0), name, 1)


@pytest.mark.parametrize(
    ("compute", "sentence"),
    [
        (lambda a, z: a / z, "a / z is defined for divisors other than 0, but node 'a' is 2 and node 'z' is 0"),
        (lambda a, z: 1 / z, "1 / z is defined for divisors other than 0, but node 'z' is 0"),
        (lambda a, z: a / 0, "a / 0 is defined for divisors other than 0, but node 'a' is 2"),
        (lambda a, z: log(z), "log(z) is defined for z > 0, but node 'z' is 0"),
        (lambda a, z: (-a).log(), "log(x) is defined for x > 0, but x = -2"),
        (lambda a, z: exp(a * 1000), "exp(x) is too large for a number when x = 2000"),
    ],
)
def test_an_operation_outside_its_domain_names_the_nodes(compute, sentence):
    a, z = Value(2.0, "a"), Value(0.0, "z")
    with pytest.raises(DomainError) as caught:
        compute(a, z)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("label", ['{|}<>&"\\', "two\nlines", "αβγ 😀", "x" * 10_000, "<script>alert(1)</script>"])
def test_any_text_can_be_a_label(label):
    a = Value(0.0, label)
    y = a * 2
    y.backward()
    assert (a.label, a.grad) == (label, 2.0)
    assert "\n" not in repr(a) and len(repr(a)) < 60
    with pytest.raises(DomainError) as caught:
        1 / a
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 140


@pytest.mark.parametrize("label", [5, None, ["a"]])
def test_a_label_that_is_no_text_breaks_neither_the_value_nor_its_errors(label):
    a = Value(0.0)
    a.label = label
    assert repr(a) == "Value(0.0)"
    with pytest.raises(DomainError, match="but a = 0"):
        1 / a
    with pytest.raises(TypeError, match="^the data must be"):
        a.data = "x"
    assert trace(a).root.name == "v0"


# --- as a Python object ---


def test_values_compare_by_data_where_it_helps():
    a, b = Value(2.0), Value(-3.0)
    assert a > b and b < a and a >= 2 and a <= 2.0 and a > 1 and not a < b
    assert max(a, b) is a
    assert sorted([a, b]) == [b, a]


@pytest.mark.parametrize("other", ["x", None, [1]])
def test_comparing_with_what_is_no_number_is_an_error(other):
    with pytest.raises(TypeError):
        Value(2.0) < other


def test_values_are_equal_only_to_themselves_and_can_be_kept_in_sets():
    a, b = Value(2.0), Value(2.0)
    assert a == a and a != b and a != 2.0
    assert len({a, b, a}) == 2
    assert {a: "a"}[a] == "a"


def test_float_gives_the_number():
    a = Value(2.0)
    assert float(a) == 2.0 and type(float(a)) is float
    assert math.sqrt(a) == math.sqrt(2)


@pytest.mark.parametrize(
    ("spec", "written"), [("", "Value(a: 2.5)"), (".3f", "2.500"), (">8", "     2.5"), ("+.1e", "+2.5e+00")]
)
def test_format_follows_the_number(spec, written):
    assert format(Value(2.5, "a"), spec) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Value(2), "Value(2.0)"),
        (Value(2, "a"), "Value(a: 2.0)"),
        (Value(math.nan, "x"), "Value(x: nan)"),
        (Value(-math.inf), "Value(-inf)"),
        (Value(1, "a b"), "Value(a b: 1.0)"),
    ],
)
def test_repr_is_that_of_the_chapter(value, written):
    assert repr(value) == str(value) == written


def test_augmented_assignment_makes_a_new_node_and_keeps_the_old():
    a = old = Value(3.0, "a")
    a += 1
    a *= 2
    assert (a.data, old.data, old.label, a.label) == (8.0, 3.0, "a", "")
    a.backward()
    assert old.grad == 2.0


# --- subclasses: classes that grow ---


class Plain(Value):
    pass


class Counting(Value):
    def __init__(self, data, label=""):
        super().__init__(data, label)
        self.seen = []


class Demanding(Value):
    def __init__(self, data, label, reason):
        super().__init__(data, label)
        self.reason = reason


class Doubling(Value):
    def __mul__(self, other):
        result = super().__mul__(other)
        result.label = "mine"
        return result


RESULTS = [
    lambda a, b: a + b,
    lambda a, b: a * 2,
    lambda a, b: 2 - a,
    lambda a, b: -a,
    lambda a, b: a.tanh(),
    lambda a, b: tanh(a),
    lambda a, b: maximum(0, a),
    lambda a, b: abs(a),
    lambda a, b: 2**a,
    lambda a, b: Value(3.0) * a,
    lambda a, b: a / Value(3.0),
    lambda a, b: maximum(Value(1.0), a),
]


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("cls", [Plain, Counting, Doubling])
def test_results_have_the_class_of_their_operands(cls, result):
    a, b = cls(2.0, "a"), cls(3.0, "b")
    y = result(a, b)
    y.backward()
    assert type(y) is cls


def test_results_of_a_class_with_an_init_of_its_own_have_its_attributes():
    a = Counting(2.0, "a")
    y = tanh(2 * a + Value(1.0))
    nodes = [node for node in objects(y) if isinstance(node, Counting)]
    assert all(node.seen == [] for node in nodes)
    assert len({id(node.seen) for node in nodes}) == len(nodes) >= 4
    y.backward()
    assert a.grad == close(2 * (1 - math.tanh(5) ** 2))


def test_a_class_whose_init_asks_for_more_computes_all_the_same():
    a = Demanding(2.0, "a", "because")
    y = a * 3
    y.backward()
    assert (type(y), y.data, a.grad, a.reason) == (Demanding, 6.0, 3.0, "because")
    assert not hasattr(y, "reason")


def test_an_operator_overridden_by_the_learner_is_used_and_can_call_the_library():
    a = Doubling(2.0, "a")
    y = a * 3
    y.backward()
    assert (y.label, (3 * a).label, (a + 1).label, a.grad) == ("mine", "", "", 3.0)


def test_a_learners_own_operator_survives_an_init_of_its_own():
    class Both(Value):
        def __init__(self, data, label=""):
            super().__init__(data, label)
            self.extra = 1

        def __add__(self, other):
            return "mine"

        def relu(self):
            return "my relu"

    a = Both(2.0)
    assert (a + 1, a.relu(), (a * 2).extra) == ("mine", "my relu", 1)


def test_a_subclass_operand_decides_the_class_wherever_it_stands():
    a, b = Value(2.0), Plain(3.0)
    assert {type(y) for y in (a * b, b * a, a - b, b - a, a**b, b / a)} == {Plain}


def test_a_class_grown_again_by_running_its_cell_again_keeps_computing():
    namespace = {"Value": Value}
    made = []
    for i in range(3):
        exec(f"class Value(Value):\n    def version(self): return {i}", namespace)
        made.append(namespace["Value"](i + 1.0, f"v{i}"))
    y = made[0] * made[1] + made[2]
    y.backward()
    assert (y.data, y.version()) == (5.0, 2)
    assert [v.grad for v in made] == [2.0, 1.0, 1.0]
    assert (made[2] * made[0]).version() == (made[0] * made[2]).version() == 2


def test_siblings_made_by_two_runs_of_one_cell_compute_together():
    def cell():
        class Grown(Value):
            def double(self):
                return self * 2

        return Grown

    first, second = cell(), cell()
    a, b = first(2.0, "a"), second(3.0, "b")
    for y in (a * b, b * a, a + b.double(), maximum(a, b)):
        y.backward()
        assert isinstance(y, (first, second))
    (a * b).backward()
    assert (a.grad, b.grad) == (3.0, 2.0)


# --- copies ---


def copies():
    return [
        copy.deepcopy,
        *(lambda x, p=p: pickle.loads(pickle.dumps(x, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)),
    ]


@pytest.mark.parametrize("copied", copies())
def test_a_copied_graph_keeps_working_gradients(copied):
    *_, L = seed()
    L.backward()
    again = copied(L)
    assert trace(again) == trace(L)
    leaves = {node.label: node for node in objects(again)}
    assert leaves["a"].grad == 6.0
    again.backward()
    assert leaves["a"].grad == 6.0
    assert not {id(n) for n in objects(again)} & {id(n) for n in objects(L)}
    y = again * leaves["a"] + 1
    y.backward()
    assert leaves["a"].grad == -8.0 + 2.0 * 6.0


@pytest.mark.parametrize("copied", copies())
def test_nodes_shared_within_a_copied_tuple_stay_shared(copied):
    a, *_, L = seed()
    half = L * 0.5
    a2, L2, half2 = copied((a, L, half))
    assert half2._prev[0] is L2
    assert any(node is a2 for node in objects(L2))
    half2.backward()
    assert (a2.grad, a.grad) == (3.0, 0.0)


@pytest.mark.parametrize("copied", copies())
def test_constants_and_repeated_operands_survive_copying(copied):
    x = Value(3.0, "x")
    y = copied(2 * (x * x))
    (two, square), (leaf, leaf_again) = y._prev, y._prev[1]._prev
    y.backward()
    assert leaf is leaf_again and two._constant and not leaf._constant
    assert (leaf.grad, two.grad, square.grad) == (12.0, 0.0, 2.0)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_chain_of_20000_operations_is_copied_without_recursion(copied):
    x = y = Value(1.0, "x")
    for _ in range(20_000):
        y = y + 1
    again = copied((x, y))
    again[1].backward()
    assert (again[1].data, again[0].grad, x.grad) == (20_001.0, 1.0, 0.0)


@pytest.mark.parametrize("copied", copies())
def test_a_subclass_is_copied_with_what_it_holds(copied):
    a = Counting(2.0, "a")
    a.seen.append("first")
    y = copied(a * 3)
    assert type(y) is Counting and y._prev[0].seen == ["first"]
    assert y._prev[0].seen is not a.seen


def test_a_shallow_copy_shares_its_operands():
    a = Value(2.0, "a")
    y = a * 3
    again = copy.copy(y)
    assert again is not y and again._prev[0] is a


def long_chain():
    y = Value(1.0)
    for _ in range(2_000):
        y = y + 1
    return y


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_that_fails_does_not_spoil_the_next(copied):
    a = Counting(2.0, "a")
    a.seen.append(x for x in ())  # a generator can be neither copied nor pickled
    with pytest.raises(TypeError) as failed:
        copied(a * 3)
    assert copied(long_chain()).data == 2_001.0  # while the traceback is kept, as notebooks do
    assert failed.tb is not None


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_graph_held_by_a_node_of_another_is_copied_with_it(copied):
    a = Counting(2.0, "a")
    a.seen.append(long_chain())
    again = copied(a * 3)._prev[0].seen[0]
    again.backward()
    assert (again.data, objects(again)[0].grad) == (2_001.0, 1.0)


# --- cycles ---


def ring():
    """A graph with a cycle: x and y are computed from each other, z from y."""
    x = Value(1.0, "x")
    y = sin(x)
    y.label = "y"
    x._a, x._push = y, y._push
    z = y * 2
    z.label = "z"
    return x, y, z


@pytest.mark.parametrize(
    "do", [Value.backward, lambda v: v.backward(accumulate=True), Value.zero_grad, trace, copy.deepcopy]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_cycle_is_an_error_that_names_its_nodes(do, place):
    root = ring()[place]
    with pytest.raises(CycleError) as caught:
        do(root)
    order = "'x' ← 'y' ← 'x'" if place == 0 else "'y' ← 'x' ← 'y'"
    assert str(caught.value) == f"the graph has a cycle, so it has no topological order: {order}"


def test_a_node_that_is_its_own_operand_is_a_cycle():
    x = Value(1.0, "x")
    x._a, x._push = x, sin(x)._push
    with pytest.raises(CycleError, match="'x' ← 'x'$"):
        x.backward()
    assert x.grad == 0.0


def test_after_a_cycle_was_found_gradients_count_as_not_computed():
    x, y, z = ring()
    with pytest.raises(CycleError):
        z.backward()
    assert [n.grad for n in (x, y, z)] == [0.0, 0.0, 0.0]


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


# --- what fresh eyes found ---


@pytest.mark.parametrize("compute", [lambda a: a * 1e300, lambda a: a + a, lambda a: a - -a, lambda a: a / 1e-300])
def test_a_number_that_grows_too_large_is_an_error_that_names_the_node(compute):
    with pytest.raises(OverflowError, match="is too large for a number when node 'a' is 1e"):
        compute(Value(1e308, "a"))


def test_infinities_that_came_in_pass_through():
    assert (Value(math.inf) * 2).data == math.inf
    assert math.isnan((Value(math.inf) - math.inf).data)


def test_a_number_that_was_not_nan_when_its_operand_was_not_is_stale():
    x = Value(2.0, "x")
    y = x * 3
    x.data = math.nan
    assert trace(y).root.stale == "value"
    assert trace(Value(math.nan) * 3).root.stale == ""


def test_accumulating_adds_to_whatever_stands_there():
    w = Value(2.0)
    (2 * w).backward()
    w.data = 3.0
    (5 * w).backward(accumulate=True)
    assert w.grad == 7.0


def test_a_subclass_is_set_up_with_the_number_of_the_result():
    class Square(Value):
        def __init__(self, data, label=""):
            super().__init__(data, label)
            self.square = data * data

    assert (Square(2.0) * Square(3.0)).square == 36.0
    assert (Square(2.0) + 1).square == 9.0
    assert (Square(2.0) * 3)._prev[1].square == 9.0


def test_what_a_subclass_raises_for_a_number_is_not_swallowed():
    class Positive(Value):
        def __init__(self, data):
            if data <= 0:
                raise ValueError("only positive numbers")
            super().__init__(data)

    assert (Positive(2.0) * 3).data == 6.0
    with pytest.raises(ValueError, match="only positive numbers"):
        Positive(2.0) - 3


def test_an_init_that_is_mixed_in_is_called_too():
    class Noted:
        def __init__(self, data, label=""):
            super().__init__(data, label)
            self.note = "made"

    class Mixed(Noted, Value):
        pass

    assert (Mixed(2.0) * 3).note == "made"


def test_a_million_operations_pass_at_the_default_recursion_limit():
    x, w, b = Value(0.5), Value(0.999), Value(0.01)
    first = x
    for _ in range(500_000):
        x = x * w + b
    x.backward()
    assert first.grad == pytest.approx(0.999**500_000, abs=1e-12) and b.grad == pytest.approx(1000.0, rel=1e-6)
