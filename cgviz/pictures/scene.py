"""A picture as plain data: groups of shapes, and the slots in which numbers stand.

The fixed part, `scene`, depends on the structure of a graph; the changing part, `slots`, on its numbers. A page
that shows a picture keeps it and patches the slots. This is the contract between the two:

- A node is ``<g class="cg-node cg-leaf|cg-constant|cg-operation" data-node="3" tabindex="0" role="img"
  aria-label="…">``; the root has the class ``cg-root`` as well. `captions` gives the labels anew.
- A number is ``<text data-slot="3.data" class="cg-slot …">``: put `Slot.text` into it, and set its class to
  ``"cg-slot "`` + `Slot.style`. Slots are ``"3.data"``, ``"3.grad"`` (not for constants, nor for classes
  without gradients) and, where pictures show local gradients, ``"0-2-1.local"``.
- Its background is ``<rect data-fill="3.grad" class="cg-fill …">``: set its class to ``"cg-fill "`` + `Slot.style`.
- Its full number is ``<title data-title="3.grad">``: put `Slot.title` into it.
- The cells of an array are ``<g data-cells="3.data" data-grid="rows columns wide high">``: `array_cells` says how they
  are drawn from their states and texts.
- An edge is ``<path class="cg-edge" data-edge="0-2-1">``: source, target and position of the operand.
- An operation's shape and symbol are in ``<g class="cg-operator" data-op="3">``, its stem is
  ``<path class="cg-stem" data-stem="3">``; the copy of a repeated leaf is ``<g class="cg-copy" data-copy="1">``,
  a stub for nodes left out ``<g class="cg-stub">``, the outline of an unfolded group ``<g data-outline="5">``, a note
  on a node ``<g class="cg-flag" data-flag="3">``.

`Slot.style` of a value is ``cg-data``, or ``cg-quiet`` for constants. Of a gradient it is ``cg-grad``, followed by
``cg-pos`` or ``cg-neg`` and ``cg-1`` to ``cg-5`` (by neither for 0, nan and arrays): `palette.SCALE` says from
which size on, the same for all pictures. The bar below a gradient follows from the background before it.
What is missing is ``cg-none cg-word`` with the text ``not yet``, what is out of date ``cg-stale cg-word``
with the text ``stale``, after ``cg-grad`` for gradients and in place of ``cg-data`` for values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..graph import CONSTANT, Graph, Node
from ..text import shorten
from .array_cells import grid
from .drawn_shapes import Cells, Group, Path, Rect, Scene, Shape, Text, cut_tip
from .edge_strengths import edge_styles
from .flags import Flag, measure_flags, place_flag, reserve
from .group_outline import Outline, find_outlines
from .layout.placement import layout
from .layout.plan import COPY, NODE, Unit
from .layout.routing import Layout, Place, Route
from .layout.sizes import BELOW, box_name, stub_text, tab_width, text_width
from .lit_paths import brighten, reach
from .node_words import caption, shows_grad, summary
from .slots import edge_id

MARGIN = 14.0
_NOTE = 30.0
_NAMES = 20.0
"""Room above the picture for the note of a picture in part, and for the name of an unfolded group."""
_POINT = 2.6
"""Half as wide is the point of a product: that of many fonts is small, or square."""


def scene(
    graph: Graph,
    rankdir: str = "LR",
    local: bool = False,
    edges: str | None = None,
    opened: Collection[int] = (),
    digits: int | None = None,
    moving: bool = True,
    notes: Mapping[int, str] | None = None,
    lit: int | None = None,
) -> Scene:
    """The fixed part of the picture of a graph; groups whose numbers are `opened` have an outline.

    With `digits` the boxes are as wide as any number of so many digits, or, if nothing is `moving`, as those there are.

    Where `edges` is ``"weight"`` or ``"gradient"`` they are drawn by its size and sign. `notes` stand beside the boxes
    of nodes, by index. The paths from node `lit` to the output are lit.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 2.0, 6.0, "leaf", ())
    >>> [group.style for group in scene(Graph((a,), ())).groups]
    ['cg-node cg-leaf cg-root']
    """
    across = rankdir in ("TB", "BT")
    flags = measure_flags(notes or {}, graph, across)
    found = layout(graph, rankdir, local, digits, moving, reserve(flags, across))
    note = _note(found, graph)
    around = list(find_outlines(graph, found, opened)) if opened else []
    top = MARGIN + (_NOTE if note else 0.0) + (_NAMES if around else 0.0)
    groups: list[Group | Path] = [_outline(one, top) for one in around]
    # A layout is remembered for all graphs of this structure: which edges have a number is asked of this graph.
    told = {edge_id(edge) for edge in graph.edges if edge.local is not None} if local else set()
    strengths = edge_styles(graph, edges) if edges else {}
    on = reach(graph, lit)
    for route in found.routes:
        style = f"cg-edge {strengths.get(edge_id(route.edge), 'cg-line-0')}" if edges else "cg-edge"
        style += " cg-lit-line" * (route.edge.source in on)
        steps = _shift_steps(cut_tip(route.path) if edges else route.path, MARGIN, top)
        groups.append(Path(steps, style, ("edge", edge_id(route.edge))))
        if edge_id(route.edge) in told:
            groups.append(_local(route, MARGIN, top, across))
    for unit, box, op, stem in zip(found.plan.units, found.boxes, found.ops, found.stems, strict=True):
        node = graph.nodes[unit.node]
        bright = node.index in on
        if stem:
            style = "cg-stem" + " cg-lit-line" * (bright and node.index != lit)
            groups.append(Path(_shift_steps(stem, MARGIN, top), style, ("stem", str(node.index))))
        if op:
            groups.append(_operator(node, _shift(op, top), graph))
        drawn = _unit(unit, node, _shift(box, top), graph, rankdir)
        groups.append(brighten(drawn) if bright and unit.kind == NODE else drawn)
        if unit.kind == NODE and node.index in flags:
            groups.append(_flag(node, flags[node.index], _shift(box, top), across))
    width = found.width + 2 * MARGIN
    if note:
        width = max(width, text_width(note, 13) + 2 * MARGIN)
        groups.insert(0, Group("cg-header", (Text(MARGIN, MARGIN + 13, note, "cg-text cg-note", "start"),)))
    return Scene(width, found.height + top + MARGIN, tuple(groups), summary(graph))


def _note(found: Layout, graph: Graph) -> str:
    if not found.plan.hidden:
        return ""
    shown = len(graph.nodes) - found.plan.hidden
    return (
        f"A part of a graph of {len(graph.nodes):,} nodes: the {shown} nearest to {graph.root.name}; "
        f"{found.plan.hidden:,} more are not drawn."
    )


def _outline(one: Outline, top: float) -> Group:
    """A group that is unfolded: its frame, or a shade behind each of its nodes; its name above the first of them."""
    style = "cg-outline" if one.framed else "cg-shade"
    places = [_shift(place, top) for place in one.places]
    first = min(places, key=lambda place: (place.y, place.x))
    shapes: list[Rect | Path | Text] = [Rect(*place, 14.0, style) for place in places]
    shapes.append(Text(first.x + 8, first.y - 4, one.name, "cg-text cg-caption", "start"))
    return Group("cg-around-group", tuple(shapes), ("outline", str(one.number)))


def _local(route: Route, dx: float, dy: float, down: bool) -> Group:
    x, y = route.near[0] + dx, route.near[1] + dy
    where = (x + 5, y + 4, "", "cg-slot", "start") if down else (x, y - 3.5, "", "cg-slot", "middle")
    return Group("cg-near", (Text(*where, f"{edge_id(route.edge)}.local"),))


def _flag(node: Node, flag: Flag, box: Place, across: bool) -> Group:
    """A note: its lines on a ground of their own, and the arrow to the box."""
    found = place_flag(flag, box, across)
    shapes: list[Rect | Path | Text] = [
        Path(found.arrow, "cg-flag-arrow"),
        Rect(found.corner[0], found.corner[1], flag.width, flag.height, 4, "cg-flag-box"),
    ]
    for (x, y), line in zip(found.rows, flag.lines, strict=True):
        shapes.append(Text(x, y, line, "cg-text cg-flag-text", "start"))
    title = flag.whole if " ".join(flag.lines) != flag.whole else ""
    return Group("cg-flag", tuple(shapes), ("flag", str(node.index)), f"note on {node.name}: {flag.whole}", title)


def _unit(unit: Unit, node: Node, box: Place, graph: Graph, rankdir: str) -> Group:
    x, y, w, h = box
    middle = y + h / 2
    shapes: Sequence[Shape]
    if unit.kind == COPY:
        said = f"{node.name} again: the same {node.kind} as at its first use"
        shapes = (
            Rect(x, y, w, h, h / 2, "cg-box cg-box-copy"),
            Text(x + w / 2, middle + 4.5, box_name(node), "cg-text cg-name cg-copy-name"),
        )
        return Group("cg-copy", tuple(shapes), ("copy", str(node.index)), said, said)
    if unit.kind != NODE:
        text = stub_text(unit)
        shapes = (
            Rect(x, y, w, h, h / 2, "cg-box cg-box-stub"),
            Text(x + w / 2, middle + 4, text, "cg-text cg-caption"),
        )
        return Group("cg-stub", tuple(shapes), ("stub", str(node.index)), text, "")
    styles = f"cg-node cg-{node.kind}" + (" cg-root" if node is graph.root else "")
    shapes = _constant(node, box, rankdir) if node.kind == CONSTANT else _box(node, box, node is graph.root)
    full = " ".join(node.label.split())
    title = full[:2000] if full != box_name(node) else ""
    return Group(styles, tuple(shapes), ("node", str(node.index)), caption(node, graph), title)


def _box(node: Node, box: Place, root: bool) -> list[Shape]:
    x, y, w, h = box
    i = node.index
    leaf = node.kind != "operation"
    r = 11.0 if leaf else 5.0
    tab = tab_width(node)
    kind = " cg-box-leaf" if leaf else ""
    right = x + w - 10
    shapes: list[Shape] = [
        Rect(x, y, w, h, r, f"cg-box{kind}{' cg-box-root' if root else ''}"),
        Rect(x + 3, y + 3, tab - 3, h - 6, max(r - 3, 2), "cg-tab" + (" cg-tab-leaf" if leaf else "")),
    ]
    if not leaf:
        shapes.append(Path((("M", x + tab, y + 5), ("L", x + tab, y + h - 5)), "cg-rule"))
    name = "cg-text cg-name" if node.label else "cg-text cg-number-name"
    shapes.append(Text(x + tab / 2 + (1 if leaf else 0), y + h / 2 + (5 if node.label else 4), box_name(node), name))
    rows = 2 if shows_grad(node) else 1
    part = h / rows
    cells = grid(node.data)
    row = part - (cells.height + BELOW if cells else 0.0)
    left = x + tab + 3
    shapes.append(Rect(left, y + 3, w - tab - 6, row - 4, 3, "cg-fill", f"{i}.data"))
    shapes.append(Text(right, y + row / 2 + 6 - (0 if rows == 2 else 1), "", "cg-slot", "end", f"{i}.data"))
    if cells:
        shapes.append(Cells(right - cells.width, y + row, cells, f"{i}.data.cells"))
    if rows == 2:
        y += part
        low = row if cells else part
        shapes.append(Rect(left, y + 1, w - tab - 6, row - 4, max(r - 3, 3), "cg-fill", f"{i}.grad"))
        shapes.append(Rect(left + 1, y + low - 6, w - tab - 8, 3, 1.5, "cg-bar", bar=f"{i}.grad"))
        shapes.append(Text(left + 6, y + row / 2 + 3.2, "grad", "cg-text cg-caption", "start"))
        shapes.append(Text(right, y + row / 2 + 4, "", "cg-slot", "end", f"{i}.grad"))
        if cells:
            shapes.append(Cells(right - cells.width, y + row, cells, f"{i}.grad.cells"))
    return shapes


def _constant(node: Node, box: Place, rankdir: str) -> list[Rect | Path | Text]:
    """A constant is its number and nothing else, close to where its line begins."""
    x, y, w, h = box
    shapes: list[Rect | Path | Text] = []
    at, anchor = {"LR": (x + w - 7, "end"), "RL": (x + 7, "start")}.get(rankdir, (x + w / 2, "middle"))
    if node.label:
        at, anchor = x + w - 12, "end"
        shapes.append(Rect(x, y, w, h, h / 2, "cg-box cg-box-constant"))
        shapes.append(Text(x + 10, y + h / 2 + 4.5, box_name(node), "cg-text cg-quiet", "start"))
    shapes.append(Rect(x + 3, y + 3, w - 6, h - 6, h / 2 - 3, "cg-fill", f"{node.index}.data"))
    shapes.append(Text(at, y + h / 2 + 4.5, "", "cg-slot", anchor, f"{node.index}.data"))
    return shapes


def _operator(node: Node, op: Place, graph: Graph) -> Group:
    x, y, w, h = op
    shapes: list[Rect | Path | Text] = [Rect(x, y, w, h, h / 2, "cg-op")]
    if node.folded:  # a double outline: there is more inside
        shapes.append(Rect(x + 3, y + 3, w - 6, h - 6, h / 2 - 3, "cg-rule"))
    if node.op == "*":
        shapes.append(Rect(x + w / 2 - _POINT, y + h / 2 - _POINT, 2 * _POINT, 2 * _POINT, _POINT, "cg-point"))
    elif node.op:
        sign = "−" if node.op == "-" else shorten(node.op, 20)
        shapes.append(Text(x + w / 2, y + h / 2 + 5, sign, "cg-text cg-symbol"))
    full = node.op if len(node.op) > 20 else ""
    return Group("cg-operator", tuple(shapes), ("op", str(node.index)), "", full[:2000])


def _shift_steps(steps: tuple[tuple, ...], dx: float, dy: float) -> tuple[tuple, ...]:
    return tuple((name, *(c + (dy if i % 2 else dx) for i, c in enumerate(numbers))) for name, *numbers in steps)


def _shift(place: Place, top: float) -> Place:
    return Place(place.x + MARGIN, place.y + top, place.w, place.h)
