"""What the edges of the live view show, what goes along them, and how formulas are set."""

import re

import pytest
from tooling import opened, shown, slot

from cgviz import Value, draw, explore, trace
from cgviz.chain_rule.local_derivatives import add_local_derivatives
from cgviz.live import GraphView
from cgviz.live.document import to_html
from cgviz.nn import MLP
from cgviz.pictures.edge_strengths import edge_styles
from cgviz.pictures.slots import edge_id, slots

MOVING = {"reduced_motion": "no-preference"}


class Mine:
    """A learner's class."""

    def __init__(self, data, operands=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, operands, op

    def __mul__(self, other):
        return Mine(self.data * other.data, (self, other), "*")

    def __add__(self, other):
        return Mine(self.data + other.data, (self, other), "+")


def choose(page, what):
    page.get_by_label("what is on the edges").select_option(what)


def labels(page):
    """The text on each edge, by what is told of it where the pointer rests."""
    return page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('.cg-partial')]"
        ".map(text => [text.querySelector('title').textContent, text.lastChild.data]))"
    )


def values(root):
    graph = add_local_derivatives(trace(root))
    found = slots(graph)
    return sorted(found[f"{edge_id(edge)}.local"].text for edge in graph.edges if edge.local is not None)


def test_local_derivatives_stand_on_the_edges_as_numbers_or_as_formulas(browser):
    explorer = explore("e = a*b; L = tanh(e + c) - 2*e", a=2, b=-0.3, c=1)
    page = opened(browser, explorer.to_html(), "Save")
    assert labels(page) == {}
    choose(page, "numbers")
    assert sorted(labels(page).values()) == values(explorer.root)
    choose(page, "formulas")
    assert labels(page)["∂e/∂a = b = −0.3"] == "b"
    assert any(re.fullmatch(r"1 − v\d²", text) for text in labels(page).values())
    choose(page, "plain")
    assert labels(page) == {}
    assert page.wrong == []
    page.close()


def test_those_of_a_class_of_ones_own_too(browser):
    a, b = Mine(2.0), Mine(-3.0)
    root = a * b + a
    page = opened(browser, shown(root), "Save")
    choose(page, "numbers")
    assert sorted(labels(page).values()) == values(root) == sorted(["1", "1", "2", "−3"])
    page.close()


def test_the_columns_move_apart_and_back(browser):
    page = opened(browser, explore("e = a*b; L = e + a*e", a=2, b=-3).to_html(), "Save")
    look = """() => [document.querySelector('.cg-frame svg').getAttribute('viewBox'),
        ...[...document.querySelectorAll('.cg-edge')].map(e => e.getAttribute('d'))]"""
    before = page.evaluate(look)
    choose(page, "numbers")
    apart = page.evaluate(look)
    assert float(apart[0].split()[2]) > float(before[0].split()[2]) and apart != before
    covered = page.evaluate("""() => {
        const boxes = [...document.querySelectorAll('.cg-box')].map(box => box.getBoundingClientRect());
        const texts = [...document.querySelectorAll('.cg-partial')].map(text => text.getBoundingClientRect());
        const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        return texts.filter(a => boxes.some(b => over(a, b))).length;
    }""")
    assert covered == 0
    ends = page.evaluate("""() => [...document.querySelectorAll('.cg-edge')].map(edge => {
        const [source] = edge.dataset.edge.split('-');
        const box = document.querySelector(`[data-node="${source}"] .cg-box`).getBoundingClientRect();
        const at = edge.getPointAtLength(0).matrixTransform(edge.getScreenCTM());
        return Math.abs(at.x - box.right);
    })""")
    assert max(ends) < 1.5  # each line begins where its box ends
    choose(page, "plain")
    assert page.evaluate(look) == before
    page.close()


