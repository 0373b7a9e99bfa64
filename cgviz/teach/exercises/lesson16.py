"""Lesson 16: the norm, the temperature and the size of a GPT."""

from __future__ import annotations

from typing import Any

from ..exercise_kinds.functions import Function
from ..exercise_kinds.node_functions import NodeFunction
from ..exercise_kinds.numbers import Number
from ..questions.ask import Ask
from .lesson15 import dot


def norm(x: list[Any], power: float = -0.5, mean: bool = True, small: float = 1e-5) -> list[Any]:
    """The RMS norm of a list of nodes."""
    scale = (dot(x, x) / (len(x) if mean else 1) + small) ** power
    return [scale * each for each in x]


def temper(probabilities: list[float], temperature: float) -> list[float]:
    """Probabilities, the more alike the higher the temperature."""
    powers = [p ** (1 / temperature) for p in probabilities]
    return [power / sum(powers) for power in powers]


LISTS: tuple[tuple[list[float]], ...] = (
    ([0.5, -1.0, 2.0],),
    ([0.002, -0.004],),  # so small that the small number counts
    ([0.004],),
    ([10.0, 20.0, -10.0, 5.0],),
)
CHANCES = (([0.5, 0.3, 0.2], 0.5), ([0.5, 0.3, 0.2], 2.0), ([0.7, 0.1, 0.1, 0.1], 1.0), ([0.9, 0.1], 3.0))

EXERCISES = (
    NodeFunction(
        name="RMS norm",
        parameters=("x",),
        reference=norm,
        cases=LISTS,
        slips=(
            (lambda x: norm(x, 0.5), "that multiplies by the root; divide by it: to the power of -0.5"),
            (lambda x: norm(x, -1.0), "that divides by the mean square; asked is its root"),
            (lambda x: norm(x, small=0.0), "the small number is missing: it is added to the mean, 0.00001"),
            (lambda x: norm(x, mean=False), "that is the sum of the squares; take their mean: divide by len(x)"),
            (lambda x: [each / (sum(x) / len(x)) for each in x], "that divides by the mean; square the numbers first"),
        ),
        hints=(
            "The mean of the squares is dot(x, x) / len(x). Add 1e-5 to it.",
            "One over its root is the same for all numbers: compute it once, as scale.",
            "scale = (dot(x, x) / len(x) + 1e-5) ** -0.5, then each number times scale.",
        ),
        praise="whatever comes in, numbers of a usual size go on.",
    ),
    Function(
        name="temperature",
        reference=temper,
        arguments=CHANCES,
        slips=(
            (
                lambda probabilities, temperature: [p ** (1 / temperature) for p in probabilities],
                "they do not add up to 1 yet: divide by their sum",
            ),
            (
                lambda probabilities, temperature: temper(probabilities, 1 / temperature),
                "that is the power T; asked is 1 / T",
            ),
            (
                lambda probabilities, temperature: [p / temperature for p in probabilities],
                "that divides by T; asked is the power 1 / T",
            ),
            (
                lambda probabilities, temperature: probabilities,
                "these are as they were: is T used? (In Python p ** 1 / T is p / T; write p ** (1 / T).)",
            ),
        ),
        hints=(
            "First all the powers, p ** (1 / temperature), in a list.",
            "They no longer add up to 1. Divide each by sum(powers).",
        ),
        praise="cold and sure, hot and bold.",
    ),
    Number(
        name="parameters of a GPT",
        answer=4064,
        typical={
            3632: "one of the two tables with 27 rows is missing: letters and scores",
            3936: "the table of places is missing: one row for each of the 8",
            3552: "attention has four tables of 16 × 16: query, key, value and the mix",
            3808: "attention has four tables of 16 × 16: query, key, value and the mix",
            3040: "one of the two tables of the hidden layer is missing: up and down",
            2016: "the hidden layer is missing: up and down, 64 × 16 each",
            2528: "the hidden layer is 4 times as wide as the stream",
        },
        hints=(
            "Letters and scores: 27 × 16 each. Places: 8 × 16. Attention has four tables of 16 × 16.",
            "The MLP has two tables of 64 × 16. Add all up.",
        ),
        praise="and that is all there is in it.",
        wanted="your number",
    ),
)

QUESTIONS = (
    Ask(
        key="16.1",
        text="x + f(x), and f is all zeros at the beginning. What is the gradient of x, if 3 arrives at the sum?",
        answer=3,
        typical={0: "the part through f may be 0, but the sum copies 3 to x itself", 6: "f gives nothing back here"},
        why="The sum copies it to x. Whatever f does, this part of the gradient always comes through.",
    ),
    Ask(
        key="16.2",
        text="At the beginning it knows nothing. About which loss do you expect? (log 27 is 3.296)",
        answer=3.296,
        tolerance=0.1,
        why="Nothing is known, so each of the 27 letters gets about 1/27.",
    ),
)
