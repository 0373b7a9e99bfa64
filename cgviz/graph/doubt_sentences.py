"""What is said of a node whose operation is not believed to be what its name says."""

from __future__ import annotations

from ..ops.formula import Formula
from ..ops.op import Op
from ..ops.rows import find
from ..text import apart, shorten
from .agreement import compute, digits, is_float, is_number
from .evidence import Candidate
from .records import CONSTANT, Graph, Node


class Wording:
    """Writes of the nodes of one graph: names, numbers, and what a row makes of them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def mismatch(self, node: Node, candidates: list[Candidate]) -> str:
        """What the row would give, and what the node holds."""
        op, operands = candidates[0]
        held, result = digits(node.data), self._result(op, operands)
        if held == result and is_float(node.data):
            held, result = apart(float(node.data), compute(op, [self.graph.nodes[i].data for i in operands]))
        would = f"{self.written(candidates[0])} would be {result}"
        if len(candidates) > 1 and len(candidates[1][1]) == 2:
            would += f", {self.written(candidates[1])} {self._result(*candidates[1])}"
        means = f"its class means something else by {node.op!r}"
        if len(operands) > len(node.operands):
            means = "its class has not recorded the other operand, a constant perhaps"
        elif len(operands) == 1 and has_twin(node):
            means += ", or has not recorded another operand, a constant perhaps"
        return f"'{shorten(node.name)}' is {held}, and {would}: {means}, or a number has changed since"

    def written(self, candidate: Candidate) -> str:
        """A row with its operands by name."""
        op, operands = candidate
        return str(op(*map(self._called, operands)))

    def name(self, i: int) -> str:
        """What to call node i."""
        return shorten(self.graph.nodes[i].name)

    def data(self, i: int) -> str:
        """The number of node i."""
        return digits(self.graph.nodes[i].data)

    def _result(self, op: Op, operands: tuple[int, ...]) -> str:
        again = compute(op, [self.graph.nodes[i].data for i in operands])
        return "undefined" if again is None else digits(again)

    def _called(self, i: int) -> Formula:
        node = self.graph.nodes[i]
        return Formula.of(node.data) if node.kind == CONSTANT and is_number(node.data) else Formula.name(self.name(i))


def has_twin(node: Node) -> bool:
    """Whether an operation of one operand has a name that one of two has as well: `-`."""
    return (twin := find(node.op, 2)) is not None and bool(twin.dunder)
