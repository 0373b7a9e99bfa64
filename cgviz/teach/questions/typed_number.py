"""What a learner has typed for a number: in digits or words, with a comma or a point, or a small calculation."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from ...run.expression import parse
from ...run.grammar import ExpressionError

LONGEST = 60
SIGNS = str.maketrans(
    {**dict.fromkeys("−–—﹣－", "-"), **dict.fromkeys("·×∙⋅＊", "*"), **dict.fromkeys("÷∕⁄", "/"), "＋": "+", "＝": "="}
)
HALVES = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "∞": ""}
SMALL = """
zero one two three four five six seven eight nine ten
eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
"""
TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
WORDS = {name: n for n, name in enumerate(SMALL.split())} | TENS | {"none": 0, "nothing": 0, "a": 1, "an": 1}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10, "hundredth": 100}
CALCULATION = re.compile(r"[-+*/^().\d\seE]+")
AMBIGUOUS = re.compile(r"(?<![\d.,])[1-9]\d{0,2},\d{3}(?![\d.,])")
DECIMAL = re.compile(r"(?<=\d),(?=\d)|(?<![\d.,]),(?=\d)")


class Typed(NamedTuple):
    """The number, or `said`: what to say of a text that is none. `digits` is how many stand after its point."""

    number: float | None
    said: str = ""
    digits: int | None = None


NO_NUMBER = Typed(None, "write a number, such as 2, -0.5 or 1/3")


def read_number(text: object) -> Typed:
    """Read a number as people write it; nothing is evaluated but sums, products, quotients and powers of numbers.

    >>> [read_number(text).number for text in ("2*3", "two", "-0,5", "1/4", "minus a half", "≈ 0.33", "2^3", "−1 ")]
    [6.0, 2.0, -0.5, 0.25, -0.5, 0.33, 8.0, -1.0]
    >>> read_number("1,234").said
    '1,234 can be read in two ways: write 1234 or 1.234'
    """
    plain = _tidy(str(text))
    if not plain or len(plain) > LONGEST:
        return NO_NUMBER
    if (word := _read_words(plain)) is not None:
        return Typed(word)
    if found := AMBIGUOUS.search(plain):
        whole = found[0].replace(",", "")
        return Typed(None, f"{found[0]} can be read in two ways: write {whole} or {found[0].replace(',', '.')}")
    if plain.count(",") > 1 and "." not in plain and not re.search(r"[-+*/^(]", plain[1:]):
        return Typed(None, "write one number, without a comma between thousands")
    plain = DECIMAL.sub(".", plain) if not ("," in plain and "." in plain) else plain
    percent = plain.endswith("%")
    number = _compute(plain.rstrip("% "))
    if number is None:
        return NO_NUMBER
    after = re.fullmatch(r"[-+]?\d*\.(\d+)", plain)
    return Typed(number / 100 if percent else number, digits=len(after[1]) if after else None)


def _tidy(text: str) -> str:
    plain = text.translate(SIGNS)
    for sign, meant in HALVES.items():
        plain = plain.replace(sign, meant)
    plain = re.sub(r"^[^\W\d_]\w*\s*=\s*(?=\S)", "", plain.strip().lower())  # a = 2, as in the lesson
    return plain.strip("≈~=. \t\n!?").strip() if not plain.strip().startswith(".") else plain.strip("≈~= \t\n!?")


def _read_words(text: str) -> float | None:
    sign = -1.0 if re.match(r"(minus|negative|-)\s", text) else 1.0
    words = re.sub(r"^(minus|negative|plus|positive|-)\s+", "", text).replace("-", " ").split()
    if not words or not all(word in WORDS or word.rstrip("s") in PARTS for word in words):
        return None
    if words[-1].rstrip("s") in PARTS:
        above = _add_words(words[:-1]) if words[:-1] else 1.0
        return None if above is None else sign * above / PARTS[words[-1].rstrip("s")]
    whole = _add_words(words)
    return None if whole is None else sign * whole


def _add_words(words: list[str]) -> float | None:
    if any(word not in WORDS for word in words) or len(words) > 2:
        return None
    first, *rest = [WORDS[word] for word in words]
    if rest and rest[0] == 100:
        return float(first * 100)
    return float(first + sum(rest)) if not rest or (first >= 20 and rest[0] < 10) else None


def _compute(text: str) -> float | None:
    if not CALCULATION.fullmatch(text) or not any(ch.isdigit() for ch in text):
        return None
    try:
        expression = parse(f"x + ({text.replace('^', '**')})")
        number = float(expression(x=0.0)) if expression.names == ("x",) else math.nan
    except (ExpressionError, ArithmeticError, ValueError, TypeError, RecursionError):
        return None
    return number + 0.0 if math.isfinite(number) else None
