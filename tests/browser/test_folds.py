"""Folded groups in the page, and the tools on graphs of which the page has only a part."""

from tooling import shown, watch

from cgviz import Value
from cgviz.nn import MLP
from cgviz.text import number
from tests.toolbox import COMPUTING, TOOLS

NET = """from cgviz import explore
from cgviz.nn import MLP
net = MLP(2, [3, 2, 1], "tanh", seed=1)
explore(lambda x1, x2: net([x1, x2]), x1=0.5, x2=-1, fold="layer")"""


def names(view):
    return set(view.numbers())


def waits(page, view, name, there=True):
    end = 50
    while (name in names(view)) != there and end:
        page.wait_for_timeout(100)
        end -= 1
    assert (name in names(view)) == there


def test_a_click_unfolds_a_group_and_a_button_folds_it_again(lab, page):
    notebook = lab.open(page, lab.write(NET)).run_all()
    view = notebook.view()
    page.wait_for_function(f"() => document.querySelectorAll('.cg-choices button').length === {len(TOOLS)}")
    assert {"a¹", "a²", "a³"} <= names(view)
    view.place.get_by_role("button", name="a² = tanh layer").click()
    waits(page, view, "a²₁")
    view.place.get_by_role("button", name="a²₁ = tanh neuron").focus()
    page.keyboard.press("Enter")
    waits(page, view, "w²₁,₁")
    assert page.evaluate("document.activeElement.textContent") == "fold a²₁"
    page.keyboard.press("Enter")
    waits(page, view, "w²₁,₁", there=False)
    view.slider(0).focus()
    page.keyboard.press("ArrowRight")
    x1 = Value(0.55, "x1")
    MLP(2, [3, 2, 1], "tanh", seed=1)([x1, Value(-1.0, "x2")]).backward()
    view.becomes(**{"x₁": ("0.55", number(x1.grad))})
    view.place.get_by_role("button", name="fold a²", exact=True).click()
    waits(page, view, "a²")
    assert notebook.errors() == []


def test_with_a_tool_that_asks_a_click_on_the_operation_still_unfolds(lab, page):
    notebook = lab.open(page, lab.write(NET.replace("layer", "neuron"))).run_all()
    view = notebook.view()
    view.place.get_by_role("button", name="Explain").click()
    view.place.get_by_role("button", name="a²₁ = tanh neuron").click()
    assert "a²₁" in view.place.locator(".cg-panel").inner_text()
    page.wait_for_timeout(300)
    assert "w²₁,₁" not in names(view)
    view.place.locator(".cg-operator.cg-foldable").nth(3).click()
    waits(page, view, "w²₁,₁")
    assert notebook.errors() == []


def test_each_tool_says_why_it_cannot_work_on_a_part_of_a_graph(browser):
    x = y = Value(0.5, "x")
    for _ in range(800):
        y = y * 1.001 + x
    y.backward()
    page, wrong = browser.new_page(), []
    page.set_default_timeout(10_000)
    watch(page, wrong.append)
    page.set_content(shown(y))
    page.locator(".cg-choices button").first.wait_for()
    for button in page.locator(".cg-choices button").all():
        button.click(force=True)  # also where it is grey
        page.locator(".cg-node").last.click()
        if button.inner_text() in COMPUTING:
            assert page.locator(".cg-panel").inner_text() == "Not possible with this graph: it is too large."
    assert wrong == []
    page.close()


def test_each_tool_stays_whole_on_a_folded_graph(lab, page):
    notebook = lab.open(page, lab.write(NET)).run_all()
    view = notebook.view()
    page.wait_for_function(f"() => document.querySelectorAll('.cg-choices button').length === {len(TOOLS)}")
    wrong = []
    watch(page, wrong.append)
    for button in view.place.locator(".cg-choices button").all():
        button.click(force=True)  # also where it is grey
        view.place.locator(".cg-node").first.click()
        if button.inner_text() in COMPUTING:
            said = "Not possible with this graph: 'a¹' is folded; unfold it by a click on its box."
            assert view.place.locator(".cg-panel").inner_text() == said
    view.place.get_by_role("button", name="Explain").click(force=True)
    view.place.get_by_role("button", name="a¹ = tanh layer").click()  # no question is open: as the sentence says
    waits(page, view, "a¹₁")
    assert wrong == [] and notebook.errors() == []
