"""The Tensor as a person meets it: data, operators on both sides, gradients, staleness, pictures, bad input."""

import copy
import pickle
import re
import subprocess
import sys

import numpy as np
import pytest

from cgviz import (
    CycleError,
    DomainError,
    ShapeError,
    Tensor,
    Value,
    binary_cross_entropy,
    concatenate,
    cross_entropy,
    draw,
    exp,
    explain,
    explore,
    maximum,
    mean_squared_error,
    sigmoid,
    softmax,
    table,
    trace,
)
from cgviz.graph import objects


def layer():
    x, W, b = Tensor([[1, 2], [3, 4], [5, 6]], "x"), Tensor([[0.5], [-1]], "W"), Tensor([1], "b")
    y = x @ W + b
    y.label = "y"
    L = (y * y).mean()
    L.label = "L"
    return x, W, b, y, L


# --- data ---


@pytest.mark.parametrize(
    "data",
    [3, 2.5, True, [1, 2], (1.0, 2), [[1, 2], [3, 4]], np.arange(3), np.float32(2), np.eye(2) > 0, []],
)
def test_numbers_become_float64(data):
    t = Tensor(data, "t")
    assert t.data.dtype == np.float64
    assert t.shape == np.shape(data)
    np.testing.assert_array_equal(t.data, np.asarray(data))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([[1, 2], [3]], "rows of different lengths"),
        ([1, "a"], "text"),
        ("a", "text 'a'"),
        ([1j], "complex numbers"),
        (None, "None"),
        ([1, None], "objects"),
        ({"a": 1}, "a dict"),
        (np.array([1, object()], dtype=object), "objects"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), "dates"),
        (Value(1.0), "a Value"),
        (Tensor([1.0]), "a Tensor"),
        ([Tensor(1.0), Tensor(2.0)], "concatenate"),
        ([[Value(1.0)], [2]], "nodes of a graph"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused_in_one_sentence(data, said):
    with pytest.raises(TypeError, match=re.escape(said)) as caught:
        Tensor(data, "X")
    assert str(caught.value).startswith("the data of 'X' must be a rectangular array of numbers, got ")
    assert "\n" not in str(caught.value)
    leaf = Tensor([1.0], "X")
    with pytest.raises(TypeError, match=re.escape(said)):
        leaf.data = data
    assert leaf.data.tolist() == [1.0]


def test_the_second_argument_is_the_label():
    with pytest.raises(TypeError, match="an array and a label"):
        Tensor([1], [2])
    with pytest.raises(TypeError, match="an array and a label"):
        Tensor([1], "x", [2])


def test_the_callers_array_is_copied_and_never_changed():
    mine = np.array([1.0, 2.0])
    w = Tensor(mine, "w")
    mine[0] = 100.0
    assert w.data.tolist() == [1.0, 2.0]
    w.data = mine
    (w * w).sum().backward()
    w.data -= 0.5 * w.grad
    assert w.data.tolist() == [0.0, 0.0]
    assert mine.tolist() == [100.0, 2.0]


def test_descent_in_place_leaves_what_was_read_before_alone():
    w = Tensor([1.0, 2.0], "w")
    view, before = w[:1], w.data
    picture = draw(w)
    w.data -= 1.0
    w.data *= 3
    w.data /= 3
    w.data += 0.25
    w.data **= 2
    assert w.data.tolist() == [0.0625, 1.5625]
    assert before.tolist() == [1.0, 2.0]
    assert view.data.tolist() == [1.0]
    assert "[1, 2]" in picture.text
    with pytest.raises(ValueError, match="the shape would change from 2-vector to 3×2"):
        w.data += np.ones((3, 1))


def test_a_step_that_is_a_tensor_is_refused():
    w = Tensor([1.0, 2.0], "w")
    with pytest.raises(TypeError, match=r"the data of 'w' must be .* got a Tensor \(what it holds is .data\)"):
        w.data -= w * 0.1
    assert w.data.tolist() == [1.0, 2.0]


def test_indexing_again_and_again_keeps_nothing():
    import gc
    import weakref

    x = Tensor([1.0, 2.0], "x")
    row = weakref.ref(x[[0, 1]]._push.op)
    gc.collect()
    assert row() is None


def test_writing_into_the_data_or_the_tensor_is_refused():
    w = Tensor([1.0, 2.0], "w")
    with pytest.raises(TypeError, match="cannot be changed in place"):
        w.data[0] = 5
    with pytest.raises(TypeError, match="cannot be changed in place"):
        w[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        np.add(w.data, 1, out=w.data)
    new = w.numpy()
    new[0] = 5
    w.data = new
    assert w.data.tolist() == [5.0, 2.0]


def test_data_is_an_ordinary_array_in_every_other_way():
    w = Tensor([[1.0, 2.0]], "w")
    assert repr(w.data) == "array([[1., 2.]])"
    for result in (w.data + 1, 2 * w.data, np.exp(w.data), w.data @ np.ones(2), w.data.sum(axis=0), w.data > 1):
        assert type(result) is np.ndarray
    mine = w.data.copy()
    mine[0, 0] = 7
    mine += 1
    assert mine.tolist() == [[8.0, 3.0]]
    assert w.data.tolist() == [[1.0, 2.0]]
    w.data = mine
    mine[0, 0] = 0
    assert w.data.tolist() == [[8.0, 3.0]]


def test_what_one_asks_of_an_array():
    x = Tensor([[1, 2, 3], [4, 5, 6]], "x")
    assert (x.shape, x.ndim, x.size, len(x)) == ((2, 3), 2, 6, 2)
    assert [row.data.tolist() for row in x] == [[1, 2, 3], [4, 5, 6]]
    assert np.asarray(x).tolist() == x.numpy().tolist() == [[1, 2, 3], [4, 5, 6]]
    assert (x > 3).sum() == 3
    assert float(x[0, 1]) == x[0, 1].item() == 2.0
    assert f"{x.mean():.2f}" == "3.50"
    with pytest.raises(TypeError, match="'x' is 2×3, not a single number"):
        float(x)
    with pytest.raises(TypeError, match="not a single number"):
        bool(x)
    with pytest.raises(TypeError, match="single number"):
        len(x.sum())


def test_repr():
    assert repr(Tensor(2, "a")) == "Tensor(a: 2.0)"
    assert repr(Tensor([[1, 2], [3, 4.5]])) == "Tensor([[1. , 2. ], [3. , 4.5]])"
    assert repr(Tensor(np.zeros((60, 60)), "X")) == "Tensor(X: 60×60)"


# --- operators ---


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


# --- gradients ---


def test_a_layer_by_hand():
    x, W, b, y, L = layer()
    L.backward()
    g = 2 * y.data / 3
    np.testing.assert_allclose(W.grad, x.data.T @ g)
    np.testing.assert_allclose(b.grad, g.sum(axis=0))
    np.testing.assert_allclose(x.grad, g @ W.data.T)
    assert [n.grad.shape for n in (x, W, b, y, L)] == [(3, 2), (2, 1), (1,), (3, 1), ()]


def test_backward_twice_gives_the_same_and_accumulate_adds():
    _x, W, _b, _y, L = layer()
    L.backward()
    first = W.grad.copy()
    L.backward()
    np.testing.assert_array_equal(W.grad, first)
    w = Tensor([1.0, 2.0], "w")
    (2 * w).sum().backward()
    (5 * w).sum().backward(accumulate=True)
    assert w.grad.tolist() == [7.0, 7.0]
    w.zero_grad()
    assert w.grad.tolist() == [0.0, 0.0]
    (2 * w).sum().backward(accumulate=True)
    assert w.grad.tolist() == [2.0, 2.0]


def test_an_operand_used_twice_and_diamonds():
    x = Tensor([2.0, 3.0], "x")
    (x * x + x @ x).sum().backward()
    assert x.grad.tolist() == [12.0, 18.0]
    y = x
    for _ in range(60):
        y = y + y
    y.backward(gradient=[1, 0])
    assert x.grad.tolist() == [2.0**60, 0.0]


def test_gradients_belong_to_one_node_each():
    x, y = Tensor([1.0, 2.0], "x"), Tensor([3.0, 4.0], "y")
    seed = np.ones(2)
    z = x + y
    z.backward(gradient=seed)
    x.grad *= 0.5
    assert (y.grad.tolist(), z.grad.tolist(), seed.tolist()) == ([1, 1], [1, 1], [1, 1])


def test_a_root_with_many_numbers_needs_a_gradient():
    _x, W, _b, y, _L = layer()
    with pytest.raises(ShapeError, match=r"'y' is 3×1: sum it up first, y.sum\(\).backward\(\)"):
        y.backward()
    with pytest.raises(ShapeError, match="the gradient is 3-vector, but 'y' is 3×1"):
        y.backward(gradient=[1, 2, 3])
    with pytest.raises(TypeError, match="by its name"):
        y.backward(np.ones((3, 1)))
    y.backward(gradient=[[1], [0], [0]])
    assert W.grad.tolist() == [[1.0], [2.0]]
    Tensor([[4.0]]).sum(axis=0).backward()


def test_deep_graphs_need_no_recursion():
    x = y = Tensor([1.0], "x")
    for _ in range(3000):
        y = y * 1.0001 + 0.0
    y.backward()
    assert x.grad == pytest.approx(1.0001**3000)
    again = pickle.loads(pickle.dumps(y))
    again.backward()
    assert objects(again)[0].grad.tolist() == x.grad.tolist()


def test_a_cycle_is_an_error():
    x = Tensor([1.0], "x")
    y = x * 2
    y.label = "y"
    z = y + 1
    y._a = z
    with pytest.raises(CycleError, match="'y'"):
        z.backward()


# --- the domain ---


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (lambda x: x.log(), r"log(p) is defined for p > 0, but node 'p' is 0, at [1]"),
        (lambda x: (x - 2).sqrt(), r"sqrt(x) is defined for x ≥ 0, but x = -1, at [0]"),
        (lambda x: 1 / x, r"a / p is defined for divisors other than 0, but a = 1 and node 'p' is 0, at [1]"),
        (lambda x: (x * 1000).exp(), r"exp(x) is too large for a number when x = 1000, at [0]"),
        (lambda x: x ** Tensor([[2], [-1]], "q"), "and node 'q' is -1, at [1, 1]"),
    ],
)
def test_what_has_no_value_names_the_node_and_the_element(compute, said):
    x = Tensor([1.0, 0.0, 4.0], "p")
    with pytest.raises(DomainError) as caught:
        compute(x)
    assert said in str(caught.value)
    with np.errstate(all="ignore"):
        assert not np.isfinite(compute(x).data).all()


