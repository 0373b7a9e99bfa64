"""What a lesson calls for help with an exercise: one hint after the other, each folded until it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..text import literal
from .cell_watch import watch_cells
from .feedback import COLOURS, MARKS, Said
from .registry import explain_unknown, find

_given: dict[str, int] = {}


class Hints(Said):
    """The hints of an exercise: as text the one whose turn it is, in a notebook folded one within the other.

    So nobody sees one by running down the page: a click opens the first, and in it stands the next. Where the cell has
    been run before, those of its earlier runs are open.
    """

    def __init__(self, name: str, hints: Sequence[str], turn: int) -> None:
        self.name, self.hints, self.turn = name, tuple(hints), turn
        last = "" if turn + 1 < len(hints) else " (That was the last hint.)"
        super().__init__("hint", f"{name}, hint {turn + 1} of {len(hints)}: {hints[turn]}{last}")

    def _repr_html_(self) -> str:
        inside = ""
        for place in reversed(range(len(self.hints))):
            summary = f"<summary>{escape(self.name)}: hint {place + 1} of {len(self.hints)}</summary>"
            opened = " open" * (place < self.turn)
            inside = f"<details{opened}>{summary}<p>{MARKS['hint']} {escape(self.hints[place])}</p>{inside}</details>"
        bar = f"border-left:4px solid {COLOURS['hint']};padding:.3em .8em"
        return literal(inside, "cg-said", f'style="{bar}"')


def hint(name: str) -> Said:
    """Give hints for the exercise `name`: folded, so that each is seen when it is asked for.

    Printed, each call gives one hint more, up to the last; in a notebook each opens by a click.

    >>> hint("no such exercise").ok
    False
    """
    watch_cells()
    found = find(name)
    if found is None:
        return Said("wrong", explain_unknown(name))
    hints = found[1].hints
    if not hints:
        return Said("hint", f"{name}: there are no hints for this one")
    turn = min(_given.get(name, 0), len(hints) - 1)
    _given[name] = turn + 1
    return Hints(name, hints, turn)
