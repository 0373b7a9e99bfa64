"""Text as it may stand in XML and HTML: escaped, and without the characters that no document may hold."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr


def escape_text(text: str) -> str:
    """A text between tags.

    >>> escape_text("a < b"), escape_text("a\\x00b")
    ('a &lt; b', 'a�b')
    """
    return escape(_replace(text))


def quote_attribute(text: str) -> str:
    """A text as an attribute, in its quotes.

    >>> quote_attribute('a "b" < c')
    '\\'a "b" &lt; c\\''
    """
    return quoteattr(_replace(text))


def _replace(text: str) -> str:
    return "".join(ch if _is_allowed(ch) else "�" for ch in text)


def _is_allowed(ch: str) -> bool:
    """Whether XML may hold a character: no control characters, no halves of a surrogate pair."""
    return ch in "\t\n" or " " <= ch < "\ud800" or "\ue000" <= ch <= "\ufffd" or ch > "\uffff"