def test_what_has_no_derivative_leaves_no_half_of_the_gradients():
    x = Tensor([4.0, 0.0], "x")
    y = (x * 1).sqrt()
    with pytest.raises(DomainError, match=r"the derivative of sqrt\(x\) is not defined where x = 0, at \[1\]"):
        y.sum().backward()
    assert not any(node.grad.any() for node in objects(y))
    assert "not computed yet" in table(y)


def test_nan_and_infinity_in_the_data_pass_through():
    x = Tensor([1.0, np.nan, np.inf], "x")
    y = (x * 2 + 1).exp().tanh() + x.sum()
    y.backward(gradient=[1, 1, 1])
    assert np.isnan(y.data[1])
    assert "stale" not in table(y)
    z = Tensor([1.0, np.nan, 2.0], "z")
    z.max().backward()
    assert z.grad.tolist() == [0.0, 1.0, 0.0]
    assert x.grad.shape == (3,)
    assert draw(y).svg


# --- bad shapes ---


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (lambda x, W: x + W, "cannot compute x + W (x is 2×3, W is 2×4): counted from the last, sizes must be equal"),
        (
            lambda x, W: x @ W,
            "cannot compute x @ W (x is 2×3, W is 2×4): the last size of the first, 3, must equal the",
        ),
        (lambda x, W: x @ W[0], "x is 2×3, b is a 4-vector"),
        (lambda x, W: x @ 2, "for a number write *"),
        (lambda x, W: maximum(np.ones(5), x), "a is a 5-vector, x is 2×3"),
        (lambda x, W: x.reshape(4, 2), "6 numbers do not fit into 4×2"),
        (lambda x, W: concatenate([x, W]), "concatenate(x, W, axis=0) (x is 2×3, W is 2×4)"),
        (lambda x, W: x[:, :0].max(axis=1), "is empty"),
        (lambda x, W: x[:0].mean(), "is empty"),
        (lambda x, W: mean_squared_error(x, W), "'x' is 2×3 and 'W' is 2×4, but they must have the same shape"),
        (lambda x, W: mean_squared_error(x[:, :1], np.ones(2)), "is 2×1 and the second is 2-vector"),
        (lambda x, W: mean_squared_error(x[:0], x[:0]), "there are no samples"),
        (lambda x, W: cross_entropy(x, [1]), "must be 2-vector (a class for each sample) or 2×3 (one-hot)"),
        (lambda x, W: cross_entropy(x[:, :1], [0, 0]), "binary_cross_entropy"),
        (lambda x, W: cross_entropy(x[:0], []), "there are no samples"),
        (lambda x, W: binary_cross_entropy(x[:, 0], [[0], [1]]), "must have the same shape"),
    ],
)
def test_shapes_that_do_not_fit_are_told_with_both_shapes(compute, said):
    x, W = Tensor(np.ones((2, 3)), "x"), Tensor(np.ones((2, 4)), "W")
    with pytest.raises(ShapeError) as caught:
        compute(x, W)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("compute", "error", "said"),
    [
        (lambda x: x[5], IndexError, "index 5 is out of bounds"),
        (lambda x: x[0.5], IndexError, "x[0.5] (x is 2×3)"),
        (lambda x: x.sum(axis=2), IndexError, "axis 2 is out of bounds"),
        (lambda x: x.sum(axis="0"), TypeError, "an axis is a whole number"),
        (lambda x: x.reshape(1.5, 4), TypeError, "whole number"),
        (lambda x: x.transpose(0, 0), ValueError, "transpose"),
        (lambda x: cross_entropy(x, [0, 3]), ValueError, "whole numbers from 0 to 2, got 3"),
        (lambda x: cross_entropy(x, [0, 0.5]), ValueError, "whole numbers from 0 to 2, got 0.5"),
        (lambda x: cross_entropy(x, np.ones((2, 3))), ValueError, "add up to 1"),
        (lambda x: binary_cross_entropy(x, x * 0 + 2), ValueError, "between 0 (no) and 1 (yes)"),
        (lambda x: concatenate([]), ValueError, "at least one"),
    ],
)
def test_other_mistakes_are_one_sentence_too(compute, error, said):
    with pytest.raises(error) as caught:
        compute(Tensor(np.ones((2, 3)), "x"))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_index_that_is_changed_later_changes_nothing():
    x, index = Tensor([1.0, 2.0, 3.0], "x"), [0, 0]
    y = x[index]
    array = np.array([2, 2])
    z = x[array]
    index[0] = array[0] = 1
    (y.sum() + z.sum()).backward()
    assert x.grad.tolist() == [2.0, 0.0, 2.0]


