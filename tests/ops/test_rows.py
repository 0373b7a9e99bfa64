"""Every row against two independent answers: SymPy's derivative of a formula stated here, and finite differences."""

import copy
import itertools
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import cgviz
from cgviz import Value
from cgviz.ops import rows
from cgviz.ops.domain import DomainError
from cgviz.ops.op import OPS, PRIMITIVES, numpy_names
from cgviz.ops.rows import find
from cgviz.ops.simplification import simpler
from tests.formulas import FORMULAS, a, b, exactly, points


def exact(formula, xs):
    """The formula's number, which has to be real there."""
    number = exactly(formula, xs)
    assert number.imag == 0, xs
    return number.real


def close(x):
    return pytest.approx(x, rel=1e-12, abs=1e-14)


def test_the_table_here_knows_every_row():
    assert set(FORMULAS) == set(OPS)


@pytest.mark.parametrize("name", OPS)
def test_a_row_gives_the_number_and_the_derivatives_that_sympy_gives(name):
    op, formula = OPS[name], FORMULAS[name]
    slopes = [sympy.diff(formula, x) for x in (a, b)[: op.arity]]
    for xs in points(name):
        y = op(*xs)
        assert y == close(exact(formula, xs)), xs
        for i, slope in enumerate(slopes):
            assert op.local_derivative(i, y, *xs) == close(exact(slope, xs)), (xs, i)


@pytest.mark.parametrize("name", OPS)
def test_a_row_agrees_with_finite_differences(name):
    op, h = OPS[name], 1e-6
    for xs in points(name):
        y = op(*xs)
        for i in range(op.arity):
            up, down = ([*xs[:i], xs[i] + s, *xs[i + 1 :]] for s in (h, -h))
            slope = (op(*up) - op(*down)) / (2 * h)
            assert op.local_derivative(i, y, *xs) == pytest.approx(slope, rel=1e-5, abs=1e-5), (xs, i)


@pytest.mark.parametrize("name", OPS)
def test_a_rule_run_on_values_gives_second_derivatives(name):
    op, formula = OPS[name], FORMULAS[name]
    for xs in points(name)[:6]:
        for i, j in itertools.product(range(op.arity), repeat=2):
            nodes = [Value(x) for x in xs]
            slope = op.vjps[i](1.0, op(*nodes), *nodes)
            if isinstance(slope, Value):
                slope.backward()
            expected = exactly(sympy.diff(formula, (a, b)[i], (a, b)[j]), xs)
            assert nodes[j].grad == pytest.approx(expected, rel=1e-9, abs=1e-12), (xs, i, j)


