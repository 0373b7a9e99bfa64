"""Live views in a real JupyterLab: two of one explorer, closed ones, strange numbers and labels, saved notebooks."""

from __future__ import annotations

import json

import pytest
from kernel import interrupt, keep_busy
from playwright.sync_api import Error as PlaywrightError

EXPLORE = "from cgviz import Value, explore"
L = 'explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2)'
# How many listen to each widget that we listen to: the name of the model's class, and the number.
LISTENERS = """async () => {
    const renderer = window.jupyterapp.shell.currentWidget.content.rendermime
        .createRenderer('application/vnd.jupyter.widget-view+json');
    const manager = await renderer._manager.promise;
    const models = await Promise.all(Object.values(manager._models));
    renderer.dispose();
    // What ipywidgets itself leaves behind does not count.
    const listeners = model => Object.entries(model._events ?? {})
        .reduce((n, [name, list]) => n + (name === 'msg:custom' ? 0 : list.length), 0);
    return models.filter(m => /^(Any|FloatSlider|Text)Model$/.test(m.name))
        .map(m => [m.model_id, m.name, listeners(m)]);
}"""
CLEAR = "n => window.jupyterapp.shell.currentWidget.content.widgets[n].model.clearExecution()"
RUN = """n => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = n;
    return window.jupyterapp.commands.execute('notebook:run-cell').then(() => true);
}"""
UNNAMED = """svg => (svg.getAttribute('aria-labelledby') ?? 'nothing').split(' ')
    .filter(id => !svg.querySelector('#' + CSS.escape(id)))"""
SAVE = """async () => {
    await window.jupyterapp.commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState');
    await window.jupyterapp.commands.execute('docmanager:save');
}"""
WIDGETS = "application/vnd.jupyter.widget-state+json"


@pytest.fixture
def page(window):
    return window[0]


def views_are(page, count):
    page.wait_for_function("n => document.querySelectorAll('.cg-view').length === n", arg=count)


def test_two_displays_of_one_explorer_stay_in_step(run, page):
    notebook = run(f"{EXPLORE}\ne = {L}\ne", "e")
    views = [notebook.view(n) for n in range(2)]
    views[0].slider(0).press("ArrowRight")
    for view in views:
        view.becomes(a=("2.1", "6"), L=("-7.4", "1"))
    views[1].box(1).fill("5")
    views[1].box(1).press("Enter")
    for view in views:
        view.becomes(b=("5", "-4.2"), L=("-41", "1"))
        assert view.box(1).input_value() == "5"
    keep_busy(page)
    views[1].slider(0).press("ArrowRight")
    for view in views:
        view.becomes(a=("2.2", "-10"), L=("-42", "1"))
    interrupt(page)
    ids = page.evaluate("() => [...document.querySelectorAll('.cg-view [id]')].map(e => e.id)")
    assert ids and len(ids) == len(set(ids))
    for view in views:
        assert view.place.locator("svg").first.evaluate(UNNAMED) == []


def test_a_range_that_grows_is_the_same_in_both_displays(run):
    notebook = run(f"{EXPLORE}\ne = explore('x*y', x=0.5, y=-1)\ne", "e")
    views = [notebook.view(n) for n in range(2)]
    for x in ("1.6", "1.7", "1.8"):  # the sliders of the two count the old place anew, each with dust of its own
        views[0].box(0).fill(x)
        views[0].box(0).press("Enter")
        for view in views:
            view.becomes(x=(x, "-1"), L=(f"-{x}", "1"))
    assert [view.slider(0).get_attribute("aria-valuemax") for view in views] == ["1.8", "1.8"]


def test_a_display_that_is_cleared_leaves_no_listener_and_the_other_at_work(run, page):
    notebook = run(f"{EXPLORE}\ne = {L}\ne", "e")
    counts = []
    for _ in range(3):
        notebook.view(1).place.get_by_role("button", name="Step").click()
        both = page.evaluate(LISTENERS)
        page.evaluate(CLEAR, 1)
        views_are(page, 1)
        page.wait_for_timeout(100)
        counts.append(page.evaluate(LISTENERS))
        page.evaluate(RUN, 1)
        views_are(page, 2)
    assert counts[0] == counts[1] == counts[2]
    ours = [sum(count for _, name, count in found if name == "AnyModel") for found in (both, counts[0])]
    assert ours[0] - ours[1] >= 6  # so they are counted
    page.evaluate(CLEAR, 1)
    view = notebook.view(0)
    view.slider(0).press("ArrowRight")
    view.becomes(a=("2.1", "6"), L=("-7.4", "1"))


def test_what_is_not_finite_is_shown_and_moves_on(run, page):
    cells = f"{EXPLORE}\nimport math\nexplore(lambda a: a * math.inf, a=2)", "explore(lambda a: a * math.nan + 1, a=2)"
    notebook = run(*cells, 'explore("exp(a)", a=700)')
    view = notebook.view(0)
    view.becomes(a=("2", "∞"), v2=("∞", "1"))
    view.slider(0).press("Home")
    view.becomes(a=("-2", "∞"), v2=("-∞", "1"))
    view = notebook.view(1)
    view.becomes(a=("2", "NaN"), v4=("NaN", "1"))
    view.slider(0).press("Home")
    view.becomes(a=("-2", "NaN"), v4=("NaN", "1"))
    view = notebook.view(2)
    keep_busy(page)
    view.slider(0).press("End")
    message = view.place.locator(".cg-message", has_text="exp(a) is too large for a number when node 'a' is 2100")
    message.wait_for(state="visible")
    interrupt(page)
    assert message.is_visible()  # the kernel says the same
    view.box(0).fill("1")
    view.box(0).press("Enter")
    view.becomes(a=("1", "2.718"), L=("2.718", "1"))


