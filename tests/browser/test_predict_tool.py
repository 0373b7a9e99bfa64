"""Predict: hidden numbers stay hidden until they are named, and a wrong answer is told the slip that Python names."""

from __future__ import annotations

import json
import random

import pytest

from cgviz import Value, trace
from cgviz.chain_rule.flow import gradients, uses
from cgviz.checks.slips import slip
from cgviz.live import serialization
from cgviz.run.expression import parse
from cgviz.text import number, typeset

EXPRESSION = {"a": 2, "b": -3, "c": 10}
GRAPHS = (
    "a*b + a",
    "e = a*b; L = (e + c)*e",
    "(a - b)*(a + b)/c",
    "a**3 + 2*a*b",
    "exp(a/4)*b + tanh(a*b)",
    "a*a - b*a",
    "e = a + b; f = e*c; L = f*e + f",
    "sqrt(c) - c/a - b",
    "max(a, b)*c",
)


def built(text: str, **numbers: float):
    function = parse(text)
    return function(**{name: Value(float(numbers[name]), name) for name in function.names})


def shown(page, i: int, kind: str = "grad") -> str:
    return page.locator(f'[data-slot="{i}.{kind}"]').first.text_content()


def said(page) -> str:
    return page.locator(".cg-answers p").text_content()


def click(page, i: int) -> None:
    page.locator(f'[data-slot="{i}.data"]').first.click()


def answer(page, text: str) -> None:
    page.locator(".cg-panel input").fill(text)
    page.keyboard.press("Enter")


def leaks(page, i: int, kind: str, name: str) -> list[str]:
    """What still tells a hidden number: the slot, its full number, its tint, or what is read aloud."""
    word = {"grad": "gradient", "data": "value"}[kind]
    slot = page.locator(f'[data-slot="{i}.{kind}"]').first
    fill = page.locator(f'[data-fill="{i}.{kind}"]').first
    title = page.locator(f'[data-title="{i}.{kind}"]').first.text_content()
    label = page.locator(f'[data-node="{i}"]').first.get_attribute("aria-label")
    found = [] if slot.text_content() == "?" else ["text"]
    found += [] if title == f"{word} of {name}: hidden" else ["title"]
    found += [] if f"{word} hidden" in label else ["label"]
    return found + ["tint" for part in (slot, fill) if {"cg-pos", "cg-neg"} & set(part.get_attribute("class").split())]


def test_everything_is_asked_from_the_output_back_and_hidden_until_it_is_named(explored):
    text = "e = a*b; L = (e + c)*e"
    root = built(text, **EXPRESSION)
    graph, right = trace(root), gradients(root)
    page = explored(text, **EXPRESSION)
    order = [node.index for node in reversed(graph.nodes[:-1])]
    for k, i in enumerate(order):
        for j in order[k:]:
            assert leaks(page, j, "grad", graph.nodes[j].name) == []
        assert page.locator(f'[data-node="{i}"].cg-asked').count() == 1
        answer(page, number(right[i]))
        assert shown(page, i) == typeset(number(right[i]))
        assert said(page).startswith("Right: ")
    assert f"{len(order)} of {len(order)} right at the first try" in page.locator(".cg-score").text_content()


def test_values_are_asked_in_the_order_in_which_they_are_computed_and_no_gradient_gives_them_away(explored):
    text = "e = a*b; L = (e + c)*e"
    graph = trace(built(text, **EXPRESSION))
    page = explored(text, **EXPRESSION)
    page.locator(".cg-panel select").select_option("data")
    order = [node.index for node in graph.nodes if node.operands]
    for k, i in enumerate(order):
        for j in order[k:]:
            assert leaks(page, j, "data", graph.nodes[j].name) == []
        assert shown(page, 0) == "not yet"
        answer(page, number(graph.nodes[i].data))
        assert shown(page, i, "data") == typeset(number(graph.nodes[i].data))
    assert shown(page, 0) != "not yet"


@pytest.mark.parametrize("typed", ["1/2", "0.5", "0,5", ".5", "+0.5", "-1/-2", "0.503", "5e-1"])
def test_a_number_may_be_typed_as_people_write_it_and_within_one_percent(explored, typed):
    page = explored("a*b", a=3, b=0.5)
    click(page, 0)
    answer(page, typed)
    assert said(page) == "Right: ∂L/∂a = 0.5."


def test_a_sign_alone_is_told_whether_it_is_right_and_nonsense_is_no_try(explored):
    page = explored("a*b", a=3, b=-0.5)
    click(page, 0)
    answer(page, "much")
    assert said(page).startswith("Type a number")
    answer(page, "-")
    assert said(page) == "The sign is right; now the number."
    answer(page, "−0.5")
    assert said(page).startswith("Right")
    assert "1 of 1 right at the first try" in page.locator(".cg-score").text_content()
    answer(page, "-")
    assert said(page) == "No, the sign is not −."
    assert shown(page, 1) == "?"


