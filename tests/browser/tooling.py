"""A live view as a page of its own, for the tests of its tools."""

from __future__ import annotations

from cgviz.live import GraphView
from cgviz.live.document import to_html


def opened(browser, text, tool, **options):
    """A page with this text, and the tool open; what goes wrong in the page is listed in `page.wrong`.

    Nothing is on its way in it, unless `reduced_motion` says otherwise.
    """
    page = browser.new_page(**{"reduced_motion": "reduce"} | options)
    page.set_default_timeout(10_000)
    page.wrong = []
    watch(page, page.wrong.append)
    page.set_content(text)
    page.get_by_role("button", name=tool, exact=True).click(force=True)  # also where it is grey
    return page


def faults(message):
    """What a view has to say of a failure of its own, in a list; nothing for any other message of the console."""
    return [message.text] if message.type == "error" and message.text.startswith("cgviz: ") else []


def watch(page, note):
    """Have everything noted that goes wrong in a page: what nobody caught, and what a view says of itself."""
    page.on("pageerror", lambda error: note(str(error)))
    page.on("console", lambda message: [note(text) for text in faults(message)])


def shown(root):
    """The page of a finished graph, of any class, without sliders."""
    return to_html(GraphView(root), {}, title="A graph")


def slot(page, name):
    return page.locator(f"[data-slot='{name}']").first.text_content()


def move(page, name, x):
    """Move a slider of the page, as typing a number does."""
    field = page.get_by_label(f"type a number for {name}")
    field.fill(str(x))
    field.press("Enter")


def settle(page):
    """Wait until the page has answered to another size: what it measures, it measures a frame later."""
    page.wait_for_timeout(80)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
