"""Lesson 1: two gradients with pen and paper, and a minimum by gradient descent."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from ..cell_watch import read_cell
from ..exercise_kinds.exercise import Open
from ..exercise_kinds.numbers import Numbers
from ..questions.ask import Ask
from ..sandbox.likeness import as_number, close

UNMOVED = {
    "": "x and y have not moved",
    "loop": "x and y have not moved: without a call, g.backward(), their gradients are 0",
    "gradients": "x and y have their gradients, and have not moved: a step writes a new number into x.data",
}


@dataclass(frozen=True, kw_only=True)
class Walked(Numbers):
    """Where a walk of so many steps has ended. While nothing has been written that steps, it is not written yet.

    Each step goes the `share` of the way that is left.
    """

    start: float = 0.0
    steps: int = 50
    share: float = 0.2

    def judge(self, thing: Any) -> str:
        """Compare the place with the minimum, after the first step."""
        if not isinstance(thing, dict) or not thing:
            return super().judge(thing)
        places = {name: as_number(x) for name, x in thing.items()}
        if all(x == self.start for x in places.values()):
            return self._explain_unmoved(thing)
        said = super().judge(thing)
        if not said and all(x == self._list_expected().get(name) for name, x in places.items()):
            return "that is the minimum to the last digit, and 50 steps end near it: let the loop find it"
        if said and (why := self._explain_walk(places)):
            return f"{said.partition(': that is not it yet')[0].partition(': a factor')[0]}: {why}"
        return said

    def say_right(self, thing: Any) -> str:
        """The praise; and a word to whom x has become a result of steps."""
        if any(getattr(node, "_prev", ()) for node in thing.values()):
            return f"{self.praise} (Yours are results at the end of a long graph: x.data = … moves the leaf itself.)"
        return self.praise

    def _explain_unmoved(self, thing: dict[str, Any]) -> str:
        if any(getattr(node, "grad", 0) for node in thing.values()):
            return UNMOVED["gradients"]
        if re.search(r"^\s*(for|while)\b|\.grad\b", read_cell(), re.MULTILINE):
            return UNMOVED["loop"]
        raise Open(f"{' and '.join(map(str, thing))} are still where they began")

    def _explain_walk(self, places: dict[str, float | None]) -> str:
        """The slip of a walk that ends at the wrong place: what is true of every number."""
        wanted = self._list_expected()
        ways = [
            (x - self.start) / (wanted[name] - self.start)
            for name, x in places.items()
            if x is not None and math.isfinite(x) and name in wanted
        ]
        if not ways or max(ways) - min(ways) > 1e-6 * max(1, abs(ways[0])):
            return ""
        way = ways[0]
        if way < 0:
            return "that is uphill: a step goes against the slope, with a minus"
        if close(way, self.steps * self.share, 1e-6):
            return "each step was as long as the first: the forward pass belongs into the loop, too"
        made = next((t for t in range(1, self.steps) if close(way, 1 - (1 - self.share) ** t, 1e-6)), 0)
        return f"that is where {made} step{'s' * (made != 1)} end, and {self.steps} are asked" if made else ""


QUESTIONS = (
    Ask(
        key="1.1",
        text="You stand at a = 4 in thick fog, and feel that the slope is -2. Which way is down?",
        answer="to the right: a larger",
        choices=("to the left: a smaller", "to the right: a larger"),
        why="A negative slope says that f falls when a grows. With a positive slope it would be the other way.",
    ),
    Ask(
        key="1.2",
        text="Is the slope of f at a = 6 positive, negative or zero?",
        of="a**2 - 10*a + 28",
        at={"a": 6},
        gradient="a",
        sign=True,
        why="To the right of 5 the ground rises.",
    ),
    Ask(
        key="1.3",
        text="Which box gets the gradient 4?",
        of="e = a*b; f = e + c; L = f*d",
        at={"a": 2, "b": -3, "c": 10, "d": -2},
        click=True,
        answer="d",
        why="L = f · d, so the gradient of d is the other factor, f.",
    ),
    Ask(
        key="1.4",
        text="y = x + x. What is the gradient of x?",
        of="y = x + x",
        at={"x": 3},
        gradient="x",
        typical={
            1: "each of the two arrows brings back a 1: add them up",
            6: "that is y itself: asked is how fast y grows when x does",
            3: "that is x itself: asked is how fast y grows when x does",
            4: "each of the two arrows brings back a 1",
            9: "that is x · x",
            0: "when x grows, y grows",
        },
        why="y = 2x. Two arrows leave x, and each brings back a 1.",
    ),
)

EXERCISES = (
    Numbers(
        name="gradients of K",
        of="s = a + b; K = s * a",
        at={"a": 2, "b": -3},
        typical={
            "a": {
                2: "that is what comes back through the sum; a is used in the product as well, so add both",
                -1: "that is what comes back from the product; a is used in the sum as well, so add both",
                3: "both paths add up, but the other factor of the product is a + b, and that is -1",
            },
            "b": {-1: "K is a product: the sum gets the other factor, and that is a", 1: "a sum copies what arrives"},
        },
        wanted="your two numbers",
        hints=(
            "Give the sum a name, s = a + b, and go forward first: s is -1, and K = s · a is -2.",
            "K is a product: s gets the other factor, 2. A sum copies it, to a and to b.",
            "a is used a second time, in the product: there it gets s, -1. Add what comes back on both ways.",
        ),
        praise="two paths, added up.",
    ),
    Walked(
        name="two inputs",
        answer={"x": 1, "y": -2},
        typical={
            "x": {-1: "(x - 1)² is 0 where x is 1", 0: "x has not moved: take a step with x.grad as well"},
            "y": {2: "(y + 2)² is 0 where y is -2", 0: "y has not moved: take a step with y.grad as well"},
        },
        wanted="x and y after the last step",
        hints=(
            "It is the loop of part 5, with g for L: forward, backward, and then two steps, one for x and one for y.",
            "Forward: g = (x - 1)**2 + (y + 2)**2. Backward: g.backward(). Then x.data = x.data - 0.1 * x.grad.",
        ),
        praise="two slopes at once, and down you went.",
    ),
)
