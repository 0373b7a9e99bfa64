"""What is believed of the names of a graph's operations, where every node is evidence for the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from ..ops.domain import FAILURES
from ..ops.op import Op
from ..ops.rows import find
from ..text import shorten
from .agreement import gives
from .candidates import (
    Candidate,
    find_candidates,
    find_plain,
    has_twin,
    is_of_arrays,
    is_plain_at,
    is_sure,
    lacks_operand,
)
from .doubt_sentences import Wording
from .evidence import Evidence
from .records import OUTDATED, Graph, Node, OwnRule

_FIELDS = attrgetter("op", "operands", "data", "ordered")


class Reading(NamedTuple):
    """The row of a node, ``None`` if none is believed, its operands in that row's order, and `why` there is no row."""

    op: Op | None
    operands: tuple[int, ...]
    why: str = ""


def read_without_evidence(node: Node) -> Reading:
    """How a node is read that needs no evidence: what nothing has computed, a folded group, one that says its row.

    A group that is folded has a row where it is one sum or product, and else none.
    """
    if node.unread:
        return Reading(None, node.operands, f"'{shorten(node.name)}' stands as a leaf: {node.unread}")
    is_own = isinstance(node.row, OwnRule)
    return Reading(node.row if node.operands and not is_own else None, node.operands)