# --- staleness ---


def test_new_data_makes_what_was_computed_from_it_stale():
    x, W, _b, _y, L = layer()
    L.backward()
    assert not any(node.stale for node in trace(L).nodes)
    W.data -= 0.1 * W.grad
    stale = {node.name: node.stale for node in trace(L).nodes}
    assert stale["L"] == stale["y"] == "value"
    assert stale["b"] == "gradient"
    x.data = [[1, 2]]
    assert trace(L).root.stale == "value"
    with pytest.raises(ShapeError, match="compute it again"):
        L.backward()


def test_records_stay_what_they_were():
    _x, W, _b, _y, L = layer()
    L.backward()
    graph = trace(L)
    grads = [np.copy(node.grad) for node in graph.nodes if node.grad is not None]
    W.grad *= 100
    for before, node in zip(grads, (n for n in graph.nodes if n.grad is not None), strict=True):
        np.testing.assert_array_equal(before, node.grad)


def test_deepcopy_is_another_graph():
    _x, W, _b, _y, L = layer()
    L.backward()
    M = copy.deepcopy(L)
    for node in objects(M):
        node.grad = None
    assert W.grad.any()
    M.backward()
    assert [n.grad.tolist() for n in objects(M)] == [n.grad.tolist() for n in objects(L)]
    with pytest.raises(ValueError, match="read-only"):
        np.add(objects(M)[0].data, 1, out=objects(M)[0].data)


