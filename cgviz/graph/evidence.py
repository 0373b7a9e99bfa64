"""What the gradients of a class say for a row or against it: those on its edges, and those that `backward` has left."""

from __future__ import annotations

from ..ops.domain import FAILURES
from ..ops.op import Op
from . import Graph, Node
from .agreement import is_float, near

Candidate = tuple[Op, tuple[int, ...]]
"""A row that a node may be, and the node's operands in its order."""
MEETINGS = (-1.0, 0.0, 1.0)
"""Where many functions have the same number: log and log10 at 1, relu and a step at 0 and 1."""


class Evidence:
    """The local derivatives of one graph, by the rows and as its class has them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._users: list[int] | None = None

    def _locals(self, node: Node, candidate: Candidate) -> list[float] | None:
        """The local derivatives by a row, in its order of operands; ``None`` where it has none."""
        op, operands = candidate
        xs = [self.graph.nodes[i].data for i in operands]
        if not all(map(is_float, (node.data, *xs))):
            return None
        try:
            return [float(op.local_derivative(k, node.data, *map(float, xs))) for k in range(op.arity)]
        except (*FAILURES, TypeError):
            return None

    def agrees(self, node: Node, candidate: Candidate) -> bool:
        """Whether the edges carry the local gradients that this row gives."""
        found = self._locals(node, candidate)
        if found is None or len(node.local) != len(found) or not all(map(is_float, node.local)):
            return False
        given = dict(zip(node.operands, node.local, strict=True))
        return all(near(slope, float(given[i])) for slope, i in zip(found, candidate[1], strict=True))

    def are_alike(self, node: Node, good: list[Candidate]) -> bool:
        """Whether each operand has the same local derivative whichever row it is."""
        found = []
        for candidate in good:
            slopes = self._locals(node, candidate)
            if slopes is None:
                return False
            totals: dict[int, float] = {}
            for i, slope in zip(candidate[1], slopes, strict=True):
                totals[i] = totals.get(i, 0.0) + slope
            found.append(totals)
        return all(near(found[0][i], other[i]) for other in found[1:] for i in found[0])

    def contradicts(self, node: Node, op: Op) -> bool:
        """Whether the class has another slope, at a number where many functions meet, and no usual slip explains it."""
        x = self.graph.nodes[node.operands[0]]
        if not is_float(x.data) or float(x.data) not in MEETINGS:
            return False
        right = self._locals(node, (op, node.operands))
        if right is None or right[0] == 0.0:
            return False
        given = self._own_slope(node, x)
        return given is not None and not any(near(given, k * right[0]) for k in (-1, 0, 1, 2, 3))

    def differs(self, node: Node, op: Op) -> bool:
        """Whether the class has another slope than that of the row."""
        right, given = (
            self._locals(node, (op, node.operands)),
            self._own_slope(node, self.graph.nodes[node.operands[0]]),
        )
        return right is not None and given is not None and not near(given, right[0])

    def _own_slope(self, node: Node, x: Node) -> float | None:
        """∂node/∂x as the class has it: on the edge, or as the ratio of two gradients if nothing else uses x."""
        if node.local and is_float(node.local[0]):
            return float(node.local[0])
        if self._users is None:
            self._users = [0] * len(self.graph.nodes)
            for i in (i for user in self.graph.nodes for i in user.operands):
                self._users[i] += 1
        known = is_float(node.grad) and is_float(x.grad) and not node.stale and not x.stale
        return float(x.grad) / float(node.grad) if known and node.grad and self._users[x.index] == 1 else None
