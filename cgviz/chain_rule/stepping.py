"""Forward and backward, one step at a time, as a list of plain records: to print, to play, to ask about."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from ..graph import CONSTANT, ArraySummary, Graph, Names, Node, NodeLike, brief, read_with_rules
from ..graph.agreement import is_number
from ..graph.recognition import is_equation, operation
from ..graph.records import OUTDATED
from ..ops.formula import Formula, Tex, in_signs, write_operation
from ..ops.op import Op
from ..text import DIGITS, number, numbers
from . import flow, terms
from .contributions import Doubtful, ones
from .equation import of_row

MOST = 200
"""Longer lists are shortened in the middle when they are printed."""


class Forward(NamedTuple):
    """A node is computed: `op` of its `operands` (indices), which hold `values`, gives `result`."""

    kind: str
    node: int
    name: str
    op: str
    operands: tuple[int, ...]
    values: tuple[Any, ...]
    result: Any
    text: str


class Backward(NamedTuple):
    """A gradient flows back from `user` to `node`, which is its operand `position`.

    `contribution` = `upstream` (the gradient of `user`) · `local` (∂user/∂node, which `formula` and `tex` write).
    The gradient of `node` grows by it from `before` to `after`; `complete` says that this was its last
    use. The first step of a backward pass, of kind ``"seed"``, is ∂root/∂root = 1: it has no user.
    """

    kind: str
    node: int
    name: str
    user: int | None
    position: int | None
    upstream: Any
    local: Any
    formula: str
    tex: str
    contribution: Any
    before: Any
    after: Any
    complete: bool
    text: str


class Steps(Sequence):
    """What `steps` returns: a sequence of records, which prints one step a line. `notes` are said before them.

    `computed` says how many are of the forward pass. Records are made when they are asked for, as few are of
    a large graph.
    """

    def __init__(
        self, make: Callable[[int], Forward | Backward], computed: int, count: int, notes: Sequence[str] = ()
    ) -> None:
        self._make, self._computed, self._count = make, computed, count
        self._made: dict[int, Forward | Backward] = {}
        self.notes = tuple(notes)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(self._count)))
        i = range(self._count)[index]
        if i not in self._made:
            self._made[i] = self._make(i)
        return self._made[i]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Steps, tuple)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __reduce__(self) -> tuple:
        return _restore, (tuple(self), self._computed, self.notes)

    @property
    def forward(self) -> tuple[Forward, ...]:
        """The steps of the forward pass: one for each operation."""
        return self[: self._computed]

    @property
    def backward(self) -> tuple[Backward, ...]:
        """The steps of the backward pass: the seed, then one for each use of each node."""
        return self[self._computed :]

    @property
    def plain(self) -> list[dict[str, Any]]:
        """The records as dictionaries that JSON can hold: arrays are nested lists, NaN and infinities text."""
        return [{key: _plain(value) for key, value in step._asdict().items()} for step in self]

    def __str__(self) -> str:
        width, both = len(str(len(self))), self._count > self._computed
        head = len(self.notes) + 1
        total = head + self._count + both
        hidden = total - MOST

        def line(k: int) -> str:
            if k < head:
                return (*self.notes, "forward")[k]
            i = k - head
            if both and i == self._computed:
                return "backward"
            i -= both and i > self._computed
            return f"{i + 1:>{width}}  {self[i].text}"

        if hidden <= 1:
            return "\n".join(map(line, range(total)))
        first = [line(k) for k in range(MOST // 2)]
        return "\n".join([*first, f"… {hidden:,} more lines …", *map(line, range(MOST // 2 + hidden, total))])

    __repr__ = __str__


def _restore(made: tuple, computed: int, notes: tuple[str, ...]) -> Steps:
    """The same steps, made before."""
    return Steps(made.__getitem__, computed, len(made), notes)


def steps(root: NodeLike, names: Names = None) -> Steps:
    """Take a graph through forward and backward, one operation at a time, and return the list of the steps.

    Each is a `Forward` or a `Backward` record of plain data; `Steps.plain` is the list for JSON. The
    numbers are computed here, by the chain rule, whatever the class's own `backward` does. `names` gives labels,
    as for `trace`, and the records have summaries of large arrays. Nothing flows back to constants.

    An operation that is unknown, or whose number is not what its name says, ends that, and so does a leaf that has
    changed since: the notes say so, and there are only the steps of the forward pass.

    Raises `DomainError` where a derivative does not exist.

    >>> from cgviz import Value
    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> e = a * b; e.label = "e"
    >>> L = e + a; L.label = "L"
    >>> steps(L)
    forward
    1  e = a · b = 2 · -3 = -6
    2  L = e + a = -6 + 2 = -4
    backward
    3  ∂L/∂L = 1
    4  ∂L/∂e = ∂L/∂L · ∂L/∂e = 1 · 1 = 1
    5  ∂L/∂a += ∂L/∂L · ∂L/∂a = 1 · 1 = 1, so far 1
    6  ∂L/∂a += ∂L/∂e · ∂e/∂a = 1 · b = 1 · -3 = -3, in all 1 - 3 = -2
    7  ∂L/∂b = ∂L/∂e · ∂e/∂b = 1 · a = 1 · 2 = 2
    """
    graph, rules = read_with_rules(root, names)
    notes, uses = terms.notes(graph), None
    try:
        uses = [use for use in flow.uses(graph, rules) if graph.nodes[use.source].kind != CONSTANT]
        notes += flow.own_rules(graph, rules)
        notes += terms.differences(graph, {use.source: use.after for use in uses if use.complete})
    except Doubtful as failure:
        known = not failure.doubt or failure.doubt in notes
        notes.append(f"no backward pass: {failure.sentence if known else failure}")
    make = _Maker(graph, uses or ())
    computed = len(make.computed)
    found = Steps(make, computed, computed + (0 if uses is None else 1 + len(uses)), notes)
    if any(getattr(node.data, "shape", ()) for node in graph.nodes):
        return _restore(tuple(found), computed, found.notes)  # arrays may change, and are not kept
    return found


class _Maker:
    """Makes the record of a step, by its place."""

    def __init__(self, graph: Graph, uses: Sequence[flow.Use]) -> None:
        self.graph, self.uses = graph, uses
        self.computed = [node for node in graph.nodes if node.operands]

    @cached_property
    def called(self) -> list[Formula]:
        return terms.names(self.graph, Formula)

    @cached_property
    def tex(self) -> list[Formula]:
        return terms.names(self.graph, Tex)

    def __call__(self, i: int) -> Forward | Backward:
        step = self._make(i)
        return type(step)(*map(_keep, step))

    def _make(self, i: int) -> Forward | Backward:
        graph, k = self.graph, i - len(self.computed)
        if k > 0:
            return _make_backward(graph, self.uses[k - 1], self.called, self.tex)
        if k == 0:
            root, one = graph.root, ones(graph.root.data)
            text = f"{Formula.partial(self.called[-1], self.called[-1])} = {numbers(one)}"
            return Backward("seed", root.index, root.name, None, None, None, None, "1", "1", one, 0.0, one, True, text)
        node = self.computed[i]
        operands = operation(graph, node)[1]
        values = tuple(graph.nodes[i].data for i in operands)
        text = _explain_value(graph, node, self.called)
        return Forward("forward", node.index, node.name, node.op, operands, values, node.data, text)


def _explain_value(graph: Graph, node: Node, called: list[Formula]) -> str:
    """``e = a · b = 2 · -3 = -6``."""
    op, operands = operation(graph, node)
    here, result = str(called[node.index]), numbers(node.data)
    if node.stale in OUTDATED:  # its operands are no longer those that it was computed from
        made = f"by {node.op!r} of" if node.op else "of"
        return f"{here} is {result}, {made} {' and '.join(str(called[i]) for i in operands)} before a leaf changed"
    if node.op and not is_equation(graph, node):
        described = " and ".join(_name_with_number(graph, i, called[i]) for i in operands)
        return f"{here} is {result}, by {node.op!r} of {described}"
    if not node.op:
        return f"{here} of {', '.join(str(called[i]) for i in operands)} = {result}"
    read = [graph.nodes[i] for i in operands]
    found = of_row(op, [x.data for x in read], node.data)
    given = [_digits(x, found.digits) for x in read]
    written = [
        number if x.kind == CONSTANT and found.digits > DIGITS else called[x.index]
        for x, number in zip(read, given, strict=True)
    ]
    stages = list(dict.fromkeys([here, _write_operation(op, node, written), _write_operation(op, node, given)]))
    return " = ".join(stages) if result in stages else terms.equation(Formula, stages, result, found)


def _write_operation(op: Op | None, node: Node, operands: list[Formula]) -> str:
    """The operation as its row writes it, else by its symbol."""
    if op:
        return op.text.format(*operands)
    inside = "9" if in_signs(node.op, len(operands)) else ""
    return write_operation(node.op, [f"{operand:{inside}}" for operand in operands])


def _name_with_number(graph: Graph, i: int, name: Formula) -> str:
    """An operand by name, and its number in parentheses."""
    digits = str(_digits(graph.nodes[i]))
    return str(name) if str(name) == digits else f"{name} ({digits})"


def _digits(node: Node, digits: int = DIGITS) -> Formula:
    """The number of a node, or its small array."""
    if is_number(node.data):
        return Formula.of(node.data, digits)
    return Formula(numbers(node.data, digits=digits))


def _make_backward(graph: Graph, use: flow.Use, called: list[Formula], tex: list[Formula]) -> Backward:
    node = graph.nodes[use.source]
    return Backward(
        "backward",
        node.index,
        node.name,
        use.user,
        use.position,
        use.upstream,
        use.local,
        str(terms.local_formula(graph, use, called)),
        str(terms.local_formula(graph, use, tex)),
        use.product,
        use.before,
        use.after,
        use.complete,
        _explain_contribution(graph, use, called),
    )


def _explain_contribution(graph: Graph, use: flow.Use, called: list[Formula]) -> str:
    """``∂L/∂a += ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6, so far 6``; a plain ``=`` where there is but one use."""
    here = Formula.partial(called[-1], called[use.source])
    stages = f"{terms.partials(use, called)} = {terms.factors(graph, use, called)}"
    if use.first and use.complete:
        return f"{here} = {stages}"
    said = f"so far {numbers(use.after)}"
    if use.complete:
        said = f"in all {terms.write_sum(Formula, [use.before, use.product], use.after)}"
    return f"{here} += {stages}, {said}"


def _keep(value: Any) -> Any:
    return tuple(map(brief, value)) if value.__class__ is tuple else brief(value)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, ArraySummary):
        return str(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return number(value)
    return value if isinstance(value, (int, float, str, type(None))) else number(value)
