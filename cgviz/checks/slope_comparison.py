"""One gradient held against one slope: whether they agree, and what there is to note."""

from __future__ import annotations

import math
from itertools import pairwise

from ..graph import Node
from ..graph.agreement import is_float, is_number
from ..text import number
from .finite_differences import Slope
from .report import NO_NUMBER, TOO_LARGE, Row


def compare(node: Node, seen: Slope) -> Row:
    """Hold the gradient of a node, or of one number of it, against the slope that was seen there."""
    analytic = float(node.grad) if is_float(node.grad) else None
    numeric = seen.slope
    if analytic is None or (numeric is None and seen.kind != "jump"):
        note = "no value on either side"
        if analytic is None:
            note = "no gradient" if node.grad is None else TOO_LARGE if is_number(node.grad) else NO_NUMBER
        return Row(node.index, node.name, analytic, numeric, None, analytic is not None, note, seen)
    error = None if numeric is None else abs(analytic - numeric)
    if not math.isfinite(analytic):
        ok = math.isinf(analytic) and _grows(seen, math.copysign(1.0, analytic))
        note = "the slope grows without end here" if ok else "no number"
        return Row(node.index, node.name, analytic, numeric, error, ok, note, seen)
    if numeric is None:  # a jump
        return Row(node.index, node.name, analytic, None, None, True, "jump: there is no slope here", seen)
    error = abs(analytic - numeric)
    allowed = 1e-5 * max(abs(analytic), abs(numeric)) + 20 * seen.uncertainty + 1e-12
    if seen.kind == "kink" and seen.left is not None and seen.right is not None:
        low, high = sorted((seen.left, seen.right))
        slack = 1e-3 * max(abs(low), abs(high))
        note = f"kink: slope {number(seen.left)} to the left, {number(seen.right)} to the right"
        return Row(node.index, node.name, analytic, numeric, error, low - slack <= analytic <= high + slack, note, seen)
    note = ""
    if seen.kind == "edge":
        note = "edge of the domain: steps to one side"
    elif seen.uncertainty > 1e-2 * max(abs(numeric), 1e-6):
        note = "uncertain: no two step sizes agree"
    return Row(node.index, node.name, analytic, numeric, error, error <= allowed, note, seen)


def _grows(seen: Slope, sign: float) -> bool:
    """Whether smaller steps show larger slopes throughout, as of a root at 0: then the gradient is infinite."""
    slopes = [sign * step.central for step in seen.steps if step.central is not None]
    return len(slopes) > 3 and all(a < b for a, b in pairwise(slopes)) and slopes[-1] > 100 * abs(slopes[0])
