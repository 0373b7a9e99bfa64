"""A picture that a foreign notebook or page brings as text: what becomes of it in a real page."""

from __future__ import annotations

import re

import pytest

from cgviz import Value, draw, explore
from cgviz.live import javascript, matrix

READ = f"text => {{ {javascript.script('drawing')}\nreturn new XMLSerializer().serializeToString(readDrawing(text)); }}"
HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" onload="ran()"
  class="cg-svg" style="background:url(//a)" width="9" height="9">
  <script>ran()</script><style>body{display:none}</style>
  <foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="q:" onerror="ran()"/></foreignObject>
  <h:script xmlns:h="http://www.w3.org/1999/xhtml">ran()</h:script><image x:href="//a/b.png"/>
  <a x:href="javascript:ran()"><text>click</text></a><animate attributeName="href" values="javascript:ran()"/>
  <g class="cg-node" data-node="0" onclick="ran()"><rect fill="url(//a#b)" x="1"/><title>kept</title></g></svg>"""


@pytest.fixture(scope="module")
def read(browser):
    page = browser.new_page()
    page.evaluate("() => { window.run = 0; window.ran = () => window.run += 1; }")

    def inserted(text):
        found = page.evaluate(READ, text)
        page.evaluate(f"text => {{ {javascript.script('drawing')}\ndocument.body.append(readDrawing(text)); }}", text)
        page.locator("svg").last.dispatch_event("click")
        assert page.evaluate("() => window.run") == 0
        return found

    yield inserted
    page.close()


def test_nothing_of_it_runs_or_reaches_out_and_what_pictures_are_made_of_stays(read):
    found = read(HOSTILE)
    assert not re.search(r"script|style|on\w+=|href|foreign|image|<a |animate|url\(", found)
    assert 'data-node="0"' in found and ">kept</title>" in found


@pytest.mark.parametrize("text", ["", "<svg", "<p>no picture</p>", '<html xmlns="http://www.w3.org/1999/xhtml"/>'])
def test_what_is_no_picture_is_an_empty_one(read, text):
    assert read(text) == '<svg xmlns="http://www.w3.org/2000/svg"/>'


def test_pictures_of_our_own_stay_what_they_are(read):
    a = Value(2.0, "a<b")
    L = a * 3 + a
    L.backward()
    from cgviz.tensor import Tensor

    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    texts = [draw(L, edges="weight", note={"a<b": "url(x)"}).svg, draw((x * x).sum()).svg]
    texts += [explore("a*b", a=1, b=2).view.svg, matrix([[a, L]]).view.svg]
    for text in texts:
        kept = read(text)
        assert all(kept.count(f"<{kind}") == text.count(f"<{kind}") for kind in ("g", "rect", "path", "text", "style"))
        assert set(re.findall(r' ([a-zA-Z-]+)="', text)) - set(re.findall(r' ([a-zA-Z-]+)="', kept)) <= {"style"}
