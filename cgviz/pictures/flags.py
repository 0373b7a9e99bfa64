"""Notes on nodes: each a small flag beside its box, with an arrow to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..graph import Graph, Node, NodeLike
from ..graph.node_search import find_node
from ..text import kind, shorten
from .layout.plan import NODE, Unit, plan
from .layout.sizes import box_size, text_width

ROWS, LONGEST = 3, 400
"""A flag has so many lines at most; the whole note, as far as this, is its tooltip."""
_LINE, _SIZE, _PAD, _ARROW, _NARROWEST, _BESIDE = 15.0, 12.0, 7.0, 10.0, 112.0, 132.0
_SPARE = 8.0
"""What the distance between boxes gives of itself."""
FORMS = 'a note is given by node or label, as in note={"a": "used twice"}'


class Flag(NamedTuple):
    """A note as it is drawn: its lines, and their width and height together."""

    lines: tuple[str, ...]
    width: float
    height: float
    whole: str


def read_notes(note: Any, graph: Graph, root: NodeLike) -> dict[int, str]:
    """The notes of a graph by the index of the node. Raises `TypeError` or `ValueError`, saying what is allowed.

    >>> from cgviz import Value, trace
    >>> a = Value(2.0, "a")
    >>> read_notes({"a": "used twice"}, trace(a * a), a * a)
    {0: 'used twice'}
    """
    check_notes(note)
    found = {}
    for wanted, text in (note or {}).items():
        try:
            i = find_node(graph, root, wanted)
        except KeyError as error:
            raise ValueError(f"note: {error.args[0]}") from None
        if text.strip():
            found[i] = shorten(text, LONGEST)
    return found


def check_notes(note: Any) -> None:
    """Raise `TypeError` unless these are notes, or none."""
    if note is None:
        return
    if not isinstance(note, Mapping):
        raise TypeError(f"{FORMS}; got {kind(note)}")
    for wanted, text in note.items():
        if not isinstance(text, str):
            raise TypeError(f"{FORMS}; got {kind(text)} for {shorten(str(wanted))}")


def follow(notes: Mapping[int, Any], whole: Graph, shown: Graph) -> dict[int, Any]:
    """What belongs to nodes of a graph, in one that shows it with groups folded: there a node is known by its label.

    >>> from cgviz import Value, trace
    >>> graph = trace(Value(2.0, "a") * 3)
    >>> follow({0: "a leaf"}, graph, graph)
    {0: 'a leaf'}
    """
    if shown is whole:
        return dict(notes)
    there = {node.name: node.index for node in shown.nodes if node.label}
    of = whole.nodes
    return {there[of[i].name]: x for i, x in notes.items() if of[i].label and of[i].name in there}


def drawn(notes: Mapping[int, str], graph: Graph, rankdir: str = "LR") -> dict[int, str]:
    """Those notes whose node has a box of its own in the picture: of a large graph only a part is drawn."""
    boxes = {unit.node for unit in plan(graph, rankdir=rankdir).units if unit.kind == NODE} if notes else set()
    return {i: text for i, text in notes.items() if i in boxes}


def check_drawn(notes: Mapping[int, str], whole: Graph, shown: Graph, rankdir: str = "LR") -> dict[int, str]:
    """As `follow`, for a picture that stays what it is. Raises `ValueError` for a node that it does not show."""
    for i, text in notes.items():
        if not drawn(follow({i: text}, whole, shown), shown, rankdir):
            why = "it may be folded away: fold=False draws it" if shown is not whole else "only a part of the graph is"
            raise ValueError(f"note: '{whole.nodes[i].name}' is not drawn; {why}")
    return follow(notes, whole, shown)


def measure_flags(notes: Mapping[int, str], graph: Graph, across: bool) -> dict[int, Flag]:
    """How each note is drawn: below its box, or beside it (`across`) where the graph is read up or down the page."""
    found = {}
    for i, text in drawn(notes, graph, "TB" if across else "LR").items():
        lines = _wrap(text, _BESIDE if across else max(_NARROWEST, _box_width(graph.nodes[i])) - 2 * _PAD)
        width = max(text_width(line, _SIZE) for line in lines) + 2 * _PAD
        found[i] = Flag(lines, width, _LINE * len(lines) + _PAD, text)
    return found


def reserve(flags: Mapping[int, Flag], across: bool) -> dict[int, float]:
    """The room that each flag needs on either side of its box, across the direction of reading."""
    return {i: (flag.width if across else flag.height) + _ARROW - _SPARE for i, flag in flags.items()}


class Spot(NamedTuple):
    """Where a flag stands: its corner, the baselines of its lines, and its arrow."""

    corner: tuple[float, float]
    rows: tuple[tuple[float, float], ...]
    arrow: tuple[tuple, ...]


def place_flag(flag: Flag, box: tuple[float, float, float, float], across: bool) -> Spot:
    """Where a flag stands, below its box or (`across`) beside it.

    >>> place_flag(Flag(("used twice",), 90.0, 22.0, "used twice"), (0.0, 0.0, 158.0, 46.0), False).corner
    (0.0, 56.0)
    """
    x, y, w, h = box
    if across:
        left, top = x + w + _ARROW, y + (h - flag.height) / 2
        middle = y + h / 2
        tip, arrow = x + w + 2, (("M", left, middle), ("L", x + w + 2, middle))
        head: tuple[tuple, ...] = (("M", tip + 4, middle - 3.5), ("L", tip, middle), ("L", tip + 4, middle + 3.5))
    else:
        left, top = x, y + h + _ARROW
        middle = x + 16
        tip, arrow = y + h + 2, (("M", middle, top), ("L", middle, y + h + 2))
        head = (("M", middle - 3.5, tip + 4), ("L", middle, tip), ("L", middle + 3.5, tip + 4))
    rows = tuple((left + _PAD, top + _LINE * (n + 1) - 0.5) for n in range(len(flag.lines)))
    return Spot((left, top), rows, arrow + head)


def _box_width(node: Node) -> float:
    return box_size(Unit(NODE, node.index), node)[0]


def _wrap(text: str, width: float) -> tuple[str, ...]:
    """The lines of a text, no wider than this and no more than `ROWS`: what does not fit ends in an ellipsis."""
    lines, line = [], ""
    for word in text[:LONGEST].split():
        while text_width(word, _SIZE) > width:  # a word of its own that is too long is cut where the line ends
            cut = next((n for n in range(1, len(word)) if text_width(word[: n + 1], _SIZE) > width), len(word))
            if line:
                lines.append(line)
            lines.append(word[:cut])
            line, word = "", word[cut:]
        longer = f"{line} {word}".strip()
        if text_width(longer, _SIZE) <= width:
            line = longer
        else:
            lines.append(line)
            line = word
    lines += [line] if line else []
    if len(lines) > ROWS:
        last = lines[ROWS - 1]
        while last and text_width(f"{last}…", _SIZE) > width:
            last = last[:-1]
        lines = [*lines[: ROWS - 1], f"{last.rstrip()}…"]
    return tuple(lines)
