"""Operations that have taken in a constant: what number it was, from the node's own number and its local derivative.

``a * 2`` of a class that makes no node of the 2 has the local derivative 2; ``a**3`` has 3·a², so the exponent is
local · a / y.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator

from ..ops.domain import FAILURES
from ..ops.op import OPS
from ..ops.rows import find

EXACT = 1e-9
"""How far two numbers that were computed in two ways may lie apart, in relation to them."""
SHORT = 4
"""So many digits somebody has written; a longer constant, which nothing else proves, has come about."""
IDENTITY, OPEN = "identity", "?"
"""What stands for no operation, and for several that cannot be told apart."""


def matches(a: float, b: float, size: float = 0.0) -> bool:
    """Whether two numbers are equal up to rounding, also of something of this size that has cancelled."""
    return a == b or abs(a - b) <= max(EXACT * max(abs(a), abs(b)), 4e-16 * size) or (a != a and b != b)


def with_constant(folded: Collection[tuple[str, int]], y: float, x: float, slope: float) -> Iterator[str]:
    """The symbols of the operations of one operand and a constant that give this number and this local derivative.

    >>> [*with_constant({("power", 1), ("add", 1)}, 8.0, 2.0, 12.0), *with_constant({("mul", 1)}, 6.0, 2.0, 3.0)]
    ['**3', '*3']
    """
    if not all(map(math.isfinite, (y, x, slope))):
        yield OPEN
        return
    if slope == 1 and {("add", 0), ("add", 1), ("sub", 1)} & set(folded):
        c = y - x
        yield IDENTITY if matches(y, x) or abs(c) <= EXACT else f"{'-' if c < 0 else '+'}{_written(abs(c), abs(x))}"
    if slope == -1 and ("sub", 0) in folded:
        yield "neg" if matches(y, -x) or abs(y + x) <= EXACT else f"{_written(y + x, abs(x))}-"
    if {("mul", 0), ("mul", 1), ("div", 1)} & set(folded) and matches(y, slope * x):
        yield from _scaled(slope, {("mul", 0), ("mul", 1)} & set(folded) != set())
    if ("div", 0) in folded and x and y and matches(slope, -y / x):
        yield f"{_written(y * x)}/"
    if ("power", 1) in folded:
        yield from _power(y, x, slope)
    if ("power", 0) in folded and y > 0:
        yield from _exponential(y, x, slope)


def by_number(name: str, side: int, y: float, x: float) -> str:
    """The symbol of the row `name` with the constant, on this side, that gives the number; ``""`` if none does.

    The number alone gives a constant for every operation: this is for one that is known to have made the node.

    >>> by_number("power", 1, 8.0, 2.0), by_number("sub", 0, 3.0, 2.0), by_number("mul", 1, 0.0, 0.0)
    ('**3', '5-', '')
    """
    try:
        c = _SOLVED[name, side](y, x)
    except (*FAILURES, KeyError):
        return ""
    if not math.isfinite(c):
        return ""
    digits = _written(c, max(abs(x), abs(y)) if name in ("add", "sub") else 0.0)
    sign = OPS[name].symbol
    symbol = f"{sign}{digits}" if side or name in ("add", "mul") else f"{digits}{sign}"
    op = find(symbol, 1)
    try:
        return symbol if op is not None and matches(op.number(x), y, abs(x)) else ""
    except (*FAILURES, TypeError):
        return ""


_SOLVED: dict[tuple[str, int], Callable[[float, float], float]] = {
    ("add", 0): lambda y, x: y - x,
    ("add", 1): lambda y, x: y - x,
    ("sub", 0): lambda y, x: y + x,
    ("sub", 1): lambda y, x: x - y,
    ("mul", 0): lambda y, x: y / x,
    ("mul", 1): lambda y, x: y / x,
    ("div", 0): lambda y, x: y * x,
    ("div", 1): lambda y, x: x / y,
    ("power", 0): lambda y, x: y ** (1 / x),
    ("power", 1): lambda y, x: math.log(abs(y)) / math.log(abs(x)),
}
"""The constant, by row and side, from the number y and the operand x."""


def symbol_with(symbol: str, constants: Collection[float], y: float, x: float) -> str:
    """The symbol with the one of the constants by which the operation gives the number; ``""`` if none or two do.

    >>> symbol_with("**", (3, 2), 8.0, 2.0), symbol_with("-", (5.0,), 3.0, 2.0), symbol_with("*", (3,), 7.0, 2.0)
    ('**3', '5-', '')
    """
    found = set()
    for c in constants:
        digits = f"{c:.17g}" if float(f"{c:.16g}") != c else f"{c:.16g}"
        for folded in (f"{symbol}{digits}", f"{digits}{symbol}"):
            op = find(folded, 1)
            try:
                if op is not None and matches(op.number(x), y, abs(x)):
                    found.add(folded)
                    break
            except (*FAILURES, TypeError):
                continue
    return found.pop() if len(found) == 1 else ""


def _scaled(c: float, multiplied: bool) -> Iterator[str]:
    if matches(c, 1.0):
        yield IDENTITY
    elif abs(c) <= EXACT:
        yield OPEN
    else:
        digits, inverse = _written(c), _written(1 / c)
        yield f"/{inverse}" if not multiplied or len(inverse) + 6 < len(digits) else f"*{digits}"


def _power(y: float, x: float, slope: float) -> Iterator[str]:
    if x == 0:
        if y in (0, 1) and not slope:
            yield OPEN
        elif y == 0 and slope == 1:
            yield IDENTITY
        return
    if not y:
        return
    n = slope * x / y
    if abs(n) < 1e3:
        digits = _written(n) if abs(n) > EXACT else "0"
        try:
            fits = matches(math.pow(x, float(digits)), y)
        except FAILURES:
            return
        if fits:
            yield IDENTITY if digits == "1" else f"**{digits}"


def _exponential(y: float, x: float, slope: float) -> Iterator[str]:
    try:
        c = y ** (1 / x) if x else math.exp(slope)
        if c > 0 and matches(slope, y * math.log(c), 1e3) and matches(math.pow(c, x), y):
            digits = _written(c)
            if matches(c, math.e):
                yield "exp"
            elif matches(c, 1.0) or (not x and len(digits) > SHORT):  # at 0 any slope is that of some base
                yield OPEN
            else:
                yield f"{digits}**"
    except FAILURES:
        return


def _written(c: float, size: float = 0.0) -> str:
    """A constant as somebody has written it: the shortest decimal that is the number up to rounding."""
    for digits in range(1, 17):
        text = f"{c:.{digits}g}"
        if matches(float(text), c, size):
            return _plain(float(text), text)
    return repr(c)


def _plain(value: float, text: str) -> str:
    whole = value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(value) if len(repr(value)) <= len(text) + 1 else text
