"""Gradient descent in the page: it walks as Python walks, with and without a kernel."""

import pytest
from kernel import keep_busy
from tooling import move, slot, watch

from cgviz import descend
from cgviz.live import javascript as source
from cgviz.pictures.chart import clip
from cgviz.text import number, typeset

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

SEED = "a**2 - 10*a + 28"
VALLEY = "(1 - x)**2 + 3*(y - x*x)**2"
COUNTED = """() => {
    const { graph } = cgviz, { forward } = graph.tape;
    graph.counted = 0;
    graph.tape.forward = (...given) => {
        graph.counted++;
        return forward.apply(graph.tape, given);
    };
}"""
NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1100, "height": 900}


@pytest.fixture
def opened(browser, tmp_path):
    pages, errors = [], []

    def opened(descent, **options):
        (tmp_path / "page.html").write_text(descent.to_html(), encoding="utf-8")
        page = browser.new_page(**{"viewport": WIDE, **options})
        pages.append(page)
        page.set_default_timeout(10_000)
        watch(page, errors.append)
        page.goto((tmp_path / "page.html").as_uri())
        page.locator(".cg-choices button").first.wait_for()
        return page

    yield opened
    for page in pages:
        page.close()
    assert not errors


def rows(page):
    cells = page.locator(".cg-trail tbody tr:not([hidden])").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    return [[int(first), *rest] for first, *rest in cells]


def expected(descent):
    return [
        [s.number, *(typeset(number(x)) for x in (*s.point.values(), s.value, *s.gradient.values()))]
        for s in descent.steps
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("f", "start", "moves"),
    [
        (
            SEED,
            {"a": 6},
            [{}, {"rate": 0.5}, {"rate": 1.1}, {"rate": 0.9, "start a": 4}, {"rate": 1.0}, {"start a": 5}],
        ),
        (VALLEY, {"x": -1, "y": 1.5}, [{}, {"rate": 0.01}, {"start x": 1.3, "start y": -1}, {"rate": 0.15}]),
        ("x - log(x)", {"x": 0.3}, [{}, {"rate": 0.2}, {"start x": 2.5}, {"rate": 3}]),
        ("x**4", {"x": 2}, [{}, {"rate": 0.12}, {"rate": 0.01}]),
    ],
    ids=["parabola", "valley", "an edge", "beyond all numbers"],
)
def test_the_page_walks_as_python_walks(opened, f, start, moves):
    descent = descend(f, start, rate=0.05, steps=12)
    page = opened(descent)
    for numbers in moves:
        for name, x in numbers.items():
            move(page, name, x)
        descent.inputs = {**descent.inputs, **numbers}
        assert rows(page) == expected(descent), numbers
        said = page.locator(".cg-verdict").text_content()  # of several numbers too large each may name another first
        assert said.split(" is too large")[0].split(": ")[0] == typeset(descent.verdict).split(": ")[0]
        if "is too large" not in said:
            assert said == typeset(descent.verdict)


def test_the_graph_stands_at_the_step_and_follows_the_buttons(opened):
    descent = descend(SEED, a=6)
    page = opened(descent)
    assert slot(page, "0.data") == "6"
    on, back = (page.get_by_role("button", name=f"one step {way}") for way in ("on", "back"))
    for k in (1, 2, 3):
        on.click()
        assert slot(page, "0.data") == typeset(number(descent.steps[k].point["a"]))
        assert slot(page, "0.grad") == typeset(number(descent.steps[k].gradient["a"]))
    assert page.locator(".cg-trail [aria-current=true] th").text_content() == "3"
    assert page.locator(".cg-taken").text_content() == "next a = 5.512 − 0.1 · 1.024 = 5.41"
    back.click()
    assert page.get_by_label("type a number for step").input_value() == "2"
    page.locator(".cg-trail tbody tr").nth(7).click()
    assert slot(page, "0.data") == typeset(number(descent.steps[7].point["a"]))
    page.get_by_role("button", name="Explain").click()
    assert page.locator(".cg-panel").inner_text()


