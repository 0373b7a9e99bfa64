"""Lesson 4: a drawing of the graph, written by the learner."""

from __future__ import annotations

from typing import Any

from ...pictures.dot_parser import fields
from ..exercise_kinds.exercise import Judged
from ..exercise_kinds.functions import Function
from ..exercise_kinds.numbers import Numbers
from ..exercise_kinds.own_drawing import drawing_fault
from ..questions.ask import Ask


def escape(text: str) -> str:
    """The right answer: what has a meaning in a record's label, written so that it is printed."""
    text = text.replace("\\", "\\\\").replace("&", "&amp;")
    for sign in "{}|<>":
        text = text.replace(sign, "\\" + sign)
    return text


def _print_cells(text: Any) -> Any:
    """What Graphviz prints of a text in the first of two cells."""
    return fields("{ " + text + " | 2 }") if isinstance(text, str) else text


def _backslash_last(text: str) -> str:
    for sign in "{}|<>\\":
        text = text.replace(sign, "\\" + sign)
    return text


def _without_backslash(text: str) -> str:
    for sign in "{}|<>":
        text = text.replace(sign, "\\" + sign)
    return text


QUESTIONS = (
    Ask(
        key="4.1",
        text="Each node needs a name of its own, and the same expression should give the same text in each run. "
        "Which names do both?",
        answer="the place in topological order",
        choices=("the label", "the address in memory", "the place in topological order"),
        why="Labels may be empty or equal, and addresses are others in each run.",
    ),
)

EXERCISES = (
    Numbers(
        name="count the shapes",
        answer={"boxes": 4, "circles": 2, "arrows": 6},
        typical={
            "boxes": {
                5: "a is one node, so it has one box, however often it is used",
                2: "the sum and the product have boxes too, not only a and b",
                3: "the result K has a box too, and so has the sum a + b",
            },
            "circles": {
                1: "there is a sum and a product",
                4: "a circle is an operation, and there are a sum and a product",
                6: "a circle is an operation, and there are a sum and a product",
            },
            "arrows": {
                4: "the line from an operation to its result counts too",
                5: "each operation has two arrows in and one out",
            },
        },
        hints=(
            "Write it in steps, as in lesson 1: s = a + b, K = s * a. Which numbers are there?",
            "The boxes are a, b, s and K; the circles + and *. Into each circle lead two arrows, out of it one.",
        ),
        praise="a has one box, and two arrows start there.",
        wanted="a dict",
    ),
    Function(
        name="a safe label",
        reference=escape,
        arguments=(
            "a",
            "a|b",
            "{x}",
            "x<y>",
            "θ",
            "C:\\new",
            'say "hi"',
            "&lt;",
            "",
            "a||b",
            "x & y",
            "\\|",
            "{a|b} <c>",
            "{",
            "one\\two\\{3}",
        ),
        agree=lambda found, expected: _print_cells(found) == _print_cells(expected),
        slips=(
            (lambda text: escape(text).replace("&amp;", "&"), "Graphviz prints &lt; as <, so & becomes &amp;"),
            (lambda text: text, "this sign has a meaning in a record, and needs a backslash before it"),
            (_backslash_last, "the backslashes that you put in were doubled too: replace the backslash itself first"),
            (lambda text: _without_backslash(text).replace("&", "&amp;"), "a backslash of the text has to be doubled"),
            (
                lambda text: _backslash_last(text.replace("&", "&amp;")),
                "replace the backslash itself first, before others",
            ),
            (lambda text: escape(text).replace("\\", "/"), "a backslash stands before the sign, and no slash"),
            (lambda text: "".join(sign for sign in text if sign not in "{}|<>"), "the signs should stay, each escaped"),
            (_without_backslash, "a backslash of the text has to be doubled, first of all; & becomes &amp;"),
        ),
        hints=(
            'A text has the method replace: "a|b".replace("|", "/") is "a/b". One backslash is "\\\\" in Python.',
            'Go through the signs: for sign in "{}|<>": text = text.replace(sign, "\\\\" + sign).',
            'Before that loop come two other signs: a backslash becomes two of them, and "&" becomes "&amp;".',
        ),
        praise="whatever the label, it is printed as it is.",
    ),
    Judged(
        name="draw_dot",
        by=drawing_fault,
        hints=(
            "Begin with boxes(root): the Digraph, trace, the names, a box for each node with label=cells(node).",
            'A node with an operation needs a second shape, with a name of its own: name[node] + "op". From it, one '
            "arrow leads to name[node].",
            'The arrow of an operand ends at the operation: dot.edge(name[operand], name[result] + "op").',
        ),
        praise="every node once, every arrow where it belongs.",
        wanted="your function",
    ),
)
