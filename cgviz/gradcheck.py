"""Are the gradients right? Each is held against the slope that small steps show."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .chain import is_number, uses
from .gradparts import left_out, parts, single, sizes
from .gradreport import Report, Row
from .graph import CONSTANT, LEAF, Graph, Node, value_of
from .recognition import doubts, gives, operation
from .run import Run, prepare
from .slips import slip
from .slopes import Slope, slope
from .terms import listed
from .text import kind, number, shorten
from .value import Value

MOST = 80
"""Of larger graphs not every node is checked: each takes many runs."""


def gradcheck(subject: Any, /, *, cls: type | None = None, **numbers: Any) -> Report:
    """Check every gradient of a graph, as its class's own `backward` computes it, against small steps.

    `subject` is a function of nodes, an expression such as ``"(a*b + c)*d"``, an operation, a computed node, or a
    network of `cgviz.nodes`; `numbers` are those of its leaves, arrays too if `cls`, the class of the nodes, holds
    arrays. Leaves are moved by running the function again, nodes in between by computing what follows from
    them, where each operation has a row; of an array a few numbers are moved, one by one.

    Raises `TypeError` for a missing or unknown leaf, and whatever the function or its `backward` raises.

    >>> report = gradcheck("tanh(a*b)", a=0.3, b=-1.2)
    >>> report.ok, [row.name for row in report.rows]
    (True, ['a', 'b', 'v2', 'L'])
    >>> from cgviz import Tensor
    >>> report = gradcheck(lambda x: (x * x).sum(), cls=Tensor, x=[1, 2])
    >>> report.ok, [row.name for row in report.rows]
    (True, ['x[0]', 'x[1]', 'v1[0]', 'v1[1]', 'v2'])
    """
    if hasattr(subject, "_for_check"):  # arrays, which know how to run again without a function
        if cls or numbers:
            raise TypeError("what is computed already brings its class and its numbers along; or give a function")
        graph, moved = subject._for_check()
        return _report(graph, moved, [])
    function, defaults, found = prepare(subject, numbers)
    numbers = {**defaults, **numbers}
    _check_class(cls, numbers)
    run = Run(function, cls or found or Value)
    run.update(**numbers)
    graph = run.graph
    missing = _no_backward(run.root, graph)
    if missing:
        return Report((), (), (missing,), graph)
    single(graph.root.data, graph.root.name)
    leaves = {node.label: node.index for node in graph.nodes if node.kind == LEAF and node.label in run.names}
    moved = {i: _rerun(run, name) for name, i in leaves.items()}
    between = [n for n in graph.nodes if n.index not in moved and n.kind != CONSTANT and n.has_grad]
    own = run.root._for_check()[1] if hasattr(run.root, "_for_check") else None
    follows = {n.index: own.get(n.index) if own is not None else _follow(graph, n) for n in between}
    moved |= {i: follow for i, follow in follows.items() if follow is not None}
    notes = [f"'{name}' is not used: the result does not depend on it" for name in run.names if name not in leaves]
    lost = [graph.nodes[i].name for i, follow in follows.items() if follow is None]
    if lost:
        notes.append(f"not checked, for lack of a row that computes what follows: {listed(lost)}")
        notes += doubts(graph)
    return _report(graph, moved, notes)


def _report(graph: Graph, moved: Mapping[int, Callable[[Any], Any]], notes: list[str]) -> Report:
    """Check the nodes that can be moved: `moved` gives the result for what a node holds instead."""
    rows: list[Row] = []
    checked = []
    for i in sorted(list(moved)[:MOST]):
        if len(rows) < MOST:
            checked.append(graph.nodes[i])
            rows += [_check(part, slope(_moving(moved[i], put), part.data)) for part, put in parts(checked[-1])]
    notes += filter(None, map(left_out, checked))
    if len(checked) < len(moved):
        notes.append(f"{len(moved) - len(checked):,} more nodes were not checked")
    wrong = _sentences(graph, rows)
    if not any(row.numeric is not None for row in rows):
        wrong.append("nothing could be checked: small steps gave no number")
    return Report(tuple(rows), tuple(notes), tuple(wrong), graph)


def _check_class(cls: Any, numbers: Mapping[str, Any]) -> None:
    if cls is not None and not callable(cls):
        raise TypeError(f"cls is the class of the nodes, such as cls=Value; got {kind(cls)}")
    if cls is None:
        for name, x in numbers.items():
            if isinstance(x, (list, tuple)) or getattr(x, "shape", ()):
                raise TypeError(
                    f"'{shorten(name)}' is an array: name a class that holds arrays, as in gradcheck(f, cls=Tensor, …)"
                )


def _moving(result: Callable[[Any], Any], put: Callable[[float], Any]) -> Callable[[float], float]:
    return lambda x: single(result(put(x)), "the result")


def _rerun(run: Run, name: str) -> Callable[[Any], Any]:
    return lambda x: value_of(run.forward({**run.inputs, name: x})[1])


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
    """Whether the row computes the number that the class has: one without a number may be believed, not computed on."""
    op, operands = operation(graph, node)
    return is_number(node.data) and gives(op, node.data, [graph.nodes[i].data for i in operands]) is True


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


def _sentences(graph: Graph, rows: Sequence[Row]) -> list[str]:
    """A sentence for each wrong gradient, from the output back: the first is the one to look at."""
    bad = {row.node: row for row in reversed(rows) if not row.ok}  # of an array, the first of its numbers
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
    """Follows from a wrong gradient above, or the slip that gives this number; of arrays nothing is said."""
    if any(map(sizes, graph.nodes)):
        return ""
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
