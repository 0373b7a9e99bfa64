"""Whether a learner's own drawing of a graph is right: every node once, every arrow where it belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ...graph import objects
from ...pictures.dot_parser import Fields, Sketch, fields, lines, read
from ...text import join_names, kind, number
from ..sandbox.running import attempt
from .exercise import Open


class Plain:
    """A node as simple as can be, to be drawn by what a learner has written."""

    def __init__(self, data: float, label: str = "", op: str = "", *operands: Plain) -> None:
        self.data, self.label, self._op, self._prev = data, label, op, operands


def graphs() -> list[tuple[str, Plain]]:
    """What the learner's function has to draw, from simple to special."""
    a, b, c, d = Plain(2.0, "a"), Plain(-3.0, "b"), Plain(10.0, "c"), Plain(-2.0, "d")
    e = Plain(-6.0, "e", "*", a, b)
    f = Plain(4.0, "f", "+", e, c)
    x = Plain(3.0, "x")
    s = Plain(-1.0, "s", "+", a, b)
    u, v = Plain(-1.0, "", "+", a, b), Plain(-1.0, "", "+", a, b)
    small, tiny = Plain(0.04, "small"), Plain(1e-9, "tiny")
    return [
        ("a leaf", Plain(5.0, "w")),
        ("e = a * b", e),
        ("L = (a * b + c) * d", Plain(-8.0, "L", "*", f, d)),
        ("y = x + x", Plain(6.0, "y", "+", x, x)),
        ("K = (a + b) * a", Plain(-2.0, "K", "*", s, a)),
        ("z = (a + b) * (a + b), whose two sums have no label", Plain(1.0, "z", "*", u, v)),
        ("q = small + tiny", Plain(0.04 + 1e-9, "q", "+", small, tiny)),
        ("r = p|q * a", Plain(14.0, "r", "*", Plain(7.0, "p|q"), a)),
    ]


def drawing_fault(draw_dot: Any) -> str:
    """What is wrong with the drawings that a learner's function makes; ``""`` if nothing is."""
    if not callable(draw_dot):
        return f"expected your function, got {kind(draw_dot)}: give check its name alone, as in draw_dot"
    for (case, root), (_, again) in zip(graphs(), graphs(), strict=True):
        sketch, said = _read_drawing(draw_dot, root)
        said = said or Drawing(root, sketch).fault()
        if said:
            return f"{case}: {said}"
        if _read_drawing(draw_dot, again)[0] != sketch:
            return f"{case}: the same graph, made again, is described in other words: name the nodes by their place"
    return _direction_fault(draw_dot)


def _direction_fault(draw_dot: Callable) -> str:
    """Whether the drawing goes from left to right, and in the direction that is asked for."""
    case, root = graphs()[2]
    for options, wanted in (({}, "LR"), ({"rankdir": "TB"}, "TB"), ({"rankdir": "LR"}, "LR")):
        sketch, said = _read_drawing(draw_dot, root, **options)
        call = f"draw_dot(L{', rankdir=' * bool(options)}{wanted!r})" if options else "draw_dot(L)"
        if said:
            return f"{case}: {call}: {said}; it takes the direction of reading as well, as rankdir"
        found = sketch.attributes.get("rankdir", "TB")
        if found != wanted:
            return (
                f"{case}: {call} is drawn in the direction {found}, should be {wanted}: hand rankdir on to the Digraph"
            )
    return ""


def _read_drawing(draw_dot: Callable, root: Plain, **options: str) -> tuple[Sketch, str]:
    done = attempt(draw_dot, root, **options)
    if done.open:
        raise Open(done.failure)
    if done.failure:
        return Sketch(), f"your function {done.failure}"
    source = getattr(done.value, "source", None)
    if done.value is None:
        return Sketch(), "your function returns None: is `return dot` missing?"
    if not isinstance(source, str):
        return Sketch(), f"your function returns {kind(done.value)}, should return the Digraph"
    if getattr(done.value, "directed", True) is False:
        return Sketch(), "the lines have no heads: make a Digraph, a Graph has no directions"
    try:
        return read(source), ""
    except ValueError as error:
        return Sketch(), f"Graphviz could not read its description: {error}"


