"""What people who hear the page, use the keyboard, or see little contrast meet: checked with axe, and by hand."""

import pytest

from cgviz import explore
from cgviz.pictures.node_words import caption

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

EXPLORER = explore("e = a*b; L = e*d + log(a) + 1", a=2, b=-3, d=-2)
GRAPH = EXPLORER.graph
NARROW, WIDE = {"width": 320, "height": 900}, {"width": 1100, "height": 900}
BESIDE = {"width": 1300, "height": 700}  # the panel stands beside the picture


def page_of(browser, tmp_path, **options):
    path = tmp_path / "page.html"
    path.write_text(EXPLORER.to_html("A graph"), encoding="utf-8")
    page = browser.new_page(**options)
    page.goto(path.as_uri())
    page.locator(".cg-choices button").first.wait_for()
    return page


def faults(page):
    """What axe finds: which rule, where."""
    found = axe.Axe().run(page).response["violations"]
    return [(fault["id"], node["target"], node["failureSummary"]) for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE, BESIDE], ids=["narrow", "wide", "beside"])
def test_axe_finds_no_fault_whichever_tool_is_open(browser, tmp_path, scheme, size):
    page = page_of(browser, tmp_path, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    assert faults(page) == []
    for button in page.locator(".cg-choices button").all():
        button.click()
        page.locator(".cg-node").first.click()
        assert faults(page) == [], button.inner_text()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_on_the_full_screen(browser, tmp_path, scheme):
    page = page_of(browser, tmp_path, color_scheme=scheme, viewport={"width": 1024, "height": 768})
    page.get_by_role("button", name="Present").click()
    page.wait_for_function("() => document.fullscreenElement")
    for button in page.locator(".cg-choices button").all():
        button.click()
        assert faults(page) == [], button.inner_text()
    page.close()


def test_the_page_is_as_narrow_as_the_window(browser, tmp_path):
    page = page_of(browser, tmp_path, viewport=NARROW)
    for button in page.locator(".cg-choices button").all():
        button.click()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, button.inner_text()
    page.close()


def focused(page):
    return page.evaluate("() => document.activeElement.closest('.cg-node')?.getAttribute('aria-label')")


def test_the_nodes_are_one_stop_of_the_tab_key_and_say_what_they_are(browser, tmp_path):
    page = page_of(browser, tmp_path, viewport=WIDE)
    page.locator(".cg-slider button").last.focus()
    page.keyboard.press("Tab")
    captions = [caption(node, GRAPH) for node in GRAPH.nodes]
    assert focused(page) == captions[0]
    page.keyboard.press("Tab")
    assert focused(page) is None
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    assert focused(page) == captions[-1]
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert focused(page) == captions[-1]  # the stop is where one was last
    page.keyboard.press("Home")
    assert focused(page) == captions[0]
    page.close()


def test_the_arrow_keys_reach_every_node(browser, tmp_path):
    page = page_of(browser, tmp_path, viewport=WIDE)
    reached = page.evaluate(
        """() => {
            const { roving } = cgviz, ways = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"];
            const found = new Set([roving.nodes[0]]);
            for (const node of found) for (const key of ways) found.add(roving.next(node, key));
            return found.size;
        }"""
    )
    assert reached == len(GRAPH.nodes)
    page.close()


def test_a_click_on_a_node_draws_no_outline_and_a_key_does(browser, tmp_path):
    page = page_of(browser, tmp_path, viewport=WIDE)
    node = page.locator(".cg-node").nth(2)
    node.click()
    assert node.evaluate("one => getComputedStyle(one).outlineStyle") == "none"
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert node.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.close()


def test_a_tool_has_the_focus_when_it_opens_and_escape_gives_it_back(browser, tmp_path):
    page = page_of(browser, tmp_path, viewport=WIDE)
    for button in page.locator(".cg-choices button").all():
        button.click()
        assert page.evaluate("() => document.querySelector('.cg-panel').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert button.evaluate("one => one === document.activeElement"), button.inner_text()
    page.get_by_role("button", name="Predict", exact=True).click()
    assert page.evaluate("() => document.activeElement.placeholder") == "number or sign"
    page.close()


def test_a_change_is_said_politely(browser, tmp_path):
    page = page_of(browser, tmp_path, viewport=WIDE)
    page.locator("input[type=range]").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[aria-live=polite]').textContent.startsWith('L = ')")
    assert "gradient 1" in page.locator("[aria-live=polite]").inner_text()
    heard = page.locator("[aria-live=polite]").bounding_box()
    assert heard["width"] <= 1 and heard["height"] <= 1  # and not seen
    page.close()


def test_what_is_heard_or_pointed_at_follows_a_move(browser, tmp_path):
    page = page_of(browser, tmp_path, viewport=WIDE)
    a = page.locator(".cg-node[data-node='0']")

    def told():
        return a.get_attribute("aria-label"), a.locator("title").first.text_content()

    page.locator("input[type=range]").first.press("ArrowRight")
    a.locator(".cg-data", has_text="2.1").wait_for()
    page.locator(".cg-said", has_text="value 14.34").wait_for()  # so all is told
    assert told() == ("leaf a: value 2.1, gradient 6.476", "value of a: 2.1")
    page.locator("input[type=range]").first.evaluate(
        "range => { range.value = 3; range.dispatchEvent(new Event('input')); }"
    )
    a.hover()
    assert told() == ("leaf a: value 3, gradient 6.333", "value of a: 3")
    page.close()
