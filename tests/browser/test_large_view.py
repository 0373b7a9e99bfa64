"""The view fills its room: enlarged, on the full screen, the panel beside the picture, inputs that stay in sight."""

import base64
import json
import re
from pathlib import Path

import pytest
from tooling import settle, watch

from cgviz import explore
from tests.toolbox import TOOLS

L = explore("e = a*b; f = e + c; L = f*d", a=2, b=-3, c=10, d=-2).to_html("L")
EIGHT = explore("L = tanh(a*b + c*d) + (e*f + g)*h", **{name: i - 3 for i, name in enumerate("abcdefgh")}).to_html()
MANY = [f"w{i}" for i in range(30)]
THIRTY = explore("L = " + " + ".join(f"{name}*{name}" for name in MANY), **dict.fromkeys(MANY, 1)).to_html()
TALL = explore("L = tanh(a*b + c*d) + (e*f + g)*h", rankdir="TB", **dict.fromkeys("abcdefgh", 1)).to_html()
PAGES = {"L": L, "eight": EIGHT, "thirty": THIRTY, "tall": TALL}
SIZES = [(1920, 1080), (1366, 768), (1024, 768), (683, 384), (400, 800)]

LEAST = """() => {
    // The height of the smallest text on the screen: of what is in sight, not of what is only heard.
    const room = document.querySelector('.cg-explorer');
    const texts = document.createTreeWalker(room, NodeFilter.SHOW_TEXT);
    const sizes = {};
    while (texts.nextNode()) {
        const node = texts.currentNode, element = node.parentElement;
        if (!node.data.trim() || element.closest('title, desc, style, option, .cg-said')) continue;
        if (!element.checkVisibility() || !element.getClientRects().length) continue;
        const svg = element.ownerSVGElement;
        const outer = svg?.closest('svg:not(svg svg)');
        const scale = svg ? outer.getBoundingClientRect().width / outer.viewBox.baseVal.width : 1;
        const name = `${element.getAttribute('class') ?? element.tagName}: ${node.data}`;
        const size = part => parseFloat(getComputedStyle(element, part).fontSize);
        sizes[name] = scale * (size() || size('::before')); // a sign stands in the place of a word of size 0
    }
    for (const field of room.querySelectorAll('input[type=text], select')) {
        const name = field.getAttribute('aria-label') ?? field.tagName;
        if (field.checkVisibility()) sizes[name] = parseFloat(getComputedStyle(field).fontSize);
    }
    return sizes;
}"""  # fmt: skip


@pytest.fixture
def shown(browser):
    """Opens one of these pages in a window of this size; nothing in it may fail."""
    pages, wrong = [], []

    def shown(text, width, height, **options):
        page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        page.set_default_timeout(10_000)
        pages.append(page)
        watch(page, wrong.append)
        page.set_content(text)
        page.get_by_role("button", name="Present").wait_for()
        settle(page)
        return page

    yield shown
    for page in pages:
        page.close()
    assert not wrong


def box(page, selector):
    return page.locator(selector).first.bounding_box()


def tool(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def presents(page):
    return page.locator(".cg-present").count() == 1


def test_a_picture_is_enlarged_up_to_1_8_times_and_to_the_full_width_on_request(shown):
    page = shown(explore("a*b", a=2, b=3).to_html(), 1920, 1080)
    size = page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('.cg-view')).fontSize)")
    drawn = float(page.locator("svg.cg-svg").get_attribute("width"))
    assert box(page, "svg.cg-svg")["width"] == pytest.approx(1.8 * drawn * size / 14, abs=1)
    page.get_by_role("button", name="in turn").click()
    settle(page)
    assert box(page, "svg.cg-svg")["width"] == pytest.approx(box(page, ".cg-frame")["width"], abs=1)
    page.get_by_role("button", name="in turn").click()
    settle(page)
    assert box(page, "svg.cg-svg")["width"] == pytest.approx(1.8 * drawn * size / 14, abs=1)


