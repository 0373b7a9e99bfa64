"""What a sentence calls an operand: its name, its number, or, without either, its own formula if that is short."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..text import Piece, number, shorten
from .labels import piece
from .op import Op

LONGEST, DEEPEST = 24, 3
"""So many characters, and so many operations within one another, are read at a glance."""


class Part(NamedTuple):
    """What there is to know of an operand: its label, its number if it is a constant, and what it was computed by."""

    label: str
    constant: float | None
    op: Op | None
    operands: tuple


def phrase(operand: Any, part: Callable[[Any], Part]) -> str | Piece:
    """What `Op.error` is to call an operand: its label in quotes, its number, its formula, or ``""`` for none of them.

    `part` reads an operand, and the operands of those.

    >>> from cgviz.ops.rows import sub
    >>> parts = {"a": Part("a", None, None, ()), "5": Part("", 5.0, None, ()), "d": Part("", None, sub, ("a", "5"))}
    >>> phrase("a", parts.get), phrase("5", parts.get), str(phrase("d", parts.get))
    ("'a'", '5', 'a - 5')
    """
    label, constant, _, _ = part(operand)
    if constant is not None:
        return number(constant)
    name = shorten(label)  # of spaces alone nothing is left
    return repr(name) if name else _formula(operand, part, DEEPEST) or ""


def _formula(operand: Any, part: Callable[[Any], Part], deep: int) -> Piece | None:
    """An operand as its row writes it; None where a leaf has no label, or where it would be long."""
    label, constant, op, operands = part(operand)
    if constant is not None:
        return Piece(number(constant), 2 if constant < 0 else 9)
    if name := shorten(label):
        return piece(name)
    if op is None or not deep:
        return None
    pieces = []
    for one in operands:
        written = _formula(one, part, deep - 1)
        if written is None:  # most operands have none: the others are not looked at
            return None
        pieces.append(written)
    text = op.text.format(*pieces)
    return Piece(text, op.binds) if len(text) <= LONGEST else None