EDGES = (-1000.0, -1.0, -0.0, 0.0, 0.5, 2.0, 3.0, 1000.0, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize("name", OPS)
@pytest.mark.filterwarnings("error")
def test_the_numpy_path_equals_the_float_path(name):
    op = OPS[name]
    for xs in [*points(name), *itertools.product(EDGES, repeat=op.arity)]:
        batch = op(*(np.array([x, x]) for x in xs))
        assert batch.shape == (2,)
        try:
            y = op.number(*xs)
        except (ValueError, ZeroDivisionError, OverflowError):
            assert not math.isfinite(batch[0]), xs  # outside the domain an array holds NaN or infinity
            continue
        assert batch[0] == pytest.approx(y, rel=1e-15, abs=0, nan_ok=True), xs


@pytest.mark.filterwarnings("error")
def test_arrays_of_whole_numbers_have_powers_below_zero():
    assert rows.power(np.array([1, 2, 4]), -1).tolist() == [1.0, 0.5, 0.25]


@pytest.mark.parametrize(
    ("op", "x", "y", "slope"),
    [
        (rows.sigmoid, 1000.0, 1.0, 0.0),
        (rows.sigmoid, -1000.0, 0.0, 0.0),
        (rows.sigmoid, 0.0, 0.5, 0.25),
        (rows.softplus, 1000.0, 1000.0, 1.0),
        (rows.softplus, -1000.0, 0.0, 0.0),
        (rows.softplus, 0.0, math.log(2), 0.5),
        (rows.tanh, 1000.0, 1.0, 0.0),
        (rows.relu, 0.0, 0.0, 0.0),
        (rows.relu, -0.0, 0.0, 0.0),
        (rows.relu, 3.0, 3.0, 1.0),
        (rows.relu, -3.0, 0.0, 0.0),
        (rows.leaky_relu, 0.0, 0.0, 0.01),
        (rows.leaky_relu, -3.0, -0.03, 0.01),
        (rows.absolute, 0.0, 0.0, 0.0),
        (rows.absolute, -2.0, 2.0, -1.0),
        (rows.exp, -1000.0, 0.0, 0.0),
    ],
)
def test_activations_are_stable_and_defined_at_their_edges(op, x, y, slope):
    v = Value(x, "v")
    out = op(v)
    out.backward()
    assert (out.data, v.grad) == (close(y), close(slope))
    assert op(np.array([x]))[0] == close(y)


@pytest.mark.parametrize("x", [-745.0, -50.0, -20.0])
def test_small_results_of_sigmoid_and_softplus_keep_their_digits(x):
    assert rows.sigmoid(x) == pytest.approx(math.exp(x) / (1 + math.exp(x)), rel=1e-12, abs=0)
    assert rows.softplus(x) == pytest.approx(math.log1p(math.exp(x)), rel=1e-12, abs=0)
    assert rows.softplus(x) > 0


@pytest.mark.parametrize(
    ("x", "n", "y", "by_x", "by_n"),
    [
        (3.0, 0.0, 1.0, 0.0, math.log(3)),
        (-3.0, 0.0, 1.0, 0.0, math.nan),
        (0.0, 0.0, 1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 0.0, 0.0),
        (0.0, 2.5, 0.0, 0.0, 0.0),
        (-2.0, 3.0, -8.0, 12.0, math.nan),
        (-2.0, 2.0, 4.0, -4.0, math.nan),
        (-2.0, -1.0, -0.5, -0.25, math.nan),
        (2.0, -1.0, 0.5, -0.25, 0.5 * math.log(2)),
        (2.0, 10.0, 1024.0, 5120.0, 1024 * math.log(2)),
        (1.0, 0.5, 1.0, 0.5, 0.0),
    ],
)
def test_powers_are_right_at_their_edges(x, n, y, by_x, by_n):
    base, exponent = Value(x, "x"), Value(n, "n")
    out = base**exponent
    out.backward()
    assert out.data == close(y)
    assert base.grad == close(by_x)
    assert exponent.grad == pytest.approx(by_n, nan_ok=True)
    (base**n).backward()
    assert base.grad == close(by_x)
    (x**exponent).backward()
    assert exponent.grad == pytest.approx(by_n, nan_ok=True)


@pytest.mark.parametrize(("x", "n"), [(0.0, 0.5), (0.0, 0.25)])
def test_a_root_has_no_derivative_at_zero_and_says_so(x, n):
    base = Value(x, "x")
    with pytest.raises(DomainError, match=r"the derivative of x\^.* is not defined where node 'x' is 0"):
        (base**n).backward()
    assert base.grad == 0.0


def test_nan_passes_through_instead_of_vanishing():
    for op in (rows.relu, rows.sigmoid, rows.softplus, rows.tanh, rows.absolute, rows.leaky_relu):
        assert math.isnan(op(math.nan)), op
    for op in (rows.maximum, rows.minimum):
        assert math.isnan(op(math.nan, 1.0)) and math.isnan(op(1.0, math.nan)), op


def test_symbols_and_names_find_their_row_in_any_case():
    assert rows.find("+", 2) is rows.add
    assert rows.find("-", 2) is rows.sub
    assert rows.find("-", 1) is rows.neg
    assert rows.find("ReLU", 1) is rows.relu
    assert rows.find("Sigmoid", 1) is rows.find("σ", 1) is rows.sigmoid
    assert rows.find("log", 1) is rows.log
    assert rows.find("+", 1) is rows.find("**", 1) is rows.find("**x", 1) is rows.find("", 2) is None


@pytest.mark.parametrize(
    ("symbol", "value", "slope"), [("**2", 9.0, 6.0), ("**-1", 1 / 3, -1 / 9), ("**0.5", 3**0.5, 3**-0.5 / 2)]
)
def test_a_power_with_its_exponent_in_the_symbol_is_a_row(symbol, value, slope):
    op = rows.find(symbol, 1)
    assert op is rows.find(symbol, 1)
    assert op(3.0) == pytest.approx(value)
    assert op.local_derivative(0, op(3.0), 3.0) == pytest.approx(slope)


@pytest.mark.parametrize("op", OPS.values(), ids=list(OPS))
def test_the_symbol_of_a_row_leads_back_to_a_row_with_the_same_formula(op):
    found = rows.find(op.symbol, op.arity)
    assert str(found._in_letters()) == op._in_letters()


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_identities_tie_the_rows_together(x, y):
    assert rows.maximum(x, y) + rows.minimum(x, y) == close(x + y)
    assert rows.softplus(x) - rows.softplus(-x) == pytest.approx(x, abs=1e-12)
    assert rows.sigmoid(x) + rows.sigmoid(-x) == close(1.0)
    assert rows.tanh(x) == pytest.approx(2 * rows.sigmoid(2 * x) - 1, abs=1e-14)


QUOTIENTS = [(1e-100, 1e-200), (-3e-120, -2e-170), (0.0, 1e-200), (1e250, 3e200), (-3e-120, 3e200), (2.0, -1e-60)]


@pytest.mark.parametrize(("a", "b"), QUOTIENTS)
def test_the_derivative_of_a_quotient_is_right_where_the_square_of_the_divisor_is_no_float(a, b):
    want = float(-Fraction(a) / Fraction(b) ** 2)
    x, y = cgviz.Value(a, "a"), cgviz.Value(b, "b")
    (x / y).backward()
    assert y.grad == pytest.approx(want, rel=1e-14, abs=0)
    assert OPS["div"].local_derivative(1, a / b, a, b) == pytest.approx(want, rel=1e-14, abs=0)


@pytest.mark.parametrize("symbol", ["**2", "**-1", "**0.5", "**3.0"])
def test_the_row_of_a_power_that_an_engine_names_by_its_exponent_is_pickled(symbol):
    op = find(symbol, 1)
    for again in (pickle.loads(pickle.dumps(op)), copy.deepcopy(op)):
        assert again is op
        assert (again(2.0), again.local_derivative(0, again(2.0), 2.0)) == (
            op(2.0),
            op.local_derivative(0, op(2.0), 2.0),
        )


@pytest.mark.parametrize("symbol", ["**2", "**-1", "**0.5", "+3", "-3", "*-2", "/2", "3-", "1/", "2**", "2.5*", "4+"])
@pytest.mark.parametrize("x", [0.5, 1.7, 3.0])
def test_a_number_in_a_symbol_is_an_operand_of_the_whole_operation(symbol, x):
    op = find(symbol, 1)
    whole, place, c = rows.split_constant(op)
    xs = [x, x]
    xs[place] = c
    assert op.number(x) == pytest.approx(whole.number(*xs))
    assert op.vjps[0](1.0, op.number(x), x) == pytest.approx(whole.vjps[1 - place](1.0, whole.number(*xs), *xs))


@pytest.mark.parametrize("op", [rows.mul, rows.exp, rows.power])
def test_an_operation_without_a_number_in_its_symbol_has_nothing_to_split(op):
    assert rows.split_constant(op) is None


@pytest.mark.parametrize("symbol", ["**inf", "**nan", "**1e999", "**x", "+", "3"])
def test_what_holds_no_finite_number_is_no_operation_with_a_constant(symbol):
    assert find(symbol, 1) is None


@pytest.mark.parametrize(
    ("op", "xs", "values", "left"),
    [
        (rows.mul, "ab", (0.0, None), 0.0),
        (rows.mul, "ab", (None, 1.0), "a"),
        (rows.power, "ab", (None, 0.0), 1.0),
        (rows.power, "ab", (None, 1.0), "a"),
        (rows.add, "ab", (None, 0.0), "a"),
        (rows.add, "ab", (0.0, None), "b"),
        (rows.div, "ab", (0.0, None), 0.0),
        (rows.div, "ab", (None, 1.0), "a"),
        (rows.add, "ab", (2.0, None), None),
        (rows.exp, "a", (None,), None),
    ],
)
def test_what_is_left_of_an_operation_with_a_0_or_a_1(op, xs, values, left):
    assert simpler(op, tuple(xs), values) == left


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_a_function_of_arrays_gives_no_number_outside_of_its_domain_and_raises_nothing(name):
    f, arity = numpy_names()[name], PRIMITIVES[name].arity
    xs = np.array([-1e308, -1000.0, -2.0, 0.0, 0.5, 1000.0, 1e308, np.nan])
    with np.errstate(all="ignore"):
        found = f(*[xs] * arity)
    assert found.shape == xs.shape
    for x, y in zip(xs, found, strict=True):
        try:
            expected = PRIMITIVES[name].number(*[float(x)] * arity)
        except (DomainError, ValueError, ArithmeticError):
            assert not math.isfinite(y)
        else:
            assert y == pytest.approx(expected, nan_ok=True)
