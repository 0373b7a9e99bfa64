"""One gradient held against one slope: whether they agree, and what there is to note."""

from __future__ import annotations

import math
from itertools import pairwise

from ..graph import Node
from ..graph.agreement import is_float, is_number
from ..text import number
from .finite_differences import Slope, is_uncertain
from .kinks import ROUNDING
from .report import AGREES, NO_NUMBER, NO_SLOPE, TOO_LARGE, UNCHECKED, WRONG, Row

JUMP = "jump, here or nearer than the smallest step: no slope is seen"
COARSE = "not checked: the smallest step is too coarse here, no two sizes agree"
HIDDEN = "not checked: rounding hides the slope"
ROUNDINGS = 16
"""So many roundings are between a gradient and its exact number, of contributions that cancel out."""
BESIDE = "not checked: a kink is nearer than the smallest step"


def compare(node: Node, seen: Slope, gross: float = math.nan, precision: float = ROUNDING) -> Row:
    """Hold the gradient of a node, or of one number of it, against the slope that was seen there.

    `gross` is the size of its contributions, which may cancel out, NaN if it is not known; `precision` the relative
    error of one rounding.
    """
    analytic = float(node.grad) if is_float(node.grad) else None
    numeric = seen.slope
    state, note = _judge(node, analytic, seen, gross, precision)
    known = state != UNCHECKED
    error = abs(analytic - numeric) if known and analytic is not None and numeric is not None else None
    return Row(node.index, node.name, analytic, numeric, error, state != WRONG, note, seen, state)


def _judge(node: Node, analytic: float | None, seen: Slope, gross: float, precision: float) -> tuple[str, str]:
    """The state of a row, and what there is to note."""
    numeric = seen.slope
    if analytic is None:
        note = "no gradient" if node.grad is None else TOO_LARGE if is_number(node.grad) else NO_NUMBER
        return WRONG, note
    if seen.kind == "jump" and math.isfinite(analytic):
        return NO_SLOPE, JUMP
    if numeric is None:
        return UNCHECKED, "not checked: no value on either side"
    if math.isinf(numeric):
        return (UNCHECKED if analytic == numeric else WRONG), TOO_LARGE
    if not math.isfinite(analytic):
        grows = math.isinf(analytic) and _grows(seen, math.copysign(1.0, analytic))
        return (AGREES, "the slope grows without end here") if grows else (WRONG, "no number")
    if seen.kind in ("kink", "near") and seen.left is not None and seen.right is not None:
        low, high = sorted((seen.left, seen.right))
        slack = 1e-3 * max(abs(low), abs(high))
        between = low - slack <= analytic <= high + slack
        if between and seen.kind == "near":
            return UNCHECKED, BESIDE
        note = f"kink: slope {number(seen.left)} to the left, {number(seen.right)} to the right"
        return (NO_SLOPE if between else WRONG), note
    if seen.kind == "coarse":
        return UNCHECKED, COARSE
    # Nothing absolute: gradients of any size are held against what steps of this function can tell.
    rounded = 1e-12 * seen.scale if math.isnan(gross) else ROUNDINGS * precision * gross
    scale = max(seen.scale, 0.0 if math.isnan(gross) else gross)
    close = abs(analytic - numeric) <= 1e-5 * max(abs(analytic), abs(numeric)) + 20 * seen.uncertainty + rounded
    vanishes = _vanishes(seen, analytic) or abs(analytic) <= seen.uncertainty <= 1e-3 * scale
    if close and is_uncertain(numeric, seen.uncertainty, scale) and not vanishes:
        return UNCHECKED, HIDDEN if _is_hidden(seen) else COARSE
    note = "edge of the domain: steps to one side" if seen.kind == "edge" else ""
    return (AGREES if close else WRONG), note


def _is_hidden(seen: Slope) -> bool:
    """Whether it is rounding that makes a slope uncertain, and not that the function changes too fast."""
    best = min(seen.steps, key=lambda step: abs(step.h - seen.h))
    return best.noise / best.h > 0.1 * seen.uncertainty


def _grows(seen: Slope, sign: float) -> bool:
    """Whether smaller steps show larger slopes throughout, as of a root at 0: then the gradient is infinite."""
    slopes = [sign * step.central for step in seen.steps if step.central is not None]
    return len(slopes) > 3 and all(a < b for a, b in pairwise(slopes)) and slopes[-1] > 100 * abs(slopes[0])


def _vanishes(seen: Slope, analytic: float) -> bool:
    """Whether smaller steps show smaller slopes throughout, as of x**1.5 at 0: then the gradient is 0."""
    slopes = [abs(step.central) for step in seen.steps if step.central is not None]
    smaller = len(slopes) > 3 and all(a > b for a, b in pairwise(slopes)) and slopes[-1] < 0.01 * slopes[0]
    return smaller and abs(analytic) <= slopes[-1]
