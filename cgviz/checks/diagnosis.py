"""Which mistake is behind wrong gradients: one that explains all of them, at a second point too, or none is named.

Each mistake that is known is tried on the whole graph, and what comes out is held against every gradient of the
class, the right ones as well: a number alone fits too many.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from itertools import combinations

from ..text import list_first, number
from .links import Links
from .mistakes import (
    ALL,
    LIKELY,
    LONGEST,
    Clip,
    Mistake,
    Mistakes,
    Replace,
    Rule,
    Walk,
    is_lost,
    known,
    overlap,
    rank,
    rank_of,
)
from .outcomes import by_rules_at, differs, fits, outcome, passed, same, settled
from .wrong_passes import PASSES
from .wrong_rules import MISRULES

FEWEST = 100
"""On graphs with more links `=` for `+=` in the rule of one operation is not tried together with other mistakes."""

PAIRED = 60
"""So many rules at most, the likeliest, are tried in pairs."""

Again = Callable[[], Links | None]
"""Runs the class at other numbers, for what looks alike at these."""


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
        self.plain = [by_rules_at(here, i) for i in range(len(here.above))]
        self.twice = False  # whether a second point was tried
        self.mistakes = self._search(again)

    @property
    def follows_the_graph(self) -> bool:
        """Whether the class has computed just what its graph says: then a wrong gradient is that of another graph."""
        return all(same(self.plain[i], self.here.grads[i]) for i in self.here.asked)

    def why(self, i: int) -> str:
        """The reason for the wrong gradient of node `i`, ``""`` if none is known; ask from the output back."""
        if i not in self.wrong:
            return ""
        if all(isinstance(one, Clip) for found in self.mistakes for one in found) and self.mistakes:
            return self._sentence(self.mistakes[0], i)
        above = [self.names[link.user] for link in self.here.above[i] if link.user in self.bad]
        if above and same(self.plain[i], self.here.grads[i]):
            return f"it follows from the gradient of {list_first(list(dict.fromkeys(above)))}"
        if self.mistakes and not self._off(i):
            return "it follows from gradients that were not checked"
        said = [(rank(found), sentence, found) for found in self.mistakes if (sentence := self._sentence(found, i))]
        least = min((each[0] for each in said), default=0)
        # What explains every gradient elsewhere too may be it as well; but a use left out looks like many mistakes.
        more = said if self.twice else []
        others = [each for each in more if least < each[0] <= LIKELY and not any(map(is_lost, each[2]))]
        likely = list(dict.fromkeys(s for _, s, _ in [*(each for each in said if each[0] == least), *others]))
        if len(likely) > (1 if any(len(found) > 1 for _, _, found in said) else 2):
            return ""  # so many may be it that none is
        return f"either {likely[0]}, or {likely[1]}" if len(likely) > 1 else "".join(likely)

    # --- the search ---

    def _search(self, again: Again) -> list[Mistakes]:
        if not self.wrong:
            return []
        singles = list(known(self.here))
        found: list[Mistakes] = [(one,) for one in singles if self._explains((one,))]
        if not found and sum(map(len, self.here.below)) <= LONGEST:
            found = self._pairs(singles)
        there = again() if found else None
        self.twice = there is not None
        if not self.twice:  # some limit fits the largest gradient of every graph
            found = [mistakes for mistakes in found if not any(isinstance(one, Clip) for one in mistakes)]
        if there is not None:
            found = [mistakes for mistakes in found if fits(outcome(settled(there, mistakes), mistakes), there)]
        return found

    def _pairs(self, singles: list[Mistake]) -> list[Mistakes]:
        """Two mistakes that explain together what neither does alone."""
        rules = [one for one in singles if isinstance(one, Rule) and one.symbol and self._helps(one)]
        rules = sorted(rules, key=rank_of)[:PAIRED]
        pairs: list[Mistakes] = [(one, two) for one, two in combinations(rules, 2) if not overlap(one, two)]
        pairs += [(Replace(left, ALL), one) for left in (True, False) for one in rules]
        if sum(map(len, self.here.below)) <= FEWEST:
            some = [one for one in singles if isinstance(one, Replace) and one.rule.symbol]
            pairs += [(one, two) for one in some for two in rules if not overlap(one.rule, two)]
        return [pair for pair in pairs if self._explains(pair)]

    def _helps(self, one: Rule) -> bool:
        mine = (one,)
        here = settled(self.here, mine)
        return any(self._off(i) and same(by_rules_at(here, i, mine), here.grads[i]) for i in self.wrong)

    def _off(self, i: int) -> bool:
        """Whether this gradient does not follow from those of its users."""
        return not same(self.plain[i], self.here.grads[i])

    def _explains(self, mistakes: Mistakes) -> bool:
        """Whether these mistakes give every gradient of the class, also one that nothing else explains."""
        here = settled(self.here, mistakes)
        if all(isinstance(one, Rule) for one in mistakes):  # a few are looked at first: most mistakes fail there
            few = (by_rules_at(here, i, mistakes) for i in self.probes)
            if not all(math.isnan(x) or same(x, here.grads[i]) for x, i in zip(few, self.probes, strict=True)):
                return False
        found = outcome(here, mistakes)
        if found is None or not fits(found, here):
            return False
        return any(not math.isnan(found[i]) and self._off(i) for i in self.wrong)

    # --- the sentences ---

    def _sentence(self, mistakes: Mistakes, i: int) -> str:
        here = settled(self.here, mistakes)
        said = [self._sentence_of(one, i, here) for one in mistakes]
        return ", and ".join(filter(None, said))

    def _sentence_of(self, one: Mistake, i: int, here: Links) -> str:
        above = here.above[i]
        if isinstance(one, Replace):
            several = len({link.user for link in above}) > 1
            left = [link for link in above if several and same(passed(here, link), here.grads[i])]
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
        mine = [link for link in above if one.holds(link) and differs(here, link, one)]
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
