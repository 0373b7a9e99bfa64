"""Are the gradients right? Each is held against the slope that small steps show."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from ..graph import CONSTANT, Graph, trace, value_of
from ..graph.agreement import is_float
from ..graph.attributes import private
from ..graph.recognition import doubts
from ..graph.records import distinguish
from ..run.elements import left_out, parts, single
from ..run.reach import find_severed, reach
from ..run.run import Replay, Run, no_operands, prepare
from ..text import list_first
from ..value import Value
from . import consequences, node_class, noise, second_point
from .finite_differences import slope
from .probes import probe
from .rebuilds import rebuild
from .recorded_locals import sentence, wrong_locals
from .report import AGREES, UNCHECKED, WRONG, Report, Row
from .slope_comparison import compare
from .verdict import Witness, sentences

MOST = 80
"""Of larger graphs not every node is checked: each takes many runs."""
LEAST, WORK = 12, 400_000
"""Nor so many where graphs are larger still: as many as have together no more nodes than the second, but the first."""
LARGE = 300
"""From so many nodes on what follows from a leaf of a finished graph is computed by itself, as for nodes in between."""
SHOWN = 4
"""So many wrong local derivatives are told beside the wrong gradients."""


def gradcheck(
    subject: Any, /, *, cls: Callable[[float], Any] | None = None, names: Any = None, **numbers: Any
) -> Report:
    """Check every gradient of a graph, as its class's own `backward` computes it, against small steps.

    `subject` is a function of nodes, an expression such as ``"(a*b + c)*d"``, an operation, a computed node, or a
    network of `cgviz.nodes`; `numbers` are those of its leaves, arrays too if `cls`, the class of the nodes, holds
    arrays. Leaves are moved by running the function again, nodes in between by computing what follows from
    them, where each operation has a row; of an array a few numbers are moved, one by one.

    `names` gives the nodes of a graph that is there their labels, as for `draw`.

    Raises `TypeError` for a missing or unknown leaf, or where an operator calls something with other arguments than it
    takes, and whatever the function or its `backward` raises.

    >>> report = gradcheck("tanh(a*b)", a=0.3, b=-1.2)
    >>> report.ok, [row.name for row in report.rows]
    (True, ['a', 'b', 'v2', 'L'])
    >>> from cgviz import Tensor
    >>> report = gradcheck(lambda x: (x * x).sum(), cls=Tensor, x=[1, 2])
    >>> report.ok, [row.name for row in report.rows]
    (True, ['x[0]', 'x[1]', 'v1[0]', 'v1[1]', 'v2'])
    """
    if private(subject, "_for_check") is not None:  # arrays, which know how to run again without a function
        if cls or numbers:
            raise TypeError("what is computed already brings its class and its numbers along; or give a function")
        graph, moved = subject._for_check()
        if names is not None:
            labels = [node.label for node in trace(getattr(subject, "root", subject), names).nodes]
            relabelled = (node._replace(label=label) for node, label in zip(graph.nodes, labels, strict=True))
            graph = graph._replace(nodes=distinguish(tuple(relabelled)))
        return _report(graph, moved, [])
    function, defaults, found = prepare(subject, numbers, names)
    numbers = {**defaults, **numbers}
    node_class.check_class(cls, numbers)
    run = Run(function, cls or found or Value)
    try:
        run.update(**numbers)
    except NotImplementedError as error:  # a class that is still being written
        if type(error) is not NotImplementedError:  # whose own sentence says what is missing
            raise
        text = f"NotImplementedError{': ' * bool(str(error))}{error}"
        raise TypeError(f"{node_class.class_name(run.cls)} is not finished, it raised {text}") from error
    except TypeError as error:
        if said := node_class.wrong_call(run.cls, error):
            raise TypeError(said) from error
        raise
    with warnings.catch_warnings():  # a step may lead out of the domain, of which NumPy warns
        warnings.simplefilter("ignore", RuntimeWarning)
        report = _check(run)
        return _check_again(run, report) if report.ok and run.cls is not Value else report


def _check_again(run: Run, report: Report) -> Report:
    """Check what else the class computes at the same numbers: the worst counts, where the order of a set decides."""
    if not all(map(is_float, run.inputs.values())):  # of arrays a run may be long
        return report
    for why in rebuild(run):
        again = _check(run)
        if not again.ok:
            return Report(again.rows, (*again.notes, why), again.wrong, run.graph)
    return report


def _check(run: Run) -> Report:
    """Check the gradients of a run."""
    graph = run.graph
    assert graph is not None
    missing = node_class.no_backward(run.root, graph)
    if missing:
        return Report((), (), (missing,), graph)
    single(graph.root.data, graph.root.name)
    unfaithful = node_class.unfaithful(run)
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
    unlike = second_point.unlike(run) if own is None else {}
    follows = own if own is not None else consequences.follows(graph, unlike)
    if isinstance(run.function, Replay) and len(graph.nodes) > LARGE:  # which runs again by the same rows
        moved |= {i: follows[i] for i in moved if i in follows}
    follows = {node.index: follows.get(node.index) for node in between}
    moved |= {i: follow for i, follow in follows.items() if follow is not None}
    notes = list(seen.notes)
    lost = [graph.nodes[i].name for i, follow in follows.items() if follow is None]
    if lost:
        notes.append(f"not checked, for lack of a row that computes what follows: {list_first(lost)}")
        notes += doubts(graph)
    notes += [unlike[i] for i in sorted(unlike)]
    witness = Witness(
        second_point.links_of(graph, unlike),
        lambda: second_point.elsewhere(run),
        lambda: probe(run),
        lambda wrong: find_severed(run, graph, [n for n in leaves if leaves[n] in wrong]),
    )
    return _report(graph, moved, notes, wrong, witness, frozenset(leaves.values()), len(lost))


def _report(
    graph: Graph,
    moved: Mapping[int, Callable[[Any], Any]],
    notes: list[str],
    wrong: Sequence[str] = (),
    witness: Witness | None = None,
    leaves: Collection[int] = (),
    more: int = 0,
) -> Report:
    """Check the nodes that can be moved: `moved` gives the result for what a node holds instead.

    `wrong` is what is known before, `witness` knows more of what a class computes, `leaves` are those of a function;
    `more` gradients have already been found to be beyond a check.
    """
    rows: list[Row] = []
    checked = []
    noises, precision = noise.noises(graph), noise.precision(graph)
    most = max(LEAST, min(MOST, WORK // len(graph.nodes)))
    for i in sorted(list(moved)[:most]):
        if len(rows) < MOST:
            checked.append(graph.nodes[i])
            size, gross = noises[i]
            rows += [
                compare(part, slope(_as_function(moved[i], put), part.data, size, precision), gross, precision)
                for part, put in parts(checked[-1])
            ]
    parted = [left_out(node) for node in checked]
    notes += [text for _, text in parted if text]
    if len(checked) < len(moved):
        notes.append(f"{len(moved) - len(checked):,} more nodes were not checked")
    more += len(moved) - len(checked) + sum(count for count, _ in parted)
    wrong = [*wrong, *sentences(graph, rows, witness)]
    wrong += _untold(graph, {row.node for row in rows if not row.ok})
    telling = _select_shown(rows, graph, leaves)
    if not any(row.seen.kind == "kink" or row.state in (AGREES, WRONG) for row in telling):
        wrong.append(f"nothing could be checked: {_nothing(telling)}")
    return Report(tuple(rows), tuple(notes), tuple(wrong), graph, more)


def _untold(graph: Graph, told: Collection[int]) -> list[str]:
    """The wrong local derivatives that no wrong gradient has told of: nothing flowed there, or it was not checked."""
    found = [one for one in wrong_locals(graph) if one.source not in told]
    return list(dict.fromkeys(sentence(graph, one) for one in found))[:SHOWN]


def _select_shown(rows: Sequence[Row], graph: Graph, leaves: Collection[int]) -> list[Row]:
    """The rows that have to show something: of the leaves; that of a computed root is 1 whatever it computes."""
    asked = leaves or {node.index for node in graph.nodes if not node.operands}
    found = [row for row in rows if row.node in asked]
    return found or [row for row in rows if row.node != graph.root.index]


def _nothing(telling: Sequence[Row]) -> str:
    if not telling:
        return "there is no number to move"
    if any(row.seen.kind == "jump" for row in telling):
        return "the result jumps, here or nearer than the smallest step, so no slope is seen"
    if all(row.numeric is None for row in telling):
        return "small steps gave no number"
    return next(row.note for row in telling if row.state == UNCHECKED).removeprefix("not checked: ")


def _as_function(result: Callable[[Any], Any], put: Callable[[float], Any]) -> Callable[[float], float]:
    return lambda x: single(result(put(x)), "the result")


def _rerun(run: Run, name: str) -> Callable[[Any], Any]:
    return lambda x: value_of(run.forward({**run.inputs, name: x})[1])
