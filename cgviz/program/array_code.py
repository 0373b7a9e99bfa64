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

import ast
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .array_operands import Operand, Operands
from .fusion import Fusion
from .node_groups import Dots, Elementwise, Group, Matrix, Ragged, Sums
from .strided_views import View
from .tape import Folding, arrays

BINARY = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}
Backward = Callable[[], list[str]]
"""Writes the lines of a group's backward pass, once those of all groups above it are written."""


def dot_rows(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """The dot product of each row of `a` with that of `b`, where NumPy is too old for `vecdot`."""
    np.einsum("ij,ij->i", a, b, out=out)


CALLS = {name: getattr(np, name) for name in (*BINARY.values(), "negative", "matmul", "copyto", "take")} | {
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
        self.graph, self.place, self.grads = graph, place, grads
        self._names: dict[str, Any] = {**arrays(), **CALLS, "values": values, "grads": grads}
        self.operands = Operands(self._names, place, values, grads)
        self._ufuncs = {name for name, made in self._names.items() if isinstance(made, np.ufunc)}
        self._is_constant = np.zeros(len(values), bool)
        self._is_constant[place[graph.is_constant & (place >= 0)]] = True
        self._is_fresh = np.ones(len(values), bool)  # whether no gradient has been written there yet
        root = int(place[graph.root])
        self._is_fresh[root] = False
        forward: list[str] = []
        later: list[Backward] = []
        for group in groups:
            lines, back = WRITERS[type(group)](self, group)
            forward += lines
            later.append(back)
        backward = ["grads.fill(0.0)", f"grads[{root}] = 1.0"]
        for back in reversed(later):
            backward += back()
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
        lines.append(self._into(op.write(*sources).code, own.name))

        def backward() -> list[str]:
            g, y = Folding(self.operands.gradient(own)), Folding(own.name)
            pushed: list[str] = []
            for rule, x in zip(op.vjps, xs, strict=True):
                if isinstance(x, Operand):
                    found = rule(g, y, *sources)
                    pushed += self._push(x, found if isinstance(found, Folding) else Folding.of(found))
            return pushed

        return lines, backward

    def _sums(self, group: Sums) -> tuple[list[str], Backward]:
        terms, lines = self.operands.table(group.columns[0])
        own = self.operands.own(group)

        def backward() -> list[str]:
            g = self._names[self.operands.gradient(own)]
            return self._push(terms, Folding(self.operands.name(np.broadcast_to(g[:, None], terms.shape), "g")))

        return [*lines, f"sum_rows({terms.name}, 1, None, {own.name})"], backward

    def _dots(self, group: Dots) -> tuple[list[str], Backward]:
        (a, first), (b, second) = map(self.operands.table, group.columns)
        own = self.operands.own(group)

        def backward() -> list[str]:
            g = self.operands.name(self._names[self.operands.gradient(own)][:, None], "g")
            if np.array_equal(a.places, b.places):
                return self._push(a, Folding(f"(2.0 * {g}) * {a.name}"))
            return self._push(a, Folding(f"{g} * {b.name}")) + self._push(b, Folding(f"{g} * {a.name}"))

        return [*first, *second, f"dot_rows({a.name}, {b.name}, {own.name})"], backward

    def _matrix(self, group: Matrix) -> tuple[list[str], Backward]:
        (a, first), (b, second) = map(self.operands.table, group.columns)
        own = self.operands.own(group)

        def backward() -> list[str]:
            g = self.operands.gradient(own)
            turned = self.operands.name(self._names[g].T, "g")
            by_rows = self._push(a, Folding(f"matmul({g}, {b.name})"))
            return by_rows + self._push(b, Folding(f"matmul({turned}, {a.name})"))

        turned = self.operands.name(self._names[b.name].T)
        return [*first, *second, f"matmul({a.name}, {turned}, {own.name})"], backward

    def _ragged(self, group: Ragged) -> tuple[list[str], Backward]:
        found = [self.operands.align([self.place[column]]) for column in group.columns]
        operands, lines = [each for (each,), _ in found], [line for _, some in found for line in some]
        own = self.operands.own(group)
        begins = self.operands.name(np.cumsum(group.lengths) - group.lengths, "i")
        owners = self.operands.name(np.repeat(np.arange(len(group.lengths)), group.lengths), "i")
        names = [x.name if len(x.shape) == 1 else f"{x.name}.reshape(-1)" for x in operands]

        def backward() -> list[str]:
            g = self.operands.new_name("t")
            pushed = [f"{g} = {self.operands.gradient(own)}.take({owners})"]
            for x, others in zip(operands, (names[1:], names[:1]), strict=False):
                product = " * ".join((g, *others))
                pushed += self._push(x, Folding(product if len(x.shape) == 1 else f"({product}).reshape({x.shape})"))
            return pushed

        return [*lines, f"sum_pieces({' * '.join(names)}, {begins}, 0, None, {own.name})"], backward

    # Gradients: written to a view, added to it, or added place by place.

    def _push(self, to: Operand, gradient: Folding) -> list[str]:
        """Lines that add to the gradients of an operand; none for constants."""
        if gradient.number == 0.0 or self._is_constant[to.places].all():
            return []
        text = gradient.code
        if gradient.number is not None:
            text = self.operands.name(np.full(to.shape, gradient.number), "c")
        view = to.view
        if view and view.repeats:  # the same places again and again: sum first
            axes = view.repeats[0] if len(view.repeats) == 1 else view.repeats
            view = view.without(view.repeats)
            if view.is_one_to_one:
                places = np.unique(to.places)
                if self._take_fresh(places):
                    return [f"sum_rows({text}, {axes}, None, {self.operands.name(view.of(self.grads), 'g')})"]
                return [self._add(view, f"sum_rows({text}, {axes})")]
            view = None
        fresh = self._take_fresh(to.places)
        if view and view.is_one_to_one:
            if fresh:
                return [self._into(text, self.operands.name(view.of(self.grads), "g"))]
            return [self._add(view, text)]
        if text.isidentifier():
            text = f"+{text}"  # `add.at` is slow with what is no array in a row
        text = f"({text}).reshape(-1)" if len(to.shape) > 1 else text
        return [f"add_at(grads, {self.operands.name(np.ascontiguousarray(to.places), 'i')}, {text})"]

    def _take_fresh(self, places: np.ndarray) -> bool:
        """Whether all these places were fresh; now they are not."""
        fresh = bool(self._is_fresh[places].all())
        self._is_fresh[places] = False
        return fresh

    def _add(self, view: View, text: str) -> str:
        out = self.operands.name(view.of(self.grads), "g")
        return f"add({out}, {text}, {out})"

    def _into(self, text: str, out: str) -> str:
        """The line that computes an expression; the last call writes into `out`."""
        node = ast.parse(text, mode="eval").body
        if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
            return f"{BINARY[type(node.op)]}({ast.unparse(node.left)}, {ast.unparse(node.right)}, {out})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"negative({ast.unparse(node.operand)}, {out})"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self._ufuncs:
            return f"{node.func.id}({', '.join(map(ast.unparse, node.args))}, out={out})"
        return f"copyto({out}, {text})"


WRITERS: dict[type[Group], Callable[[ArrayCode, Any], tuple[list[str], Backward]]] = {
    Elementwise: ArrayCode._elementwise,
    Sums: ArrayCode._sums,
    Dots: ArrayCode._dots,
    Matrix: ArrayCode._matrix,
    Ragged: ArrayCode._ragged,
}


def _define(name: str, lines: list[str]) -> str:
    return f"def {name}():\n" + "".join(f"    {line}\n" for line in lines or ["pass"])
