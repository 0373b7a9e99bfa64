"""A view opens ready, in a page of its own and in JupyterLab: nothing that is hidden is seen, and no focus is taken."""

from __future__ import annotations

import pytest
from tooling import move, slot, watch

from cgviz import compare, explore

TEXT, NUMBERS = "e = a*b; L = (e + c)*e", {"a": 2, "b": -3, "c": 10}
SEEN = """() => {
    const note = slot => seen.add(slot.dataset.slot + " " + slot.textContent);
    const changed = new MutationObserver(() => document.querySelectorAll("[data-slot]").forEach(note));
    window.seen = new Set();
    changed.observe(document, {childList: true, subtree: true, characterData: true});
}"""
HELD = "document.activeElement.tagName"


@pytest.fixture
def page(browser, tmp_path):
    """Opens a page of its own for an explorer with these options; nothing in it may go wrong."""
    pages, wrong = [], []

    def opened(found=None, /, **options):
        text = (found or explore(TEXT, **options, **NUMBERS)).to_html()
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        pages.append(page)
        page.set_default_timeout(10_000)
        watch(page, wrong.append)
        page.add_init_script(f"({SEEN})()")
        page.goto((tmp_path / "page.html").as_uri())
        page.get_by_role("button", name="Step", exact=True).first.wait_for()
        return page

    yield opened
    for each in pages:
        each.close()
    assert not wrong


def pressed(page):
    return page.locator(".cg-choices [aria-pressed=true]").all_text_contents()


@pytest.mark.parametrize(
    ("tool", "at", "found"),
    [
        ("step", "e", "Step 7 of 10: backward"),
        ("explain", "e", "e = a · b = 2 · (−3) = −6"),
        ("predict", "b", "What is ∂L/∂b?"),
        ("check", "c", "h is good for c"),
        ("slice", "b", "slope = ∂L/∂b = −4"),
        ("break", "b", "Choose a mistake"),
        ("what if", "b", "Keep this setting"),
        ("save", "b", "copy TeX"),
    ],
)
def test_each_tool_opens_at_its_node_and_takes_no_focus(page, tool, at, found):
    opened = page(tool=tool, at=at)
    assert [name.lower() for name in pressed(opened)] == [tool if tool != "break" else "break it"]
    assert found in opened.locator(".cg-panel").text_content()
    assert opened.evaluate(HELD) == "BODY"
    opened.keyboard.press("Tab")  # and the panel can be used
    opened.locator(".cg-panel :is(button, input, select)").first.focus()
    assert opened.evaluate(HELD) in ("BUTTON", "INPUT", "SELECT")


@pytest.mark.parametrize("tool", [None, "predict", "step", "explain"])
def test_a_hidden_gradient_is_never_seen_nor_heard_however_short(page, tool):
    opened = page(hide="gradients", tool=tool)
    seen = set(opened.evaluate("[...seen]"))
    secret = {f"{i}.grad" for i in range(5)}
    assert {text.split(" ", 1)[1] for text in seen if text.split()[0] in secret} <= {"?", ""}
    labels = opened.locator("[data-node]").evaluate_all("nodes => nodes.map(node => node.getAttribute('aria-label'))")
    assert sum("gradient hidden" in label for label in labels) == 5
    titles = opened.locator("[data-title$='.grad']").all_text_contents()
    assert sum(title.endswith(": hidden") for title in titles) == 5


def test_a_click_or_the_enter_key_shows_a_number_and_hides_it_again(page):
    opened = page(hide="gradients")
    opened.locator("[data-slot='0.data']").click()
    assert (slot(opened, "0.grad"), slot(opened, "1.grad")) == ("6", "?")
    opened.locator("[data-node='1']").focus()
    opened.keyboard.press("Enter")
    assert slot(opened, "1.grad") == "−4"
    opened.keyboard.press("Enter")
    assert slot(opened, "1.grad") == "?"
    move(opened, "a", 4)
    assert (slot(opened, "0.grad"), slot(opened, "1.grad")) == ("42", "?")
    opened.get_by_role("button", name="show all").click()
    assert slot(opened, "1.grad") == "−56"
    opened.get_by_role("button", name="hide again").click()
    assert (slot(opened, "0.grad"), slot(opened, "5.grad")) == ("?", "1")


def test_with_a_tool_that_asks_for_clicks_a_click_is_for_the_tool(page):
    opened = page(hide="values", tool="explain")
    opened.locator("[data-slot='3.grad']").click()
    assert slot(opened, "3.data") == "?"
    assert opened.get_by_label("node to explain").input_value() == "3"
    hidden = opened.get_by_role("group", name="what is hidden").locator("span")
    assert hidden.text_content() == "The values are hidden."
    opened.get_by_role("button", name="Explain", exact=True).click()
    assert hidden.text_content() == "The values are hidden: a click on a box shows its own."


def test_one_hidden_number_is_that_of_its_node_alone(page):
    opened = page(hide="value", at="e")
    assert [slot(opened, f"{i}.data") for i in range(6)].count("?") == 1
    opened.get_by_role("button", name="show it").click()
    assert "?" not in [slot(opened, f"{i}.data") for i in range(6)]


