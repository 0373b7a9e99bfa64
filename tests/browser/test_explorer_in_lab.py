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
    view.box(1).fill("")  # an empty box is no number: it is refused or ignored, and the view goes on
    view.box(1).press("Tab")
    view.reset(1).press("Enter")
    view.becomes(b=("-3", "-4"), L=("-8", "1"))
    assert view.box(1).input_value() == "-3"
    assert view.boxes() == before
    assert notebook.errors() == []


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
