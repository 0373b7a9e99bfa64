"""Read a graph: from anybody's objects to records in topological order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import accumulate, chain, count, pairwise, repeat
from types import SimpleNamespace
from typing import Any

from ..text import kind
from .collector import uncollected
from .columns import Columns
from .discovery import discover
from .freshness import Gradients, stale_values
from .local_derivatives import recorded
from .order import CycleError, cycle_sentence, kahn
from .records import LEAF, OPERATION_NODE, Edge, Graph, Group, Node, distinguish
from .spellings import (
    DATA,
    GRAD,
    LABEL,
    MISSING,
    OPERANDS,
    OPERATION,
    first,
    is_from_torch,
    keeps_order,
    kind_of,
    label_of,
    operation_of,
    private,
    row_of,
    value_of,
)
from .unread_operands import unread

_NODE, _EDGE = partial(tuple.__new__, Node), partial(tuple.__new__, Edge)
"""Make a record of all its fields at once, as `_make` does, without a call in Python for each of a large graph."""


def trace(root: Any, names: Mapping[int, str] | None = None, makers: Mapping[int, str] | None = None) -> Graph:
    """Read the graph below `root` and return ``(nodes, edges)`` as plain immutable records.

    The order is topological (Kahn's algorithm, first the leaves as the expression names them), the
    same for the same expression in every process. The walk is iterative, so depth has no limit.

    `root` is an object of any class that the tables of `spellings.py` can read, or a `Graph` (returned as it is).
    `names` gives labels, by ``id(object)``, to objects that have none of their own. `makers` says by which method an
    object was made, where that was seen. A class that names no operation has its nodes recognised by what else it
    records (`unnamed_operations.py`).

    Raises `TypeError` if `root` is not a node or names are not by ``id``, `CycleError`, naming the nodes, if the graph
    has a cycle.

    >>> from cgviz import Value
    >>> a = Value(3.0, "a")
    >>> nodes, edges = trace(a * a + 1)
    >>> [(n.name, n.op, n.data) for n in nodes]
    [('a', '', 3.0), ('1', '', 1.0), ('v2', '*', 9.0), ('v3', '+', 10.0)]
    >>> [(e.source, e.target, e.position) for e in edges]
    [(0, 2, 0), (0, 2, 1), (2, 3, 0), (1, 3, 1)]
    """
    if isinstance(root, Graph):
        return root
    names = _check_names(names or {})
    with uncollected():
        return _records(root, names, makers or {})


def _records(root: Any, names: Mapping[int, str], makers: Mapping[int, str]) -> Graph:
    order, rows, carried = in_order(root, names)
    columns = Columns(order)
    local = recorded(order, rows, carried, columns)
    data = columns.numbers(DATA) or list(map(value_of, order))
    known: list[Any] = [None] * len(order) if columns.alike else list(map(row_of, order))
    ordered = _ordered(order, rows, known, columns)
    symbols = _symbols(order, rows, columns)
    moved: list[int] = []
    if any(operands and not symbol for operands, symbol in zip(rows, symbols, strict=True)):
        from .unnamed_operations import Names  # it asks the table of operations, which most graphs need not

        found = Names(order, rows, data, local)
        found.fill(symbols, makers, ordered)
        moved = found.moved
        known = found.certain if columns.alike else [a or b for a, b in zip(known, found.certain, strict=True)]
    stale = stale_values(order, rows, moved, columns.alike)
    grads, outdated = _gradients(order, stale, columns)
    groups = {} if columns.alike else _groups(order)
    fields = (
        range(len(order)),
        [""] * len(order) if not names and _have_none(columns, LABEL) else [label_of(obj, names) for obj in order],
        symbols,
        data,
        grads,
        [OPERATION_NODE if row else LEAF for row in rows] if columns.alike else map(kind_of, order, rows),
        rows,
        local,
        outdated,
        _have_gradients(order, columns),
        (groups.get(i, ()) for i in range(len(order))) if groups else repeat(()),
        repeat(0),
        ordered,
        known,
        _unread(order, rows, columns),
        repeat(""),
    )
    assert len(fields) == len(Node._fields)  # `_NODE` does not look
    nodes = distinguish(list(map(_NODE, zip(*fields, strict=False))))
    sources = chain.from_iterable(rows)
    targets = chain.from_iterable(map(repeat, count(), map(len, rows)))
    positions = chain.from_iterable(map(range, map(len, rows)))
    slopes = chain.from_iterable(mine or (None,) * len(row) for mine, row in zip(local, rows, strict=True))
    return Graph(nodes, tuple(map(_EDGE, zip(sources, targets, positions, slopes, strict=True))))


def _have_none(columns: Columns, spellings: tuple[str, ...]) -> bool:
    """Whether no object has any of these attributes."""
    found = columns.read(spellings)
    return found is not None and found[0] is MISSING


def _symbols(order: list[Any], rows: list[tuple[int, ...]], columns: Columns) -> list[str]:
    if _have_none(columns, OPERATION) and _have_none(columns, ("input_nodes",)):
        return [""] * len(order)
    return [operation_of(obj, bool(row)) for obj, row in zip(order, rows, strict=True)]


def _ordered(order: list[Any], rows: list[tuple[int, ...]], known: list[Any], columns: Columns) -> list[bool]:
    """Whether each keeps its operands in order; whose engine knows the row knows it."""
    kept = columns.read(OPERANDS)
    if kept is not None and {tuple, list}.issuperset(map(type, kept)):
        return [True] * len(order)
    return [row is not None or not rows[i] or keeps_order(order[i]) for i, row in enumerate(known)]


def _gradients(order: list[Any], stale: list[bool], columns: Columns) -> tuple[Iterable[Any], Iterable[str]]:
    """The gradient of each object, and what of it is out of date."""
    raw = columns.numbers(GRAD)
    if raw is not None:  # a graph whose gradients are all 0 has not had a backward pass
        words = ("value" if old else "gradient" for old in stale) if any(stale) else repeat("")
        return (raw if any(raw) else repeat(None)), words
    grads, any_stale = Gradients(order[-1], order), any(stale)
    return map(grads.of, order), (
        "value" if old else "gradient" if grads.stale(obj, any_stale) else ""
        for obj, old in zip(order, stale, strict=True)
    )


def _have_gradients(order: list[Any], columns: Columns) -> Iterable[bool]:
    found = columns.read(GRAD)
    if found is not None:
        return repeat(found[0] is not MISSING)
    return (first(obj, GRAD, MISSING) is not MISSING for obj in order)


def _unread(order: list[Any], rows: list[tuple[int, ...]], columns: Columns) -> Iterable[str]:
    """What to say of each node that was computed, and whose operands are not read."""
    kept = columns.read(OPERANDS)
    if kept is not None and kept[0] is not MISSING and _have_none(columns, OPERATION):
        return repeat("")  # an empty place for operands is believed where nothing contradicts it
    return ("" if row else unread(obj) for obj, row in zip(order, rows, strict=True))


def _check_names(names: Mapping[int, str]) -> Mapping[int, str]:
    """The names, or a sentence if they are not by ``id``: nobody would notice, for no node is found."""
    for key, name in names.items():
        if not (isinstance(key, int) and isinstance(name, str)):
            raise TypeError(f"names are texts by id, such as {{id(a): 'a'}}; got {kind(name)} for {kind(key)}")
    return names


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


def in_order(root: Any, names: Mapping[int, str] | None = None) -> tuple[list[Any], list[tuple[int, ...]], list[tuple]]:
    """The objects below `root` in topological order; for each, the places of its operands, and its local gradients."""
    found, operands, counts, local = discover(root)
    order = kahn(operands, counts)
    ends = list(accumulate(counts, initial=0))
    if len(order) < len(found):
        below = [tuple(operands[i:k]) for i, k in pairwise(ends)]
        raise CycleError(cycle_sentence(found, below, set(range(len(found))) - set(order), names or {}))
    rank = [0] * len(order)
    for new, old in enumerate(order):
        rank[old] = new
    operands = list(map(rank.__getitem__, operands))
    rows = [tuple(operands[ends[old] : ends[old + 1]]) for old in order]
    return [found[old] for old in order], rows, [local[old] for old in order]


def outlines(order: list[Any], rows: list[tuple[int, ...]]) -> tuple[list[str], list[str], list[Any], list[str]]:
    """What it takes to compute objects again, given as `in_order` does: labels, operations, numbers and kinds."""
    computed = list(map(bool, rows))
    return (
        [label_of(obj, {}) for obj in order],
        list(map(operation_of, order, computed)),
        list(map(value_of, order)),
        list(map(kind_of, order, rows)),
    )


def identity(obj: Any) -> int:
    """The number by which `names` knows an object: its id; for a tensor of PyTorch's that of what made it."""
    if not is_from_torch(type(obj)):
        return id(obj)
    from .pytorch import identity

    return identity(obj)


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
