"""What belongs to a node alone: everything whose every way to the root leads through it."""

from __future__ import annotations

from collections.abc import Sequence


class Dominators:
    """For each node of a graph the next node through which all ways from it to the root lead: a tree.

    `operands` gives, for each node in topological order, those of its operands; the last node is the root. `above` is
    the next such node (of the root itself, and of what the root does not need, -1), `depth` how far from the root it is
    in this tree.

    What is below a node in it is convex: no way leads out of it and in again. (Lengauer and Tarjan's dominators; in a
    graph without circles one pass from the root does, with the nearest common ancestor of a node's users.)

    >>> tree = Dominators([(), (0,), (0,), (1, 2)])
    >>> tree.above, tree.depth
    ([3, 3, 3, -1], [1, 1, 1, 0])
    """

    def __init__(self, operands: Sequence[Sequence[int]]) -> None:
        count = len(operands)
        self.above, self.depth = [-1] * count, [-1] * count
        self._jump = list(range(count))  # an ancestor farther up, so that a common one is found in few steps
        self.depth[-1] = 0
        for user in range(count - 1, -1, -1):
            if self.depth[user] < 0:
                above = self.above[user]
                if above < 0:
                    continue  # the root does not need it
                self._place(user, above)
            for i in operands[user]:
                self.above[i] = user if self.above[i] < 0 else self._meet(self.above[i], user)

    def _place(self, node: int, above: int) -> None:
        far = self._jump[above]
        equal = self.depth[above] - self.depth[far] == self.depth[far] - self.depth[self._jump[far]]
        self.depth[node], self._jump[node] = self.depth[above] + 1, self._jump[far] if equal else above

    def _meet(self, a: int, b: int) -> int:
        """The nearest common ancestor."""
        depth, jump, above = self.depth, self._jump, self.above
        if depth[a] < depth[b]:
            a, b = b, a
        while depth[a] > depth[b]:
            a = jump[a] if depth[jump[a]] >= depth[b] else above[a]
        while a != b:
            far = jump[a] != jump[b]
            a, b = (jump[a], jump[b]) if far else (above[a], above[b])
        return a
