"""Compact pictures: so many digits, and boxes no wider than those need."""

import re

import pytest

from cgviz import Value, draw, explore
from cgviz.pictures.layout.sizes import text_width
from cgviz.pictures.node_words import letters, short

EXTREME = [0.0, 1.0, -1.0, 2 / 3, -123456.789, 1.23456e-5, -9.87654e-300, 1.7e308, -0.000123456, float("inf"), -2e-9]


def graph(x=2.0, y=-3.0):
    root = Value(x, "a") * Value(y, "b") + 0.123456
    root.backward()
    return root


@pytest.mark.parametrize("digits", range(1, 17))
@pytest.mark.parametrize("x", EXTREME)
def test_no_number_has_more_letters_than_there_is_room_for(digits, x):
    assert len(short(x, digits)) <= max(7, letters(digits))


def test_a_still_picture_is_as_wide_as_its_numbers_need():
    wide, compact, longer = draw(graph()).scene.width, draw(graph(), digits=2).scene.width, draw(graph(-2e9), digits=2)
    assert compact < 0.75 * wide
    assert longer.scene.width > compact
    assert ">0.12</text>" in draw(graph(), digits=2).svg


@pytest.mark.parametrize("rankdir", ["LR", "TB", "RL", "BT"])
@pytest.mark.parametrize("x", [2.0, -1.2345e-200, 12345.678])
def test_numbers_stay_within_their_boxes(rankdir, x):
    for svg in (draw(graph(x), rankdir=rankdir, digits=3).svg, explore(graph(x), rankdir=rankdir, digits=3).view.svg):
        for fill, text in re.findall(
            r'data-fill="[^"]+" class[^>]*? width="([\d.]+)".*?data-slot="[^>]*>([^<]*)<', svg
        ):
            assert text_width(text, 13) <= float(fill)


def test_a_live_picture_stands_still_whatever_its_numbers_become():
    explorer = explore("a*b", a=2, b=-3, digits=2)
    before = explorer.view.svg
    explorer.inputs.update(a=-1.23456e-5, b=98765.4321)
    assert explorer.view.svg == before
    assert explorer.view.graph["nodes"][0]["digits"] == 2


@pytest.mark.parametrize("digits", [0, -1, 17, True, 2.0, "2"])
def test_other_numbers_of_digits_are_refused_in_one_sentence(digits):
    for make in (lambda: draw(graph(), digits=digits), lambda: explore("a*b", a=1, b=2, digits=digits)):
        with pytest.raises(ValueError, match="^digits is a whole number from 1 to 16, or None"):
            make()
