"""What a designer would send back: words that are cut off or lie upon others, and what is out of sight."""

import xml.etree.ElementTree as ET

import pytest
from tooling import opened, settle

from cgviz import descend, explore

TEXT, NUMBERS = "e = a*b; f = e + c; L = f*d + a", {"a": 2, "b": -3, "c": 10, "d": -2}
VALLEY = "(1 - x)**2 + 3*(y - x*x)**2"
SCREENS = (1366, 768), (1024, 768), (1920, 1080)

CROWDED = """() => {
    const wide = one => { // how wide what stands in it is
        const range = document.createRange();
        range.selectNodeContents(one);
        return range.getBoundingClientRect().width;
    };
    const wrong = [...document.querySelectorAll('.cg-sliders button, .cg-tools button')]
        .filter(one => one.checkVisibility() && wide(one) > one.getBoundingClientRect().width)
        .map(one => one.title);
    for (const row of document.querySelectorAll('.cg-slider')) {
        const { right } = row.getBoundingClientRect();
        for (const part of row.children)
            if (part.getBoundingClientRect().right > right + 0.5) wrong.push(row.textContent);
        const label = row.querySelector(':scope > span:not(.cg-chip)');
        const size = parseFloat(getComputedStyle(label).fontSize);
        if (label.getBoundingClientRect().height > 2 * size) wrong.push(label.textContent);
    }
    return wrong;
}"""
OVERLAPS = """() => [...document.querySelectorAll('.cg-plot')].flatMap(plot => {
    const all = [...plot.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()]);
    const edge = plot.getBoundingClientRect();
    const cut = all.filter(([, at]) => at.left < edge.left - 4 || at.right > edge.right + 1)
        .map(([text]) => [text, 'edge']);
    const close = all.flatMap(([text, a], k) => all.slice(k + 1).filter(([, b]) => a.width && b.width
        && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.45 * Math.min(a.height, b.height))
        .map(([other]) => [text, other]));
    return [...cut, ...close];
})"""
SIZES = """() => [...document.querySelectorAll('.cg-plot text')].map(one =>
    parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a)"""


def explored():
    return explore(TEXT, **NUMBERS).to_html("L")


def present(page):
    page.get_by_role("button", name="Present", exact=True).click()
    page.wait_for_function("() => document.fullscreenElement")
    settle(page)
    settle(page)


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_on_the_full_screen_nothing_is_cut_and_what_a_tool_speaks_of_is_in_sight(browser, width, height):
    for tool in ("Explain", "Check", "Predict"):
        page = opened(browser, explored(), tool, viewport={"width": width, "height": height})
        if tool == "Explain":
            page.locator(".cg-node[data-node='0']").click()
        present(page)
        assert page.evaluate(CROWDED) == []
        asked = ".cg-asked" if tool == "Predict" else "[data-node='0']"
        node, frame = (page.locator(one).bounding_box() for one in (f".cg-node{asked} > .cg-box", ".cg-frame"))
        assert frame["x"] <= node["x"] and node["x"] + node["width"] <= frame["x"] + frame["width"]
        assert page.evaluate(OVERLAPS) == []
        assert not page.wrong
        page.close()


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_a_long_explanation_is_seen_whole_on_the_full_screen(browser, width, height):
    page = opened(browser, explored(), "Explain", viewport={"width": width, "height": height})
    page.locator(".cg-node[data-node='0']").click()
    present(page)
    assert page.locator(".cg-panel").evaluate("panel => panel.scrollHeight - panel.clientHeight") <= 1
    page.close()


@pytest.mark.parametrize("tool", ["Slice", "Check"])
@pytest.mark.parametrize("full", [False, True], ids=["page", "full"])
def test_plots_are_written_as_mathematics_and_large_enough(browser, tool, full):
    for width, height in ((1366, 768), (1024, 768), (1920, 1080)):
        page = opened(browser, explored(), tool, viewport={"width": width, "height": height})
        settle(page)
        if full:
            present(page)
        texts = page.locator(".cg-plot text").all_text_contents()
        assert texts and not any(
            "-" in text or "e" in text.split(" ")[0][:-1] for text in texts[:-1] if text[0] in "-−0123456789"
        )
        assert min(page.evaluate(SIZES)) >= (14 if full else 11.5)
        assert page.evaluate(OVERLAPS) == []
        page.close()


