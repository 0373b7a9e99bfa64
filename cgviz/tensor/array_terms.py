"""The chain rule for arrays in words: for every node, what flows back to it, as a formula and as a shape.

    ∂L/∂W = xᵀ @ ∂L/∂y  (2×1)

The formulas are the rules of the rows, run on formulas that carry their arrays along: so they can ask for a
shape, and the sum over broadcast axes is written by the same code that computes it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..chain_rule.explanation import Chain, Explanation, _find
from ..chain_rule.terms import LONGEST_FORMULA
from ..graph import CONSTANT, Graph, Node, objects, trace
from ..ops.formula import Formula, Tex
from ..ops.op import Op
from ..text import SMALL, number, shape
from . import array_rows as rows
from .push import contribution


class Use(NamedTuple):
    """One use of an array, as operand `position` of `user`: what flows back along that edge.

    `formula` and `tex` write it, such as ``xᵀ @ ∂L/∂y``; `local`, a matrix of derivatives, is never made.
    """

    user: int
    position: int
    upstream: Any
    local: None
    product: Any
    formula: Formula
    tex: Formula


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
        return cls.carry(cls._written(op, xs), array)


class ArrayFormula(_Carrying):
    """In plain text."""


class ArrayTex(_Carrying, Tex):
    """In TeX."""


class TensorExplanation(Explanation):
    """What `explain` returns for a Tensor: like an `Explanation`, with arrays for numbers.

    In its `chains`, `Use.local` is ``None``, as a matrix of derivatives is never made, and `Use.formula` writes
    the whole `product`, what flows back along the edge.
    """

    def __init__(self, graph: Graph, chains: tuple[Chain, ...], names: dict[type[Formula], list[Formula]]) -> None:
        super().__init__(graph, chains)
        self._names = names

    def _parts(self, cls: type[Formula]) -> list[tuple[str, str]]:
        return [part for chain in self.chains for part in _write(chain, self._names[cls])]


def explain(root: Any, wanted: Any = None, labels: Any = None) -> TensorExplanation:
    """Say for each node of a Tensor's graph what flows back to it; `wanted` picks one node.

    `labels` are names by ``id(object)``.

    Of a root with many numbers, the gradients explained are those of their sum.

    >>> from cgviz import Tensor
    >>> x, W = Tensor([[1, 2], [3, 4], [5, 6]], "x"), Tensor([[1], [1]], "W")
    >>> y = x @ W; y.label = "y"
    >>> L = (y * y).sum(); L.label = "L"
    >>> print(explain(L, "W"))
    ∂L/∂W = xᵀ @ ∂L/∂y = [[158], [200]]
    """
    graph = trace(root, labels)
    nodes = objects(root)
    names = {Formula: _names(graph, nodes, Formula), Tex: _names(graph, nodes, Tex)}
    totals: list[Any] = [np.zeros(np.shape(node._data)) for node in nodes]
    totals[-1] = np.ones(root.shape)
    uses: list[list[Use]] = [[] for _ in nodes]
    chains = []
    for node, v in zip(reversed(graph.nodes), reversed(nodes), strict=True):
        chains.append(Chain(node, tuple(sorted(uses[node.index], key=lambda use: use[:2])), totals[node.index]))
        for position, source in enumerate(node.operands):
            if position not in _wanted(v):
                continue
            upstream = totals[node.index]
            product = contribution(_row(v), position, upstream, v)
            text, tex = (_formula(graph, nodes, node, position, upstream, cls, names[plain]) for plain, cls in KINDS)
            uses[source].append(Use(node.index, position, upstream, None, product, text, tex))
            totals[source] = totals[source] + product
    if wanted is not None:
        chains = [chains[len(nodes) - 1 - _find(graph, root, wanted)]]
    return TensorExplanation(graph, tuple(c for c in chains if c.node.kind != CONSTANT), names)


KINDS: tuple[tuple[type[Formula], type[_Carrying]], ...] = ((Formula, ArrayFormula), (Tex, ArrayTex))


def _row(v: Any) -> Op:
    return v._push.op


def _wanted(v: Any) -> tuple[int, ...]:
    return v._push.wanted


def _formula(
    graph: Graph, nodes: list, node: Node, position: int, g: Any, cls: type[_Carrying], names: list[Formula]
) -> Formula:
    """What flows back to one operand, in the language of `cls`."""
    op = _row(nodes[node.index])
    root = node is graph.root
    arrives = cls.one() if root and not graph.root.data.shape else cls(cls.partial(names[-1], names[node.index]), 3)
    xs = [cls.carry(names[i], nodes[i]._data) for i in node.operands]
    y = cls.carry(names[node.index], nodes[node.index]._data)
    back = op.vjps[position](cls.carry(arrives, g), y, *xs)
    return rows.unbroadcast(back, xs[position].shape)


def _names(graph: Graph, nodes: list, cls: type[Formula]) -> list[Formula]:
    """What each node is called: its label, its number, its own short formula, or its place."""
    names: list[Formula] = []
    short: list[str] = []  # in text, whatever the language, as in `chain_rule/explanation.py`
    for node, v in zip(graph.nodes, nodes, strict=True):
        plain = number(node.data) if node.kind == CONSTANT else node.name
        name = cls.name(plain)
        if node.kind == CONSTANT and not np.shape(node.data):
            name = cls.of(float(node.data))
        elif node is graph.root and not node.label:
            name = cls.name("output")
        elif node.operands and not node.label:
            op = _row(v)
            written = op.text.format(*(Formula(short[i], names[i].binds) for i in node.operands))
            if len(written) <= LONGEST_FORMULA:
                plain = written
                name = cls(getattr(op, cls.template).format(*(names[i] for i in node.operands)), op.binds)
        short.append(plain)
        names.append(name)
    return names


def _write(chain: Chain, names: list[Formula]) -> list[tuple[str, str]]:
    cls = type(names[0])
    here = cls.partial(names[-1], names[chain.node.index])
    if chain.node.index == len(names) - 1:
        return [(here, f" = {_shown(chain.total, cls)}")]
    if not chain.uses:
        return [(here, f" = {cls.digits(0.0)}")]
    if len(chain.uses) == 1:
        return [(here, _worked(chain.uses[0], cls))]
    lines = []
    for use in chain.uses:
        way = f"{cls.words('through ')}{names[use.user]}"
        if use.user == len(names) - 1:
            way = cls.words("directly")
        if sum(other.user == use.user for other in chain.uses) > 1:
            way += cls.words(f", operand {use.position + 1}")
        lines.append((way, ": " + _worked(use, cls).removeprefix(" = ")))
    lines.append((here, f"{cls.words(' = their sum')} = {_shown(chain.total, cls)}"))
    return lines


def _worked(use: Any, cls: type[Formula]) -> str:
    formula, shown = str(use.tex if cls is Tex else use.formula), _shown(use.product, cls)
    return f" = {formula}" + (f" = {shown}" if formula != shown else "")


def _shown(x: Any, cls: type[Formula]) -> str:
    """A number or a small array with its numbers, a large one by its shape."""
    return cls.words(shape(x.shape)) if np.size(x) > SMALL else cls.digits(x)
