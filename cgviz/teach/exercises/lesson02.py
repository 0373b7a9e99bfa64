"""Lesson 2: a node holds a number."""

from __future__ import annotations

from typing import Any

from ..numbers import Numbers
from ..trials import Trial, Trials


def _data_after_repr(cls: Any) -> Any:
    node = cls(2.5, "a")
    repr(node)
    return node.data


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
    Trials(
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
        ),
        hints=(
            "isinstance(data, (int, float)) is true for numbers alone. What if it is not?",
            "Ask before anything is kept: if not isinstance(…): raise TypeError(…), with a sentence in it.",
            "After that the lines of the old __init__ follow, or super().__init__(data, label).",
        ),
        praise="what is no number is refused at the door, where the mistake was made.",
    ),
)
