"""A page of its own follows what is typed as the notebook does: ranges that widen and come back, refusals."""

import ipywidgets
import pytest

from cgviz.live.controls.control import Control

TYPED = ["9", "-7.35", "2,54", "6.01", "1e3", "-0.1234567", "1e-7", "1e307", "-123456"]
SLIDERS = {
    "a number": lambda: 2,
    "a range": lambda: (0, 1),
    "a step": lambda: (0.25, 2, 0.25),
    "a fine step": lambda: (0, 1e-3, 1e-5),
    "whole numbers": lambda: ipywidgets.IntSlider(2, min=0, max=5, step=2),
    "no step": lambda: ipywidgets.FloatSlider(1, min=-1, max=1, step=0),
    "powers": lambda: ipywidgets.FloatLogSlider(10, min=-2, max=3, step=0.25),
    "powers of 2": lambda: ipywidgets.FloatLogSlider(8, base=2, min=0, max=5, step=1),
}


def shown(page):
    ends = page.locator("input[type=range]").evaluate("range => [+range.min, +range.max]")
    ends.append(page.evaluate("() => cgviz.inputs.rows[0].slider.get('value')"))
    return [*ends, page.get_by_label("type a number for a").input_value()]


def expected(control):
    slider = control.slider
    return [slider.min, slider.max, slider.value, control.box.value]


@pytest.mark.parametrize("kind", SLIDERS)
def test_what_is_typed_beyond_the_range_widens_it_as_in_the_notebook(explored, kind):
    page = explored("a*2 + 1", "Step", a=SLIDERS[kind]())
    said = []
    control = Control("a", SLIDERS[kind](), said=said.append)
    field = page.get_by_label("type a number for a")
    first = shown(page)
    for text in TYPED:
        said.clear()
        field.fill(text)
        field.press("Enter")
        control.box.value = text
        (*ours, written), (*theirs, box) = shown(page), expected(control)
        assert (ours, written) == (pytest.approx(theirs, rel=1e-9, abs=1e-5 * (kind == "no step")), box), text
        assert page.locator(".cg-message").text_content() == "".join(said), text
    assert shown(page)[:2] != first[:2]
    page.get_by_role("button", name="reset").click()
    assert shown(page) == first


@pytest.mark.parametrize("text", ["", "abc", "1/2", "-1 / 3", "1/0", "nan", "1e400", "1,000.5", "x" * 99])
def test_what_is_no_number_is_refused_in_the_words_of_the_notebook(explored, text):
    page = explored("a*2", "Step", a=3)
    said = []
    control = Control("a", 3, said=said.append)
    field = page.get_by_label("type a number for a")
    field.fill(text or " ")
    field.press("Enter")
    control.box.value = text or " "
    assert [page.locator(".cg-message").text_content()] == said
    assert field.input_value() == "3"
    field.fill("4")
    field.press("Enter")
    assert page.locator(".cg-message").text_content() == ""
    assert page.locator("[data-slot='0.data']").first.text_content() == "4"


TYPED_AFTER_A_MOVE = """() => {
    const [row] = cgviz.inputs.rows;
    row.ahead = true; // the kernel has not confirmed the move yet
    Object.getPrototypeOf(Object.getPrototypeOf(cgviz)).enter.call(cgviz, row, '7.5');
    return row.box.get('value');
}"""


def test_what_is_typed_where_a_kernel_has_not_confirmed_the_last_move_is_not_taken_back(explored):
    page = explored("a*b", "Slice", a=2, b=3)
    assert page.evaluate(TYPED_AFTER_A_MOVE) == "7.5"