# --- pictures and words ---


def test_pictures_show_shapes_and_the_numbers_of_small_arrays():
    x, _W, _b, _y, L = layer()
    L.backward()
    svg = draw(L).svg
    for said in (">3×2</text>", ">1-vector</text>", "value of W: 2×1 array [[0.5], [-1]]", ">mean</text>"):
        assert said in svg, said
    assert draw(L).dot.count("3×2") == 2
    x.zero_grad()
    assert table(x[:, 1:].sum(axis=0)).splitlines()[1:] == [
        "x                      [[1, 2], [3, 4], [5, 6]]  not computed yet",
        "v1    x[:, 1:]                  [[2], [4], [6]]  not computed yet",
        "v2    sum(v1, axis=0)                      [12]  not computed yet",
    ]
    assert "100×3 array" in table(Tensor(np.ones((100, 3)), "X").T)
    assert "X.T" in table(Tensor(np.ones((100, 3)), "X").T)


def test_explanations_write_the_rules():
    _x, _W, _b, y, L = layer()
    assert str(explain(L)).splitlines()[-3:] == [
        "∂L/∂b = sum(∂L/∂y, axis=0) = [-3]",
        "∂L/∂W = xᵀ @ ∂L/∂(x @ W) = [[-11.67], [-14.67]]",
        "∂L/∂x = ∂L/∂(x @ W) @ Wᵀ = [[-0.1667, 0.3333], [-0.5, 1], [-0.8333, 1.667]]",
    ]
    L.backward()
    for chain in explain(L).chains:
        np.testing.assert_allclose(chain.total, objects(L)[chain.node.index].grad)
    assert r"W} = x^{\top} \, \frac{\partial L}" in explain(L, "W").tex[0]
    with pytest.raises(KeyError, match="no node 'Q'"):
        explain(L, "Q")
    assert "∂y/∂y" in str(explain(y))
    assert str(explain(Tensor(2.0, "a") * Tensor(3.0, "b"), "a")) == "∂output/∂a = b = 3"