def test_hints_go_from_the_formula_to_the_numbers_and_do_not_name_what_is_hidden(explored):
    page = explored("e = a*b; L = e + a", a=2, b=-3)
    click(page, 0)
    lines = page.locator(".cg-answers li")
    for k in (1, 2, 3):
        page.get_by_role("button", name="Hint").click()
        assert lines.count() == k
    formula, upstream, local = lines.all_text_contents()
    assert "∂L/∂e · ∂e/∂a" in formula and not any(c.isdigit() for c in formula)
    assert "∂L/∂e = ?" in upstream and "∂L/∂L = 1" in upstream
    assert "∂e/∂a = b = −3" in local


def test_a_hint_says_which_local_derivative_is_a_convention(explored):
    page = explored("a**b", a=0, b=2)
    click(page, 1)
    for _ in range(3):
        page.get_by_role("button", name="Hint").click()
    assert page.locator(".cg-answers li").all_text_contents()[-1] == "local derivative: ∂L/∂b = 0 by convention"


def test_show_gives_the_number_and_no_point_and_a_moved_slider_hides_everything_again(explored):
    page = explored("e = a*b; L = e + a", a=2, b=-3)
    page.get_by_role("button", name="Show").click()
    assert said(page).startswith("Shown: ∂L/∂e = 1")
    assert "0 of 1 right at the first try" in page.locator(".cg-score").text_content()
    page.evaluate("() => cgviz.inputs.set({ a: 5 })")
    assert [shown(page, i) for i in (0, 1, 2)] == ["?"] * 3
    assert page.locator(".cg-score").text_content() == "3 to go"
    answer(page, "1")
    answer(page, "5")
    assert said(page) == "Right: ∂L/∂b = 5."


def test_one_number_is_hidden_by_a_click_and_what_has_none_is_told(explored):
    page = explored("2*a + b", a=2, b=-3)
    page.locator(".cg-panel select").select_option("grad one")
    graph = trace(built("2*a + b", a=2, b=-3))
    constant = next(node for node in graph.nodes if node.kind == "constant")
    click(page, constant.index)
    assert "choose another node" in said(page)
    a = next(node for node in graph.nodes if node.name == "a")
    click(page, a.index)
    assert leaks(page, a.index, "grad", "a") == []
    page.keyboard.type("2")  # the keyboard goes from the node into the field
    page.keyboard.press("Enter")
    assert said(page) == "Right: ∂L/∂a = 2."


def test_a_wrong_answer_is_told_the_slip_that_python_names(explored):
    numbers = {"a": 2, "b": -3}
    page = explored("a*b + a", **numbers)
    graph = trace(built("a*b + a", **numbers))
    click(page, 0)
    for given in (1.0, 3.0, -3.0, 2.0):
        expected = slip(graph, 0, given)
        answer(page, number(given))
        assert expected and said(page) == typeset(f"Not {number(given)}: {expected}.")
        assert shown(page, 0) == "?"


def wrong_answers(graph, i: int, pick: random.Random) -> list[float]:
    mine = [use for use in uses(graph) if use.source == i]
    total = sum(use.product for use in mine)
    found = [-total, 0.0, 2 * total, 3 * total, total, total + 1, pick.uniform(-9, 9)]
    found += [sum(use.local for use in mine), sum(use.upstream for use in mine)]
    found.append(sum(use.local + use.upstream for use in mine))
    for use in mine:
        found += [use.product, total - use.product, total - 2 * use.product]
        found += [use.upstream * node.data for node in graph.nodes]
    return found


def test_every_slip_on_many_graphs_has_the_same_sentence_in_the_page_and_in_python(explored):
    pick = random.Random(7)
    page = explored("a*b", a=2, b=3)
    asked, expected = [], []
    for text in GRAPHS:
        for _ in range(4):
            graph = trace(built(text, a=pick.uniform(1, 3), b=pick.choice([-3, -0.5, 2]), c=pick.uniform(1, 5)))
            given = [(i, x) for i in range(len(graph.nodes)) for x in wrong_answers(graph, i, pick)]
            data = [node.data for node in graph.nodes]
            asked.append({"structure": serialization.structure(graph), "data": data, "given": given})
            expected.append([slip(graph, i, x) for i, x in given])
    found = page.evaluate(
        """text => JSON.parse(text).map(({ structure, data, given }) => {
            const tool = cgviz.toolbar.tools.find((tool) => tool.name === "Predict");
            const graph = new cgviz.graph.constructor(structure);
            const flow = () => {
                const was = cgviz.graph;
                cgviz.graph = graph;
                const found = cgviz.flow(data);
                cgviz.graph = was;
                return found;
            };
            const view = { graph, data, flow };
            return given.map(([i, x]) => tool.slip(view, i, x));
        })""",
        json.dumps(asked),
    )
    assert found == expected
    every = [sentence for sentences in expected for sentence in sentences]
    assert len(every) > 1000 and len(set(every)) > 12
