"""Any `graphviz.Digraph`, shown with or without the program ``dot``: boxes, circles, records and arrows.

What a learner describes herself, node by node and edge by edge, has no graph of numbers behind it. So it is read back
from its own text, and laid out as our pictures are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphviz

from ..graph import Edge
from .dot_command import run_dot
from .dot_parser import Fields, Sketch, fields, lines, read
from .dot_theme import follow_theme
from .drawn_shapes import Group, Path, Rect, Scene, Text
from .layout.placement import RANKDIRS, arrange
from .layout.plan import NODE, Arc, Plan, Unit
from .layout.routing import Layout, Place
from .layout.sizes import Size, text_width
from .picture import inline
from .scene import MARGIN
from .svg import render

ROUND = {"circle", "doublecircle", "ellipse", "oval", "point"}
BARE = {"plain", "plaintext", "none"}
RECORDS = {"record", "Mrecord"}
_LETTERS, _LINE, _PAD = 14.0, 19.0, 8.0
_AHEAD = {"LR": (1.0, 0.0), "RL": (-1.0, 0.0), "TB": (0.0, 1.0), "BT": (0.0, -1.0)}


class Digraph(graphviz.Digraph):
    """`graphviz.Digraph`, which a notebook shows also where the program ``dot`` is not installed.

    Without the program the shapes, labels and arrows are drawn by the built-in layout; colours and clusters are not.

    >>> picture = Digraph(graph_attr={"rankdir": "LR"})
    >>> picture.node("v0", label="a", shape="box")
    >>> picture.edge("v0", "v1")
    >>> picture
    Graph with 2 nodes and 1 edge: v0 -> v1
    """

    def __repr__(self) -> str:
        return describe_sketch(read(self.source))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> dict[str, Any]:
        found = read(self.source)
        made = run_dot(self.source, "svg", self.engine)
        said = describe_sketch(found)
        svg = follow_theme(made.decode("utf-8"), said) if made else render(draw_sketch(found), {})
        return {"text/html": inline(svg, said), "text/plain": said}


def describe_sketch(sketch: Sketch) -> str:
    """A description in one sentence.

    >>> describe_sketch(read("digraph { a -> b; a -> c }"))
    'Graph with 3 nodes and 2 edges: a -> b, a -> c'
    """
    n, m = len(sketch.nodes), len(sketch.edges)
    text = f"Graph with {n} node{'s' * (n != 1)} and {m} edge{'s' * (m != 1)}"
    shown = [f"{tail} -> {head}" for tail, head, _ in sketch.edges[:40]]
    more = f", … ({m - len(shown)} more)" if len(shown) < m else ""
    return f"{text}: {', '.join(shown)}{more}" if shown else text


def draw_sketch(sketch: Sketch) -> Scene:
    """The picture of a description, as plain data."""
    if not sketch.nodes:
        return Scene(2 * MARGIN, 2 * MARGIN, (), describe_sketch(sketch))
    rankdir = sketch.attributes.get("rankdir", "TB")
    rankdir = rankdir if rankdir in RANKDIRS else "TB"
    names = list(sketch.nodes)
    place = {name: i for i, name in enumerate(names)}
    drawn = [_Node(name, sketch.nodes[name], rankdir) for name in names]
    loops = [e for e in sketch.edges if e[0] == e[1]]
    edges = [e for e in sketch.edges if e[0] != e[1]]
    pairs = [(place[tail], place[head]) for tail, head, _ in edges]
    turned = _against(len(names), pairs)
    arcs = [
        Arc(*(pair[::-1] if back else pair), Edge(*pair, k))
        for k, (pair, back) in enumerate(zip(pairs, turned, strict=True))
    ]
    flat = rankdir in ("LR", "RL")
    lead = max((_extent(lines(e[2]["label"]))[0 if flat else 1] + 8 for e in edges if e[2].get("label")), default=0.0)
    every = sketch.attributes.get("ordering") == "in"
    ordered = {i for i, name in enumerate(names) if every or sketch.nodes[name].get("ordering") == "in"}
    plan = Plan(tuple(Unit(NODE, i) for i in range(len(names))), tuple(arcs), 0)
    found = arrange(plan, [node.size(flat) for node in drawn], rankdir, ordered, lead=lead)
    groups: list[Group | Path] = []
    for route, (_, _, given), back in zip(found.routes, edges, turned, strict=True):
        path = _add_margin(_arrow(route.path, given, back, rankdir))
        groups.append(Path(path, "cg-edge"))
        if given.get("label"):
            x, y = route.near
            groups.append(Group("cg-near", tuple(_texts(lines(given["label"]), x + MARGIN, y + MARGIN - 9))))
    groups += [Path(_add_margin(_loop(found, place[tail])), "cg-edge") for tail, _, _ in loops]
    groups += [node.draw(_inside(box)) for node, box in zip(drawn, found.boxes, strict=True)]
    return Scene(found.width + 2 * MARGIN, found.height + 2 * MARGIN, tuple(groups), describe_sketch(sketch))


class _Node:
    """One node of a description: its shape, what stands in it, and the room that this takes."""

    def __init__(self, name: str, given: Mapping[str, str], rankdir: str) -> None:
        self.name, self.shape = name, given.get("shape", "ellipse")
        self.rounded = "rounded" in given.get("style", "") or self.shape == "Mrecord"
        label = given.get("label", r"\N")
        self.down = rankdir in ("LR", "RL")  # Graphviz turns records with the direction of reading
        cells = fields(label, name) if self.shape in RECORDS else None
        if self.shape in RECORDS and cells is None:
            cells = [name]  # as Graphviz does, with "bad label format"
        self.cells: Fields = cells if cells is not None else ["\n".join(lines(label, name))]
        if self.shape == "point":
            self.cells = [""]

    def size(self, flat: bool) -> Size:
        w, h = _room(self.cells, self.down)
        if self.shape == "point":
            w = h = 8.0
        elif self.shape in ROUND:
            w, h = max(30.0, w), max(30.0, h)
        if self.shape in ("circle", "doublecircle", "square"):
            w = h = max(w, h)
        kind = _Round if self.shape in ROUND else Size
        return kind(w, h, 0.0, 0.0) if flat else kind(h, w, 0.0, 0.0)

    def draw(self, box: Place) -> Group:
        x, y, w, h = box
        shapes: list[Rect | Path | Text] = []
        if self.shape in ROUND:
            shapes.append(Rect(x, y, w, h, h / 2, "cg-op"))
            if self.shape == "doublecircle":
                shapes.append(Rect(x + 3, y + 3, w - 6, h - 6, h / 2 - 3, "cg-rule"))
        elif self.shape not in BARE:
            shapes.append(Rect(x, y, w, h, 9.0 if self.rounded else 2.0, "cg-box"))
        shapes += _fill_cells(self.cells, box, self.down)
        return Group("cg-sketch", tuple(shapes), ("", ""), " ".join(_words(self.cells)) or self.name, "")


class _Round(Size):
    """The room of a round shape: a line that arrives beside the middle meets the outline further in."""

    __slots__ = ()

    def inset(self, off: float) -> float:
        radius = min(self.box_u, self.box_v) / 2
        beyond = max(0.0, abs(off) - (self.box_v / 2 - radius))
        return radius - max(0.0, radius * radius - beyond * beyond) ** 0.5


def _room(cells: Fields, down: bool) -> tuple[float, float]:
    rooms = [_extent(cell.split("\n")) if isinstance(cell, str) else _room(cell, not down) for cell in cells]
    wide, high = [w for w, _ in rooms], [h for _, h in rooms]
    return (max(wide), sum(high)) if down else (sum(wide), max(high))


def _extent(texts: list[str]) -> tuple[float, float]:
    return max(24.0, max(text_width(text, _LETTERS) for text in texts) + 2 * _PAD), _LINE * len(texts) + _PAD


def _fill_cells(cells: Fields, box: Place, down: bool) -> list[Rect | Path | Text]:
    """The texts of the cells and the rules between them; cells share what room is left over."""
    x, y, w, h = box
    rooms = [_extent(cell.split("\n")) if isinstance(cell, str) else _room(cell, not down) for cell in cells]
    spare = ((h if down else w) - sum(room[down] for room in rooms)) / len(cells)
    found: list[Rect | Path | Text] = []
    for k, (cell, room) in enumerate(zip(cells, rooms, strict=True)):
        long = room[down] + spare
        inner = Place(x, y, w, long) if down else Place(x, y, long, h)
        if k:
            found.append(Path((("M", x, y), ("L", x + w, y) if down else ("L", x, y + h)), "cg-rule"))
        if isinstance(cell, str):
            texts = cell.split("\n")
            found += _texts(texts, x + inner.w / 2, y + inner.h / 2 - _LINE * len(texts) / 2 + _LINE / 2)
        else:
            found += _fill_cells(cell, inner, not down)
        x, y = (x, y + long) if down else (x + long, y)
    return found


def _texts(texts: list[str], x: float, y: float) -> list[Text]:
    return [Text(x, y + 5 + k * _LINE, text, "cg-text cg-symbol") for k, text in enumerate(texts)]


def _words(cells: Fields) -> list[str]:
    return [word for cell in cells for word in ([cell] if isinstance(cell, str) else _words(cell)) if word]


def _against(count: int, pairs: list[tuple[int, int]]) -> list[bool]:
    """Which edges close a cycle, when the nodes are read in their order: these are laid out the other way round."""
    out: list[list[int]] = [[] for _ in range(count)]
    for k, (tail, _) in enumerate(pairs):
        out[tail].append(k)
    state, turned = [0] * count, [False] * len(pairs)  # 1: on the way, 2: done
    for start in range(count):
        way = [(start, iter(out[start]))] if not state[start] else []
        state[start] = state[start] or 1
        while way:
            node, left = way[-1]
            edge = next(left, None)
            if edge is None:
                state[node] = 2
                way.pop()
            elif state[head := pairs[edge][1]] == 1:
                turned[edge] = True
            elif not state[head]:
                state[head] = 1
                way.append((head, iter(out[head])))
    return turned


def _arrow(path: tuple[tuple, ...], given: Mapping[str, str], back: bool, rankdir: str) -> tuple[tuple, ...]:
    """A line with its arrowhead where it belongs: at its other end if it runs back, nowhere if none is asked for."""
    line = path[:-3] if len(path) > 3 and path[-3][0] == "M" else path
    none = given.get("arrowhead") == "none" or given.get("dir") == "none"
    if none or not back:
        return line if none else path
    _, x, y = path[0]
    u, v = _AHEAD[rankdir]
    return (*line, *_tip(x, y, -u, -v))


def _tip(x: float, y: float, u: float, v: float) -> tuple[tuple, ...]:
    """An arrowhead at a point, for a line that arrives in the direction (u, v)."""
    one = ("M", x - 5.5 * u - 3.5 * v, y - 5.5 * v - 3.5 * u)
    return one, ("L", x, y), ("L", x - 5.5 * u + 3.5 * v, y - 5.5 * v + 3.5 * u)


def _loop(found: Layout, node: int) -> tuple[tuple, ...]:
    """An edge from a node to itself, on top of it."""
    x, y, w, _ = found.boxes[node]
    middle = x + w / 2
    bow = ("C", middle - 16, y - 16, middle + 16, y - 16, middle + 6, y)
    return (("M", middle - 6, y), bow, *_tip(middle + 6, y, 0.0, 1.0))


def _add_margin(steps: tuple[tuple, ...]) -> tuple[tuple, ...]:
    return tuple((name, *(number + MARGIN for number in numbers)) for name, *numbers in steps)


def _inside(place: Place) -> Place:
    return Place(place.x + MARGIN, place.y + MARGIN, place.w, place.h)