class Drawing:
    """A learner's drawing beside the graph that it is of."""

    def __init__(self, root: Plain, sketch: Sketch) -> None:
        self.root, self.sketch = root, sketch
        self.nodes = objects(root)
        self.cells = {name: _cells(name, given) for name, given in sketch.nodes.items()}
        self.box: dict[int, str] = {}

    def fault(self) -> str:
        """Say what is wrong first: the boxes, what they say, the operations, the arrows; ``""`` if nothing is."""
        return self._boxes() or self._numbers() or self._operations() or self._arrows()

    def _boxes(self) -> str:
        labels = [node.label for node in self.nodes if node.label]
        for node in self.nodes:
            if not node.label:
                continue
            found = [name for name, cells in self.cells.items() if _says(cells, node.label)]
            if not found:
                return self._explain_missing(node)
            if len(found) > 1:
                return f"{node.label} is drawn {len(found)} times: it is one node, so all its edges need the same name"
            self.box[id(node)] = found[0]
        nameless = [node for node in self.nodes if not node.label]
        taken = set(self.box.values())
        left = [name for name in self.cells if name not in taken and self._holds(name, nameless)]
        if len(left) < len(nameless):
            few = f"{len(left)} box{'es' * (len(left) != 1)}"
            return f"the {len(nameless)} nodes without a label have {few}: each needs a name of its own, such as v2"
        self.box |= {id(node): name for node, name in zip(nameless, left, strict=False)}
        extra = [n for n in self.cells if n not in self.box.values() and any(_says(self.cells[n], x) for x in labels)]
        return f"there is a box too many: {extra[0]}" if extra else ""

    def _explain_missing(self, node: Plain) -> str:
        parts = [part for part in node.label.split("|") if part]
        if len(parts) > 1 and any(set(parts) <= set(cells) for cells in self.cells.values()):
            return f"the label {node.label!r} comes out as the cells {join_names(parts)}: use escape for labels"
        if not self.cells:
            return "nothing is drawn: each node needs a dot.node(…)"
        shown_at = join_names(repr(" ".join(cells)) for cells in list(self.cells.values())[:3])
        return f"no box says {node.label}; your boxes say {shown_at}"

    def _holds(self, name: str, nodes: list[Plain]) -> bool:
        return any(_shows(self.cells[name], node.data) for node in nodes)

    def _numbers(self) -> str:
        for node in self.nodes:
            cells = self.cells[self.box[id(node)]]
            if cells[0].startswith("{") and cells[-1].endswith("}"):
                return f'the box of {node.label} says {" ".join(cells)!r}: braces make cells only with shape="record"'
            if not _shows(cells, node.data):
                said = f"the box of {node.label} says {' '.join(cells)!r}, and not its number {number(node.data)}"
                return said + (": with so few decimals, small numbers are lost" if 0 < abs(node.data) < 0.05 else "")
        return ""

    def _operations(self) -> str:
        """Each operation once as a shape of its own, which leads to its result."""
        boxes = set(self.box.values())
        wanted = Counter(node._op for node in self.nodes if node._op)
        found = Counter(" ".join(cells) for name, cells in self.cells.items() if name not in boxes)
        for op, count in wanted.items():
            if found[op] < count:
                have = f"{found[op]} of the {count} operations {op}" if count > 1 else f"the operation {op}"
                drawn = "is not drawn" if count == 1 else "is drawn" if found[op] == 1 else "are drawn"
                return f"{have} {drawn}: each needs a small shape of its own"
        extra = [text for text, count in found.items() if count > wanted[text]]
        return f"there is a shape too many, with the label {extra[0]!r}" if extra else ""

    def _arrows(self) -> str:
        for node in self.nodes:
            said = self._into(node) if node._op else ""
            if said:
                return said
        many = sum(1 + len(node._prev) for node in self.nodes if node._op)
        if len(self.sketch.edges) != many:
            return f"there are {len(self.sketch.edges)} arrows, should be {many}"
        return ""

    def _into(self, node: Plain) -> str:
        """What is wrong with the arrows into a result, and into the operation before it."""
        box, called = self.box[id(node)], node.label or "a sum without a label"
        before = [tail for tail, head, _ in self.sketch.edges if head == box]
        boxes = {name: one for one, name in self.box.items()}
        shapes = [tail for tail in before if self.cells[tail] == [node._op] and tail not in boxes]
        if not shapes:
            if any(head not in boxes and tail == box for tail, head, _ in self.sketch.edges) and not before:
                return f"no arrow leads to {called}: draw one from the operation {node._op} to its result"
            return f"no arrow leads from an operation {node._op} to {called}"
        if len(before) > 1:
            return f"{len(before)} arrows lead to {called}; only the one from its operation should"
        arrived = [tail for tail, head, _ in self.sketch.edges if head == shapes[0]]
        wanted = [self.box[id(operand)] for operand in node._prev]
        return self._operands(node, shapes[0], arrived, wanted)

    def _operands(self, node: Plain, shape: str, arrived: list[str], wanted: list[str]) -> str:
        if arrived == wanted:
            return ""
        names = [operand.label or "a sum" for operand in node._prev]
        back = [head for tail, head, _ in self.sketch.edges if tail == shape]
        for name, box in zip(names, wanted, strict=True):
            if box in back:
                return f"the arrow between {name} and {node._op} points the wrong way: numbers flow to the operation"
            if arrived.count(box) < wanted.count(box):
                need = {1: "an arrow", 2: "two arrows"}[wanted.count(box)]
                return f"the operation {node._op} needs {need} from {name}, yours has {arrived.count(box) or 'none'}"
        if sorted(arrived) == sorted(wanted):
            return (
                f"the arrows into {node._op} are in the wrong order: {join_names(names)} is the order of the operands"
            )
        return f"{len(arrived)} arrows lead into the operation {node._op}, should be {len(wanted)}"


def _cells(name: str, given: dict[str, str]) -> list[str]:
    """The texts that a drawn node shows."""
    label = given.get("label", r"\N")
    if given.get("shape") in ("record", "Mrecord"):
        found = fields(label, name)
        return [name] if found is None else _flat(found)
    return [text.strip() for text in lines(label, name)]


def _flat(found: Fields) -> list[str]:
    return [text for cell in found for text in (_flat(cell) if isinstance(cell, list) else [cell]) if text]


def _says(cells: list[str], label: str) -> bool:
    return label in cells or any(label in text.replace(":", " ").replace("=", " ").split() for text in cells)


def _shows(cells: list[str], data: float) -> bool:
    for word in " ".join(cells).replace("=", " ").replace(":", " ").split():
        try:
            if abs(float(word) - data) <= 5e-3 * abs(data):
                return True
        except ValueError:
            continue
    return False
