"""Texts that try to get out of where they stand, and what tells of an output that one of them did."""

import csv
import html.parser
import io
import json
import re
import unicodedata
from xml.etree import ElementTree

from cgviz import Value

MARK = "cgx"
"""The element, and the attribute, that a text which got out has made."""
TEXTS = (
    *("<cgx>", "<cgx cgx=1>", '"><cgx>', "'><cgx>", "</script><cgx>", "</style><cgx>", "</title><cgx>", "</svg><cgx>"),
    *("]]><cgx>", "--><cgx>", "<!--<script><cgx>", "</textarea><cgx>", "</noscript><cgx>", "</template><cgx>"),
    *('" cgx="1', "' cgx='1", "` cgx=1 ", " cgx=1 x=", '\\"><cgx>', "\\u003ccgx\\u003e", "%3Ccgx%3E"),
    *("&lt;cgx&gt;", "&#60;cgx&#62;", "&amp;lt;cgx>", "&", "<", "<<", "<a", "&#0;", "&bogus;"),
    *("a\x00b", "a\x1b[31mb", "a\x07b", "a\u202eb\u2066c", "a\ud800b", "a\ufffeb\uffff", "a\x85b\x0bc\x7f", "\ufeffa"),
    *("a\nb", "a\rb", "a\u2028b\u2029c", "a\tb", "a\\nb", "a\\", "\\", "\\\\N", '"', "'", "{", "}", "a|b", "{a|<b>c}"),
    *("**b** `c` _d_", "[x](javascript:alert(1))", "![x](https://evil.example/x.png)", "| a | b |", "# a", "<!-- a"),
    *("$\\href{javascript:alert(1)}{x}$", "$$", "\\(x\\)", "${x}", "{{7*7}}", "{0}", "%s", "%(a)s", "`${x}`"),
    *("__proto__", "constructor", "toString", "hasOwnProperty", "=HYPERLINK(1)", "+1", "-1", "@a", "javascript:cgx"),
    *("x" * 3000, "a" + "\u0301" * 300, "\U0001f4a5", "\u200b", " ", "  a  ", "", "L", "v0", "∂L/∂a", "../../x", "CON"),
)
FOREIGN = {"script", "iframe", "object", "embed", "link", "base", "meta", "form"}
"""What no picture holds. (A whole page has a script of our own, and says its title.)"""


class Reader(html.parser.HTMLParser):
    """The elements and the attributes of a page, as a browser finds them, and the contents of its scripts."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.scripts, self._in = set(), [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += attrs
        self._in = dict(attrs) if tag == "script" else None

    def handle_data(self, data):
        if self._in is not None:
            self.scripts.append((self._in.get("type") or "", data))
            self._in = None

    def handle_endtag(self, tag):
        self._in = None


def check_html(text):
    """No text has become an element or an attribute; what scripts hold as data is JSON."""
    held = Reader(text)
    assert MARK not in held.elements, "a text became an element"
    names = [name for name, _ in held.attributes]
    assert MARK not in names, "a text became an attribute"
    for name, x in held.attributes:
        assert not (name.startswith("on") and MARK in (x or "")), "a text became a handler"
        if name in ("href", "src", "action", "xlink:href"):
            assert not re.match(r"\s*(javascript|https?):", x or "", re.IGNORECASE), "a text became an address"
        if name == "srcdoc":
            check_html(x)
    for kind, script in held.scripts:
        if kind.endswith("json"):
            json.loads(script)


def check_svg(text):
    """It is XML, of elements of pictures alone."""
    root = ElementTree.fromstring(text.encode("utf-8"))
    for part in root.iter():
        tag = part.tag.rpartition("}")[2]
        assert tag != MARK and tag not in FOREIGN, "a text became an element"
        assert not {MARK, *(name for name in part.attrib if name.startswith("on"))} & set(part.attrib)
    check_html(text)


def check_plain(text):
    """Nothing that a terminal obeys, or that turns the writing of what stands behind it."""
    text.encode("utf-8")
    found = {ch for ch in text if unicodedata.category(ch) == "Cc" and ch not in "\n\t"}
    assert not found, f"control characters {found}"
    turned = {ch for ch in text if ch in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"}
    assert not turned, f"writing turned by {turned}"


def check_json(x):
    """It can be sent as JSON, as it is."""
    json.loads(json.dumps(x, allow_nan=False).encode("utf-8"))


def check_csv(text):
    """No cell begins a formula, however the sheet separates its cells."""
    text.encode("utf-8")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            for cell in row:
                assert not re.match(r"\s*[=+\-@\uff1d]", cell), f"{cell!r} begins a formula"


def function(texts):
    """A function of `a` and `b` in whose graph all of these texts stand as labels."""

    def f(a, b):
        total = a * b
        for text in texts:
            total = total * 0.5 + Value(1.0, text)
            total.label = text
        return total

    return f