def test_only_steps_that_are_taken_are_drawn(opened):
    page = opened(descend(VALLEY, x=-1, y=1.5, rate=0.05, steps=8))
    dots = page.locator(".cg-dots circle")
    for step in (0, 3, 8, 1):
        move(page, "step", step)
        assert dots.count() == step + 1


@pytest.mark.parametrize(("f", "start"), [(SEED, {"a": 6}), (VALLEY, {"x": -1, "y": 1.5})])
def test_a_click_in_the_landscape_chooses_the_start(opened, f, start):
    page = opened(descend(f, start, rate=0.05, steps=8))
    move(page, "step", 4)
    land = page.evaluate("() => cgviz.model.get('land').ranges")
    inner = page.locator(".cg-land svg svg").first.evaluate(
        "svg => { const m = svg.getScreenCTM(), {width, height} = cgviz.plot.size; "
        "return [m.e, m.f, m.a * width, m.d * height]; }"
    )
    x, y, width, height = inner
    page.mouse.click(x + 0.75 * width, y + 0.25 * height)
    for name, share in zip(start, (0.75, 0.75), strict=False):
        low, high = land[name]
        found = float(page.get_by_label(f"type a number for start {name}").input_value())
        assert found == pytest.approx(low + share * (high - low), abs=0.03 * (high - low)) and found == round(found, 2)
        assert rows(page)[0][1 + list(start).index(name)] == number(found)
    assert page.get_by_label("type a number for step").input_value() == "4"
    page.keyboard.press("Control+z")
    page.locator("input[type=range]").first.focus()
    page.keyboard.press("Control+z")
    assert [page.get_by_label(f"type a number for start {n}").input_value() for n in start] == [
        *map(number, start.values())
    ]


def test_play_goes_to_the_last_step_and_stops(opened):
    page = opened(descend(SEED, a=6, steps=2))
    play = page.get_by_role("button", name="take the steps")
    play.click()
    assert play.text_content() == "pause"
    page.wait_for_function("() => document.querySelector('.cg-play').textContent === 'play'")
    assert page.locator(".cg-trail [aria-current=true] th").text_content() == "2"


def test_a_picture_of_steps_that_run_away_is_cut_and_not_broken(opened):
    page = opened(descend("x**4", {"x": 2}, rate=0.01, steps=12))
    move(page, "rate", 0.4)
    move(page, "step", 12)
    assert "outside" in page.locator(".cg-around .cg-hint").text_content()
    assert page.locator(".cg-verdict.cg-away").count() == 1
    for d in page.locator(".cg-plot path").evaluate_all("all => all.map(p => p.getAttribute('d'))"):
        assert not any(word in d for word in ("NaN", "Infinity", "e+"))


def test_a_start_without_a_value_is_said_and_the_picture_stays(opened):
    page = opened(descend("x - log(x)", 2.0))
    before = rows(page)
    move(page, "start x", -1)
    assert page.get_by_role("alert").text_content() == "log(x) is defined for x > 0, but node 'x' is -1"
    assert rows(page) == before
    move(page, "start x", 3)
    assert page.locator(".cg-message").text_content() == ""
    assert rows(page)[0][1] == "3"


def test_lines_are_cut_as_python_cuts_them(browser):
    page = browser.new_page()
    page.set_content("<p></p>")
    page.add_script_tag(content=source.script("descent") + "\nglobalThis.cut = clip;", type="module")
    page.wait_for_function("() => !!globalThis.cut")
    for a, b in [((0, 0), (1000, 1000)), ((-500, 0), (-400, 9)), ((-1e308, 5), (1e308, 5)), ((-900, 50), (900, 60))]:
        found = page.evaluate("([a, b]) => cut(a, b, 100, 100)", [a, b])
        cut = clip(a, b, 100, 100)
        assert found == (cut and [pytest.approx(list(end)) for end in cut])
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize(("f", "start"), [(SEED, {"a": 6}), (VALLEY, {"x": -1, "y": 1.5})], ids=["one", "two"])
def test_it_is_accessible_and_fits(opened, f, start, scheme, size):
    page = opened(descend(f, start, rate=0.05), color_scheme=scheme, viewport=size, reduced_motion="reduce")
    move(page, "step", 4)
    found = axe.Axe().run(page).response["violations"]
    assert [(fault["id"], node["target"], node["failureSummary"]) for fault in found for node in fault["nodes"]] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]
    page.wait_for_function(
        "() => document.querySelector('[aria-live=polite]').textContent.startsWith('Step 4 of 20: ')"
    )


