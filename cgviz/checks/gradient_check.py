"""Are the gradients right? Each is held against the slope that small steps show."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ..chain_rule.terms import list_first
from ..graph import CONSTANT, Graph, Node, is_node, trace, value_of
from ..graph.agreement import gives, is_float, is_number, rounding
from ..graph.recognition import doubts, likely
from ..ops.op import Op
from ..run.elements import left_out, parts, single
from ..run.reach import find_severed, reach
from ..run.run import Replay, Run, leaf, no_operands, prepare
from ..text import kind, number, shorten
from ..value import Value
from .finite_differences import ROUNDING, slope
from .links import Links, links
from .recorded_locals import sentence, wrong_locals
from .report import AGREES, UNCHECKED, WRONG, Report, Row
from .slope_comparison import compare
from .verdict import Witness, sentences

MOST = 80
"""Of larger graphs not every node is checked: each takes many runs."""
SHOWN = 4
"""So many wrong local derivatives are told beside the wrong gradients."""
SHARE = 0.372841
"""A leaf is asked for a number with digits of its own."""


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
    try:
        run.update(**numbers)
    except NotImplementedError as error:  # a class that is still being written
        if type(error) is not NotImplementedError:  # whose own sentence says what is missing
            raise
        text = f"NotImplementedError{': ' * bool(str(error))}{error}"
        raise TypeError(f"{_class_name(run.cls)} is not finished, it raised {text}") from error
    with warnings.catch_warnings():  # a step may lead out of the domain, of which NumPy warns
        warnings.simplefilter("ignore", RuntimeWarning)
        return _check(run)


def _check(run: Run) -> Report:
    """Check the gradients of a run."""
    graph = run.graph
    assert graph is not None
    missing = _no_backward(run.root, graph)
    if missing:
        return Report((), (), (missing,), graph)
    single(graph.root.data, graph.root.name)
    unfaithful = _unfaithful(run)
    if unfaithful:
        return Report((), (), (f"nothing could be checked: {unfaithful}",), graph)
    seen, leaves = reach(run), run.places
    wrong = [sentence for sentence in (seen.random, seen.lost) if sentence]
    if seen.random or not (leaves or (graph.root.operands and not run.names)):
        none = f"the result depends on none of the leaves {list_first(list(run.names))}"
        wrong = wrong or [f"nothing was checked: {none if run.names else 'there are no leaves'}"]
        return Report((), seen.notes, tuple(wrong), graph)
    if isinstance(run.function, Replay) and not graph.root.operands:
        alone = no_operands(run.root) or "it has no operands"
        return Report((), (), (f"nothing was checked: the graph is the one node '{graph.root.name}'; {alone}",), graph)
    moved = {i: _rerun(run, name) for name, i in leaves.items()}
    between = [
        node
        for node in graph.nodes
        if node.index not in moved and node.kind != CONSTANT and node.has_grad and node.index not in seen.idle
    ]
    own = run.root._for_check()[1] if hasattr(run.root, "_for_check") else None
    unlike = _unlike(run) if own is None else frozenset()
    follows = own if own is not None else _follows(graph, unlike)
    follows = {node.index: follows.get(node.index) for node in between}
    moved |= {i: follow for i, follow in follows.items() if follow is not None}
    notes = list(seen.notes)
    lost = [graph.nodes[i].name for i, follow in follows.items() if follow is None]
    if lost:
        notes.append(f"not checked, for lack of a row that computes what follows: {list_first(lost)}")
        notes += doubts(graph)
    for i in sorted(unlike):
        node = graph.nodes[i]
        notes.append(f"the number of '{node.name}' is that of '{node.op}' here, and not at other numbers")
    witness = Witness(
        _links(graph, unlike),
        lambda: _elsewhere(run),
        lambda wrong: find_severed(run, graph, [n for n in leaves if leaves[n] in wrong]),
    )
    return _report(graph, moved, notes, wrong, witness, frozenset(leaves.values()))


def _report(
    graph: Graph,
    moved: Mapping[int, Callable[[Any], Any]],
    notes: list[str],
    wrong: Sequence[str] = (),
    witness: Witness | None = None,
    leaves: Collection[int] = (),
) -> Report:
    """Check the nodes that can be moved: `moved` gives the result for what a node holds instead.

    `wrong` is what is known before, `witness` knows more of what a class computes, `leaves` are those of a function.
    """
    rows: list[Row] = []
    checked = []
    sizes, precision = _sizes(graph), _precision(graph)
    for i in sorted(list(moved)[:MOST]):
        if len(rows) < MOST:
            checked.append(graph.nodes[i])
            size = sizes[i]
            rows += [
                compare(part, slope(_moving(moved[i], put), part.data, size, precision))
                for part, put in parts(checked[-1])
            ]
    notes += filter(None, map(left_out, checked))
    if len(checked) < len(moved):
        notes.append(f"{len(moved) - len(checked):,} more nodes were not checked")
    wrong = [*wrong, *sentences(graph, rows, witness)]
    wrong += _untold(graph, {row.node for row in rows if not row.ok})
    telling = _telling(rows, graph, leaves)
    if not any(row.seen.kind == "kink" or row.state in (AGREES, WRONG) for row in telling):
        wrong.append(f"nothing could be checked: {_nothing(telling)}")
    return Report(tuple(rows), tuple(notes), tuple(wrong), graph)


def _untold(graph: Graph, told: Collection[int]) -> list[str]:
    """The wrong local derivatives that no wrong gradient has told of: nothing flowed there, or it was not checked."""
    found = [one for one in wrong_locals(graph) if one.source not in told]
    return list(dict.fromkeys(sentence(graph, one) for one in found))[:SHOWN]


def _sizes(graph: Graph) -> list[float]:
    """The size of the numbers behind each node, in units of the result: what rounding errors are a share of.

    A rounding of a number changes the result by the number's own gradient times as much, by the rows; where none is
    known, by that of its class.
    """
    grads = [float(node.grad) if is_float(node.grad) else None for node in graph.nodes]
    chain = links(graph, grads)
    found = [0.0] * len(graph.nodes)
    effect: list[float] = [0.0] * len(graph.nodes)
    effect[-1] = 1.0
    behind = 0.0
    for i in range(len(graph.nodes) - 1, -1, -1):
        found[i] = behind
        node = graph.nodes[i]
        if chain.above[i]:
            above = chain.above[i]
            unknown = any(link.local is None for link in above)
            total = sum(abs(effect[link.user] * (link.local or 0.0)) for link in above)
            effect[i] = abs(grads[i] or 0.0) if unknown else total
        if node.operands and is_float(node.data):
            share = effect[i] * abs(float(node.data))
            behind += share if math.isfinite(share) else 0.0
    return found


def _precision(graph: Graph) -> float:
    """The relative error of one rounding, as the class keeps its numbers."""
    return max((rounding(node.data) for node in graph.nodes), default=ROUNDING)


def _telling(rows: Sequence[Row], graph: Graph, leaves: Collection[int]) -> list[Row]:
    """The rows that have to show something: of the leaves; that of a computed root is 1 whatever it computes."""
    asked = leaves or {node.index for node in graph.nodes if not node.operands}
    found = [row for row in rows if row.node in asked]
    return found or [row for row in rows if row.node != graph.root.index]


def _nothing(telling: Sequence[Row]) -> str:
    if not telling:
        return "there is no number to move"
    if any(row.seen.kind == "jump" for row in telling):
        return "the result jumps here, so there is no slope"
    if all(row.numeric is None for row in telling):
        return "small steps gave no number"
    return next(row.note for row in telling if row.state == UNCHECKED).removeprefix("not checked: ")


def _unlike(run: Run) -> frozenset[int]:
    """The nodes whose number is that of their row here, and is not at other numbers: as 2 + 2 is 2 * 2."""
    graph = run.graph
    assert graph is not None
    if run.cls is Value:
        return frozenset()
    for moved in _others(run.inputs):
        try:
            root = run.forward(moved)[1]
            other = trace(root, makers=run.makers)
        except Exception:  # whatever a learner's class raises outside its domain
            continue
        if [node.operands for node in other.nodes] != [node.operands for node in graph.nodes]:
            return frozenset()
        return frozenset(
            node.index
            for node in graph.nodes
            if node.operands
            and likely(graph, node)[0] is not None
            and _agrees(graph, node)
            and not _holds_at(other, graph, node)
        )
    return frozenset()


def _holds_at(other: Graph, graph: Graph, node: Node) -> bool:
    """Whether the row of a node gives its number at other numbers too."""
    there = other.nodes[node.index]
    if there.op == node.op:
        return likely(other, there)[0] is not None and _agrees(other, there)
    op, operands = likely(graph, node)  # recognised here, and there not
    return op is not None and gives(op, there.data, [other.nodes[i].data for i in operands]) is True


def _links(graph: Graph, unlike: Collection[int] = ()) -> Callable[[], Links]:
    """The graph's links with the gradients of its class; where a row computes something else, nothing is known."""

    def read() -> Links:
        doubted = {
            node.index
            for node in graph.nodes
            if node.index in unlike or (node.operands and (likely(graph, node)[0] is None or not _agrees(graph, node)))
        }
        return links(graph, [float(node.grad) if is_float(node.grad) else None for node in graph.nodes], doubted)

    return read