def test_on_paper_the_names_and_the_paths_remain_and_no_table_is_cut(browser):
    for tool, where in (("Explain", ".cg-path button"), ("Check", "tbody th button")):
        page = opened(browser, explored(), tool)
        if tool == "Explain":
            page.locator(".cg-node[data-node='0']").click()
        there = page.locator(where).count()
        page.emulate_media(media="print")
        assert there > 1 and sum(one.is_visible() for one in page.locator(where).all()) == there
        assert not page.get_by_role("button", name="Present", exact=True).is_visible()
        page.close()
    page = opened(
        browser, descend(VALLEY, x=-1, y=1, rate=0.03).to_html("Down"), "Save", viewport={"width": 794, "height": 1123}
    )
    page.emulate_media(media="print")
    cut = "table => [table.scrollWidth - table.clientWidth, table.scrollHeight - table.clientHeight]"
    assert max(page.locator(".cg-trail .cg-table").evaluate(cut)) <= 1
    rows = page.locator(".cg-trail tbody tr").last.bounding_box()
    verdict = page.locator(".cg-verdict").bounding_box()
    assert rows["y"] + rows["height"] <= verdict["y"] + 1
    page.close()


@pytest.mark.parametrize("width", [400, 900])
def test_the_ways_on_of_a_descents_picture_lie_upon_the_picture(browser, width):
    viewport = {"width": width, "height": 800}
    page = opened(browser, descend(VALLEY, x=-1, y=1, rate=0.03).to_html("Down"), "Save", viewport=viewport)
    settle(page)
    strip = page.locator(".cg-strip").bounding_box()
    upon = [one for one in page.locator(".cg-further, .cg-map").all() if one.is_visible()]
    assert upon
    for one in upon:
        assert one.bounding_box()["y"] >= strip["y"] + strip["height"]
    page.close()


def test_a_plot_that_a_view_opens_with_is_as_large_as_one_that_is_asked_for(browser):
    sizes = []
    for ready in (False, True):
        text = explore(TEXT, **({"tool": "slice"} if ready else {}), **NUMBERS).to_html("L")
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_content(text)
        page.locator(".cg-choices button").first.wait_for()
        settle(page)
        if not ready:
            page.get_by_role("button", name="Slice", exact=True).click()
        settle(page)
        sizes.append(page.evaluate(SIZES))
        page.close()
    assert sizes[0] == pytest.approx(sizes[1], abs=0.1) and min(sizes[0]) > 11.5


def test_on_a_phone_no_map_lies_upon_the_picture_and_the_check_has_all_its_columns(browser):
    page = opened(browser, explored(), "Check", viewport={"width": 400, "height": 800})
    settle(page)
    frame, plan = (page.locator(one).bounding_box() for one in (".cg-frame", ".cg-map"))
    assert plan["y"] >= frame["y"] + frame["height"] - 1
    assert page.locator(".cg-beside .cg-table").evaluate("table => table.scrollWidth - table.clientWidth") <= 1
    page.close()


@pytest.mark.parametrize("count", [30, 104])  # with sliders, and of too many for sliders
def test_no_map_lies_upon_a_picture_that_is_low(browser, count):
    names = [f"x_{k}" for k in range(count)]  # a long row of boxes, and one below it
    text = explore(" + ".join(names), fold=False, **dict.fromkeys(names, 1)).to_html("L")
    page = opened(browser, text, "Save", viewport={"width": 1366, "height": 700})
    settle(page)
    frame, plan = (page.locator(one).bounding_box() for one in (".cg-frame", ".cg-map"))
    assert plan["y"] >= frame["y"] + frame["height"] - 1
    labels = page.locator(".cg-slider span").all_inner_texts()
    assert labels[:1] == ["x₀"][: len(labels)]  # as its box has it
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_said_of_the_colours_of_a_landscape_is_so(browser, theme):
    page = opened(browser, descend(VALLEY, x=-1, y=1, rate=0.03).to_html("Down"), "Save", color_scheme=theme)
    assert "The greyer, the higher L." in page.locator(".cg-hint").first.inner_text()
    found = page.evaluate("""() => {
        const style = getComputedStyle(document.querySelector('.cg-above-level'));
        return [style.fill, +style.fillOpacity];
    }""")
    parts = [int(part) for part in found[0][found[0].index("(") + 1 : -1].split(",")[:3]]
    assert max(parts) == min(parts) and 0 < found[1] < 1  # a veil of grey, on what lies higher
    page.close()


def test_all_that_can_stand_on_the_edges_is_read_whole_in_its_list(browser):
    page = opened(browser, explored(), "Save")
    wide = page.get_by_label("what is on the edges").evaluate("""select => {
        const pen = document.createElement('canvas').getContext('2d');
        pen.font = getComputedStyle(select).font;
        return [Math.max(...[...select.options].map(one => pen.measureText(one.text).width)), select.clientWidth];
    }""")
    assert wide[0] + 18 <= wide[1]  # the arrow beside it
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("what", ["weights", "numbers"])
def test_a_saved_picture_has_what_stands_on_its_edges_in_ink_on_white(browser, theme, what):
    page = opened(browser, explored(), "Save", color_scheme=theme)
    page.get_by_label("what is on the edges").select_option(what)
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG", exact=True).click()
    text = download.value.path().read_text()
    found = [one for one in ET.fromstring(text).iter() if one.get("class")]
    kind = "cg-edge" if what == "weights" else "cg-partial"
    looks = [one.get("style") or "" for one in found if kind in one.get("class").split()]
    assert looks and all("rgb(" in look or "color(" in look for look in looks)
    assert "var(" not in text  # outside of the page nobody says what it stands for
    picture = browser.new_page(color_scheme="light")
    picture.set_content(text)
    seen = picture.locator(f".{kind}").first.evaluate(
        "one => [getComputedStyle(one).stroke, getComputedStyle(one).fill]"
    )
    assert seen[0] != "none" and "255, 255, 255" in seen[0] * (what == "numbers") + "255, 255, 255" * (
        what == "weights"
    )
    picture.close()
    assert page.locator(".cg-view").count() == 1  # nothing of it stays in the page
    page.close()


