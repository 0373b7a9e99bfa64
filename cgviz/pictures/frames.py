"""The frames of a film: a graph after each step of forward and backward, and what moves along its edges meanwhile.

A frame is plain data, made of the shapes of a `Scene`. In the forward pass a dot carries each operand's value to the
operation. In the backward pass it leaves with the upstream gradient, is multiplied on its way by the local
derivative, which stands on the edge, and what arrives is added in the box.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..chain_rule.stepping import Backward, Forward, Steps
from ..graph import Graph, Node
from ..graph.agreement import is_number
from ..text import typeset
from .drawn_shapes import Group, Path, Rect, Scene, Text, cut_tip, edge_of
from .layout.sizes import text_width
from .scene import MARGIN
from .slots import Slot, edge_id, short, slots

WAY = 6
"""So many frames show a dot on its way."""
MOVES, RESTS, READS, ENDS = 80, 1300, 1600, 4000
"""How long a frame is seen, in milliseconds: while a dot moves, after forward, after backward, and the last one."""
LINE, SIZE = 22.0, 15
"""The height of a line of the sentence below the picture, and the size of its letters."""

Shape = Rect | Path | Text
Point = tuple[float, float]


class Frame(NamedTuple):
    """What stands in the slots, the shapes that are lit and those that move, and how long it is seen (ms).

    The sentence below the picture is among the lit ones. A frame is `still` after a step, when nothing moves. `gone`
    are the edges for which lit ones stand: below a line that goes backward its own arrowhead would look out.
    """

    numbers: Mapping[str, Slot]
    lit: tuple[Shape, ...]
    moving: tuple[Shape, ...]
    duration: int
    still: bool
    gone: frozenset[str] = frozenset()


class Reel:
    """The frames of the steps of a graph, and the scene on which they are drawn."""

    def __init__(self, graph: Graph, steps: Steps, static: Scene) -> None:
        self.graph, self.steps = graph, steps
        self.paths = {
            edge_of(thing): thing.steps
            for thing in static.groups
            if isinstance(thing, Path) and edge_of(thing) and thing.steps
        }
        self.near = {
            shape.slot.removesuffix(".local"): shape
            for thing in static.groups
            if isinstance(thing, Group)
            for shape in thing.shapes
            if isinstance(shape, Text) and shape.slot.endswith(".local")
        }
        self.width = max(static.width, 480.0)
        self.lines = [_wrap(typeset(step.text), self.width - 2 * MARGIN) for step in steps]
        self.top = static.height
        low = max(map(len, self.lines), default=1)
        self.scene = static._replace(width=self.width, height=static.height + (low + 1) * LINE + MARGIN)

    def frames(self) -> Iterator[Frame]:
        """Every frame, the first before any step and the last with all numbers."""
        numbers = self._numbers(0)
        yield Frame(numbers, self._sentence("forward", ("values flow from the leaves to the output",)), (), RESTS, True)
        for k, step in enumerate(self.steps):
            way = "forward" if isinstance(step, Forward) else "backward"
            keys = self._edges(step)
            gone = frozenset(keys)
            lit = (*(shape for key in keys for shape in self._light(key, step)), *self._sentence(way, self.lines[k]))
            for n in range(1, WAY + 1 if keys else 1):
                yield Frame(numbers, lit, tuple(self._dots(keys, step, n / WAY)), MOVES, False, gone)
            numbers = self._numbers(k + 1)
            last = k == len(self.steps) - 1
            yield Frame(numbers, lit, (), ENDS if last else RESTS if way == "forward" else READS, True, gone)

    def _sentence(self, way: str, lines: Sequence[str]) -> tuple[Text, ...]:
        """The pass and the step's own sentence, below the picture."""
        y = self.top + SIZE
        word = "forward pass →" if way == "forward" else "← backward pass"
        return (
            Text(MARGIN, y, word, f"cg-text cg-pass-{way}", "start"),
            *(Text(MARGIN, y + k * LINE, line, "cg-text cg-sentence", "start") for k, line in enumerate(lines, 1)),
        )

    def _edges(self, step: Forward | Backward) -> list[str]:
        """The edges that a step goes along, as far as they are drawn."""
        if isinstance(step, Forward):
            found = [edge for edge in self.graph.edges if edge.target == step.node]
        else:
            every = [edge for edge in self.graph.edges if (edge.source, edge.target) == (step.node, step.user)]
            found = [edge for edge in every if edge.position == step.position] or every
        keys = map(edge_id, found)
        return [key for key in keys if key in self.paths]

    def _numbers(self, k: int) -> dict[str, Slot]:
        """The slots after k steps: what is not computed yet is said so, and edges gone along have their number."""
        late = {step.node for step in self.steps[k:] if isinstance(step, Forward)}
        grads = {step.node: step for step in self.steps[:k] if isinstance(step, Backward)}
        gone = [step for step in self.steps[: max(k - 1, 0)] if isinstance(step, Backward)]  # the last one is lit
        done = {key for step in gone for key in self._edges(step)}

        def moment(node: Node) -> Node:
            grad = grads[node.index].after if node.index in grads else None
            return node._replace(data=None if node.index in late else node.data, grad=grad, stale="")

        found = slots(self.graph._replace(nodes=tuple(map(moment, self.graph.nodes))))
        for key, slot in found.items():
            if key.endswith(".local") and key.removesuffix(".local") not in done:
                found[key] = slot._replace(text="")
        for i, step in grads.items():
            if not step.complete and is_number(step.after) and f"{i}.grad" in found:
                sum_so_far = typeset(short(step.after))
                found[f"{i}.grad"] = Slot(sum_so_far + (" + …" if len(sum_so_far) < 7 else "…"), "cg-grad cg-none", "")
        return found

    def _light(self, key: str, step: Forward | Backward) -> list[Shape]:
        """The edge in the colour of the pass; backward with its arrow turned round, and with what it multiplies by."""
        steps = self.paths[key]
        if isinstance(step, Forward):
            return [Path(steps, "cg-forward")]
        line = cut_tip(steps)
        (x, y), (x2, y2) = at(line, 0.0), at(line, 0.06)
        angle = math.atan2(y2 - y, x2 - x)
        ends = [(x + 8 * math.cos(angle + turn), y + 8 * math.sin(angle + turn)) for turn in (0.5, -0.5)]
        shapes: list[Shape] = [Path((*line, ("M", *ends[0]), ("L", x, y), ("L", *ends[1])), "cg-backward")]
        if key in self.near and is_number(step.local):
            place = self.near[key]
            shapes.append(
                place._replace(text=typeset(f"× {short(step.local)}"), style="cg-text cg-moving-backward", slot="")
            )
        return shapes

    def _dots(self, keys: list[str], step: Forward | Backward, share: float) -> list[Shape]:
        """A dot on each edge, on its way, with the number that it carries there."""
        way = "forward" if isinstance(step, Forward) else "backward"
        papers, dots, texts = [], [], []
        for n, key in enumerate(sorted(keys, key=lambda key: at(cut_tip(self.paths[key]), 1.0)[1])):
            line = cut_tip(self.paths[key])
            if isinstance(step, Forward):
                number = self.graph.nodes[int(key.split("-")[0])].data
                x, y = at(line, share)
            else:
                number = step.upstream if share < 0.5 else step.contribution
                x, y = at(line, 1 - share)
            dots.append(Rect(x - 5, y - 5, 10, 10, 5, f"cg-dot-{way}"))
            if number is None:
                continue
            text = typeset(short(number))
            low = y - 25 if n == 0 and len(keys) > 1 else y + 9  # of two lines the upper has its number above
            width = text_width(text, 13, bold=True) + 6
            papers.append(Rect(x - width / 2, low, width, 17, 4, "cg-paper"))
            texts.append(Text(x, low + 13, text, f"cg-text cg-moving-{way}"))
        return [*papers, *dots, *texts]


