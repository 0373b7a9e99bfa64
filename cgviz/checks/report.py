"""What a gradient check has found: as a table, as sentences, as a plot."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..graph import LEAF, Graph
from ..text import number
from .finite_differences import Slope

NO_NUMBER = "the gradient is no number"
TOO_LARGE = "the gradient is too large for a number"
"""What a row notes of a gradient that is something else, and so is not missing."""


AGREES, WRONG, NO_SLOPE, UNCHECKED = "agrees", "wrong", "no slope", "unchecked"


class Row(NamedTuple):
    """The check of one node: its gradient as the class says it (`analytic`) and as small steps show it (`numeric`).

    `error` is their distance, `seen` all that was measured, `note` what there is to say. `state` is ``"agrees"``,
    ``"wrong"``, ``"no slope"`` (at a kink or a jump) or ``"unchecked"``, where small steps do not tell.
    """

    node: int
    name: str
    analytic: float | None
    numeric: float | None
    error: float | None
    ok: bool
    note: str
    seen: Slope
    state: str


class Report:
    """What `gradcheck` returns. It prints as a table; `rows` hold the numbers, `ok` says whether all gradients agree.

    `wrong` are the sentences about those that do not, `notes` what could not be checked, `graph` the graph
    with both numbers in its labels, to be drawn. `unchecked` counts the gradients of which nothing is known: the rows
    of that state, and what has no row, as of a large graph.
    """

    def __init__(
        self, rows: tuple[Row, ...], notes: tuple[str, ...], wrong: tuple[str, ...], graph: Graph, more: int = 0
    ) -> None:
        self.rows, self.notes, self.wrong = rows, notes, wrong
        self.unchecked = more + sum(row.state == UNCHECKED for row in rows)
        self.graph = _annotate(graph, rows)

    @property
    def ok(self) -> bool:
        """Whether every gradient that could be checked agrees, and at least one of the leaves' could.

        It says nothing of the `unchecked`, which the first line of the report counts, nor of a gradient between the
        two slopes of a kink, or at a jump. To ask for more, write ``report.ok and not report.unchecked``.
        """
        return bool(self.rows) and not self.wrong

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        head = [_head(self.rows, self.unchecked)]
        return "\n".join([*head, *(_table(self.rows) if self.rows else []), *self.wrong, *self.notes])

    __repr__ = __str__

    def plot(self, axes: Any = None) -> Any:
        """Plot the error of the numeric slope over the size of the step, for each leaf; return matplotlib's axes.

        Large steps err because the function bends, small ones because a float has only 16 digits: the
        central difference (a line) does better than the forward difference (dots).
        """
        if axes is None:
            from matplotlib import pyplot

            axes = pyplot.figure(figsize=(6, 4)).gca()
        leaves = (row for row in self.rows if row.analytic is not None and self.graph.nodes[row.node].kind == LEAF)
        for i, row in enumerate(leaves):
            for style, which in (("o-", "central"), (":", "forward")):
                points = [(step.h, getattr(step, which)) for step in row.seen.steps]
                drawn = [(h, max(abs(d - row.analytic), 1e-17)) for h, d in points if d is not None]
                label = {"label": row.name} if which == "central" else {}
                axes.plot(*zip(*drawn, strict=True), style, color=f"C{i % 10}", markersize=4, **label)
        axes.set(xscale="log", yscale="log", xlabel="step h", ylabel="distance from the gradient")
        axes.set_title("central difference —   forward difference ···", fontsize=10)
        axes.legend()
        return axes


def _head(rows: Sequence[Row], unchecked: int) -> str:
    """How many gradients agree, how many do not, and how many could not be told."""
    more = unchecked - sum(row.state == UNCHECKED for row in rows)
    silent = f": ok says nothing of {'it' if unchecked == 1 else 'them'}" if unchecked else ""
    beside = f"; {more:,} more {'was' if more == 1 else 'were'} not checked" if more else ""
    gradients = f"{len(rows)} gradient{'s' * (len(rows) != 1)}"
    count = Counter(row.state for row in rows)
    if rows and count[AGREES] == len(rows):
        return f"{gradients} checked by small steps: {'all agree' if len(rows) > 1 else 'agrees'}{beside}{silent}"
    parts = [f"{count[AGREES]} agree{'s' * (count[AGREES] == 1)}"]
    parts += [f"{n} {'is' if n == 1 else 'are'} wrong" for n in [count[WRONG]] if n]
    parts += [f"{n} {'has' if n == 1 else 'have'} no slope here" for n in [count[NO_SLOPE]] if n]
    parts += [f"{n} {'was' if n == 1 else 'were'} not checked" for n in [count[UNCHECKED]] if n]
    return f"{gradients} held against small steps: {', '.join(parts)}{beside}{silent}"


def _annotate(graph: Graph, rows: tuple[Row, ...]) -> Graph:
    """The graph, the slopes that were seen beside each name."""
    nodes = list(graph.nodes)
    for i in dict.fromkeys(row.node for row in rows):
        mine = [row for row in rows if row.node == i]
        bad = sum(not row.ok for row in mine)
        if getattr(nodes[i].data, "shape", ()):
            said = f"{bad} of {len(mine)} ∂ ✗" if bad else "∂ agrees"
        else:
            told = mine[0].numeric is not None and mine[0].state in (AGREES, WRONG)
            said = f"∂ ≈ {number(mine[0].numeric) if told else '?'}{' ✗' * bad}"
        nodes[i] = nodes[i]._replace(label=f"{nodes[i].name} ({said})", alone="")
    return graph._replace(nodes=tuple(nodes))


def _table(rows: tuple[Row, ...]) -> list[str]:
    head = ("node", "gradient", "by steps", "error", "best h", "forward, h = 1e-4", "")
    cells = [head, *map(_cells, rows)]
    wide = [max(len(line[k]) for line in cells) for k in range(len(head))]
    lines = []
    for line in cells:
        first, *numbers, note = line
        padded = [first.ljust(wide[0]), *(text.rjust(wide[k]) for k, text in enumerate(numbers, start=1)), note]
        lines.append("  ".join(padded).rstrip())
    return lines


def _cells(row: Row) -> tuple[str, ...]:
    near = min(row.seen.steps, key=lambda step: abs(math.log10(step.h) + 4), default=None)
    told = row.numeric is not None and row.state != UNCHECKED and row.seen.kind != "jump"
    error = f"{row.error:.0e}" if told and row.error is not None else ""
    forward = (
        ""
        if near is None or near.forward is None
        else number(near.forward)
        if row.analytic is None
        else f"{near.forward:.6g}"
    )
    mark = "" if row.ok else "✗ "
    return (
        row.name,
        _analytic(row),
        number(row.numeric) if told else "",
        error,
        f"{row.seen.h:.0e}" if told else "",
        forward,
        mark + row.note,
    )


def _analytic(row: Row) -> str:
    if row.analytic is not None:
        return number(row.analytic)
    return "?" if row.note in (NO_NUMBER, TOO_LARGE) else "missing"
