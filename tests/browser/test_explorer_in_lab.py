"""The explorer in a real JupyterLab: keys, typed numbers, errors, strange labels, and two at a time."""

from __future__ import annotations

from lab import is_local

EXPLORE = "from cgviz import explore"
L = 'explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)'
STATE = """() => { const notebook = window.jupyterapp.shell.currentWidget.content;
    return [notebook.activeCellIndex, notebook.widgets.length, document.activeElement.className]; }"""


def test_a_request_to_another_host_would_be_noticed(window, lab):
    page, asked = window
    page.evaluate("() => fetch('http://example.invalid/x').catch(() => null)")
    strangers = [url for url in asked if not is_local(url, lab)]
    assert strangers == ["http://example.invalid/x"]
    asked.clear()


def test_command_mode_leaves_the_keys_to_the_slider(lab, page):
    notebook = lab.open(page, lab.write(EXPLORE, L, "'the next cell'")).run_all()
    view = notebook.view()
    page.keyboard.press("Escape")
    view.slider(0).focus()
    before = page.evaluate(STATE)
    assert "noUi-handle" in before[2]
    steps = {"ArrowRight": "2.1", "ArrowUp": "2.2", "ArrowDown": "2.1", "ArrowLeft": "2", "End": "6", "Home": "-2"}
    for key, number in steps.items():
        page.keyboard.press(key)
        view.becomes(a=(number, "6"))
    for key in ("j", "k", "x", "a", "b", "m", "d", "d", "Enter"):  # each of them does something to a cell
        page.keyboard.press(key)
    page.keyboard.press("ArrowRight")
    view.becomes(a=("-1.9", "6"), L=("-31.4", "1"))
    assert page.evaluate(STATE) == before


def test_many_quick_keys_end_at_the_right_numbers(lab, page):
    notebook = lab.open(page, lab.write(EXPLORE, L)).run_all()
    view = notebook.view()
    view.slider(2).focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    view.becomes(c=("16", "-2"), d=("-2", "10"), L=("-20", "1"))
    assert notebook.errors() == []


def test_a_typed_number_widens_the_slider_and_reset_takes_it_back(lab, page):
    notebook = lab.open(page, lab.write(EXPLORE, L)).run_all()
    view = notebook.view()
    before = view.boxes()
    view.box(1).fill("1234.5")
    view.box(1).press("Enter")
    view.becomes(b=("1234", "-4"), L=("-4958", "1"), a=("2", "-2469"))
    assert view.slider(1).get_attribute("aria-valuetext") in ("1234.5", "1234.50")
    assert view.boxes() == before
    view.reset(1).press("Enter")
    view.becomes(b=("-3", "-4"), L=("-8", "1"))
    assert view.box(1).input_value() == "-3"
    view.slider(1).press("End")  # the range is what it was: -9 to 3
    view.becomes(b=("3", "-4"), L=("-32", "1"))
    view.slider(1).press("Home")
    view.becomes(b=("-9", "-4"), L=("16", "1"))
    assert view.boxes() == before
    assert notebook.errors() == []


def test_a_number_typed_after_a_move_stays_where_it_widens_the_slider(lab, page):
    notebook = lab.open(page, lab.write(EXPLORE, L)).run_all()
    view = notebook.view()
    view.slider(0).press("ArrowRight")
    view.becomes(a=("2.1", "6"), L=("-7.4", "1"))
    view.box(0).fill("12,5")
    view.box(0).press("Enter")
    view.becomes(a=("12.5", "6"), L=("55", "1"))
    page.wait_for_timeout(300)  # the page had answered with the place that the slider had left
    view.becomes(a=("12.5", "6"), L=("55", "1"))
    assert (view.box(0).input_value(), notebook.errors()) == ("12.5", [])


