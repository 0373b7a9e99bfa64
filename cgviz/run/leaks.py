"""What leaves the graph of a function unseen: plain numbers that `float` and `math` make of nodes, and compute with."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Any

from ..graph.spellings import LEFT, check_node, describe
from ..text import number
from ..value import Value
from .reach import SMALL


def check_plain(result: Any, function: Callable, leaves: list[Any], place: int) -> None:
    """Raise `TypeError` for a result that is neither a node nor a constant: no derivative can be had of it."""
    if not isinstance(result, Real):
        check_node(result, "the function")
        raise TypeError(f"derivative needs a node of the class Value, and the function returned {describe(result)}")
    unknown = Value(math.nan, leaves[place].label)  # NaN comes out of whatever was computed from it
    try:
        constant = not math.isnan(function([*leaves[:place], unknown, *leaves[place + 1 :]]))
    except (TypeError, ValueError, ArithmeticError):
        constant = False
    if not constant:
        check_node(result, "the function", plain=Real)


def check_whole(known: float, fresh: Callable, function: Callable, place: int, name: str) -> None:
    """Raise `TypeError` where steps of an argument show another slope than the `known` one of the graph.

    `function` takes the leaves that `fresh` makes; the one at `place` is moved. This is to be asked of a function that
    has made a plain number of a node.
    """
    size = max(1.0, abs(float(fresh()[place].data)))

    def move(step: float) -> float:
        leaves = fresh()
        leaves[place].data = leaves[place].data + step
        return float(function(leaves).data)

    seen = find_other_slope(move, known, size)
    if seen is not None:
        raise TypeError(
            f"the derivative would be wrong, for a part of the function is not in the graph: small steps of {name} "
            f"show a slope of {number(seen)}, and the graph has {number(known)} "
            f"({LEFT}, or .data where a plain number is meant)"
        )


def find_other_slope(move: Callable[[float], float], known: float, scale: float = 1.0) -> float | None:
    """The slope that small steps show, if the graph has another; ``None`` also where the steps do not agree about it.

    They do not at a kink or a jump, at the edge of a domain, and where the function bends strongly.

    >>> round(find_other_slope(lambda step: (3 + step) ** 2, known=3.0), 6)
    6.0
    >>> find_other_slope(lambda step: abs(step), known=0.0)
    """
    try:
        here = move(0.0)
        slopes = [(move(step) - here) / step for h in SMALL for step in (h * scale, -h * scale)]
    except (ArithmeticError, ValueError, TypeError, AttributeError):  # outside the domain, or no graph there
        return None
    low, high = min(slopes), max(slopes)
    steepest = max(abs(low), abs(high), abs(known))
    if not high - low <= 0.01 * steepest or min(abs(known - low), abs(known - high)) <= 0.05 * steepest:
        return None
    return sum(slopes[2:]) / 2