def test_in_a_notebook_the_kernel_and_the_page_agree(lab, page):
    cells = [
        "from cgviz import explore\nexplore('a*b', a=1, b=2)",  # the toolbox is there before the first descent
        "from cgviz import descend\nfrom cgviz import Value\nd = descend('a**2 - 10*a + 28', a=6)\nd",
        "class Mine(Value):\n    pass\ne = descend(lambda a: a*a, 2, rate=0.25, cls=Mine)\ne",
    ]
    notebook = lab.open(page, lab.write(*cells)).run_all()
    first = notebook.view(1)
    first.slider(2).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    first.becomes(a=("5.512", "1.024"))
    first.box(1).fill("0.5")
    first.box(1).press("Enter")
    first.becomes(a=("5", "0"))
    own = notebook.view(2)
    own.slider(2).focus()
    page.keyboard.press("ArrowRight")
    own.becomes(a=("1", "2"))
    own.place.get_by_role("button", name="one step on").click()
    own.becomes(a=("0.5", "1"))
    keep_busy(page)
    own.place.get_by_role("button", name="one step on").click()
    own.becomes(a=("0.25", "0.5"))  # ahead of the class, which has agreed so far
    assert notebook.errors() == []


def test_a_refusal_does_not_lie_over_the_verdict(opened):
    page = opened(descend("log(a)", a=1, rate=0.1))
    move(page, "start a", -1)
    message, verdict = page.locator(".cg-message"), page.locator(".cg-verdict")
    assert "log(a) is defined for a > 0" in message.text_content() and verdict.text_content()
    over, under = verdict.bounding_box(), message.bounding_box()
    assert over["y"] + over["height"] <= under["y"]
    assert under["y"] + under["height"] <= page.locator(".cg-node").first.bounding_box()["y"]


def test_another_step_takes_no_new_walk(opened):
    page = opened(descend(SEED, a=6))
    page.evaluate(COUNTED)
    for step in (3, 7, 20):
        move(page, "step", step)
    assert 1 <= page.evaluate("() => cgviz.graph.counted") <= 6  # the graph at each of them, and no walk of 21 runs
    move(page, "rate", 0.2)
    assert page.evaluate("() => cgviz.graph.counted") >= 21


def test_a_step_between_two_and_a_start_without_a_gradient_are_refused(opened):
    descent = descend("1/x", {"x": 2})
    page = opened(descent)
    message, before = page.locator(".cg-message"), rows(page)
    move(page, "step", 2.5)
    assert message.text_content() == "step: this slider takes whole numbers, and 2.5 is none"
    assert page.get_by_label("type a number for step").input_value() == "0"
    move(page, "start x", 1e-200)
    descent.inputs["start x"] = 1e-200
    assert message.text_content() == descent.view.message != ""
    assert rows(page) == before


@pytest.mark.parametrize(
    ("f", "start", "rate"),
    [
        ("x", {"x": 1e308}, 0.1),
        ("exp(x)", {"x": 709.7}, 0.1),
        ("x + y", {"x": 1e308, "y": -1e308}, 1e300),
        ("0*x", {"x": 1}, 1),
    ],
    ids=["largest", "too large", "two", "flat"],
)
def test_the_largest_numbers_have_their_picture(opened, f, start, rate):
    descent = descend(f, start, rate=rate, steps=5)
    page = opened(descent)
    assert rows(page) == expected(descent)
    assert page.locator(".cg-verdict").text_content() == typeset(descent.verdict)
    drawn = page.locator(".cg-plot").evaluate("plot => plot.outerHTML")
    assert not any(word in drawn for word in ("NaN", "Infinity", "undefined"))
    assert page.locator(".cg-plot .cg-now").get_attribute("r") == "6"
    assert page.locator(".cg-plot text").count() >= 5
