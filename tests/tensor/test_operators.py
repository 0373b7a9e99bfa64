"""A Tensor's operators, with numbers, arrays and Values on either side, and classes grown from it."""

import pickle

import numpy as np
import pytest

from cgviz import ShapeError, Tensor, Value, exp, maximum, sigmoid, softmax, table, trace


def test_numbers_arrays_and_lists_on_either_side():
    x, array = Tensor([1.0, 2.0], "x"), np.array([10.0, 20.0])
    assert (array + x).data.tolist() == (x + array).data.tolist() == [11.0, 22.0]
    assert ([11, 22] - x).data.tolist() == [10.0, 20.0]
    assert (array - x).data.tolist() == [9.0, 18.0]
    assert (2 / x).data.tolist() == (np.float64(2) / x).data.tolist() == [2.0, 1.0]
    assert (2**x).data.tolist() == [2.0, 4.0]
    assert (np.eye(2) @ x).data.tolist() == [1.0, 2.0]
    assert (x @ np.eye(2)).data.tolist() == [1.0, 2.0]
    assert maximum(1.5, x).data.tolist() == maximum(x, 1.5).data.tolist() == [1.5, 2.0]
    for y in (array * x, x * array, [3, 4] * x, 2.0 * x):
        assert [operand._constant for operand in y._prev].count(True) == 1
        y.backward(gradient=[1, 1])
    for stranger in ("a", None, {}, 1j):
        with pytest.raises(TypeError):
            x + stranger
        with pytest.raises(TypeError):
            stranger * x
    with pytest.raises(TypeError, match="rectangular array of numbers, got text 'a'"):
        maximum(x, "a")
    with pytest.raises(TypeError, match="whole numbers"):
        x[Value(0)]


def test_methods_and_functions_are_the_same_rows():
    x = Tensor([0.3, -0.2], "x")
    for function in (exp, sigmoid):
        method = getattr(x, function.name)()
        assert method.data.tolist() == function(x).data.tolist() == function(x.data).tolist()
        assert method._op == function.symbol
    assert abs(x).data.tolist() == [0.3, 0.2]
    assert (-x).data.tolist() == [-0.3, 0.2]


def test_a_number_gives_what_a_value_gives():
    def f(a, b):
        return (a * b + a.tanh()) ** 2 / (1 + b.exp()) - a.sigmoid()

    a, b = Value(0.7), Value(-0.4)
    L = f(a, b)
    L.backward()
    s, t = Tensor(0.7), Tensor(-0.4)
    M = f(s, t)
    M.backward()
    assert M.item() == pytest.approx(L.data, rel=1e-15)
    assert (float(s.grad), float(t.grad)) == pytest.approx((a.grad, b.grad), rel=1e-14)


class Mine(Value):
    pass


class Fancy(Value):
    def __init__(self, data, label=""):
        super().__init__(data, label)
        self.colour = "red"


@pytest.mark.parametrize("cls", [Value, Mine, Fancy])
def test_gradients_reach_the_values_among_the_operands(cls):
    w, x = cls(3.0, "w"), Tensor([1.0, 2.0], "x")
    v = w * w
    for y in (v * x, x * v, maximum(v, x) * x):
        assert type(y) is Tensor
        y.sum().backward()
        assert (w.grad, type(w.grad)) == (18.0, float)
    assert type(w + 1) is cls
    assert "w * w" in table(y)
    L = (w * x).sum() + w
    L.backward()
    assert w.grad == 4.0
    w.data = 5.0
    assert all(node.stale for node in trace(L).nodes if node.label != "x" and node.kind == "operation")


def test_array_operations_are_not_for_values():
    for wrong in (lambda: softmax(Value(1.0)), lambda: Value(1.0) @ Tensor([1.0])):
        with pytest.raises((TypeError, ShapeError)):
            wrong()


class Grown(Tensor):
    def norm(self):
        return (self * self).sum().sqrt()


class Tagged(Tensor):
    def __init__(self, data, label=""):
        super().__init__(data, label)
        self.tag = "new"


@pytest.mark.parametrize("cls", [Grown, Tagged])
def test_subclasses_make_results_of_their_own_class(cls):
    x = cls([3.0, 4.0], "x")
    for y in (x + 1, 1 + x, x @ x, x.sum(), x[0], x.T, exp(x), Tensor([1.0, 1.0]) * x, x * Value(2), np.ones(2) @ x):
        assert type(y) is cls
        if cls is Tagged:
            assert y.tag == "new"
    again = pickle.loads(pickle.dumps(x * 2))
    assert type(again) is cls
    assert repr(x).startswith(f"{cls.__name__}(x: [3., 4.]")
    assert Grown([3, 4]).norm().item() == 5.0


def test_equal_is_asked_of_the_elements_as_less_is():
    x, y = Tensor([1.0, 2.0, 3.0], "x"), Tensor([1.0, 5.0, 3.0], "y")
    for other in (y, y.data, y.numpy(), [1.0, 5.0, 3.0], (1, 5, 3)):
        assert (x == other).tolist() == (other == x).tolist() == [True, False, True]
        assert (x != other).tolist() == (other != x).tolist() == [False, True, False]
    assert (x == 2).tolist() == (x == 2).tolist() == (np.float64(2) == x).tolist() == [False, True, False]
    assert (x == Value(2.0)).tolist() == (Value(2.0) == x).tolist() == [False, True, False]
    assert np.mean(x == y) == pytest.approx(2 / 3) and isinstance(x == y, np.ndarray)
    assert Tensor(2.0) == 2.0 and Tensor(2.0) == Tensor(2.0) and (Tensor(2.0) != 2.0) == False  # noqa: E712
    assert x != "a" and x != None  # noqa: E711
    assert np.isnan(np.nan) and not (Tensor([np.nan]) == Tensor([np.nan])).any()


@pytest.mark.parametrize("compare", ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_shapes_that_cannot_be_compared_are_told_with_both_shapes(compare):
    with pytest.raises(ShapeError, match=r"cannot compare 'x' \(a 2-vector\) with a 3-vector"):
        getattr(Tensor([1.0, 2.0], "x"), compare)([1.0, 2.0, 3.0])


def test_a_node_is_itself_in_a_set_and_as_a_key():
    nodes = [Tensor([1.0, 2.0]) for _ in range(200)]
    assert len(set(nodes)) == len(dict.fromkeys(nodes)) == 200
    assert all(node in set(nodes) for node in nodes) and Tensor([1.0, 2.0]) not in set(nodes)
    assert nodes[0] in nodes
    with pytest.raises(ValueError, match="ambiguous"):
        nodes[1] in nodes