def _elsewhere(run: Run) -> Links | None:
    """The links of the same function at other numbers, none of them special; ``None`` where it has no value there."""
    here = run.inputs
    for moved in _others(here):
        try:
            run.update(**moved)
            return _links(run.graph)()
        except Exception:  # whatever a learner's class raises outside its domain
            continue
        finally:
            run.update(**here)  # what outlives a run, as weights do, has its own gradients again
    return None


def _others(here: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield other numbers for the leaves, none of them special, the farthest first; none for arrays."""
    if not all(map(is_float, here.values())):
        return
    for share in (0.31, -0.17, 0.013):
        yield {
            name: x + share * (1 + 0.37 * k) * max(0.5, abs(x)) * (1 if k % 2 == 0 else 0.61)
            for k, (name, x) in enumerate(here.items())
        }


def _unfaithful(run: Run) -> str:
    """What to say of a class whose leaves do not hold the numbers that they are given: then no small step is taken."""
    name = _class_name(run.cls)
    for x in run.inputs.values():
        if not (is_float(x) and math.isfinite(x)):
            continue
        given = float(x) + SHARE * max(1.0, abs(float(x)))
        try:
            held = value_of(leaf(run.cls, "x", given))
        except (ArithmeticError, ValueError):  # outside the domain
            continue
        if not is_float(held) or math.isclose(float(held), given, rel_tol=max(1e-9, 8 * rounding(held)), abs_tol=0.0):
            continue
        whole = math.isfinite(float(held)) and float(held).is_integer() and abs(given) < 2**50
        what = "makes whole numbers of its data" if whole else "does not keep the numbers that it is given"
        return f"{name} {what}: {name}({given:.6g}) holds {float(held):.6g}, so no small step can be taken"
    return ""


def _class_name(cls: Any) -> str:
    return getattr(cls, "__name__", None) or str(cls)


def _check_class(cls: Any, numbers: Mapping[str, Any]) -> None:
    if cls is not None and not callable(cls):
        raise TypeError(f"cls is the class of the nodes, such as cls=Value; got {kind(cls)}")
    if cls is not None and numbers:
        x = next(iter(numbers.values()))
        call = f"{_class_name(cls)}({number(x)})"
        try:
            node = leaf(cls, "x", x)
        except Exception as error:  # whatever a learner's class raises
            text = f"{type(error).__name__}: {error}".removesuffix(": ")
            raise TypeError(f"cls: {call} has to make a node, but it raised {text}") from error
        if not is_node(node):
            raise TypeError(f"cls: expected a class of nodes, such as Value, but {call} is no node of a graph")
    if cls is None:
        for name, x in numbers.items():
            shape: Any = getattr(x, "shape", ())
            if isinstance(x, (list, tuple)) or shape:
                raise TypeError(
                    f"'{shorten(name)}' is an array: name a class that holds arrays, as in gradcheck(f, cls=Tensor, …)"
                )


def _moving(result: Callable[[Any], Any], put: Callable[[float], Any]) -> Callable[[float], float]:
    return lambda x: single(result(put(x)), "the result")


def _rerun(run: Run, name: str) -> Callable[[Any], Any]:
    return lambda x: value_of(run.forward({**run.inputs, name: x})[1])


Rows = dict[int, tuple[Op, tuple[int, ...]]]
"""The row of each node that it computes, by index, with the operands."""


def _follows(graph: Graph, unlike: Collection[int] = ()) -> dict[int, Callable[[float], float]]:
    """The root as a function of each node's value, by the rows: of those that no other operation follows."""
    rows: Rows = {}
    for node in graph.nodes:
        op, operands = likely(graph, node) if node.operands else (None, ())
        if op is not None and node.index not in unlike and _agrees(graph, node):
            rows[node.index] = op, operands
    lost: set[int] = set()
    for node in reversed(graph.nodes):
        if node.index in lost or node.index not in rows:
            lost.update(node.operands)
    return {n.index: _follow(graph, n.index, rows) for n in graph.nodes if n.index not in lost and is_number(n.data)}


def _follow(graph: Graph, start: int, rows: Rows) -> Callable[[float], float]:
    @cache  # of a large graph few nodes are asked
    def plan() -> tuple[list[float], list[tuple[Callable[..., float], int, int]]]:
        """What is read and does not move, after the start; then each step, with the places of its operands."""
        follows = {start}
        for node in graph.nodes[start + 1 :]:
            if not follows.isdisjoint(node.operands):
                follows.add(node.index)
        moved = sorted(follows - {start})
        still = dict.fromkeys(i for k in moved for i in rows[k][1] if i not in follows)
        place = {i: k for k, i in enumerate([start, *still, *moved])}
        steps = [(rows[i][0].number, place[rows[i][1][0]], place[rows[i][1][-1]]) for i in moved]
        single = [len(rows[i][1]) == 1 for i in moved]
        steps = [(compute, a, -1 if one else b) for (compute, a, b), one in zip(steps, single, strict=True)]
        return [graph.nodes[i].data for i in (start, *still)], steps

    def result(x: float) -> float:
        held, steps = plan()
        data = held.copy()  # what follows is computed behind it: nothing else of the graph is touched
        data[0] = x
        for compute, a, b in steps:
            data.append(compute(data[a]) if b < 0 else compute(data[a], data[b]))
        return data[-1]

    return result


def _agrees(graph: Graph, node: Node) -> bool:
    """Whether the row computes the number that the class has: one without a number may be believed, not computed on."""
    op, operands = likely(graph, node)
    if op is None or not is_number(node.data):
        return False
    return gives(op, node.data, [graph.nodes[i].data for i in operands]) is True


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
