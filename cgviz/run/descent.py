"""Gradient descent on a function of named numbers: every step as a plain record, and what the steps come to."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from ..graph import Graph
from ..graph.agreement import is_float, is_number
from ..ops.domain import RangeError
from ..text import kind, number
from .run import Run

LAST = 3
"""What the last steps do is what a walk comes to: so many of them, or half of all."""


class DescentStep(NamedTuple):
    """Where a step has led: step 0 is the start.

    `point` and `gradient` have the names of the function's numbers, `gradient` those of its slopes there.
    """

    number: int
    point: dict[str, float]
    value: float
    gradient: dict[str, float]


class Walk(NamedTuple):
    """The steps that could be taken, and in one sentence why no more of them could; empty if all of them were."""

    steps: list[DescentStep]
    ended: str


def walk(
    run: Run,
    start: Mapping[str, float],
    rate: float,
    count: int,
    visit: Callable[[Graph], object] | None = None,
) -> Walk:
    """Walk `count` steps against the gradient: each number moves by minus the rate times its slope.

    `visit` is called with the graph of each step.

    A step that leads to where the function has no value, or beyond all numbers, is not taken, and ends the walk.
    Raises what the function raises at the start, and `TypeError` if it gives no single number there, or no gradient.

    >>> from .expression import parse
    >>> steps, ended = walk(Run(parse("a**2 - 10*a + 28")), {"a": 6.0}, rate=0.1, count=20)
    >>> [round(step.point["a"], 3) for step in steps[:4]], ended
    ([6.0, 5.8, 5.64, 5.512], '')
    >>> f"{steps[20].point['a']:.6f} {steps[20].value:.6f}"
    '5.011529 3.000133'
    """
    steps: list[DescentStep] = []
    point = {name: float(start[name]) for name in run.names}
    for k in range(count + 1):
        lost = _not_finite({f"{name} would be": x for name, x in point.items()})
        if lost:
            return Walk(steps, f"step {k} leads too far: {lost}")
        try:
            step = _look(run, k, point)
            if visit is not None:
                visit(run.graph)
        except Exception as error:  # whatever a learner's function raises ends the walk
            if not k:
                raise
            where = "too far" if isinstance(error, OverflowError) else "to where there is no value"
            return Walk(steps, f"step {k} leads {where}: {str(error) or type(error).__name__}")
        lost = _not_finite(
            {"the value is": step.value} | {f"the gradient of {name} is": x for name, x in step.gradient.items()}
        )
        if lost:
            if not k:
                raise RangeError(f"no step can be taken from this start: {lost} there")
            return Walk(steps, f"step {k} leads too far: {lost} there")
        steps.append(step)
        point = {name: x - rate * step.gradient[name] for name, x in point.items()}
    return Walk(steps, "")


def verdict(found: Walk) -> str:
    """What the steps come to, in one sentence: whether the learning rate crawls, arrives, overshoots or diverges.

    Nothing is said but what the steps show. A step is the gradient times the rate, so the gradients tell how long the
    steps are and where they turn; the one at the last place tells of the step that would come next.

    >>> from .expression import parse
    >>> for rate in (0.001, 0.1, 0.9, 1.1):
    ...     print(verdict(walk(Run(parse("a**2 - 10*a + 28")), {"a": 6.0}, rate, 20)))
    Crawling: after 20 steps the gradient is still 96 % of what it was. A larger rate gets further.
    Descending: after 20 steps the gradient is 1.2 % of what it was.
    Overshooting: each step lands on the other side of the minimum, though closer. A smaller rate goes straight.
    Diverging: each step is longer than the one before. A smaller rate comes down.
    """
    steps, ended = found
    if ended:
        return f"{ended[0].upper()}{ended[1:]}. A smaller rate may help."
    count = len(steps) - 1
    if not count:
        return ""
    if not any(steps[0].gradient.values()):
        return (
            "The gradient is 0 at the start, so no step leads anywhere: it may be a minimum, a maximum or a flat place."
        )
    if all(step.point == steps[0].point for step in steps):
        return "Standing still: the steps are too small to change the numbers. A larger rate gets further."
    after = f"after {count} step{'s' if count > 1 else ''}"
    values = _values(steps)
    slopes = _scale([[*step.gradient.values()] for step in steps])
    lengths = [math.hypot(*slope) for slope in slopes]  # of the steps, each as a multiple of the longest
    share = lengths[-1] / lengths[0] if lengths[0] else math.inf
    higher = _rises(values[0], values[-1])
    if share < 0.001 and _has_settled(slopes, lengths):
        if higher:
            return f"Settled above the start: {after} the gradient is as good as 0. A smaller rate comes down."
        return f"Arrived: {after} the gradient is as good as 0."
    rises = [_rises(a, b) for a, b in pairwise(values)]
    turns = [sum(x * y for x, y in zip(a, b, strict=True)) < 0 for a, b in pairwise(slopes)]
    longer = [b > a * (1 + 1e-9) for a, b in pairwise(lengths)]
    if all(rises[-LAST:]) and all(longer[-LAST:]):
        each = "each step is longer than the one before" if all(longer) else "the last steps get longer and lead up"
        return f"Diverging: {each}. A smaller rate comes down."
    if all(turns[-LAST:]):
        lands = "each step lands" if all(turns) else "the last steps land"
        before = max(count - 2, 0)
        if abs(lengths[-1] / lengths[before] - 1) < 1e-6 and abs(values[-1] - values[before]) < 1e-6:
            return f"Back and forth: {lands} on the other side of the minimum, and no closer."
        if all(
            lengths[k] < lengths[max(k - 2, 0)] and not _rises(values[max(k - 2, 0)], values[k])
            for k in range(count, max(count - LAST, 0), -1)
        ):
            return (
                f"Overshooting: {lands} on the other side of the minimum, though closer. A smaller rate goes straight."
            )
    if higher or any(rises[-max(LAST, count // 2) :]):
        return f"Jumping: the value rises in {sum(rises)} of {count} steps. A smaller rate comes down."
    if all(step.gradient == steps[0].gradient for step in steps):
        return (
            f"Falling steadily: {after} the gradient is still the same, so no minimum is in sight. "
            "A larger rate gets further."
        )
    if share > 1 + 1e-9:
        return f"Descending: {after} the gradient is larger than it was, so the way down gets steeper."
    if share > 0.5 and turns[-1]:
        return "Overshooting: the last step lands on the other side of the minimum. A smaller rate goes straight."
    if share > 0.5 and not any(turns[-LAST:]):
        return (
            f"Crawling: {after} the gradient is still {_percent(share)} % of what it was. A larger rate gets further."
        )
    return f"Descending: {after} the gradient is {_percent(share)} % of what it was."


def _values(steps: list[DescentStep]) -> list[float]:
    """The values as multiples of the largest: so that no difference is too large for a number."""
    return [value for (value,) in _scale([[step.value] for step in steps])]


def _rises(a: float, b: float) -> bool:
    """Whether a value is larger than one before it by more than their last digits."""
    return b - a > 1e-12 * max(abs(a), abs(b)) + 1e-15


def _has_settled(slopes: list[list[float]], lengths: list[float]) -> bool:
    """Whether the way that is left is short beside the way from the start, if the steps go on to shrink as they do.

    On a slope that only becomes flatter and flatter, as exp(-x), it is not, however small the gradient.
    """
    if lengths[-1] < 1e-9 * lengths[0]:
        return True
    way = math.hypot(*map(math.fsum, zip(*slopes[:-1], strict=True)))
    before, last = lengths[-2:]
    return last < before and last / (1 - last / before) < 0.01 * way


def _look(run: Run, k: int, point: dict[str, float]) -> DescentStep:
    """Run forward and backward at a point, and read what the learner's own code computed."""
    run.update(**point)
    value, slopes = run.graph.root.data, run.gradients
    if not is_number(value):
        raise TypeError(f"gradient descent needs one number to make small, the function gave a {number(value)}")
    if not callable(getattr(run.root, "backward", None)):
        raise TypeError(f"gradient descent needs gradients, and {kind(run.root)} has no backward()")
    for name, x in slopes.items():
        if name in run.places and not is_float(x):
            held = "None" if x is None else kind(x)
            raise TypeError(f"gradient descent needs gradients, and after backward() that of {name} is {held}")
    gradient = {name: 0.0 if name not in run.places else float(x) for name, x in slopes.items()}
    return DescentStep(k, dict(point), float(value), gradient)


def _not_finite(numbers: Mapping[str, float]) -> str:
    """The first of these that is no finite number, in words; nothing if all are."""
    return next((f"{words} {number(x)}" for words, x in numbers.items() if not math.isfinite(x)), "")


def _scale(vectors: list[list[float]]) -> list[list[float]]:
    """The vectors as multiples of the largest number in them."""
    largest = max(abs(x) for vector in vectors for x in vector) or 1.0
    return [[x / largest for x in vector] for vector in vectors]


def _percent(share: float) -> str:
    """A share in per cent; a tie is rounded up, as the page does."""
    if share < 0.001:
        return "less than 0.1"
    return str(Decimal(100 * share).quantize(Decimal("1" if share >= 0.1 else "0.1"), ROUND_HALF_UP))
