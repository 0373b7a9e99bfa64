"""A Value as a Python object: comparing, formatting, hashing."""

import math
import operator

import pytest

from cgviz import Tensor, Value


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


def test_operators_without_a_derivative_say_what_to_write_for_these_operands():
    x, y = Value(7.0, "x"), Value(2.0, "y")
    for f, instead in (
        (lambda: x % 2, "math.floor(x.data / y), or x.data % y"),
        (lambda: 7 % y, "math.floor(x / y.data), or x % y.data"),
        (lambda: x % y, "math.floor(x.data / y.data), or x.data % y.data"),
        (lambda: x // y, "x.data // y.data"),
        (lambda: 7 // y, "x // y.data"),
        (lambda: divmod(7, y), "divmod(x, y.data)"),
        (lambda: pow(x, 2, 3), "there is x**y"),
        (lambda: [1, 2, 3][y], "write int(x)"),
        (lambda: range(y), "write int(x)"),
    ):
        with pytest.raises(TypeError) as caught:
            f()
        assert instead in str(caught.value)
    assert (x - y * math.floor(x.data / y.data)).data == 1.0 and pow(x, 2).data == 49.0


def test_int_and_round_are_those_of_the_number():
    x = Value(-2.75)
    assert (int(x), math.trunc(x), round(x), round(x, 1), math.floor(x)) == (-2, -2, -3, -2.8, -3)


def test_numpys_spread_of_values_is_an_operation():
    np = pytest.importorskip("numpy")
    a, b = Value(1.0, "a"), Value(5.0, "b")
    y = np.std([a, b])
    y.backward()
    assert (y.data, a.grad, b.grad, np.var([a, b]).data) == (2.0, -0.5, 0.5, 4.0)


def test_a_number_beside_a_node_becomes_a_node_that_has_no_gradient_yet():
    product = Value(2.0, "a") * 3
    assert {(node.data, node.grad) for node in product._prev} == {(2.0, 0.0), (3.0, 0.0)}


@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_beside_a_tensor_the_operation_is_the_tensors(op):
    a, t = Value(2.0, "a"), Tensor([1.0, 4.0], "t")
    for found in (op(a, t), op(t, a)):
        assert isinstance(found, Tensor)
    assert op(a, t).data.tolist() == [op(2.0, 1.0), op(2.0, 4.0)]
