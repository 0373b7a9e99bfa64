"""NumPy's element-wise functions on Values and Tensors: operations of the graph, plain answers, or one sentence."""

import operator

import numpy as np
import pytest

from cgviz import Tensor, Value, gradcheck

A, B = [[0.5, 1.5], [2.0, 0.25]], [[1.0, -2.0], [3.0, 0.5]]
UNARY = [np.exp, np.log, np.sqrt, np.sin, np.cos, np.tan, np.arctan, np.tanh, np.negative, np.positive, np.absolute]
BINARY = [np.add, np.subtract, np.multiply, np.divide, np.power, np.float_power, np.maximum, np.minimum, np.matmul]


@pytest.mark.parametrize("ufunc", UNARY, ids=str)
def test_a_function_of_one_operand_is_the_operation(ufunc):
    tensor, value = ufunc(Tensor(A, "x")), ufunc(Value(0.5, "a"))
    assert type(tensor) is Tensor and type(value) is Value
    assert tensor.numpy() == pytest.approx(ufunc(np.array(A)))
    assert value.data == pytest.approx(ufunc(0.5))
    assert gradcheck(lambda a: ufunc(a), a=0.5).ok
    assert gradcheck(lambda x: ufunc(x).sum(), cls=Tensor, x=A).ok


@pytest.mark.parametrize("ufunc", BINARY, ids=str)
@pytest.mark.parametrize("first", [Tensor, np.array])
@pytest.mark.parametrize("second", [Tensor, np.array])
def test_a_function_of_two_operands_is_the_operation_whichever_is_the_array(ufunc, first, second):
    result = ufunc(first(A), second(B))
    assert getattr(result, "_data", result) == pytest.approx(ufunc(np.array(A), np.array(B)))
    assert isinstance(result, Tensor) == (Tensor in (first, second))


def test_gradients_pass_through_numpy():
    x, w = Tensor(A, "x"), Value(2.0, "w")
    L = np.sum(np.exp(np.array(B) * x) * w)
    L.backward()
    assert x.grad == pytest.approx(2 * np.array(B) * np.exp(np.array(A) * np.array(B)))
    assert w.grad == pytest.approx(np.exp(np.array(A) * np.array(B)).sum())


@pytest.mark.parametrize("how", [operator.lt, operator.le, operator.gt, operator.ge])
def test_an_array_is_compared_with_the_numbers(how):
    assert how(np.array(A), Tensor(B)).tolist() == how(np.array(A), np.array(B)).tolist()
    assert how(np.array(A), Value(1.0)).tolist() == how(np.array(A), 1.0).tolist()
    assert how(np.float64(2), Value(1.0)) == how(2, 1)


def test_questions_are_answered_for_the_numbers():
    assert np.isnan(Tensor([np.nan, 1.0])).tolist() == [True, False]
    assert np.isfinite(Value(1.0))


def test_a_grown_class_is_asked_itself():
    class Loud(Value):
        def exp(self):
            return "mine"

        def __radd__(self, other):
            return f"{other:g} and mine"

    assert np.exp(Loud(1)) == "mine"
    assert np.add(np.float64(2), Loud(1)) == "2 and mine"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda v, x, a: np.floor(x), "np.floor is no operation of a Tensor: use Python's operators, its methods, or"),
        (lambda v, x, a: np.square(v), "np.square is no operation of a Value: "),
        (lambda v, x, a: np.add.reduce(v), "np.add.reduce is no operation of a Value: "),
        (lambda v, x, a: np.exp(x, where=a > 0), "np.exp is no operation of a Tensor: "),
        (lambda v, x, a: operator.iadd(a, x), "np.add cannot write a Tensor into an array: make a new one, y = a + x"),
        (lambda v, x, a: np.exp(v, out=a), "np.exp cannot write a Value into an array"),
        (lambda v, x, a: np.matmul(v, v), "np.matmul is no operation of a Value: "),
        (lambda v, x, a: a * v, "Value computes with one number at a time, got an array of shape (2,)"),
        (lambda v, x, a: np.multiply(v, a), "Value computes with one number at a time, got an array of shape (2,)"),
    ],
)
def test_what_would_leave_the_graph_is_refused(make, said):
    array = np.ones(2)
    with pytest.raises(TypeError) as caught:
        make(Value(1, "v"), Tensor([1, 2], "x"), array)
    assert str(caught.value).startswith(said)
    assert array.tolist() == [1, 1]
