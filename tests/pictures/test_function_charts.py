"""Charts of functions, and pictures of arrays: what they show is what was computed, and what they cannot is said."""

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from cgviz import Tensor, Value
from cgviz.pictures import Axis, Chart, picture_broadcast, picture_product, plot_curves, plot_levels, plot_sides

X = [[1, 2, 3], [4, 5, 6]]


def cells(picture):
    """The numbers in the cells, in order."""
    return [text.text for text in ET.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}text")]


def test_a_curve_has_a_gap_where_its_function_has_no_value():
    chart = plot_curves(lambda x: 1 / x if x >= 0 else math.log(x), Axis(-1, 1, "x"))
    (path,) = re.findall(r'class="cgc-curve" d="([^"]*)"', chart.svg)
    assert min(float(x) for x in re.findall(r"[ML]([-\d.]+)", path)) > 148  # nothing left of the middle


def test_nodes_are_taken_for_their_numbers():
    one = plot_curves(lambda x: Value(x) * 2, Axis(0, 1, "x")).svg
    assert one == plot_curves(lambda x: 2 * x, Axis(0, 1, "x")).svg


@pytest.mark.parametrize("curves", [{}, {str(k): abs for k in range(4)}])
def test_a_chart_has_one_to_three_curves(curves):
    with pytest.raises(ValueError, match="^a chart has 1 to 3 curves, got "):
        plot_curves(curves, Axis(0, 1))


def test_the_border_between_two_sides_lies_where_the_function_is_0():
    chart = plot_sides(lambda x, y: x - 0.5, Axis(0, 1, "x"), Axis(0, 1, "y"))
    (path,) = re.findall(r'class="cgc-border" d="([^"]*)"', chart.svg)
    assert {x for x, _ in re.findall(r"([\d.]+) ([\d.]+)", path)} == {"500"}
    assert "cgc-plus-side" in chart.svg and "cgc-minus-side" in chart.svg


def test_a_landscape_of_a_constant_is_empty_and_no_error():
    assert "<svg" in plot_levels(lambda x, y: 3.0, Axis(0, 1, "x"), Axis(0, 1, "y")).svg


def test_a_square_is_as_wide_as_its_upright_is_high():
    chart = Chart(Axis(0, 10), Axis(0, 10), "squares")
    chart.squares([(1, 2, 4), (9.9, 2, 4), (5, 3, 3)], "error")
    for wide, high in re.findall(r'<rect class="cgc-error"[^>]* width="([\d.]+)" height="([\d.]+)"', chart.svg):
        assert wide == high
    assert chart._repr_mimebundle_()["text/plain"] == "squares"


@pytest.mark.parametrize("kind", [list, np.array, Tensor])
def test_a_number_of_a_product_is_the_sum_that_is_written(kind):
    x, w = kind(X), kind([[1, 2], [0, -1], [-1, 1]])
    picture = picture_product(x, w, 1, 1)
    assert repr(picture) == "row 1 of x times column 1 of w: 4·2 + 5·(-1) + 6·1 = 9"
    product = (np.array(X) @ np.array([[1, 2], [0, -1], [-1, 1]])).ravel()
    assert cells(picture)[-5:-1] == [f"{n:g}" for n in product]


@pytest.mark.parametrize(
    ("b", "forward", "back"),
    [
        ([10, 20, 30], "b is repeated 2 times", "the gradient of b is added up over 2 rows: 2, 2, 2"),
        ([[10], [20]], "b is repeated 3 times", "the gradient of b is added up over 3 columns: 3, 3"),
        (10, "b is repeated 2 · 3 times", "the gradient of b is added up over 2 rows and 3 columns: 6"),
        (
            [[1, 1, 1], [2, 2, 2]],
            "b has the shape of x: nothing is repeated",
            "the gradient of b is what arrives: 1, 1, 1, 1, 1, 1",
        ),
    ],
)
def test_what_is_repeated_is_added_up_on_the_way_back(b, forward, back):
    assert repr(picture_broadcast(X, b)) == forward and repr(picture_broadcast(X, b, back=True)) == back
    leaf = Tensor(b, "b")
    (Tensor(X) + leaf).sum().backward()
    assert back.endswith(", ".join(f"{n:g}" for n in np.ravel(leaf.grad)))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: picture_product(X, X), "for x @ w, x has as many columns as w has rows; here they are 3 and 2"),
        (
            lambda: picture_product(X, [[1], [2], [3]], row=2),
            "x @ w has 2 rows and 1 columns, counted from 0; got 2 and 0",
        ),
        (lambda: picture_product([[1], [2, 3]], X), "x is no matrix: its rows have to be equally long, and not empty"),
        (lambda: picture_product([["a"]], X), "x is no matrix: it has to be rows of numbers"),
        (lambda: picture_product(np.ones((9, 2)), X), "x has 9 rows and 2 columns; 8 of each can be drawn"),
        (lambda: picture_broadcast(X, [1, 2]), "b has the shape 1 × 2, which does not repeat to that of x, 2 × 3"),
    ],
)
def test_what_cannot_be_drawn_is_said(call, said):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value) == said
