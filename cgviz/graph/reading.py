"""Read a graph: from anybody's objects to records in topological order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from .array_summary import summarize
from .attributes import first, private
from .discovery import discover
from .freshness import Gradients, stale_values
from .given_names import Names, read_names
from .operation_names import name_by_class, operation_of
from .order import CycleError, cycle_sentence, kahn
from .records import Edge, Graph, Group, Node, distinguish
from .spellings import OPERANDS, field_of_gradient, kind_of, label_of, read_value, row_of, value_of
from .unread_operands import unread


def trace(root: Any, names: Names = None) -> Graph:
    """Read the graph below `root` and return ``(nodes, edges)`` as plain immutable records.

    The order is topological (Kahn's algorithm, first the leaves as the expression names them), the
    same for the same expression in every process. The walk is iterative, so depth has no limit.

    `root` is an object of any class that the tables of `spellings.py` can read, or a `Graph` (returned as it is).
    `names` gives labels: ``{"h": h}`` or pairs of name and object, which count before the objects' own, as do the
    names that a model has for its parameters, with ``names=model``; or texts by ``id(object)``, for objects that have
    none of their own, or one that their class has made up (``v12``). Of an array of more than some thousand numbers the
    record has a summary, `ArraySummary`.

    Raises `TypeError` if `root` is not a node or names are of no node, `CycleError`, naming the nodes, if the graph
    has a cycle.

    >>> from cgviz import Value
    >>> a = Value(3.0, "a")
    >>> nodes, edges = trace(a * a + 1)
    >>> [(n.name, n.op, n.data) for n in nodes]
    [('a', '', 3.0), ('1', '', 1.0), ('v2', '*', 9.0), ('v3', '+', 10.0)]
    >>> [(e.source, e.target, e.position) for e in edges]
    [(0, 2, 0), (0, 2, 1), (2, 3, 0), (1, 3, 1)]
    """
    return root if isinstance(root, Graph) else summarize(read_whole(root, names))


def read_whole(root: Any, names: Names = None, seek: bool = True) -> Graph:
    """The same with the arrays themselves, also large ones: for what computes with them, and does not keep the graph.

    `seek` is whether tensors in between are looked for among all objects, for their gradients.
    """
    if isinstance(root, Graph):
        return root
    names = read_names(names)
    order, rows, local, more = _in_order(root, names)
    root = order[-1]
    if seek and private(root, "_known_as"):  # read from PyTorch's tensors
        from .live_tensors import look_up

        look_up(order, names)
    grads = Gradients(root, order)
    stale = stale_values(order, rows)
    any_stale = any(stale)
    groups = _groups(order)
    known = list(map(row_of, order))
    symbols = _operations(order, rows)
    notes = {} if grads.marked else {i: note for i, obj in enumerate(order) if (note := grads.remark(obj))}
    notes |= {i: note for i, (_, note) in more.items() if note}
    remarks = [obj._remark for obj in order] if hasattr(root, "_remark") else [""] * len(order)
    nodes = distinguish(
        [
            Node(
                i,
                label_of(obj, names),
                symbols[i],
                read_value(obj),
                grads.of(obj),
                kind_of(obj, rows[i]),
                rows[i],
                local[i],
                ("operands" if private(obj, "_holds") else "value")
                if stale[i]
                else "gradient"
                if grads.stale(obj, any_stale)
                else "",
                grads.marked or field_of_gradient(obj) != "",
                groups.get(i, ()),
                0,
                known[i] is not None or i not in more or more[i][0],  # whose engine knows the row knows the order
                known[i],
                "" if rows[i] else unread(obj),
                "",
                notes.get(i, ""),
                remarks[i],
            )
            for i, obj in enumerate(order)
        ]
    )
    edges = tuple(
        Edge(source, node.index, position, node.local[position] if node.local else None)
        for node in nodes
        for position, source in enumerate(node.operands)
    )
    return Graph(nodes, edges)


def _operations(order: list[Any], rows: list[tuple[int, ...]]) -> list[str]:
    return name_by_class([operation_of(obj, bool(row)) for obj, row in zip(order, rows, strict=True)], order, rows)


def _groups(order: list[Any]) -> dict[int, tuple[Group, ...]]:
    """For each node that is the result of calls, the calls (`_groups`, as `cgviz.groups.group` leaves them there)."""
    marked = [(i, marks) for i, obj in enumerate(order) if (marks := private(obj, "_groups", ()))]
    place = {id(obj): i for i, obj in enumerate(order)} if marked else {}
    known: dict[int, Group] = {}
    for mark in (mark for _, marks in marked for mark in marks):
        if id(mark) not in known:
            inputs = tuple(dict.fromkeys(place[id(x)] for x in mark.inputs if id(x) in place))
            known[id(mark)] = Group(mark.kind, mark.name, mark.symbol, inputs, len(known))
    return {i: tuple(known[id(mark)] for mark in marks) for i, marks in marked}


def objects(root: Any) -> list[Any]:
    """The very objects that `trace(root)` describes, in the same order: ``objects(L)[node.index]``."""
    return in_order(root)[0]


def in_order(root: Any, names: Mapping[Any, Any] | None = None) -> tuple[list[Any], list[tuple[int, ...]], list[tuple]]:
    """The objects below `root` in topological order; for each, the places of its operands, and its local gradients."""
    return _in_order(root, names)[:3]


def _in_order(root: Any, names: Mapping[int, str] | None) -> tuple[list, list, list, dict[int, tuple[bool, str]]]:
    found, below, local, more = discover(root)
    order = kahn(below)
    if len(order) < len(found):
        raise CycleError(cycle_sentence(found, below, set(range(len(found))) - set(order), names or {}))
    rank = [0] * len(order)
    for new, old in enumerate(order):
        rank[old] = new
    rows = [tuple(map(rank.__getitem__, below[old])) for old in order]
    seen = {rank[old]: what for old, what in more.items()}
    return [found[old] for old in order], rows, [local[old] for old in order], seen


def outlines(order: list[Any], rows: list[tuple[int, ...]]) -> tuple[list[str], list[str], list[Any], list[str]]:
    """What it takes to compute objects again, given as `in_order` does: labels, operations, numbers and kinds."""
    return (
        [label_of(obj, {}) for obj in order],
        _operations(order, rows),
        list(map(value_of, order)),
        list(map(kind_of, order, rows)),
    )


def pulls(root: Any) -> list[Callable | None]:
    """For each node the engine's own backward rule, where it can be asked: for arrays no row may be known.

    A rule takes the gradient that arrives and returns the contribution to each operand, in order.
    """
    return [] if isinstance(root, Graph) else [_pull(obj) for obj in objects(root)]


def _pull(obj: Any) -> Callable | None:
    if (own := private(obj, "_pull")) is not None:
        return own
    edges = first(obj, OPERANDS)
    if (
        not isinstance(edges, (tuple, list, set, frozenset))
        or not edges
        or not all(callable(getattr(edge, "backward_fn", None)) for edge in edges)
    ):
        return None

    def pull(g: Any) -> list[Any]:  # mlfz's Tensor: a rule on each edge, which reads the gradient from its node
        g = g + 0 * value_of(obj)
        arrived = SimpleNamespace(backwards_grad=g, shape=g.shape, value=value_of(obj))
        return [edge.backward_fn(arrived, edge.local_grad, edge.prev) for edge in edges]

    return pull
