"""Tensors in pictures and words."""

import subprocess
import sys

import numpy as np
import pytest

from cgviz import Tensor, draw, explain, explore, steps, table, trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph import objects


def test_pictures_show_shapes_and_the_numbers_of_small_arrays(layer):
    x, _W, _b, _y, L = layer
    L.backward()
    svg = draw(L).svg
    for said in (">3×2</text>", ">1-vector</text>", "value of W: 2×1 array [[0.5], [−1]]", ">mean</text>"):
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


def test_explanations_write_the_rules(layer):
    _x, _W, _b, y, L = layer
    assert str(explain(L)).splitlines()[-3:] == [
        "∂L/∂b = sum(∂L/∂y, axis=0) = [-3]",
        "∂L/∂W = xᵀ @ ∂L/∂v3 = [[-11.67], [-14.67]]",
        "∂L/∂x = ∂L/∂v3 @ Wᵀ = [[-0.1667, 0.3333], [-0.5, 1], [-0.8333, 1.667]]",
    ]
    L.backward()
    for chain in explain(L).chains:
        np.testing.assert_allclose(chain.total, objects(L)[chain.node.index].grad)
    assert r"W} = x^{\top} \, \frac{\partial L}" in explain(L, "W").tex[0]
    with pytest.raises(KeyError, match="no node 'Q'"):
        explain(L, "Q")
    assert "∂y/∂y" in str(explain(y))
    assert str(explain(Tensor(2.0, "a") * Tensor(3.0, "b"), "a")) == "∂v2/∂a = b = 3"


def test_a_constant_gets_no_line_and_no_gradient():
    x = Tensor([1.0, 2.0], "x")
    y = (x * np.array([3.0, 4.0])).sum()
    assert len(explain(y).lines) == 3
    y.backward()
    assert "constant" in table(y)


def test_the_chain_rule_is_told_of_single_numbers_too():
    a = Tensor(2.0, "a")
    total = a.sum()
    assert str(explain(total, "a")) == "∂v1/∂a = 1"
    assert str(steps(total)).splitlines()[-1].split() == [
        "3",
        "∂v1/∂a",
        "=",
        "∂v1/∂v1",
        "·",
        "∂v1/∂a",
        "=",
        "1",
    ]
    assert gradients(total) == [1.0, 1.0]


def test_a_node_is_picked_by_its_place_from_either_end(layer):
    *_, L = layer
    last = len(objects(L)) - 1
    for i in range(last + 1):
        assert explain(L, i).lines == explain(L, i - last - 1).lines


def test_explore_moves_numbers_only(layer):
    _x, _W, _b, _y, L = layer
    with pytest.raises(TypeError, match="run again from single numbers, and node 'x' holds a 3×2 array"):
        explore(L)


def test_numpy_is_not_imported_before_a_tensor_is():
    code = "import sys, cgviz; from cgviz import Value, draw; (Value(2) * 3).backward(); print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize("ask", [explain, steps, gradients])
def test_a_trace_of_arrays_has_no_rules_and_says_so(ask, layer):
    *_, L = layer
    said = "no derivative is known for 'mean', which computed 'L': of arrays, a trace keeps"
    if ask is gradients:
        with pytest.raises(TypeError, match=said):
            ask(trace(L))
    else:
        assert said in str(ask(trace(L)))
    assert ask(L)
