"""One JupyterLab and one browser for all tests here; each test gets a page that must not speak to other hosts."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import lab as harness


@pytest.fixture(scope="session")
def browser():
    for package in ("playwright", "jupyterlab"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"browser tests need {package}, which is not installed")
    program = harness.chromium()
    if program is None:
        pytest.skip("browser tests need Chromium or Chrome; none was found (CGVIZ_CHROMIUM can name one)")
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