def test_one_size_is_the_root_of_picture_inputs_buttons_and_sentences(shown):
    page = shown(explore("a*b", a=2, b=3).to_html(), 1920, 1080)
    tool(page, "Step")
    parts = ["svg.cg-svg", ".cg-sliders input[type=text]", ".cg-choices button", ".cg-sentence"]
    measure = """selector => {
        const e = document.querySelector(selector);
        return e.matches('svg') ? e.getBoundingClientRect().width : parseFloat(getComputedStyle(e).fontSize);
    }"""
    before = [page.evaluate(measure, part) for part in parts]
    page.evaluate("() => document.documentElement.style.setProperty('--jp-content-font-size1', '20px')")
    settle(page)
    after = [page.evaluate(measure, part) for part in parts]
    assert [new / old for new, old in zip(after, before, strict=True)] == pytest.approx([20 / 16] * 4, rel=0.01)


@pytest.mark.parametrize("way", ["button", "key"])
def test_present_takes_the_whole_screen_and_escape_gives_everything_back(shown, way):
    page = shown(L, 1366, 768)
    tool(page, "Step")
    before = [box(page, part) for part in ("svg.cg-svg", ".cg-panel", ".cg-sliders")]
    if way == "key":
        page.locator(".cg-node").nth(1).focus()
        page.keyboard.press("p")
    else:
        page.get_by_role("button", name="Present").click()
    page.wait_for_function("() => document.fullscreenElement?.matches('.cg-present')")
    settle(page)
    picture, strip = box(page, "svg.cg-svg"), box(page, ".cg-sliders")
    assert picture["width"] > 0.9 * 1366 > 1.1 * before[0]["width"]
    assert picture["x"] + picture["width"] / 2 == pytest.approx(1366 / 2, abs=10)
    assert picture["y"] + picture["height"] <= strip["y"] and strip["y"] + strip["height"] <= 768
    page.locator("input[type=range]").first.focus()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.fullscreenElement")
    settle(page)
    assert not presents(page)
    assert [box(page, part) for part in ("svg.cg-svg", ".cg-panel", ".cg-sliders")] == before
    held = page.evaluate("() => document.activeElement.dataset.node ?? document.activeElement.textContent")
    assert held == ("1" if way == "key" else "Present")


def test_the_same_button_or_key_goes_back_too(shown):
    page = shown(L, 1366, 768)
    page.get_by_role("button", name="Present").click()
    page.wait_for_function("() => document.fullscreenElement")
    page.get_by_role("button", name="Present").click()
    page.wait_for_function("() => !document.fullscreenElement")
    page.keyboard.press("p")
    page.wait_for_function("() => document.fullscreenElement")
    page.evaluate("() => document.exitFullscreen()")  # as the browser's own key does
    page.wait_for_function("() => !document.querySelector('.cg-present')")


def test_p_is_a_letter_in_a_text_field_and_elsewhere_in_the_page(shown):
    page = shown(L, 1366, 768)
    page.get_by_label("type a number for a").press("p")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("p")
    page.locator(".cg-node").first.focus()
    page.keyboard.press("Control+p")
    settle(page)
    assert not presents(page)


@pytest.mark.parametrize("how", ["() => Promise.reject(new TypeError('no'))", "undefined"])
def test_where_the_screen_is_refused_the_view_fills_the_window(shown, how):
    page = shown(L, 1366, 768)
    page.get_by_role("button", name="Present").click()
    page.wait_for_function("() => document.fullscreenElement")
    settle(page)
    parts = ("svg.cg-svg", ".cg-tools", ".cg-sliders")
    allowed = [box(page, part) for part in parts]
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.fullscreenElement")
    page.evaluate(f"() => {{ Element.prototype.requestFullscreen = {how}; }}")
    # a box of the page that would hold whatever stands within it
    held = "{ contain: 'strict', width: '600px', height: '300px' }"
    page.evaluate(f"() => Object.assign(document.querySelector('main').parentElement.style, {held})")
    page.get_by_role("button", name="Present").focus()  # it may lie beyond that frame
    page.keyboard.press("p")
    page.wait_for_function("() => document.querySelector('.cg-present')?.matches(':popover-open')")
    settle(page)
    assert [box(page, part) for part in parts] == allowed
    page.keyboard.press("Escape")
    settle(page)
    assert not presents(page) and page.locator("[popover]").count() == 0


