"""The numbers where the hand is: dragged, stepped and typed in the picture, beside sliders that say what they move."""

from itertools import pairwise

import ipywidgets
import pytest
from tooling import move, slot, watch

from cgviz import explore

TEXT, START = "e = a*b; f = e + c; L = f*d", {"a": 2, "b": -3, "c": 10, "d": -2}
NUMBERS = "() => cgviz.inputs.numbers"


@pytest.fixture
def opened(browser):
    pages, wrong = [], []

    def opened(text=TEXT, inputs=START, **options):
        page = browser.new_page(**{"viewport": {"width": 1100, "height": 800}, **options})
        pages.append(page)
        page.set_default_timeout(10_000)
        watch(page, wrong.append)
        page.set_content(explore(text, **inputs).to_html())
        page.locator(".cg-scrub").first.wait_for()
        page.locator(".cg-slider").first.wait_for()
        return page

    yield opened
    for page in pages:
        page.close()
    assert not wrong


def numbers(page):
    return page.evaluate(NUMBERS)


def middle(page, name):
    box = page.locator(f"[data-slot='{name}']").first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, name, dx, dy=0):
    x, y = middle(page, name)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=4)
    page.mouse.up()


def node(page, i):
    return page.locator(f".cg-node[data-node='{i}']")


def settle(page):
    page.evaluate("() => new Promise(done => setTimeout(done, 450))")


# --- dragged ---


def test_a_number_dragged_sideways_moves_with_its_slider_in_whole_steps(opened):
    page = opened()
    drag(page, "0.data", 34)  # an eighth of 17 em
    a = numbers(page)["a"]
    assert a == pytest.approx(3, abs=0.05) and a == round(a, 1)
    assert float(page.locator("input[type=range]").first.input_value()) == a == float(slot(page, "0.data"))
    assert page.get_by_label("type a number for a").input_value() == slot(page, "0.data")
    drag(page, "3.data", -400)
    assert numbers(page) == {**START, "a": a, "d": -6}  # the end of the slider


def test_a_drag_pans_no_picture_and_chooses_no_node_while_a_click_does(opened):
    page = opened(viewport={"width": 600, "height": 800})
    page.get_by_role("button", name="Explain", exact=True).click()
    page.get_by_role("button", name="larger").click()
    frame = page.locator(".cg-frame")
    frame.evaluate("frame => { frame.scrollLeft = 0 }")
    chosen = page.locator(".cg-panel select").first
    node(page, 2).locator(".cg-tab").dispatch_event("click")
    before = chosen.input_value()
    drag(page, "0.data", 40)
    assert numbers(page)["a"] > 2
    assert (frame.evaluate("frame => frame.scrollLeft"), chosen.input_value()) == (0, before)
    page.mouse.click(*middle(page, "0.data"))
    assert chosen.input_value() != before
    x, y = middle(page, "0.grad")  # anywhere else the picture is panned
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=3)
    page.mouse.up()
    assert frame.evaluate("frame => frame.scrollLeft") == 30


def test_a_finger_drags_a_number_and_scrolls_by_everything_else(opened, browser):
    page = opened(has_touch=True, viewport={"width": 400, "height": 800})
    page.locator(".cg-frame").evaluate("frame => { frame.scrollLeft = 0 }")
    x, y = middle(page, "0.data")
    touch = page.context.new_cdp_session(page)

    def swipe(x, y, dx, dy):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for k in range(1, 9):
            point = {"x": x + dx * k / 8, "y": y + dy * k / 8}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe(x, y, 48, 0)
    assert 3 < numbers(page)["a"] < 4 and page.locator(".cg-frame").evaluate("frame => frame.scrollLeft") == 0
    swipe(x, y + 26, -60, 0)  # on the gradient
    page.wait_for_function("() => document.querySelector('.cg-frame').scrollLeft > 20")


# --- stepped and typed ---


