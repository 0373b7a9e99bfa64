import micrograd.engine as micrograd
import pytest
from test_step_tool import GRAPHS
from tooling import move, opened, shown, slot

from cgviz import Value, explain, explore
from cgviz.chain_rule.flow import gradients
from cgviz.text import typeset


def lines(page):
    """The lines of the chain rule; before them stands the node's own formula."""
    return tuple(page.locator(".cg-chain:not(.cg-value) .cg-plain").all_text_contents())


def typeset_lines(lines):
    return tuple(map(typeset, lines))


def paths(page):
    return page.locator(".cg-path .cg-plain").all_text_contents()


def pick(page, i):
    page.get_by_label("node to explain").select_option(str(i))


@pytest.mark.parametrize(("text", "numbers"), GRAPHS.values(), ids=GRAPHS)
def test_the_page_explains_as_python_explains(browser, text, numbers):
    explorer = explore(text, **numbers)
    page = opened(browser, explorer.to_html(), "Explain")
    for node in explorer.graph.nodes:
        pick(page, node.index)
        if node.kind == "constant":
            assert lines(page) == () and "is a constant" in page.locator(".cg-panel").text_content()
        else:
            assert lines(page) == typeset_lines(explain(explorer.root, node.index).lines)
    assert page.wrong == []
    page.close()


def test_paths_multiply_and_add_up_to_the_gradient(browser):
    page = opened(browser, explore("e = a*b; L = (e + a)*e", a=2, b=-3).to_html(), "Explain")
    page.locator("[data-node='0']").first.click()
    assert paths(page) == [
        "a → e → v3 → L: −3 · 1 · (−6) = 18",
        "a → e → L: −3 · (−4) = 12",
        "a → v3 → L: 1 · (−6) = −6",
    ]
    assert page.locator(".cg-panel").text_content().endswith("They add up to ∂L/∂a = 18 + 12 − 6 = 24.")
    lit = {e.get_attribute("data-edge") for e in page.locator(".cg-edge.cg-lit").all()}
    assert lit == {"0-2-0", "2-3-0", "0-3-1", "3-4-0", "2-4-1"}
    move(page, "b", -1)
    assert " = 0." in page.locator(".cg-panel").text_content()
    page.close()


def test_a_product_along_a_path_says_which_slope_is_a_convention(browser):
    page = opened(browser, explore("e = a**b; L = e*c", a=0, b=2, c=3).to_html(), "Explain")
    pick(page, 1)
    assert paths(page) == ["b → e → L: 0 · 3 = 0 by convention"]
    pick(page, 0)
    assert paths(page) == ["a → e → L: 0 · 3 = 0"]
    page.close()


def test_of_very_many_paths_the_first_are_listed_and_the_rest_counted(browser):
    text = "; ".join(f"x{i + 1} = x{i} + x{i}" for i in range(40))
    page = opened(browser, explore(text, x0=1).to_html(), "Explain")
    pick(page, 0)
    assert len(paths(page)) == 9 and paths(page)[-1] == f"and {2**40 - 8} more"
    assert "x0 → x1 (operand 1) → " in paths(page)[0]
    assert "All of them add up to ∂x₄₀/∂x₀ = 1.1e+12." in page.locator(".cg-panel").text_content()
    page.close()


def test_a_node_is_explained_when_it_is_clicked_or_focused(browser):
    page = opened(browser, explore("e = a*b; L = e + a", a=2, b=-3).to_html(), "Explain")
    assert "Click a node in the picture" in page.locator(".cg-panel").text_content()
    page.locator("[data-node='2']").first.click()
    assert "e = a · b = 2 · (−3) = −6" in page.locator(".cg-panel").text_content()
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Shift+Tab")  # back into the picture
    assert "∂L/∂e = 1" in " ".join(lines(page))
    page.keyboard.press("End")
    assert "∂L/∂L = 1" in lines(page)
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "what is on the edges"
    for name in ("−", "fit", "+", "Present"):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.textContent") == name
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "node to explain"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Forward mode"
    page.close()


@pytest.mark.parametrize("name", ["unlabelled", "used often", "functions"])
def test_forward_mode_carries_the_tangent_to_the_output(browser, name):
    text, numbers = GRAPHS[name]
    explorer = explore(text, **numbers)
    page = opened(browser, explorer.to_html(), "Explain")
    button = page.get_by_role("button", name="Forward mode")
    assert button.is_disabled()
    root = explorer.graph.root.index
    for leaf in explorer.graph.leaves:
        pick(page, leaf.index)
        if leaf is explorer.graph.leaves[0]:
            button.click()
        assert slot(page, f"{leaf.index}.grad") == "1"
        assert slot(page, f"{root}.grad") == typeset(f"{gradients(explorer.root)[leaf.index]:.4g}")
        h = 1e-6  # each node's tangent is its slope along this leaf
        up, down = (
            explore(text, **numbers | {leaf.label: numbers[leaf.label] + sign * h}).graph.nodes for sign in (1, -1)
        )
        for node, above, below in zip(explorer.graph.nodes, up, down, strict=True):
            if node.kind == "operation":
                slope = (above.data - below.data) / (2 * h)
                assert float(slot(page, f"{node.index}.grad").replace("−", "-")) == pytest.approx(
                    slope, rel=1e-3, abs=1e-6
                )
    assert ", tangent " in page.locator(f"[data-node='{root}']").first.get_attribute("aria-label")
    button.click()
    assert slot(page, f"{root}.grad") == "1"
    page.close()


class Forgetful(micrograd.Value):
    """Its product overwrites gradients instead of adding to them."""

    def __mul__(self, other):
        out = Forgetful(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = _backward
        return out


def test_a_wrong_gradient_of_ones_own_class_is_told(browser):
    a, b = Forgetful(2.0), Forgetful(-3.0)
    root = a * b * a
    root.backward()
    page = opened(browser, shown(root), "Explain")
    assert [a.grad, b.grad] != gradients(root)[:2]
    said = []
    for i in range(2):
        pick(page, i)
        said.append("".join(page.locator(".cg-own").all_text_contents()))
        told = explain(root, i).lines  # what the page says in a sentence of its own, Python says in a note
        assert lines(page) == typeset_lines(
            line for line in told if not line.startswith("(other gradients in its class")
        )
    right = gradients(root)[:2]
    mine = [slot(page, f"{i}.grad").replace("−", "-") for i in range(2)]
    expected = [
        "" if f"{x:.4g}" == y else typeset(f"Your class computes {y}; the chain rule gives {x:.4g}.")
        for x, y in zip(right, mine, strict=True)
    ]
    assert said == expected and any(said)
    page.close()


def test_what_the_page_cannot_explain_gets_a_sentence(browser):
    root = micrograd.Value(2.0, (micrograd.Value(1.0), micrograd.Value(3.0)), "mystery")
    page = opened(browser, shown(root), "Explain")
    assert "no derivative is known for 'mystery'" in page.locator(".cg-panel").text_content()
    assert page.wrong == []
    page.close()


def test_names_are_shown_as_text(browser):
    a = Value(2.0, "<img src=x onerror=alert(1)>")
    root = a * 3
    page = opened(browser, shown(root), "Explain")
    pick(page, 0)
    assert lines(page) == typeset_lines(explain(root, 0).lines)
    assert page.locator("img").count() == 0
    page.close()
