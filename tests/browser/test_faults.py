"""Where the page itself fails, it says so: one sentence above the picture, a line in the console, never nothing."""

import re

import pytest
from test_hosts import ASK
from tooling import move, slot, watch

from cgviz import explore
from cgviz.live import javascript as source


@pytest.fixture
def opened(browser):
    """Opens an explorer of exp(a)*b as a page of its own, with something in its text replaced."""
    pages = []

    def opened(*replaced):
        text = explore("exp(a)*b", a=1, b=2).to_html()
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)  # it names the script as it was
        page = browser.new_page()
        pages.append(page)
        page.set_default_timeout(10_000)
        page.wrong = []
        watch(page, page.wrong.append)
        page.set_content(text)
        page.locator(".cg-choices button").first.wait_for()
        page.get_by_label("type a number for a").wait_for()
        return page

    yield opened
    for page in pages:
        page.close()


def message(page):
    return page.locator(".cg-message").text_content()


def test_a_missing_primitive_is_told_at_once_and_for_good(opened):
    page = opened(("const exp=throwing(", "const exq=throwing("))
    said = "The page failed at computing with these numbers: exp is not defined."
    assert message(page) == said
    assert slot(page, "0.data") == "1"  # the picture that came with the page
    move(page, "a", 2)
    page.wait_for_timeout(1300)  # so long a kernel is waited for without a word
    assert message(page) == f"{said} this page cannot compute this graph, and has no kernel to ask"
    assert any("the page failed at computing" in text for text in page.wrong)


def test_what_cannot_be_drawn_is_told_until_it_can(opened):
    page = opened()
    page.evaluate("() => { cgviz.picture.places.patch = () => { throw new TypeError('no slot'); }; }")
    move(page, "a", 2)
    assert message(page) == "The page failed at drawing the numbers: no slot."
    page.evaluate("() => { delete cgviz.picture.places.patch; }")
    move(page, "a", 0)
    assert message(page) == "" and slot(page, "0.data") == "0"
    assert len(page.wrong) == 1


@pytest.mark.parametrize(
    ("what", "act"),
    [
        ("open", lambda page: page.get_by_role("button", name="Step", exact=True).click()),
        ("pick", lambda page: page.locator("[data-slot='0.data']").first.click()),
        ("key", lambda page: page.locator(".cg-node").first.press("x")),
        ("update", lambda page: move(page, "a", 2)),
        ("watch", lambda page: move(page, "a", 2)),
    ],
)
def test_a_tool_that_fails_is_told_and_the_page_goes_on(opened, what, act):
    page = opened()
    if what != "open":
        page.get_by_role("button", name="Predict", exact=True).click()
    page.evaluate(
        "what => { for (const tool of cgviz.toolbar.tools) tool[what] = () => { throw new RangeError('gone'); }; }",
        what,
    )
    act(page)
    place = {"update": "the tool Predict", "watch": "what Step remembers"}.get(what, "an answer to what was done")
    assert message(page).startswith(f"The page failed at {place}: gone.")
    assert any("cgviz: the page failed" in text for text in page.wrong)
    move(page, "a", 0)
    assert slot(page, "0.data") == "0"
    assert bool(message(page)) == (what in ("update", "watch"))  # these fail again, the others were of the moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("const near = 1;\nconst near = 2;", "Identifier 'near' has already been declared"),
        ("export default { render: () => missing() };", "missing is not defined"),
    ],
)
def test_a_module_that_does_not_load_is_told_where_the_picture_would_be(browser, text, said):
    page = browser.new_page()
    wrong = []
    watch(page, wrong.append)
    ask = ASK.replace("['view', 'descent']", "['view']").replace("[module, later]", "[module]")
    found, _, _ = page.evaluate(ask, [source.module("loader"), text, "", "yes"])
    assert found == f"This picture's script did not load: {said}. Run the cell again."
    assert [one.startswith("cgviz: the view did not load") for one in wrong] == [True]
    page.close()