def test_a_gradient_is_added_in_the_box_when_it_arrives(browser):
    page = opened(browser, explore("e = a*b; L = e + a", a=2, b=-3).to_html(), "Step", **MOVING)
    page.get_by_label("speed").select_option("slow")
    for _ in range(5):  # two forward, the seed, ∂L/∂e, and the first use of a
        page.keyboard.press("ArrowRight")
    assert page.locator(".cg-motion .cg-dot.cg-backward").count() == 1
    assert slot(page, "0.grad") == "not yet"
    page.wait_for_function("() => document.querySelector('[data-slot=\"0.grad\"]').textContent === '1 + …'")
    page.keyboard.press("ArrowRight")
    carried = page.locator(".cg-motion text").all_text_contents()
    assert carried == ["× −3", "1"] and slot(page, "0.grad") == "1 + …"
    assert page.locator(".cg-above").all_text_contents() == ["+= −3"]
    page.wait_for_function("() => document.querySelector('[data-slot=\"0.grad\"]').textContent === '−2'")
    assert page.locator(".cg-motion text").all_text_contents() == ["× −3", "−3"]
    assert page.wrong == []
    page.close()


def test_values_go_on_in_one_colour_and_gradients_back_in_another(browser):
    page = opened(browser, explore("e = a*b; L = e + a", a=2, b=-3).to_html(), "Step")
    page.keyboard.press("ArrowRight")
    colour = "e => getComputedStyle(e).stroke"
    forward = page.locator(".cg-way").first.evaluate(colour)
    assert page.locator(".cg-motion text").all_text_contents() == ["2", "−3"] and slot(page, "2.data") == "−6"
    head = "e => [e.getPointAtLength(0).x, +e.getAttribute('d').match(/(?!^)M\\S+ \\S+L(\\S+) /)[1]]"
    start, tip = page.locator(".cg-way").first.evaluate(head)
    assert tip > start  # the arrow points on
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator(".cg-way").first.evaluate(colour) != forward
    start, tip = page.locator(".cg-way").first.evaluate(head)
    assert tip == pytest.approx(start, abs=1)  # and back
    page.close()


def test_the_order_says_for_how_many_uses_a_node_still_waits(browser):
    page = opened(browser, explore("e = a*b; L = e*e + a", a=2, b=-3).to_html(), "Step")
    page.get_by_label("order").check()
    page.keyboard.press("ArrowRight")  # a checkbox does not keep the arrow keys
    assert page.locator(".cg-count").text_content().startswith("Step 1 of ")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    above = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.cg-above')].map(e =>
            [e.closest('.cg-node').dataset.node, e.textContent]))"""
    )
    nodes = {node.name: str(node.index) for node in explore("e = a*b; L = e*e + a", a=2, b=-3).graph.nodes}
    assert (above[nodes["a"]], above[nodes["e"]], above[nodes["L"]]) == ("waits for 2", "waits for 2", "ready")
    page.close()


@pytest.mark.parametrize("which", ["weight", "gradient"])
def test_edges_have_the_width_and_the_colour_of_their_size_and_sign(browser, which):
    root = MLP(2, [3, 2, 1], seed=1)([Value(1.0, "x"), Value(-2.0, "y")])
    root.backward()
    view = GraphView(root, fold="neuron")
    page = opened(browser, to_html(view, {}, title="A network"), "Save")
    choose(page, f"{which}s")
    found = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.cg-edge')].map(e =>
            [e.dataset.edge, [e.style.stroke, parseFloat(e.style.strokeWidth)]]))"""
    )
    wanted = edge_styles(draw(root, fold="neuron", edges=which).graph, which)
    assert wanted and found.keys() == wanted.keys()
    for key, style in wanted.items():
        colour, width = found[key]
        assert ("plus" in colour, "minus" in colour) == ("cg-plus" in style, "cg-minus" in style)
        assert int(style[-1]) == 0 or 0.8 + 5.2 * (int(style[-1]) - 1) / 6 <= width <= 0.81 + 5.2 * int(style[-1]) / 6
    choose(page, "plain")
    assert page.locator(".cg-edge").first.evaluate("e => e.style.stroke + e.style.strokeWidth") == ""
    page.close()


