"""The arrays that a program's code speaks of: views of its values and gradients, each under a name of its own."""

from __future__ import annotations

import ast
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from .node_groups import Group
from .strided_views import View, find_views
from .tape import Folding

BINARY = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}

SHORT_CUTS = {0, 0.5, 1, 2}
"""The exponents, or those without their sign, for which ``**`` on arrays may be a square, a root or a reciprocal."""


class Operand(NamedTuple):
    """Numbers of a group: their `name` in the text, their places, and the view that these are, or else ``None``."""

    name: str
    places: np.ndarray
    shape: tuple[int, ...]
    view: View | None


class Operands:
    """Makes the operands of groups: a view of the values where their places are one, or gathered into an array.

    `names` is what the code knows: everything that has been named here, and what it began with.
    """

    def __init__(self, names: dict[str, Any], place: np.ndarray, values: np.ndarray, grads: np.ndarray) -> None:
        self.names, self.place, self.values, self.grads = names, place, values, grads
        self._count = count()

    def name(self, array: np.ndarray, letter: str = "v") -> str:
        """A new name for an array."""
        name = self.new_name(letter)
        self.names[name] = array
        return name

    def new_name(self, letter: str) -> str:
        """A new name for what the code itself computes."""
        return f"{letter}{next(self._count)}"

    def align(self, rows: list[np.ndarray]) -> tuple[list[Operand], list[str]]:
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
                operands.append(Operand(self.name(view.of(self.values)), places, shape, view))
            else:
                gathered, line = self._gather(places, shape)
                operands.append(gathered)
                lines.append(line)
        return operands, lines

    def is_view(self, column: np.ndarray) -> bool:
        """Whether a column of ids of two dimensions is a view of the values."""
        return self._view(column) is not None

    def _view(self, column: np.ndarray) -> View | None:
        n, k = column.shape
        view = next(iter(find_views(self.place[column].reshape(1, -1)) or ()), None)
        if view and len(view.shape) == 1:
            view = View(view.start, (n, k), (view.strides[0] * k, view.strides[0]))
        return view if view and view.shape == (n, k) else None

    def table(self, column: np.ndarray) -> tuple[Operand, list[str]]:
        """A column of ids of two dimensions as an operand of that shape, and the lines that gather it."""
        places, shape = self.place[column].ravel(), column.shape
        if view := self._view(column):
            return Operand(self.name(view.of(self.values)), places, shape, view), []
        operand, line = self._gather(places, shape)
        return operand, [line]

    def fill_columns(
        self, column: np.ndarray, counts: np.ndarray, shape: tuple[int, ...], text: str
    ) -> tuple[str, str]:
        """A table with a column for each of several sums, zeros below the last term, and the line that fills it.

        `column` says of each term to which sum it belongs, and `counts` how many terms each has; `text` gives the
        terms, in an array of that shape.
        """
        by = np.argsort(column, kind="stable")
        row = np.empty(len(column), np.intp)
        row[by] = np.arange(len(column)) - np.repeat(np.cumsum(counts) - counts, counts)
        table = np.zeros((counts.max(), len(counts)))
        flat, index = self.name(table.reshape(-1), "b"), self.name((row * len(counts) + column).reshape(shape), "i")
        return self.name(table, "b"), f"{flat}[{index}] = {text}"

    def write_into(self, text: str, out: str) -> str:
        """The line that computes an expression; the last call writes into `out`."""
        node = ast.parse(text, mode="eval").body
        if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
            right = _bare_comparison(node.right) if isinstance(node.op, ast.Mult) else node.right
            return f"{BINARY[type(node.op)]}({ast.unparse(node.left)}, {ast.unparse(right)}, {out})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"negative({ast.unparse(node.operand)}, {out})"
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Call) and name == "power" and _is_plain_power(node.args[1]):
            name = "raise_to"
        if isinstance(node, ast.Call) and isinstance(self.names.get(name), np.ufunc):
            return f"{name}({', '.join(map(ast.unparse, node.args))}, out={out})"
        return f"copyto({out}, {text})"

    def _gather(self, places: np.ndarray, shape: tuple[int, ...]) -> tuple[Operand, str]:
        buffer = np.empty(len(places))
        line = f"take(values, {self.name(np.ascontiguousarray(places), 'i')}, 0, {self.name(buffer, 'b')}, 'clip')"
        return Operand(self.name(buffer.reshape(shape)), places, shape, None), line

    def own(self, group: Group) -> Operand:
        """The group's own numbers, which stand in a row."""
        places, shape = self.place[group.nodes.ravel()], group.nodes.shape
        steps = (1,) if len(shape) == 1 else (shape[1], 1)
        view = View(int(places[0]), shape, steps)
        return Operand(self.name(view.of(self.values)), places, shape, view)

    def gradient(self, own: Operand) -> str:
        """The name of the gradients of a group's own numbers."""
        assert own.view is not None  # a group's own numbers stand in a row
        return self.name(own.view.of(self.grads), "g")

    def write_constants(self, numbers: np.ndarray, shape: tuple[int, ...]) -> Folding:
        """Constants as they stand in a rule: one number where they are equal, else an array."""
        if (numbers == numbers[0]).all():
            return Folding.of(numbers[0])
        return Folding(self.name(numbers.reshape(shape), "c"))


def _is_plain_power(exponent: ast.expr) -> bool:
    """Whether ``**`` takes no short cut for this exponent, so that `np.power` gives the same numbers."""
    if isinstance(exponent, ast.UnaryOp) and isinstance(exponent.op, ast.USub):
        return isinstance(exponent.operand, ast.Constant) and exponent.operand.value not in SHORT_CUTS
    return isinstance(exponent, ast.Constant) and exponent.value not in SHORT_CUTS


def _bare_comparison(factor: ast.expr) -> ast.expr:
    """Of ``(x > 0.0) * 1.0`` the comparison, which a product takes as 1.0 and 0.0 in any case."""
    match factor:
        case ast.BinOp(ast.Compare() as compared, ast.Mult(), ast.Constant(1.0)):
            return compared
    return factor