def test_a_leaf_is_a_number_for_keys_and_for_those_who_listen(opened):
    page = opened()
    a = node(page, 0)
    a.focus()
    for key, now in (
        ("ArrowUp", "2.1"),
        ("ArrowDown", "2"),
        ("PageDown", "1"),
        ("PageUp", "2"),
    ):
        page.keyboard.press(key)
        assert slot(page, "0.data") == now
        heard = [
            a.get_attribute(name)
            for name in ("role", "aria-valuenow", "aria-valuetext", "aria-valuemin", "aria-valuemax")
        ]
        assert heard == ["spinbutton", now, now, "-2", "6"]
    assert node(page, 4).get_attribute("role") == "img"  # what is computed is none
    assert page.evaluate("() => document.activeElement.dataset.node") == "0"


def test_the_arrows_sideways_move_no_number_but_go_from_node_to_node(opened):
    page = opened()
    node(page, 0).press("ArrowRight")
    assert slot(page, "0.data") == "2"
    page.get_by_role("button", name="Step", exact=True).click()
    before = page.locator(".cg-count").text_content()
    node(page, 0).focus()
    page.keyboard.press("ArrowRight")
    assert slot(page, "0.data") == "2" and page.locator(".cg-count").text_content() == before
    assert page.evaluate("document.activeElement.dataset.node") != "0"  # from node to node, as without a tool
    node(page, 0).focus()
    page.keyboard.press("ArrowUp")
    assert numbers(page)["a"] == 2.1


@pytest.mark.parametrize("way", ["double click", "Enter", "a digit"])
def test_a_number_is_typed_in_its_place_and_the_focus_comes_back(opened, way):
    page = opened()
    if way == "double click":
        page.mouse.dblclick(*middle(page, "1.data"))
    else:
        node(page, 1).focus()
    if way == "Enter":
        page.keyboard.press("Enter")
    field = page.locator(".cg-typed")
    if way != "a digit":
        assert field.input_value() == "-3"
        cell, place = (page.locator(css).first.bounding_box() for css in ("[data-fill='1.data']", ".cg-typed"))
        assert abs(cell["x"] + cell["width"] - place["x"] - place["width"]) < 2 and abs(cell["y"] - place["y"]) < 6
    page.keyboard.type("1.23456789")
    assert slot(page, "1.data") == "−3"
    page.keyboard.press("Enter")
    assert (field.count(), slot(page, "1.data"), numbers(page)["b"]) == (0, "1.235", 1.23456789)
    assert page.get_by_label("type a number for b").input_value() == "1.235"
    assert page.evaluate("() => document.activeElement.dataset.node") == "1"


def test_in_the_field_arrows_step_escape_leaves_and_what_is_left_is_taken(opened):
    page = opened()
    node(page, 0).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    assert (page.locator(".cg-typed").input_value(), slot(page, "0.data")) == ("2.1", "2.1")
    page.keyboard.type("77")
    page.keyboard.press("Escape")
    assert (page.locator(".cg-typed").count(), numbers(page)["a"]) == (0, 2.1)
    page.keyboard.press("Enter")
    page.keyboard.type("40")
    node(page, 1).focus()
    assert (numbers(page)["a"], page.locator("input[type=range]").first.get_attribute("max")) == (40, "40")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1/2", "a: '1/2' is not a number; write it as 0.5"),
        ("x", "a: 'x' is not a number; write one such as 0.5"),
        ("1e999", "a: '1e999' is too large; the largest number is about 1.8e308"),
    ],
)
def test_what_is_no_number_is_refused_in_a_sentence_and_the_picture_stays(opened, typed, said):
    page = opened()
    node(page, 0).focus()
    page.keyboard.press("Enter")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    assert page.locator(".cg-message").text_content() == said
    assert (numbers(page), slot(page, "6.data")) == (START, "−8")
    page.keyboard.press("ArrowUp")
    assert page.locator(".cg-message").text_content() == ""


def test_where_the_function_has_no_value_the_number_moves_on_and_the_picture_waits(opened):
    page = opened("log(a)*b", {"a": 0.1, "b": 2})
    node(page, 0).focus()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    assert numbers(page)["a"] < 0 and "log(a) is defined for a > 0" in page.locator(".cg-message").text_content()
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    assert page.locator(".cg-message").text_content() == "" and numbers(page)["a"] > 0


