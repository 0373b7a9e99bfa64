"""Writes groups of nodes as straight-line NumPy, a call or two for each, on views of two arrays.

What it writes for a layer of tanh neurons and their sum, with values named `v…` and gradients `g…`:

    def forward():
        matmul(v0, v1, v2)
        add(v3, v4, v5)
        tanh(v5, out=v6)
        sum_rows(v7, 1, None, v8)

The rules are the operations' rows, run on source text, as everywhere. A sum's gradient goes to each of its terms; those
of dot products and matrix products are products again. The first gradient that reaches a place is written there, later
ones are added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .array_operands import Operand, Operands
from .fusion import Fusion
from .gradient_code import GradientCode
from .node_groups import Dots, Elementwise, Group, Matrix, Ragged, Sums
from .tape import Folding, arrays

SHORT = 16
"""Of gathered dot products with so few terms it is faster to add up the products term by term, all nodes' at once."""
SPARSE = 3
"""A table of so many times as many entries as there are terms is not worth its room."""
Backward = Callable[[], list[str]]
"""Writes the lines of a group's backward pass, once those of all groups above it are written."""


def dot_rows(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """The dot product of each row of `a` with that of `b`, where NumPy is too old for `vecdot`."""
    np.einsum("ij,ij->i", a, b, out=out)


CALLS = {
    name: getattr(np, name)
    for name in ("add", "subtract", "multiply", "divide", "negative", "matmul", "copyto", "take")
} | {
    "raise_to": np.power,
    "sum_rows": np.add.reduce,
    "sum_pieces": np.add.reduceat,
    "add_at": np.add.at,
    "dot_rows": getattr(np, "vecdot", dot_rows),
}


class ArrayCode:
    """The code of all groups: `text` is what was written, `forward` and `backward` are its functions.

    `values` and `grads` are the arrays that it reads and fills, `place` says where each id stands in them.
    """

    def __init__(
        self, graph: Fusion, groups: Sequence[Group], place: np.ndarray, values: np.ndarray, grads: np.ndarray
    ) -> None:
        self.graph, self.place = graph, place
        self._names: dict[str, Any] = {**arrays(), **CALLS, "values": values, "grads": grads}
        self.operands = Operands(self._names, place, values, grads)
        is_constant = np.zeros(len(values), bool)
        is_constant[place[graph.is_constant & (place >= 0)]] = True
        root = int(place[graph.root])
        self.gradients = GradientCode(self.operands, is_constant, root)
        forward: list[str] = []
        later: list[Backward] = []
        for group in groups:
            lines, back = WRITERS[type(group)](self, group)
            forward += lines
            later.append(back)
        backward = [f"grads[{root}] = 1.0"]
        for back in reversed(later):
            backward += back()
        backward = self.gradients.start() + backward
        self.text = _define("forward", forward) + _define("backward", backward)
        exec(compile(self.text, "<arrays of a cgviz program>", "exec"), self._names)
        self.forward: Callable[[], None] = self._names["forward"]
        self.backward: Callable[[], None] = self._names["backward"]

    # Each kind of group: its lines forward, and what writes those backward.

    def _elementwise(self, group: Elementwise) -> tuple[list[str], Backward]:
        graph, op = self.graph, group.op
        fixed = [graph.is_constant[column].all() for column in group.columns]
        varied = [self.place[column] for column, constant in zip(group.columns, fixed, strict=True) if not constant]
        (own, *operands), lines = self.operands.align([self.place[group.nodes], *varied])
        rest, xs = iter(operands), []
        for column, constant in zip(group.columns, fixed, strict=True):
            xs.append(self.operands.write_constants(graph.numbers[column], own.shape) if constant else next(rest))
        sources = [x if isinstance(x, Folding) else Folding(x.name) for x in xs]
        lines.append(self.operands.write_into(op.write(*sources).code, own.name))

        def backward() -> list[str]:
            g, y = Folding(self.operands.gradient(own)), Folding(own.name)
            pushed: list[str] = []
            for rule, x in zip(op.vjps, xs, strict=True):
                if isinstance(x, Operand):
                    found = rule(g, y, *sources)
                    pushed += self.gradients.push(x, found if isinstance(found, Folding) else Folding.of(found))
            return pushed

        return lines, backward

    def _sums(self, group: Sums) -> tuple[list[str], Backward]:
        terms, lines = self.operands.table(group.columns[0])
        own = self.operands.own(group)

        def backward() -> list[str]:
            g = self._names[self.operands.gradient(own)]
            return self.gradients.push(
                terms, Folding(self.operands.name(np.broadcast_to(g[:, None], terms.shape), "g"))
            )

        return [*lines, f"sum_rows({terms.name}, 1, None, {own.name})"], backward

    def _dots(self, group: Dots) -> tuple[list[str], Backward]:
        turned = group.columns[0].shape[1] <= SHORT and not any(map(self.operands.is_view, group.columns))
        columns = [column.T for column in group.columns] if turned else group.columns
        (a, first), (b, second) = map(self.operands.table, columns)
        own = self.operands.own(group)

        def backward() -> list[str]:
            g = self._names[self.operands.gradient(own)]
            g = self.operands.name(g if turned else g[:, None], "g")
            if np.array_equal(a.places, b.places):
                return self.gradients.push(a, Folding(f"(2.0 * {g}) * {a.name}"))
            by_a, by_b = Folding(f"{g} * {b.name}"), Folding(f"{g} * {a.name}")
            return self.gradients.push(a, by_a) + self.gradients.push(b, by_b)

        product = f"sum_rows({a.name} * {b.name}, 0, None, {own.name})"
        return [*first, *second, product if turned else f"dot_rows({a.name}, {b.name}, {own.name})"], backward

    def _matrix(self, group: Matrix) -> tuple[list[str], Backward]:
        (a, first), (b, second) = map(self.operands.table, group.columns)
        own = self.operands.own(group)

        def backward() -> list[str]:
            g = self.operands.gradient(own)
            turned = self.operands.name(self._names[g].T, "g")
            by_rows = self.gradients.push(a, Folding(f"matmul({g}, {b.name})"))
            return by_rows + self.gradients.push(b, Folding(f"matmul({turned}, {a.name})"))

        turned = self.operands.name(self._names[b.name].T)
        return [*first, *second, f"matmul({a.name}, {turned}, {own.name})"], backward

    def _ragged(self, group: Ragged) -> tuple[list[str], Backward]:
        found = [self.operands.align([self.place[column]]) for column in group.columns]
        operands, lines = [each for (each,), _ in found], [line for _, some in found for line in some]
        own = self.operands.own(group)
        of = np.repeat(np.arange(len(group.lengths)), group.lengths)
        owners = self.operands.name(of, "i")
        names = [x.name if len(x.shape) == 1 else f"{x.name}.reshape(-1)" for x in operands]

        def backward() -> list[str]:
            g = self.operands.new_name("t")
            pushed = [f"{g} = {self.operands.gradient(own)}.take({owners})"]
            for x, others in zip(operands, (names[1:], names[:1]), strict=False):
                product = " * ".join((g, *others))
                pushed += self.gradients.push(
                    x, Folding(product if len(x.shape) == 1 else f"({product}).reshape({x.shape})")
                )
            return pushed

        product = " * ".join(names)
        if group.lengths.max() * len(group.lengths) <= SPARSE * len(of):
            table, line = self.operands.fill_columns(of, group.lengths, of.shape, product)
            return [*lines, line, f"sum_rows({table}, 0, None, {own.name})"], backward
        begins = self.operands.name(np.cumsum(group.lengths) - group.lengths, "i")
        return [*lines, f"sum_pieces({product}, {begins}, 0, None, {own.name})"], backward


WRITERS: dict[type[Group], Callable[[ArrayCode, Any], tuple[list[str], Backward]]] = {
    Elementwise: ArrayCode._elementwise,
    Sums: ArrayCode._sums,
    Dots: ArrayCode._dots,
    Matrix: ArrayCode._matrix,
    Ragged: ArrayCode._ragged,
}


def _define(name: str, lines: list[str]) -> str:
    return f"def {name}():\n" + "".join(f"    {line}\n" for line in lines or ["pass"])
