"""Read a graph: from anybody's objects to records in topological order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain, count, repeat
from typing import Any

from .addresses import without_address
from .array_summary import summarize
from .attributes import MISSING, private
from .collector import uncollected
from .columns import Columns
from .discovery import More, in_order
from .fields import field_of_gradient, kind_of, read_value, row_of, value_of
from .freshness import Gradients, stale_values
from .given_names import Names, read_names
from .nesting import Nest, recall, set_nest
from .node_labels import label_of
from .operation_names import name_by_class, operation_of
from .protocols import NodeLike
from .recorded_derivatives import read_derivatives
from .records import CONSTANT, LEAF, OPERATION_NODE, Edge, Graph, Group, Node, distinguish
from .spellings import DATA, ELSEWHERE, GRAD, LABEL, LOCALS, OPERANDS, OPERATION, RECORDS
from .unread_operands import computed_names, explain_failure, explain_unread, explain_unrecorded

NAMED = OPERATION, RECORDS, ("input_nodes",)
"""Where the name of an operation may be, and what tells that it is the name of the class."""
_NODE, _EDGE = partial(tuple.__new__, Node), partial(tuple.__new__, Edge)
"""Make a record of all its fields at once, as `_make` does, without a call in Python for each of a large graph."""


def trace(root: NodeLike, names: Names = None, makers: Mapping[int, str] | None = None) -> Graph:
    """Read the graph below `root` and return ``(nodes, edges)`` as plain immutable records.

    The order is topological (Kahn's algorithm, first the leaves as the expression names them), the
    same for the same expression in every process. The walk is iterative, so depth has no limit.

    `root` is an object of any class that the tables of `spellings.py` can read, or a `Graph` (returned as it is).
    `names` gives labels: ``{"h": h}`` or pairs of name and object, which count before the objects' own, as do the
    names that a model has for its parameters, with ``names=model``; or texts by ``id(object)``, for objects that have
    none of their own, or one that their class has made up (``v12``). Of an array of more than some thousand numbers the
    record has a summary, `ArraySummary`. `makers` says by which method an object was made, where that was seen: a class
    that names no operation has its nodes recognised by what else it records (`unnamed_operations.py`).

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
    return root if isinstance(root, Graph) else summarize(read_whole(root, names, makers))


def read_whole(
    root: NodeLike,
    names: Names = None,
    makers: Mapping[int, str] | None = None,
    seek: bool = True,
    keep: list[Any] | None = None,
    most: int = 0,
) -> Graph:
    """The same with the arrays themselves, also large ones: for what computes with them, and does not keep the graph.

    `keep` gets the objects, in the order of the records. `seek` is whether tensors in between are looked for among all
    objects, for their gradients. Raises `TooLargeError` for
    a graph of more than the `most` nodes, if that is given.
    """
    if isinstance(root, Graph):
        return root
    names = read_names(names)
    with uncollected():
        return _records(root, names, makers or {}, seek, keep, most)


def _records(
    root: NodeLike, names: Mapping[int, str], makers: Mapping[int, str], seek: bool, keep: list[Any] | None, most: int
) -> Graph:
    order, rows, carried, more = in_order(root, names, most)
    if keep is not None:
        keep.extend(order)
    if seek and private(order[-1], "_known_as"):  # read from PyTorch's tensors
        from .live_tensors import look_up

        look_up(order, names)
    columns = Columns(order)
    local = read_derivatives(order, rows, carried, columns)
    data = columns.numbers(DATA) or _floats(columns) or list(map(read_value, order))
    known: list[Any] = [None] * len(order) if columns.alike else columns.same("_row") or list(map(row_of, order))
    # Whose engine knows the row knows the order.
    ordered = [i not in more or more[i][0] or row is not None for i, row in enumerate(known)]
    symbols = _symbols(order, rows, columns)
    moved: list[int] = []
    if any(operands and not symbol for operands, symbol in zip(rows, symbols, strict=True)):
        from .unnamed_operations import Unnamed  # it asks the table of operations, which most graphs need not

        found = Unnamed(order, rows, data, local)
        found.fill(symbols, makers, ordered)
        moved = found.moved
        known = found.certain if columns.alike else [a or b for a, b in zip(known, found.certain, strict=True)]
    stale = stale_values(order, rows, moved, columns)
    grads, outdated, kept, notes = _gradients(order, stale, columns)
    notes |= {i: note for i, (_, note) in more.items() if note}
    groups = {} if columns.alike else _groups(order)
    fields = (
        range(len(order)),
        _labels(order, names, columns),
        symbols,
        data,
        grads,
        _kinds(order, rows, columns),
        rows,
        local,
        outdated,
        kept,
        (groups.get(i, ()) for i in range(len(order))) if groups else repeat(()),
        repeat(0),
        ordered,
        known,
        _unread(order, rows, columns, local, more),
        repeat(""),
        (notes.get(i, "") for i in range(len(order))) if notes else repeat(""),
        [obj._remark for obj in order] if private(order[-1], "_remark", MISSING) is not MISSING else repeat(""),
    )
    assert len(fields) == len(Node._fields)  # `_NODE` does not look
    nodes = distinguish(list(map(_NODE, zip(*fields, strict=False))))
    sources = chain.from_iterable(rows)
    targets = chain.from_iterable(map(repeat, count(), map(len, rows)))
    positions = chain.from_iterable(map(range, map(len, rows)))
    slopes: Iterable[Any] = repeat(None, sum(map(len, rows)))
    if any(local):
        slopes = chain.from_iterable(mine or (None,) * len(row) for mine, row in zip(local, rows, strict=True))
    graph = Graph(nodes, tuple(map(_EDGE, zip(sources, targets, positions, slopes, strict=True))))
    return set_nest(graph, _recall(order, rows))


def _recall(order: list[Any], rows: list[tuple[int, ...]]) -> Nest | None:
    """The groups that were noted while the graph was built."""
    if private(order[-1], "_known_as"):  # of PyTorch
        from .module_calls import recall_modules

        return recall_modules(order, rows)
    return recall(order, rows)


def _floats(columns: Columns) -> list[float] | None:
    """The numbers of objects whose classes all keep floats, and under the plainest name."""
    found = columns.same(*DATA)
    return found if found is not None and set(map(type, found)) == {float} else None


def _labels(order: list[Any], names: Mapping[int, str], columns: Columns) -> list[str]:
    if not names and _have_none(columns, LABEL):
        return [""] * len(order)
    own = columns.same(*LABEL)
    if own is None or (names and columns.same("_known_as") is not None):
        return [label_of(obj, names) for obj in order]
    if names:
        return [label_of(obj, names) if x != "" else names.get(id(obj), "") for x, obj in zip(own, order, strict=True)]
    return ["" if label == "" else label_of(obj, names) for label, obj in zip(own, order, strict=True)]


def _kinds(order: list[Any], rows: list[tuple[int, ...]], columns: Columns) -> Iterable[str]:
    if columns.alike:
        return [OPERATION_NODE if row else LEAF for row in rows]
    constant = columns.same("_constant")
    if constant is None:
        return map(kind_of, order, rows)
    return [OPERATION_NODE if row else CONSTANT if fixed else LEAF for row, fixed in zip(rows, constant, strict=True)]


def _have_none(columns: Columns, spellings: tuple[str, ...]) -> bool:
    """Whether no object has any of these attributes."""
    found = columns.read(spellings)
    return found is not None and found[0] is MISSING


def _symbols(order: list[Any], rows: list[tuple[int, ...]], columns: Columns) -> list[str]:
    nowhere = len(columns.classes) == 1 and all(_have_none(columns, names) for names in NAMED)
    return [""] * len(order) if nowhere else _operations(order, rows, columns)


def _gradients(
    order: list[Any], stale: list[bool], columns: Columns
) -> tuple[Iterable[Any], Iterable[str], Iterable[bool], dict[int, str]]:
    """The gradient of each object, what of it is out of date, whether its class keeps one; what could not be read."""
    raw = columns.numbers(GRAD)
    if raw is not None:  # a graph whose gradients are all 0 has not had a backward pass
        computed = any(raw)
        words = ("value" if old else "gradient" for old in stale) if any(stale) else repeat("")
        return (raw if computed else repeat(None)), words, repeat(True), _explain_failures(order, columns, computed)
    grads, any_stale = Gradients(order[-1], order), any(stale)
    if not any_stale and (found := grads.fresh(columns)) is not None:
        return found, repeat(""), repeat(True), {}
    return (
        map(grads.of, order),
        (
            ("operands" if private(obj, "_holds") else "value")
            if old
            else "gradient"
            if grads.stale(obj, any_stale)
            else ""
            for obj, old in zip(order, stale, strict=True)
        ),
        repeat(True) if grads.marked else (field_of_gradient(obj) != "" for obj in order),
        {} if grads.marked else _explain_failures(order, columns, not grads.none_yet),
    )


def _explain_failures(order: list[Any], columns: Columns, computed: bool) -> dict[int, str]:
    """Which attributes could not be read, for they raised, by the place of the object."""
    asked = {cls for cls in columns.classes if computed_names(cls)}
    mine = ((i, obj) for i, obj in enumerate(order) if type(obj) in asked) if asked else ()
    return {i: note for i, obj in mine if (note := explain_failure(obj, computed))}


def _unread(
    order: list[Any], rows: list[tuple[int, ...]], columns: Columns, local: list[tuple], more: More
) -> Iterable[str]:
    """What to say of each node that was computed, and whose operands are not read."""
    if len(order) == 1:
        return [explain_unread(order[0]) or explain_unrecorded(order[0])]
    kept = columns.read(OPERANDS)
    if kept is not None and not more and {tuple, list}.issuperset(map(type, kept)):
        # What is the very `local` has as many of each as there are operands.
        alone = columns.read(LOCALS) is local or _have_none(columns, LOCALS)
        if alone and _have_none(columns, OPERATION) and _have_none(columns, ELSEWHERE):
            return repeat("")  # an empty place for operands is believed where nothing contradicts it
    return ("" if row else explain_unread(obj) for obj, row in zip(order, rows, strict=True))


def _operations(order: list[Any], rows: list[tuple[int, ...]], columns: Columns | None = None) -> list[str]:
    column = columns and columns.same(*OPERATION)
    if not column:
        return name_by_class([operation_of(obj, bool(row)) for obj, row in zip(order, rows, strict=True)], order, rows)
    plain = {op: without_address(op) for op in {x for x in column if x.__class__ is str and x}}
    plain[""] = ""
    found = [
        plain[op] if op.__class__ is str and (op or not row) else operation_of(obj, bool(row))
        for op, obj, row in zip(column, order, rows, strict=True)
    ]
    return name_by_class(found, order, rows)


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


def outlines(order: list[Any], rows: list[tuple[int, ...]]) -> tuple[list[str], list[str], list[Any], list[str]]:
    """What it takes to compute objects again, given as `in_order` does: labels, operations, numbers and kinds."""
    return (
        [label_of(obj, {}) for obj in order],
        _operations(order, rows),
        list(map(value_of, order)),
        list(map(kind_of, order, rows)),
    )