@pytest.mark.parametrize("name", ["L", "eight", "tall"])
@pytest.mark.parametrize("opened", TOOLS)
def test_no_text_is_below_14_pixels_on_the_full_screen_of_1024_by_768(shown, name, opened):
    page = shown(PAGES[name], 1024, 768)
    tool(page, opened)
    page.get_by_role("button", name="Present").click()
    page.wait_for_function("() => document.fullscreenElement")
    settle(page)
    settle(page)
    small = {text: size for text, size in page.evaluate(LEAST).items() if size < 13.99}
    assert not small


def test_sentences_have_24_pixels_and_more_on_1080_lines(shown):
    page = shown(L, 1920, 1080)
    page.get_by_role("button", name="Present").click()
    for opened, sentence in (
        ("Step", ".cg-sentence"),
        ("Explain", ".cg-story"),
        ("Predict", ".cg-asks"),
        ("Slice", ".cg-slope"),
    ):
        tool(page, opened)
        assert page.locator(sentence).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 24, opened
    assert page.locator(".cg-data").first.evaluate("e => e.getBoundingClientRect().height") >= 24


@pytest.mark.parametrize("width", [1200, 1366, 1920])
def test_from_1200_pixels_on_the_panel_stands_beside_the_picture(shown, width):
    page = shown(L, width, 900)
    before = box(page, ".cg-tools")
    tool(page, "Explain")
    frame, panel = box(page, ".cg-frame"), box(page, ".cg-panel")
    assert frame["x"] + frame["width"] <= panel["x"] and panel["x"] + panel["width"] <= width
    assert panel["y"] < frame["y"] + frame["height"] <= box(page, ".cg-tools")["y"] <= before["y"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 900, "height": 900})
    settle(page)
    assert box(page, ".cg-panel")["y"] > box(page, ".cg-tools")["y"]


@pytest.mark.parametrize("opened", TOOLS)
def test_inputs_picture_and_tool_of_eight_leaves_are_seen_at_once(shown, opened):
    page = shown(EIGHT, 1366, 768)
    tool(page, opened)
    for part in (".cg-sliders", ".cg-frame", ".cg-tools", ".cg-panel"):
        found = box(page, part)
        assert found["y"] >= 0 and found["y"] + found["height"] <= 768, part
    assert page.evaluate("""() => [...document.querySelectorAll('.cg-slider, .cg-node')].every(one => {
        const [box, frame] = [one, one.closest('.cg-sliders, .cg-frame')].map(e => e.getBoundingClientRect());
        return box.left >= frame.left - 1 && box.right <= frame.right + 1 && box.bottom <= frame.bottom + 1;
    })""")  # fmt: skip


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_thirty_leaves_stay_in_sight_while_the_picture_scrolls(shown, width, height):
    page = shown(THIRTY, width, height)
    tool(page, "Explain")
    strip = box(page, ".cg-sliders")
    assert strip["height"] <= max(0.31 * height, 170)
    last = page.get_by_label("type a number for w29")
    last.fill("2")
    last.press("Enter")
    page.locator("[data-slot$='.data']", has_text="33").first.wait_for(state="attached")
    page.evaluate("() => document.querySelector('.cg-frame').scrollIntoView({ block: 'center' })")
    page.evaluate("() => document.querySelector('.cg-frame').scrollTo(1000, 200)")
    strip = box(page, ".cg-sliders")
    assert strip["y"] >= -1 and strip["y"] + strip["height"] <= height
    if height >= 768 and width >= 1200:
        page.evaluate("() => scrollTo(0, 0)")
        assert box(page, ".cg-tools")["y"] + box(page, ".cg-tools")["height"] <= height


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_frame_is_never_taller_than_four_fifths_of_the_window(shown, name, width, height):
    page = shown(PAGES[name], width, height)
    larger = page.get_by_role("button", name="larger")
    for _ in range(4):
        assert box(page, ".cg-frame")["height"] <= 0.8 * height + 1
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        larger.click()
        settle(page)


def test_a_wide_picture_begins_with_its_output_and_shows_that_it_goes_on(shown):
    page = shown(THIRTY, 1024, 768)
    output, frame = box(page, ".cg-node:has(.cg-box-root)"), box(page, ".cg-frame")
    assert frame["x"] <= output["x"] and output["x"] + output["width"] <= frame["x"] + frame["width"]
    back, on = page.get_by_role("button", name="to the left"), page.get_by_role("button", name="to the right")
    assert back.is_visible() and not on.is_visible()
    assert "cg-more-left" in page.locator(".cg-frame").get_attribute("class")
    assert "gradient" in page.locator(".cg-frame").evaluate("e => getComputedStyle(e).maskImage")
    back.click()
    settle(page)
    assert back.is_visible() and on.is_visible()
    back.focus()
    for _ in range(20):
        page.keyboard.press("Enter")
        settle(page)
        if not back.is_visible():
            break
    assert page.evaluate("() => document.querySelector('.cg-frame').scrollLeft") == 0
    assert on.evaluate("e => e === document.activeElement")  # the focus is not lost with the button


