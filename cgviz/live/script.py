"""JavaScript as tokens, as far as joining files asks for them: what is a comment, a string, a name, and what is within.

A regular expression is told from a division by what stands before it, as far as the page's own files need it told:
after a closing bracket there is always a division.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SPACE, BREAK, COMMENT, TEXT = "space", "break", "comment", "text"
REGEX, NUMBER, WORD, SIGN, TEMPLATE = "regex", "number", "word", "sign", "template"
UNREAD = frozenset((SPACE, BREAK, COMMENT))
KINDS = re.compile(
    r"""(?P<space>[^\S\n]+)
    |(?P<break>\n\s*)
    |(?P<comment>//[^\n]*|/\*[\s\S]*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')
    |(?P<number>\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\.\d\w*(?:(?<=[eE])[+-]\d+)?)
    |(?P<word>[\w$#]+)
    |(?P<open>[{(\[])|(?P<close>[})\]])|(?P<template>`)|(?P<slash>/=?)
    |(?P<sign>=>|\.\.\.|\?\.(?!\d)|\?\?=?|\+\+|--|&&=?|\|\|=?|\*\*=?|>>>?=?|<<=?|[=!]==?
        |[-+*%&|^<>]=?|[;,.:?~!=@])""",
    re.VERBOSE,
)
PATTERN = re.compile(r"/(?![*/])(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
PIECE = re.compile(r"[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?P<end>`|\$\{)")
BEFORE_PATTERN = frozenset(
    ("return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "throw", "new", "yield", "await")
)
"""The words after which a slash begins a regular expression."""

ENDS = (")", "]", "}", "++", "--")
"""The signs after which a slash divides."""


class Token(NamedTuple):
    """A piece of a script: its `kind`, its `text`, and how many brackets are open around it."""

    kind: str
    text: str
    depth: int


def tokens(script: str) -> Iterator[Token]:
    """Cut a script into its tokens, which joined are the script again.

    Raises `ValueError` with the line that is not understood.

    >>> [token.text for token in tokens("a = 1 / b; // half") if token.kind != SPACE]
    ['a', '=', '1', '/', 'b', ';', '// half']
    >>> [token.kind for token in tokens("x.replace(/[/]/g, `//${y}`)") if token.kind not in (SPACE, SIGN)]
    ['word', 'word', 'regex', 'text', 'word', 'text']
    """
    at, end, match = 0, len(script), KINDS.match
    opened: list[str] = []  # each open bracket; "${" for one within a template
    last: Token | None = None
    while at < end:
        found = match(script, at)
        if found is None:
            raise _strange(script, at)
        kind, depth = str(found.lastgroup), len(opened)
        if kind == "open":
            kind = SIGN
            opened.append(found[0])
        elif kind == "close":
            if not opened:
                raise _strange(script, at)
            kind = TEMPLATE if opened.pop() == "${" else SIGN
            depth -= 1
        elif kind == "slash":
            kind = SIGN
            if _awaits_operand(last) and (pattern := PATTERN.match(script, at)):
                found, kind = pattern, REGEX
        if kind == TEMPLATE:  # as far as its next expression, or to its end
            kind = TEXT
            if (found := PIECE.match(script, at)) is None:
                raise _strange(script, at)
            if found["end"] == "${":
                opened.append("${")
        token = Token(kind, found[0], depth)
        at = found.end()
        if kind not in UNREAD:
            last = token
        yield token
    if opened:
        raise ValueError(f"it ends before {opened[-1]!r} is closed")


def _awaits_operand(last: Token | None) -> bool:
    if last is None:
        return True
    if last.kind == WORD:
        return last.text in BEFORE_PATTERN
    return last.text.endswith("${") if last.kind == TEXT else last.kind == SIGN and last.text not in ENDS


def _strange(script: str, at: int) -> ValueError:
    line = script.count("\n", 0, at) + 1
    return ValueError(f"line {line} is not understood from here on: {script[at : at + 30].splitlines()[0]!r}")


def compact(tokens: Sequence[Token]) -> str:
    """The script without what only its readers need: comments, indentation, and spaces that keep nothing apart.

    Its lines stay lines, so that no statement ends elsewhere and an error still says where it is.

    >>> compact(list(tokens("const a = - -b; // why\\n\\n  return a in b;")))
    'const a=- -b;\\nreturn a in b;'
    """
    written: list[str] = []
    last: Token | None = None
    apart = False
    for token in tokens:
        if token.kind == BREAK or (token.kind == COMMENT and "\n" in token.text):
            if last is not None:
                written.append("\n")
            last, apart = None, False
        elif token.kind in (SPACE, COMMENT):
            apart = True
        else:
            if apart and last is not None and _touch(last, token):
                written.append(" ")
            written.append(token.text)
            last, apart = token, False
    return "".join(written).strip("\n")


def _touch(last: Token, token: Token) -> bool:
    """Whether two tokens would become another without a space between them."""
    words = (WORD, NUMBER, REGEX)
    if last.kind in words and (token.kind in (WORD, NUMBER) or token.text.startswith(".")):
        return True
    same = last.kind == SIGN and token.kind in (SIGN, REGEX) and last.text[-1] == token.text[0]
    return same and token.text[0] in "+-/<>=&|*?!."