def test_no_line_begins_with_a_comma_after_a_formula(browser):
    page = opened(browser, explored(), "Step", viewport={"width": 1366, "height": 768})
    page.get_by_role("button", name="end ⇥").click()
    page.get_by_role("button", name="← back").click()
    assert ", in all" in page.locator(".cg-sentence").inner_text()
    for width in range(200, 460, 10):
        page.locator(".cg-sentence").evaluate("(one, width) => (one.style.width = width + 'px')", width)
        begun = page.evaluate("""() => [...document.querySelectorAll('.cg-math math')].filter(one => {
            const after = one.nextSibling;
            if (!after || after.nodeType !== 3 || !/^[,.;:]/.test(after.data)) return false;
            const range = document.createRange();
            range.setStart(after, 0);
            range.setEnd(after, 1);
            return range.getBoundingClientRect().left < one.getBoundingClientRect().right - 2;
        }).length""")
        assert begun == 0, width
    page.close()


def test_what_a_step_multiplies_by_does_not_lie_under_its_dot(browser):
    page = opened(browser, explored(), "Step")
    page.get_by_role("button", name="end ⇥").click()
    seen = 0
    for _ in range(6):
        boxes = page.evaluate("""() => {
            const [dot] = document.querySelectorAll('.cg-motion .cg-dot');
            const by = [...document.querySelectorAll('.cg-motion text')].find(one => one.textContent.startsWith('×'));
            return dot && by && [dot, by].map(one => {
                const { x, y, width, height } = one.getBBox();
                return [x, y + 2, x + width, y + height - 4];
            });
        }""")
        if boxes:
            (x, y, right, low), (x2, y2, right2, low2) = boxes
            assert right <= x2 or right2 <= x or low <= y2 or low2 <= y
            seen += 1
        page.get_by_role("button", name="← back").click()
    assert seen == 6
    page.close()


def test_on_paper_the_question_stays_and_no_one_is_told_to_click(browser):
    page = opened(browser, explored(), "Predict")
    page.emulate_media(media="print")
    assert page.locator(".cg-asks").is_visible() and page.locator(".cg-asks").inner_text().startswith("What is")
    assert not page.locator(".cg-quiz input").is_visible()
    page.close()
    page = opened(browser, descend("x**2", x=3, rate=0.1).to_html("Down"), "Save")
    assert "A click chooses" in page.locator(".cg-hint").first.inner_text()
    page.emulate_media(media="print")
    assert "click" not in page.locator(".cg-hint").first.inner_text()
    page.close()


def test_each_curve_of_a_plot_is_named_beside_a_sample_of_its_line(browser):
    looks = """one => { const { stroke, strokeDasharray } = getComputedStyle(one);
        return [stroke, strokeDasharray === 'none' ? 'solid' : 'dashed']; }"""
    sample = """one => { const { borderTopColor, borderTopStyle } = getComputedStyle(one, '::before');
        return [borderTopColor, borderTopStyle]; }"""
    for text, tool in ((explored(), "Slice"), (descend("x**2", x=3, rate=0.1).to_html("Down"), "Save")):
        page = opened(browser, text, tool)
        samples, plot = page.locator(".cg-sample"), page.locator(".cg-plot").first
        for nth, line in enumerate((".cg-curve", ".cg-tangent")):
            assert samples.nth(nth).evaluate(sample) == plot.locator(line).evaluate(looks), (tool, line)
        assert samples.nth(1).inner_text() == "tangent"
        page.close()


@pytest.mark.parametrize("tool", ["Explain", "Slice", "Predict"])
def test_a_sentence_calls_a_node_what_its_box_calls_it(browser, tool):
    numbers = {"theta_1": 2, "theta_2": -3}
    page = opened(
        browser, explore("theta_3 = theta_1*theta_2; L = theta_3 + theta_1", **numbers).to_html("Names"), tool
    )
    if tool == "Explain":
        page.locator(".cg-node[data-node='0']").click()
    sentences = page.locator(".cg-panel").evaluate(
        "panel => { panel = panel.cloneNode(true);"
        " panel.querySelectorAll('select, svg, .cg-plain').forEach(one => one.remove()); return panel.textContent; }"
    )
    assert "θ" in sentences and "theta" not in sentences
    page.close()
