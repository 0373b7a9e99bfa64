"""Lesson 1: two gradients with pen and paper, and a minimum by gradient descent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..exercise_kinds.exercise import Open
from ..exercise_kinds.numbers import Numbers
from ..sandbox.likeness import as_number


@dataclass(frozen=True, kw_only=True)
class Walked(Numbers):
    """Where a walk has ended. While it stands where it began, nothing has been written yet."""

    start: float = 0.0

    def judge(self, thing: Any) -> str:
        """Compare the place with the minimum, after the first step."""
        if isinstance(thing, dict) and thing and all(as_number(x) == self.start for x in thing.values()):
            raise Open(f"{' and '.join(map(str, thing))} are still where they began")
        return super().judge(thing)


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
        praise="one backward pass, two slopes, and down you went.",
    ),
)