class Reader:
    """Reads the nodes of one graph: tries every row first, and then judges each node by what all of them show."""

    def __init__(self, graph: Graph, nodes: Sequence[Node]) -> None:
        self.graph, self.nodes, self.evidence, self.words = graph, nodes, Evidence(graph), Wording(graph)
        self.known: dict[int, Reading] = {}
        asked = self._select_nodes()
        self.tried = {node.index: self._try(node) for node in asked}
        self.failed: dict[tuple, Node] = {}
        self.turned: set[tuple] = set()
        self.drops: Node | None = None
        self._turns: bool | None = None
        self._either: dict[int, bool | None] = {}
        self.likely: dict[int, Candidate] = {}
        for node in asked:
            candidates, fits = self.tried[node.index]
            if lacks_operand(node):
                self.drops = self.drops or node
            elif candidates and fits is not None and not any(fits):
                self.failed.setdefault(_kind(node), node)
                if len(node.operands) == 1 and candidates[-1][0].arity == 2:
                    self.drops = self.drops or node
            elif fits == [False, True] and node.ordered:
                self.turned.add(_kind(node))

    def _select_nodes(self) -> list[Node]:
        """The nodes that are to be tried; a node is `exact` that plainly is what its name says, as most nodes are."""
        self.exact: dict[int, Op] = {}
        plain: dict[tuple, Op | None] = {}
        data = [node.data for node in self.graph.nodes]
        asked = []
        # Without a call or a list for each node: large graphs are read here.
        for node, (symbol, operands, y, ordered) in zip(self.nodes, map(_FIELDS, self.nodes), strict=True):
            if not operands or node.folded or (node.row is not None and is_sure(node)):
                continue
            kind = symbol, len(operands), ordered
            try:
                op = plain[kind]
            except KeyError:
                op = plain[kind] = find_plain(*kind)
            if op is not None and y.__class__ is float and node.stale not in OUTDATED:
                x0, x1 = data[operands[0]], data[operands[-1]]
                if x0.__class__ is float and x1.__class__ is float and is_plain_at(op, x0, x1):
                    try:
                        if y == (op.number(x0, x1) if len(operands) == 2 else op.number(x0)):
                            self.exact[node.index] = op
                            continue
                    except FAILURES:
                        pass
            asked.append(node)
        return asked

    def uncertain(self) -> Iterator[Node]:
        """The nodes that may be in doubt."""
        for node in self.nodes:
            if node.unread or node.index in self.tried or (node.index in self.exact and not self._is_exact(node)):
                yield node

    def _is_exact(self, node: Node) -> bool:
        """Whether a node that has exactly the number of its row is that row: unless others of its kind are not."""
        return node.index in self.exact and _kind(node) not in self.failed and _kind(node) not in self.turned

    def _try(self, node: Node) -> tuple[list[Candidate], list[bool] | None]:
        """The rows that a node may be, and which of them give its number; ``None`` where that cannot be told."""
        candidates = find_candidates(node.op, node.operands, node.ordered)
        if not candidates or node.stale in OUTDATED:
            return candidates, None
        nodes = self.graph.nodes
        fits = [gives(op, node.data, [nodes[i].data for i in operands]) for op, operands in candidates]
        return candidates, None if None in fits else [fit is True for fit in fits]

    def read(self, node: Node) -> Reading:
        if not node.operands or node.folded or is_sure(node):
            return read_without_evidence(node)
        if is_of_arrays(self.graph, node):
            return Reading(None, node.operands)
        if self._is_exact(node):
            return Reading(self.exact[node.index], node.operands)
        if node.index not in self.known:
            self.known[node.index] = self._judge(node)
        return self.known[node.index]

    def _judge(self, node: Node) -> Reading:
        """What is believed of a node, by all that has been tried."""
        if node.index in self.exact:
            self.tried[node.index] = self._try(node)
        candidates, fits = self.tried[node.index]
        if lacks_operand(node):
            return self._refuse(node, self.words.one_of_two(node))
        if not candidates:
            return Reading(None, node.operands)
        if fits is not None and not any(fits):
            return self._refuse(node, self.words.mismatch(node, candidates))
        first = self.failed.get(_kind(node))
        if first is not None:
            return self._refuse(node, self.words.mismatch(first, self.tried[first.index][0]))
        if fits is None:
            return self._read_untested(node, candidates)
        return self._choose(node, [candidate for candidate, fit in zip(candidates, fits, strict=True) if fit])

    def _read_untested(self, node: Node, candidates: list[Candidate]) -> Reading:
        """By the name alone, where there is no number to compare."""
        op, operands = candidates[0]
        if not node.ordered and len(candidates) > 1 and len(node.operands) == 2:
            return self._refuse(node, self.words.set_without_number(node))
        return Reading(op, operands)

    def _choose(self, node: Node, good: list[Candidate]) -> Reading:
        """Of the rows that give the number the one that is believed."""
        op, operands = good[0]
        if len(good) > 1 and node.ordered:
            turned = self._is_turned(node, good)
            if turned is None:
                return self._refuse(node, self.words.either_way(node, good))
            op, operands = good[turned]
        elif len(good) > 1:
            decided = [one for one in good if self.evidence.agrees(node, one)]
            if len(decided) != 1 and not self.evidence.are_alike(node, good):
                return self._refuse(node, self.words.either_in_set(node, good))
            op, operands = decided[0] if len(decided) == 1 else good[0]
        alone = len(node.operands) == 1
        if len(operands) > len(node.operands):
            return self._judge_twice(node, (op, operands))
        if not alone and (other := self.evidence.contradicts_both(node, (op, operands))):
            return self._refuse(node, self.words.gradients_of_another(node, (op, operands), other), (op, operands))
        if alone and self.drops is not None and find(node.op, 2):
            return self._refuse(node, self.words.lost_besides(node, self.drops))
        if alone and has_twin(node) and self.evidence.differs(node, op):
            said = self.words.gradient_of_two(node, (op, operands))
            return self._refuse(node, said, None if node.ordered else (op, operands))
        if alone and self.evidence.contradicts(node, op):
            return self._refuse(node, self.words.meeting(node, op))
        return Reading(op, operands)

    def _judge_twice(self, node: Node, candidate: Candidate) -> Reading:
        """Whether one operand in a set was used twice: only gradients of the class tell it from a constant."""
        found = self.evidence.twice(node, candidate)
        if found or (found is None and self.evidence.is_decisive(node, candidate) and self._holds({})):
            return Reading(*candidate)
        if self.drops is not None:
            return self._refuse(node, self.words.lost_besides(node, self.drops))
        return self._refuse(node, self.words.square_or_constant(node, candidate[0], found is not None), candidate)

    def _is_turned(self, node: Node, good: list[Candidate]) -> bool | None:
        """Whether an ordered pair, of which both orders give the number, stands the other way round.

        ``None`` where others of its kind stand either way, or gradients of the class speak for it, and not all.
        """
        if _kind(node) in self.turned:
            return None if self._has_straight(node) else True
        if node.local:
            return [self.evidence.agrees(node, one) for one in good] == [False, True]
        if self._turns is None:
            other = {i: candidates[1] for i, (candidates, fits) in self.tried.items() if self._is_open(i, fits)}
            self._turns = not self._holds({}) and self._holds(other)
            self._either = self.evidence.compare_flows(self._choose_all({}), self._choose_all(other), list(other))
        return True if self._turns else self._either.get(node.index, False)

    def _has_straight(self, node: Node) -> bool:
        """Whether another node of the same kind stands as it is written, and plainly so."""
        others = (other for other in self.nodes if other.operands and _kind(other) == _kind(node))
        return any(self._try(other)[1] == [True, False] for other in others)

    def _is_open(self, i: int, fits: list[bool] | None) -> bool:
        node = self.graph.nodes[i]
        return fits == [True, True] and node.ordered and len(node.operands) == 2

    def _holds(self, other: dict[int, Candidate]) -> bool:
        """Whether all gradients of the class are those of the rows that give the numbers, `other` for some of them."""
        return self.evidence.holds(self._choose_all(other))

    def _choose_all(self, other: dict[int, Candidate]) -> dict[int, Candidate]:
        """The row of each node that gives its number, `other` for some of them, once `backward` has run."""
        choice: dict[int, Candidate] = {}
        for node in self.graph.nodes if self.graph.root.grad is not None else ():
            if isinstance(node.row, OwnRule):
                continue
            if node.row is not None and is_sure(node):
                choice[node.index] = node.row, node.operands
            elif node.index in self.exact:
                choice[node.index] = self.exact[node.index], node.operands
            elif node.index in self.tried:
                candidates, fits = self.tried[node.index]
                good = [one for one, fit in zip(candidates, fits or (), strict=False) if fit]
                if good:
                    choice[node.index] = good[-1] if _kind(node) in self.turned else good[0]
        return {**choice, **other}

    def _refuse(self, node: Node, why: str, likely: Candidate | None = None) -> Reading:
        if likely is not None:
            self.likely[node.index] = likely
        return Reading(None, node.operands, why)


def _kind(node: Node) -> tuple:
    """What nodes have in common whose rows are believed or doubted together."""
    return node.op, len(node.operands), node.ordered
