"""A picture that is larger than its frame: smaller, larger, all of it, and dragged."""

from tooling import opened

from cgviz import explore

WIDE = "tanh(sigmoid(tanh(sigmoid(a*b + c)*d) + a)*b + c)"


def width(page):
    return page.locator("svg.cg-svg").bounding_box()["width"]


def test_a_picture_is_zoomed_by_buttons_and_by_the_wheel_and_dragged(browser):
    text = explore(WIDE, a=1, b=2, c=3, d=4).to_html()
    page = opened(browser, text, "Slice", viewport={"width": 700, "height": 700})
    frame = page.locator(".cg-frame")
    inside = frame.bounding_box()["width"]
    before = width(page)
    page.get_by_role("button", name="larger").click()
    assert width(page) > 1.2 * before
    page.get_by_role("button", name="all of it").click()  # as wide as the page, though never too small to read
    assert width(page) == before > inside
    page.get_by_role("button", name="all of it").click()  # and once more: all of it, however small
    assert width(page) <= inside
    frame.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -500)
    page.keyboard.up("Control")
    page.wait_for_function(
        "width => document.querySelector('svg.cg-svg').getBoundingClientRect().width > width", arg=before
    )
    page.evaluate("() => document.querySelector('.cg-frame').scrollTo(300, 0)")
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 350, box["y"] + 100)
    page.mouse.up()
    assert page.evaluate("() => document.querySelector('.cg-frame').scrollLeft") == 250
    assert page.wrong == []
    page.close()
