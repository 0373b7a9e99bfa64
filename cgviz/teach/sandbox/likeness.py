"""Whether what a learner found is what it should be, and which slip may be behind a number that is not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...graph import is_node, value_of
from ...text import apart, kind, number, shorten

TOLERANCE = 1e-5
"""How far a number may be off, in relation to it: a guard such as log(p + 1e-8) is usual, and right."""

NEAR_ZERO = 0.1
"""This share of the tolerance is allowed in all, where the number is 0 or nearly so."""


def as_number(x: Any) -> float | None:
    """The number that something is or, as a node or an array of one element, holds; ``None`` if it is none.

    >>> from cgviz import Value
    >>> as_number(Value(2)), as_number(3), as_number("3"), as_number(True)
    (2.0, 3.0, None, None)
    """
    if isinstance(x, (bool, str, bytes, type)) or x is None:
        return None
    try:
        held = value_of(x) if is_node(x) else x
        return float(held.item() if getattr(held, "size", None) == 1 else held)
    except Exception:  # whatever a learner's object does when it is asked
        return None


def close(found: float, expected: float, tolerance: float = TOLERANCE) -> bool:
    """Whether two numbers agree, relatively or, near 0, absolutely; NaN agrees with NaN."""
    if math.isnan(found) or math.isnan(expected):
        return math.isnan(found) and math.isnan(expected)
    return math.isclose(found, expected, rel_tol=tolerance, abs_tol=NEAR_ZERO * tolerance)


def same(found: Any, expected: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether two things agree: numbers closely, tuples and lists item by item (they count as alike), the rest by ==.

    >>> same([1, (2.0, "x")], (1.0, [2, "x"])), same({"a": 1}, {"a": 2}), same("1", 1)
    (True, False, False)
    """
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, Mapping):
        return (
            isinstance(found, Mapping)
            and list(map(str, found)) == list(map(str, expected))
            and all(same(found[key], expected[key], tolerance) for key in expected)
        )
    if isinstance(expected, (list, tuple)):
        listed_items = items(found)
        return (
            listed_items is not None
            and len(listed_items) == len(expected)
            and all(same(one, other, tolerance) for one, other in zip(listed_items, expected, strict=True))
        )
    a, b = as_number(found), as_number(expected)
    if a is not None and b is not None:
        return close(a, b, tolerance)
    return type(found) is type(expected) and bool(found == expected)


def items(x: Any) -> list | None:
    """What a list, a tuple or an array holds, one by one; ``None`` if it is none of these.

    >>> items((1, 2)), items({1, 2})
    ([1, 2], None)
    """
    if hasattr(x, "tolist") and not isinstance(x, type):
        x = x.tolist()
    return list(x) if isinstance(x, (list, tuple)) else None


def show_apart(found: Any, expected: Any) -> tuple[str, str]:
    """Two things that do not agree, as a sentence shows them: numbers in as many digits as tell them apart.

    >>> show_apart(1.5, 2), show_apart(1.29800001, 1.298), show_apart("1", 1)
    (('1.5', '2'), ('1.29800001', '1.298'), ("'1'", '1'))
    """
    if isinstance(found, (bool, list, tuple)) or isinstance(expected, (bool, list, tuple)):
        return show(found), show(expected)
    own, right = as_number(found), as_number(expected)
    if own is None or right is None or is_node(found) or is_node(expected):
        return show(found), show(expected)
    if number(own) == number(right) and f"{own:.10g}" != f"{right:.10g}":
        return f"{own:.10g}", f"{right:.10g}"  # who has rounded is to see by how much
    return apart(own, right)


def number_slip(found: float, expected: float, typical: Mapping[float, str] | None = None) -> str:
    """The likely slip behind a wrong number: one of the `typical` ones, the sign, a factor; ``""`` if unknown.

    >>> number_slip(-6.0, 6.0), number_slip(12.0, 6.0), number_slip(5.0, 6.0, {5: "that is the sum"})
    ('its size is right, its sign is not', 'a factor 2 is too many', 'that is the sum')
    """
    if said := expected_slip(found, expected, typical or {}):
        return said
    if expected and close(found, -expected):
        return "its size is right, its sign is not"
    for factor in (2, 3, 10, 100):
        if expected and close(found, factor * expected):
            return f"a factor {factor} is too many"
        if expected and close(found * factor, expected):
            return f"a factor {factor} is missing"
    return ""


def expected_slip(found: float, expected: float, typical: Mapping[float, str]) -> str:
    """What a lesson says of this wrong number; ``""`` where it is none of the `typical` ones.

    >>> expected_slip(5.0, 6.0, {5: "that is the sum"})
    'that is the sum'
    """
    wrong = (said for one, said in typical.items() if close(found, one) and not close(found, expected))
    return next(wrong, "")


def show(x: Any) -> str:
    """Something as a sentence shows it: short, on one line, and without asking a learner's object for too much."""
    if isinstance(x, bool) or x is None:
        return str(x)
    if isinstance(x, (int, float)):
        return number(x)
    try:
        text = repr(x)
    except Exception:  # a repr of the learner's own
        return kind(x)
    return f"{kind(x)} at some address" if " at 0x" in text else shorten(text, 80)