def test_a_typed_number_is_taken_exactly_and_the_slider_goes_on_in_clean_steps(lab, page):
    notebook = lab.open(page, lab.write(EXPLORE, L)).run_all()
    view = notebook.view()
    for text, shown, L_ in (("0.1234567", "0.1235", "-19.26"), ("0.55", "0.55", "-16.7"), ("3,5", "3.5", "1")):
        view.box(0).fill(text)
        view.box(0).press("Enter")
        view.becomes(a=(shown, "6"), L=(L_, "1"))
        page.wait_for_timeout(300)  # time for the slider to send what it made of the number
        view.becomes(a=(shown, "6"), L=(L_, "1"))
        assert view.box(0).input_value() == {"0.1234567": "0.1235"}.get(text, text.replace(",", "."))
    view.box(0).fill("0.1234567")
    view.slider(0).focus()
    view.becomes(a=("0.1235", "6"))
    for number in ("0.2", "0.3", "0.4"):
        view.slider(0).press("ArrowRight")
        view.becomes(a=(number, "6"))
    for _ in range(20):
        view.slider(0).press("ArrowRight")
    view.becomes(a=("2.4", "6"))
    assert view.box(0).input_value() == "2.4"
    assert notebook.errors() == []


def test_numbers_off_the_steps_at_the_start_are_left_alone(lab, page):
    cell = "import ipywidgets\nexplore('x*y*z', x=3.14159, y=(0, 10, 4), z=ipywidgets.FloatLogSlider(0.02, min=-3))"
    notebook = lab.open(page, lab.write(EXPLORE, cell)).run_all()
    view = notebook.view()
    page.wait_for_timeout(500)
    assert [view.box(n).input_value() for n in range(3)] == ["3.14159", "4", "0.02"]
    view.becomes(x=("3.142", "0.08"), y=("4", "0.06283"), z=("0.02", "12.57"))


def test_text_that_is_no_number_is_refused_and_the_box_put_back(lab, page):
    notebook = lab.open(page, lab.write(EXPLORE, L)).run_all()
    view = notebook.view()
    before = view.boxes(), view.numbers()
    message = view.place.locator(".cg-message")
    said = {
        "1/2": "a: '1/2' is not a number; write it as 0.5",
        "": "a: the box was empty; write a number such as 0.5",
        "abc": "a: 'abc' is not a number; write one such as 0.5",
        "1e400": "a: '1e400' is too large; the largest number is about 1.8e308",
    }
    for text, sentence in said.items():
        view.box(0).fill(text)
        view.box(0).press("Tab")
        view.place.locator(".cg-message", has_text=sentence).wait_for(state="visible")
        page.wait_for_function("box => box.value === '2'", arg=view.box(0).element_handle())
        assert (view.boxes(), view.numbers()) == before
        assert "cg-old" not in view.place.get_attribute("class")
    view.reset(0).click()
    message.wait_for(state="hidden")
    assert (view.boxes(), view.numbers()) == before
    assert notebook.errors() == []


def test_sliders_boxes_and_resets_have_accessible_names(lab, page):
    notebook = lab.open(page, lab.write(EXPLORE, L)).run_all()
    controls = notebook.view().controls
    for name in "abcd":
        controls.get_by_role("slider", name=name, exact=True).wait_for()
        assert controls.locator(f"label:text-is('{name}')").get_attribute("title") == f"move {name}"
        controls.get_by_role("textbox", name=f"type a number for {name}", exact=True).wait_for()
    assert controls.get_by_role("button", name="reset").count() == 4
    assert controls.locator("button").nth(1).get_attribute("title") == "set b back to -3"


def test_a_picture_that_reaches_no_leaf_says_so_below_it(lab, page):
    cells = [EXPLORE, "class D:\n    def __init__(self, data):\n        self.data = data"]
    cells.append("explore(lambda a, b: D(a.data * b.data), cls=D, a=2, b=3)")
    view = lab.open(page, lab.write(*cells)).run_all().view()
    notice = view.place.locator(".cg-notice", has_text="the picture reaches none of the leaves a, b: D does not")
    notice.wait_for(state="visible")
    assert "cg-old" not in view.place.get_attribute("class")
    picture, below = view.place.locator(".cg-frame > svg").bounding_box(), notice.bounding_box()
    assert picture["y"] + picture["height"] <= below["y"]


