"""A live view as a page of its own, for the tests of its tools."""

from __future__ import annotations

from cgviz.live import GraphView
from cgviz.live.html import to_html


def opened(browser, text, tool, **options):
    """A page with this text, and the tool open; what goes wrong in the page is listed in `page.wrong`."""
    page = browser.new_page(**options)
    page.set_default_timeout(10_000)
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.set_content(text)
    page.get_by_role("button", name=tool, exact=True).click()
    return page


def shown(root):
    """The page of a finished graph, of any class, without sliders."""
    return to_html(GraphView(root), {}, "A graph")


def slot(page, name):
    return page.locator(f"[data-slot='{name}']").first.text_content()


def move(page, name, x):
    """Move a slider of the page, as typing a number does."""
    field = page.get_by_label(f"type a number for {name}")
    field.fill(str(x))
    field.press("Enter")
