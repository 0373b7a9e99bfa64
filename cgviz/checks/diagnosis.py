"""Which mistake is behind wrong gradients: one that explains all of them, at a second point too, or none is named.

Each mistake that is known is tried on the whole graph, and what comes out is held against every gradient of the
class, the right ones as well: a number alone fits too many.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from itertools import combinations
from typing import NamedTuple

from ..chain_rule.terms import list_first
from ..text import number
from .links import Link, Links
from .sides import FEW, settle
from .wrong_passes import PASSES, clip_gradients, replace_contributions
from .wrong_rules import MISRULES

LONGEST = 3000
"""Graphs with more links are not searched for two mistakes at once."""

FEWEST = 100
"""On graphs with more links `=` for `+=` in the rule of one operation is not tried together with other mistakes."""

PAIRED = 60
"""So many rules at most, the likeliest, are tried in pairs."""

LIKELY = MISRULES["upstream"].rank
"""Mistakes up to this rank are named beside a likelier one that fits as well."""

Again = Callable[[], Links | None]
"""Runs the class at other numbers, for what looks alike at these."""


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
    """`=` for `+=` in the rule of one operation, or (`rule` is empty) in all."""

    left: bool
    rule: Rule


class Clip(NamedTuple):
    """A right pass, but no gradient is larger than `limit`: each is cut at the end, or (`inside`) at once."""

    limit: float
    inside: bool


ALL = Rule("replace")

Mistake = Rule | Walk | Replace | Clip
Mistakes = tuple[Mistake, ...]
"""One, or two in the rules of different operations."""


class Diagnosis:
    """What is behind the `wrong` gradients (by node): `mistakes` are those that fit, all alike, the likeliest first.

    >>> from cgviz import Value, trace
    >>> from cgviz.checks.links import links
    >>> a, b = Value(-2.0, "a"), Value(3.0, "b")
    >>> graph = trace((a * b) * (a + b))
    >>> found = Diagnosis(links(graph, [3.0, -2.0, 1.0, -6.0, 1.0]), {0, 1}, [node.name for node in graph.nodes])
    >>> found.why(0)
    'only the use by v2 counts: contributions add up, += and not ='
    """

    def __init__(self, here: Links, wrong: Collection[int], names: list[str], again: Again = lambda: None) -> None:
        self.here, self.bad, self.names = here, frozenset(wrong), names
        self.wrong = self.bad & frozenset(here.asked)
        self.probes = sorted(self.wrong, key=lambda i: len(here.above[i]))  # those with few uses tell at once
        self.plain = [_by_rules_at(here, i) for i in range(len(here.above))]
        self.twice = False  # whether a second point was tried
        self.mistakes = self._search(again)

    @property
    def follows_the_graph(self) -> bool:
        """Whether the class has computed just what its graph says: then a wrong gradient is that of another graph."""
        return all(_same(self.plain[i], self.here.grads[i]) for i in self.here.asked)

    def why(self, i: int) -> str:
        """The reason for the wrong gradient of node `i`, ``""`` if none is known; ask from the output back."""
        if i not in self.wrong:
            return ""
        if all(isinstance(one, Clip) for found in self.mistakes for one in found) and self.mistakes:
            return self._sentence(self.mistakes[0], i)
        above = [self.names[link.user] for link in self.here.above[i] if link.user in self.bad]
        if above and _same(self.plain[i], self.here.grads[i]):
            return f"it follows from the gradient of {list_first(list(dict.fromkeys(above)))}"
        if self.mistakes and not self._off(i):
            return "it follows from gradients that were not checked"
        said = [(_rank(found), sentence, found) for found in self.mistakes if (sentence := self._sentence(found, i))]
        least = min((rank for rank, _, _ in said), default=0)
        # What explains every gradient elsewhere too may be it as well; but a use left out looks like many mistakes.
        more = said if self.twice else []
        others = [each for each in more if least < each[0] <= LIKELY and not any(map(_is_lost, each[2]))]
        likely = list(dict.fromkeys(s for _, s, _ in [*(each for each in said if each[0] == least), *others]))
        if len(likely) > (1 if any(len(found) > 1 for _, _, found in said) else 2):
            return ""  # so many may be it that none is
        return f"either {likely[0]}, or {likely[1]}" if len(likely) > 1 else "".join(likely)

    # --- the search ---

    def _search(self, again: Again) -> list[Mistakes]:
        if not self.wrong:
            return []
        singles = list(_list_mistakes(self.here))
        found: list[Mistakes] = [(one,) for one in singles if self._explains((one,))]
        if not found and sum(map(len, self.here.below)) <= LONGEST:
            found = self._pairs(singles)
        there = again() if found else None
        self.twice = there is not None
        if not self.twice:  # some limit fits the largest gradient of every graph
            found = [mistakes for mistakes in found if not any(isinstance(one, Clip) for one in mistakes)]
        if there is not None:
            found = [mistakes for mistakes in found if _fits(_outcome(_settle_links(there, mistakes), mistakes), there)]
        return found

    def _pairs(self, singles: list[Mistake]) -> list[Mistakes]:
        """Two mistakes that explain together what neither does alone."""
        rules = [one for one in singles if isinstance(one, Rule) and one.symbol and self._helps(one)]
        rules = sorted(rules, key=_rank_of)[:PAIRED]
        pairs: list[Mistakes] = [(one, two) for one, two in combinations(rules, 2) if not _overlap(one, two)]
        pairs += [(Replace(left, ALL), one) for left in (True, False) for one in rules]
        if sum(map(len, self.here.below)) <= FEWEST:
            some = [one for one in singles if isinstance(one, Replace) and one.rule.symbol]
            pairs += [(one, two) for one in some for two in rules if not _overlap(one.rule, two)]
        return [pair for pair in pairs if self._explains(pair)]

    def _helps(self, one: Rule) -> bool:
        mine = (one,)
        here = _settle_links(self.here, mine)
        return any(self._off(i) and _same(_by_rules_at(here, i, mine), here.grads[i]) for i in self.wrong)

    def _off(self, i: int) -> bool:
        """Whether this gradient does not follow from those of its users."""
        return not _same(self.plain[i], self.here.grads[i])

    def _explains(self, mistakes: Mistakes) -> bool:
        """Whether these mistakes give every gradient of the class, also one that nothing else explains."""
        here = _settle_links(self.here, mistakes)
        if all(isinstance(one, Rule) for one in mistakes):  # a few are looked at first: most mistakes fail there
            few = (_by_rules_at(here, i, mistakes) for i in self.probes)
            if not all(math.isnan(x) or _same(x, here.grads[i]) for x, i in zip(few, self.probes, strict=True)):
                return False
        found = _outcome(here, mistakes)
        if found is None or not _fits(found, here):
            return False
        return any(not math.isnan(found[i]) and self._off(i) for i in self.wrong)

    # --- the sentences ---

    def _sentence(self, mistakes: Mistakes, i: int) -> str:
        here = _settle_links(self.here, mistakes)
        said = [self._sentence_of(one, i, here) for one in mistakes]
        return ", and ".join(filter(None, said))

    def _sentence_of(self, one: Mistake, i: int, here: Links) -> str:
        above = here.above[i]
        if isinstance(one, Replace):
            several = len({link.user for link in above}) > 1
            left = [link for link in above if several and _same(_compute_contribution(here, link), here.grads[i])]
            title = PASSES["replace"].title
            if one.rule.symbol and several:
                title = f"what '{one.rule.symbol}' passes on replaces what was there"
            only = f"only the use by {self.names[left[0].user]} counts" if left else title
            return f"{only}: {PASSES['replace'].remedy}"
        if isinstance(one, Clip):
            return f"the gradients are clipped to ±{number(one.limit)}"
        if isinstance(one, Walk):
            found = PASSES[one.name]
            return f"{found.title} ({found.remedy})"
        mine = [link for link in above if one.holds(link) and _differs(here, link, one)]
        if not mine:
            return ""
        users = list_first(list(dict.fromkeys(self.names[link.user] for link in mine)))
        if len(mine) == len(above):
            return MISRULES[one.name].text
        return (
            f"the use by {users} is left out"
            if one.name == "nothing"
            else f"{MISRULES[one.name].text} in the use by {users}"
        )


def _list_mistakes(here: Links) -> Iterator[Mistake]:
    """Every mistake that can be in a pass over this graph."""
    places = {(link.symbol, link.position) for mine in here.below for link in mine if link.op is not None}
    symbols = sorted({symbol for symbol, _ in places})
    every = sum(map(len, here.below))
    scopes = [("", None), *((symbol, None) for symbol in symbols), *sorted(p for p in places if (p[0], 1) in places)]
    for symbol, position in scopes if every <= LONGEST else scopes[:1]:
        for left in (True, False):
            yield Replace(left, Rule("replace", symbol, position))
    for name in PASSES:
        if name != "replace":
            yield Walk(name, True)
            yield Walk(name, False)
    known = [abs(grad) for i in (*here.asked, len(here.grads) - 1) if (grad := here.grads[i]) is not None]
    yield from (Clip(max(known), inside) for inside in (False, True))
    for name in MISRULES:
        for symbol, position in scopes:
            yield Rule(name, symbol, position)


def _settle_links(here: Links, mistakes: Mistakes) -> Links:
    """The links with the operands of sets on the sides that fit these mistakes, where they depend on it."""
    rules = [one.rule if isinstance(one, Replace) else one for one in mistakes if isinstance(one, (Rule, Replace))]
    if not here.loose or all(rule.position is None for rule in rules):
        return here
    if any(isinstance(one, Replace) for one in mistakes):  # each gradient depends on the whole pass
        if len(mistakes) > 1 or len(here.loose) > FEW:
            return here
        return settle(here, lambda links, i: (_outcome(links, mistakes) or [])[i], _same)
    return settle(here, lambda links, i: _by_rules_at(links, i, mistakes), _same, FEW if len(mistakes) == 1 else 0)


def _is_lost(one: Mistake) -> bool:
    """Whether a mistake is that nothing is passed: every `=` for `+=` amounts to that for some use."""
    return (isinstance(one, Rule) and one.name == "nothing") or (isinstance(one, Walk) and one.name == "forwards")


def _rank(mistakes: Mistakes) -> int:
    return sum(_rank_of(one) for one in mistakes)


def _rank_of(one: Mistake) -> int:
    if isinstance(one, Rule):
        return MISRULES[one.name].rank
    if isinstance(one, Clip):  # of equal gradients, half of one looks like it
        return LIKELY + 1
    if isinstance(one, Walk):  # a pass that stops early looks like a rule that passes nothing on
        return MISRULES["nothing"].rank if one.name == "forwards" else 1
    return 0


def _overlap(one: Rule, two: Rule) -> bool:
    return one.symbol == two.symbol and (None in (one.position, two.position) or one.position == two.position)


def _fits(found: list[float] | None, here: Links) -> bool:
    """Whether these are the class's gradients, as far as they are known."""
    return found is not None and all(math.isnan(found[i]) or _same(found[i], here.grads[i]) for i in here.asked)


