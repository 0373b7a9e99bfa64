"""What is believed of the names of a graph's operations, where every node is evidence for the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from ..ops.aliases import OF_ARRAYS
from ..ops.domain import FAILURES
from ..ops.op import Op
from ..ops.rows import find, find_named
from ..text import shorten
from .agreement import digits, gives
from .doubt_sentences import Wording, has_twin
from .evidence import MEETINGS, Candidate, Evidence, meet
from .records import OUTDATED, Graph, Node, OwnRule

_FIELDS = attrgetter("op", "operands", "data", "ordered")


class Reading(NamedTuple):
    """The row of a node, ``None`` if none is believed, its operands in that row's order, and `why` there is no row."""

    op: Op | None
    operands: tuple[int, ...]
    why: str = ""


def by_name(symbol: str, operands: tuple[int, ...], ordered: bool = True) -> list[Candidate]:
    """The rows that a symbol may stand for with these operands, the likeliest first."""
    op = find(symbol, len(operands)) if operands else None
    found = [(op, operands)] if op else []
    if op and len(operands) == 2 and not op.commutes and operands[0] != operands[1]:
        found.append((op, operands[::-1]))
    if len(operands) == 1 and not ordered:
        twice = find(symbol, 2)
        if twice and twice.dunder:
            found.append((twice, operands * 2))
    return found


def certain(node: Node) -> Reading:
    """How a node is read that needs no evidence: what nothing has computed, a folded group, one that says its row."""
    if node.unread:
        return Reading(None, node.operands, f"'{shorten(node.name)}' stands as a leaf: {node.unread}")
    is_own = node.folded or isinstance(node.row, OwnRule)
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
            if _lacks(node):
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
                op = plain[kind] = _plain(*kind)
            if op is not None and y.__class__ is float and node.stale not in OUTDATED:
                x0, x1 = data[operands[0]], data[operands[-1]]
                if x0.__class__ is float and x1.__class__ is float and _is_plain_at(op, x0, x1):
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
        candidates = by_name(node.op, node.operands, node.ordered)
        if not candidates or node.stale in OUTDATED:
            return candidates, None
        nodes = self.graph.nodes
        fits = [gives(op, node.data, [nodes[i].data for i in operands]) for op, operands in candidates]
        return candidates, None if None in fits else [fit is True for fit in fits]

    def read(self, node: Node) -> Reading:
        if not node.operands or node.folded or is_sure(node):
            return certain(node)
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
        if _lacks(node):
            said = f"'{shorten(node.name)}' keeps one operand of {node.op!r}, which takes two"
            return self._refuse(node, f"{said}: its class has not recorded the other, a constant perhaps")
        if not candidates:
            return Reading(None, node.operands)
        if fits is None:
            return self._read_untested(node, candidates)
        good = [candidate for candidate, fit in zip(candidates, fits, strict=True) if fit]
        if not good:
            return self._refuse(node, self.words.mismatch(node, candidates))
        first = self.failed.get(_kind(node))
        if first is not None:
            return self._refuse(node, self.words.mismatch(first, self.tried[first.index][0]))
        return self._choose(node, good)

    def _read_untested(self, node: Node, candidates: list[Candidate]) -> Reading:
        first = self.failed.get(_kind(node))
        if first is not None:
            return self._refuse(node, self.words.mismatch(first, self.tried[first.index][0]))
        op, operands = candidates[0]
        if not node.ordered and len(candidates) > 1 and len(node.operands) == 2:
            said = f"'{shorten(node.name)}' keeps its operands in a set, which has no order"
            return self._refuse(node, f"{said}, and without its number there is no telling which comes first")
        return Reading(op, operands)

    def _choose(self, node: Node, good: list[Candidate]) -> Reading:
        """Of the rows that give the number the one that is believed."""
        op, operands = good[0]
        name, x = f"'{shorten(node.name)}'", self.words.name(node.operands[0])
        if len(good) > 1 and node.ordered:
            turned = self._is_turned(node, good)
            if turned is None:
                written = " and ".join(self.words.written(one) for one in good)
                said = f"{name} is {written} alike, and its class may write its operands either way"
                return self._refuse(node, f"{said}: there is no telling which of the two it is")
            op, operands = good[turned]
        elif len(good) > 1:
            decided = [one for one in good if self.evidence.agrees(node, one)]
            if len(decided) != 1 and not self.evidence.are_alike(node, good):
                written = " and ".join(self.words.written(one) for one in good)
                said = f"{name} keeps its operands in a set, and {written} both give its number"
                return self._refuse(node, f"{said}: there is no telling which of the two it is")
            op, operands = decided[0] if len(decided) == 1 else good[0]
        alone = len(node.operands) == 1
        if len(operands) > len(node.operands):
            return self._judge_twice(node, (op, operands))
        if not alone and (other := self.evidence.contradicts_both(node, (op, operands))):
            said = f"{name} is {digits(node.data)}, as {self.words.written((op, operands))} is"
            said = f"{said}, and its class has the gradients of {self.words.written((other, operands))}"
            return self._refuse(node, said, (op, operands))
        if alone and self.drops is not None and find(node.op, 2):
            return self._refuse(node, self._lost_besides(node))
        if alone and has_twin(node) and self.evidence.differs(node, op):
            said = (
                f"{name} is {digits(node.data)}, as {self.words.written((op, operands))} is, and its class has another"
            )
            said = f"{said} gradient: perhaps it has not recorded another operand, a constant"
            return self._refuse(node, said, None if node.ordered else (op, operands))
        if alone and self.evidence.contradicts(node, op):
            said = f"{name} is {digits(node.data)}, as many functions are at {x} = {self.words.data(node.operands[0])}"
            return self._refuse(node, f"{said}, and its class has another gradient than that of {op.name}")
        return Reading(op, operands)

    def _judge_twice(self, node: Node, candidate: Candidate) -> Reading:
        """Whether one operand in a set was used twice: only gradients of the class tell it from a constant."""
        found = self.evidence.twice(node, candidate)
        if found or (found is None and self.evidence.is_decisive(node, candidate) and self._holds({})):
            return Reading(*candidate)
        if self.drops is not None:
            return self._refuse(node, self._lost_besides(node))
        op, x = candidate[0], node.operands[0]
        square = f"{self.words.name(x)} {op.symbol} {self.words.name(x)}"
        said = f"'{shorten(node.name)}' keeps one operand in a set, and is {square}"
        other = f"a constant of {self.words.data(x)} that its class has not recorded"
        which = "its gradient is that of the constant"
        if found is None:
            early = node.has_grad and self.graph.root.grad is None
            which = f"there is no telling which of the two it is{', before backward() has run' if early else ''}"
        return self._refuse(node, f"{said}, or was computed with {other}: {which}", candidate)

    def _lost_besides(self, node: Node) -> str:
        said = f"'{shorten(self.drops.name if self.drops else node.name)}' shows that its class does not record every"
        name, x = shorten(node.name), self.words.name(node.operands[0])
        return f"{said} operand, so there is no telling what '{name}' was computed from besides {x}"

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