def test_one_click_lights_one_path_alone(browser):
    page = opened(browser, explore("e = a*b; L = (e + a)*e", a=2, b=-3).to_html(), "Explain")
    page.locator("[data-node='0']").first.click()
    lit = "() => [...document.querySelectorAll('.cg-edge.cg-lit')].map(e => e.dataset.edge).sort()"
    every = page.evaluate(lit)
    page.locator(".cg-path button").nth(1).click()
    assert page.evaluate(lit) == ["0-2-0", "2-4-1"]
    assert page.locator(".cg-path button[aria-pressed=true]").count() == 1
    assert page.evaluate("() => document.activeElement.getAttribute('aria-pressed')") == "true"
    page.keyboard.press("Enter")
    assert page.evaluate(lit) == every and len(every) == 5
    page.close()


def test_an_explanation_begins_with_what_the_operation_knows(browser):
    page = opened(browser, explore("e = a*b; f = e + c; L = f*d - tanh(a)", a=2, b=-3, c=1, d=-2).to_html(), "Explain")

    def said(name):
        page.locator(f".cg-node:has(.cg-name:text-is('{name}'))").first.click()
        return page.locator(".cg-rule .cg-plain").all_text_contents()

    assert [line.partition(" = ")[2] for line in said("d")] == ["f · d: times the other factor, f"]
    assert said("e") == ["f = e + c: the gradient passes as it is"]
    assert [line.split(": ")[1] for line in said("a")] == ["times 1 − v5²", "times the other factor, b"] or len(
        said("a")
    ) == 2
    page.close()


def formula(page):
    """The first formula of the panel as MathML, without the attributes."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.cg-panel math')].map(e =>
            e.outerHTML.replace(/ (xmlns|stretchy)="[^"]*"/g, ''))"""
    )


def test_formulas_are_set_as_mathematics(browser):
    explorer = explore("L = theta_1*w2/x - y", theta_1=2, w2=-3, x=1e-9, y=-1)
    page = opened(browser, explorer.to_html(), "Step")
    page.keyboard.press("ArrowRight")
    parts = formula(page)
    assert "<msub><mi>θ</mi><mn>1</mn></msub>" in parts[1] and "<msub><mi>w</mi><mn>2</mn></msub>" in parts[1]
    assert "<mn>2</mn><mo>·</mo><mrow><mo>(</mo><mn>−3</mn><mo>)</mo></mrow>" in parts[2]
    page.keyboard.press("ArrowRight")
    assert "<mfrac>" in "".join(formula(page))
    assert "<msup><mn>10</mn><mn>−9</mn></msup>" in "".join(formula(page))
    page.keyboard.press("End")
    assert formula(page)[0].startswith("<math><mfrac><mrow><mo>∂</mo><mi>L</mi></mrow><mrow><mo>∂</mo>")
    assert page.get_by_text("θ₁").count()  # the box
    page.close()


def test_labels_that_are_no_names_stay_what_they_are(browser):
    a, b = Value(2.0, "<b>bold</b>"), Value(-3.0, "the bias")
    root = a * b + Value(1.0, "x^(1)") * Value(1.0, "a-b")
    page = opened(browser, shown(root), "Step")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        assert page.locator(".cg-panel b").count() == 0
    page.keyboard.press("End")
    assert "∂(the bias)" in page.locator(".cg-sentence .cg-plain").text_content() and page.wrong == []
    assert "<mi>the bias</mi>" in formula(page)[0] and "&lt;b&gt;bold&lt;/b&gt;" in "".join(formula(page))
    page.close()


def test_what_is_to_be_predicted_is_not_told_on_the_edges(browser):
    page = opened(browser, explore("L = a*b", a=2, b=-3).to_html(), "Predict")
    choose(page, "gradients")
    assert page.locator(".cg-edge").first.evaluate("e => e.style.stroke") == "" and labels(page) == {}
    page.close()
