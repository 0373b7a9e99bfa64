"""What tools say of graphs that they cannot work on, and of a class that has other gradients than the chain rule."""

import micrograd.engine as micrograd
import pytest
from test_explain_tool import Forgetful
from tooling import opened, shown, slot

from cgviz import Tensor, Value, explore
from tests.toolbox import COMPUTING, TOOLS


def panel(browser, root, tool):
    page = opened(browser, shown(root), tool)
    said = page.locator(".cg-panel").inner_text()
    assert page.wrong == []
    page.close()
    return said


def wrong():
    """A product of a used twice, whose class keeps only the last contribution to a's gradient."""
    a, b = Forgetful(2.0), Forgetful(-3.0)
    root = a * b * a
    root.backward()
    return root


@pytest.mark.parametrize("tool", COMPUTING)
def test_a_very_large_graph_is_refused(browser, tool):
    x = y = Value(0.5, "x")
    for _ in range(1600):
        y = y + x
    assert panel(browser, y, tool) == "Not possible with this graph: it is too large."


@pytest.mark.parametrize("tool", TOOLS)
def test_a_graph_of_arrays_is_refused_by_the_tools_that_compute(browser, tool):
    root = (Tensor([1.0, 2.0], label="a") * 3).sum()
    root.backward()
    assert ("some nodes do not hold a single number" in panel(browser, root, tool)) == (tool in COMPUTING)


@pytest.mark.parametrize("tool", COMPUTING)
def test_stale_values_are_refused(browser, tool):
    a = Value(2.0, "a")
    root = a * 3
    root.backward()
    a.data = 5.0
    assert "some values are stale" in panel(browser, root, tool)


@pytest.mark.parametrize("tool", ["Check", "Slice"])
def test_an_operation_that_the_page_cannot_compute_is_named(browser, tool):
    root = micrograd.Value(2.0, (micrograd.Value(1.0), micrograd.Value(3.0)), "mystery")
    assert panel(browser, root, tool).endswith("the page does not know how to compute 'mystery'.")


@pytest.mark.parametrize("tool", ["Step", "Predict", "Break it"])
def test_it_is_said_when_the_gradients_are_not_those_of_the_class(browser, tool):
    said = "The gradients shown here are those of the chain rule; your class has others, at v0."
    assert said in panel(browser, wrong(), tool)
    right = Value(2.0, "a") * Value(-3.0, "b")
    right.backward()
    assert "chain rule" not in panel(browser, right, tool)
    a, b = micrograd.Value(2.0), micrograd.Value(3.0)
    assert "chain rule" in panel(browser, a * b, tool)  # no backward pass has run
    assert "a constant of 2 that its class has not recorded" in panel(browser, a * a, tool)  # its set keeps a once


def test_values_are_predicted_without_a_word_about_gradients(browser):
    page = opened(browser, shown(wrong()), "Predict")
    page.locator(".cg-panel select").select_option("data")
    assert "chain rule" not in page.locator(".cg-panel").inner_text()
    page.close()


def test_a_slice_says_that_the_tangent_is_that_of_the_class(browser):
    page = opened(browser, shown(wrong()), "Slice")
    page.get_by_label("along").select_option("v0")
    assert "Your class computes" in page.locator(".cg-panel").inner_text()
    page.close()
    right = explore("a*b", a=2, b=3)
    page = opened(browser, right.to_html(), "Slice")
    assert "Your class" not in page.locator(".cg-panel").inner_text()
    page.close()


def test_forward_mode_says_whose_tangent_stands_in_each_box(browser):
    page = opened(browser, explore("e = a*b; L = e + long_name", a=2, b=3, long_name=1).to_html(), "Explain")
    words = page.locator(".cg-cell .cg-caption")
    assert set(words.all_text_contents()) == {"grad"}
    page.get_by_label("node to explain").select_option(label="leaf a")
    page.get_by_role("button", name="Forward mode").click()
    graph = page.evaluate("() => cgviz.graph.nodes.map(({ name }) => name)")
    assert words.all_text_contents() == ["tangent" if len(name) > 3 else f"∂{name}/∂a" for name in graph]
    assert page.locator(".cg-above").count() == 0 and slot(page, "0.grad") == "1"
    page.get_by_role("button", name="Step", exact=True).click()
    assert set(words.all_text_contents()) == {"grad"}
    page.close()
