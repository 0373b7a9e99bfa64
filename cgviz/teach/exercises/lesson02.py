"""Lesson 2: a node holds a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..exercise_kinds.numbers import Numbers
from ..exercise_kinds.trials import Trial, Trials
from ..questions.ask import Ask


def _data_after_repr(cls: Any) -> Any:
    node = cls(2.5, "a")
    repr(node)
    return node.data


def _make_node(*arguments: Any) -> Callable[[Any], Any]:
    return lambda cls: cls(*arguments)


def _read_data(number: float) -> Callable[[Any], Any]:
    return lambda cls: cls(number).data


def _read_repr(*arguments: Any) -> Callable[[Any], str]:
    return lambda cls: repr(cls(*arguments))


SHOWN = (
    (2.123456789, "", "Value(2.123456789)"),
    (-0.1234567891, "x1", "Value(x1: -0.1234567891)"),
    (123456789.5, "θ", "Value(θ: 123456789.5)"),
    (0.0, "zero", "Value(zero: 0.0)"),
    (1e-12, "", "Value(1e-12)"),
    (2.5, "my weight", "Value(my weight: 2.5)"),
)
"""Numbers with many digits, and none; labels of more than one letter; and how they are shown."""

NO_NUMBERS: tuple[tuple[str, Any], ...] = (
    ("(1, 2)", (1, 2)),
    ("{}", {}),
    ("1j", 1j),
    ('b"3"', b"3"),
    ('""', ""),
    ("[]", []),
    ("{1}", {1}),
    ("print", print),
    ("int", int),
    ("object()", object()),
)
"""What is no number of any kind: a list of what is refused never has them all. (Of a fraction one may think either
way: the text refuses it, and ``numbers.Real`` has it.)"""


@dataclass(frozen=True, kw_only=True)
class Shown(Trials):
    """How an object shows itself: a step that has ``__str__`` in the place of ``__repr__`` is told so."""

    def judge(self, thing: Any) -> str:
        """Try it out."""
        said = super().judge(thing)
        if said and isinstance(thing, type) and "__str__" in vars(thing) and "__repr__" not in vars(thing):
            return "your class has __str__, which print and str call; a cell shows what __repr__ returns: write that"
        return said


QUESTIONS = (
    Ask(
        key="2.1",
        text="x is another number, and it is equal to e. Can Python tell which of the two was a product?",
        answer="no",
        choices=("yes", "no"),
        why="A number is only a number.",
    ),
    Ask(
        key="2.2",
        text="The node a was made before the class had a __repr__. Does a show itself now?",
        answer="no",
        choices=("yes", "no"),
        why="It was made by the old plan.",
    ),
)

EXERCISES = (
    Numbers(
        name="one node or two",
        answer={"b": 5, "c": 2},
        typical={
            "b": {2: "b and a are two names of one node"},
            "c": {5: "c was made by a call of its own, so it is a node of its own"},
        },
        hints=(
            "How often is a node made in these lines? Count the calls of Value.",
            "b = a makes no node: it gives the node of a a second name. c = Value(2) makes one.",
        ),
        praise="names are many, nodes are made by calls alone.",
        wanted="a dict with your two numbers",
    ),
    Shown(
        name="shows its name",
        trials=(
            Trial("repr(Value(2.5))", lambda cls: repr(cls(2.5)), "Value(2.5)"),
            Trial(
                'repr(Value(2.5, "a"))',
                lambda cls: repr(cls(2.5, "a")),
                "Value(a: 2.5)",
                slips=(
                    ("Value(2.5)", "the label is left out"),
                    ("Value(a:2.5)", "a blank is missing after the colon"),
                    ("Value(2.5: a)", "the label comes first"),
                ),
            ),
            Trial('repr(Value(-0.5, "b"))', lambda cls: repr(cls(-0.5, "b")), "Value(b: -0.5)"),
            *(Trial(f"repr(Value({x!r}, {label!r}))", _read_repr(x, label), right) for x, label, right in SHOWN),
            Trial("repr(Value(0.5)), no label", lambda cls: repr(cls(0.5)), "Value(0.5)"),
            Trial("the data of a node that has been shown", _data_after_repr, 2.5),
        ),
        hints=(
            "Two cases: with a label and without. An empty text counts as false: if self.label:",
            'With a label: return f"Value({self.label}: {self.data})". What without one?',
        ),
        praise="your nodes say who they are.",
    ),
    Trials(
        name="numbers only",
        trials=(
            Trial("Value(2).data", lambda cls: cls(2).data, 2),
            Trial('Value(-0.5, "b").data', lambda cls: cls(-0.5, "b").data, -0.5),
            Trial('Value(2, "a").label', lambda cls: cls(2, "a").label, "a"),
            Trial("Value(None)", lambda cls: cls(None), TypeError),
            Trial('Value("3")', lambda cls: cls("3"), TypeError),
            Trial("Value([1, 2])", lambda cls: cls([1, 2]), TypeError),
            Trial("Value(Value(2))", lambda cls: cls(cls(2)), TypeError),
            *(Trial(f"Value({said})", _make_node(x), TypeError) for said, x in NO_NUMBERS),
            Trial('Value("3", "a")', lambda cls: cls("3", "a"), TypeError),
            *(Trial(f"Value({x!r}).data", _read_data(x), x) for x in (0, 0.0, 1e300, -7, 0.123456789, -2.7182818)),
            Trial("Value(2).label", lambda cls: cls(2).label, ""),
        ),
        hints=(
            "isinstance(data, (int, float)) is true for numbers alone. What if it is not?",
            "Ask before anything is kept: if not isinstance(…): raise TypeError(…), with a sentence in it.",
            "After that the lines of the old __init__ follow, or super().__init__(data, label).",
        ),
        praise="what is no number is refused at the door, where the mistake was made.",
    ),
)
