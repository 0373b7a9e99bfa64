"""What stays of a descent where no widget is shown: the steps as a table of text, and a chart of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..ops.labels import tight
from ..pictures.chart import Axis, Chart
from ..run.descent import Walk, verdict
from ..text import number


def report(found: Walk, called: str) -> str:
    """The steps as a table of text: the first few and the last, and what they come to.

    >>> from cgviz.run.descent import walk
    >>> from cgviz.run.expression import parse
    >>> from cgviz.run.run import Run
    >>> print(report(walk(Run(parse("a**2")), {"a": 1.0}, 0.25, 2), "L"))
    step  a     L       ∂L/∂a
    0     1     1       2
    1     0.5   0.25    1
    2     0.25  0.0625  0.5
    Descending: after 2 steps the gradient is 25 % of what it was.
    """
    names = list(found.steps[0].point)
    lines = [["step", *names, called, *(f"∂{tight(called)}/∂{tight(name)}" for name in names)]]
    for step in found.steps:
        numbers = (*step.point.values(), step.value, *step.gradient.values())
        lines.append([str(step.number), *map(number, numbers)])
    if len(lines) > 14:
        lines[8:-5] = [["…"] * len(lines[0])]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join((*rows, verdict(found)))


def chart(land: Mapping[str, Any], found: Walk, at: int, called: str) -> Chart:
    """The curve or the contours of a `landscape`, with the steps and the tangent at one of them."""
    (x, span), *other = land["ranges"].items()
    steps, here = found.steps, found.steps[at]
    said = f"Gradient descent on {called}, {len(steps) - 1} steps. {verdict(found)}"
    if other:
        (y, height) = other[0]
        drawn = Chart(Axis(span[0], span[1], x), Axis(height[0], height[1], y), said)
        drawn.paths(land["areas"], "area")
        drawn.paths(land["lines"], "level")
        places = [(step.point[x], step.point[y]) for step in steps]
    else:
        low, high = land["heights"]
        drawn = Chart(Axis(span[0], span[1], x), Axis(low, high, called), said)
        curve, last = land["curve"], len(land["curve"]) - 1
        low, high = span
        drawn.line(
            [(low + (high - low) * (i / last), math.nan if y is None else y) for i, y in enumerate(curve)], "curve"
        )
        ends = [(end, here.value + here.gradient[x] * (end - here.point[x])) for end in span]
        drawn.line(ends, "other")
        places = [(step.point[x], step.value) for step in steps]
    drawn.line(places, "path")
    drawn.dots(places[at + 1 :], "later", 2.5)
    drawn.dots(places[:at], "dot", 2.5)
    drawn.dots([places[at]], "now", 5)
    return drawn
