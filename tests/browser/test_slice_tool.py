"""Slice in the live view: L along one input, and the tangent whose slope is the gradient."""

import re

import pytest

from cgviz import Value
from cgviz.live.document import to_html
from cgviz.live.view import GraphView
from cgviz.run.expression import parse
from cgviz.text import number, typeset


@pytest.fixture
def opened(explored):
    return lambda subject, **numbers: explored(subject, "Slice", **numbers)


def points(page, name):
    d = page.locator(f".cg-plot .{name}").get_attribute("d")
    return [(float(x), float(y), letter == "M") for letter, x, y in re.findall(r"([ML])(\S+) ([^ML\s]+)", d)]


def result(text, **numbers):
    root = parse(text)(**{name: Value(float(x), name) for name, x in numbers.items()})
    return root.data


def test_the_curve_is_what_python_computes(opened):
    text, numbers = "tanh(a*b) + a*a", {"a": 0.5, "b": 1.5}
    page = opened(text, **numbers)
    low, high = page.evaluate("['min', 'max'].map(key => cgviz.inputs.rows[0].slider.get(key))")
    drawn = points(page, "cg-curve")
    assert len(drawn) == 81
    xs = [low + (high - low) * k / 80 for k in range(81)]
    ys = [result(text, a=x, b=1.5) for x in xs]
    top, bottom = max(ys), min(ys)
    heights = [y for _, y, _ in drawn]
    for y, height in zip(ys, heights, strict=True):  # pixels are linear in L
        share = (height - min(heights)) / (max(heights) - min(heights))
        assert abs(share - (top - y) / (top - bottom)) < 2e-3


def test_the_tangent_has_the_slope_of_the_gradient_and_follows_the_slider(opened):
    page = opened("a*a*b", a=2, b=3)
    for a in (2, 3.5, -1):
        page.evaluate("a => cgviz.inputs.set({ a })", a)
        assert page.locator("strong.cg-slope").inner_text() == typeset(f"slope = ∂L/∂a = {number(2.0 * a * 3)}")
        at = points(page, "cg-curve")
        k = min(range(1, 80), key=lambda k: abs(at[k][0] - float(page.locator(".cg-now").get_attribute("cx"))))
        chord = (at[k + 1][1] - at[k - 1][1]) / (at[k + 1][0] - at[k - 1][0])
        (x0, y0, _), (x1, y1, _) = [p for p in points(page, "cg-tangent") if abs(p[0] - at[k][0]) < 30][:2]
        assert abs((y1 - y0) / (x1 - x0) - chord) < 0.1 + 0.03 * abs(chord)


def test_it_goes_along_what_moved_last_unless_one_is_chosen(opened):
    page = opened("a*b", a=2, b=3)
    page.evaluate("cgviz.inputs.set({ b: 4 })")
    assert "∂L/∂b = 2" in page.locator("strong.cg-slope").inner_text()
    page.get_by_label("along").select_option("a")
    page.evaluate("cgviz.inputs.set({ b: 5 })")
    assert "∂L/∂a = 5" in page.locator("strong.cg-slope").inner_text()


def test_there_is_a_gap_where_the_result_has_no_value(opened):
    page = opened("log(a) + b", a=2, b=1)
    drawn = points(page, "cg-curve")
    assert 0 < len(drawn) < 81 and sum(start for *_, start in drawn) == 1
    assert "no value where the curve is missing" in page.locator(".cg-panel").inner_text()
    page = opened("1/a", a=2)
    drawn = points(page, "cg-curve")
    assert sum(start for *_, start in drawn) == 2  # two branches


def test_it_has_a_text_and_a_move_runs_the_graph_once_for_each_point_and_makes_nothing_anew(opened):
    page = opened("(a*b + c)*d", a=2, b=-3, c=10, d=-2)
    assert "slope = ∂L/∂a = 6" in page.locator(".cg-plot desc").text_content()
    runs, made = page.evaluate(
        """() => {
            const [evaluate, before] = [cgviz.evaluate, [...document.querySelectorAll('*')]];
            let runs = 0;
            cgviz.evaluate = (...numbers) => { runs++; return evaluate.apply(cgviz, numbers); };
            for (let k = 0; k < 10; k++) cgviz.tool.update(cgviz);
            cgviz.evaluate = evaluate;
            return [runs / 10, [...document.querySelectorAll('*')].filter((e) => !before.includes(e)).length];
        }"""
    )
    assert (runs, made) == (81 + 1, 0)  # the points of the curve, and where it stands


def test_a_graph_without_sliders_is_sliced_along_a_leaf(browser):
    root = Value(2.0, "a") * Value(3.0, "b")
    root.backward()
    page = browser.new_page()
    page.set_content(to_html(GraphView(root), {}, "no sliders"))
    page.get_by_role("button", name="Slice", exact=True).click()
    page.get_by_label("along").select_option("b")
    assert page.locator("strong.cg-slope").inner_text().endswith("= 2")
    drawn = points(page, "cg-curve")
    assert len(drawn) == 81 and drawn[0][1] > drawn[-1][1]
    page.close()


def test_the_point_is_dragged_along_the_curve(opened):
    page = opened("a**2 - 10*a + 28", a=2)
    box = page.locator(".cg-plot").bounding_box()
    low, high = page.evaluate("['min', 'max'].map(key => cgviz.inputs.rows[0].slider.get(key))")
    seen = []
    for share in (0.3, 0.6, 0.9):
        across = box["x"] + box["width"] * share
        page.mouse.move(across, box["y"] + box["height"] / 2)
        page.mouse.down()
        a = page.evaluate("cgviz.inputs.numbers.a")
        assert abs(float(page.locator(".cg-now").bounding_box()["x"]) + 5 - across) < 12
        assert (
            f"slope = {typeset('∂L/∂a')} = {typeset(number(2 * a - 10))}"
            in page.locator("strong.cg-slope").inner_text()
        )
        seen.append(a)
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
    assert page.evaluate("cgviz.inputs.numbers.a") == seen[-1]  # nothing is held any more
    assert low <= seen[0] < seen[1] < seen[2] <= high


def test_a_secant_becomes_the_tangent(opened):
    page = opened("a**2 - 10*a + 28", a=6)
    assert page.locator(".cg-secant").get_attribute("d") in (None, "")
    page.get_by_role("button", name="secant").click()
    said = page.locator("output.cg-slope")
    sizes = []
    for share in ("1", "0.5", "0.01", "0"):
        page.get_by_label("h, the distance of the second point").fill(share)
        found = re.findall(r"[-−]?[\d.]+", said.inner_text().replace("−", "-"))
        if share == "0":
            assert "no fraction is left" in said.inner_text() and page.locator(".cg-second").get_attribute("r") == "0"
            break
        h, slope = map(float, found)
        assert abs(slope - (2 + h)) < 2e-3 * slope  # 2a - 10 + h
        sizes.append(h)
    assert sizes == sorted(sizes, reverse=True)
