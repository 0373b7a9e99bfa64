"""Gradient descent on a function of named numbers: every step as a plain record, and what the steps come to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from .chain import is_number
from .run import Run
from .text import kind, number


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


def walk(run: Run, start: Mapping[str, float], rate: float, count: int) -> Walk:
    """Walk `count` steps against the gradient: each number moves by minus the rate times its slope.

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
        if not all(map(math.isfinite, point.values())):
            return Walk(steps, f"step {k} leads beyond all numbers")
        try:
            step = _look(run, k, point)
        except Exception as error:  # whatever a learner's function raises ends the walk
            if not k:
                raise
            return Walk(steps, f"step {k} leads to where there is no value: {error}")
        if not all(map(math.isfinite, (step.value, *step.gradient.values()))):
            if not k:
                raise ArithmeticError(f"the value or a gradient at the start is not finite: {_said(step)}")
            return Walk(steps, f"step {k} leads to numbers that are too large: {_said(step)}")
        steps.append(step)
        point = {name: x - rate * step.gradient[name] for name, x in point.items()}
    return Walk(steps, "")


def verdict(found: Walk) -> str:
    """What the steps come to, in one sentence: whether the learning rate crawls, arrives, overshoots or diverges.

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
    moves = [[b.point[name] - a.point[name] for name in a.point] for a, b in pairwise(steps)]
    if not moves:
        return ""
    slopes = [math.hypot(*steps[i].gradient.values()) for i in (0, -1)]
    after = f"after {len(moves)} step{'s' if len(moves) > 1 else ''}"
    if slopes[0] == 0:
        return "The gradient is 0 at the start, so no step leads anywhere."
    lengths = [math.hypot(*move) for move in moves]
    turns = [sum(x * y for x, y in zip(a, b, strict=True)) < 0 for a, b in pairwise(moves)][-3:]
    if lengths[-1] > lengths[0] * (1 + 1e-9) and steps[-1].value > steps[0].value:
        return "Diverging: each step is longer than the one before. A smaller rate comes down."
    if turns and all(turns):
        if lengths[-1] > 0.999 * lengths[0]:
            return "Back and forth: each step lands on the other side of the minimum, and no closer."
        return (
            "Overshooting: each step lands on the other side of the minimum, though closer. "
            "A smaller rate goes straight."
        )
    share = slopes[1] / slopes[0]
    said = f"{after} the gradient is {{}}{100 * share:.{'0' if share >= 0.1 else '1'}f} % of what it was."
    if share > 0.5:
        return f"Crawling: {said.format('still ')} A larger rate gets further."
    return f"Descending: {said.format('')}" if share >= 0.001 else f"Arrived: {after} the gradient is as good as 0."


def _look(run: Run, k: int, point: dict[str, float]) -> DescentStep:
    """Run forward and backward at a point, and read what the learner's own code computed."""
    run.update(**point)
    value, slopes = run.graph.root.data, run.gradients
    if not is_number(value):
        raise TypeError(f"gradient descent needs one number to make small, the function gave a {number(value)}")
    if not callable(getattr(run.root, "backward", None)):
        raise TypeError(f"gradient descent needs gradients, and {kind(run.root)} has no backward()")
    gradient = {name: 0.0 if name not in run.places else float(x) for name, x in slopes.items()}
    return DescentStep(k, dict(point), float(value), gradient)


def _said(step: DescentStep) -> str:
    slopes: list[Any] = [f"the gradient of {name} is {number(x)}" for name, x in step.gradient.items()]
    return ", ".join([f"the value is {number(step.value)}", *slopes])
