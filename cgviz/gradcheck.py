"""Are the gradients right? Each is held against the slope that small steps show."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .chain import is_number, listed, operation, uses
from .gradreport import Report, Row
from .graph import CONSTANT, LEAF, Graph, Node, value_of
from .op import FAILURES
from .run import Run, prepare
from .slips import slip
from .slopes import Slope, slope
from .text import number, shorten
from .value import Value

MOST = 80
"""Of larger graphs not every node is checked: each takes many runs."""


def gradcheck(subject: Any, /, *, cls: type | None = None, **numbers: float) -> Report:
    """Check every gradient of a graph, as its class's own `backward` computes it, against small steps.

    `subject` is a function of nodes, an expression such as ``"(a*b + c)*d"``, or a computed node; `numbers`
    are those of its leaves, `cls` the class of the nodes. Leaves are moved by running the function again;
    nodes in between by computing what follows from them, where each operation has a row.

    Raises `TypeError` for a missing or unknown leaf, and whatever the function or its `backward` raises.

    >>> report = gradcheck("tanh(a*b)", a=0.3, b=-1.2)
    >>> report.ok, [row.name for row in report.rows]
    (True, ['a', 'b', 'v2', 'L'])
    """
    function, defaults, found = prepare(subject)
    run = Run(function, cls or found or Value)
    run.update(**{**defaults, **numbers})
    graph = run.graph
    missing = _no_backward(run.root, graph)
    if missing:
        return Report((), (), (missing,), graph)
    leaves = {node.label: node.index for node in graph.nodes if node.kind == LEAF and node.label in run.names}
    moved = {i: _rerun(run, name) for name, i in leaves.items()}
    between = [n for n in graph.nodes if n.index not in moved and n.kind != CONSTANT and n.has_grad]
    follows = {node.index: _follow(graph, node) for node in between}
    moved |= {i: follow for i, follow in follows.items() if follow is not None}
    checked = sorted(list(moved)[:MOST])
    rows = tuple(_check(graph.nodes[i], slope(moved[i], float(graph.nodes[i].data))) for i in checked)
    notes = [f"'{name}' is not used: the result does not depend on it" for name in run.names if name not in leaves]
    lost = [graph.nodes[i].name for i, follow in follows.items() if follow is None]
    if lost:
        notes.append(f"not checked, for lack of a row that computes what follows: {listed(lost)}")
    if len(moved) > MOST:
        notes.append(f"{len(moved) - MOST:,} more nodes were not checked")
    return Report(rows, tuple(notes), tuple(_sentences(graph, rows)), graph)


def _rerun(run: Run, name: str) -> Callable[[float], float]:
    def result(x: float) -> float:
        return float(value_of(run.forward({**run.inputs, name: x})[1]))

    return result


def _follow(graph: Graph, start: Node) -> Callable[[float], float] | None:
    """The root as a function of one node's value, by the rows; ``None`` if one is missing or computes otherwise."""
    follows = {start.index}
    plan = []
    for node in graph.nodes:
        if node.index != start.index and any(i in follows for i in node.operands):
            op, operands = operation(graph, node)
            if op is None or not _agrees(graph, node):
                return None
            follows.add(node.index)
            plan.append((node.index, op.number, operands))

    def result(x: float) -> float:
        data = [node.data for node in graph.nodes]
        data[start.index] = x
        for index, compute, operands in plan:
            data[index] = compute(*(data[i] for i in operands))
        return data[-1]

    return result if is_number(start.data) else None


def _agrees(graph: Graph, node: Node) -> bool:
    """Whether the row computes what the class has computed."""
    op, operands = operation(graph, node)
    try:
        again = op.number(*(graph.nodes[i].data for i in operands))
    except (*FAILURES, TypeError):
        return False
    return is_number(node.data) and math.isclose(again, node.data, rel_tol=1e-9, abs_tol=1e-12)


def _check(node: Node, seen: Slope) -> Row:
    analytic = float(node.grad) if is_number(node.grad) else None
    numeric = seen.slope
    if analytic is None or numeric is None:
        note = "no gradient" if analytic is None else "no value on either side"
        return Row(node.index, node.name, analytic, numeric, None, analytic is not None, note, seen)
    error = abs(analytic - numeric)
    allowed = 1e-5 * max(abs(analytic), abs(numeric)) + 20 * seen.uncertainty + 1e-12
    if seen.kind == "jump":
        return Row(node.index, node.name, analytic, numeric, error, True, "jump: there is no slope here", seen)
    if seen.kind == "kink":
        low, high = sorted((seen.left, seen.right))
        slack = 1e-3 * max(abs(low), abs(high))
        note = f"kink: slope {number(seen.left)} to the left, {number(seen.right)} to the right"
        return Row(node.index, node.name, analytic, numeric, error, low - slack <= analytic <= high + slack, note, seen)
    note = ""
    if seen.kind == "edge":
        note = "edge of the domain: steps to one side"
    elif seen.uncertainty > 1e-2 * max(abs(numeric), 1e-6):
        note = "uncertain: no two step sizes agree"
    return Row(node.index, node.name, analytic, numeric, error, error <= allowed, note, seen)


def _no_backward(root: Any, graph: Graph) -> str:
    """What to say of a class that computes no gradients (yet)."""
    kind = type(root).__name__
    if not callable(getattr(root, "backward", None)):
        return f"{kind} has no method backward, so there is no gradient to check"
    if not any(node.has_grad for node in graph.nodes):
        return f"the nodes of class {kind} have no attribute grad, so there is no gradient to check"
    if all(node.grad is None for node in graph.nodes):
        return f"the backward of {kind} has left every gradient at 0: it should begin with 1 at the output"
    return ""


def _sentences(graph: Graph, rows: tuple[Row, ...]) -> list[str]:
    """A sentence for each wrong gradient, from the output back: the first is the one to look at."""
    bad = {row.node: row for row in rows if not row.ok}
    said = []
    for i in sorted(bad, reverse=True):
        row, name = bad[i], shorten(bad[i].name)
        if row.analytic is None:
            said.append(f"grad of '{name}' is missing, should be {number(row.numeric)}")
            continue
        should = number(row.numeric)
        if row.seen.kind == "kink":
            should = f"between {number(row.seen.left)} and {number(row.seen.right)}"
        why = _why(graph, i, row.analytic, bad)
        said.append(f"grad of '{name}' is {number(row.analytic)}, should be {should}{': ' * bool(why)}{why}")
    return said


def _why(graph: Graph, index: int, given: float, bad: Mapping[int, Row]) -> str:
    """Follows from a wrong gradient above, or the slip that gives this number."""
    if index == graph.root.index:
        return "a backward pass begins with 1 at the output"
    grads = [float(node.grad) if is_number(node.grad) else 0.0 for node in graph.nodes]
    grads[-1] = grads[-1] if graph.root.has_grad else 1.0
    try:
        mine = [use for use in uses(graph) if use.source == index]
        follows = math.isclose(sum(grads[use.user] * use.local for use in mine), given, rel_tol=1e-6, abs_tol=1e-12)
        above = [graph.nodes[use.user].name for use in mine if use.user in bad]
        if follows and above:
            return f"it follows from the gradient of {listed(list(dict.fromkeys(above)))}"
        return slip(graph, index, given, grads)
    except (TypeError, ValueError):
        return ""
