"""Gradients of Tensors, where there are none, and what makes them stale."""

import copy
import pickle

import numpy as np
import pytest

from cgviz import CycleError, DomainError, ShapeError, Tensor, draw, table, trace
from cgviz.graph import objects

# --- gradients ---


def test_a_layer_by_hand(layer):
    x, W, b, y, L = layer
    L.backward()
    g = 2 * y.data / 3
    np.testing.assert_allclose(W.grad, x.data.T @ g)
    np.testing.assert_allclose(b.grad, g.sum(axis=0))
    np.testing.assert_allclose(x.grad, g @ W.data.T)
    assert [n.grad.shape for n in (x, W, b, y, L)] == [(3, 2), (2, 1), (1,), (3, 1), ()]


def test_backward_twice_gives_the_same_and_accumulate_adds(layer):
    _x, W, _b, _y, L = layer
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


def test_a_root_with_many_numbers_needs_a_gradient(layer):
    _x, W, _b, y, _L = layer
    with pytest.raises(ShapeError, match=r"'y' is 3×1: sum it up first, y.sum\(\).backward\(\)"):
        y.backward()
    with pytest.raises(ShapeError, match="the gradient is a 3-vector, but 'y' is 3×1"):
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
        (lambda x: 1 / x, r"a / p is defined for divisors other than 0, but node 'p' is 0, at [1]"),
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


# --- staleness ---


def test_new_data_makes_what_was_computed_from_it_stale(layer):
    x, W, _b, _y, L = layer
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


def test_records_stay_what_they_were(layer):
    _x, W, _b, _y, L = layer
    L.backward()
    graph = trace(L)
    grads = [np.copy(node.grad) for node in graph.nodes if node.grad is not None]
    W.grad *= 100
    for before, node in zip(grads, (n for n in graph.nodes if n.grad is not None), strict=True):
        np.testing.assert_array_equal(before, node.grad)


def test_deepcopy_is_another_graph(layer):
    _x, W, _b, _y, L = layer
    L.backward()
    M = copy.deepcopy(L)
    for node in objects(M):
        node.grad = None
    assert W.grad.any()
    M.backward()
    assert [n.grad.tolist() for n in objects(M)] == [n.grad.tolist() for n in objects(L)]
    with pytest.raises(ValueError, match="read-only"):
        np.add(objects(M)[0].data, 1, out=objects(M)[0].data)