# --- choices and fixed numbers ---


def test_a_choice_goes_from_one_to_the_next_and_takes_no_other(opened):
    page = opened("a*n + k", {"a": 2, "n": {"one": 1, "ten": 10, "two": 2}, "k": ipywidgets.fixed(5)})
    listed = page.get_by_label("n", exact=True)
    assert listed.locator("option").all_inner_texts() == ["one", "ten", "two"]
    listed.select_option(label="ten")
    assert numbers(page) == {"a": 2, "n": 10}
    leaf = page.get_by_role("spinbutton", name="leaf n")
    leaf.press("ArrowUp")
    assert (numbers(page)["n"], listed.evaluate("list => list.selectedOptions[0].label")) == (2, "two")
    for typed, now, said in (("one", 1, ""), ("7", 1, "n: 7 is none of the choices 1, 10, 2"), ("10", 10, "")):
        leaf.press("Enter")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        assert (numbers(page)["n"], page.locator(".cg-message").text_content()) == (now, said)
    page.locator(".cg-slider", has_text="n").get_by_role("button").click()
    assert numbers(page)["n"] == 1


def test_a_fixed_number_has_no_slider_and_says_so(opened):
    page = opened("a*k", {"a": 2, "k": ipywidgets.fixed(5)})
    assert page.locator(".cg-slider").count() == 1 and slot(page, "2.data") == "10"
    drag(page, "1.data", 60)
    node(page, 1).press("Enter")
    assert page.locator(".cg-message").text_content() == "k is fixed at 5: it has no slider."
    move(page, "a", 3)
    assert slot(page, "2.data") == "15"


def test_a_disabled_input_is_moved_by_no_hand_and_says_so(opened):
    slider = ipywidgets.FloatSlider(2, min=0, max=5, disabled=True)
    page = opened("a*b*n", {"a": slider, "b": 3, "n": ipywidgets.Dropdown(options=[1, 2], disabled=True)})
    before = numbers(page)
    drag(page, "0.data", 60)
    node(page, 0).press("ArrowUp")
    page.locator("input[type=range]").first.dblclick(force=True, position={"x": 20, "y": 8})
    assert (numbers(page), node(page, 0).get_attribute("role")) == (before, "img")
    for i, said in ((0, "a is fixed at 2: its slider is locked."), (2, "n is fixed at 1: its slider is locked.")):
        node(page, i).press("Enter")
        assert page.locator(".cg-message").text_content() == said
    assert page.locator(".cg-slider :is(input, select, button):disabled").count() == 5


# --- the sliders say what they move ---


def test_a_slider_shows_its_ends_and_where_0_is(opened):
    page = opened("a*b*c", {"a": -2 / 3, "b": (1, 4), "c": ipywidgets.FloatLogSlider(1, min=-3, max=1)})
    ends = page.locator(".cg-scale").evaluate_all(
        "all => all.map(scale => [...scale.querySelectorAll('span')].map(end => end.textContent))"
    )
    assert ends == [["−2", "0.6667"], ["1", "4"], ["0.001", "10"]]
    assert page.locator(".cg-scale > i").evaluate_all("all => all.map(tick => tick.hidden)") == [False, True, True]
    move(page, "a", 0)
    tick = page.locator(".cg-scale > i").first.bounding_box()["x"]
    track = page.locator("input[type=range]").first.bounding_box()
    assert tick == pytest.approx(track["x"] + 8 + 0.75 * (track["width"] - 16), abs=2)
    move(page, "b", 99)
    assert page.locator(".cg-scale").nth(1).inner_text().split() == ["1", "99"]


def test_an_input_and_its_leaf_light_up_together(opened):
    page = opened()
    row = page.locator(".cg-slider").nth(1)
    row.hover()
    assert node(page, 1).get_attribute("class").split()[-1] == "cg-pointed"
    node(page, 0).hover()
    assert "cg-pointed" not in node(page, 1).get_attribute("class")
    assert "cg-pointed" in page.locator(".cg-slider").first.get_attribute("class")
    page.locator("input[type=range]").nth(1).focus()
    assert "cg-held" in node(page, 1).get_attribute("class")
    colours = [
        place.evaluate("e => getComputedStyle(e).getPropertyValue('--cg-hue')")
        for place in (row, node(page, 1), node(page, 0))
    ]
    assert colours[0] == colours[1] != colours[2]


