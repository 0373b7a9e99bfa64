"""Explanations and steps of graphs too long to be read whole: what is left out is said, and nothing is lost."""

import re

import pytest

from cgviz import Value, explain, steps
from cgviz.chain_rule.explanation import MOST, MOST_SHOWN, MOST_USES


def chain(n):
    x = y = Value(0.5, "x")
    for k in range(n):
        y = y * 0.999 + x
        y.label = f"y{k}"
    y.backward()
    return x, y


def test_a_long_explanation_says_how_many_gradients_it_leaves_out():
    _, y = chain(300)
    whole = explain(y)
    text = str(whole)
    assert "more gradients" in text and len(text.splitlines()) < len(whole.lines)
    assert text.splitlines()[0] == whole.lines[0]
    assert int(re.search(r"… ([\d,]+) more gradients", text)[1].replace(",", "")) == len(whole.chains) - MOST
    shown = whole._repr_mimebundle_()["text/latex"]
    assert int(re.search(r"… ([\d{},]+) more gradients", shown)[1].replace("{,}", "")) == len(whole.chains) - MOST_SHOWN


def test_many_uses_of_one_node_are_left_out_in_the_middle():
    x = Value(2.0, "x")
    total = Value(0.0, "start")
    for _ in range(120):
        total = total + x * 1.5
    total.label = "total"
    total.backward()
    found = str(explain(total, "x"))
    lines = found.splitlines()
    told = [k for k, line in enumerate(lines) if "more uses" in line]
    assert [lines[k] for k in told] == [f"… {120 - MOST_USES} more uses"] and x.grad == pytest.approx(180)
    assert told == [MOST_USES // 2] and len(lines) == MOST_USES + 2


def test_the_steps_of_a_long_graph_can_be_asked_from_both_ends():
    x, y = chain(200)
    found = steps(y)
    assert len(found.backward) > 400
    assert found[0].text == found.forward[0].text and found[-1].text == found.backward[-1].text
    assert len(found[:5]) == 5 and x.grad is not None
