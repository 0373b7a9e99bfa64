"""Mistakes that are one in other words: for a product, the other operand's derivative is the operand's own number."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..ops.domain import FAILURES
from ..ops.op import Op
from ..ops.rows import find
from .links import Link, Links, derivative
from .mistakes import Mistakes, Rule, rank
from .wrong_rules import MISRULES

POINTS = ((0.7, 0.4), (0.3, 0.9), (1.6, 2.3))
UPSTREAM = 1.7
POWERS = ("**2", "**3", "**4")
"""What is one in other words is so for every exponent: that a sign is lost and that -1 is, are two mistakes."""

Meaning = tuple[tuple[str, int, tuple[float | None, ...]], ...]


def drop_synonyms(found: Sequence[Mistakes], here: Links) -> list[Mistakes]:
    """Of mistakes in the rules that always pass the same, keep the likeliest."""
    places = {(link.symbol, link.position): link.op for mine in here.below for link in mine if link.op is not None}
    kept: list[Mistakes] = []
    seen: list[tuple[str, Meaning]] = []
    for mistakes in sorted(found, key=rank):
        one = mistakes[0]
        if len(mistakes) == 1 and isinstance(one, Rule):
            meaning = _mean(one, places)
            if any(name != one.name and _is_alike(meaning, other) for name, other in seen):
                continue
            seen.append((one.name, meaning))
        kept.append(mistakes)
    return kept


def _mean(rule: Rule, places: dict[tuple[str, int], Op]) -> Meaning:
    """What a rule passes at some numbers, wherever it holds and passes something else than the right one."""
    found = []
    for (symbol, position), op in sorted(places.items(), key=lambda place: place[0]):
        links = [link for row in _list_rows(op) for xs in POINTS if (link := _make_link(row, position, xs))]
        mine = tuple(_pass(rule, link) for link in links if rule.holds(link))
        if any(x is not None for x in mine):
            found.append((symbol, position, mine))
    return tuple(found)


def _list_rows(op: Op) -> list[Op]:
    if op.symbol.startswith("**") and op.arity == 1:
        return [row for symbol in POWERS if (row := find(symbol, 1)) is not None]
    return [op]


def _make_link(op: Op, position: int, numbers: tuple[float, ...]) -> Link | None:
    xs = numbers[: op.arity]
    try:
        y = op.number(*xs)
    except FAILURES:
        return None
    symbol = "**" if op.symbol.startswith("**") else op.symbol
    return Link(0, 1, position, derivative(op, position, y, xs), op, symbol, y, xs)


def _pass(rule: Rule, link: Link) -> float | None:
    passed = MISRULES[rule.name].contribution(link, UPSTREAM)
    right = UPSTREAM * link.local if link.local is not None else math.nan
    return None if passed is None or math.isclose(passed, right, rel_tol=1e-9) else passed


def _is_alike(one: Meaning, other: Meaning) -> bool:
    if [place[:2] for place in one] != [place[:2] for place in other]:
        return False
    pairs = [pair for mine, theirs in zip(one, other, strict=True) for pair in zip(mine[2], theirs[2], strict=True)]
    return all(
        a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12))
        for a, b in pairs
    )
