"""A recorded graph as flat lists, one entry a node: what it takes to compute the graph again without its objects."""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from numbers import Real
from typing import Any, NamedTuple

from .. import graph
from ..graph import NodeLike
from ..graph.fields import explain_departure
from ..graph.node_labels import label_of
from ..graph.order import kahn
from ..graph.recognition import Reading, readings
from ..ops.domain import FAILURES
from ..ops.op import OPS, PYTHON, Op, Source, numpy_names
from ..ops.operand_names import Part, phrase
from ..ops.rows import find, split_constant
from ..text import a_shape, number, shorten
from ..value import CONSTANT, LEAF, Value

ONLY_FLOAT = frozenset([float])
EMPTY = frozenset([LEAF, CONSTANT])
"""The pushes of Values that nothing has computed."""
REFUSED = "an engine of a program takes a float for every leaf, in order"
RULES = 1024
"""So many compiled rules are remembered: of powers such as ``**2`` there is a row for each exponent."""
EXTRA = {"inf": math.inf, "nan": math.nan}
LARGE = "too large for a number"
PASSING = {("add", 0), ("add", 1), ("sub", 0), ("sub", 1), ("mul", 0), ("mul", 1), ("div", 0)}
"""The operands whose infinity is one in the result too, or NaN: it is seen there."""
ARITHMETIC = {name for name, _ in PASSING}
FLOATS = PYTHON | EXTRA | {"REFUSED": REFUSED, "LARGE": LARGE}
"""What the names in a rule's text mean for floats: `math`, which raises outside a function's domain."""


@cache
def arrays() -> dict[str, Any]:
    """What they mean for NumPy arrays, which get NaN or infinity there; ``**`` has short cuts that `np.power` lacks."""
    more = EXTRA | {"power": operator.pow, "keep_zero": _keep_zero}
    return {name: inspect.unwrap(f) for name, f in numpy_names().items()} | more


def _keep_zero(g: Any, contribution: Any, *operands: Any) -> Any:
    """What goes on of a gradient: 0 where 0 arrives at a place without a derivative, by rule 5 of `ops/domain.py`."""
    import numpy as np

    if np.all(g):
        return contribution
    lost = np.equal(g, 0.0) & ~np.isfinite(contribution)
    for x in operands:
        lost = lost & np.isfinite(x)
    return np.where(lost, 0.0, contribution)


class Tape(NamedTuple):
    """A graph in topological order: each node's label, recorded number, row or ``None``, and operands' places.

    `constants` are the places of numbers that operators wrapped; the leaves are the other nodes without a row.
    The last node is the root.
    """

    labels: list[str]
    numbers: list[float]
    ops: list[Op | None]
    operands: list[tuple[int, ...]]
    constants: frozenset[int]

    @property
    def leaves(self) -> list[int]:
        """The places of the leaves, in order."""
        return [i for i, op in enumerate(self.ops) if op is None and i not in self.constants]

    @property
    def unseen(self) -> list[int]:
        """The results of arithmetic, which Python lets grow infinite, that are the root or may be lost in a use."""
        found = {len(self.ops) - 1}
        for op, row in zip(self.ops, self.operands, strict=True):
            found.update(k for position, k in enumerate(row) if op is not None and (op.name, position) not in PASSING)
        return sorted(
            i for i in found if (op := self.ops[i]) is not None and (op.name in ARITHMETIC or split_constant(op))
        )

    def row(self, i: int) -> Op:
        """The row of node i, which is no leaf."""
        op = self.ops[i]
        assert op is not None
        return op

    def name(self, i: int) -> str:
        """What to call node i in a sentence: its label, else its place, as ``v5``."""
        return shorten(self.full_name(i))

    def full_name(self, i: int) -> str:
        """The same at its full length, by which it can be asked for."""
        return self.labels[i] or f"v{i}"


