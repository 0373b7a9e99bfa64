"""What comes of mistakes: the gradients that a pass with them leads to, held against those of a class."""

from __future__ import annotations

import math

from .links import Link, Links
from .mistakes import Clip, Mistakes, Replace, Rule, Walk
from .sides import FEW, settle
from .wrong_passes import PASSES, clip_gradients, replace_contributions
from .wrong_rules import MISRULES


def settled(here: Links, mistakes: Mistakes) -> Links:
    """The links with the operands of sets on the sides that fit these mistakes, where they depend on it."""
    rules = [one.rule if isinstance(one, Replace) else one for one in mistakes if isinstance(one, (Rule, Replace))]
    if not here.loose or all(rule.position is None for rule in rules):
        return here
    if any(isinstance(one, Replace) for one in mistakes):  # each gradient depends on the whole pass
        if len(mistakes) > 1 or len(here.loose) > FEW:
            return here
        return settle(here, lambda links, i: (outcome(links, mistakes) or [])[i], same)
    return settle(here, lambda links, i: by_rules_at(links, i, mistakes), same, FEW if len(mistakes) == 1 else 0)


def fits(found: list[float] | None, here: Links) -> bool:
    """Whether these are the class's gradients, as far as they are known."""
    return found is not None and all(math.isnan(found[i]) or same(found[i], here.grads[i]) for i in here.asked)


def outcome(here: Links, mistakes: Mistakes) -> list[float] | None:
    """The gradients that these mistakes lead to; NaN where that is not known."""
    one, *others = mistakes
    if isinstance(one, Replace):
        rules = tuple(others)
        return replace_contributions(
            here, one.left, wipes=one.rule.holds, passed=lambda link: passed(here, link, rules)
        )
    if isinstance(one, Clip):
        return clip_gradients(here, one.limit, one.inside)
    if isinstance(one, Walk):
        return PASSES[one.name].run(here, one.left)
    return [by_rules_at(here, i, mistakes) for i in range(len(here.above))]


def by_rules_at(here: Links, i: int, mistakes: Mistakes = ()) -> float:
    """The gradient of node `i`, given those of its users as the class has them; some of the rules are mistaken."""
    return sum(passed(here, link, mistakes) for link in here.above[i])


def passed(here: Links, link: Link, mistakes: Mistakes = ()) -> float:
    """What flows back along a link, given the gradient of its user as the class has it; NaN where that is not known."""
    upstream = here.grads[link.user]
    if upstream is None or link.local is None:
        return math.nan
    for one in mistakes:
        if isinstance(one, Rule) and one.holds(link):
            wrong = MISRULES[one.name].contribution(link, upstream)
            return upstream * link.local if wrong is None else wrong
    return upstream * link.local


def differs(here: Links, link: Link, one: Rule) -> bool:
    """Whether a mistaken rule passes something else along this link than the right one."""
    return not same(passed(here, link, (one,)), passed(here, link))


def same(a: float, b: float | None) -> bool:
    """Whether a gradient is the one that the class has, but for rounding."""
    return b is not None and math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)
