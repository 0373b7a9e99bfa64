"""What comes of mistakes: the gradients that a pass with them leads to, held against those of a class."""

from __future__ import annotations

import math

from .links import Link, Links, holds, local_of, same
from .mistakes import WRITES, Clip, Mistakes, Replace, Rule, Walk
from .sides import FEW, settle
from .wrong_passes import PASSES, clip_gradients, write_contributions
from .wrong_rules import MISRULES


def settled(here: Links, mistakes: Mistakes) -> Links:
    """The links with the operands of sets on the sides that fit these mistakes, where they depend on it."""
    rules = [one.rule if isinstance(one, Replace) else one for one in mistakes if isinstance(one, (Rule, Replace))]
    symbols = {rule.symbol for rule in rules if _takes_sides(rule)} if here.loose else set()
    loose = [i for i in here.loose if not symbols.isdisjoint(("", here.below[i][0].symbol))]
    if not loose:
        return here
    if any(isinstance(one, Replace) for one in mistakes):  # each gradient depends on the whole pass
        if len(mistakes) > 1 or len(loose) > FEW:
            return here
        return settle(here, loose, lambda links, i: (outcome(links, mistakes) or [])[i])
    return settle(here, loose, lambda links, i: by_rules_at(links, i, mistakes), FEW if len(mistakes) == 1 else 0)


def _takes_sides(rule: Rule) -> bool:
    """Whether it matters which operand stands on the left."""
    return rule.position is not None or (rule.name in MISRULES and MISRULES[rule.name].takes_sides)


def fits(found: list[float] | None, here: Links) -> bool:
    """Whether these are the class's gradients, as far as they are known."""
    return found is not None and all(math.isnan(found[i]) or holds(here, i, found[i]) for i in here.asked)


def outcome(here: Links, mistakes: Mistakes) -> list[float] | None:
    """The gradients that these mistakes lead to; NaN where that is not known."""
    one, *others = mistakes
    if isinstance(one, Replace):
        rules = tuple(others)
        run, plain = WRITES[one.how].run, one.rule.holds
        return write_contributions(
            here,
            one.left,
            write=lambda link, there, new: run(there, new, local_of(link)) if plain(link) else there + new,
            passed=lambda link: passed(here, link, rules),
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
    if link.local is None:  # of an operation that is not known no rule is mistaken
        return False
    return not same(passed(here, link, (one,)), passed(here, link), here.slack[link.source])
