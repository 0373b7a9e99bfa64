"""Labels in formulas: which stand there as they are, which in parentheses, and which in quotes.

A label is whatever somebody has called a node, and a formula with it is read as a formula: ``2 · y = 1.5 · 3`` would be
false of a node that is called 2 and is 1.5.
"""

from __future__ import annotations

import re
from unicodedata import category, decomposition

from ..text import Piece, shorten

NUMBER = re.compile(r"\d+(\.\d*)?(e[-+]?\d+)?")
WORDS = {"nan", "inf", "infinity"}
"""Numbers that are written as words, in whatever case."""
PAIRS = {"(": ")", "[": "]", "{": "}"}
LOOSE = {"Sm", "Pd", "Sk"}
"""Signs of mathematics, dashes, and ^: what has one in it is an expression."""


def quoted(label: str) -> str:
    """A label on one line, in quotes where it would be read as a number, an equation, or half of an expression.

    >>> [quoted(label) for label in ("w1", "2", "1e5", "½", "-3", "1/2", "2x", "NaN", "x = 1", "a)", "a²", "1-p")]
    ['w1', "'2'", "'1e5'", "'½'", "'-3'", "'1/2'", "'2x'", "'NaN'", "'x = 1'", "'a)'", 'a²', '1-p']
    """
    label = shorten(label)
    if label.isascii() and label.isidentifier() and label.casefold() not in WORDS:
        return label  # as nearly all are
    if not (_is_numeric(label) or _is_equation(label) or _is_torn(label)):
        return label
    mark = '"' if "'" in label else "'"
    return f"{mark}{label}{mark}"


def piece(label: str) -> Piece:
    """A label as a piece of a formula."""
    text = quoted(label)
    return Piece(text, 9 if text[:1] in "'\"" and text != shorten(label) else binding(text))


def tight(label: str) -> str:
    """A label as it stands beside a sign, in parentheses if it is an expression itself, in quotes if it is a number.

    >>> tight("a"), tight("a+b"), tight("2")
    ('a', '(a+b)', "'2'")
    """
    return f"{piece(label):9}"


def binding(label: str) -> int:
    """How tightly a label binds in a formula: an expression, or several words, is put in parentheses beside a sign.

    >>> [binding(label) for label in ("w1", "x̂", "h[0]", "1e-09", "f(a + b)", "a+b", "the bias", "-a", "a²")]
    [9, 9, 9, 9, 9, 0, 0, 0, 0]
    """
    if NUMBER.fullmatch(label):
        return 9
    deep, parts = 0, []
    for ch in label:
        deep += (ch in "([{") - (ch in ")]}")
        parts.append(ch if deep == 0 and ch not in ")]}" else "")
    outside = "".join(parts)
    return 0 if deep or any(map(_loosens, outside)) else 9


def _loosens(ch: str) -> bool:
    return ch.isspace() or ch in "!,:;?@%&*/·\\" or category(ch) in LOOSE or decomposition(ch).startswith("<super>")


def _is_numeric(label: str) -> bool:
    """Whether nothing but numbers is named, as in ``1/2``, or one word begins with a digit, as ``2x``, for 2 · x."""
    words = re.findall(r"\w+", label)
    if len(words) == 1 and words[0][0].isnumeric():
        return True
    return all(word.casefold() in WORDS or _is_digits(word) for word in words) and bool(words or "∞" in label)


def _is_digits(word: str) -> bool:
    """Whether a word is a number, or a piece of one, as 1e of 1e-05."""
    return word[0].isnumeric() and (
        word.replace("_", "").isnumeric() or bool(re.fullmatch(r"\d+(e\d*)?", word.lower()))
    )


def _is_equation(label: str) -> bool:
    """Whether a label states a number, as ``x = 1`` does."""
    return any(ch in "=≈≠≡" for ch in label) and any(word[0].isnumeric() for word in re.findall(r"\w+", label))


def _is_torn(label: str) -> bool:
    """Whether brackets in a label have no partner.

    >>> [_is_torn(label) for label in ("f(a)", "a)", "(a", "(a]", "[0, 1)")]
    [False, True, True, True, True]
    """
    waiting: list[str] = []
    for ch in label:
        if ch in PAIRS:
            waiting.append(PAIRS[ch])
        elif ch in PAIRS.values() and (not waiting or waiting.pop() != ch):
            return True
    return bool(waiting)