def test_in_a_narrow_window_every_row_fits(lab, page):
    cell = "explore('learning_rate*b + c', learning_rate=2, b=-3, c=10)"
    notebook = lab.open(page, lab.write(EXPLORE, L, cell)).run_all()
    size = page.viewport_size
    try:
        page.set_viewport_size({"width": 500, "height": 900})
        page.wait_for_timeout(500)
        for n in range(2):
            rows = notebook.view(n).controls.locator(".widget-hbox")
            sizes = rows.evaluate_all(
                "all => all.map(e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight])"
            )
            assert sizes and max(map(max, sizes)) <= 0, sizes
    finally:
        page.set_viewport_size(size)


def test_an_error_is_said_in_the_view_and_the_next_good_move_recovers(lab, page):
    broken = "def f(x, y):\n    if x > 1.05:\n        raise RuntimeError('my own mistake')\n    return x * y"
    notebook = lab.open(page, lab.write(EXPLORE, 'explore("L = log(a)*b", a=1, b=2)', broken, "explore(f, x=1, y=2)"))
    view = notebook.run_all().view(0)
    message = view.place.locator(".cg-message")
    assert not message.is_visible()
    view.becomes(a=("1", "2"), L=("0", "1"))
    before = view.boxes()
    view.box(0).fill("-1")
    view.box(0).press("Enter")
    message.wait_for(state="visible")
    assert "log" in message.inner_text()
    assert "a" in message.inner_text()
    assert "cg-old" in view.place.get_attribute("class")
    assert view.boxes() == before
    view.box(0).fill("2")
    view.box(0).press("Enter")
    view.becomes(a=("2", "1"), L=("1.386", "1"), b=("2", "0.6931"))
    assert not message.is_visible()
    assert "cg-old" not in view.place.get_attribute("class")
    view = notebook.view(1)
    view.slider(0).press("ArrowRight")
    view.place.locator(".cg-message", has_text="RuntimeError: my own mistake").wait_for(state="visible")
    view.slider(0).press("ArrowLeft")
    view.becomes(x=("1", "2"))
    assert notebook.errors() == []


def test_labels_are_text_and_never_markup(lab, page):
    nasty = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    cells = [
        "from cgviz import Value, draw, explore",
        f"x = Value(2, {nasty!r}); y = x * x; y.label = '</text><b>&'",
        "explore(y)",
        "draw(y)",
        f"def f(a):\n    if a > 2.05:\n        raise ValueError({nasty!r})\n    return a * a",
        "explore(f, a=2)",
    ]
    notebook = lab.open(page, lab.write(*cells)).run_all()
    view = notebook.view(0)
    assert "</text><b>&" in view.numbers()
    assert any(name.startswith("<script>") for name in view.numbers())
    last = notebook.view(1)
    last.slider(0).press("ArrowRight")
    last.place.locator(".cg-message", has_text="onerror").wait_for(state="visible")
    assert page.locator("img[src=x], .jp-OutputArea b").count() == 0
    assert "taken" not in page.title()
    assert notebook.errors() == []


def test_two_views_of_different_graphs_leave_each_other_alone(lab, page):
    cells = [EXPLORE, L, 'explore("y = tanh(w*x)", w=1, x=1)', L]
    notebook = lab.open(page, lab.write(*cells)).run_all()
    views = [notebook.view(n) for n in range(3)]
    before = [view.numbers() for view in views]
    views[1].slider(0).press("ArrowRight")
    views[1].becomes(w=("1.1", "0.3592"), y=("0.8005", "1"))
    assert [views[0].numbers(), views[2].numbers()] == [before[0], before[2]]
    views[2].slider(3).press("ArrowRight")
    views[2].becomes(d=("-1.9", "4"), L=("-7.6", "1"))
    assert views[0].numbers() == before[0]
    ids = page.evaluate("() => [...document.querySelectorAll('.cg-view [id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
