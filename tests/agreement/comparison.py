"""Everyone's answers to many random expressions, and what is to be said of each that differs."""

import math
from collections import Counter, defaultdict
from typing import NamedTuple

from cgviz import Tensor, Value

from . import engines
from .judge import by_sympy, digits_matter, near, verdict
from .plans import make

AT_ONCE = 500
"""So many graphs go to the page's code together."""
SMALL = 6
"""SymPy is asked of expressions of no more lines."""
WRONG = ("differs", "wrong")
"""What nothing explains."""


class Found(NamedTuple):
    """How many answers of each (engine, class) there were, and the numbers of the first plans of each."""

    counts: Counter
    examples: dict

    @property
    def wrong(self):
        """The answers that nothing explains: (engine, class) and the numbers of the first plans."""
        return {key: plans for key, plans in self.examples.items() if key[1] in WRONG}


def compare(numbers, nodejs=None, torch=None):
    """Ask everyone who is there for all these plans."""
    numbers = list(numbers)
    counts, examples = Counter(), defaultdict(list)
    for start in range(0, len(numbers), AT_ONCE):
        plans = [make(number) for number in numbers[start : start + AT_ONCE]]
        for plan, answers in zip(plans, _answers(plans, nodejs, torch), strict=True):
            for engine, said in answers.items():
                counts[engine, said] += 1
                if len(examples[engine, said]) < 5:
                    examples[engine, said].append(plan.number)
    return Found(counts, examples)


def _answers(plans, nodejs, torch):
    """Of each plan a word on each engine."""
    graphs = [engines.record(plan) for plan in plans]
    recorded = [k for k, graph in enumerate(graphs) if graph]
    sent = engines.on_the_page([plans[k] for k in recorded], [graphs[k] for k in recorded], nodejs) if nodejs else ()
    pages = dict(zip(recorded, sent, strict=False))
    return [_judge(plan, graph, pages.get(k), torch) for k, (plan, graph) in enumerate(zip(plans, graphs, strict=True))]


def _judge(plan, graph, page, torch):
    ours = engines.eager(plan, Value)
    scale = engines.scale(plan, graph[0]) if graph else 1.0
    said = {"Tensor": _tell_of_tensor(plan, ours, engines.eager(plan, Tensor), scale)}
    if graph:
        program, _, place = graph
        said["Program"] = _tell(plan, ours, engines.again(plan, program))
        if plan.kind == "wide" or plan.number % 4 == 0:  # this engine is made for wide ones, and takes long to make
            said["Program in arrays"] = _tell(plan, ours, engines.in_arrays(plan, program), scale)
        said["Program over arrays"] = _tell_of_arrays(plan, ours, *engines.batched(plan, program, place), scale)
    said["50 digits"] = verdict(plan, ours, scale)
    if page:
        said["page"] = _tell(plan, ours, page, scale)
    if ours[0] == "done":
        if theirs := engines.by_micrograd(plan):
            said["micrograd"] = _tell_of_micrograd(plan, ours, theirs, scale)
        if torch:
            said["PyTorch"] = _tell_of_torch(plan, ours, engines.by_torch(plan, torch), scale)
        for other in ("micrograd", "PyTorch"):
            if said.get(other) == "differs" and said["50 digits"] == "right":
                said[other] = "is less exact: ours is what 50 digits give"
        if len(plan.lines) <= SMALL and said["50 digits"] == "right" and plan.number % 5 == 0:
            theirs = by_sympy(plan)
            said["SymPy"] = _tell(plan, ours, theirs, scale) if theirs else "gives up"
    return said


def _tell_of_micrograd(plan, ours, theirs, scale):
    """There a quotient is a product with a power: 0 times an infinity that came in, where ours is infinite."""
    if theirs[0] != "done":
        return "refuses"
    said = _tell(plan, ours, theirs, scale)
    came_in = said == "differs" and math.inf in map(abs, plan.leaves) and any(x != x for x in theirs[1:])
    return "NaN of an infinity that came in" if came_in else said


def _tell_of_tensor(plan, ours, theirs, scale):
    """A gradient that is NaN already, where there is no derivative: `Value` refuses it, a Tensor passes it on.

    NumPy's functions may differ from those of `math` in a last digit, which counts beside the largest number.
    """
    if ours[0] == "backward" and theirs[0] == "done" and any(x != x for x in theirs[2:]):
        return "passes NaN on where Value refuses it"
    return _tell(plan, ours, theirs, scale)


def _tell_of_arrays(plan, ours, theirs, no_number, no_gradient, scale):
    """Over arrays nothing is refused: where `Value` does, something on the way is NaN or infinite."""
    if ours[0] == "done":
        return _tell(plan, ours, theirs, scale)
    return (
        "agrees: NaN or infinite where Value refuses" if (no_number, no_gradient)[ours[0] == "backward"] else "differs"
    )


def _tell_of_torch(plan, ours, theirs, scale):
    """PyTorch refuses nothing: 0 times an infinity is NaN there, and NaN is masked where a maximum chose another."""
    said = _tell(plan, ours, theirs, scale)
    if said != "differs":
        return said
    if any(x != x for x in plan.leaves):
        return "has another slope at NaN"
    pairs = [(x, y) for x, y in zip(ours[1:], theirs[1:], strict=True) if x == x and y == y]
    if near(("done", *(x for x, _ in pairs)), ("done", *(y for _, y in pairs)), scale):
        return "one has NaN: PyTorch where nothing arrives (rule 5), or Value of a negative base (rule 6)"
    return said


def _tell(plan, ours, theirs, scale=0.0):
    if near(ours, theirs, scale):
        return "agrees"
    return "last digits decide" if digits_matter(plan) else "differs"
