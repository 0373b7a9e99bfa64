"""What is a node and what is not: a sentence says what came instead."""

import ctypes
from enum import Enum

import ipywidgets
import numpy as np
import pytest
import traitlets

import cgviz
from cgviz import Value, table, trace
from cgviz.graph import is_node


class OnlyData:
    def __init__(self, data):
        self.data = data


@pytest.mark.parametrize(
    ("operands", "sentence"),
    [
        (
            (2,),
            "an operand of OnlyData(3) is not a node but an int: keep nodes alone in its attribute '_prev', "
            "also for constants",
        ),
        (
            (2, None),
            "an operand of OnlyData(3) is not a node but an int: keep nodes alone in its attribute '_prev', "
            "also for constants",
        ),
        ("ab", "an operand of OnlyData(3) is not a node but a str"),
        (5, "the operands of OnlyData(3) are not in a tuple or list but an int"),
        (OnlyData, "the operands of OnlyData(3) are not in a tuple or list but a type"),
    ],
)
def test_operands_that_are_no_nodes_are_an_error_that_names_the_node(operands, sentence):
    y = OnlyData(3)
    y._prev = operands
    with pytest.raises(TypeError) as caught:
        trace(y)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("root", "got"),
    [
        (None, "None"),
        (3, "an int"),
        ("x", "a str"),
        ([Value(1)], "a list"),
        (Value, "a type"),
        (object(), "an object"),
        (np.array([1.0]), "a ndarray"),
        (np.float64(1), "a float64"),
        (len, "a builtin_function_or_method"),
    ],
)
def test_what_is_no_node_is_refused_with_what_a_node_is(root, got):
    assert not is_node(root)
    with pytest.raises(TypeError) as caught:
        trace(root)
    assert str(caught.value) == (
        f"expected a node of a graph, an object with one of the attributes data, value, output; got {got}"
    )


class Colour(Enum):
    RED = 1


@pytest.mark.parametrize(
    ("root", "got"),
    [
        (ipywidgets.FloatSlider(value=3), "a FloatSlider of ipywidgets"),
        (Colour.RED, "a Colour of tests"),
        (ctypes.c_double(2.0), "a c_double of ctypes"),
    ],
)
@pytest.mark.parametrize("read", [trace, cgviz.draw, table, cgviz.draw_dot, cgviz.explain, cgviz.steps])
def test_what_has_a_value_for_other_reasons_is_no_node(read, root, got):
    with pytest.raises(
        TypeError, match=rf"^expected a node of a graph, got {got}\S* \(what it holds is its \.value\)$"
    ):
        read(root)


def test_a_slider_among_the_operands_is_told_by_the_node():
    node = OnlyData(2.0)
    node.label, node._prev = "y", (ipywidgets.FloatSlider(value=3),)
    with pytest.raises(TypeError, match="^an operand of 'y' is not a node but a FloatSlider: keep nodes alone in"):
        trace(node)


def test_a_learners_class_with_a_value_is_a_node_whatever_it_is_built_on():
    class Plain:
        value = 3.0

    class Observed(traitlets.HasTraits):
        value = traitlets.Float(2.0)
        prevs = traitlets.List()

    assert [n.data for n in trace(Plain()).nodes] == [3.0]
    assert [n.data for n in trace(Observed(value=5.0, prevs=[Plain()])).nodes] == [3.0, 5.0]
