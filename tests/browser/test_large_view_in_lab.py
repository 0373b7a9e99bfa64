"""The view fills its room in JupyterLab: its presentation mode, the full screen and the way back, eight sliders."""

import pytest
from tooling import settle

L = "from cgviz import explore\nexplore('e = a*b; f = e + c; L = f*d', a=2, b=-3, c=10, d=-2)"
EIGHT = (
    "from cgviz import explore\nexplore('L = tanh(a*b + c*d) + (e*f + g)*h', a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8)"
)
MODE = "() => window.jupyterapp.commands.execute('application:toggle-presentation-mode').then(() => true)"
PARTS = [".cg-data", ".cg-choices button", ".widget-label", ".widget-text input", ".cg-sentence"]
SIZES = """parts => parts.map(selector => {
    const element = document.querySelector(selector), svg = element.ownerSVGElement;
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    return scale * parseFloat(getComputedStyle(element).fontSize);
})"""


@pytest.fixture
def sized(window):
    """Gives the window another size until the test is over."""
    page = window[0]
    before = page.viewport_size

    def sized(width, height):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)

    yield sized
    page.set_viewport_size(before)


def box(page, selector):
    return page.locator(selector).first.bounding_box()


def test_the_presentation_mode_of_jupyterlab_enlarges_everything(run, window, sized):
    page = window[0]
    view = run("from cgviz import explore\nexplore('a*b', a=2, b=3)").view()
    sized(1920, 1080)
    view.place.get_by_role("button", name="Step", exact=True).click()
    settle(page)
    before = page.evaluate(SIZES, PARTS)
    page.evaluate(MODE)
    try:
        settle(page)
        after = page.evaluate(SIZES, PARTS)
    finally:
        page.evaluate(MODE)
    assert all(new > 1.15 * old for new, old in zip(after, before, strict=True)), (before, after)


@pytest.mark.parametrize("way", ["button", "slider"])
def test_present_fills_the_screen_and_escape_returns_to_the_notebook(run, window, sized, way):
    page = window[0]
    view = run(L).view()
    sized(1366, 768)
    view.place.get_by_role("button", name="Step", exact=True).click()
    settle(page)
    before = view.boxes()
    if way == "slider":
        view.slider(0).focus()
        page.keyboard.press("p")
    else:
        view.place.get_by_role("button", name="Present").click()
    page.wait_for_function("() => document.fullscreenElement?.matches('.cg-explorer.cg-present')")
    settle(page)
    picture, strip = box(page, ".cg-frame > svg"), box(page, ".cg-inputs")
    assert picture["width"] > 0.9 * 1366 and picture["y"] + picture["height"] <= strip["y"]
    assert strip["y"] + strip["height"] <= 768
    view.slider(0).press("ArrowRight")
    view.becomes(a=("2.1", "not yet"))
    view.slider(0).press("ArrowLeft")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.fullscreenElement && !document.querySelector('.cg-present')")
    settle(page)
    assert view.boxes() == before
    focused = page.evaluate(
        "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    )
    assert focused == ("a" if way == "slider" else "Present")


def test_inputs_picture_and_tool_of_eight_leaves_are_seen_at_once(run, window, sized):
    page = window[0]
    view = run(EIGHT).view()
    sized(1366, 768)
    room = box(page, ".jp-WindowedPanel-outer")["height"]
    for tool in ("Step", "Predict", "Explain"):
        view.place.get_by_role("button", name=tool, exact=True).click()
        settle(page)
        top, panel = box(page, ".cg-inputs")["y"], box(page, ".cg-panel")
        bottom = max(panel["y"] + panel["height"], box(page, ".cg-tools")["y"] + box(page, ".cg-tools")["height"])
        assert bottom - top <= room, tool


def test_the_inputs_stay_in_sight_while_the_notebook_scrolls(run, window, sized):
    page = window[0]
    many = "; ".join(f"y{i} = tanh(y{i - 1}*a + b)" for i in range(1, 3))
    run(f"from cgviz import explore\nexplore('y0 = a*b; {many}', a=2, b=-3, rankdir='TB')", "1\n" * 60).view()
    sized(1366, 500)
    scrolled = page.evaluate(
        """() => {
            let panel = document.querySelector(".cg-explorer");
            while (!(panel.scrollHeight > panel.clientHeight + 20 && getComputedStyle(panel).overflowY === "auto"))
                panel = panel.parentElement;
            const inputs = document.querySelector(".cg-explorer > .cg-inputs");
            const before = inputs.getBoundingClientRect().top;
            panel.scrollTop += before - panel.getBoundingClientRect().top + 120;
            return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
                done([inputs.getBoundingClientRect().top, panel.getBoundingClientRect().top]))));
        }"""
    )
    assert abs(scrolled[0] - scrolled[1]) < 30, scrolled
    assert page.locator(".cg-explorer > .cg-inputs").is_visible()


def test_the_boxes_of_many_inputs_hold_a_number_of_eight_characters(run, window, sized):
    names = [f"w{i}" for i in range(9)]
    numbers = ", ".join(f"{name}={-0.04571 - i / 1e5:.5f}" for i, name in enumerate(names))
    run(f"from cgviz import explore\nexplore({' + '.join(names)!r}, {numbers})").view()
    sized(1366, 768)
    cut = (
        window[0]
        .locator(".cg-inputs .widget-text input")
        .evaluate_all("all => all.map(one => [one.value, one.scrollWidth - one.clientWidth])")
    )
    assert len(cut) == len(names) and all(len(text) == 8 and over <= 0 for text, over in cut), cut
