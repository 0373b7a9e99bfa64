"""What a picture is made of, as plain data: rectangles, lines, texts, cells of arrays, and groups of them."""

from __future__ import annotations

from typing import NamedTuple

from .array_cells import Grid


class Rect(NamedTuple):
    """A rectangle with round corners; `fill` is the slot whose background it is, `bar` that whose size it shows."""

    x: float
    y: float
    w: float
    h: float
    r: float
    style: str
    fill: str = ""
    bar: str = ""


class Path(NamedTuple):
    """A line of path commands; `data` names it: ``("edge", "0-2-1")``."""

    steps: tuple[tuple, ...]
    style: str
    data: tuple[str, str] = ("", "")


class Text(NamedTuple):
    """A text at its baseline; the text of a `slot` comes from `slots`."""

    x: float
    y: float
    text: str
    style: str
    anchor: str = "middle"
    slot: str = ""


class Cells(NamedTuple):
    """The cells of an array, in the place of their first; their states and texts come from `slots`."""

    x: float
    y: float
    grid: Grid
    slot: str


Shape = Rect | Path | Text | Cells


class Group(NamedTuple):
    """Shapes that belong together; `data` names them: ``("node", "3")``."""

    style: str
    shapes: tuple[Shape, ...]
    data: tuple[str, str] = ("", "")
    aria: str = ""
    title: str = ""


class Scene(NamedTuple):
    """The fixed part of a picture."""

    width: float
    height: float
    groups: tuple[Group | Path, ...]
    title: str


def edge_of(thing: Group | Path) -> str:
    """The edge that is drawn by a line, by its id; ``""`` for anything else.

    >>> edge_of(Path((), "cg-edge", ("edge", "0-2-1"))), edge_of(Path((), "cg-stem", ("stem", "2")))
    ('0-2-1', '')
    """
    kind, name = thing.data
    return name if isinstance(thing, Path) and kind == "edge" else ""


def cut_tip(steps: tuple[tuple, ...]) -> tuple[tuple, ...]:
    """A line up to its arrowhead, which begins with a move of its own.

    >>> cut_tip((("M", 0, 0), ("L", 9, 0), ("M", 6, -3), ("L", 9, 0), ("L", 6, 3)))
    (('M', 0, 0), ('L', 9, 0))
    """
    return steps[: next((k for k, step in enumerate(steps) if k and step[0] == "M"), len(steps))]
