import re
from itertools import pairwise
from pathlib import Path

import pytest

import cgviz
from cgviz.pictures.palette import (
    BACKWARD,
    BLUE,
    FORWARD,
    HUES,
    ORANGE,
    SCOPE,
    SELECTED,
    STYLES,
    TINTS,
    WRONG,
    strength,
    style,
    style_sheet,
    variables,
)


def rgb(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def blend(over, under, opacity):
    return [opacity * a + (1 - opacity) * b for a, b in zip(over, under, strict=True)]


def luminance(colour):
    parts = [c / 255 for c in colour]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def distance(a, b):
    return sum(abs(x - y) for x, y in zip(rgb(a), rgb(b), strict=True))


MEANINGS = BLUE, ORANGE, FORWARD, BACKWARD, SELECTED, WRONG
# A page's ground and its ink: plain, and as JupyterLab has them in its two themes.
PAGES = {"white": ("#ffffff", "#1b1f24"), "lab": ("#ffffff", "#212121"), "dark": ("#111111", "#e0e0e0")}


ON_TINT = ["cg-slot", "cg-caption"]
ON_PAGE = ["cg-slot", "cg-caption", "cg-word", "cg-quiet", "cg-number-name", "cg-note", "cg-local"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("text", "tint"), [(t, tint) for t in ON_TINT for tint in (BLUE, ORANGE)])
def test_text_stands_out_from_every_tint(page, text, tint):
    ground, ink = map(rgb, PAGES[page])
    for opacity in TINTS:
        under = blend(rgb(tint), ground, opacity)
        assert contrast(blend(ink, under, style(f"cg-text {text}").get("fill-opacity", 1)), under) >= 4.5


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("text", ON_PAGE)
def test_text_stands_out_from_the_page_and_from_a_leafs_name(page, text):
    ground, ink = map(rgb, PAGES[page])
    for opacity in (0, STYLES["cg-tab-leaf"]["fill-opacity"]):
        under = blend(ink, ground, opacity)
        assert contrast(blend(ink, under, style(f"cg-text {text}").get("fill-opacity", 1)), under) >= 4.5


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("tint", [BLUE, ORANGE])
def test_tints_are_seen_on_a_projector_and_each_is_stronger_than_the_one_before(page, tint):
    ground = rgb(PAGES[page][0])
    seen = [contrast(blend(rgb(tint), ground, opacity), ground) for opacity in TINTS]
    assert seen[0] >= 1.18 and seen[-1] >= 1.9
    assert all(b / a >= 1.1 for a, b in pairwise(seen))
    assert contrast(rgb(tint), ground) >= 3  # the bar below the number


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("line", [FORWARD, BACKWARD, SELECTED, WRONG])
def test_lines_and_outlines_are_seen_and_none_has_the_colour_of_a_sign(page, line):
    assert contrast(rgb(line), rgb(PAGES[page][0])) >= 3
    for sign in (BLUE, ORANGE):
        assert distance(line, sign) > 90


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("hue", HUES)
def test_what_belongs_to_a_slider_is_seen_and_looks_like_nothing_that_has_a_meaning(page, hue):
    assert contrast(rgb(hue), rgb(PAGES[page][0])) >= 3
    assert min(distance(hue, other) for other in (*MEANINGS, *HUES) if other != hue) > 75


def test_the_colours_stand_in_the_palette_alone():
    root = Path(cgviz.__file__).parent
    for path in (*root.rglob("*.css"), *root.rglob("*.js"), *root.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.name != "palette.py":
            assert not [one for one in (*MEANINGS, *HUES) if one in text], path
    assert [one for one in (*MEANINGS, *HUES) if one not in variables()] == []


def test_every_hue_has_its_place_in_the_page():
    static = Path(cgviz.__file__).parent / "live" / "static"
    assert f"const HUES = {len(HUES)};" in (static / "input_rows.js").read_text(encoding="utf-8")
    sheet = (static / "view.css").read_text(encoding="utf-8")
    assert re.findall(r"--cg-hue: var\(--cg-hue-(\d)\)", sheet) == [str(k) for k in range(len(HUES))]


def test_strength_does_not_fall_as_numbers_grow():
    sizes = [0.0, 1e-300, 0.04, 0.05, 0.49, 0.5, 1.0, 2.0, 9.9, 10.0, float("inf")]
    found = [strength(x) for x in sizes]
    assert found == sorted(found) and found[0] == 0 and found[-1] == len(TINTS)
    assert found == [strength(-x) for x in sizes]


def test_every_rule_is_limited_to_pictures_of_this_style():
    for line in style_sheet().splitlines():
        assert line.startswith((f".{SCOPE}", f"svg.{SCOPE}"))


def test_the_later_style_wins():
    assert style("cg-box cg-box-root")["stroke-width"] == STYLES["cg-box-root"]["stroke-width"]
    assert style("cg-data cg-word cg-slot")["font-style"] == "italic"
