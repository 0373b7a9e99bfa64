"""Reads Graphviz's language, as far as a drawing of boxes and arrows needs it: nodes, edges and their attributes.

What is said of colours, fonts and clusters is read over; the grammar is that of https://graphviz.org/doc/info/lang.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^\#[^\n]*)
      | "(?P<text>(?:\\.|[^"\\])*)"
      | (?P<html><(?:[^<>]|<[^<>]*>)*>)
      | (?P<sign>->|--|[\[\]{}=;,:])
      | (?P<word>-?(?:\.\d+|\d+(?:\.\d*)?)|[^\W\d]\w*)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

Fields = list  # of texts (a cell) and of Fields (cells side by side in the other direction)


@dataclass
class Sketch:
    """What a text in the language describes: `nodes` by name, with their attributes, and `edges` between names."""

    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)


def read(source: str) -> Sketch:
    """Read a description in Graphviz's language.

    Raises `ValueError` for what is none.

    >>> found = read('digraph { rankdir=LR; v0 [label="a" shape=box]; v0 -> v1 }')
    >>> found.nodes, found.edges, found.attributes
    ({'v0': {'label': 'a', 'shape': 'box'}, 'v1': {}}, [('v0', 'v1', {})], {'rankdir': 'LR'})
    """
    return _Reader(source).read()


def lines(label: str, name: str = "") -> list[str]:
    r"""The lines of a plain label, as Graphviz prints them; `name` is the node's, for ``\N``.

    >>> lines(r"a\nb &lt; \N", "v0")
    ['a', 'b < v0']
    """
    if label.startswith("<") and label.endswith(">"):
        label = re.sub("<br/?>", "\n", label[1:-1], flags=re.IGNORECASE)
        return unescape(re.sub("<[^>]*>", "", label)).split("\n")
    text = _ESCAPED.sub(lambda found: {"n": "\n", "l": "\n", "r": "\n", "N": name}.get(found[1], found[1]), label)
    return unescape(text).removesuffix("\n").split("\n")


def fields(label: str, name: str = "") -> Fields | None:
    r"""The cells of a record's label; ``None`` where Graphviz says "bad label format".

    >>> fields("{a | 2}"), fields(r"{a\|b | 2}"), fields("{a|b | 2}"), fields("{a{b | 2}")
    ([['a', '2']], [['a|b', '2']], [['a', 'b', '2']], None)
    """
    parts = re.findall(r"\\.|[^\\]", label, re.DOTALL)
    found, end = _cells(parts, 0, name)
    return found if end == len(parts) else None


def _cells(parts: list[str], at: int, name: str) -> tuple[Fields | None, int]:
    """The cells from a place on, up to a closing brace or the end; ``-1`` for the end where they are none."""
    found: Fields = []
    text, inner, port = "", None, ""
    while True:
        part = parts[at] if at < len(parts) else ""
        if part in ("", "|", "}"):
            cell = inner if inner is not None else " ".join(lines_of_cell(text, name).split(" ")).strip(" ")
            found.append("" if port == "lost" else cell)
            if part != "|":
                return found, at
            text, inner, port = "", None, ""
        elif part == "{":
            if inner is not None or text.strip():
                return None, -1
            inner, at = _cells(parts, at + 1, name)
            if inner is None or at >= len(parts) or parts[at] != "}":
                return None, -1
        elif part == "<":
            if ">" not in parts[at:]:
                return None, -1
            port = "lost" if text.strip() else "port"  # what stands before the name of a port is dropped
            at = parts.index(">", at)
        elif part == ">" or (inner is not None and part.strip()):
            return None, -1
        else:
            text += part
        at += 1


def lines_of_cell(text: str, name: str) -> str:
    """The text of a cell: runs of blanks are one, but for those that are escaped."""
    kept = re.sub(r"(?<!\\) +", " ", text.strip(" ") if not text.endswith("\\ ") else text.lstrip(" "))
    return "\n".join(lines(kept, name))


class _Reader:
    """Reads statement by statement."""

    def __init__(self, source: str) -> None:
        self.found = Sketch()
        self.defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}, "graph": self.found.attributes}
        self.tokens = list(_tokens(source))
        self.at = 0

    def read(self) -> Sketch:
        while self.next() is not None and self.next() != ("sign", "{"):
            self.at += 1  # strict digraph NAME
        self.expect("{")
        self.block()
        return self.found

    def next(self, ahead: int = 0) -> tuple[str, str] | None:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def take(self, sign: str) -> bool:
        taken = self.next() == ("sign", sign)
        self.at += taken
        return taken

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            told = self.next()
            raise ValueError(f"expected {sign} in a graph's description, got {told[1] if told else 'its end'}")

    def name(self) -> str:
        kind, text = self.next() or ("sign", "its end")
        if kind == "sign":
            raise ValueError(f"expected a name in a graph's description, got {text}")
        self.at += 1
        return text

    def block(self) -> list[str]:
        """The statements up to a closing brace; returns the nodes that they name."""
        named: list[str] = []
        while not self.take("}"):
            if not self.take(";"):
                named += self.statement()
        return named

    def statement(self) -> list[str]:
        ends = self.ends()
        if isinstance(ends, str):  # `graph`, `node` or `edge`, or a name with its value
            return []
        named = list(ends)
        pairs: list[tuple[str, str]] = []
        while self.take("->") or self.take("--"):
            further = self.ends()
            pairs += [(tail, head) for tail in ends for head in further]
            named += further
            ends = further
        given = self.attributes()
        if pairs:
            self.found.edges += [(*pair, self.defaults["edge"] | given) for pair in pairs]
        else:
            for one in named:
                self.found.nodes[one] |= given
        return named

    def ends(self) -> list[str] | str:
        """The nodes at one end of an edge: one, or those of a block; a text for what is no node."""
        kind, text = self.next() or ("sign", "")
        if (kind, text) == ("sign", "{") or (kind, text.lower()) == ("word", "subgraph"):
            self.at += kind == "word"
            while self.next() and self.next() != ("sign", "{"):
                self.at += 1
            self.expect("{")
            return self.block()
        if kind == "word" and text.lower() in self.defaults and self.next(1) == ("sign", "["):
            self.at += 1
            self.defaults[text.lower()].update(self.attributes())
            return text
        text = self.name()
        if self.take("="):
            self.found.attributes[text] = self.name()
            return text
        while self.take(":"):  # a port
            self.name()
        self.found.nodes.setdefault(text, dict(self.defaults["node"]))
        return [text]

    def attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while self.take("["):
            while not self.take("]"):
                if self.take(",") or self.take(";"):
                    continue
                key = self.name()
                found[key] = self.name() if self.take("=") else "true"
        return found


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(source):
        token = _TOKEN.match(source, at)
        if token is None:
            raise ValueError(f"a graph's description cannot be read from {source[at : at + 20]!r} on")
        at = token.end()
        kind, text = token.lastgroup or "", token[token.lastgroup or 0]
        if kind != "skip":
            # Of the backslashes only that before a quotation mark belongs to the language; the others are the label's.
            yield kind, re.sub(r"\\(.)", lambda m: '"' if m[1] == '"' else m[0], text) if kind == "text" else text