def test_a_picture_that_fits_has_no_edges(shown):
    page = shown(L, 1366, 768)
    assert not [one for one in page.locator(".cg-further").all() if one.is_visible()]
    assert page.locator(".cg-frame").evaluate("e => getComputedStyle(e).maskImage") == "none"


def widths_in_lessons():
    """How wide the live pictures of the lessons are drawn, by the name of the lesson."""
    found = {}
    for path in sorted((Path(__file__).resolve().parents[2] / "lessons").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if not re.search(r"\bexplore\(|^%+explore\b", "".join(cell["source"]), re.MULTILINE):
                continue
            for output in cell.get("outputs", []):
                html = "".join(output.get("data", {}).get("text/html", []))
                for picture in re.findall(r"data:image/svg\+xml;base64,([^\"']+)", html):
                    svg = base64.b64decode(picture).decode()
                    found.setdefault(path.stem, []).append(float(re.search(r'width="([\d.]+)"', svg)[1]))
    return found


def test_every_live_picture_of_the_lessons_fits_1000_pixels(shown):
    widths = widths_in_lessons()
    assert len(widths) >= 8
    page = shown(L, 1032, 768)  # the page has margins
    for lesson, drawn in widths.items():
        page.locator("svg.cg-svg").evaluate("(svg, w) => svg.style.setProperty('--cg-w', w)", max(drawn))
        assert box(page, "svg.cg-svg")["width"] <= box(page, ".cg-frame")["width"] <= 1000, lesson


def test_a_map_shows_where_one_is_in_a_picture_much_larger_than_its_frame(shown):
    text = "; ".join(["x1 = x0*0.5 + 1", *(f"x{i + 1} = x{i}*0.5 + x{i - 1}" for i in range(1, 16))])
    page = shown(explore(text, x0=3).to_html(), 1100, 700)
    plan = page.locator(".cg-map")
    assert plan.is_visible() and plan.get_attribute("aria-hidden") == "true"
    assert plan.locator("rect:not(.cg-in-sight)").count() == page.locator(".cg-node").count()
    room = plan.bounding_box()
    page.mouse.click(room["x"] + 2, room["y"] + room["height"] / 2)
    assert page.locator(".cg-frame").evaluate("frame => frame.scrollLeft") == 0
    part = plan.locator(".cg-in-sight").bounding_box()
    assert abs(part["x"] - room["x"]) < 4
    page.mouse.click(room["x"] + room["width"] - 2, room["y"] + room["height"] / 2)
    assert page.locator(".cg-node.cg-root").bounding_box()["x"] < 1100


def test_a_picture_that_fits_has_no_map(shown):
    assert not shown(L, 1366, 700).locator(".cg-map").is_visible()


def test_on_paper_there_is_the_picture_with_its_sentence_and_nothing_to_press(shown):
    page = shown(L, 1366, 700)
    tool(page, "Step")
    page.emulate_media(media="print")
    assert page.locator(".cg-frame > svg").is_visible() and page.locator(".cg-sentence").is_visible()
    pressed = page.locator("button, input, select")
    assert pressed.count() and not [one for one in pressed.all() if one.is_visible()]
    assert page.locator(".cg-frame").evaluate("frame => getComputedStyle(frame).maxHeight") == "none"


@pytest.mark.parametrize("width", [1200, 1366, 1920])
def test_the_table_of_check_fits_beside_the_picture(shown, width):
    page = shown(L, width, 768)
    tool(page, "Check")
    settle(page)
    table = page.locator(".cg-panel .cg-table")
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth + 1")


def test_reset_is_there_on_the_full_screen(shown):
    page = shown(L, 1366, 768)
    page.get_by_role("button", name="Present").click()
    presents(page)
    settle(page)
    assert page.get_by_role("button", name="reset").first.is_visible()
