"""The chain rule for arrays in words: for every node, what flows back to it, as a formula and as a shape.

    ∂L/∂W = xᵀ @ ∂L/∂y  (2×1)

The formulas are the rules of the rows, run on formulas that carry their arrays along: so they can ask for a
shape, and the sum over broadcast axes is written by the same code that computes it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..chain_rule.explanation import Chain, Explanation
from ..chain_rule.flow import Use
from ..graph import CONSTANT, Graph
from ..ops.formula import Formula, Tex
from ..ops.op import Op
from ..text import SMALL, number, shape
from . import array_rows as rows


class _Carrying(Formula):
    """A formula with the `array` that it stands for; what is computed from it carries the result."""

    array: np.ndarray

    def __matmul__(self, other: Any) -> Any:
        return rows.times(self, other)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def ndim(self) -> int:
        return self.array.ndim

    @property
    def size(self) -> int:
        return self.array.size

    @classmethod
    def carry(cls, piece: Formula, array: Any) -> Any:
        """The formula `piece`, with its array."""
        made = cls(piece.text, piece.binds, piece.value)
        made.quotient, made.array = piece.quotient, np.asarray(array)
        return made

    def _apply(self, op: Op, xs: tuple) -> Any:
        cls = type(self)
        xs = tuple(x if isinstance(x, cls) else cls.carry(cls.of(x), x) for x in xs)
        with np.errstate(all="ignore"):
            array = op.array(*(x.array for x in xs))
        if all(x.value is not None for x in xs) and not np.shape(array):
            return cls.carry(cls.of(float(array)), array)
        return cls.carry(cls._write_operation(op, xs), array)


class ArrayFormula(_Carrying):
    """In plain text."""


class ArrayTex(_Carrying, Tex):
    """In TeX."""


Formulas = dict[type[Formula], dict[tuple[int, int], Formula]]
"""In text and in TeX: what flows back to a node, by the user's index and the position."""


class TensorExplanation(Explanation):
    """What `explain` returns for a Tensor: like an `Explanation`, with arrays for numbers.

    In its `chains`, `Use.local` is ``None`` where it would be a matrix of derivatives: that is never made. The lines
    write the whole `product`, what flows back along the edge. Of a root with many numbers, the gradients explained
    are those of their sum.

    >>> from cgviz import Tensor, explain
    >>> x, W = Tensor([[1, 2], [3, 4], [5, 6]], "x"), Tensor([[1], [1]], "W")
    >>> y = x @ W; y.label = "y"
    >>> L = (y * y).sum(); L.label = "L"
    >>> print(explain(L, "W"))
    ∂L/∂W = xᵀ @ ∂L/∂y = [[158], [200]]
    """

    def __init__(
        self, graph: Graph, chains: tuple[Chain, ...], called: dict[type, list[Formula]], formulas: Formulas
    ) -> None:
        super().__init__(graph, chains)
        self._called, self._formulas = called, formulas

    def _names(self, cls: type[Formula]) -> list[Formula]:
        return self._called[cls]

    def _number(self, x: Any, cls: type[Formula]) -> str:
        """A number or a small array with its numbers, a large one by its shape."""
        return cls.words(shape(x.shape)) if np.size(x) > SMALL else cls.digits(x)

    def _stages(self, use: Use, called: list[Formula], direct: bool = False) -> str:
        cls = type(called[0])
        formula, shown = str(self._formulas[cls][use.user, use.position]), self._number(use.product, cls)
        return formula + (f" = {shown}" if formula != shown else "")

    def _sum(self, chain: Chain, cls: type[Formula]) -> str:
        return f"{cls.words(' = their sum')} = {self._number(chain.total, cls)}"


def write_chains(graph: Graph, chains: tuple[Chain, ...], nodes: list[Any]) -> TensorExplanation:
    """The chains of a Tensor's graph as formulas; `nodes` are its objects."""
    chains = tuple(c for c in chains if c.node.kind != CONSTANT)  # to which nothing flows back
    uses = [use for chain in chains for use in chain.uses]
    called: dict[type, list[Formula]] = {}
    formulas: Formulas = {}
    for plain, cls in KINDS:
        called[plain] = names = _names(graph, plain)
        formulas[plain] = {(use.user, use.position): _formula(graph, nodes, use, cls, names) for use in uses}
    return TensorExplanation(graph, chains, called, formulas)


KINDS: tuple[tuple[type[Formula], type[_Carrying]], ...] = ((Formula, ArrayFormula), (Tex, ArrayTex))


def _row(v: Any) -> Op:
    return v._push.op


def _formula(graph: Graph, nodes: list, use: Use, cls: type[_Carrying], names: list[Formula]) -> Formula:
    """What flows back to one operand, in the language of `cls`."""
    node, op = graph.nodes[use.user], _row(nodes[use.user])
    root = node is graph.root
    arrives = cls.one() if root and not graph.root.data.shape else cls(cls.partial(names[-1], names[node.index]), 3)
    xs = [cls.carry(names[i], nodes[i]._data) for i in node.operands]
    y = cls.carry(names[node.index], nodes[node.index]._data)
    back = op.vjps[use.position](cls.carry(arrives, use.upstream), y, *xs)
    return rows.unbroadcast(back, xs[use.position].shape)


def _names(graph: Graph, cls: type[Formula]) -> list[Formula]:
    """What each node is called: its label, its number or its place."""
    return [
        cls.of(float(node.data))
        if node.kind == CONSTANT and not np.shape(node.data)
        else cls.name(number(node.data) if node.kind == CONSTANT else node.name)
        for node in graph.nodes
    ]
