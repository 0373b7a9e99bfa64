"""Which mistakes may be behind wrong gradients: each that explains all of them, wherever the class can be tried.

Each mistake that is known is tried on the whole graph, and what comes out is held against every gradient of the
class, the right ones as well: a number alone fits too many. What fits here has to fit at other numbers too, and where
the class's own operations, alone and in pairs, show the fault, there as well. All that is left may be it: of several
the likeliest are named, none for certain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import combinations

from ..text import list_first, number
from .links import Links, holds
from .mistakes import (
    ALL,
    LIKELY,
    LONGEST,
    WRITES,
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
from .outcomes import by_rules_at, differs, fits, outcome, passed, settled
from .synonyms import drop_synonyms
from .wrong_passes import PASSES
from .wrong_rules import MISRULES

FEWEST = 100
"""On graphs with more links `=` for `+=` in the rule of one operation is not tried together with other mistakes."""

PAIRED = 60
"""So many rules at most, the likeliest, are tried in pairs."""

NAMED = 4
"""So many reasons at most are named, the likeliest."""

Others = Callable[[], Sequence[Links]]
"""Runs the class once more: at other numbers, or other graphs of its operations."""


def _run_none() -> Sequence[Links]:
    return ()


class Diagnosis:
    """What is behind the `wrong` gradients (by node): `mistakes` are those that fit, all alike, the likeliest first.

    `again` runs the same function at other numbers, `alone` the operations of the class in small graphs.

    >>> from cgviz import Value, trace
    >>> from cgviz.checks.links import links
    >>> a, b = Value(-2.0, "a"), Value(3.0, "b")
    >>> graph = trace((a * b) * (a + b))
    >>> found = Diagnosis(links(graph, [3.0, -2.0, 1.0, -6.0, 1.0]), {0, 1}, [node.name for node in graph.nodes])
    >>> found.why(0)
    'either only the use by v2 counts: contributions add up, += and not =, or the use by v3 is left out'
    """

    def __init__(
        self,
        here: Links,
        wrong: Collection[int],
        names: list[str],
        again: Others = _run_none,
        alone: Others = _run_none,
    ) -> None:
        self.here, self.bad, self.names = here, frozenset(wrong), names
        self.wrong = self.bad & frozenset(here.asked)
        self.probes = sorted(self.wrong, key=lambda i: len(here.above[i]))  # those with few uses tell at once
        self.plain = [by_rules_at(here, i) for i in range(len(here.above))]
        self.symbols = [
            {link.symbol for link in here.above[i]}
            for i in self.wrong
            if self._off(i) and not math.isnan(self.plain[i])
        ]
        self.twice = False  # whether a second point was tried
        found = self._search(again, alone)
        self.mistakes = drop_synonyms(found, here)
        self.outcomes = [outcome(settled(here, mistakes), mistakes) or [] for mistakes in self.mistakes]

    @property
    def follows_the_graph(self) -> bool:
        """Whether the class has computed just what its graph says: then a wrong gradient is that of another graph."""
        return all(holds(self.here, i, self.plain[i]) for i in self.here.asked)

    def why(self, i: int) -> str:
        """The reason for the wrong gradient of node `i`, ``""`` if none is known; ask from the output back."""
        if i not in self.wrong:
            return ""
        clipped = [found for found in self.mistakes if all(isinstance(one, Clip) for one in found)]
        above = [self.names[link.user] for link in self.here.above[i] if link.user in self.bad]
        if len(clipped) < len(self.mistakes) or not clipped:
            if above and not self._off(i):
                return f"it follows from the gradient of {list_first(list(dict.fromkeys(above)))}"
            if self.mistakes and not self._off(i):
                return "it follows from gradients that were not checked"
        return self.reason_at(i)

    def reason_at(self, i: int) -> str:
        """The mistakes that give node `i` the gradient that it has, in a sentence; ``""`` if none is known."""
        said = self._list_reasons(i)
        if not said:
            return ""
        least = said[0][0]
        most = LIKELY if self.twice else least
        likely = [(k, s, found) for k, s, found in said if k <= max(most, least) or any(map(is_lost, found))]
        sentences = list(dict.fromkeys(sentence for _, sentence, _ in likely))
        several = all(len(found) > 1 for _, _, found in likely)
        if len(sentences) == 1:
            return f"what fits: {sentences[0]}" if several else sentences[0]
        if several or len(sentences) > NAMED:
            return f"what fits, among others: {'; '.join(sentences[: NAMED - 1])}" if self.twice else ""
        return join_reasons(*sentences)

    def _list_reasons(self, i: int) -> list[tuple[int, str, Mistakes]]:
        """The mistakes that give node `i` the gradient that it has, the likeliest first: how likely, and in words."""
        found = []
        for mistakes, grads in zip(self.mistakes, self.outcomes, strict=True):
            if grads and holds(self.here, i, grads[i]) and (sentence := self._sentence(mistakes, i)):
                found.append((rank(mistakes), sentence, mistakes))
        return found

    # --- the search ---

    def _search(self, again: Others, alone: Others) -> list[Mistakes]:
        if not self.wrong:
            return []
        singles = list(known(self.here))
        found: list[Mistakes] = [(one,) for one in singles if self._explains((one,))]
        points = again()
        self.twice = bool(points)
        if not self.twice:  # some limit fits the largest gradient of every graph
            found = [mistakes for mistakes in found if not any(isinstance(one, Clip) for one in mistakes)]
        found = _select(found, points)
        if not found and sum(map(len, self.here.below)) <= LONGEST:
            found = _select(self._pairs(singles), points)
        # What the function itself does wrong its operations alone do not show: then they say nothing for or against.
        return (_select(found, alone()) if len(found) > 1 else found) or found

    def _pairs(self, singles: list[Mistake]) -> list[Mistakes]:
        """Two mistakes that explain together what neither does alone."""
        rules = [one for one in singles if isinstance(one, Rule) and one.symbol and self._helps(one)]
        rules = sorted(rules, key=rank_of)[:PAIRED]
        pairs: list[Mistakes] = [(one, two) for one, two in combinations(rules, 2) if not overlap(one, two)]
        pairs += [(Replace(left, ALL), one) for left in (True, False) for one in rules]
        if sum(map(len, self.here.below)) <= FEWEST:
            some = [one for one in singles if isinstance(one, Replace) and one.rule.symbol and one.how == "="]
            pairs += [(one, two) for one in some for two in rules if not overlap(one.rule, two)]
        return [pair for pair in pairs if self._explains(pair)]

    def _helps(self, one: Rule) -> bool:
        mine = (one,)
        here = settled(self.here, mine)
        return any(self._off(i) and holds(here, i, by_rules_at(here, i, mine)) for i in self.wrong)

    def _off(self, i: int) -> bool:
        """Whether this gradient does not follow from those of its users."""
        return not holds(self.here, i, self.plain[i])

    def _explains(self, mistakes: Mistakes) -> bool:
        """Whether these mistakes give every gradient of the class, also one that nothing else explains."""
        rules = [one.rule if isinstance(one, Replace) else one for one in mistakes if isinstance(one, (Rule, Replace))]
        if rules and not all(any(rule.symbol in ("", *uses) for rule in rules) for uses in self.symbols):
            return False  # some gradient that is wrong has nothing to do with them
        here = settled(self.here, mistakes)
        if all(isinstance(one, Rule) for one in mistakes):  # a few are looked at first: most mistakes fail there
            few = (by_rules_at(here, i, mistakes) for i in self.probes)
            if not all(math.isnan(x) or holds(here, i, x) for x, i in zip(few, self.probes, strict=True)):
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
            return self._sentence_of_writing(one, i, here)
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
        text, _, _, takes_sides = MISRULES[one.name]
        if one.name == "nothing":
            if not any(link.user == other.user for link in mine for other in above if other not in mine):
                return f"the use by {users} is left out"
            text = MISRULES["twin"].text
        return f"{text}{',' * takes_sides} in the use by {users}"

    def _sentence_of_writing(self, one: Replace, i: int, here: Links) -> str:
        title, remedy, *_ = WRITES[one.how]
        users = {link.user for link in here.above[i]}
        if one.how != "=":
            if one.rule.symbol and not self._is_everywhere(one.rule):
                title = title.replace("each contribution", f"what '{one.rule.symbol}' passes on")
            return f"{title} ({remedy})"
        if one.rule.symbol and len(users) > 1 and not self._is_everywhere(one.rule):
            title = f"what '{one.rule.symbol}' passes on replaces what was there"
        left = [link for link in here.above[i] if len(users) > 1 and holds(here, i, passed(here, link))]
        only = f"only the use by {self.names[left[0].user]} counts" if left else title
        return f"{only}: {remedy}"

    def _is_everywhere(self, rule: Rule) -> bool:
        """Whether the graph has no other operation."""
        return rule.position is None and all(link.symbol == rule.symbol for mine in self.here.below for link in mine)


def join_reasons(*reasons: str) -> str:
    """Say that one of several reasons is so, and that nobody knows which.

    >>> join_reasons("the sign is wrong", "it is counted twice")
    'either the sign is wrong, or it is counted twice'
    """
    return f"either {', or '.join(reason.removeprefix('either ') for reason in reasons)}"


def _select(found: list[Mistakes], points: Sequence[Links]) -> list[Mistakes]:
    """The mistakes that fit in these runs of the class as well."""
    for there in points:
        found = [mistakes for mistakes in found if any(_fits(one, there) for one in _turn(mistakes, there))]
    return found


def _fits(mistakes: Mistakes, there: Links) -> bool:
    return fits(outcome(settled(there, mistakes), mistakes), there)


def _turn(mistakes: Mistakes, there: Links) -> Iterator[Mistakes]:
    """The mistakes, and where operands are in sets, the same with a pass that goes the other way round."""
    yield mistakes
    one, *others = mistakes
    if there.loose and isinstance(one, (Replace, Walk)):
        yield (one._replace(left=not one.left), *others)