def _outcome(here: Links, mistakes: Mistakes) -> list[float] | None:
    """The gradients that these mistakes lead to; NaN where that is not known."""
    one, *others = mistakes
    if isinstance(one, Replace):
        rules = tuple(others)
        return replace_contributions(
            here, one.left, wipes=one.rule.holds, passed=lambda link: _compute_contribution(here, link, rules)
        )
    if isinstance(one, Clip):
        return clip_gradients(here, one.limit, one.inside)
    if isinstance(one, Walk):
        return PASSES[one.name].run(here, one.left)
    return [_by_rules_at(here, i, mistakes) for i in range(len(here.above))]


def _by_rules_at(here: Links, i: int, mistakes: Mistakes = ()) -> float:
    """The gradient of node `i`, given those of its users as the class has them; some of the rules are mistaken."""
    return sum(_compute_contribution(here, link, mistakes) for link in here.above[i])


def _compute_contribution(here: Links, link: Link, mistakes: Mistakes = ()) -> float:
    upstream = here.grads[link.user]
    if upstream is None or link.local is None:
        return math.nan
    for one in mistakes:
        if isinstance(one, Rule) and one.holds(link):
            wrong = MISRULES[one.name].contribution(link, upstream)
            return upstream * link.local if wrong is None else wrong
    return upstream * link.local


def _differs(here: Links, link: Link, one: Rule) -> bool:
    if link.local is None:  # of an operation that is not known no rule is mistaken
        return False
    return not _same(_compute_contribution(here, link, (one,)), _compute_contribution(here, link))


def _same(a: float, b: float | None) -> bool:
    return b is not None and math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)
