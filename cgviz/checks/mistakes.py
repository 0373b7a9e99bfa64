"""The mistakes that can be in a backward pass: in a rule, in the order of the pass, in what is done with a gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .links import Link, Links
from .wrong_passes import PASSES
from .wrong_rules import MISRULES

LONGEST = 3000
"""Graphs with more links are not searched for two mistakes at once."""

LIKELY = MISRULES["double"].rank
"""Mistakes up to this rank are named beside a likelier one that fits as well."""


class Rule(NamedTuple):
    """A mistake in the rule of the operation `symbol` at `position`; empty and ``None`` stand for all."""

    name: str
    symbol: str = ""
    position: int | None = None

    def holds(self, link: Link) -> bool:
        """Whether this link goes by the mistaken rule."""
        return (not self.symbol or link.symbol == self.symbol) and self.position in (None, link.position)


class Walk(NamedTuple):
    """A mistaken pass, with the operands on the left or on the right first."""

    name: str
    left: bool


class Replace(NamedTuple):
    """Something else for `+=` in the rule of one operation, or (`rule` is empty) in all: `how` is a key of `WRITES`."""

    left: bool
    rule: Rule
    how: str = "="


class Write(NamedTuple):
    """A way to write a contribution: in words, what to do, how likely it is, and what is there then.

    `run` is given what is there, what should be added, and the local derivative.
    """

    title: str
    remedy: str
    rank: int
    run: Callable[[float, float, float], float]


WRITES: dict[str, Write] = {
    "=": Write(PASSES["replace"].title, PASSES["replace"].remedy, 0, lambda there, passed, local: passed),
    "*=": Write(
        "each contribution is multiplied with the gradient that is there",
        "contributions add up, += and not *=",
        2,
        lambda there, passed, local: there * passed,
    ),
    "own": Write(
        "each contribution is made of the operand's own gradient, and not of that of the output",
        "out.grad, and not self.grad",
        3,
        lambda there, passed, local: there + there * local,
    ),
}
"""By what stands where `+=` should."""


class Clip(NamedTuple):
    """A right pass, but no gradient is larger than `limit`: each is cut at the end, or (`inside`) at once."""

    limit: float
    inside: bool


ALL = Rule("replace")
"""The rules of all operations, where each `=` is for `+=`."""

Mistake = Rule | Walk | Replace | Clip
Mistakes = tuple[Mistake, ...]
"""One, or two in the rules of different operations."""


def known(here: Links) -> Iterator[Mistake]:
    """Every mistake that can be in a pass over this graph."""
    places = {(link.symbol, link.position) for mine in here.below for link in mine if link.op is not None}
    symbols = sorted({symbol for symbol, _ in places})
    every = sum(map(len, here.below))
    scopes = [("", None), *((symbol, None) for symbol in symbols), *sorted(p for p in places if (p[0], 1) in places)]
    for symbol, position in scopes if every <= LONGEST else scopes[:1]:
        for left in (True, False):
            for how in WRITES:
                yield Replace(left, Rule("replace", symbol, position), how)
    for name in PASSES:
        if name != "replace":
            yield Walk(name, True)
            yield Walk(name, False)
    sizes = [abs(grad) for i in (*here.asked, len(here.grads) - 1) if (grad := here.grads[i]) is not None]
    yield from (Clip(max(sizes), inside) for inside in (False, True))
    for name, rule in MISRULES.items():
        for symbol, position in scopes:
            if position is None or not rule.takes_sides:  # such a rule is about both operands
                yield Rule(name, symbol, position)


def is_lost(one: Mistake) -> bool:
    """Whether a mistake is that nothing is passed: every `=` for `+=` amounts to that for some use."""
    return (isinstance(one, Rule) and one.name == "nothing") or (isinstance(one, Walk) and one.name == "forwards")


def rank(mistakes: Mistakes) -> int:
    """How unlikely some mistakes are together: the likeliest have the lowest rank."""
    return sum(rank_of(one) for one in mistakes)


def rank_of(one: Mistake) -> int:
    """How unlikely one mistake is."""
    if isinstance(one, Rule):
        return MISRULES[one.name].rank
    if isinstance(one, Clip):  # of equal gradients, half of one looks like it
        return LIKELY + 1
    if isinstance(one, Walk):  # a pass that stops early looks like a rule that passes nothing on
        return 2 if one.name == "forwards" else 1
    return WRITES[one.how].rank


def overlap(one: Rule, two: Rule) -> bool:
    """Whether some link goes by both rules."""
    return one.symbol == two.symbol and (None in (one.position, two.position) or one.position == two.position)
