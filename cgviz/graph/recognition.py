"""Which row of the table a node is: the one place where it is decided whether an operation's name is believed.

A name proves nothing. A class may call ``log`` what is log10, keep its operands in a set, which has no order, or leave
constants out of its records. So a row is used only where it *gives the node's number*:

- Of two operands both orders are tried. Where exactly one gives the number, that is the order, also for a tuple whose
  class writes it the other way round. Where both do: a tuple or list is taken as it is written, unless another node of
  the same operation stands the other way round, or all gradients of the class are those of the other way; of a set
  there is no telling (``a - b`` where a equals b), unless the local gradients that its edges carry decide, or the order
  makes no difference.
- One operand of an operation that takes two: a set has lost the second of ``a * a``, so that is tried. Its number
  cannot be told from that of ``a * 3`` at a = 3 of a class that leaves out constants, so only gradients of the class
  are believed about it. A tuple or list would have kept both, so there a constant is missing, and no row fits; only
  ``-`` has a row of one operand too, which ``a - c`` without its c fits where c is 2a.
- A number proves little more: another function that gives the same at this one place is taken for the name's.
- A row that does not give the number of one node is not believed for any other node of the same name in the graph,
  for 0 = log(1) is also 0 = log10(1). Where many functions meet (one operand at -1, 0 or 1, two that are equal), the
  gradients that the class has, or has put on its edges, may contradict the row too.
- An engine that says itself which row has computed a node (`Node.row`) is believed: it has the row, and not its name.
- Numbers are compared as exactly as the class keeps them (float32, rounded to some places). Where a number is not there
  to be compared (not computed yet, not kept by the engine) or is known to be stale, the name is taken at its word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from ..ops.aliases import OF_ARRAYS
from ..ops.domain import FAILURES
from ..ops.formula import is_sign
from ..ops.op import Op
from ..ops.rows import find, find_named
from ..text import shorten
from .agreement import digits, gives, is_number
from .doubt_sentences import Wording, has_twin
from .evidence import MEETINGS, Candidate, Evidence, meet
from .records import OUTDATED, Graph, Node, outdated

_FIELDS = attrgetter("op", "operands", "data", "ordered")


class Reading(NamedTuple):
    """The row of a node, ``None`` if none is believed, its operands in that row's order, and `why` there is no row."""

    op: Op | None
    operands: tuple[int, ...]
    why: str = ""


def operation(graph: Graph, node: Node) -> tuple[Op | None, tuple[int, ...]]:
    """The row that is believed for a node, ``None`` if there is none, and its operands in that row's order.

    A class that keeps its operands in a set has one left of ``a * a``: it is counted twice here, while the picture
    shows the one edge that the class has kept.

    >>> from cgviz.graph import Graph, Node
    >>> a, b = Node(0, "a", "", 5.0, None, "leaf", ()), Node(1, "b", "", 3.0, None, "leaf", ())
    >>> y = Node(2, "y", "-", -2.0, None, "operation", (0, 1), ordered=False)
    >>> operation(Graph((a, b, y), ()), y)
    (<operation sub>, (1, 0))
    """
    found = _of(graph, node)
    return found.op, found.operands


def likely(graph: Graph, node: Node) -> tuple[Op | None, tuple[int, ...]]:
    """The same by the numbers alone: for checks, which try a row by small steps, of a class whose gradients are wrong.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 3.0, None, "leaf", ())
    >>> y = Node(1, "y", "*", 9.0, None, "operation", (0,), ordered=False)
    >>> operation(Graph((a, y), ()), y), likely(Graph((a, y), ()), y)
    ((None, (0,)), (<operation mul>, (0, 0)))
    """
    found = _of(graph, node)
    if found.op is None and node.index < len(graph.nodes) and graph.nodes[node.index] is node:
        return _reader(graph).likely.get(node.index, (None, found.operands))
    return found.op, found.operands


def doubt(graph: Graph, node: Node) -> str:
    """Why the operation of a node is not believed to be what its name says; ``""`` if it is, or has no known name.

    >>> from cgviz.graph import Graph, Node
    >>> x, y = Node(0, "x", "", 100.0, None, "leaf", ()), Node(1, "y", "log", 2.0, None, "operation", (0,))
    >>> doubt(Graph((x, y), ()), y)
    "'y' is 2, and log(x) would be 4.605: its class means something else by 'log', or a number has changed since"
    """
    return _of(graph, node).why