def record(root: NodeLike) -> tuple[Tape, list[Any]]:
    """The tape of the graph below `root`, and its objects in the same order (none if `root` is a traced `Graph`).

    Raises `TypeError`, naming the node, for an operation without a row, a folded group, or no real number.
    """
    if isinstance(root, Value) and (recorded := _record_values(root)):
        return recorded
    found, rows, (labels, symbols, data, kinds) = _columns(root)
    # An array of one number is that number.
    data = [x if x.__class__ is float or getattr(x, "shape", None) != () else x.item() for x in data]
    tape = Tape(labels, [], [], [], frozenset(i for i, kind in enumerate(kinds) if kind == graph.CONSTANT))
    read = _read(root, found, rows)
    for i, (symbol, (op, row, why), x) in enumerate(zip(symbols, read, data, strict=True)):
        if row and op is None:
            symbol = symbol or graph.trace(root).nodes[i].op  # recognised, and no row
            raise TypeError(
                f"node '{tape.name(i)}' was computed by {repr(symbol) if symbol else 'an unnamed operation'}, which "
                f"{'is not that row' if why else 'has no row'} in the table of operations, so it cannot be computed "
                f"again from the graph alone{': ' * bool(why)}{why}"
            )
        if row and (departs := explain_departure(found, i, op, row)):
            raise TypeError(
                f"node '{tape.name(i)}' is of an operation of your own, which a Program cannot run again: {departs}"
            )
        tape.numbers.append(x if x.__class__ is float else _single(x, tape.name(i)))
        tape.ops.append(op)
        tape.operands.append(row)
    return tape, found


def _record_values(root: Value) -> tuple[Tape, list[Any]] | None:
    """The same for Values, read directly and in the same order; ``None`` where there is more to see to."""
    objects: list[Any] = []
    below: list[int] = []  # the operands' ids until all have a place
    counts: list[int] = []
    place: dict[int, int] = {}
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        key = id(node)
        if key in place:
            continue
        place[key] = len(objects)
        objects.append(node)
        a, b = node._a, node._b
        if a is None:
            counts.append(0)
        elif b is None:
            counts.append(1)
            below.append(id(a))
            stack.append(a)
        else:
            counts.append(2)
            below += (id(a), id(b))
            stack += (b, a)
    pushes = set(map(operator.attrgetter("_push"), objects))
    rows = {push: None if push is LEAF or push is CONSTANT else getattr(push, "op", None) for push in pushes}
    known = all(op is not None and find(op.symbol, op.arity) is op for push, op in rows.items() if push not in EMPTY)
    if not known or any(hasattr(cls, "shape") for cls in set(map(type, objects))):
        return None
    operands = list(map(place.__getitem__, below))
    order = kahn(operands, counts)
    if len(order) < len(objects):
        return None
    ends = list(accumulate(counts, initial=0))
    rank = [0] * len(order)
    for new, old in enumerate(order):
        rank[old] = new
    operands = list(map(rank.__getitem__, operands))
    objects = [objects[old] for old in order]
    labels = [label_of(node, {}) if node.label else "" for node in objects]
    numbers = [node._data for node in objects]
    if not ONLY_FLOAT.issuperset(map(type, numbers)):
        return None
    tape = Tape(
        labels,
        numbers,
        [rows[node._push] for node in objects],
        [tuple(operands[ends[old] : ends[old + 1]]) for old in order],
        frozenset(i for i, node in enumerate(objects) if node._push is CONSTANT),
    )
    return tape, objects


def _columns(root: NodeLike) -> tuple[list[Any], list[tuple[int, ...]], tuple[list, ...]]:
    """The objects, their operands' places, and what `graph.outlines` says of them."""
    if not isinstance(root, graph.Graph):
        found, rows, *_ = graph.in_order(root)
        return found, rows, graph.outlines(found, rows)
    folded = next((node for node in root.nodes if node.folded), None)
    if folded:
        raise TypeError(f"node '{shorten(folded.name)}' is a folded group; a Program records the graph unfolded")
    columns = tuple([getattr(node, field) for node in root.nodes] for field in ("label", "op", "data", "kind"))
    return [], [node.operands for node in root.nodes], columns


def _read(root: NodeLike, found: list[Any], rows: list[tuple[int, ...]]) -> Iterable[Reading]:
    """The row of each node, without a trace where the engine knows all of them."""
    known = list(map(graph.row_of, found))
    if found and all(op is not None or not row for op, row in zip(known, rows, strict=True)):
        return map(Reading, known, rows)
    return readings(graph.trace(root))


def _single(x: Any, name: str) -> float:
    """The number as a float. Raises `TypeError`, with the node's name, for an array or what is no real number."""
    if isinstance(x, Real):
        return float(x)
    what = a_shape(x.shape) if getattr(x, "shape", ()) else number(x) or None
    raise TypeError(f"node '{name}' holds {what}; a Program records single numbers")


