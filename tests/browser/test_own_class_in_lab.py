"""A learner's own class in a real JupyterLab: it follows without lag where it has agreed, and has the last word."""

from __future__ import annotations

import pytest
from kernel import KERNEL, interrupt, keep_busy, watch

EXPLORE = "from cgviz import explore\nfrom ipywidgets import FloatSlider\n"
NEAR_ZERO = "a=FloatSlider(value=0.2, min=-1, max=1, step=0.1)"
MINE = """class Mine:
    def __init__(self, data, _prev=(), _op=''):
        self.data, self.grad, self._prev, self._op = data, 0.0, set(_prev), _op
        self._backward = lambda: None
    def __add__(self, other):
        out = Mine(self.data + other.data, (self, other), '+')
        def _backward():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = _backward
        return out
    def __mul__(self, other):
        out = Mine(self.data * other.data, (self, other), '*')
        def _backward():
            sign = RULE
            self.grad += sign * other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out
    def backward(self):
        order = []
        def visit(node):
            if node not in order:
                for operand in node._prev:
                    visit(operand)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()
"""
RIGHT = EXPLORE + MINE.replace("RULE", "1") + "explore(lambda a, b, c, d: (a*b + c)*d, cls=Mine, a=2, b=-3, c=10, d=-2)"
WRONG = EXPLORE + MINE.replace("RULE", "-1") + "explore(lambda a, b: a*b, cls=Mine, a=2, b=3)"
LATER = (
    EXPLORE
    + MINE.replace("RULE", "1 if self.data > 0 else -1")
    + f"explore(lambda a, b: a*b, cls=Mine, {NEAR_ZERO}, b=3)"
)
BRANCH = (
    EXPLORE
    + MINE.replace("RULE", "1")
    + f"explore(lambda a, b: a*b if a.data > 0 else a+b, cls=Mine, {NEAR_ZERO}, b=3)"
)
LEADS = "Moves are shown at once"
WAITS = "Each move waits for Mine"


@pytest.fixture
def page(window):
    return window[0]


def pace(view, sentence):
    view.place.locator(".cg-pace", has_text=sentence).wait_for()


def test_a_class_that_is_right_is_followed_while_its_kernel_is_busy(run, page):
    view = run(RIGHT).view()
    pace(view, LEADS)
    keep_busy(page)
    seen = watch(page, view, f"{len(view.numbers()) - 1}.data")
    for number, result in (("2.1", "-7.4"), ("2.2", "-6.8"), ("2.3", "-6.2")):
        view.slider(0).press("ArrowRight")
        view.becomes(a=(number, "6"), b=("-3", f"-{2 * float(number):.1f}"))
        assert seen()[-1] == result
    interrupt(page)
    view.becomes(a=("2.3", "6"))
    assert seen() == ["-8", "-7.4", "-6.8", "-6.2"]
    pace(view, LEADS)


def test_of_one_that_is_wrong_from_its_first_run_only_its_own_numbers_are_shown(run, page):
    view = run(WRONG).view()
    pace(view, f"{WAITS}: its gradients have not always been those of the chain rule.")
    seen = watch(page, view, "0.grad")
    for number in ("2.1", "2.2"):
        view.slider(0).press("ArrowRight")
        view.becomes(a=(number, "-3"), b=("3", number))
    assert seen() == ["-3"]


def test_one_that_turns_out_to_be_wrong_is_corrected_and_waited_for_from_then_on(run, page):
    view = run(LATER).view()
    pace(view, LEADS)
    for _ in range(3):
        view.slider(0).press("ArrowLeft")
    view.becomes(a=("-0.1", "-3"), b=("3", "-0.1"))
    pace(view, WAITS)
    for _ in range(2):
        view.slider(0).press("ArrowRight")
    view.becomes(a=("0.1", "3"), b=("3", "0.1"))  # where it is right again
    page.wait_for_function(f"() => {KERNEL}.status === 'idle'")
    pace(view, WAITS)
    seen = watch(page, view, "0.grad")
    view.slider(0).press("Home")
    page.wait_for_function("() => document.querySelector('[data-slot=\"0.data\"]').textContent.startsWith('−')")
    assert seen() == ["3", "-3"]


def test_one_whose_function_branches_is_drawn_anew_and_waited_for(run, page):
    view = run(BRANCH).view()
    pace(view, LEADS)
    view.slider(0).press("Home")
    pace(view, f"{WAITS}: it does not always build the same graph.")
    view.becomes(a=("-1", "1"), b=("3", "1"))
    view.slider(0).press("End")
    view.becomes(a=("1", "3"), b=("3", "1"))
    pace(view, WAITS)


def test_a_folded_network_follows_while_its_kernel_is_busy(run, page):
    model = "from cgviz.nn import MLP\nmodel = MLP(2, [3, 1], seed=1)\n"
    cell = model + "explore(lambda x, y: model([x, y]), x=0.5, y=-1.0, fold='neuron')"
    view = run(EXPLORE + cell).view()
    view.place.get_by_role("button", name="Explain").wait_for()
    before = view.numbers()
    keep_busy(page)
    view.slider(0).press("ArrowRight")
    page.wait_for_function(
        "([view, text]) => view.querySelector('[data-slot=\"0.data\"]').textContent !== text",
        arg=[view.place.element_handle(), before["x"][0]],
    )
    there = view.numbers()
    assert sum(there[name] != before[name] for name in before) > 2
    interrupt(page)
    page.wait_for_function(f"() => {KERNEL}.status === 'idle'")
    assert view.numbers() == there  # what the kernel says
