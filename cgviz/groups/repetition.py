"""What repeats in a graph that nobody has marked: sums of many terms, branches that are alike, long chains."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph import Graph, Group
from ..graph.collector import uncollected
from ..graph.nesting import Nest
from .dominators import Dominators
from .sums import find_chains

ALIKE = 3
"""So many branches that are alike are one box."""
ABREAST = 12
"""Of more branches, and of longer chains, the box has parts, so that what unfolds is never much at once."""
ENDS, LONG = 3, 14
"""A chain of more than `LONG` operations keeps so many at either end; what is between is one box."""
FIRST_NUMBER = 1 << 24
"""Numbers of these groups begin here, far beyond those of groups that somebody marked."""
_ROLES = 16


def find_repetition(graph: Graph) -> Nest | None:
    """The groups of a graph that follow from its structure alone; ``None`` if nothing in it repeats.

    Chains of one operation such as ``+``, whose partial results nothing else uses, are a Σ of their terms. Results that
    the same nodes use, computed in the same way, are one box, "× 100". Of a long chain the middle is one.

    >>> from cgviz import Value, trace
    >>> x = Value(1.0, "x")
    >>> for _ in range(100): x = x.tanh()
    >>> [group.symbol for group in find_repetition(trace(x)).groups][:2]
    ['tanh × 94', 'tanh × 12']
    """
    with uncollected():
        return _Search(graph).nest()


def repetition_of(graph: Graph) -> Nest | None:
    """The same, worked out once for a graph."""
    known = vars(graph)
    if "repetition" not in known:
        known["repetition"] = find_repetition(graph)
    return known["repetition"]


class _Search:
    """Nodes stand here at the places that they have in the graph; of a sum only the last one is used."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sums = find_chains(graph)
        self.operands: list[tuple[int, ...]] = [node.operands for node in graph.nodes]
        for top, chain in self.sums.items():
            self.operands[top] = chain.operands
            for i in chain.inside:
                self.operands[i] = ()
        self.groups: list[Group] = []
        self.parents: list[int] = []
        self.innermost = [-1] * len(graph.nodes)
        self._taken: set[int] = set()
        self._placed: dict[int, int] = {}  # what a chain says of the place of its nodes, and of where it goes on
        self._old = graph.results or tuple((i,) for i in range(len(graph.nodes)))

    def nest(self) -> Nest | None:
        self._grow_tree()
        branches = self._find_branches()
        self._shorten(len(self.operands) - 1)
        for above in self.order:  # from the root down, so that a group comes before those in it
            alike: dict[tuple, list[int]] = {}
            for child in self.children.get(above, ()):
                place = self.innermost[child] = self._placed.get(child, self.innermost[above])
                if child in branches:
                    alike.setdefault((branches[child], place), []).append(child)
            for (_, place), same in alike.items():
                self._join(same, place)
        sums = {}
        for top, chain in self.sums.items():
            place = self._add(chain.symbol, top, 0, self.innermost[top])
            sums[self.groups[place].number] = chain
            for i in (top, *chain.inside):
                self.innermost[i] = place
        return Nest("structure", tuple(self.groups), self.parents, self.innermost, sums) if self.groups else None

    def _grow_tree(self) -> None:
        """Who dominates whom; in `order` a node comes after what dominates it, and `begin` and `end` tell it."""
        tree = Dominators(self.operands)
        self.children: dict[int, list[int]] = {}
        for i, above in enumerate(tree.above):
            if above >= 0:
                self.children.setdefault(above, []).append(i)
        self.users: list[list[int]] = [[] for _ in self.operands]
        for user, operands in enumerate(self.operands):
            for i in operands:
                self.users[i].append(user)
        self.order: list[int] = []
        stack = [len(self.operands) - 1]
        while stack:
            self.order.append(stack.pop())
            stack.extend(self.children.get(self.order[-1], ()))
        self._begin = [-1] * len(self.operands)
        self._size = [1] * len(self.operands)
        for place, i in enumerate(self.order):
            self._begin[i] = place
        for i in reversed(self.order[1:]):
            self._size[tree.above[i]] += self._size[i]
        shapes: dict[tuple, int] = {}
        self.shape: list[int] = []
        self.height: list[int] = []
        for node, operands in zip(self.graph.nodes, self.operands, strict=True):
            key = (node.op, node.kind, *(self.shape[i] for i in operands))
            self.shape.append(shapes.setdefault(key, len(shapes)))
            self.height.append(max((self.height[i] + 1 for i in operands), default=0))

    def _find_branches(self) -> dict[int, int]:
        """The branches that are alike, each with a number for all those."""
        found: dict[int, int] = {}
        for children in self.children.values():
            alike: dict[tuple, list[int]] = {}
            for i in children:
                if self.graph.nodes[i].operands:
                    alike.setdefault((self.shape[i], *dict.fromkeys(self.users[i])), []).append(i)
            for same in alike.values():
                if len(same) >= ALIKE:
                    found.update(dict.fromkeys(same, len(found)))
        self._branches = found
        return found

    def _join(self, same: Sequence[int], around: int) -> None:
        """Branches that are alike: one box, in it parts of them if they are many, in these each by itself."""
        top = self._add(f"{self._name(same[0])} × {len(same)}", same[0], 1, around)
        self._share(same, top, 2)
        for i in same:
            if self._holds_more(i):
                self.innermost[i] = self._add(self._name(i), i, 8, self.innermost[i])
                self._shorten(i)

    def _share(self, same: Sequence[int], around: int, role: int) -> None:
        if len(same) <= ABREAST:
            for i in same:
                self.innermost[i] = around
            return
        size = _part(len(same))
        for start in range(0, len(same), size):
            part = same[start : start + size]
            alone = len(part) == 1
            place = around if alone else self._add(f"{self._name(part[0])} × {len(part)}", part[0], role, around)
            self._share(part, place, role + 1)

    def _name(self, i: int) -> str:
        node = self.graph.nodes[i]
        name = self.sums[i].symbol if i in self.sums else node.op
        return name if node.folded or not self._holds_more(i) else f"… {name}"

    def _holds_more(self, i: int) -> bool:
        return any(self.graph.nodes[k].operands for k in self.children.get(i, ()))

    def _shorten(self, top: int) -> None:
        """Fold the middle of the chain below a node: of each link what it dominates and the next one does not."""
        spine = [top]
        while below := [k for k in self.children.get(spine[-1], ()) if self.operands[k] and k not in self._branches]:
            spine.append(max(below, key=lambda k: self.height[k]))
        if len(spine) > LONG:
            self._cut(spine[ENDS : len(spine) - ENDS + 1], self.innermost[top], 9)

    def _cut(self, spine: Sequence[int], around: int, role: int) -> None:
        """One group of the links of a chain, and in it parts; the last one is where the chain goes on."""
        *links, end = spine
        ops = {self.graph.nodes[i].op for i in links}
        word = ops.pop() if len(ops) == 1 else "chain"
        place = self._add(f"{word} × {len(links)}", links[0], role, around)
        inside, beyond = self._between(links[0], end)
        for i in inside:
            if role == 9 or self._placed.get(i) == around:
                self._placed[i] = place
        for i in beyond:
            self._placed.setdefault(i, around)
        if len(links) > ABREAST:
            size = _part(len(links))
            for start in range(0, len(links), size):
                part = spine[start : start + size + 1]
                if len(part) > 2:
                    self._cut(part, place, role + 1)

    def _between(self, first: int, end: int) -> tuple[list[int], list[int]]:
        """What `first` dominates and `end` does not need; and what it dominates, and `end` needs, of that `end` itself
        and not what it dominates.
        """
        region, stack = [], [first]
        while stack:
            i = stack.pop()
            region.append(i)
            stack.extend(k for k in self.children.get(i, ()) if k != end)
        needed = {end}
        last = self._begin[end] + self._size[end]
        for i in sorted(region, reverse=True):
            if any(k in needed or self._begin[end] <= self._begin[k] < last for k in self.users[i]):
                needed.add(i)
        return [i for i in region if i not in needed], list(needed)

    def _add(self, symbol: str, of: int, role: int, around: int) -> int:
        number = FIRST_NUMBER + _ROLES * self._old[of][-1] + min(role, _ROLES - 1)
        while number in self._taken:
            number += 1
        self._taken.add(number)
        self.groups.append(Group("structure", "", symbol, (), number))
        self.parents.append(around)
        return len(self.groups) - 1


def _part(count: int) -> int:
    """How many of so many go into a part, so that there are no more than `ABREAST` parts."""
    return max(-(-count // ABREAST), ABREAST if count <= ABREAST**2 else 0)
