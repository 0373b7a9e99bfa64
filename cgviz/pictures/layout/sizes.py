"""How large everything is. The sizes come from the structure alone, never from the present numbers.

A slot has room for anything that four significant digits can give, such as ``-1.235e-300``, so numbers that
change never overflow and never move anything. Of an array the shape is shown, which is part of the structure: its box
is as wide as that.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Any, NamedTuple

from ...graph import CONSTANT, OPERATION_NODE, Graph, Node
from ...text import shorten, typeset_name
from ..array_cells import grid
from ..node_words import grad_state, letters, short, shows_grad, value_state
from .plan import COPY, STUB, Unit

ROW = 23.0
"""The height of a row of a box: the value's, and the gradient's below it."""
SLOT = 104.0
"""The width of a box beside the name: the widest number, or a caption and a number in the smaller type."""
GRAD_SLOT = 132.0
CAPTION = 52.0
"""What stands beside a gradient in its row: the word, and the margins."""
BELOW = 4.0
"""The room below the cells of an array."""
CONSTANT_SIZE = (60.0, 26.0)
STEM = 12.0
"""The short line from an operation to the box it belongs to."""
OP = 28.0
LABEL = 20
LOCAL = (84.0, 20.0)
"""The straight run before an operation along which a local gradient is written, and the same down the page."""
_LOCAL_ROW = (15.0, 82.0)


class Size(NamedTuple):
    """The room that a unit takes: its box and, before it, its operation, along (`u`) and across (`v`) the reading."""

    box_u: float
    box_v: float
    op_u: float
    op_v: float

    @property
    def du(self) -> float:
        """The length of the whole unit."""
        return self.box_u + (STEM + self.op_u if self.op_u else 0.0)

    @property
    def dv(self) -> float:
        """The breadth of the whole unit."""
        return max(self.box_v, self.op_v)

    @property
    def ports(self) -> float:
        """The breadth over which lines may arrive."""
        return 0.6 * self.op_v if self.op_u else 0.5 * self.box_v

    def inset(self, off: float) -> float:
        """How far behind the front a line arriving `off` the middle meets the outline."""
        if not self.op_u:
            return 0.0
        radius = min(self.op_u, self.op_v) / 2
        beyond = max(0.0, abs(off) - (self.op_v / 2 - radius))
        return radius - math.sqrt(max(0.0, radius * radius - beyond * beyond))


def measure(
    unit: Unit, graph: Graph, across: bool, local: bool = False, digits: int | None = None, moving: bool = True
) -> Size:
    """The size of a unit; `across` when the reading goes down or up the page.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 2.0, None, "leaf", ())
    >>> measure(Unit("node", 0), Graph((a,), ()), across=False)[:2]
    (158.0, 46.0)
    """
    node = graph.nodes[unit.node]
    w, h = box_size(unit, node, digits, moving)
    op = symbol_size(node) if unit.kind == "node" else (0.0, 0.0)
    if across:
        w, h, op = h, w, op[::-1]
    if local and op[0] and len(node.operands) > 1:
        op = op[0], max(op[1], 1.7 * _LOCAL_ROW[across] * (len(node.operands) - 1))
    return Size(w, h, *op)


def box_size(unit: Unit, node: Node, digits: int | None = None, moving: bool = True) -> tuple[float, float]:
    """Width and height of a unit's box: for any number, or with `digits` for such numbers, or for those there are."""
    if unit.kind == STUB:
        return text_width(stub_text(unit), 12) + 20, 26.0
    if unit.kind == COPY:
        return max(28.0, text_width(box_name(node), 13, bold=True) + 18), 24.0
    if node.kind == CONSTANT:
        least = 30.0 if digits and not moving else CONSTANT_SIZE[0] + 38
        text = text_width(short(node.data, digits), 13) + 14 if digits and not moving else 0.0
        width = max(least, text, _array_width(node.data, 13) + 14)
        return width + (tab_width(node) if node.label else 0.0), CONSTANT_SIZE[1]
    cells = grid(node.data)
    value, gradient = _rooms(node, digits, moving) if digits else (SLOT, GRAD_SLOT)
    width = max(value, _array_width(node.data, 15, bold=True) + 20, cells.width + 20 if cells else 0.0)
    below = cells.height + BELOW if cells else 0.0
    if not shows_grad(node):
        return tab_width(node) + width, 30.0 + below
    width = max(width, gradient, _array_width(node.grad, 13) + CAPTION)
    return tab_width(node) + width, ROW * 2 + 2 * below


def _rooms(node: Node, digits: int, moving: bool) -> tuple[float, float]:
    """The width beside the name that a value of so many digits needs, and that a gradient needs."""
    if moving:
        widest = f"-0.{'8' * (letters(digits) - 3)}"
        value = grad = widest
    else:
        value, grad = (
            "not yet" if state or x is None else short(x, digits)
            for state, x in ((value_state(node), node.data), (grad_state(node), node.grad))
        )
    wide, small = text_width(value, 15, bold=True) + 22, text_width(grad, 13) + CAPTION
    return math.ceil(wide), math.ceil(small)


def _array_width(x: Any, size: float, bold: bool = False) -> float:
    """How wide the shape of an array is, which stands in a slot in place of a number."""
    return math.ceil(text_width(short(x), size, bold)) if getattr(x, "shape", ()) else 0.0


def stub_text(unit: Unit) -> str:
    """What a stub says.

    >>> stub_text(Unit("stub", 5, 65000)), stub_text(Unit("stub", 5, 1))
    ('… 65,000 more nodes', '… 1 more node')
    """
    return f"… {unit.count:,} more node{'s' if unit.count > 1 else ''}"


def box_name(node: Node) -> str:
    """What a box calls its node: the label as mathematics writes it, cut if long, or its name by number."""
    return typeset_name(shorten(node.name, LABEL))


def tab_width(node: Node) -> float:
    """The width of the part of a box that holds the name."""
    if node.label:
        return max(26.0, math.ceil(text_width(box_name(node), 15, bold=True)) + 14)
    return max(26.0, math.ceil(text_width(box_name(node), 11.5)) + 12)


def symbol_size(node: Node) -> tuple[float, float]:
    """Width and height of the shape of a node's operation; nothing for a node without one."""
    if node.kind != OPERATION_NODE:
        return 0.0, 0.0
    if not node.op:
        return 8.0, 8.0
    return max(OP, math.ceil(text_width(shorten(node.op, LABEL), 14)) + 16), OP


_NARROW = frozenset("iljI.,:;'|!()[]ftr -")
_WIDE = frozenset("mwMW@%∑∏—…")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is, in the widest of the fonts that the style names.

    >>> text_width("-1.235e-300", 15) < 100 < text_width("wwwwwwwwww", 15)
    True
    """
    total = 0.0
    for ch in text:
        if ch in _NARROW:
            total += 0.40
        elif ch in _WIDE:
            total += 1.0
        elif ch == "−":
            total += 0.6
        elif unicodedata.combining(ch) or ch in "\u200d\ufe0f":
            continue
        elif unicodedata.east_asian_width(ch) in "WF" or ord(ch) > 0x1F000:
            total += 1.3
        elif ch.isupper():
            total += 0.75
        else:
            total += 0.64
    return total * size * (1.08 if bold else 1.0)
