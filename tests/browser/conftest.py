"""One JupyterLab and one browser for all tests here; each test gets a page that must not speak to other hosts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import lab as harness
from tooling import faults, watch


@pytest.fixture(scope="session")
def browser(missing):
    program = harness.chromium() or missing("browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=harness.OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def lab(browser):
    with harness.jupyterlab() as running:
        yield running


@pytest.fixture(scope="session")
def window(browser, lab):
    """The page that all tests share, because loading JupyterLab takes longer than most tests; with all it asked for."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(20_000)
    asked = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("websocket", lambda socket: asked.append(socket.url))
    lab.load(opened)
    return opened, asked


@pytest.fixture
def page(window, lab):
    opened, asked = window
    yield opened
    lab.close(opened)
    strangers = [url for url in asked if not harness.is_local(url, lab)]
    assert not strangers, f"the page asked other hosts: {strangers}"
    assert asked
    asked.clear()


@pytest.fixture(scope="module")
def kept(window, lab):
    """The notebook that the tests of a module write their cells into: a kernel takes longer to start than they take."""
    notebook = []
    yield notebook
    lab.close(window[0])


@pytest.fixture
def run(window, lab, kept):
    """Runs these cells and returns their notebook; nothing in it may stand in red, then or when the test is over."""
    page, asked = window
    asked.clear()
    wrong = []

    def note(error):
        if "Canceled future" not in str(error):  # JupyterLab's own, when a kernel ends
            wrong.append(str(error))

    def run(*cells):
        if not kept or not page.evaluate(harness.AT_WORK):
            lab.close(page)
            kept[:] = [lab.open(page, lab.write(""))]
        notebook = kept[0].rewrite(*cells).run_all()
        assert notebook.errors() == []
        return notebook

    def hear(message):
        wrong.extend(faults(message))

    page.on("pageerror", note)
    page.on("console", hear)
    yield run
    page.remove_listener("pageerror", note)
    page.remove_listener("console", hear)
    assert not wrong
    assert not kept or kept[0].errors() == []
    strangers = [url for url in asked if not harness.is_local(url, lab)]
    assert not strangers, f"the page asked other hosts: {strangers}"


@pytest.fixture
def explored(browser, tmp_path):
    """Opens an expression, or a function, as a page of its own, with one of its tools; nothing in it may raise."""
    from cgviz import explore

    pages, errors = [], []

    def opened(subject: Any, tool: str = "Predict", /, **numbers: float):
        (tmp_path / "page.html").write_text(explore(subject, **numbers).to_html(), encoding="utf-8")
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        pages.append(page)
        page.set_default_timeout(10_000)
        watch(page, errors.append)
        page.goto((tmp_path / "page.html").as_uri())
        page.get_by_role("button", name=tool, exact=True).click()
        return page

    yield opened
    for page in pages:
        page.close()
    assert not errors