def test_labels_stay_text_when_the_page_writes_them_anew(run, page):
    nasty = "<img src=x onerror=\"document.title='taken'\">"
    view = run(f"{EXPLORE}\nx = Value(2, {nasty!r}); y = (x * x).log(); y.label = '<b>y</b>'\nexplore(y)").view()
    keep_busy(page)
    view.slider(0).press("ArrowRight")
    view.becomes(**{"<b>y</b>": ("1.484", "1")})
    for tool in view.place.locator(".cg-choices button").all():
        tool.click(force=True)  # also where it is grey
        view.place.locator("[data-node='0']").first.click()
    view.box(0).fill("0")
    view.box(0).press("Enter")
    interrupt(page)
    view.place.locator(".cg-message", has_text="is defined for").wait_for(state="visible")
    assert page.locator("img[src=x], .jp-OutputArea b").count() == 0
    assert "taken" not in page.title()


@pytest.fixture(scope="module")
def once():
    return {}


@pytest.fixture
def saved(run, lab, page, once):
    """A notebook that was run, moved and saved with the state of its widgets: as JSON."""
    if not once:
        view = run(f"{EXPLORE}\n{L}").view()
        view.slider(0).press("ArrowRight")
        view.becomes(a=("2.1", "6"), L=("-7.4", "1"))
        page.evaluate(SAVE)
        path = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
        once.update(json.loads((lab.folder / path).read_text(encoding="utf-8")))
    return once


def _appears(page):
    try:
        page.locator(".cg-view").first.wait_for(timeout=8_000)
    except PlaywrightError:
        return False
    return True


@pytest.fixture
def opened(window, lab, saved):
    """Writes this notebook into the folder, trusted or not, and opens it; nothing of it is run."""
    page = window[0]

    def opened(trusted, state=True):
        metadata = {**saved["metadata"], "trusted by nobody": not trusted}
        if not state:
            del metadata["widgets"]
        (lab.folder / "saved.ipynb").write_text(json.dumps(saved | {"metadata": metadata}), encoding="utf-8")
        if trusted:
            lab.trust("saved.ipynb")
        notebook = lab.open(page, "saved.ipynb")
        if (
            trusted and state and not _appears(page)
        ):  # anywidget gives a model two seconds, which a busy machine may need
            lab.close(page)
            notebook = lab.open(page, "saved.ipynb")
        return notebook

    lab.close(page)
    yield opened
    lab.close(page)


def test_a_saved_notebook_answers_to_its_sliders_without_being_run(opened, saved):
    assert saved["metadata"]["widgets"][WIDGETS]["state"]
    notebook = opened(trusted=True)
    view = notebook.view()
    view.becomes(a=("2.1", "6"), L=("-7.4", "1"))
    view.slider(0).press("ArrowRight")
    view.becomes(a=("2.2", "6"), d=("-2", "3.4"), L=("-6.8", "1"))
    assert view.box(0).input_value() == "2.2"
    view.place.get_by_role("button", name="Explain").click()
    assert notebook.errors() == []


def test_a_notebook_that_was_saved_in_a_move_shows_where_the_slider_is(opened, saved, once):
    before = json.dumps(saved)
    models = [model["state"] for model in saved["metadata"]["widgets"][WIDGETS]["state"].values()]
    for slider in [state for state in models if state.get("value") == pytest.approx(2.1)]:  # some of earlier cells
        slider["value"] = 3
    view = opened(trusted=True).view()
    once.update(json.loads(before))
    view.becomes(a=("3", "6"), d=("-2", "1"), L=("-2", "1"))


def test_an_untrusted_notebook_shows_the_picture_and_the_table(opened, page):
    opened(trusted=False)
    image = page.locator(".jp-OutputArea img[src^='data:image/svg+xml']")
    image.wait_for()
    assert image.evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 300
    assert page.locator(".cg-view").count() == 0


# Who gives a widget two seconds finds the page busy for longer, as with hundreds of sliders on a slow machine.
BUSY_AT_BIRTH = """() => {
    const timeout = AbortSignal.timeout;
    AbortSignal.timeout = ms => {
        setTimeout(() => { for (const end = performance.now() + 2200; performance.now() < end;); });
        return timeout.call(AbortSignal, ms);
    };
}"""


@pytest.mark.parametrize("shown", ["{}", "import ipywidgets; ipywidgets.HBox([{}])"], ids=["output", "within others"])
def test_a_view_that_a_busy_page_has_made_deaf_shows_its_picture_and_hears_the_kernel(lab, browser, shown):
    page = browser.new_page()  # what the host throws is its own
    lab.load(page)
    own = "class Wrong(Value):\n    def backward(self, *more):\n        self.grad = 7.0\n"
    cell = f"from cgviz import Value, explore\n{own}" + shown.format("explore(lambda a, b: a*b, a=2, b=3, cls=Wrong)")
    notebook = lab.open(page, lab.write(cell))
    page.evaluate(BUSY_AT_BIRTH)
    view = notebook.run_all().view()
    view.box(0).fill("5")
    view.box(0).press("Enter")
    page.wait_for_function("""() => document.querySelector("[data-slot='2.data']").textContent === "15" """)
    lab.close(page)
    page.close()
