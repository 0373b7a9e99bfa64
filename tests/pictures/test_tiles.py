"""Heat maps and bars: their numbers, tints and words; names and numbers that do not fit together are refused."""

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from cgviz.pictures import BarChart, HeatMap
from cgviz.pictures.tiles import MOST, TileError, round_up

SVG = "{http://www.w3.org/2000/svg}"


def tiles(picture):
    return ElementTree.fromstring(picture.svg).findall(f"{SVG}g")


def title(tile):
    return tile.find(f"{SVG}title").text


def shape(tile):
    """The last of a tile's rectangles: that of its number."""
    return tile.findall(f"{SVG}path")[-1]


def height(tile):
    return float(re.search(r"v([\d.]+)", shape(tile).get("d"))[1])


@pytest.mark.parametrize(
    "picture",
    [
        HeatMap([[1.0, -2.0], [0.0, 0.5]], "ab", "cd", name="W"),
        HeatMap([[0.5] * 27] * 27, columns="." + "abcdefghijklmnopqrstuvwxyz"),
        HeatMap([[None, math.nan, math.inf]]),
        BarChart([0.5, 0.25, 0.25], "abc", largest=1),
        BarChart([-1.0, None, math.nan, 1e300]),
    ],
    ids=["small", "letters", "strange", "bars", "strange bars"],
)
def test_a_picture_is_svg_that_fits_a_cell_and_says_each_number(picture):
    root = ElementTree.fromstring(picture.svg)
    assert float(root.get("width")) <= 948
    assert root.get("aria-label") == picture.said
    found = tiles(picture)
    assert len(found) == len(picture.tiles)
    assert [title(tile) for tile in found] == [tile.words for tile in picture.tiles]
    assert "nan" not in picture.svg and "inf" not in picture.svg
    assert f'<img alt="{picture.said[:8]}' in picture.html


def test_the_tint_says_the_size_and_the_sign():
    drawn = {tile.get("data-tile"): shape(tile) for tile in tiles(HeatMap([[1.0, 2.0, -4.0, 0.0]], largest=4))}
    tint = [float(drawn[k].get("fill-opacity")) for k in "012"]
    assert tint == [0.145, 0.29, 0.58]
    assert [drawn[k].get("class") for k in "0123"] == ["cgt-plus", "cgt-plus", "cgt-minus", "cgt-frame"]


def test_a_number_stands_in_its_tile_where_it_fits():
    written = [text.text for tile in tiles(HeatMap([[0.123456, 2.0]])) for text in tile.findall(f"{SVG}text")]
    assert written == ["0.123", "2"]
    assert not [text for tile in tiles(HeatMap([[0.5] * 27])) for text in tile.findall(f"{SVG}text")]


def test_a_large_picture_is_short_for_it_stands_in_notebooks():
    """A notebook holds a picture as base64, so each letter counts four thirds."""
    numbers = [[(-1.1) ** (i + j) / 3 for j in range(27)] for i in range(27)]
    assert len(HeatMap(numbers).svg) < 140 * 27 * 27


def test_names_are_escaped_and_cut_and_said_in_full():
    name = "<script>alert(1)</script> & more"
    picture = HeatMap([[1.0]], [name], ['"'], name="<b>")
    assert "<script>" not in picture.svg and "<b>" not in picture.svg
    assert title(tiles(picture)[0]) == f'row {name}, column ": 1'
    assert "<script>" not in BarChart([1.0], [name]).svg


def test_the_bars_are_as_long_as_their_numbers():
    heights = [height(tile) for tile in tiles(BarChart([0.5, 0.25, 1.0], largest=1))]
    assert heights[0] == pytest.approx(2 * heights[1]) == pytest.approx(heights[2] / 2)


def test_not_computed_is_no_number():
    picture = HeatMap([[None, 0.0]])
    assert picture.tiles[0].words.endswith("not computed yet") and picture.tiles[1].words.endswith(": 0")
    assert "no numbers yet" in HeatMap([[None]]).said
    assert [shape(tile).get("class") for tile in tiles(picture)] == ["cgt-frame cgt-none", "cgt-frame"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: HeatMap([]), "at least one row"),
        (lambda: HeatMap([[]]), "at least one row"),
        (lambda: HeatMap([[1.0], [1.0, 2.0]]), "row 1 has 1 nodes, row 2 has 2"),
        (lambda: HeatMap([[1.0] * (MOST + 1)]), "at most 64 rows and 64 columns, this one has 1 and 65"),
        (lambda: HeatMap([[1.0]], rows="ab"), "there is 1 row, and 2 names"),
        (lambda: HeatMap([[1.0, 2.0]], columns="a"), "there are 2 columns, and 1 names"),
        (lambda: HeatMap([[1.0]], largest=0), "a number above 0, got 0"),
        (lambda: BarChart([]), "1 to 64 numbers, got 0"),
        (lambda: BarChart([1.0], "ab"), "there is 1 bar, and 2 names"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(make, said):
    with pytest.raises(TileError, match=re.escape(said)):
        make()


def test_the_end_of_a_scale_is_round_and_none_exceeds_it():
    for x in (1e-300, 0.0031, 0.5, 1, 1.0000001, 4.2, 99.9, 5e300):
        assert x <= round_up(x) <= 2.6 * x
    assert round_up(math.inf) == round_up(math.nan) == round_up(0) == 1
