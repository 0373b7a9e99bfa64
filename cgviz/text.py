"""How numbers and names are written wherever a person reads them: pictures, tables, formulas, messages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

MINUS = "-"
SMALL = 6
"""Arrays of at most so many numbers are written out."""
LONGEST_NAME = 24
JOINERS = "\u200c\u200d"
"""They print nothing themselves, and belong to words of Persian and Hindi and to emoji."""
LITERAL = "mathjax_ignore"
"""The class of what MathJax, which JupyterLab runs over every output, leaves as it is: it would eat backslashes."""
DIGITS, FULL = 4, 17
"""How many significant digits a number is written with, and how many tell each float from all others."""
PATH = re.compile(r"…?\w+(\.\w+)*\.[^\W\d]\w*")
"""Names joined by dots, the last of which begins as a name does: no number is one."""
BRIEF = 8
"""Longer numbers are not read to their end."""


def number(x: Any, digits: int = DIGITS) -> str:
    """Write a number with four significant digits, or as many as asked, `FULL` for all; an array by its shape.

    >>> class Array: shape = (3, 2)
    >>> number(Array())
    '3×2 array'

    >>> number(-8.0), number(2 / 3), number(1e-9), number(-0.0)
    ('-8', '0.6667', '1e-09', '0')
    >>> number(2 / 3, 6), number(2 / 3, FULL)
    ('0.666667', '0.6666666666666666')
    >>> number(float("nan")), number(float("-inf"))
    ('NaN', '-∞')
    """
    if x is None:
        return ""
    sizes = getattr(x, "shape", ())
    if sizes:
        return shape(sizes) + (" array" if len(sizes) > 1 else "")
    try:
        x = float(x)
    except OverflowError:  # a whole number that is too large for a float
        return _huge(x, digits)
    except (TypeError, ValueError):
        return shorten(str(x), 12)
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else MINUS + "∞"
    if digits >= FULL:
        return exact(x)
    return f"{x:.{digits}g}" if x else "0"


def _huge(x: Any, digits: int) -> str:
    """A number that is no float for its size; `Decimal` is loaded for it alone."""
    from decimal import Decimal

    mantissa, e, power = f"{Decimal(int(x)):.{digits - 1}e}".partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + power


def apart(x: float, y: float) -> tuple[str, str]:
    """Write two numbers that differ with as many digits as show it, four at least.

    >>> apart(-2.97, -2.9703), apart(1.0, 2.0)
    (('-2.97', '-2.9703'), ('1', '2'))
    """
    for digits in range(4, 18):
        written = f"{x:.{digits}g}", f"{y:.{digits}g}"
        if written[0] != written[1]:
            return written if digits > 4 else (number(x), number(y))
    return number(x), number(y)


def list_first(names: list[str], most: int = 4, separator: str = ", ") -> str:
    """The first of some names, and how many more there are.

    >>> list_first(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    return separator.join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def join_names(names: Iterable[object]) -> str:
    """Names in a sentence.

    >>> join_names("abc"), join_names("a"), join_names(())
    ('a, b and c', 'a', '')
    """
    *first, last = [str(name) for name in names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def shape(sizes: tuple[int, ...]) -> str:
    """Write the shape of an array.

    >>> shape((3, 2)), shape((3,)), shape(())
    ('3×2', '3-vector', 'number')
    """
    if len(sizes) == 1:
        return f"{sizes[0]}-vector"
    return "×".join(str(n) for n in sizes) or "number"


def a_shape(sizes: tuple[int, ...]) -> str:
    """A shape within a sentence.

    >>> a_shape((3, 2)), a_shape((3,)), a_shape(())
    ('3×2', 'a 3-vector', 'a number')
    """
    return shape(sizes) if len(sizes) > 1 else f"a {shape(sizes)}"


def numbers(x: Any, most: int = SMALL, digits: int = DIGITS) -> str:
    """Write an array of at most `most` numbers with its numbers, a larger one by its shape.

    >>> class Array:
    ...     shape, size = (2, 2), 4
    ...     def tolist(self): return [[1.0, 2.0], [3.0, 4 / 9]]
    >>> numbers(Array(), 6), numbers(Array(), 3), numbers(2.0, 6)
    ('[[1, 2], [3, 0.4444]]', '2×2 array', '2')
    """
    if not getattr(x, "shape", ()) or not hasattr(x, "tolist") or math.prod(x.shape) > most:
        return number(x, digits)
    return _write_nested(x.tolist(), digits)


def array(x: Any, most: int = 12) -> str:
    """Write the shape of an array, and its numbers too if they are at most `most`.

    >>> class Array:
    ...     shape = (2, 1)
    ...     def tolist(self): return [[1.0], [3.0]]
    >>> array(Array())
    '2×1 array [[1], [3]]'
    """
    shown = numbers(x, most)
    return shown if shown == number(x) else f"{number(x)} {shown}"


def _write_nested(x: Any, digits: int) -> str:
    if isinstance(x, list):
        return f"[{', '.join(_write_nested(one, digits) for one in x)}]"
    return number(x, digits)


def exact(x: float) -> str:
    """Write a number in full, for messages and titles: ``2`` for 2.0, else as Python prints it.

    >>> exact(2.0), exact(0.1), exact(1e300)
    ('2', '0.1', '1e+300')
    """
    try:
        x = float(x)
    except OverflowError:  # a whole number that is too large
        return number(x)
    return str(int(x)) if x.is_integer() and abs(x) < 1e15 else repr(x)


def brief(x: float) -> str:
    """Write a number in a sentence: in full where that is short, else with four significant digits.

    >>> brief(2100.0), brief(0.00012345), brief(-9.999999999999999e299)
    ('2100', '0.0001234', '-1e+300')
    """
    full = exact(x)
    return full if len(full) <= BRIEF else number(x)


_SPELT = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
GREEK = dict(zip(_SPELT.split(), "αβγδεζηθικλμνξπρστφχψωΓΔΘΛΞΠΣΦΨΩ", strict=True))
NAME = re.compile(rf"(?!v\d)({'|'.join(GREEK)}|[^\W\d_])(?:_?(\d+))?(?:\^(\(\d+\)))?")
_LOW, _HIGH = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"), str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


def typeset_name(label: str) -> str:
    """A label as mathematics writes it, if it is a letter or the name of a Greek one, with an index; else as it is.

    So is ``v4``, which nodes without a label are called by their place.

    >>> [typeset_name(label) for label in ("theta_1", "x^(1)", "w12", "alpha", "loss", "x_hat", "v4")]
    ['θ₁', 'x⁽¹⁾', 'w₁₂', 'α', 'loss', 'x_hat', 'v4']
    """
    found = NAME.fullmatch(label)
    if not found:
        return label
    base, index, _ = found.groups()
    power = label.partition("^")[2]
    return GREEK.get(base, base) + (index or "").translate(_LOW) + power.translate(_HIGH)


_NEGATIVE = re.compile(r"(?<![^\s(\[=·,/|^∂:])-(?=[\w.∞(∂|])|(?<=\de)-(?=\d)|(?<=\s)-(?=\s)")
_FACTOR = re.compile(r"(?<=[·/+−] )−(?:\d[\d.]*(?:e[+−]\d+)?|∞)(?![\w^.])")


def typeset(text: str) -> str:
    """A text with numbers or formulas as mathematics has it, for what is shown and not copied as code.

    Its minus signs are true ones, products have a point, and a negative number behind a sign stands in parentheses.
    Hyphens within words stay.

    >>> typeset("e = a * b = 2 · -3 = -6"), typeset("1e-09 - x of a well-known class")
    ('e = a · b = 2 · (−3) = −6', '1e−09 − x of a well-known class')
    """
    if "-" not in text and "*" not in text:
        return text  # as most are
    return _FACTOR.sub(r"(\g<0>)", _NEGATIVE.sub("−", text.replace(" * ", " · ")))


def shorten(text: str, longest: int = LONGEST_NAME) -> str:
    """Put a name on one line and cut it to `longest` characters, the last of them an ellipsis.

    A path of names with dots, as of a parameter in a model, is cut in front: its last names say most.

    >>> shorten("one\\ntwo"), shorten("a" * 30, 5)
    ('one two', 'aaaa…')
    >>> shorten("transformer.h.0.attn.c_proj.weight", 20)
    '…attn.c_proj.weight'
    """
    if len(text) <= longest and text.isprintable() and text.split(" ") == text.split():
        return text  # as nearly all are
    text = " ".join(
        "".join(ch if ch.isprintable() or ch.isspace() or ch in JOINERS else "�" for ch in text[:1000]).split()
    )
    if len(text) <= longest:
        return text
    return _cut_in_front(text, longest) if PATH.fullmatch(text) else text[: longest - 1] + "…"


def _cut_in_front(path: str, longest: int) -> str:
    """The last names of a path that fit, and at least the end of the last."""
    names = path.split(".")
    end = names.pop()[1 - longest :]
    while names and len(end) + len(names[-1]) + 2 <= longest:
        end = f"{names.pop()}.{end}"
    return "…" + end


def literal(html: str, style: str = "", more: str = "", tag: str = "div") -> str:
    """Wrap HTML that shows text and no formulas, so that a page shows its dollar signs and backslashes.

    `style` are further classes, `more` further attributes.

    >>> literal("a &lt; b", "cg-said")
    '<div class="cg-said mathjax_ignore">a &lt; b</div>'
    """
    return f'<{tag} class="{f"{style} {LITERAL}".strip()}"{more and " " + more}>{html}</{tag}>'


def one_of(allowed: Iterable[str]) -> str:
    """The end of a sentence about a choice that there is not.

    >>> one_of(["'svg'", "'png'"])
    "must be one of 'svg', 'png'"
    """
    return f"must be one of {', '.join(allowed)}"


def kind(obj: Any, namesake: str = "") -> str:
    """What an object is, with its article, for messages about something that does not belong where it is.

    >>> kind(3), kind("x"), kind(None)
    ('an int', 'a str', 'None')

    If the sentence speaks of a `namesake` of ours, a class of that name from elsewhere is told from it.

    >>> kind(type("Value", (), {"__module__": "__main__"})(), "Value")
    'a Value of another class (of __main__, not of cgviz)'
    """
    name = type(obj).__name__
    if name == namesake:
        return f"a {name} of another class (of {type(obj).__module__}, not of cgviz)"
    return "None" if obj is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


class Piece:
    """A piece of a formula: its text, and how tightly it binds. ``f"{piece:2}"`` puts it in parentheses if less than 2.

    >>> f"{Piece('a + b', 1):2} · {Piece('c'):2}"
    '(a + b) · c'
    """

    __slots__ = ("binds", "text")
    parentheses = "(", ")"

    def __init__(self, text: str, binds: int = 9) -> None:
        self.text, self.binds = text, binds

    def __format__(self, least: str) -> str:
        if least and self.binds < int(least):
            return self.text.join(self.parentheses)
        return self.text

    def __str__(self) -> str:
        return self.text
