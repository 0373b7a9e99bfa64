"""What the gradients of a class say for a row or against it: those on its edges, and those that `backward` has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ops.domain import FAILURES
from ..ops.op import OPS, Op
from .agreement import gives, is_float, near
from .candidates import MEETINGS, Candidate, meet
from .records import Graph, Node

SLIPS = (-1, 0, 1, 2, 3)
"""What a wrong rule often has times the right slope: a sign lost, nothing, or a contribution counted again."""


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
        given = self._own_slope(node, 0)
        return given is not None and not any(near(given, k * right[0]) for k in SLIPS)

    def contradicts_both(self, node: Node, candidate: Candidate) -> Op | None:
        """The other row of two operands whose number and slopes a class has, where no usual slip of this one does."""
        op, operands = candidate
        xs = [self.graph.nodes[i].data for i in operands]
        if operands[0] == operands[1] or not all(map(is_float, xs)) or not meet(*map(float, xs)):
            return None
        right = self._locals(node, candidate)
        own = [self._own_slope(node, node.operands.index(i)) for i in operands]
        if right is None or own == [None, None]:
            return None
        if all(self._is_explained(node, right, k, slope) for k, slope in enumerate(own) if slope is not None):
            return None
        for other in OPS.values():
            if other.arity == 2 and other is not op and gives(other, node.data, xs):
                slopes = self._locals(node, (other, operands))
                if slopes and all(s is None or near(s, slope) for s, slope in zip(own, slopes, strict=True)):
                    return other
        return None

    def _is_explained(self, node: Node, right: list[float], k: int, slope: float) -> bool:
        """Whether a slope is the right one of operand k, or one that a usual slip makes of it."""
        without_upstream = is_float(node.grad) and near(slope * float(node.grad), right[k])
        return without_upstream or near(slope, right[1 - k]) or any(near(slope, n * right[k]) for n in SLIPS)

    def twice(self, node: Node, candidate: Candidate) -> bool | None:
        """Whether the one operand in a set was used twice, and not once beside a constant of the same number.

        ``None`` where the class has no slope that tells. A constant leaves the slope of one use alone.
        """
        right, slope = self._locals(node, candidate), self._own_slope(node, 0)
        if right is None or slope is None or not self.is_decisive(node, candidate):
            return None
        if any(near(slope, one) for one in right):
            return False
        without_upstream = is_float(node.grad) and near(slope * float(node.grad), sum(right))
        return True if without_upstream or any(near(slope, k * sum(right)) for k in (-1, 1, 2, 3)) else None

    def is_decisive(self, node: Node, candidate: Candidate) -> bool:
        """Whether the slope of two uses is another than that of either alone, as it is not for ``a * a`` at 0."""
        right = self._locals(node, candidate)
        return right is not None and not any(near(sum(right), one) for one in right)

    def holds(self, choice: Mapping[int, Candidate]) -> bool:
        """Whether every gradient that the class has is the one that these rows give, down to the leaves.

        This tells where an operand has other uses besides, so that no slope of the class's is seen alone.
        """
        nodes = self.graph.nodes
        if any(node.stale for node in nodes) or not is_float(nodes[-1].grad) or not near(nodes[-1].grad, 1.0):
            return False
        totals = [0.0] * len(nodes)
        totals[-1] = 1.0
        for node in reversed(nodes):
            if not node.operands:
                continue
            slopes = self._locals(node, choice[node.index]) if node.index in choice else None
            if slopes is None:
                return False
            for i, slope in zip(choice[node.index][1], slopes, strict=True):
                totals[i] += totals[node.index] * slope
        known = [node for node in nodes[:-1] if is_float(node.grad)]
        return bool(known) and all(near(totals[node.index], float(node.grad)) for node in known)

    def compare_flows(
        self, straight: Mapping[int, Candidate], turned: Mapping[int, Candidate], asked: Sequence[int]
    ) -> dict[int, bool | None]:
        """Whether these nodes stand the other way round, by what flows to their operands from the class's gradients.

        An operand is evidence where the rows of all its users are known. ``None`` is where those that are speak for
        the other way, and one is not.
        """
        users: dict[int, set[int]] = {}
        for node in self.graph.nodes:
            for i in node.operands:
                users.setdefault(i, set()).add(node.index)
        found: dict[int, bool | None] = {}
        for index in asked:
            operands = self.graph.nodes[index].operands
            seen = [self._flows(i, users[i], straight, turned) for i in operands]
            if (False, True) in seen and not any(pair and pair[0] for pair in seen):
                found[index] = True if all(pair == (False, True) for pair in seen) else None
        return found

    def _flows(
        self, i: int, users: set[int], straight: Mapping[int, Candidate], turned: Mapping[int, Candidate]
    ) -> tuple[bool, bool] | None:
        """Whether the gradient of a node is what flows to it, either way; ``None`` where that cannot be told."""
        nodes = self.graph.nodes
        if not is_float(nodes[i].grad) or not all(is_float(nodes[k].grad) for k in users):
            return None
        agrees = []
        for choice in (straight, turned):
            total = 0.0
            for k in users:
                slopes = self._locals(nodes[k], choice[k]) if k in choice else None
                if slopes is None:
                    return None
                mine = sum(slope for x, slope in zip(choice[k][1], slopes, strict=True) if x == i)
                total += float(nodes[k].grad) * mine
            agrees.append(near(total, float(nodes[i].grad)))
        return agrees[0], agrees[1]

    def differs(self, node: Node, op: Op) -> bool:
        """Whether the class has another slope than that of the row."""
        right, given = self._locals(node, (op, node.operands)), self._own_slope(node, 0)
        return right is not None and given is not None and not near(given, right[0])

    def _own_slope(self, node: Node, k: int) -> float | None:
        """The slope in operand k as the class has it: on the edge, or as the ratio of two gradients of nothing else."""
        x = self.graph.nodes[node.operands[k]]
        if node.local and is_float(node.local[k]):
            return float(node.local[k])
        if self._users is None:
            self._users = [0] * len(self.graph.nodes)
            for i in (i for user in self.graph.nodes for i in user.operands):
                self._users[i] += 1
        known = is_float(node.grad) and is_float(x.grad) and not node.stale and not x.stale
        return float(x.grad) / float(node.grad) if known and node.grad and self._users[x.index] == 1 else None
