"""A picture that is larger than its frame: smaller, larger, all of it, and dragged."""

from tooling import opened, settle

from cgviz import explore
from cgviz.text import number

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


IN_FRAME = """name => {
        const node = [...document.querySelectorAll('.cg-node')].find(
            one => one.querySelector('.cg-name, .cg-number-name, .cg-quiet')?.textContent === name);
        const [box, frame] = [node, node.closest('.cg-frame')].map(one => one.getBoundingClientRect());
        return box.left >= frame.left - 1 && box.right <= frame.right + 1;
    }"""


def in_frame(page, name):
    """Whether all of a box is in the frame."""
    return page.evaluate(IN_FRAME, name)


def comes_into_frame(page, name):
    """Wait until all of a box is in the frame: the page measures after it has drawn."""
    page.wait_for_function(IN_FRAME, arg=name)
    return True


def test_what_a_tool_speaks_of_comes_into_sight_and_then_leaves_the_frame_alone(browser):
    text = explore(f"L = {WIDE}", a=1, b=2, c=3, d=4).to_html()
    page = opened(browser, text, "Predict", viewport={"width": 700, "height": 700}, reduced_motion="reduce")
    assert "∂L/∂v12?" in page.locator(".cg-panel").inner_text()  # at the far end
    assert comes_into_frame(page, "v12") and not in_frame(page, "a")
    page.get_by_role("button", name="Step", exact=True).click()
    page.keyboard.press("End")  # the last gradient is that of a leaf
    assert comes_into_frame(page, "a") and not in_frame(page, "L")
    page.evaluate("() => document.querySelector('.cg-frame').scrollTo(300, 0)")
    page.get_by_label("type a number for a").fill("2")
    page.get_by_label("type a number for a").press(
        "Enter"
    )  # the same step, other numbers: the reader's own place stays
    assert page.evaluate("() => document.querySelector('.cg-frame').scrollLeft") == 300
    assert page.wrong == []
    page.close()


MOVE = """to => {
    const range = document.querySelector('input[type=range]');
    range.value = to;
    range.dispatchEvent(new Event('input'));
    return ['0.data', '11.data'].map(slot => document.querySelector(`[data-slot="${slot}"]`).textContent);
}"""


def test_what_is_out_of_sight_follows_a_move_a_little_later_and_in_sight_at_once(explored):
    page = explored(WIDE, "Slice", a=1, b=2, c=3, d=4)
    page.get_by_role("button", name="Slice", exact=True).click()  # closed again: a tool may speak of any node
    page.set_viewport_size({"width": 400, "height": 700})
    settle(page)
    assert comes_into_frame(page, "L")  # the output stays in sight
    page.evaluate("() => document.querySelector('.cg-frame').scrollTo(0, 0)")
    page.wait_for_timeout(300)
    assert not in_frame(page, "v11")
    assert page.evaluate(MOVE, 1.1) == ["1.1", "1.761"]
    page.locator("[data-slot='11.data']", has_text="1.782").wait_for()
    page.evaluate("() => document.querySelector('[data-slot=\"11.data\"]').scrollIntoView({ inline: 'center' })")
    assert comes_into_frame(page, "v11")
    page.wait_for_timeout(300)
    shown = explore(WIDE, a=1.2, b=2, c=3, d=4).graph.nodes[11].data
    assert page.evaluate(MOVE, 1.2)[1] == number(shown) != "1.782"
    page.evaluate("() => document.querySelector('.cg-frame').scrollTo(0, 0)")
    page.locator("[data-slot='0.data']", has_text="1.2").wait_for()