def test_a_constant_gets_no_line_and_no_gradient():
    x = Tensor([1.0, 2.0], "x")
    y = (x * np.array([3.0, 4.0])).sum()
    assert len(explain(y).lines) == 3
    y.backward()
    assert "constant" in table(y)


def test_explore_moves_numbers_only():
    _x, _W, _b, _y, L = layer()
    with pytest.raises(TypeError, match="explore moves single numbers, and node 'x' holds a 3×2 array"):
        explore(L)


def test_numpy_is_not_imported_before_a_tensor_is():
    code = "import sys, cgviz; from cgviz import Value, draw; (Value(2) * 3).backward(); print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


# --- what it is for ---


def test_logistic_regression_finds_a_separating_line():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(80, 2))
    yes = (points @ [2.0, -1.0] + 0.3 > 0)[:, None] * 1.0
    W, b = Tensor(np.zeros((2, 1)), "W"), Tensor(0, "b")
    for _ in range(400):
        L = binary_cross_entropy(points @ W + b, yes)
        L.backward()
        for p in (W, b):
            p.data -= 5 * p.grad
    assert ((points @ W + b > 0) == yes).all()
    assert L.item() < 0.1


def test_a_network_learns_three_classes():
    rng = np.random.default_rng(1)
    centres = np.array([[0, 2], [2, -1], [-2, -1]])
    classes = rng.integers(0, 3, 90)
    points = centres[classes] + 0.3 * rng.normal(size=(90, 2))
    params = [
        Tensor(rng.normal(size=s) * 0.5, name) for s, name in (((2, 8), "W1"), (8, "b1"), ((8, 3), "W2"), (3, "b2"))
    ]
    W1, b1, W2, b2 = params
    for _ in range(100):
        logits = (points @ W1 + b1).tanh() @ W2 + b2
        L = cross_entropy(logits, classes)
        L.backward()
        for p in params:
            p.data -= 0.5 * p.grad
    assert (logits.data.argmax(axis=1) == classes).all()
