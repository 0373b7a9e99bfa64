"""Arrays in pictures: small ones with their numbers, large ones as heat maps whose cells hide nothing."""

import math
import re

import numpy as np
import pytest

from cgviz import Tensor, draw, trace
from cgviz.graph import summarize
from cgviz.graph.array_summary import COARSE, describe_array, take_strongest
from cgviz.pictures.array_cells import encode, grid, squares
from cgviz.pictures.slots import slots


def picture(data):
    a = Tensor(data, label="a")
    root = (a * 1).sum()
    root.backward()
    return draw(root)


def test_a_small_array_shows_its_numbers_and_its_gradient():
    svg = picture([[1.0, -2.5], [0.0, 30.0]]).svg
    cells = re.search(r'<g data-cells="0.data".*?</g>', svg)[0]
    assert re.findall(r"<text[^>]*>(.*?)</text>", cells) == ["1", "−2.5", "0", "30"]
    assert re.findall(r'<path class="(.*?)"', cells) == ["cg-pos cg-3", "cg-pos cg-5", "cg-neg cg-4"]
    assert re.findall(r"<text[^>]*>(.*?)</text>", re.search(r'<g data-cells="0.grad".*?</g>', svg)[0]) == ["1"] * 4


@pytest.mark.parametrize("x", [-0.0123456, -1.23456e-5, 123456.0, -1.5e300, math.inf, -math.inf, math.nan])
def test_a_number_is_no_wider_than_its_cell(x):
    cells = grid(np.array([x]))
    (text,) = encode(np.array([x]), cells)[1]
    assert len(text) <= 7


@pytest.mark.parametrize("shape", [(1,), (5,), (3, 4), (6,), (1000,), (40, 3), (3, 40), (2, 3, 4), (300, 200), (1, 1)])
def test_a_grid_is_small_and_every_cell_has_a_state(shape):
    array = np.linspace(-3, 3, math.prod(shape)).reshape(shape)
    cells = grid(array)
    codes, texts = encode(array, cells)
    assert len(codes) == cells.rows * cells.columns
    assert cells.width <= 260 and cells.height <= 68
    assert len(texts) == (array.size if cells.written else 0)
    assert sorted(k for _, there in squares(cells, codes) for k in there) == [
        k for k, c in enumerate(codes) if c != "0"
    ]


@pytest.mark.parametrize("x", [np.zeros((0, 3)), np.float64(2), 3.0, None])
def test_what_has_no_cells_has_no_grid(x):
    assert grid(x) is None


@pytest.mark.parametrize("spike", [-50.0, 50.0, math.nan])
def test_no_number_is_lost_in_a_heat_map(spike):
    array = np.full((100, 90), 0.1)
    array[57, 61] = spike
    kept = describe_array(array)  # what a record keeps of so large an array
    assert (len(kept.coarse) == math.prod(COARSE) and kept.coarse == take_strongest(array)) or math.isnan(spike)
    codes, _ = encode(kept, grid(kept))
    strange = [code for code in codes if code != "2"]
    assert strange == [{-50.0: "e", 50.0: "5"}.get(spike, "n")]


@pytest.mark.parametrize("kind", [bool, np.int8, np.uint16, np.float32, complex])
def test_arrays_of_any_kind_are_read_or_left_by_their_shape(kind):
    array = np.ones((80, 80)).astype(kind)
    kept = describe_array(array)
    assert (grid(kept) is None) == (kind is complex)
    if kind is not complex:
        assert set(encode(kept, grid(kept))[0]) == {"3"}


def test_a_gradient_that_is_missing_or_stale_has_no_cells():
    a = Tensor([1.0, 2.0], label="a")
    root = (a * 3).sum()
    found = slots(summarize(trace(root)))
    assert found["0.data.cells"].style == "34" and found["0.grad.cells"] == ("", "", "")
    root.backward()
    assert slots(summarize(trace(root)))["0.grad.cells"].text == "3\t3"
    a.data = [5.0, 6.0]
    assert slots(summarize(trace(root)))["0.grad.cells"].style == ""


def test_a_picture_with_arrays_is_painted_too():
    assert picture([[1.0, math.nan]]).png(1.0)[:4] == b"\x89PNG"
    assert picture(np.ones((70, 70))).png(1.0)[:4] == b"\x89PNG"
