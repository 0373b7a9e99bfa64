import math
import pickle
from decimal import Decimal

import numpy as np
import pytest

from cgviz import Value
from cgviz.ops import rows
from cgviz.ops.domain import DivisionError, DomainError, RangeError
from cgviz.ops.op import OPS, Op, Source


def test_a_row_is_called_like_a_function_on_numbers():
    assert rows.mul(2.0, -3.0) == -6.0
    assert rows.sin(0.5) == math.sin(0.5)
    assert isinstance(rows.sqrt(4), float)


def test_a_row_on_a_value_builds_a_node():
    a = Value(2.0, "a")
    y = rows.maximum(0, a)
    assert (type(y), y.data, y._op) == (Value, 2.0, "max")
    assert [node.data for node in y._prev] == [0.0, 2.0]
    assert y._prev[1] is a


def test_a_row_on_an_array_computes_the_whole_batch():
    assert rows.relu(np.array([-1.0, 0.0, 2.0])).tolist() == [0.0, 0.0, 2.0]
    assert rows.add(np.zeros((2, 1)), np.arange(3)).shape == (2, 3)


def test_an_operand_that_knows_how_takes_the_operation_over():
    class Recorder:
        def _apply(self, op, xs):
            return op.name, xs

    recorder = Recorder()
    assert rows.mul(2, recorder) == ("mul", (2, recorder))


@pytest.mark.parametrize(
    ("op", "xs", "sentence"),
    [
        (rows.sin, (), "sin takes 1 operand, got 0"),
        (rows.sin, (1, 2), "sin takes 1 operand, got 2"),
        (rows.maximum, (1,), "maximum takes 2 operands, got 1"),
        (rows.sin, ("x",), "sin takes Values and numbers, got a str"),
        (rows.sin, (None,), "sin takes Values and numbers, got None"),
        (rows.mul, ("ab", 3), "mul takes Values and numbers, got a str"),
        (rows.add, ([1], [2]), "add takes Values and numbers, got a list"),
        (rows.absolute, (1j,), "abs takes Values and numbers, got a complex"),
        (rows.exp, (Decimal(1),), "exp takes Values and numbers, got a Decimal"),
    ],
)
def test_what_is_no_operand_is_refused_by_the_name_of_the_operation(op, xs, sentence):
    with pytest.raises(TypeError) as caught:
        op(*xs)
    assert str(caught.value) == sentence


POWER = "a^b is defined for a > 0 (with a whole exponent also a < 0, with one of at least 0 also a = 0)"


@pytest.mark.parametrize(
    ("op", "xs", "kind", "sentence"),
    [
        (rows.log, (0,), DomainError, "log(x) is defined for x > 0, but x = 0"),
        (rows.log, (-1.5,), DomainError, "log(x) is defined for x > 0, but x = -1.5"),
        (rows.log1p, (-1,), DomainError, "log1p(x) is defined for x > -1, but x = -1"),
        (rows.sqrt, (-4,), DomainError, "sqrt(x) is defined for x ≥ 0, but x = -4"),
        (rows.div, (1, 0), DivisionError, "a / b is defined for divisors other than 0, but b = 0"),
        (rows.power, (0, -1), DomainError, f"{POWER}, but a = 0 and b = -1"),
        (rows.power, (-8, 0.5), DomainError, f"{POWER}, but a = -8 and b = 0.5"),
        (rows.exp, (1000,), RangeError, "exp(x) is too large for a number when x = 1000"),
        (rows.power, (1e200, 2), RangeError, "a^b is too large for a number when a = 1e+200 and b = 2"),
        (rows.sin, (math.inf,), DomainError, "sin(x) is defined for finite x, but x = inf"),
        (rows.cos, (-math.inf,), DomainError, "cos(x) is defined for finite x, but x = -inf"),
        (rows.tan, (math.inf,), DomainError, "tan(x) is defined for finite x, but x = inf"),
    ],
)
def test_outside_the_domain_a_sentence_says_what_is_asked_and_what_came(op, xs, kind, sentence):
    with pytest.raises(kind) as caught:
        op(*xs)
    assert str(caught.value) == sentence


def test_domain_errors_are_also_the_errors_that_python_raises():
    for ours, pythons in ((DomainError, ValueError), (DivisionError, ZeroDivisionError), (RangeError, OverflowError)):
        assert issubclass(ours, pythons) and issubclass(ours, DomainError)


@pytest.mark.parametrize(
    ("op", "position", "y", "xs", "sentence"),
    [
        (rows.sqrt, 0, 0.0, (0.0,), "the derivative of sqrt(x) is not defined where x = 0"),
        (rows.power, 0, 0.0, (0.0, 0.5), "the derivative of a^b is not defined where a = 0 and b = 0.5"),
        (
            rows.power,
            0,
            1e300,
            (1e-300, -1.0),
            "the derivative of a^b is too large for a number when a = 1e-300 and b = -1",
        ),
    ],
)
def test_where_there_is_no_derivative_the_sentence_speaks_of_the_derivative(op, position, y, xs, sentence):
    with pytest.raises(DomainError) as caught:
        op.local_derivative(position, y, *xs)
    assert str(caught.value) == sentence


def test_a_local_derivative_error_names_the_operands_it_was_told():
    with pytest.raises(DomainError) as caught:
        rows.sqrt.local_derivative(0, 0.0, 0.0, names=lambda: ("'a'",))
    assert str(caught.value) == "the derivative of sqrt(a) is not defined where node 'a' is 0"


def test_a_rule_run_on_source_writes_itself_down():
    g, y, a, b = map(Source, ("g", "y", "a", "b"))
    assert rows.mul.vjps[0](g, y, a, b).code == "(g * b)"
    assert rows.arctan.vjps[0](g, y, a).code == "(g / (1.0 + (a * a)))"
    assert rows.tanh.vjps[0](g, y, a).code == "(g * unsaturated(y, a))"
    assert rows.relu.write(a).code == "maximum(a, 0.0)"


def test_a_row_documents_itself_with_its_formula_and_its_domain():
    assert rows.mul.__doc__ == "Compute a · b."
    assert rows.log.__doc__ == "Compute log(x). Defined for x > 0."
    assert repr(rows.mul) == "<operation mul>"


@pytest.mark.parametrize("op", OPS.values(), ids=list(OPS))
def test_a_row_survives_pickling_as_itself(op):
    assert pickle.loads(pickle.dumps(op)) is op


def test_a_new_row_works_everywhere_without_another_line(monkeypatch):
    cube = Op("cube", "x³", (lambda g, y, x: g * 3 * x * x,), forward=lambda x: x * x * x, text="{0:5}³", tex="{0:5}^3")
    monkeypatch.setitem(OPS, "cube", cube)
    a = Value(2.0, "a")
    y = cube(a)
    y.backward()
    assert (y.data, y._op, a.grad, cube(3)) == (8.0, "x³", 12.0, 27.0)
    assert cube(np.array([1.0, 2.0])).tolist() == [1.0, 8.0]
    assert cube.__doc__ == "Compute x³."
