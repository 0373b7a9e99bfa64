"""Forward and backward, one step at a time, as a list of plain records: to print, to play, to ask about."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..graph import CONSTANT, ArraySummary, Graph, Names, Node, NodeLike, brief, pulls, read_whole
from ..graph.agreement import is_number
from ..graph.recognition import is_equation, operation
from ..graph.records import OUTDATED
from ..ops.formula import Formula, Tex, in_signs, write_operation
from ..ops.op import Op
from ..text import DIGITS, number, numbers
from . import flow, terms
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


class Steps(tuple):
    """What `steps` returns: a tuple of records, which prints one step a line. `notes` are said before them."""

    notes: tuple[str, ...] = ()

    @property
    def forward(self) -> tuple[Forward, ...]:
        """The steps of the forward pass: one for each operation."""
        return tuple(step for step in self if isinstance(step, Forward))

    @property
    def backward(self) -> tuple[Backward, ...]:
        """The steps of the backward pass: the seed, then one for each use of each node."""
        return tuple(step for step in self if isinstance(step, Backward))

    @property
    def plain(self) -> list[dict[str, Any]]:
        """The records as dictionaries that JSON can hold: arrays are nested lists, NaN and infinities text."""
        return [{key: _plain(value) for key, value in step._asdict().items()} for step in self]

    def __str__(self) -> str:
        width = len(str(len(self)))
        lines = [f"{i:>{width}}  {step.text}" for i, step in enumerate(self, start=1)]
        if self.backward:
            lines.insert(len(self.forward), "backward")
        lines = [*self.notes, "forward", *lines]
        hidden = len(lines) - MOST
        if hidden > 1:
            lines[MOST // 2 : MOST // 2 + hidden] = [f"… {hidden:,} more lines …"]
        return "\n".join(lines)

    __repr__ = __str__


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
    graph = read_whole(root, names)
    notes, backward = terms.notes(graph), []
    try:
        rules = pulls(root)
        uses = [use for use in flow.uses(graph, rules) if graph.nodes[use.source].kind != CONSTANT]
        backward = _backward(graph, uses)
        notes += flow.own_rules(graph, rules)
        notes += terms.differences(graph, {use.source: use.after for use in uses if use.complete})
    except flow.Doubtful as failure:
        known = not failure.doubt or failure.doubt in notes
        notes.append(f"no backward pass: {failure.sentence if known else failure}")
    result = Steps(type(step)(*map(_keep, step)) for step in (*_forward(graph), *backward))
    result.notes = tuple(notes)
    return result


def _forward(graph: Graph) -> list[Forward]:
    called = terms.names(graph, Formula)
    found = []
    for node in graph.nodes:
        if node.operands:
            operands = operation(graph, node)[1]
            values = tuple(graph.nodes[i].data for i in operands)
            text = _explain_value(graph, node, called)
            found.append(Forward("forward", node.index, node.name, node.op, operands, values, node.data, text))
    return found


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


def _backward(graph: Graph, uses: list[flow.Use]) -> list[Backward]:
    called, tex = terms.names(graph, Formula), terms.names(graph, Tex)
    root, one = graph.root, flow.ones(graph.root.data)
    text = f"{Formula.partial(called[-1], called[-1])} = {numbers(one)}"
    seed = Backward("seed", root.index, root.name, None, None, None, None, "1", "1", one, 0.0, one, True, text)
    return [seed, *(_make_backward(graph, use, called, tex) for use in uses)]


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
