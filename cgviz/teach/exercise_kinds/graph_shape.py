"""Whether a learner's graph has the shape that it should have, and where it first departs from it."""

from __future__ import annotations

from typing import Any

from ...graph import OPERANDS, Graph, Node, NodeLike, is_node, objects, operands_of
from ...graph.recognition import operation
from ...ops.op import Op
from ...ops.rows import FUNCTIONS, find_named
from ...text import kind, number

COMMUTATIVE = frozenset({"+", "*"})
SIGNS = frozenset({"+", "-", "*", "/", "**", *FUNCTIONS, "neg"})
"""What an operation may be called."""


def write_expression(graph: Graph, index: int, outside: bool = True) -> str:
    """A node as the expression that computes it: ``(a + b) * c``.

    >>> from cgviz import Value, trace
    >>> a, b = Value(2, "a"), Value(3, "b")
    >>> write_expression(trace((a + b) * b), 3)
    '(a + b) * b'
    """
    node = graph.nodes[index]
    if not node.operands:
        return node.name
    parts = [write_expression(graph, i, False) for i in node.operands]
    if len(parts) == 2 and not node.op.isalpha():
        text = f"{parts[0]} {node.op} {parts[1]}"
        return text if outside else f"({text})"
    return f"{node.op}({', '.join(parts)})"


def find_misplaced(node: Any) -> str:
    """Whether a node has its operands or its operation for a label: they were given by their place, not by name."""
    label = getattr(node, "label", None)
    if isinstance(label, (tuple, list)) and any(map(is_node, label)):
        return "the result has its operands for a label: hand them on by their name, _prev=(…)"
    if isinstance(label, str) and label in SIGNS and not getattr(node, "_op", ""):
        return f"the result has {label!r} for a label, and no operation: hand it on by its name, _op={label!r}"
    return ""


class Comparison:
    """A learner's graph `own`, below the object `root`, beside the graph `right` that it should be.

    Where `ordered` is false, the operands of a sum or a product may stand in any order. Where `exact` is true, an
    operation bears the name by which the lessons know it: what comes later looks for that one.
    """

    def __init__(self, root: NodeLike, own: Graph, right: Graph, ordered: bool = True, exact: bool = False) -> None:
        self.root, self.own, self.right, self.ordered, self.exact = root, own, right, ordered, exact
        self.objects = objects(root)

    def fault(self) -> str:
        """Say where the graphs first differ, from the root back to the leaves; ``""`` if they do not."""
        return self._differs(self.own.root, self.right.root, "the result")

    def _differs(self, own: Node, right: Node, called: str) -> str:
        if not right.operands:
            return self._leaf(own, right, called)
        return self._operation(own, right, called) or self._operands(own, right)

    def _leaf(self, own: Node, right: Node, called: str) -> str:
        if own.operands:
            return f"{called} should be {right.name}, and is the result of {own.op or 'an operation'}"
        if right.label and own.name != right.label:
            return f"{called} should be {right.label} itself, and is {self._other(own)}"
        return ""

    def _other(self, own: Node) -> str:
        return own.label or f"another {type(self.objects[own.index]).__name__}, which holds {number(own.data)}"

    def _operation(self, own: Node, right: Node, called: str) -> str:
        obj = self.objects[own.index]
        where = operands_of(obj).place or next((name for name in OPERANDS if hasattr(obj, name)), OPERANDS[0])
        held = getattr(obj, where, None)
        if isinstance(held, (set, frozenset)):
            return f"{called} keeps its operands in a set, which forgets their order and keeps only one a of a * a"
        if held is not None and not isinstance(held, (tuple, list)) and right.operands:
            comma = ": a tuple of one has a comma, as in (x,)" * (is_node(held) and len(right.operands) == 1)
            return f"{called} keeps {kind(held)} in {where}, and no tuple{comma}"
        if not own.operands:
            what = "is missing" if held is None else "is empty"
            return f"{called} does not remember its operands: {where} {what}"
        if len(own.operands) != len(right.operands):
            few = f"{len(own.operands)} operand{'s' * (len(own.operands) != 1)}"
            return f"{called} remembers {few} in {where}, should be {len(right.operands)}"
        if callable(getattr(obj, "_op", None)):
            return f"{called} remembers a function for its operation, and should remember its name: a text, in quotes"
        if own.op != right.op and not self._same_row(own, right):
            said = f"the operation {own.op!r}" if own.op else "no operation"
            return f"{called} remembers {said}, should be {right.op!r}"
        written = getattr(obj, "_op", None)
        if self.exact and isinstance(written, str) and written not in (right.op, *self._names(right)):
            return f"{called} remembers the operation {written!r}, and the lessons look for {right.op!r}"
        return ""

    def _names(self, right: Node) -> tuple[str, ...]:
        """Other names that the lessons have for an operation: of a function, its own."""
        return tuple(name for name, function in FUNCTIONS.items() if function.symbol == right.op) + ("neg",) * (
            right.op == "-" and len(right.operands) == 1
        )

    def _same_row(self, own: Node, right: Node) -> bool:
        """Whether both are one operation by two names; that the learner's gives the right number is known."""
        wanted: Op | None = operation(self.right, right)[0]
        named = find_named(own.op, len(own.operands))
        return None not in (wanted, named) and wanted in (named, operation(self.own, own)[0])

    def _operands(self, own: Node, right: Node) -> str:
        said = self._in_order(own.operands, right)
        if said and not self.ordered and right.op in COMMUTATIVE and not self._in_order(own.operands[::-1], right):
            return ""
        if said and len(own.operands) == 2 and not self._in_order(own.operands[::-1], right):
            names = ", ".join(write_expression(self.right, i) for i in right.operands[::-1])
            node = write_expression(self.right, right.index)
            return f"{node} remembers its operands as ({names}): the order is the other one"
        return said

    def _in_order(self, operands: tuple[int, ...], right: Node) -> str:
        for place, (i, j) in enumerate(zip(operands, right.operands, strict=True)):
            called = f"operand {place + 1} of {write_expression(self.right, right.index)}"
            said = self._differs(self.own.nodes[i], self.right.nodes[j], called)
            if said:
                return said
        return ""
