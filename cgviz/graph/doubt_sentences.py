"""What is said of a node whose operation is not believed to be what its name says."""

from __future__ import annotations

from ..ops.formula import Formula
from ..ops.op import Op
from ..text import apart, shorten
from .agreement import compute, digits, is_float, is_number
from .candidates import Candidate, has_twin
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
        would = f"{self._written(candidates[0])} would be {result}"
        if len(candidates) > 1 and len(candidates[1][1]) == 2:
            would += f", {self._written(candidates[1])} {self._result(*candidates[1])}"
        means = f"its class means something else by {node.op!r}"
        if len(operands) > len(node.operands):
            means = "its class has not recorded the other operand, a constant perhaps"
        elif len(operands) == 1 and has_twin(node):
            means += ", or has not recorded another operand, a constant perhaps"
        return f"'{shorten(node.name)}' is {held}, and {would}: {means}, or a number has changed since"

    def one_of_two(self, node: Node) -> str:
        """Of an operation that takes two operands a tuple or list has one."""
        said = f"'{shorten(node.name)}' keeps one operand of {node.op!r}, which takes two"
        return f"{said}: its class has not recorded the other, a constant perhaps"

    def set_without_number(self, node: Node) -> str:
        """The order of two operands makes a difference, and nothing tells it."""
        said = f"'{shorten(node.name)}' keeps its operands in a set, which has no order"
        return f"{said}, and without its number there is no telling which comes first"

    def either_way(self, node: Node, good: list[Candidate]) -> str:
        """Both orders of a pair give the number, of a class that has written others the other way round."""
        said = f"'{shorten(node.name)}' is {self._both(good)} alike, and its class may write its operands either way"
        return f"{said}: there is no telling which of the two it is"

    def either_in_set(self, node: Node, good: list[Candidate]) -> str:
        """Both orders of a set give the number."""
        said = f"'{shorten(node.name)}' keeps its operands in a set, and {self._both(good)} both give its number"
        return f"{said}: there is no telling which of the two it is"

    def gradients_of_another(self, node: Node, candidate: Candidate, other: Op) -> str:
        """The number is that of one row, and the gradients that the class has are those of another."""
        said = self._number_of(node, candidate)
        return f"{said}, and its class has the gradients of {self._written((other, candidate[1]))}"

    def gradient_of_two(self, node: Node, candidate: Candidate) -> str:
        """One operand gives the number, and the gradient is that of an operation which took a constant besides."""
        said = f"{self._number_of(node, candidate)}, and its class has another gradient"
        return f"{said}: perhaps it has not recorded another operand, a constant"

    def meeting(self, node: Node, op: Op) -> str:
        """The number is one that many functions have here, and the gradient is not the row's."""
        x = node.operands[0]
        where = f"{self._name(x)} = {self._number(x)}"
        said = f"'{shorten(node.name)}' is {digits(node.data)}, as many functions are at {where}"
        return f"{said}, and its class has another gradient than that of {op.name}"

    def lost_besides(self, node: Node, shown_by: Node) -> str:
        """Another node shows that the class leaves out operands, so this one may lack one too."""
        said = f"'{shorten(shown_by.name)}' shows that its class does not record every operand"
        besides = f"what '{shorten(node.name)}' was computed from besides {self._name(node.operands[0])}"
        return f"{said}, so there is no telling {besides}"

    def square_or_constant(self, node: Node, op: Op, is_constant: bool) -> str:
        """A set has one operand: it was used twice, or once beside a constant of the same number."""
        x = node.operands[0]
        said = f"'{shorten(node.name)}' keeps one operand in a set, and is {self._name(x)} {op.symbol} {self._name(x)}"
        early = node.has_grad and self.graph.root.grad is None
        which = f"there is no telling which of the two it is{', before backward() has run' if early else ''}"
        which = "its gradient is that of the constant" if is_constant else which
        other = f"a constant of {self._number(x)} that its class has not recorded"
        return f"{said}, or was computed with {other}: {which}"

    def _both(self, good: list[Candidate]) -> str:
        return " and ".join(map(self._written, good))

    def _number_of(self, node: Node, candidate: Candidate) -> str:
        return f"'{shorten(node.name)}' is {digits(node.data)}, as {self._written(candidate)} is"

    def _written(self, candidate: Candidate) -> str:
        """A row with its operands by name."""
        op, operands = candidate
        return str(op(*map(self._called, operands)))

    def _name(self, i: int) -> str:
        """What to call node i."""
        return shorten(self.graph.nodes[i].name)

    def _number(self, i: int) -> str:
        """The number of node i."""
        return digits(self.graph.nodes[i].data)

    def _result(self, op: Op, operands: tuple[int, ...]) -> str:
        again = compute(op, [self.graph.nodes[i].data for i in operands])
        return "undefined" if again is None else digits(again)

    def _called(self, i: int) -> Formula:
        node = self.graph.nodes[i]
        return Formula.of(node.data) if node.kind == CONSTANT and is_number(node.data) else Formula.name(self._name(i))