def still(static: Scene, frame: Frame) -> Scene:
    """A frame as a scene of its own: for a picture of one step."""
    stays = (thing for thing in static.groups if edge_of(thing) not in frame.gone)
    return static._replace(groups=(*stays, Group("cg-motion", (*frame.lit, *frame.moving))))


def at(steps: tuple[tuple, ...], share: float) -> Point:
    """The point at a share of the length of a path of lines and cubic curves.

    >>> at((("M", 0, 0), ("L", 10, 0)), 0.25)
    (2.5, 0.0)
    """
    points = _points(steps)
    lengths = [math.dist(a, b) for a, b in pairwise(points)]
    left = share * sum(lengths)
    for (a, b), length in zip(pairwise(points), lengths, strict=True):
        if left <= length and length:
            t = left / length
            return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
        left -= length
    return points[-1]


def _points(steps: tuple[tuple, ...]) -> list[Point]:
    """The path as a chain of short lines."""
    points: list[Point] = []
    for name, *numbers in steps:
        ends = [(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        if name != "C":
            points.append(ends[0])
            continue
        corners = [points[-1], *ends]
        for k in range(1, 13):
            t = k / 12
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
            points.append(tuple(sum(w * c[axis] for w, c in zip(weights, corners, strict=True)) for axis in (0, 1)))  # type: ignore[arg-type]
    return points


def _wrap(text: str, width: float) -> tuple[str, ...]:
    """A sentence in lines that fit, broken before an equals sign where it can be; at most three, then it is cut.

    >>> _wrap("a = b = c", 50)
    ('a = b', '= c')
    """
    lines, line = [], ""
    for part in text.replace(" = ", "\n= ").split("\n"):
        longer = f"{line} {part}".strip()
        if line and text_width(longer, SIZE) > width:
            lines.append(line)
            longer = part
        line = longer
    lines.append(line)
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2]} …"]
    most = int(width / (SIZE * 0.5))
    return tuple(line if len(line) <= most else line[: most - 1] + "…" for line in lines)
