"""Lesson 15: letters, softmax, and one head of attention."""

from __future__ import annotations

from typing import Any

from ...ops.rows import exp
from ..exercise_kinds.functions import Function
from ..exercise_kinds.node_functions import NodeFunction
from ..exercise_kinds.numbers import Number
from ..questions.ask import Ask


def softmax(scores: list[Any], base: float = 1.0) -> list[Any]:
    """Positive nodes with the sum 1."""
    powers = [exp(base * s) for s in scores]
    total = sum(powers)
    return [power / total for power in powers]


def dot(a: list[Any], b: list[Any]) -> Any:
    """The sum of the products."""
    return sum(x * y for x, y in zip(a, b, strict=True))


def attend(query: list[Any], keys: list[Any], values: list[Any], divide: float = 0.5, soft: bool = True) -> list[Any]:
    """One head: the values, weighted by softmax of query times key."""
    weights = attend_weights(query, keys, divide, soft)
    return [dot(weights, list(column)) for column in zip(*values, strict=True)]


def attend_weights(query: list[Any], keys: list[Any], divide: float = 0.5, soft: bool = True) -> list[Any]:
    """How much each letter counts."""
    scores = [dot(query, key) / len(query) ** divide for key in keys]
    return softmax(scores) if soft else scores


def _dot_short(a: list[Any], b: list[Any]) -> Any:
    """As the lesson's own dot: of lists of two lengths, the longer one loses its end."""
    return sum(x * y for x, y in zip(a, b, strict=False))


ROWS = ([1, 3], [2, 0, 6], [5], [1, 1, 1, 1])
SCORES: tuple[tuple[list[float]], ...] = (([0.5, -1.0, 2.0],), ([3.0],), ([1.0, 1.0],), ([-2.0, 0.0, 4.0, 1.0],))
HEADS: tuple[tuple[Any, ...], ...] = (
    ([0.5, -1.0], [[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]], [[1.0, 2.0], [-1.0, 0.5], [3.0, -2.0]]),
    ([1.5], [[2.0], [1.0]], [[3.0], [-1.0]]),
    ([0.5, 1.0, -0.5, 0.25], [[1.0, -1.0, 0.5, 2.0]], [[0.5, -0.5]]),
)

EXERCISES = (
    Function(
        name="shares of a row",
        reference=lambda row: [n / sum(row) for n in row],
        arguments=ROWS,
        slips=(
            (lambda row: [n / len(row) for n in row], "that divides by how many there are; divide by their sum"),
            (lambda row: [n / max(row) for n in row], "that divides by the largest; divide by the sum"),
            (lambda row: [sum(row) / n for n in row], "that is the sum divided by the count, upside down"),
            (lambda row: [100 * n / sum(row) for n in row], "those are percent; asked are shares, which add up to 1"),
        ),
        hints=(
            "A share is the count divided by the whole. What is the whole of a row?",
            "total = sum(row), once. Then divide each count by it.",
            "return [n / total for n in row]",
        ),
        praise="a row of counts has become probabilities.",
    ),
    NodeFunction(
        name="softmax",
        parameters=("scores",),
        reference=softmax,
        cases=SCORES,
        slips=(
            (lambda scores: [exp(s) for s in scores], "they do not add up to 1 yet"),
            (lambda scores: [s / sum(scores) for s in scores], "those are shares of the scores; exp comes first"),
            (lambda scores: softmax(scores, -1.0), "that has the signs turned: the largest score gets the most"),
            (lambda scores: [exp(s) / len(scores) for s in scores], "divide by the sum of the powers"),
            (
                lambda scores: [1 / (1 + exp(-s)) for s in scores],
                "that is the sigmoid of each by itself; the softmax shares one whole among all",
            ),
        ),
        hints=(
            "First all the powers, in a list: exp(s) for each score s. Then their sum.",
            "total = sum(powers) is a node, and each power divided by it is a node too.",
            "return [power / total for power in powers]",
        ),
        praise="any scores, and out come probabilities.",
    ),
    NodeFunction(
        name="attention",
        parameters=("query", "keys", "values"),
        reference=attend,
        cases=HEADS,
        slips=(
            (lambda q, k, v: attend(q, k, v, 0.0), "the division by len(query)**0.5 is missing"),
            (lambda q, k, v: attend(q, k, v, 1.0), "that divides by len(query); asked is its root"),
            (lambda q, k, v: attend(q, k, v, soft=False), "the softmax of the scores is missing"),
            (lambda q, k, v: attend(q, v, k), "keys and values have changed places"),
            (
                lambda q, k, v: attend([x * (len(q) / len(k)) ** 0.5 for x in q], k, v),
                "that divides by the root of how many letters there are; asked is the root of len(query)",
            ),
            (
                lambda q, k, v: [_dot_short(attend_weights(q, k), value) for value in v],
                "a weight is one letter's: weigh the first numbers of all values, then the second; see zip(*values)",
            ),
            (
                lambda q, k, v: softmax([dot(q, key) / len(q) ** 0.5 for key in k]),
                "those are the weights; what comes out is the mean of the values with these weights",
            ),
        ),
        hints=(
            "A score for each key: dot(query, key) / len(query)**0.5. The softmax of the scores are the weights.",
            "zip(*values) turns the table: each column holds one place of all values.",
            "return [dot(weights, column) for column in zip(*values)]",
        ),
        praise="this is the head of attention that every large model has, thousands of times.",
    ),
    Number(
        name="weights that look forward",
        answer=15,
        typical={
            21: "those are the weights that are not 0: each letter also looks at itself",
            18: "that is half of 36, but the 6 on the diagonal look at themselves, and are not 0",
            30: "those are all but the diagonal; of these only half look forward",
            5: "those are the zeros of the first row; the others have some as well",
        },
        hints=(
            "Draw the table of 6 rows and 6 columns. The first letter sees itself: how many of its six are 0?",
            "5 in the first row, 4 in the second, and so on, and none in the last.",
        ),
        praise="the upper triangle, without the diagonal.",
        wanted="your number",
    ),
)

QUESTIONS = (
    Ask(
        key="15.1",
        text="The first row is that of the point. What does a tile in it count?",
        answer="names that begin with the letter of its column",
        choices=(
            "names that begin with the letter of its column",
            "names that end with the letter of its column",
            "nothing",
        ),
        why="The point stands before the first letter. How names end says the first column.",
    ),
    Ask(
        key="15.2",
        text="A table that knows nothing gives each of the 27 letters the same probability. What is its loss? "
        "(log 27 is 3.296)",
        answer=3.296,
        typical={
            1 / 27: "that is the probability of each letter; its price is -log of that",
            -3.296: "a price is positive",
        },
        why="The price of each letter is -log(1/27), which is log 27.",
    ),
    Ask(
        key="15.3",
        text="The head has learned aba, aca, bab, bcb, cac, cbc. What will it say after aa, which it has never seen?",
        answer="a",
        choices=("a", "b", "c"),
        why="It looks at the first letter, and repeats it. That is a rule, and not a list of six words.",
    ),
)