def doubts(graph: Graph) -> list[str]:
    """The doubts about a graph, a sentence for each operation: the first node stands for the others.

    So does what could not be read of a node.
    """
    found: dict[tuple, str] = {}
    for node in graph.nodes:
        if node.note:
            found.setdefault((node.note,), f"of '{shorten(node.name)}': {node.note}")
    reader = _reader(graph)
    for node in reader.uncertain():
        if why := reader.read(node).why:
            found.setdefault((node.op, len(node.operands)), why)
    told = [outdated(graph)] if any(node.stale == "operands" for node in graph.nodes) else []
    told += [f"'{shorten(node.name)}' {node.remark}" for node in graph.nodes if node.remark]
    return told + list(found.values())


def is_equation(graph: Graph, node: Node) -> bool:
    """Whether a node may be written as its operation with its operands: ``a - b`` claims a number, and an order.

    >>> from cgviz.graph import Graph, Node
    >>> a, b = Node(0, "a", "", 5.0, None, "leaf", ()), Node(1, "b", "", 3.0, None, "leaf", ())
    >>> y = Node(2, "y", "-", 2.5, None, "operation", (0, 1))
    >>> is_equation(Graph((a, b, y), ()), y), is_equation(Graph((a, b, y), ()), y._replace(data=2.0))
    (False, True)
    """
    found = _of(graph, node)
    if (
        found.op is None
        and not node.folded
        and any(find(node.op, n) for n in (1, 2))
        and not _is_of_arrays(graph, node)
    ):
        return not node.operands  # a known name with another count of operands, such as log(x, base), or in doubt
    if found.op is not None or node.folded:
        return not found.why
    if found.why or node.op.startswith("**"):  # a power to what is no finite number
        return False
    return (node.ordered or len(node.operands) < 2) and not (is_sign(node.op) and is_number(node.data))


def readings(graph: Graph) -> tuple[Reading, ...]:
    """How each node of a graph is read."""
    return tuple(map(_reader(graph).read, graph.nodes))


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


def _of(graph: Graph, node: Node) -> Reading:
    if not node.operands or _is_sure(node):
        return _certain(node)  # and no other node is asked
    if _is_of_arrays(graph, node):
        return Reading(None, node.operands)
    if node.index < len(graph.nodes) and graph.nodes[node.index] is node:
        return _reader(graph).read(node)
    return _Reader(graph, [node]).read(node)  # a record of the caller's own beside the graph


def _certain(node: Node) -> Reading:
    """How a node is read that needs no evidence: what nothing has computed, a folded group, one that says its row."""
    if node.unread:
        return Reading(None, node.operands, f"'{shorten(node.name)}' stands as a leaf: {node.unread}")
    return Reading(node.row if node.operands and not node.folded else None, node.operands)


def _reader(graph: Graph) -> _Reader:
    """What reads the nodes of a graph, kept with it: every node has been tried, for one is evidence for others."""
    memo = vars(graph)
    if "reader" not in memo:
        memo["reader"] = _Reader(Graph(*graph), graph.nodes)  # a graph in its own memo would be freed late
    return memo["reader"]


def pass_on_readings(read: Graph, other: Graph) -> None:
    """Read the nodes of another graph as those of one that has been read: its records say less of the same nodes."""
    reader = _reader(read)
    for node in read.nodes:
        reader.read(node)
    reader.graph, reader.nodes, reader.evidence = Graph(*other), other.nodes, Evidence(Graph(*other))
    reader.words = Wording(reader.graph)
    reader.failed = {kind: other.nodes[node.index] for kind, node in reader.failed.items()}
    reader.drops = reader.drops and other.nodes[reader.drops.index]
    vars(other)["reader"] = vars(read).pop("reader")


class _Reader:
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
            if not operands or node.folded or (node.row is not None and _is_sure(node)):
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
        if not node.operands or node.folded or _is_sure(node):
            return _certain(node)
        if _is_of_arrays(self.graph, node):
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
            if node.row is not None and _is_sure(node):
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


def _is_sure(node: Node) -> bool:
    """Whether the engine has said which row has computed a node (and the record has not been changed since)."""
    return node.row is not None and node.row.symbol == node.op


def _is_of_arrays(graph: Graph, node: Node) -> bool:
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
