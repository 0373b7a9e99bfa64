"""Break it: three broken backward passes in the page against three written here, and what is said of them."""

from __future__ import annotations

import json
import random

import pytest
from test_predict_tool import GRAPHS, built, click, said, shown

from cgviz import trace
from cgviz.chain_rule.flow import gradients, operation
from cgviz.live import serialization
from cgviz.run.expression import parse
from cgviz.text import number, typeset

NUMBERS = {"a": 2, "b": -3, "c": 10}
MORE = ("a*b", "e = a*b; L = e + e*c", "e = a*b; L = e*c + e", "e = a + b; f = e*e; L = f*e + f", "a*a*a + 2", "a - a")
BUTTONS = {"replace": "= for +=", "twice": "no zeroing", "order": "wrong order"}


class Node:
    """A node of the oracle: it knows its operands and ∂node/∂operand, found by small steps on the number itself."""

    def __init__(self, record, graph):
        self.operands = record.operands
        self.slopes = [slope(record, graph, k) for k in range(len(record.operands))]


def slope(record, graph, k: int) -> float:
    op, operands = operation(graph, record)
    xs = [graph.nodes[i].data for i in operands]
    h = 1e-5
    up, down = ([x + s * h if j == k else x for j, x in enumerate(xs)] for s in (1, -1))
    return (op(*up) - op(*down)) / (2 * h)


def order(nodes: list[Node]) -> list[int]:
    return list(range(len(nodes) - 1, -1, -1))


def replacing(nodes: list[Node]) -> list[float]:
    grad = [0.0] * (len(nodes) - 1) + [1.0]
    for i in order(nodes):
        for j, d in zip(nodes[i].operands, nodes[i].slopes, strict=True):
            grad[j] = grad[i] * d
    return grad


def without_zeroing(nodes: list[Node]) -> list[float]:
    grad = [0.0] * len(nodes)
    for _ in range(2):
        grad[-1] = 1.0
        for i in order(nodes):
            for j, d in zip(nodes[i].operands, nodes[i].slopes, strict=True):
                grad[j] += grad[i] * d
    return grad


def depth_first(nodes: list[Node]) -> list[float]:
    grad = [0.0] * (len(nodes) - 1) + [1.0]
    seen = set()

    def visit(i: int) -> None:
        if i in seen:
            return
        seen.add(i)
        for j, d in zip(nodes[i].operands, nodes[i].slopes, strict=True):
            grad[j] += grad[i] * d
        for j in nodes[i].operands:
            visit(j)

    visit(len(nodes) - 1)
    return grad


PASSES = {"replace": replacing, "twice": without_zeroing, "order": depth_first}


def expected(root, fault: str) -> tuple[list[float], list[float], list[int]]:
    """The broken gradients, the right ones, and the nodes that are wrong in the order of the backward pass."""
    graph = trace(root)
    wrong, right = PASSES[fault]([Node(record, graph) for record in graph.nodes]), gradients(root)
    bad = [
        i
        for i in range(len(right) - 1, -1, -1)
        if graph.nodes[i].kind != "constant" and wrong[i] != pytest.approx(right[i], rel=1e-5, abs=1e-6)
    ]
    return wrong, right, bad


def test_the_broken_passes_are_those_of_python(explored):
    pick = random.Random(3)
    page = explored("a*b", "Break it", a=2, b=3)
    asked, answers = [], []
    for text in GRAPHS + MORE:
        for _ in range(3):
            root = built(text, a=pick.uniform(1, 2), b=pick.choice([-3, -0.5, 2.5]), c=pick.uniform(3, 5))
            graph = trace(root)
            asked.append({"structure": serialization.structure(graph), "data": [node.data for node in graph.nodes]})
            answers.append({fault: expected(root, fault) for fault in PASSES})
    found = page.evaluate(
        """text => JSON.parse(text).map(({ structure, data }) => {
            const tool = cgviz.toolbar.tools.find((tool) => tool.name === "Break it");
            const graph = new cgviz.graph.constructor(structure);
            const flow = () => {
                const was = cgviz.graph;
                cgviz.graph = graph;
                const found = cgviz.flow(data);
                cgviz.graph = was;
                return found;
            };
            const view = { graph, data, flow };
            return Object.fromEntries(["replace", "twice", "order"].map((fault) => [fault, tool.break(view, fault)]));
        })""",
        json.dumps(asked),
    )
    for answer, page_says in zip(answers, found, strict=True):
        for fault, (wrong, right, bad) in answer.items():
            said = page_says[fault]
            assert said["wrong"] == pytest.approx(wrong, rel=1e-5, abs=1e-6)
            assert said["right"] == pytest.approx(right)
            assert said["bad"] == bad
            assert bool(said["why"]) == bool(bad)
            assert said["begins"][:1] == bad[:1] and set(said["begins"]) <= set(bad)
    for fault in PASSES:  # every mistake shows in some graph, and the two that need a node used twice not in every one
        wrong_somewhere = [bool(answer[fault][2]) for answer in answers]
        assert any(wrong_somewhere) and (fault == "twice" or not all(wrong_somewhere))