def test_a_box_shows_four_digits_and_with_the_focus_all_of_them(opened):
    page = opened("a*b", {"a": -2 / 3, "b": 3.14159})
    a, b = (page.get_by_label(f"type a number for {name}") for name in "ab")
    assert (a.input_value(), b.input_value()) == ("-0.6667", "3.14159")
    assert a.evaluate("box => box.scrollWidth <= box.clientWidth")  # nothing is cut off
    a.focus()
    assert a.input_value() == "-0.6666666666666666"
    b.focus()
    assert (a.input_value(), numbers(page)["a"]) == ("-0.6667", -2 / 3)


# --- undone ---


def test_whatever_moved_is_undone_and_done_again(opened):
    page = opened()
    moves = [
        lambda: drag(page, "0.data", 40),
        lambda: node(page, 1).press("ArrowUp"),
        lambda: page.locator("input[type=range]").nth(2).press("ArrowRight"),
        lambda: move(page, "d", 7),
        lambda: page.locator(".cg-slider").nth(3).get_by_role("button").click(),
        lambda: page.locator("input[type=range]").nth(2).dblclick(position={"x": 20, "y": 8}),
    ]
    there = [numbers(page)]
    for act in moves:
        act()
        settle(page)
        there.append(numbers(page))
    assert there[-1]["c"] == 10 and all(one != other for one, other in pairwise(there))
    for one in reversed(there[:-1]):
        page.keyboard.press("Control+z")
        assert numbers(page) == one
    page.keyboard.press("Control+z")
    for one in there[1:]:
        page.keyboard.press("Control+Shift+z")
        assert numbers(page) == one


def test_what_is_being_typed_is_undone_by_its_field(opened):
    page = opened()
    move(page, "a", 3)
    settle(page)
    box = page.get_by_label("type a number for b")
    box.focus()
    page.keyboard.type("5")
    page.keyboard.press("Control+z")
    assert (numbers(page), box.input_value()) == ({**START, "a": 3}, "-3")
    page.keyboard.press("Control+z")  # nothing is being typed any more
    assert numbers(page) == START


def test_a_double_click_on_a_slider_resets_its_number_and_its_range(opened):
    page = opened()
    move(page, "b", 50)
    slider = page.locator("input[type=range]").nth(1)
    assert slider.get_attribute("max") == "50"
    slider.dblclick(position={"x": 100, "y": 8})
    assert (numbers(page), slider.get_attribute("max")) == (START, "3")


# --- many, and narrow ---


def test_sixty_leaves_in_a_narrow_window_are_moved_as_four_are(opened):
    names = [f"x{k}" for k in range(60)]
    page = opened(" + ".join(names), dict.fromkeys(names, 1), viewport={"width": 400, "height": 800})
    node(page, 0).press("ArrowUp")
    assert numbers(page)["x0"] == 1.1
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_leaves_beyond_the_sliders_are_typed_and_stepped_in_the_picture(opened, browser):
    names = [f"x{i}" for i in range(110)]
    page = browser.new_page()
    page.set_content(explore(" + ".join(f"{name}*{name}" for name in names), **dict.fromkeys(names, 1)).to_html())
    page.locator(".cg-scrub").first.wait_for(state="attached")
    assert page.locator(".cg-slider").count() == 0
    box = page.locator(".cg-node[role=spinbutton]").first
    box.focus()
    for key, wanted in (("7", "7"), ("ArrowUp", "7.1")):
        page.keyboard.press(key)
        if key == "7":
            page.keyboard.press("Enter")
        page.wait_for_function(
            f"() => document.querySelector('.cg-node[role=spinbutton]').ariaValueText === '{wanted}'"
        )
    page.close()
