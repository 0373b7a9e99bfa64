"""Lesson 6: numbers on either side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...graph import is_node, objects
from ...text import join_names, kind
from ..exercise_kinds.dunder import read_unanswered
from ..exercise_kinds.exercise import Judged, Open
from ..exercise_kinds.operations import Operations
from ..growth.class_growth import line
from ..growth.stubs import is_stub
from ..questions.ask import Ask
from ..sandbox.likeness import same, show
from ..sandbox.running import Outcome, attempt

ASKED = {
    "a + c": ("__add__", "both are of the same class, so the left operand is asked, and it knows how"),
    "a + 10": ("__add__", "the left operand is asked first, and it knows numbers"),
    "10 + a": ("__radd__", "the number 10 says NotImplemented, so the right operand is asked"),
    "child + parent": ("__add__", "the left operand is asked first, and Child has inherited __add__"),
    "parent + child": ("__radd__", "Child inherits from Parent and has an __radd__ of its own, so it goes first"),
}


def _stranger(other: Any) -> str:
    return f'"{other}"' if isinstance(other, str) else repr(other)


@dataclass(frozen=True, kw_only=True)
class WithNumbers(Operations):
    """Products with numbers on either side, with nodes made before the class has grown, and with strangers."""

    def judge(self, thing: Any) -> str:
        """Compute all cases, then try what is neither a number nor a node."""
        return super().judge(thing) or _older_fault(thing) or _stranger_fault(thing)


def _older_fault(cls: type) -> str:
    """What is wrong with a product with an instance of an older step: it is a node as well, and no number."""
    for older in line(cls)[-2:-1]:
        old, new = attempt(older, 4.0, "b"), attempt(cls, 3.0, "a")
        if old.failure or new.failure or not hasattr(old.value, "_prev"):
            continue
        done = attempt(lambda new=new, old=old: new.value * old.value)
        found = objects(done.value) if is_node(done.value) else []
        if not done.failure and old.value not in found:
            done = done._replace(failure=f"gives {show(done.value)}, whose graph does not lead to b")
        if done.failure:
            return f"a * b, where b was made before the class has grown, {done.failure}: ask whether it is a number"
    return ""


def _stranger_fault(cls: type) -> str:
    """What is wrong with a product with something that is neither a number nor a node."""
    strangers: tuple[Any, ...] = ("ten", None, [1], {})
    for other in strangers:
        done = attempt(lambda other=other: cls(3.0, "a") * other)
        if not isinstance(done.error, TypeError):
            what = done.failure or f"gives {show(done.value)}"
            return f"a * {_stranger(other)} {what}; it should be a TypeError, as a + {_stranger(other)} is"
    return ""


SUMS: dict[str, tuple[tuple[float, ...], Callable[..., Any], float]] = {
    "Minutes(5) + Minutes(10)": ((5, 10), lambda a, b: a + b, 15),
    "Minutes(5) + 10": ((5,), lambda a: a + 10, 15),
    "10 + Minutes(5)": ((5,), lambda a: 10 + a, 15),
    "Minutes(5) + 0.5": ((5,), lambda a: a + 0.5, 5.5),
    "sum([Minutes(1), Minutes(2)])": ((1, 2), lambda a, b: sum([a, b]), 3),
    "Minutes(-1.5) + Minutes(0.25)": ((-1.5, 0.25), lambda a, b: a + b, -1.25),
    "Minutes(0) + 0": ((0,), lambda a: a + 0, 0),
    "-2.5 + Minutes(0)": ((0,), lambda a: -2.5 + a, -2.5),
    "Minutes(1) + 2 + Minutes(3)": ((1, 3), lambda a, b: a + 2 + b, 6),
    "Minutes(0.00012) + 0.00034": ((0.00012,), lambda a: a + 0.00034, 0.00046),
    "Minutes(0.00012) + Minutes(0.00034)": ((0.00012, 0.00034), lambda a, b: a + b, 0.00046),
    "Minutes(1234.5) + 0.25": ((1234.5,), lambda a: a + 0.25, 1234.75),
    "Minutes(1234.5) + Minutes(0.25)": ((1234.5, 0.25), lambda a, b: a + b, 1234.75),
    "Minutes(-2) + 2": ((-2,), lambda a: a + 2, 0),
    "Minutes(-2) + Minutes(2)": ((-2, 2), lambda a, b: a + b, 0),
    "Minutes(-1.5) + 0.25": ((-1.5,), lambda a: a + 0.25, -1.25),
    "x = Minutes(7); x + x": ((7,), lambda a: a + a, 14),
}
"""Each with the numbers of its Minutes, the sum of these, and what it counts."""


def _who_is_asked(given: Any) -> str:
    if not isinstance(given, Mapping):
        return f"expected a dict with {join_names(map(repr, ASKED))}, got {kind(given)}"
    missing = [text for text in ASKED if given.get(text) in (None, ...)]
    for text, (method, why) in ASKED.items():
        answer = given.get(text)
        if text not in missing and answer != method:
            if answer not in ("__add__", "__radd__"):
                return f"{text}: expected '__add__' or '__radd__', got {str(answer)[:40]!r}"
            return f"{text}: not {answer}: {why}"
    if extra := [text for text in given if text not in ASKED]:
        return f"there is no {join_names(extra)} here; asked for are {join_names(ASKED)}"
    if missing:
        raise Open(f"{join_names(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    return ""


def _minutes_fault(cls: Any) -> str:
    if not isinstance(cls, type):
        return f"give check the class itself, Minutes; got {kind(cls)}"
    for said, (counts, add, expected) in SUMS.items():
        made = attempt(lambda counts=counts: [cls(count) for count in counts])
        if made.failure:
            return f"Minutes({counts[0]}) {made.failure}"
        if fault := _sum_fault(said, made.value, attempt(add, *made.value), expected):
            return fault
        if any(one.count != count for one, count in zip(made.value, counts, strict=True)):
            return f"{said} changes the Minutes that are added: make new ones for the sum"
    return _refusal_fault(cls)


def _sum_fault(said: str, operands: list, done: Outcome, expected: float) -> str:
    cls = type(operands[0])
    if not hasattr(operands[0], "count"):
        return "Minutes(5) has no attribute count: keep the number as it stands in the exercise, self.count = count"
    if asked := read_unanswered(done.error, cls):
        return f"{said} {asked.failure}"
    if done.failure:
        return f"{said} {done.failure}"
    if done.value is None:
        if any(is_stub(getattr(cls, name, None)) for name in ("__add__", "__radd__")):
            raise Open(f"{said} gives None")
        return f"{said} gives {done.none}"
    if not isinstance(done.value, cls):
        return f"{said} gives {show(done.value)}: a sum of Minutes is Minutes as well"
    if isinstance(done.value.count, cls):
        return f"{said} has Minutes for its count: the number of the other one is other.count"
    if not same(done.value.count, expected):
        return f"{said} has the count {show(done.value.count)}, should be {expected}"
    return ""


def _refusal_fault(cls: Any) -> str:
    strangers: tuple[Any, ...] = ("ten", [1], None, (), {})
    for other in strangers:  # a text and a list have a count, too: a method
        for said, add in (
            (f"Minutes(5) + {_stranger(other)}", lambda other=other: cls(5) + other),
            (f"{_stranger(other)} + Minutes(5)", lambda other=other: other + cls(5)),
        ):
            done = attempt(add)
            if not done.failure:
                return f"{said} gives {show(done.value)}, should be a TypeError"
            if not _by_python(done.error, cls):
                return f"{said} {done.failure}; return NotImplemented, and Python writes the sentence"
    return ""


def _by_python(error: BaseException | None, cls: type) -> bool:
    """Whether this is the error that Python raises where neither operand knows the other: it names their classes."""
    said = str(error) if isinstance(error, TypeError) else ""
    return said.startswith(("unsupported operand", "can only concatenate")) and cls.__name__ in said


QUESTIONS = (
    Ask(
        key="6.1",
        text="Now Python asks the right operand, a. Can it simply call a.__add__(10)?",
        answer="no",
        choices=("yes", "no"),
        why="That is a + 10. For a sum it would do, but for 10 - a it would give a - 10.",
    ),
    Ask(
        key="6.2",
        text="L = 2a + 10, with your class. What is the gradient of a, when a = 3?",
        of="L = 2*a + 10",
        at={"a": 3},
        gradient="a",
        typical={
            16: "that is L itself: asked is how fast L grows when a does",
            3: "that is a itself: a product gives the other operand",
            12: "a number that is added brings a nothing",
            1: "the sum copies the 1, and then comes a product",
        },
        why="A sum copies the 1, and the product multiplies it by the other operand, 2.",
    ),
)

EXERCISES = (
    WithNumbers(
        name="products with numbers",
        cases=(
            "10 * a",
            "a * 10",
            "a * b",
            "a * a",
            "2 * (a + 3)",
            "2 * a * 3",
            ("0 * a", {"a": 5}),
            "a * 0",
            "a * b * 0.5",
            "-0.25 * a",
            "a * -1.5",
            "1 * a",
            "a * 1",
            "0 * a * b",
        ),
        ordered=False,
        hints=(
            "Both begin like __add__ and __radd__: wrap the other one; if that is NotImplemented, return it.",
            "In __mul__ the product of lesson 3 does the rest: return super().__mul__(other).",
            "In __rmul__ the other one comes first: return other * self, once it is wrapped.",
        ),
        praise="numbers are welcome on both sides of your products.",
    ),
    Judged(
        name="who is asked",
        by=_who_is_asked,
        hints=(
            "Go through the three points of the rule above, one sum at a time.",
            "Which of the sums has a number on its left? In which is the class of the right operand the child?",
        ),
        praise="you know how Python chooses.",
        wanted="your dict",
    ),
    Judged(
        name="minutes",
        by=_minutes_fault,
        wanted="your class",
        hints=(
            "Three cases in __add__: the other one is a number, it is Minutes, or it is neither.",
            "If it is neither: return NotImplemented. It is a value that is returned, not an error that is raised.",
            "The order makes no difference here, so __radd__ may return self + other.",
        ),
        praise="you can use this in every class that you write.",
    ),
)
