"""What a Value computes with: numbers of every kind, and what it says to anything else."""

import math
from fractions import Fraction

import numpy as np
import pytest

from cgviz import DomainError, Value, exp, log, maximum, trace


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
def test_an_array_on_either_side_is_a_number_without_axes_and_refused_in_words_with_them(expression):
    for number in (np.array(3.0), np.array(3), np.float32(3), np.int8(3)):
        assert expression(Value(2.0), number).data == expression(Value(2.0), 3.0).data
    with pytest.raises(TypeError) as caught:
        expression(Value(3.0), np.array([1.0, 2.0]))
    assert str(caught.value) == "Value computes with one number at a time, got an array of shape (2,)"
    with pytest.raises(TypeError, match="^the data must be a real number, got a timedelta64$"):
        expression(Value(3.0), np.timedelta64(3))


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
    ("arguments", "sentence"),
    [
        ((3, "a", 1), "got after the number a str, an int and a str"),
        ((3, "a", "b"), "got after the number a str, a str and a str"),
        ((3, (), 1), "got after the number a tuple, an int and a str"),
        ((3, (), "+", None), "got after the number a tuple, a str and None"),
        ((3, 5), "the operands of a node are Values in a tuple, such as (a, b); got an int"),
        ((3, 0), "the operands of a node are Values in a tuple, such as (a, b); got an int"),
        ((3, None), "the operands of a node are Values in a tuple, such as (a, b); got None"),
        ((3, (1.0, 2.0)), "the operands of a node are Values, got a float among them: write Value(2) for a number"),
    ],
)
def test_what_is_neither_a_label_nor_operands_is_explained(arguments, sentence):
    with pytest.raises(TypeError) as caught:
        Value(*arguments)
    assert str(caught.value).endswith(sentence)


@pytest.mark.parametrize("name", ["_row", "_constant", "_pull"])
def test_what_follows_from_the_operation_cannot_be_set(name):
    with pytest.raises(AttributeError, match=name):
        setattr(Value(3.0), name, 1)


POWERS_OF, ALSO = "is defined for", "with a whole exponent also {0} < 0, with one of at least 0 also {0} = 0"


@pytest.mark.parametrize(
    ("compute", "sentence"),
    [
        (lambda a, z: a / z, "a / z is defined for divisors other than 0, but node 'z' is 0"),
        (lambda a, z: 1 / z, "1 / z is defined for divisors other than 0, but node 'z' is 0"),
        (lambda a, z: 1 / (a - 2), "1 / (a - 2) is defined for divisors other than 0, but the divisor a - 2 is 0"),
        (lambda a, z: log(z + exp(a + a)) / Value(0.0, " "), "a / b is defined for divisors other than 0, but b = 0"),
        (
            lambda a, z: (a * a * a * a * a) / (a - 2),  # what has no name of its own is not called as another node is
            "b / (a - 2) is defined for divisors other than 0, but the divisor a - 2 is 0",
        ),
        (
            lambda a, z: (a * a * a * a * a) / (a * z * Value(1.0, "b") * Value(1.0, "u")),
            "v / (a · z · b · u) is defined for divisors other than 0, but the divisor a · z · b · u is 0",
        ),
        (lambda a, z: log(z - exp(exp(exp(a / 2)))), "log(x) is defined for x > 0, but x = -3.814e+06"),
        (lambda a, z: a / 0, "a / 0 is defined for divisors other than 0, but the divisor is 0"),
        (
            lambda a, z: z**-1,
            f"z^(-1) {POWERS_OF} z > 0 ({ALSO.format('z')}), but node 'z' is 0 and the exponent is -1",
        ),
        (
            lambda a, z: (-1) ** a**0.5,
            f"(-1)^(a^0.5) {POWERS_OF} base > 0 ({ALSO.format('base')}), "
            "but the base is -1 and the exponent a^0.5 is 1.414",
        ),
        (lambda a, z: log(-a / 3e-9), "log(-a / 3e-09) is defined for -a / 3e-09 > 0, but -a / 3e-09 = -6.667e+08"),
        (lambda a, z: log(z), "log(z) is defined for z > 0, but node 'z' is 0"),
        (lambda a, z: (-a).log(), "log(-a) is defined for -a > 0, but -a = -2"),
        (lambda a, z: exp(a * 1000), "exp(a · 1000) is too large for a number when a · 1000 = 2000"),
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


@pytest.mark.parametrize("compute", [lambda a: a * 1e300, lambda a: a + a, lambda a: a - -a, lambda a: a / 1e-300])
def test_a_number_that_grows_too_large_is_an_error_that_names_the_node(compute):
    with pytest.raises(OverflowError, match="is too large for a number when node 'a' is 1e"):
        compute(Value(1e308, "a"))


def test_infinities_that_came_in_pass_through():
    assert (Value(math.inf) * 2).data == math.inf
    assert math.isnan((Value(math.inf) - math.inf).data)
