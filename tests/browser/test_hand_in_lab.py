"""The numbers in the picture and the notebook's own sliders, in a real JupyterLab: each moves the other."""

from __future__ import annotations

CELLS = [
    "import ipywidgets\nfrom cgviz import explore",
    "explorer = explore('(a*b + c)*d', a=2, b=-3, c=10, d=-2)\nexplorer",
]
OWN = """
class Own:
    def __init__(self, data, operands=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, operands, op
        self._backward = lambda: None
    def __mul__(self, other):
        out = Own(self.data * other.data, (self, other), "*")
        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = _backward
        return out
    def backward(self):
        self.grad = 1.0
        self._backward()

explore(lambda a, b: a*b, cls=Own, a=2, b=-3)
"""
READ = "print(dict(explorer.inputs))"
STATE = """() => { const notebook = window.jupyterapp.shell.currentWidget.content;
    return [notebook.activeCellIndex, ...notebook.widgets.map(cell => cell.model.sharedModel.source)]; }"""


def node(view, i):
    return view.place.locator(f".cg-node[data-node='{i}']")


def middle(view, i):
    box = view.place.locator(f"[data-slot='{i}.data']").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(view, i, dx):
    x, y = middle(view, i)
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.page.mouse.move(x + dx, y, steps=6)
    view.page.mouse.up()


def settle(page):
    page.evaluate("() => new Promise(done => setTimeout(done, 450))")


def kernel(page):
    """The numbers of the kernel, when it has answered."""
    script = """code => { const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        return new Promise(done => { const future = kernel.requestExecute({code, silent: false, store_history: false});
            let text = ''; future.onIOPub = message => { text += message.content.text ?? ''; };
            future.done.then(() => done(text)); }); }"""
    return eval(page.evaluate(script, READ))  # a dict of numbers that our own cell prints


def test_a_number_dragged_stepped_and_typed_in_the_picture_moves_the_notebooks_slider(run, window):
    page = window[0]
    view = run(*CELLS).view()
    node(view, 0).and_(view.place.locator("[role=spinbutton]")).wait_for()
    drag(view, 0, 17 * 14 / 8)
    view.becomes(a=("3", "6"))  # an eighth of the range, for an eighth of 17 em
    page.wait_for_function(
        "handle => +handle.getAttribute('aria-valuetext') === 3", arg=view.slider(0).element_handle()
    )
    assert (view.box(0).input_value(), kernel(page)["a"]) == ("3", 3)
    node(view, 0).press("ArrowUp")
    assert kernel(page)["a"] == 3.1
    page.mouse.dblclick(*middle(view, 1))
    page.keyboard.type("12.3456789")
    page.keyboard.press("Enter")
    view.becomes(b=("12.35", view.numbers()["b"][1]))
    assert kernel(page)["b"] == 12.3456789
    assert view.box(1).input_value() == "12.35"
    page.mouse.dblclick(*middle(view, 1))
    page.keyboard.type("1/2")
    page.keyboard.press("Enter")
    view.place.locator(".cg-message", has_text="b: '1/2' is not a number; write it as 0.5").wait_for()
    assert kernel(page)["b"] == 12.3456789
    view.slider(1).dblclick()  # resets, with the range
    view.becomes(b=("-3", view.numbers()["b"][1]))
    assert kernel(page)["b"] == -3
    view.slider(1).press("End")
    assert view.box(1).input_value() == "3"


def test_undo_takes_back_what_the_notebooks_sliders_did_and_nothing_in_its_cells(run, window):
    page = window[0]
    view = run(*CELLS).view()
    node(view, 0).and_(view.place.locator("[role=spinbutton]")).wait_for()
    before = page.evaluate(STATE)
    view.slider(2).press("ArrowRight")
    view.becomes(c=("10.1", "-2"))
    settle(page)
    view.box(3).fill("7")
    view.box(3).press("Enter")
    view.becomes(d=("7", "4.1"))
    settle(page)
    for key, c, d in (
        ("z", "10.1", "-2"),
        ("z", "10", "-2"),
        ("z", "10", "-2"),
        ("Shift+z", "10.1", "-2"),
        ("Shift+z", "10.1", "7"),
    ):
        page.keyboard.press(f"Control+{key}")
        view.becomes(c=(c, view.numbers()["c"][1]), d=(d, view.numbers()["d"][1]))
        found = kernel(page)
        assert (found["c"], found["d"]) == (float(c), float(d))
    assert page.evaluate(STATE) == before


def test_a_class_of_ones_own_follows_the_hand_through_the_kernel(run, window):
    view = run(CELLS[0], OWN).view()
    node(view, 0).and_(view.place.locator("[role=spinbutton]")).wait_for()
    node(view, 0).press("ArrowUp")
    view.becomes(a=("2.1", "-3"), b=("-3", "2.1"))
    node(view, 0).press("Enter")
    view.page.keyboard.type("-0.123456789")
    view.page.keyboard.press("Enter")
    view.becomes(a=("-0.1235", "-3"), b=("-3", "-0.1235"))


def test_choices_and_fixed_numbers_stand_beside_the_sliders(run, window):
    page = window[0]
    cell = "explorer = explore('a*n + k', a=2, n=[1, 10], k=ipywidgets.fixed(5))\nexplorer"
    view = run(CELLS[0], cell).view()
    n = view.place.get_by_role("spinbutton", name="leaf n")
    n.wait_for()
    view.controls.locator(".cg-inputs select").select_option(label="10")
    view.becomes(n=("10", "2"), k=("5", "1"))
    assert kernel(page) == {"a": 2, "n": 10, "k": 5}
    settle(page)
    n.press("ArrowDown")
    assert kernel(page)["n"] == 1 and view.controls.locator(".cg-inputs select").input_value() == "1"
    settle(page)
    page.keyboard.press("Control+z")
    view.becomes(n=("10", "2"))


def test_the_ends_and_the_zero_of_a_slider_stand_where_its_handle_would(run, window):
    page = window[0]
    view = run(*CELLS).view()
    scale = view.controls.locator(".cg-scale")
    scale.nth(3).wait_for()
    assert [text.split() for text in scale.all_inner_texts()] == [["−2", "6"], ["−9", "3"], ["−10", "30"], ["−6", "2"]]
    for k in range(4):
        view.box(k).fill("0")
        view.box(k).press("Enter")
        page.wait_for_function(
            "handle => +handle.getAttribute('aria-valuenow') === 0", arg=view.slider(k).element_handle()
        )
        handle, tick = view.slider(k).bounding_box(), scale.nth(k).locator("i").bounding_box()
        assert abs(handle["x"] + handle["width"] / 2 - tick["x"]) < 2
    view.slider(1).hover()
    assert "cg-pointed" in node(view, 1).get_attribute("class")
    node(view, 2).hover()
    assert "cg-pointed" in view.controls.locator(".cg-input-2").get_attribute("class")
