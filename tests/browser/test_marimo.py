"""marimo shows anywidgets and none of the notebook's own: the view brings sliders, and asks the kernel for itself."""

import hosts
import pytest
from notebook_page import View

from tests.toolbox import TOOLS

NOTEBOOK = """
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    from cgviz import descend, explore
    return descend, explore, mo


@app.cell
def _(mo):
    a = mo.ui.slider(0, 10, value=2, label="marimo's")
    a
    return (a,)


@app.cell
def _(a, explore):
    first = explore("(a*b + c)*d", a=a.value, b=-3, c=10, d=-2)
    first
    return (first,)


@app.cell
def _(explore):
    class Mine:
        def __init__(self, data, operands=(), op=""):
            self.data, self.grad, self._prev, self._op = data, 0.0, operands, op

        def __mul__(self, other):
            return Mine(self.data * other.data, (self, other), "*")

        def backward(self):
            self.grad = 1.0
            for one, other in (self._prev, self._prev[::-1]):
                one.grad += other.data

    mine = explore(lambda p, q: p * q, cls=Mine, p=2, q=-3)
    return (mine,)


@app.cell
def _(first, mine, mo):
    mo.vstack([mine, mo.md(f"with a slider of marimo's {first.root.data}")])
    return


@app.cell
def _(descend):
    descend("x**2", x=3, rate=0.1)
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    hosts.need("marimo")
    home = tmp_path_factory.mktemp("marimo")
    (home / "n.py").write_text(NOTEBOOK, encoding="utf-8")
    command = ("marimo", "run", "n.py", "--headless", "--no-token", "--host=127.0.0.1", "--port=PORT")
    with hosts.serving(home, *command) as address:
        page = hosts.window(browser)
        page.goto(address)
        page.locator(".cg-choices button").nth(3 * len(TOOLS) - 1).wait_for()  # in each of three views
        yield page
        page.close()


def view(page, name):
    """The sliders with one of this name, and the view below them."""
    sliders = f'.cg-sliders:has([aria-label="{name}"])'
    return page.locator(sliders), View(page, page.locator(f"{sliders} + .cg-view"))


def test_sliders_boxes_and_resets_move_the_graph(page):
    sliders, shown = view(page, "a")
    shown.becomes(a=("2", "6"), L=("-8", "1"))
    sliders.get_by_role("slider").nth(2).press("ArrowRight")
    shown.becomes(c=("10.1", "-2"), L=("-8.2", "1"))
    box = sliders.get_by_role("textbox").nth(1)
    box.fill("12,5")
    box.press("Enter")
    shown.becomes(b=("12.5", "-4"), L=("-70.2", "1"))
    assert box.input_value() == "12.5"
    box.fill("spam")
    box.press("Enter")
    shown.place.get_by_text("b: 'spam' is not a number").wait_for()
    for reset in sliders.get_by_role("button").all():
        reset.click()
    shown.becomes(b=("-3", "-4"), L=("-8", "1"))


def test_a_class_of_ones_own_is_computed_by_the_kernel(page):
    sliders, shown = view(page, "p")
    for _ in range(10):
        sliders.get_by_role("slider").first.press("ArrowRight")
    shown.becomes(p=("3", "-3"), q=("-3", "3"))


def test_a_descent_walks(page):
    sliders, shown = view(page, "start x")
    shown.place.get_by_role("button", name="one step on").click()
    shown.becomes(x=("2.4", "4.8"))
    assert sliders.get_by_role("slider").last.input_value() == "1"


def test_the_tools_work(page):
    _, shown = view(page, "a")
    shown.place.get_by_role("button", name="Explain").click()
    shown.place.locator("select").select_option("0")
    shown.place.get_by_text("∂L/∂a").first.wait_for()
    shown.place.get_by_role("button", name="Explain").click()


def test_cells_that_run_again_show_new_views_and_old_ones_whose_toolbox_marimo_has_closed(page):
    page.get_by_role("slider", name="marimo's").press("ArrowRight")
    _, shown = view(page, "a")
    shown.becomes(a=("3", "6"), L=("-2", "1"))
    page.get_by_text("with a slider of marimo's -2").wait_for()
    _, shown = view(page, "p")
    shown.place.locator(".cg-choices button").nth(len(TOOLS) - 1).wait_for()
    assert shown.numbers()["p"][1] == "-3"