def built_names(text: str) -> set[str]:
    return set(parse(text).names)


def turn(page, fault: str) -> None:
    page.get_by_role("button", name=BUTTONS[fault]).click()


def test_a_click_answers_and_the_wrong_numbers_stand_beside_the_right_ones(explored):
    text = "a*b + a"
    wrong, right, bad = expected(built(text, a=2, b=-3), "replace")
    page = explored(text, "Break it", a=2, b=-3)
    turn(page, "replace")
    assert [shown(page, i) for i in range(4)] == [typeset(number(x)) for x in right]
    click(page, bad[0])
    assert shown(page, bad[0]) == typeset(number(round(wrong[bad[0]], 6)))
    above = page.locator(f'[data-node="{bad[0]}"].cg-first .cg-above').text_content()
    assert above == typeset(f"right: {number(right[bad[0]])}")
    assert page.locator(".cg-above").count() == len(bad)
    assert "wrong: right is -2" in page.locator(f'[data-node="{bad[0]}"]').get_attribute("aria-label")
    assert said(page).startswith("Right: a is the first. a is used by L and v2: the last contribution, −3, replaced 1")
    page.get_by_role("button", name="Reset", exact=True).click()
    assert [shown(page, i) for i in range(4)] == [typeset(number(x)) for x in right]
    assert page.locator(".cg-above, .cg-first, .cg-wrong").count() == 0


def test_without_zeroing_every_gradient_below_the_output_is_wrong(explored):
    page = explored("e = a*b; L = e + a", "Break it", a=2, b=-3)
    turn(page, "twice")
    page.locator(".cg-panel select").select_option("none")
    page.get_by_role("button", name="Answer").click()
    assert said(page).startswith("Something does go wrong: e is the first to be wrong. e still held 1")
    assert "the second added 1 to it, which gives 2 in place of 1" in said(page)
    assert shown(page, 1) == "6"  # b: 2 from the first pass, 2·2 from the second


def test_the_sentence_about_the_order_names_who_was_too_early(explored):
    page = explored("e = a*b; L = e + e*c", "Break it", a=2, b=-3, c=10)
    turn(page, "order")
    graph = trace(built("e = a*b; L = e + e*c", a=2, b=-3, c=10))
    e = next(node.index for node in graph.nodes if node.name == "e")
    click(page, e)
    assert said(page).startswith("e is right; b is the first to be wrong. e passed its gradient on to b when it was 1")
    assert "in the end it is 11" in said(page)


@pytest.mark.parametrize(("fault", "text"), [("replace", "a*b + c"), ("order", "a*b + a")])
def test_where_nothing_goes_wrong_it_says_so_and_names_an_expression_in_which_it_does(explored, fault, text):
    page = explored(text, "Break it", **{name: NUMBERS[name] for name in built_names(text)})
    turn(page, fault)
    page.locator(".cg-panel select").select_option("none")
    page.get_by_role("button", name="Answer").click()
    assert said(page).startswith("Right: nothing goes wrong")
    assert page.locator(".cg-above").count() == 0
    other = said(page).split("Try it with ")[1].removesuffix(".")
    assert expected(built(other, **NUMBERS), fault)[2]


def test_the_keyboard_chooses_a_node_and_enter_answers(explored):
    page = explored("a*b + a", "Break it", a=2, b=-3)
    turn(page, "replace")
    page.evaluate("() => document.querySelector('.cg-frame [data-node]').focus()")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert said(page) == ""
    name = page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    assert said(page) and name


def test_a_moved_slider_keeps_the_mistake_and_brings_its_new_numbers(explored):
    page = explored("a*b + a", "Break it", a=2, b=-3)
    turn(page, "replace")
    click(page, 0)
    page.evaluate("() => cgviz.inputs.set({ b: 7 })")
    assert shown(page, 0) == "7"
    assert page.locator(".cg-above").text_content() == "right: 8"
    assert json.dumps(page.evaluate("() => cgviz.grad[0]")) == "8"


@pytest.mark.parametrize("tool", ["Predict", "Break it"])
def test_an_operation_without_a_derivative_is_told_and_nothing_is_hidden(explored, tool):
    page = explored("a*b", tool, a=2, b=-3)
    page.get_by_role("button", name=tool, exact=True).click()
    page.evaluate("() => { cgviz.graph.nodes[2].row = ''; }")
    page.get_by_role("button", name=tool, exact=True).click()
    assert "no derivative is known for '*', which computed 'L'" in page.locator(".cg-panel").text_content()
    assert [shown(page, i) for i in (0, 1)] == ["−3", "2"]
