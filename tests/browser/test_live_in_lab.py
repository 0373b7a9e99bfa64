"""The live view in a real JupyterLab: the page computes by itself, and the kernel has the last word where it must."""

from __future__ import annotations

import pytest
from kernel import BUSY, HAS_ENDED, KERNEL, interrupt, keep_busy, watch

EXPLORE = "from cgviz import Value, explore"
L = f'{EXPLORE}\nexplore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)'
STILL = "still computing with the new numbers …"
ENDED = "this graph is computed by the kernel, which has ended: run the cell again"
OWN = """class Mine:
    def __init__(self, data, _prev=(), _op=''):
        self.data, self.grad, self.label, self._prev, self._op = data, 0.0, '', _prev, _op
    def __mul__(self, other):
        return Mine(self.data * other.data, (self, other), '*')
    def backward(self):
        self.grad = 1.0
        def back(node):
            if node._op == '*':
                a, b = node._prev
                a.grad, b.grad = node.grad * b.data, node.grad * a.data  # replaced, where it has to be added
            for operand in node._prev:
                back(operand)
        back(self)"""
SLOW = f"""{EXPLORE}\nimport time\n{OWN}
def f(x):
    time.sleep(SECONDS if x.data > 1.05 else 0)
    return x * x
explore(f, cls=Mine, x=1)"""
# How many of JupyterLab's red marks of widgets without a kernel are to be seen.
BROKEN = """all => [all, ...all.querySelectorAll('*')].map(e => getComputedStyle(e, '::before'))
    .filter(s => s.display !== 'none' && s.content.includes('\uf127')).length"""
MISPLACED = """view => [...view.querySelectorAll('.cg-node')]
    .filter(node => !['none', 'matrix(1, 0, 0, 1, 0, 0)'].includes(getComputedStyle(node).transform)).length"""


@pytest.fixture
def page(window):
    return window[0]


def said(view, sentence):
    """The message of a view, once it says this, with the picture marked as that of an earlier run."""
    message = view.place.locator(".cg-message", has_text=sentence)
    message.wait_for(state="visible")
    assert "cg-old" in view.place.get_attribute("class")
    return message


def is_quiet(view):
    view.place.locator(".cg-message").wait_for(state="hidden")
    assert "cg-old" not in view.place.get_attribute("class")


def test_moves_do_not_wait_for_a_busy_kernel_and_no_number_comes_back(run, page):
    view = run(L).view()
    keep_busy(page)
    seen = watch(page, view, "0.data")
    for number, result in (("2.1", "-7.4"), ("2.2", "-6.8"), ("2.3", "-6.2")):
        view.slider(0).press("ArrowRight")
        view.becomes(a=(number, "6"), L=(result, "1"))
    assert view.box(0).input_value() == "2.3"
    interrupt(page)
    view.becomes(a=("2.3", "6"), L=("-6.2", "1"))
    assert view.box(0).input_value() == "2.3"
    assert seen() == ["2", "2.1", "2.2", "2.3"]
    is_quiet(view)


@pytest.mark.parametrize("end", ["restart", "death", "shutdown"])
def test_pictures_outlive_their_kernel_and_still_answer(run, page, end):
    notebook = run(L, SLOW.replace("SECONDS", "0"))
    view, own = notebook.view(0), notebook.view(1)
    before, boxes = view.numbers(), view.boxes()
    if end == "death":
        page.evaluate(BUSY, "import os; os._exit(1)")
        page.locator(".jp-Dialog", has_text="appears to have died").locator("button").click(timeout=30_000)
    else:
        page.evaluate(f"() => {KERNEL}.{end}()")
    if end == "shutdown":
        page.wait_for_function(HAS_ENDED)
    else:
        page.wait_for_selector(".jupyter-widgets-disconnected .cg-view", timeout=30_000)
    assert (view.numbers(), view.boxes()) == (before, boxes)
    assert view.controls.evaluate(BROKEN) == 0
    for number, result in (("9.9", "-7.8"), ("9.8", "-7.6")):
        view.slider(2).press("ArrowLeft")
        view.becomes(c=(number, "-2"), L=(result, "1"))
        assert view.box(2).input_value() == number
    view.slider(3).press("End")
    view.becomes(d=("2", "3.8"), L=("7.6", "1"))
    is_quiet(view)
    is_quiet(own)
    own.slider(0).press("ArrowRight")
    said(own, ENDED)
    own.becomes(x=("1", "1"), v1=("1", "1"))


def test_a_class_of_ones_own_without_its_kernel_says_that_nobody_computes(run, page):
    view = run(SLOW.replace("SECONDS", "60")).view()
    view.slider(0).press("ArrowRight")
    said(view, STILL)
    page.evaluate(f"() => {KERNEL}.restart()")
    said(view, ENDED)
    view.becomes(x=("1", "1"), v1=("1", "1"))


def test_a_late_answer_does_not_undo_newer_numbers(run, page):
    view = run(
        f"{EXPLORE}\nimport time\ndef f(a, b):\n    time.sleep(0.1)\n    return a * b\nexplore(f, a=2, b=3)"
    ).view()
    seen = watch(page, view, "0.data")
    view.slider(0).focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)
    view.becomes(a=("4", "3"), b=("3", "4"))
    page.wait_for_timeout(500)
    page.wait_for_function(f"() => {KERNEL}.status === 'idle'")
    numbers = [float(text) for text in seen()]
    assert numbers == sorted(numbers) and numbers[-1] == 4


