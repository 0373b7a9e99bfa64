"""What a person takes away from a live view: a picture as a file, and its formulas."""

import xml.etree.ElementTree as ET

import pytest

from cgviz import explore

CLIPBOARD = """window.written = [];
window.ClipboardItem = class { constructor(kinds) { Object.assign(this, kinds); } };
Object.defineProperty(navigator, 'clipboard', { value: { write: async ([item]) => {
    await item['image/png'];
    window.written.push(item);
} } });"""


@pytest.fixture
def opened(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(explore("e = a*b; L = e + a", a=2, b=-3).to_html("One <page>"), encoding="utf-8")
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.get_by_role("button", name="Save", exact=True).click()
    yield page
    page.close()
    assert all(url.startswith(("file:", "blob:", "data:")) for url in asked)


def saved(page, button):
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return download.value


def test_the_svg_is_well_formed_and_has_the_present_numbers(opened):
    opened.locator("input[type=range]").first.focus()
    opened.keyboard.press("ArrowRight")
    download = saved(opened, "SVG")
    assert download.suggested_filename == "graph.svg"
    texts = [element.text for element in ET.parse(download.path()).iter() if element.tag.endswith("text")]
    assert "2.1" in texts and "−6.3" in texts and "−4.2" in texts


def test_the_png_is_one_of_twice_the_size(opened):
    data = saved(opened, "PNG").path().read_bytes()
    width = float(opened.locator("svg.cg-svg").get_attribute("width"))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert abs(int.from_bytes(data[16:20], "big") - 2 * width) <= 1


def test_the_picture_is_copied_as_png(browser, tmp_path):
    """On the clipboard of the page's own, so that the one of whoever runs the tests keeps what is on it."""
    path = tmp_path / "page.html"
    path.write_text(explore("e = a*b; L = e + a", a=2, b=-3).to_html(), encoding="utf-8")
    page = browser.new_page()
    page.add_init_script(CLIPBOARD)
    page.goto(path.as_uri())
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="copy PNG").click()
    page.get_by_text("The picture is on the clipboard.").wait_for()
    head = page.evaluate(
        "async () => [...new Uint8Array(await (await written[0]['image/png']).arrayBuffer())].slice(0, 24)"
    )
    assert bytes(head[:8]) == b"\x89PNG\r\n\x1a\n"
    width = float(page.locator("svg.cg-svg").get_attribute("width"))
    assert abs(int.from_bytes(bytes(head[16:20]), "big") - 2 * width) <= 1
    page.evaluate("() => { navigator.clipboard.write = async () => { throw new Error('no'); }; }")
    page.get_by_role("button", name="copy PNG").click()
    page.get_by_text("This page may not write to the clipboard: save the picture as PNG.").wait_for()
    page.close()


def test_the_formulas_are_those_of_python(opened):
    opened.get_by_role("button", name="copy TeX").click()
    lines = opened.get_by_label("the formulas as TeX").input_value().splitlines()
    assert lines[:2] == [r"e = a \cdot b", "L = e + a"]
    assert r"\frac{\partial L}{\partial a} = \frac{\partial L}{\partial e} \cdot b + 1" in lines


def test_the_title_is_text_and_a_typed_number_is_taken_exactly(opened):
    assert opened.title() == "One <page>" and opened.locator("h1").inner_text() == "One <page>"
    box = opened.get_by_label("type a number for a")
    box.fill("0,1234567")
    box.press("Enter")
    assert opened.evaluate("() => cgviz.data[0]") == 0.1234567
    assert box.input_value() == "0.1235"
    box.fill("nonsense")
    box.press("Enter")
    assert box.input_value() == "0.1235"
    opened.get_by_role("button", name="reset").first.click()
    assert opened.evaluate("() => cgviz.data") == [2, -3, -6, -4]
