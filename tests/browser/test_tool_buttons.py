"""The buttons of the tools: in groups, and grey with a reason where a graph or its class cannot do it."""

import pytest
from tooling import opened, shown

from cgviz import Tensor, Value, explore
from tests.toolbox import COMPUTING, TOOLS


class Plain:
    """A class of a first lesson: a number, an operation, operands, and no gradients."""

    def __init__(self, data, op="", prev=()):
        self.data, self._op, self._prev = data, op, prev

    def __mul__(self, other):
        return Plain(self.data * other.data, "*", (self, other))


def arrays():
    root = (Tensor([1.0, 2.0], label="a") * 3).sum()
    root.backward()
    return root


def not_run():
    return Value(2.0, "a") * Value(3.0, "b")


NO_GRADIENTS = "its class keeps no gradients"
CASES = {
    "plain": (lambda: Plain(2.0) * Plain(3.0), {"Break it": NO_GRADIENTS, "Check": NO_GRADIENTS}),
    "arrays": (arrays, dict.fromkeys(COMPUTING, "some nodes do not hold a single number")),
    "not run": (not_run, {"Check": "it has no gradients yet; run backward() first"}),
    "leaf": (lambda: Value(2.0, "a"), {"Predict": "it has no operation", "Check": "no gradients yet"}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_graph_cannot_do_is_grey_and_says_why(browser, case):
    make, reasons = CASES[case]
    page = opened(browser, shown(make()), "Save")
    for name in TOOLS:
        button = page.get_by_role("button", name=name, exact=True)
        assert button.get_attribute("aria-disabled") == ("true" if name in reasons else "false"), name
        assert reasons.get(name, "") in button.get_attribute("title")  # which is read out as its description
    for name, reason in reasons.items():
        page.get_by_role("button", name=name, exact=True).click(force=True)
        assert reason in page.locator(".cg-panel").inner_text()
    assert page.wrong == []
    page.close()


def test_a_class_without_gradients_is_never_shown_nan_nor_an_empty_question(browser):
    page = opened(browser, shown(Plain(2.0) * Plain(3.0)), "Save")
    for name in TOOLS:
        page.get_by_role("button", name=name, exact=True).click(force=True)
        said = page.locator(".cg-panel").inner_text()
        assert said.strip() and "NaN" not in said and "nothing to ask" not in said, name
        assert page.locator(".cg-panel .cg-plot path[d*=NaN]").count() == 0
    page.close()


def test_a_tool_is_grey_only_as_long_as_the_reason_lasts(browser):
    page = opened(browser, explore("a*b + log(a)", a=2, b=3).to_html(), "Save")
    check = page.get_by_role("button", name="Check", exact=True)
    assert check.get_attribute("aria-disabled") == "false"
    page.close()


def test_the_buttons_stand_in_groups(browser):
    page = opened(browser, explore("a*b", a=2, b=3).to_html(), "Save")
    groups = page.locator(".cg-choices [role=group]")
    found = {group.get_attribute("aria-label"): group.locator("button").all_inner_texts() for group in groups.all()}
    assert found == {
        "see": ["Step", "Explain", "Slice"],
        "ask": ["Predict", "Break it"],
        "verify": ["Check", "What if"],
        "keep": ["Save"],
    }
    assert page.locator(".cg-choices button > svg[aria-hidden=true]").count() == len(TOOLS)
    page.close()
