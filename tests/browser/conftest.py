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
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed")
    if importlib.util.find_spec("jupyterlab") is None:
        pytest.skip("JupyterLab is not installed")
    program = harness.chromium()
    if program is None:
        pytest.skip("no Chromium or Chrome was found (CGVIZ_CHROMIUM names one)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=harness.QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def lab(browser):
    with harness.jupyterlab() as running:
        yield running


@pytest.fixture
def page(browser, lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    strangers = []

    def guard(route):
        if harness.is_local(route.request.url, lab):
            route.fallback()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    opened = context.new_page()
    opened.on("websocket", lambda socket: _note(socket.url.replace("ws:", "http:", 1), lab, strangers))
    yield opened
    context.close()
    assert not strangers, f"the page asked other hosts: {strangers}"


def _note(address, lab, strangers):
    if not harness.is_local(address, lab):
        strangers.append(address)
