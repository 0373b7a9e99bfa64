"""What a layout is, and how columns and heights become one: rectangles, and the ways of the lines between them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ...graph import Edge
from .coordinates import settle
from .layering import Columns
from .plan import Plan
from .sizes import STEM, Size

CROWD = 8
"""Lines to one operation have arrowheads unless there are more than this."""
TWINS = 11.0
"""How far apart two lines between the same two nodes run, and lines arrive."""
PARTING = 3.0
"""Where they begin, at the same point, such lines part by so many times that."""


class Place(NamedTuple):
    """A rectangle: its top left corner, width and height."""

    x: float
    y: float
    w: float
    h: float


class Route(NamedTuple):
    """The way of one line, as path commands ``("M", x, y)``, ``("L", x, y)``, ``("C", x1, y1, x2, y2, x, y)``.

    `near` is a point on it shortly before its end, where its local gradient may be written.
    """

    edge: Edge
    path: tuple[tuple, ...]
    near: tuple[float, float]


class Layout(NamedTuple):
    """Places for the units of a `plan`, for the operations before them (``None`` if there is none), and the lines."""

    plan: Plan
    width: float
    height: float
    boxes: tuple[Place, ...]
    ops: tuple[Place | None, ...]
    stems: tuple[tuple[tuple, ...] | None, ...]
    routes: tuple[Route, ...]


class Drawing:
    """Turns columns and heights into places and lines, in (u, v), then into (x, y)."""

    def __init__(
        self,
        what: Plan,
        sizes: list[Size],
        found: Columns,
        v: list[float],
        size: list[float],
        rankdir: str,
        ordered: set[int],
        lead: float,
    ) -> None:
        self.plan, self.sizes, self.found, self.v, self.lead = what, sizes, found, v, lead
        self.rankdir, self.ordered = rankdir, ordered
        layers = found.layers
        wide = [max((sizes[i].du for i in layer if i < len(sizes)), default=0.0) for layer in layers]
        self.start, self.stop = [], []
        at = 0.0
        for r, layer in enumerate(layers):
            if r:
                steep = max((abs(v[a] - v[b]) for a in layer for b in found.below[a]), default=0.0)
                at += self.lead + (38.0 if rankdir in ("LR", "RL") else 34.0) + min(60.0, steep * 0.09)
            self.start.append(at)
            at += wide[r]
            self.stop.append(at)
        self.length = at
        self.breadth = max(v[i] + size[i] / 2 for i in range(len(v)))

    def layout(self) -> Layout:
        boxes: list[Place] = []
        ops: list[Place | None] = []
        stems: list[tuple[tuple, ...] | None] = []
        for i, s in enumerate(self.sizes):
            end = self.stop[self.found.rank[i]]
            boxes.append(self.place(end - s.box_u, self.v[i], s.box_u, s.box_v))
            if s.op_u:
                start = end - s.box_u - STEM - s.op_u
                ops.append(self.place(start, self.v[i], s.op_u, s.op_v))
                stems.append(self.path([("M", start + s.op_u, self.v[i]), ("L", end - s.box_u, self.v[i])]))
            else:
                ops.append(None)
                stems.append(None)
        flat = self.rankdir in ("LR", "RL")
        w, h = (self.length, self.breadth) if flat else (self.breadth, self.length)
        return Layout(self.plan, w, h, tuple(boxes), tuple(ops), tuple(stems), tuple(self.routes()))

    def routes(self) -> list[Route]:
        ports = self.ports()
        twins = self.twins()
        many = Counter(arc.target for arc in self.plan.arcs)
        crowded = [many[arc.target] > CROWD for arc in self.plan.arcs]
        return [self.route(k, ports[k], twins[k], crowded[k]) for k in range(len(ports))]

    def way(self, k: int) -> list[int]:
        """The vertices on the way of arc `k`: its source, and a placeholder for each column it passes."""
        arc = self.plan.arcs[k]
        passed = self.found.rank[arc.target] - self.found.rank[arc.source] - 1
        return [arc.source, *self.found.chains.get(arc.source, ())[:passed]]

    def twins(self) -> list[float]:
        """Edges between the same two units run side by side: how far each is moved."""
        together: dict[tuple[int, int], list[int]] = {}
        for k, arc in enumerate(self.plan.arcs):
            together.setdefault((arc.source, arc.target), []).append(k)
        moved = [0.0] * len(self.plan.arcs)
        for same in together.values():
            for i, k in enumerate(same):
                moved[k] = (i - (len(same) - 1) / 2) * min(TWINS, 2 * TWINS / len(same))
        return moved

    def ports(self) -> list[tuple[float, float]]:
        """Where each arc arrives: in the order of the operands, or from top to bottom where order does not matter."""
        arriving: dict[int, list[int]] = {}
        for k, arc in enumerate(self.plan.arcs):
            arriving.setdefault(arc.target, []).append(k)
        found: list[tuple[float, float]] = [(0.0, 0.0)] * len(self.plan.arcs)
        for target, arcs in arriving.items():
            if target not in self.ordered:
                arcs = sorted(arcs, key=lambda k: self.v[self.way(k)[-1]])
            s = self.sizes[target]
            u = self.stop[self.found.rank[target]] - s.du
            for k, off in zip(arcs, self.offsets(target, arcs), strict=True):
                found[k] = (u + s.inset(off), self.v[target] + off)
        return found

    def offsets(self, target: int, arcs: list[int]) -> list[float]:
        """How far from the middle of an operation its lines arrive: level if they come level, else as they come."""
        half = self.sizes[target].ports / 2
        if len(arcs) == 1:
            return [0.0]
        step = 2 * half / (len(arcs) - 1)
        alone = len({self.plan.arcs[k].source for k in arcs}) == 1  # of one node, used more than once
        if self.lead or alone:
            return [i * step - half for i in range(len(arcs))]
        wishes = [max(-half, min(half, self.v[self.way(k)[-1]] - self.v[target])) for k in arcs]
        steps = [i * min(step, TWINS) for i in range(len(arcs))]
        found = [0.0] * len(arcs)
        settle(list(range(len(arcs))), steps, found, [(wish, 1.0 if abs(wish) > 1 else 99.0) for wish in wishes])
        return found

    def route(self, k: int, port: tuple[float, float], moved: float, crowded: bool) -> Route:
        arc = self.plan.arcs[k]
        rank = self.found.rank
        way = self.way(k)
        u, v = self.stop[rank[arc.source]], self.v[arc.source]
        steps: list[tuple] = [("M", u, v)]
        parting = PARTING * moved
        for vertex in way[1:]:
            r, to = rank[vertex], self.v[vertex] + moved
            self.bend(steps, u, v, self.start[r], to, parting)
            steps.append(("L", self.stop[r], to))
            u, v, parting = self.stop[r], to, 0.0
        r = rank[arc.target]
        self.bend(steps, u, v, self.start[r] - self.lead, port[1], parting)
        if port[0] > self.start[r] - self.lead + 0.05:
            steps.append(("L", port[0], port[1]))
        tip = [("M", port[0] - 5.5, port[1] - 3.5), ("L", *port), ("L", port[0] - 5.5, port[1] + 3.5)]
        if crowded:  # arrowheads would run into one another
            tip = []
        return Route(arc.edge, self.path(steps + tip), self.point(self.start[r] - self.lead / 2, port[1]))

    @staticmethod
    def bend(steps: list[tuple], u: float, v: float, to_u: float, to_v: float, parting: float) -> None:
        if abs(to_v - v) < 0.3 and not parting:
            steps.append(("L", to_u, to_v))
        else:
            half = (to_u - u) * 0.55
            steps.append(("C", u + half, v + parting, to_u - half, to_v, to_u, to_v))

    def point(self, u: float, v: float) -> tuple[float, float]:
        if self.rankdir == "LR":
            return u, v
        if self.rankdir == "RL":
            return self.length - u, v
        return (v, u) if self.rankdir == "TB" else (v, self.length - u)

    def path(self, steps: list[tuple]) -> tuple[tuple, ...]:
        turned = []
        for name, *numbers in steps:
            points = [self.point(*numbers[i : i + 2]) for i in range(0, len(numbers), 2)]
            turned.append((name, *(c for p in points for c in p)))
        return tuple(turned)

    def place(self, u: float, v: float, du: float, dv: float) -> Place:
        (x0, y0), (x1, y1) = self.point(u, v - dv / 2), self.point(u + du, v + dv / 2)
        return Place(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
