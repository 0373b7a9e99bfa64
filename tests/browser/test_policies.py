"""A page that was written stands where no script may run, and moves where its own script is let in by its hash."""

import re
from functools import partial

import pytest

from cgviz import compare, descend, explore
from tests.hostile import MARK, TEXTS, function

POLICIES = {
    "none": ("default-src 'none'", False),
    "strict": ("default-src 'self'", False),
    "nonce": ("script-src 'nonce-abc'; style-src 'self'", False),
    "sandbox": ("sandbox", False),
    "sandbox with scripts": ("sandbox allow-scripts", True),
    "hash": ("script-src 'HASH' blob:; style-src 'unsafe-inline'", True),
    "frames": ("frame-ancestors 'self'", True),
}
PAGES = {
    "explorer": lambda: explore("a*b + c", a=1, b=2, c=3).to_html("T"),
    "of hostile texts": lambda: explore(function(TEXTS[:40]), a=1, b=2).to_html("</title><cgx>"),
    "descent": lambda: descend("a**2", a=2).to_html("T"),
    "compared": lambda: compare(explore("a*b", a=1, b=2), explore("a*b", a=3, b=2)).to_html("T"),
}


def answer(route, request, body, headers):
    route.fulfill(body=body, headers=headers)


@pytest.mark.parametrize("kind", PAGES)
def test_the_picture_stands_under_every_policy(browser, kind):
    text = PAGES[kind]()
    own = re.search(r"script-src '(sha256-[^']+)'", text)[1]
    for name, (policy, moves) in POLICIES.items():
        context = browser.new_context()
        page = context.new_page()
        headers = {"Content-Security-Policy": policy.replace("HASH", own), "Content-Type": "text/html; charset=utf-8"}
        page.route("http://host.test/", partial(answer, body=text, headers=headers))
        page.goto("http://host.test/")
        if moves:
            page.locator("input[type=range]").first.wait_for()
        else:
            assert page.locator("input[type=range]").count() == 0, name
        assert page.locator(".cg-here svg text").first.is_visible(), name
        assert page.locator(f"{MARK}, [{MARK}]").count() == 0, name
        context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_the_picture_stands_without_scripts(browser, kind):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(PAGES[kind]())
    assert page.locator(".cg-here svg text").first.is_visible()
    context.close()
