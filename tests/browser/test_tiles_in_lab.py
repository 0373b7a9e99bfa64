"""A heat map in a real JupyterLab: a click and the keys choose a tile, and sliders move the numbers."""

CELL = """from cgviz import Value, exp, bars, matrix
a, b = Value(2.0, "a"), Value(-3.0, "b")
L = a * b
L.backward()
matrix([[a, b], [L, 0.5]], rows="xy", columns="cd", root=L)"""
SLIDERS = """from cgviz import bars, exp
def softmax(a, b):
    powers = [exp(x) for x in (a, b)]
    return [power / sum(powers) for power in powers]
bars(softmax, "ab", largest=1, a=(-2.0, 2.0), b=0.0)"""


def test_a_tile_is_chosen_by_click_and_by_keys_and_explained(run, window):
    page, _ = window
    run(CELL)
    view = page.locator(".cg-tile-view")
    view.locator("g[data-tile='2']").click()
    words = view.locator(".cg-tile-words")
    words.filter(has_text="a · b = 2 · -3 = -6").wait_for()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    words.filter(has_text="row x, column c: 2").wait_for()
    assert view.locator("g.cgt-chosen").get_attribute("data-tile") == "0"
    assert view.locator("g[tabindex='0']").count() == 1


def test_a_slider_moves_the_bars(run, window):
    page, _ = window
    run(SLIDERS)
    bars = page.locator(".cg-tile-view g[data-tile='0']")
    before = bars.locator("title").text_content()
    page.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("old => document.querySelector('.cg-tile-view g title').textContent !== old", arg=before)
    assert bars.locator("title").text_content().startswith("a: 0.5")
