"""Check in the live view: finite differences beside each gradient, against Python's own gradient check."""

import math

import pytest

from cgviz import gradcheck
from cgviz.text import number, typeset


@pytest.fixture
def opened(explored):
    return lambda subject, **numbers: explored(subject, "Check", **numbers)


def rows(page):
    lines = page.locator(".cg-table tbody tr").all()
    return {cells[0]: cells[1:] for cells in ([*line.locator("th, td").all_inner_texts()] for line in lines)}


def step(page, exponent):
    page.get_by_label("step h").fill(str(exponent))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("(a*b + c)*d", {"a": 2, "b": -3, "c": 10, "d": -2}),
        ("tanh(a*b)/c", {"a": 0.3, "b": -1.2, "c": 4}),
        ("relu(a) + b*b", {"a": 0, "b": 3}),
        ("exp(a)*sin(b)", {"a": 1.5, "b": 0.5}),
    ],
)
def test_the_rows_are_those_of_gradcheck(opened, text, numbers):
    page, report = opened(text, **numbers), gradcheck(text, **numbers)
    shown = rows(page)
    assert list(shown) == [row.name for row in report.rows]
    for row in report.rows:
        gradient, slope, words, _ = shown[row.name]
        assert gradient == typeset(number(row.analytic))
        assert ("kink" in words) == (row.seen.kind == "kink")
        assert "✗" not in words
        if row.seen.kind == "smooth":
            assert math.isclose(float(slope.replace("−", "-")), row.numeric, rel_tol=1e-3, abs_tol=1e-6)
            assert words == "✓ agrees"


def test_the_sentence_tells_too_large_from_too_small(opened):
    page = opened("exp(a)*b", a=1.5, b=2)
    said = page.locator(".cg-panel .cg-hint")
    for exponent, words in ((0, "too large"), (-5, "good"), (-13, "too small"), (-15, "too small")):
        step(page, exponent)
        assert words in said.inner_text()
    errors = [math.exp(1.5) * 2 * (math.sinh(10.0**k) / 10.0**k - 1) for k in (0, -1)]
    for exponent, error in zip((0, -1), errors, strict=True):  # the series of sinh, not the page's own difference
        step(page, exponent)
        assert math.isclose(float(rows(page)["a"][3]), error, rel_tol=1e-3)


def test_a_power_of_a_negative_number_leaves_the_sentence_about_h_sound(opened):
    page = opened("exp(a) + b**2", a=1.5, b=-2)  # ∂L/∂2 is not defined, and nobody asks for it
    for exponent, words in ((0, "too large"), (-5, "good"), (-13, "too small")):
        step(page, exponent)
        assert words in page.locator(".cg-panel .cg-hint").inner_text()


def test_a_step_across_the_edge_of_the_domain_is_said_not_raised(opened):
    page = opened("log(a)", a=0.5)
    step(page, 0)
    gradient, slope, words, difference = rows(page)["a"]
    assert (gradient, slope, difference) == ("2", "–", "–")
    assert "no L at −h" in words and "agrees" in words
    step(page, -5)
    assert rows(page)["a"][1] == "2"


def test_a_wrong_gradient_is_found(opened):
    page = opened("a*b + c", a=2, b=-3, c=1)
    page.evaluate("() => { cgviz.grad = [...cgviz.grad]; cgviz.grad[0] = 7; cgviz.refresh(); }")
    shown = rows(page)
    assert shown["a"][0] == "7" and shown["a"][2] == "✗ should be −3"
    assert all(shown[name][2] == "✓ agrees" for name in shown if name != "a")
    assert "the gradient itself is wrong" in page.locator(".cg-panel .cg-hint").inner_text()


def test_a_node_is_chosen_by_the_keyboard_and_the_panel_keeps_its_height(opened):
    page = opened("relu(a)*exp(b)", a=2, b=1)
    height = page.locator(".cg-panel").bounding_box()["height"]
    page.get_by_role("button", name="b", exact=True).press("Enter")
    assert page.locator(".cg-table tr[aria-current=true] th").inner_text() == "b"
    assert "error of b" in page.locator(".cg-plot").text_content()
    for exponent in (0, -3, -14):
        step(page, exponent)
        assert page.locator(".cg-panel").bounding_box()["height"] == height