def _plain(symbol: str, count: int, ordered: bool) -> Op | None:
    """The row that such a node is, unless others are against it, if its number is exactly what the row gives.

    None where more than the number has to be asked: of a set what comes first, of ``-`` whether it took two.
    """
    op = find(symbol, count) if count <= 2 else None
    if op is None or (count == 1 and (not ordered or find(symbol, 2))):
        return None
    return op if ordered or op.commutes else None


def _is_plain_at(op: Op, x: float, y: float) -> bool:
    """Whether no other operation of the table, and not the other order, is expected to give the same number here."""
    return not meet(x, y) and op.dunder != "pow" if op.arity == 2 else x not in MEETINGS


def _kind(node: Node) -> tuple:
    """What nodes have in common whose rows are believed or doubted together."""
    return node.op, len(node.operands), node.ordered


def is_sure(node: Node) -> bool:
    """Whether the engine has said which row has computed a node (and the record has not been changed since)."""
    return node.row is not None and node.row.symbol == node.op


def is_of_arrays(graph: Graph, node: Node) -> bool:
    """Whether a node's name is that of an operation on arrays, and no other name of one on numbers."""
    count = len(node.operands)
    if node.op not in OF_ARRAYS or find_named(node.op, count) is not None:
        return False
    shapes = (getattr(x.data, "shape", ()) for x in (node, *(graph.nodes[i] for i in node.operands)))
    return any(shapes) or (count == 1 and find(node.op, 1) is None)


def _lacks(node: Node) -> bool:
    """Whether a tuple or list holds one operand of an operation that always takes two."""
    one = len(node.operands) == 1 and node.ordered and bool(node.op) and not node.folded
    return one and find(node.op, 1) is None and (twice := find(node.op, 2)) is not None and bool(twice.dunder)
