import micrograd.engine as micrograd
import pytest
from tooling import move, opened, shown, slot

from cgviz import explore, steps
from cgviz.text import typeset

GRAPHS = {
    "labelled": ("e = a*b; f = e + c; L = f*d", {"a": 2, "b": -3, "c": 10, "d": -2}),
    "unlabelled": ("(a*b + c)*d", {"a": 2, "b": -3.25, "c": 10, "d": -2}),
    "a power": ("(a - 3)**2 / b**-0.5", {"a": -1.5, "b": 4}),
    "twice in one operation": ("a*a", {"a": -3}),
    "used often": ("e = a*b; L = e*e + e*a - e", {"a": 0.1, "b": -7}),
    "constants": ("2*a + 3 - 1/a + 1e-9", {"a": -4}),
    "functions": ("tanh(a*b) + exp(-a) * relu(b) + max(a, b)", {"a": 0.5, "b": -1}),
    "numbers that nearly cancel": ("e = a - 100000; L = e*b + a*b - c", {"a": 100001, "b": 1 / 3, "c": 1e17}),
    "numbers of many digits": ("L = a*b*b + a*a*1.00042 + tanh(a)*b", {"a": 1.00042, "b": 9.00441}),
    "a leaf alone": ("a", {"a": 5}),
    "slopes that are conventions": ("e = a**b; L = e*c + a**0", {"a": 0, "b": 2, "c": 3}),
}


def sentences(page):
    """What the panel says at each step, from the first to the last."""
    count = page.locator(".cg-count")
    page.keyboard.press("Home")
    total = int(count.text_content().split(":")[0].split(" of ")[1])
    found = []
    for i in range(1, total + 1):
        page.keyboard.press("ArrowRight")
        assert count.text_content().startswith(f"Step {i} of {total}: ")
        found.append(page.locator(".cg-sentence .cg-plain").text_content())
    return found


@pytest.mark.parametrize(("text", "numbers"), GRAPHS.values(), ids=GRAPHS)
def test_the_page_says_the_steps_that_python_says(browser, text, numbers):
    explorer = explore(text, **numbers)
    page = opened(browser, explorer.to_html(), "Step")
    assert sentences(page) == [typeset(step.text) for step in steps(explorer.root)]
    assert page.wrong == []
    page.close()


def test_a_class_of_ones_own_is_stepped_through_by_the_chain_rule(browser):
    a, b = micrograd.Value(2.0), micrograd.Value(-3.0)
    root = (a * b + a).relu() - b**2
    page = opened(browser, shown(root), "Step")
    assert sentences(page) == [typeset(step.text) for step in steps(root)]
    page.close()


def test_what_is_not_reached_is_not_shown(browser):
    explorer = explore("e = a*b; L = e + a", a=2, b=-3)
    page = opened(browser, explorer.to_html(), "Step")
    values, gradients = [[slot(page, f"{i}.{kind}") for i in range(4)] for kind in ("data", "grad")]
    assert values == ["2", "−3", "not yet", "not yet"] and set(gradients) == {"not yet"}
    for step in steps(explorer.root):
        page.keyboard.press("ArrowRight")
        if step.kind == "forward":
            assert slot(page, f"{step.node}.data") == typeset(f"{step.result:g}")
        else:
            assert slot(page, f"{step.node}.grad") == typeset(f"{step.after:g}") + ("" if step.complete else " + …")
    page.keyboard.press("ArrowLeft")
    assert slot(page, "1.grad") == "not yet"
    page.close()


def test_the_edge_of_the_step_is_lit_and_its_numbers_are_said(browser):
    explorer = explore("e = a*b; L = e + a", a=2, b=-3)
    page = opened(browser, explorer.to_html(), "Step")
    every = steps(explorer.root)
    for step in every:
        page.keyboard.press("ArrowRight")
        lit = {e.get_attribute("data-edge") for e in page.locator(".cg-edge.cg-lit").all()}
        if step.kind == "backward":
            assert lit == {f"{step.node}-{step.user}-{step.position}"}
    page.wait_for_function(f"() => document.querySelector('.cg-said').textContent.startsWith('Step {len(every)} of ')")
    partly = page.locator("[data-node='0']").first
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    assert partly.get_attribute("aria-label") == "leaf a: value 2, gradient 1 so far"
    page.close()


def test_a_slider_moved_in_between_keeps_the_place(browser):
    explorer = explore("e = a*b; L = e*a", a=2, b=-3)
    page = opened(browser, explorer.to_html(), "Step")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    move(page, "a", 4)
    explorer.inputs["a"] = 4
    assert page.locator(".cg-count").text_content().startswith("Step 5 of 7: ")
    assert page.locator(".cg-sentence .cg-plain").text_content() == typeset(steps(explorer.root)[4].text)
    page.close()


def test_playing_ends_at_the_end_and_when_the_tool_closes(browser):
    page = browser.new_page()
    page.clock.install()
    page.set_content(explore("e = a*b; L = e + a", a=2, b=-3).to_html())
    page.get_by_role("button", name="Step", exact=True).click()
    count = page.locator(".cg-count")
    page.keyboard.press("Space")
    assert page.get_by_role("button", name="pause").count() == 1
    page.clock.run_for(2500)
    assert count.text_content().startswith("Step 2 of 7")
    page.keyboard.press("Space")
    page.clock.run_for(60_000)
    assert count.text_content().startswith("Step 2 of 7")
    page.get_by_label("speed").select_option("fast")
    page.get_by_role("button", name="play").click()
    page.clock.run_for(60_000)
    assert count.text_content().startswith("Step 7 of 7")
    assert page.get_by_role("button", name="play").count() == 1
    # After the end it plays from the start again; closing it leaves no timer that would touch the view.
    page.get_by_role("button", name="play").click()
    page.evaluate("() => { cgviz.toolbar.open(cgviz.tool); globalThis.drawn = 0; cgviz.refresh = () => drawn++; }")
    page.clock.run_for(60_000)
    assert page.evaluate("() => drawn") == 0
    page.close()


def test_space_presses_a_button_that_has_the_focus(browser):
    page = opened(browser, explore("a*b", a=2, b=-3).to_html(), "Step")
    page.get_by_role("button", name="step →").focus()
    page.keyboard.press("Space")
    assert page.locator(".cg-count").text_content().startswith("Step 1 of 4")
    page.keyboard.press("End")
    assert page.locator(".cg-count").text_content().startswith("Step 4 of 4")
    page.close()


def test_a_graph_that_the_page_cannot_follow_gets_a_sentence(browser):
    root = micrograd.Value(2.0, (micrograd.Value(1.0), micrograd.Value(3.0)), "mystery")
    page = opened(browser, shown(root), "Step")
    assert "no derivative is known for 'mystery'" in page.locator(".cg-panel").text_content()
    assert not page.locator(".cg-sentence").is_visible()
    page.keyboard.press("End")
    page.keyboard.press("Space")
    assert page.wrong == []
    page.close()
