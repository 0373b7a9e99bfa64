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

from ..ops.formula import is_sign
from ..ops.op import Op
from ..ops.rows import find
from ..text import shorten
from .agreement import is_number
from .candidates import is_of_arrays, is_sure
from .doubt_sentences import Wording
from .evidence import Evidence
from .judgement import Reader, Reading, read_without_evidence
from .records import Graph, Node, OwnRule, explain_outdated


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
    row = node.row
    if row is not None and row.__class__ is not OwnRule and row.symbol == node.op and not node.unread:
        return (row if node.operands else None), node.operands  # most nodes of large graphs, without a question
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
    told = [explain_outdated(graph)] if any(node.stale == "operands" for node in graph.nodes) else []
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
    if found.op is None and not node.folded and any(find(node.op, n) for n in (1, 2)) and not is_of_arrays(graph, node):
        return not node.operands  # a known name with another count of operands, such as log(x, base), or in doubt
    if found.op is not None or node.folded:
        return not found.why
    if found.why or node.op.startswith("**"):  # a power to what is no finite number
        return False
    return (node.ordered or len(node.operands) < 2) and not (is_sign(node.op) and is_number(node.data))


def readings(graph: Graph) -> tuple[Reading, ...]:
    """How each node of a graph is read."""
    return tuple(map(_reader(graph).read, graph.nodes))


def _of(graph: Graph, node: Node) -> Reading:
    if not node.operands or is_sure(node):
        return read_without_evidence(node)  # and no other node is asked
    if is_of_arrays(graph, node):
        return Reading(None, node.operands)
    if node.index < len(graph.nodes) and graph.nodes[node.index] is node:
        return _reader(graph).read(node)
    return Reader(graph, [node]).read(node)  # a record of the caller's own beside the graph


def _reader(graph: Graph) -> Reader:
    """What reads the nodes of a graph, kept with it: every node has been tried, for one is evidence for others."""
    memo = vars(graph)
    if "reader" not in memo:
        memo["reader"] = Reader(Graph(*graph), graph.nodes)  # a graph in its own memo would be freed late
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