def check_floats(leaves: Sequence[Any], n: int) -> None:
    """Raise `TypeError` for anything but `n` floats: an engine would compute something else with it."""
    if len(leaves) != n or not ONLY_FLOAT.issuperset(map(type, leaves)):
        raise TypeError(REFUSED)


class Folding(Source):
    """A source operand that computes with the numbers that are known already: ``1.0 * b`` is written ``b``."""

    __slots__ = ("number",)

    def __init__(self, code: str, number: float | None = None) -> None:
        super().__init__(code)
        self.number = number

    @classmethod
    def of(cls, number: float) -> Folding:
        """The number, written down."""
        return cls(repr(float(number)), float(number))

    def _apply(self, op: Op, xs: tuple) -> Folding:
        xs = tuple(x if isinstance(x, Folding) else Folding.of(x) for x in xs)
        if all(x.number is not None for x in xs):
            try:
                return Folding.of(op.number(*(x.number for x in xs)))
            except FAILURES:
                pass  # left to fail when it is run, where the node is known
        elif op is OPS["mul"] and 1.0 in (xs[0].number, xs[1].number):
            return xs[0] if xs[1].number == 1.0 else xs[1]
        elif op is OPS["power"] and xs[1].number == 1.0:
            return xs[0]
        written = op.write(*xs)
        return written if isinstance(written, Folding) else Folding(written.code)


@lru_cache(RULES)
def forward(op: Op, in_arrays: bool = False) -> Callable:
    """The forward rule of a row, compiled for floats or for arrays."""
    return _function(op, "", lambda g, y, *xs: op.write(*xs), in_arrays)


@lru_cache(RULES)
def derivative(op: Op, position: int, in_arrays: bool = False) -> Callable:
    """The derivative rule ``(g, y, *xs)`` of a row for one operand, compiled for floats or for arrays."""
    return _function(op, "g, y, ", op.vjps[position], in_arrays)


def _function(op: Op, first: str, rule: Callable, in_arrays: bool) -> Callable:
    xs = [f"x{i}" for i in range(op.arity)]
    code = rule(*map(Folding, ("g", "y", *xs))).code
    return eval(f"lambda {first}{', '.join(xs)}: {code}", arrays() if in_arrays else FLOATS)


def run_tape(tape: Tape, leaves: Any, backward: bool = True) -> tuple[list[float], list[float]]:
    """Compute the numbers and gradients of all nodes one by one: slow, but it knows where it is when a rule fails.

    Raises `DomainError`, naming the node, where an operation has no value or no derivative.
    """
    values, given = [], iter(leaves)
    for i, op in enumerate(tape.ops):
        if op is None:
            values.append(tape.numbers[i] if i in tape.constants else next(given))
            continue
        xs = [values[k] for k in tape.operands[i]]
        try:
            values.append(forward(op)(*xs))
            if not math.isfinite(values[i]) and all(map(math.isfinite, xs)):  # rule 1 of `ops/domain.py`
                raise OverflowError(LARGE)
        except FAILURES as failure:
            raise _refuse(tape, values, i, failure) from None
    grads = [0.0] * len(values)
    grads[-1] = 1.0
    for i in reversed(range(len(values) if backward else 0)):
        xs = [values[k] for k in tape.operands[i]]
        for position, k in enumerate(tape.operands[i]):
            if k in tape.constants:
                continue
            try:
                grads[k] += derivative(tape.ops[i], position)(grads[i], values[i], *xs)
            except FAILURES as failure:
                if grads[i] != 0.0:  # else nothing goes on: rule 5 of `ops/domain.py`
                    raise _refuse(tape, values, i, failure, derivative=True) from None
    return values, grads


def _refuse(tape: Tape, values: list[float], i: int, failure: Exception, derivative: bool = False) -> Exception:
    operands = tape.operands[i]

    def part(k: int) -> Part:
        return Part(tape.labels[k], values[k] if k in tape.constants else None, tape.ops[k], tape.operands[k])

    names = tuple(phrase(k, part) for k in operands)
    return tape.row(i).error(failure, tuple(values[k] for k in operands), names, derivative)
