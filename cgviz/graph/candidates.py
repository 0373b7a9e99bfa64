"""Which rows a node may be by its name and its operands alone, before any number is looked at."""

from __future__ import annotations

from ..ops.aliases import OF_ARRAYS
from ..ops.op import Op
from ..ops.rows import find, find_named
from .records import Graph, Node

Candidate = tuple[Op, tuple[int, ...]]
"""A row that a node may be, and the node's operands in its order."""
MEETINGS = (-1.0, 0.0, 1.0)
"""Where many functions have the same number: log and log10 at 1, relu and a step at 0 and 1."""


def find_candidates(symbol: str, operands: tuple[int, ...], ordered: bool = True) -> list[Candidate]:
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


def find_plain(symbol: str, count: int, ordered: bool) -> Op | None:
    """The row that such a node is, unless others are against it, if its number is exactly what the row gives.

    None where more than the number has to be asked: of a set what comes first, of ``-`` whether it took two.
    """
    op = find(symbol, count) if count <= 2 else None
    if op is None or (count == 1 and (not ordered or find(symbol, 2))):
        return None
    return op if ordered or op.commutes else None


def is_plain_at(op: Op, x: float, y: float) -> bool:
    """Whether no other operation of the table, and not the other order, is expected to give the same number here."""
    return not meet(x, y) and op.dunder != "pow" if op.arity == 2 else x not in MEETINGS


def meet(x: float, y: float) -> bool:
    """Whether operations of two operands meet at these: a + b and a · b at 2, 2, a + b and a - b where b is 0."""
    return x == y or x == -y or x in MEETINGS or y in MEETINGS


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


def lacks_operand(node: Node) -> bool:
    """Whether a tuple or list holds one operand of an operation that always takes two."""
    one = len(node.operands) == 1 and node.ordered and bool(node.op) and not node.folded
    return one and find(node.op, 1) is None and (twice := find(node.op, 2)) is not None and bool(twice.dunder)


def has_twin(node: Node) -> bool:
    """Whether an operation of one operand has a name that one of two has as well: `-`."""
    return (twin := find(node.op, 2)) is not None and bool(twin.dunder)