def test_a_function_whose_graph_changes_with_its_number_is_left_to_the_kernel(run, page):
    function = "def f(a):\n    return a * a if a.data < 2.05 else a + 1 if a.data < 2.15 else a * round(a.data, 1)"
    view = run(f"{EXPLORE}\n{function}\nexplore(f, a=2)").view()
    view.slider(0).press("ArrowRight")
    page.wait_for_function("() => document.getAnimations().some(a => a.effect.target.matches('.cg-view .cg-node'))")
    view.becomes(a=("2.1", "1"), v2=("3.1", "1"))
    view.slider(0).press("ArrowLeft")
    view.becomes(a=("2", "4"), v1=("4", "1"))
    view.slider(0).press("End")
    view.becomes(a=("6", "6"), v2=("36", "1"))
    seen = watch(page, view, "2.data")
    view.slider(0).press("ArrowLeft")
    view.becomes(a=("5.9", "5.9"), v2=("34.81", "1"))
    assert seen() == ["36", "34.81"]
    page.wait_for_timeout(600)
    assert view.place.evaluate(MISPLACED) == 0


def test_constants_that_a_function_makes_of_its_numbers_are_noticed(run, page):
    view = run(f"{EXPLORE}\nexplore(lambda a: a * round(a.data), a=2)").view()
    view.slider(0).press("End")
    view.becomes(a=("6", "6"), v2=("36", "1"))
    seen = watch(page, view, "2.data")
    view.slider(0).press("Home")
    view.becomes(a=("-2", "-2"), v2=("4", "1"))
    assert seen() == ["36", "4"]  # and not -2 · 6
    view.place.locator("[data-node='2'][aria-label='v2 = a * -2: value 4, gradient 1']").wait_for()


def test_a_function_that_fails_or_gives_no_node_at_some_numbers_recovers(run):
    fails = "def f(x):\n    if x.data > 1.05:\n        raise RuntimeError('my own')\n    return x * x"
    number = "def g(x):\n    return 3.0 if x.data > 1.05 else x * x"
    notebook = run(f"{EXPLORE}\n{fails}\nexplore(f, x=1)", f"{number}\nexplore(g, x=1)")
    for n, sentence in ((0, "RuntimeError: my own"), (1, "g returned a float, not a node of a graph")):
        view = notebook.view(n)
        for _ in range(2):
            view.slider(0).press("ArrowRight")
            said(view, sentence)
            view.becomes(x=("1", "2"), v1=("1", "1"))  # the last good run, and not what the page had found by itself
            view.slider(0).press("ArrowLeft")
            view.becomes(x=("1", "2"), v1=("1", "1"))
            is_quiet(view)


def test_the_tools_come_with_the_first_picture(run, page):
    run(f"{EXPLORE}\nexplore(lambda x: 3.0 if x.data > 0.95 else x * x, x=1)")
    tools = page.locator(".cg-tools")
    page.get_by_text("returned a float, not a node of a graph").wait_for()
    assert not tools.is_visible()
    page.locator(".noUi-handle").press("ArrowLeft")
    tools.get_by_role("button", name="Step").wait_for()


def test_a_long_run_is_said_to_be_computing_and_then_shown(run, tmp_path):
    end = tmp_path / "end"
    long = f"while x.data > 1.05 and not __import__('os').path.exists({str(end)!r}): time.sleep(0.01)"
    view = run(SLOW.replace("time.sleep(SECONDS if x.data > 1.05 else 0)", long)).view()
    view.slider(0).press("ArrowRight")
    said(view, STILL)
    end.touch()  # not before it is said
    view.becomes(x=("1.1", "1.1"), v1=("1.21", "1"))
    is_quiet(view)
    view.slider(0).press("Home")
    view.becomes(x=("-1", "-1"), v1=("1", "1"))


def test_a_run_that_is_interrupted_says_so_and_the_next_move_recovers(run, page):
    view = run(SLOW.replace("SECONDS", "60")).view()
    view.slider(0).press("ArrowRight")
    said(view, STILL)
    interrupt(page)
    said(view, "the run with these numbers was interrupted")
    view.becomes(x=("1", "1"), v1=("1", "1"))
    view.slider(0).press("Home")
    view.becomes(x=("-1", "-1"), v1=("1", "1"))
    is_quiet(view)


def test_a_wrong_gradient_of_a_class_of_ones_own_is_shown_as_it_is(run, page):
    view = run(f"{EXPLORE}\n{OWN}\nexplore(lambda a, b: a * b * a, cls=Mine, a=2, b=3)").view()
    seen = watch(page, view, "0.grad")
    view.becomes(a=("2", "6"), b=("3", "4"), v3=("12", "1"))  # 2ab is 12
    view.slider(0).press("ArrowRight")
    view.becomes(a=("2.1", "6.3"), b=("3", "4.41"), v3=("13.23", "1"))
    page.wait_for_timeout(200)
    assert seen() == ["6", "6.3"]
