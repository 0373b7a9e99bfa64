"""About how large a picture becomes, before anything is laid out: what decides whether all of a graph is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...graph import CONSTANT, OPERATION_NODE, Graph
from ...text import LONGEST_NAME
from ..array_cells import grid
from .layering import Pair, ranks


class Sheet(NamedTuple):
    """How wide or high a picture may be, and of how many pixels."""

    side: float
    pixels: float


PAGE, ROLL = Sheet(12_000.0, 16e6), Sheet(60_000.0, 60e6)
"""What a picture may have that is drawn as its size asks for, and one of which all is asked for (``fold=False``)."""
_BOX, _CONSTANT, _LETTER, _STEM, _BETWEEN = 158.0, 60.0, 9.0, 12.0, 52.0
_ROW, _APART, _BESIDE = 46.0, 14.0, 22.0
_SHORTEST, _LONG = 2, 20


def measure_extent(graph: Graph, shown: Sequence[int], pairs: Iterable[Pair], rankdir: str) -> tuple[float, float]:
    """About the width and the height of a picture of the nodes `shown`; `pairs` are places in these, as for `ranks`.

    >>> from cgviz import Value, trace
    >>> graph = trace(Value(2.0, "a") * 3)
    >>> measure_extent(graph, [0, 1, 2], [(0, 2), (1, 2)], "LR")
    (460.0, 120.0)
    """
    columns: dict[int, list[float]] = {}
    down = rankdir in ("TB", "BT")
    for i, rank in zip(shown, ranks(len(shown), list(pairs)), strict=True):
        along, across = _room(graph, i, down)
        column = columns.setdefault(rank, [0.0, 0.0])
        column[0] = max(column[0], along)
        column[1] += across
    along = sum(column[0] for column in columns.values())
    across = max(column[1] for column in columns.values())
    return (across, along) if down else (along, across)


def is_too_large(size: tuple[float, float], sheet: Sheet) -> bool:
    """Whether a picture of this width and height is too large for a sheet."""
    return max(size) > sheet.side or size[0] * size[1] > sheet.pixels


def sheet_of(graph: Graph) -> Sheet:
    """The sheet that a graph is drawn on."""
    return vars(graph).get("sheet", ROLL)


def put_on(sheet: Sheet, graph: Graph) -> Graph:
    """Say on what a graph is to be drawn; return it."""
    vars(graph)["sheet"] = sheet
    return graph


def _room(graph: Graph, i: int, down: bool) -> tuple[float, float]:
    """The room that a node takes along the reading and across, with what it keeps free."""
    node = graph.nodes[i]
    cells = grid(node.data)
    name = min(max(len(node.label), _SHORTEST), _LONG, LONGEST_NAME) * _LETTER
    wide = (_CONSTANT if node.kind == CONSTANT else _BOX + name - _SHORTEST * _LETTER) + (cells.width if cells else 0.0)
    high = _ROW + (2 * cells.height if cells else 0.0)
    sign = node.kind == OPERATION_NODE
    if down:
        return high + (_STEM + 28.0) * sign + _BETWEEN, wide + _BESIDE
    symbol = _STEM + max(28.0, min(len(node.op), _LONG) * _LETTER + 14.0) if sign else 0.0
    return wide + symbol + _BETWEEN, high + _APART