@pytest.mark.parametrize(
    ("hide", "at", "asked"),
    [("values", None, "What is e?"), ("gradient", "c", "What is ∂L/∂c?"), ("value", "e", "What is e?")],
)
def test_predict_asks_for_what_is_hidden(page, hide, at, asked):
    opened = page(tool="predict", hide=hide, at=at)
    assert opened.locator(".cg-asks").text_content() == asked
    assert opened.get_by_role("group", name="what is hidden").count() == 0


def test_the_picture_begins_with_the_size_and_the_node_that_were_asked_for(page):
    opened = page(zoom=3, at="a")
    frame, node = (opened.locator(each).bounding_box() for each in (".cg-frame", "[data-node='0']"))
    assert node["x"] >= frame["x"] and node["x"] + node["width"] <= frame["x"] + frame["width"]
    drawn = opened.evaluate("parseFloat(getComputedStyle(document.querySelector('.cg-frame')).fontSize) * 3 / 14")
    width = float(opened.locator("svg.cg-svg").get_attribute("width"))
    assert opened.locator("svg.cg-svg").bounding_box()["width"] == pytest.approx(drawn * width, rel=0.02)


def test_a_locked_input_cannot_be_moved(page):
    opened = page(lock=["b"])
    assert (
        opened.get_by_label("type a number for b").is_disabled() and opened.get_by_label("b", exact=True).is_disabled()
    )
    assert opened.get_by_label("type a number for a").is_enabled()


def test_views_side_by_side_answer_each_to_its_own_sliders(page):
    both = compare(explore("a*b", a=2, b=3), explore("a*b", a=-2, b=3, tool="explain"), titles=("left", "right"))
    opened = page(both)
    one, other = opened.locator(".cg-column").all()
    left, right = one.bounding_box(), other.bounding_box()
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"]
    field = other.get_by_label("type a number for a")
    field.fill("5")
    field.press("Enter")
    assert [each.locator("[data-slot='2.data']").text_content() for each in (one, other)] == ["6", "15"]
    assert [each.locator("[aria-pressed=true]").count() for each in (one, other)] == [0, 1]
    opened.set_viewport_size({"width": 500, "height": 800})
    assert one.bounding_box()["y"] < other.bounding_box()["y"]


def test_in_jupyterlab_a_cell_opens_ready_and_the_notebook_keeps_the_focus(run, window):
    page, _ = window
    options = 'tool="step", at="e", hide="gradients", lock="b", note={"e": "used twice"}'
    notebook = run("from cgviz import explore", f'explore("{TEXT}", a=2, b=-3, c=10, {options})', "'the next cell'")
    view = notebook.view()
    panel = page.locator(".cg-panel").first
    panel.get_by_text("Step 7 of 10").wait_for()
    assert page.locator(".cg-flag").first.get_attribute("aria-label") == "note on e: used twice"
    assert page.locator("[data-slot='0.grad']").first.text_content() == "?"
    assert not page.evaluate("document.activeElement.closest('.cg-view')")
    assert page.locator(".cg-inputs input:disabled, .cg-inputs button:disabled").count() >= 2
    assert view is not None


def test_in_jupyterlab_views_stand_side_by_side(run, window):
    page, _ = window
    run(
        "from cgviz import compare, explore",
        'compare(explore("a*b", a=2, b=3), explore("a*b", a=-2, b=3), titles=("left", "right"))',
    )
    page.locator(".cg-column [data-slot='2.data']").nth(1).wait_for()
    left, right = (page.locator(".cg-column").nth(k).bounding_box() for k in (0, 1))
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"] + 1
    assert page.locator(".cg-column [data-slot='2.data']").all_text_contents() == ["6", "−6"]


def test_paths_that_the_still_picture_lights_go_out_with_the_tool(page):
    opened = page(tool="explain", at="a")
    opened.locator(".cg-edge.cg-lit").first.wait_for()
    opened.get_by_role("button", name="Explain", exact=True).click()
    assert opened.locator(".cg-edge.cg-lit").count() == 0
    assert opened.locator("[class*='cg-lit-']").count() == 0


def test_eleven_inputs_of_two_views_side_by_side_are_seen_at_once_with_pictures_and_tools(page):
    numbers = {f"{letter}{i}": 0.5 for i in range(1, 6) for letter in "xw"} | {"b": 1}
    text = f"tanh({' + '.join(f'x{i}*w{i}' for i in range(1, 6))} + b)"
    opened = page(compare(explore(text, **numbers), explore(text, **numbers)))
    opened.set_viewport_size({"width": 1366, "height": 768})
    inside = """all => all.every(e =>
        e.getBoundingClientRect().bottom <= innerHeight && e.scrollHeight <= e.clientHeight + 1)"""
    assert opened.locator(".cg-sliders, .cg-tools").evaluate_all(inside)
    opened.locator(".cg-slider input[type=range]").first.fill("1")
    opened.locator(".cg-slider input[type=range]").first.dblclick()
    assert opened.evaluate("() => cgviz.inputs.numbers.x1") == 0.5
