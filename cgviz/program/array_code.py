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
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from .fusion import Fusion
from .node_groups import Dots, Elementwise, Group, Matrix, Ragged, Sums
from .strided_views import View, find_views
from .tape import Folding, arrays

Ids = Any  # an array of ids, or of places

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


class Operand(NamedTuple):
    """Numbers of a group: their `name` in the text, their places, and the view that these are, or else ``None``."""

    name: str
    places: Ids
    shape: tuple[int, ...]
    view: View | None


class ArrayCode:
    """The code of all groups: `text` is what was written, `forward` and `backward` are its functions.

    `values` and `grads` are the arrays that it reads and fills, `place` says where each id stands in them.
    """

    def __init__(
        self, graph: Fusion, groups: Sequence[Group], place: Ids, values: np.ndarray, grads: np.ndarray
    ) -> None:
        self.graph, self.place, self.values, self.grads = graph, place, values, grads
        self._names: dict[str, Any] = {**arrays(), **CALLS, "values": values, "grads": grads}
        self._ufuncs = {name for name, made in self._names.items() if isinstance(made, np.ufunc)}
        self._count = count()
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
        (own, *operands), lines = self._align([self.place[group.nodes], *varied])
        rest, xs = iter(operands), []
        for column, constant in zip(group.columns, fixed, strict=True):
            xs.append(self._write_constants(graph.numbers[column], own.shape) if constant else next(rest))
        sources = [x if isinstance(x, Folding) else Folding(x.name) for x in xs]
        lines.append(self._into(op.write(*sources).code, own.name))

        def backward() -> list[str]:
            g, y = Folding(self._gradient(own)), Folding(own.name)
            pushed: list[str] = []
            for rule, x in zip(op.vjps, xs, strict=True):
                if isinstance(x, Operand):
                    found = rule(g, y, *sources)
                    pushed += self._push(x, found if isinstance(found, Folding) else Folding.of(found))
            return pushed

        return lines, backward

    def _sums(self, group: Sums) -> tuple[list[str], Backward]:
        terms, lines = self._table(group.columns[0])
        own = self._own(group)

        def backward() -> list[str]:
            g = self._names[self._gradient(own)]
            return self._push(terms, Folding(self._name(np.broadcast_to(g[:, None], terms.shape), "g")))

        return [*lines, f"sum_rows({terms.name}, 1, None, {own.name})"], backward

    def _dots(self, group: Dots) -> tuple[list[str], Backward]:
        (a, first), (b, second) = map(self._table, group.columns)
        own = self._own(group)

        def backward() -> list[str]:
            g = self._name(self._names[self._gradient(own)][:, None], "g")
            if np.array_equal(a.places, b.places):
                return self._push(a, Folding(f"(2.0 * {g}) * {a.name}"))
            return self._push(a, Folding(f"{g} * {b.name}")) + self._push(b, Folding(f"{g} * {a.name}"))

        return [*first, *second, f"dot_rows({a.name}, {b.name}, {own.name})"], backward

    def _matrix(self, group: Matrix) -> tuple[list[str], Backward]:
        (a, first), (b, second) = map(self._table, group.columns)
        own = self._own(group)

        def backward() -> list[str]:
            g = self._gradient(own)
            turned = self._name(self._names[g].T, "g")
            by_rows = self._push(a, Folding(f"matmul({g}, {b.name})"))
            return by_rows + self._push(b, Folding(f"matmul({turned}, {a.name})"))

        turned = self._name(self._names[b.name].T)
        return [*first, *second, f"matmul({a.name}, {turned}, {own.name})"], backward

    def _ragged(self, group: Ragged) -> tuple[list[str], Backward]:
        found = [self._align([self.place[column]]) for column in group.columns]
        operands, lines = [each for (each,), _ in found], [line for _, some in found for line in some]
        own = self._own(group)
        begins = self._name(np.cumsum(group.lengths) - group.lengths, "i")
        owners = self._name(np.repeat(np.arange(len(group.lengths)), group.lengths), "i")
        names = [x.name if len(x.shape) == 1 else f"{x.name}.reshape(-1)" for x in operands]

        def backward() -> list[str]:
            g = f"t{next(self._count)}"
            pushed = [f"{g} = {self._gradient(own)}.take({owners})"]
            for x, others in zip(operands, (names[1:], names[:1]), strict=False):
                product = " * ".join((g, *others))
                pushed += self._push(x, Folding(product if len(x.shape) == 1 else f"({product}).reshape({x.shape})"))
            return pushed

        return [*lines, f"sum_pieces({' * '.join(names)}, {begins}, 0, None, {own.name})"], backward

    # Operands: a view of the values, or gathered into an array of their own.

    def _align(self, rows: list[Ids]) -> tuple[list[Operand], list[str]]:
        """Operands of one shape for rows of places, and the lines that gather; as many are views as fit the first."""
        together, views = [0], find_views(rows[0][None])
        for k in range(1, len(rows)):
            if more := find_views(np.stack([rows[i] for i in (*together, k)])):
                together, views = [*together, k], more
        shape = views[0].shape if views else rows[0].shape
        view_of = dict(zip(together, views or (), strict=False))
        operands, lines = [], []
        for k, places in enumerate(rows):
            if view := view_of.get(k):
                operands.append(Operand(self._name(view.of(self.values)), places, shape, view))
            else:
                gathered, line = self._gather(places, shape)
                operands.append(gathered)
                lines.append(line)
        return operands, lines

    def _table(self, column: Ids) -> tuple[Operand, list[str]]:
        """A column of ids of two dimensions as an operand of that shape, and the lines that gather it."""
        places, (n, k) = self.place[column].ravel(), column.shape
        view = next(iter(find_views(places[None]) or ()), None)
        if view and len(view.shape) == 1:
            view = View(view.start, (n, k), (view.strides[0] * k, view.strides[0]))
        if view and view.shape == (n, k):
            return Operand(self._name(view.of(self.values)), places, (n, k), view), []
        operand, line = self._gather(places, (n, k))
        return operand, [line]

    def _gather(self, places: Ids, shape: tuple[int, ...]) -> tuple[Operand, str]:
        buffer = np.empty(len(places))
        line = f"take(values, {self._name(np.ascontiguousarray(places), 'i')}, 0, {self._name(buffer, 'b')}, 'clip')"
        return Operand(self._name(buffer.reshape(shape)), places, shape, None), line

    def _own(self, group: Group) -> Operand:
        """The group's own numbers, which stand in a row."""
        places, shape = self.place[group.nodes.ravel()], group.nodes.shape
        steps = (1,) if len(shape) == 1 else (shape[1], 1)
        view = View(int(places[0]), shape, steps)
        return Operand(self._name(view.of(self.values)), places, shape, view)

    def _gradient(self, own: Operand) -> str:
        assert own.view is not None  # a group's own numbers stand in a row
        return self._name(own.view.of(self.grads), "g")

    def _write_constants(self, numbers: np.ndarray, shape: tuple[int, ...]) -> Folding:
        if (numbers == numbers[0]).all():
            return Folding.of(numbers[0])
        return Folding(self._name(numbers.reshape(shape), "c"))

    # Gradients: written to a view, added to it, or added place by place.

    def _push(self, to: Operand, gradient: Folding) -> list[str]:
        """Lines that add to the gradients of an operand; none for constants."""
        if gradient.number == 0.0 or self._is_constant[to.places].all():
            return []
        text = gradient.code
        if gradient.number is not None:
            text = self._name(np.full(to.shape, gradient.number), "c")
        view = to.view
        if view and view.repeats:  # the same places again and again: sum first
            axes = view.repeats[0] if len(view.repeats) == 1 else view.repeats
            view = view.without(view.repeats)
            if view.is_one_to_one:
                places = np.unique(to.places)
                if self._take_fresh(places):
                    return [f"sum_rows({text}, {axes}, None, {self._name(view.of(self.grads), 'g')})"]
                return [self._add(view, f"sum_rows({text}, {axes})")]
            view = None
        fresh = self._take_fresh(to.places)
        if view and view.is_one_to_one:
            if fresh:
                return [self._into(text, self._name(view.of(self.grads), "g"))]
            return [self._add(view, text)]
        if text.isidentifier():
            text = f"+{text}"  # `add.at` is slow with what is no array in a row
        text = f"({text}).reshape(-1)" if len(to.shape) > 1 else text
        return [f"add_at(grads, {self._name(np.ascontiguousarray(to.places), 'i')}, {text})"]

    def _take_fresh(self, places: Ids) -> bool:
        """Whether all these places were fresh; now they are not."""
        fresh = bool(self._is_fresh[places].all())
        self._is_fresh[places] = False
        return fresh

    def _add(self, view: View, text: str) -> str:
        out = self._name(view.of(self.grads), "g")
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

    def _name(self, array: np.ndarray, letter: str = "v") -> str:
        name = f"{letter}{next(self._count)}"
        self._names[name] = array
        return name


WRITERS: dict[type[Group], Callable[[ArrayCode, Any], tuple[list[str], Backward]]] = {
    Elementwise: ArrayCode._elementwise,
    Sums: ArrayCode._sums,
    Dots: ArrayCode._dots,
    Matrix: ArrayCode._matrix,
    Ragged: ArrayCode._ragged,
}


def _define(name: str, lines: list[str]) -> str:
    return f"def {name}():\n" + "".join(f"    {line}\n" for line in lines or ["pass"])
