"""Where a class keeps the operands of a node, and what they are: under a name, on another object, or each by itself."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence, Sized
from contextlib import suppress
from functools import partial
from types import FunctionType, MethodType
from typing import Any, NamedTuple

from ..ops.rows import find
from ..text import kind
from .attributes import MISSING, ask, first, follow, present, private
from .containers import Item, is_local, read_container, unwrap
from .direction import CHILDREN, grown_by_class, names_of_users
from .fields import are_nodes, is_node, value_of
from .node_labels import describe
from .operation_names import operation_of
from .spellings import ALL_OPERANDS, LABEL, LOCALS, OF_RECORDS, OPERANDS, OTHER_OPERANDS, RECORDS, SIDES


class Operands(NamedTuple):
    """The operands of a node, with their local gradients where the class keeps them.

    `ordered` says whether it keeps their order and each use; `place` is the name they are under, `note` what could
    not be read of them.
    """

    nodes: Sequence[Any] = ()
    local: tuple = ()
    ordered: bool = True
    place: str = ""
    note: str = ""


NONE = Operands()
PYTHONS = frozenset({tuple, list, set, frozenset, dict})
"""Python's own containers, of which is clear what they are."""
ASKED = frozenset({CHILDREN, "prev", *LOCALS})
"""Names that mean something else in many classes, even where nodes are in them."""


def read_operands(obj: Any) -> tuple:
    """What `operands_of` says of a node, as a plain tuple: at once for ours, and classes that are read as plainly."""
    listed = first(obj, OPERANDS, MISSING)
    if listed is MISSING and (names := present(obj, OTHER_OPERANDS)) and names[0] not in ASKED:
        listed = ask(obj, names[0])
    plain = issubclass(type(listed), tuple) and all(map(are_nodes, map(type, listed))) and not grown_by_class(type(obj))
    if plain and (listed or private(obj, "_mark", MISSING) is not MISSING):
        return listed, (), True, "", ""
    return operands_of(obj)


def operands_of(obj: Any) -> Operands:
    """The operands of a node: none of a leaf, nor where no name that is read holds any.

    Of a class that keeps them in a set, and in a tuple or list beside it, they are those in order. Raises `TypeError`
    where one of the plainest names holds what can be no operands.
    """
    found = _find_operands(obj)
    return found if found.ordered else _find_order_beside(obj, found)


def _find_order_beside(obj: Any, found: Operands) -> Operands:
    same, users = set(map(id, found.nodes)), grown_by_class(type(obj))
    for name in present(obj, ALL_OPERANDS):
        listed = None if name in users else ask(obj, name)
        if (listed.__class__ is tuple or listed.__class__ is list) and set(map(id, listed)) == same:
            return Operands(listed, place=name)
    return found


def _find_operands(obj: Any) -> Operands:
    """The operands under the first name that holds any."""
    wrong = None
    users = grown_by_class(type(obj))
    for name in present(obj, OPERANDS):
        value = follow(held := ask(obj, name))
        if value is not held and value is MISSING and name not in users:
            return Operands(place=name, note=_say_gone(name))
        if value is MISSING or value is None or name in users:
            continue
        if value.__class__ in PYTHONS:
            if (value.__class__ is tuple or value.__class__ is list) and value and _are_nodes(value, type(obj)):
                return Operands(value, place=name)
            if not value and not operation_of(obj, False):
                return NONE
            if not value:
                continue
        elif isinstance(value, Sized) and not is_node(value) and not _count(value):
            continue
        if (found := _read(obj, name, value, strict=True)) is not None:
            return found
        if not isinstance(value, (FunctionType, MethodType)):  # which may give them: nobody knows what else it does
            wrong = value if wrong is None else wrong
    others = [name for name in present(obj, OTHER_OPERANDS) if name != CHILDREN and name not in users]
    found = next(filter(None, (_of_other(obj, name) for name in others)), None)
    found = found or _on_record(obj) or _by_sides(obj)
    found = found or (None if CHILDREN in names_of_users(obj) else _of_other(obj, CHILDREN))
    found = found or next(
        filter(None, (_read(obj, name, follow(ask(obj, name)), False) for name in present(obj, LOCALS))), None
    )
    if found is None and wrong is not None:
        raise TypeError(_refusal(obj, wrong))
    return found or NONE


def _are_nodes(listed: Sequence[Any], cls: type) -> bool:
    """Whether all these are nodes, seen without a look into each: of the class of a node, or of one with slots."""
    return all(type(x) is cls or are_nodes(type(x)) for x in listed)


def _count(value: Any) -> int:
    try:
        return len(value)
    except Exception:  # whatever somebody's container raises
        return 1


def _of_other(obj: Any, name: str) -> Operands | None:
    value = follow(held := ask(obj, name))
    if value is not held and value is MISSING:
        return Operands(place=name, note=_say_gone(name))
    if value is MISSING or value is None:
        return None
    if name in LOCALS.places:  # nodes alone may be derivatives there, of a class that computes them as nodes
        found = _read(obj, name, value, strict=False)
        return found if found and found.local else None
    if (value.__class__ is tuple or value.__class__ is list) and (not value or _are_nodes(value, type(obj))):
        return Operands(value, place=name) if value else None
    if name == "prev" and is_node(value) and ask(obj, "next") is not MISSING:
        return None  # a list in which each knows its neighbours
    return _read(obj, name, value, strict=False)


def _read(obj: Any, place: str, value: Any, strict: bool) -> Operands | None:
    """The operands in what an attribute holds; ``None`` if there is no node in it."""
    if value.__class__ not in PYTHONS:
        if value is MISSING or isinstance(value, (str, bytes, int, float, type)):
            return None
        if is_node(value):  # a single operand, not put into a tuple
            return None if value is obj else Operands((value,), place=place)
        if callable(value):
            return None
    container = read_container(value)
    if container is None:
        return None
    in_order = container.ordered or isinstance(value, Mapping)  # which forgets only that one was used twice
    items = container.items if in_order else _sorted(container.items, obj)
    if items and _are_nodes(items, type(obj)):
        return Operands(items, (), container.ordered, place)
    nodes, local = [], []
    note = gone = ""
    for item in items:
        if item is None:  # padding
            continue
        found = unwrap(item, obj)
        if found is None and strict:
            said = f"an operand of {describe(obj)} is not a node but {kind(item)}"
            raise TypeError(f"{said}: keep nodes alone in its attribute '{place}', also for constants")
        if found is None:
            note = note or f"{kind(item)} in its attribute '{place}' is no node and is not drawn"
        elif found.gone:
            gone = _say_gone(place)
        else:
            nodes.append(found.node)
            local.append(found.local)
    if not nodes and not gone:
        return NONE if strict else None
    known = bool(nodes) and all(x is None or is_local(x) for x in local) and any(x is not None for x in local)
    return Operands(nodes, tuple(local) if known else (), container.ordered, place, gone or note)


def _say_gone(place: str) -> str:
    return f"an operand that its attribute '{place}' refers to weakly is gone, and is not drawn"


def _refusal(obj: Any, value: Any) -> str:
    if isinstance(value, Iterator):
        said = f"the operands of {describe(obj)} are in {kind(value)}, which is used up by one reading"
        return f"{said}: keep them in a tuple or list"
    if isinstance(value, (str, bytes)):
        return f"an operand of {describe(obj)} is not a node but {kind(value)}"
    return f"the operands of {describe(obj)} are not in a tuple or list but {kind(value)}"


def _on_record(obj: Any) -> Operands | None:
    """The operands on the object that made the node: ``creator.inputs``, or a tuple ``("*", a, b)``."""
    for name in present(obj, RECORDS):
        record = follow(ask(obj, name))
        if record is MISSING or record is None or isinstance(record, (str, type, int, float)):
            continue
        if isinstance(record, (tuple, list)):
            found = _of_tuple(obj, name, record)
        elif isinstance(record, type(obj)) or isinstance(obj, type(record)):
            continue
        else:
            held_by = isinstance(record, Mapping)
            asked = record.get if held_by else partial(ask, record)
            places = ((inner, asked(inner)) for inner in (OF_RECORDS if held_by else present(record, OF_RECORDS)))
            read = (
                _read(obj, f"{name}.{inner}", x, False) for inner, x in places if x is not MISSING and x is not None
            )
            found = next(filter(None, read), None)
        if found is not None:
            return found
    return None


def _of_tuple(obj: Any, name: str, record: Sequence[Any]) -> Operands | None:
    """The operands in a tuple that begins with the operation."""
    if not record or is_node(record[0]) or not (isinstance(record[0], (str, type)) or callable(record[0])):
        return None
    rest = list(record[1:])
    if rest and all(map(is_node, rest)):
        return Operands(rest, place=name)
    inside = [x for x in rest if isinstance(x, (tuple, list)) and x and all(map(is_node, x))]
    return Operands(inside[0], place=name) if len(inside) == 1 else None


def _by_sides(obj: Any) -> Operands | None:
    """Operands that have a name each, such as ``left`` and ``right``, of an operation that takes as many."""
    for names in SIDES:
        nodes = [follow(ask(obj, name)) for name in names]
        if all(node is not obj and node is not None and node is not MISSING and is_node(node) for node in nodes):
            op = operation_of(obj, True) or type(obj).__name__
            if find(op, len(nodes)) is not None:
                return Operands(nodes, place=" and ".join(names))
    return None


_NAMED: dict[int, tuple[weakref.ref, str]] = {}


def name_leaf(leaf: Any, name: str) -> None:
    """Tell a leaf whose class has no place for a label from others, for as long as it lives: where it is in a set."""
    key = id(leaf)
    with suppress(TypeError):  # nothing can be known of an object that cannot be referred to
        _NAMED[key] = weakref.ref(leaf, lambda gone: _NAMED.pop(key, None)), name


def _name_of(obj: Any) -> str:
    known, name = _NAMED.get(id(obj), (None, ""))
    return name if known is not None and known() is obj else ""


def _sorted(items: list[Any], user: Any) -> list[Any]:
    """The operands of a set, which forgets their order, by what they are: at least each run agrees.

    Their numbers count last: a picture whose numbers move is to stay what it is.
    """
    for depth, numbered in ((0, False), (5, False), (5, True)):
        keys = [_likeness(item, user, depth, numbered) for item in items]
        if len(set(keys)) == len(keys):
            break
    return [item for _, item in sorted(zip(keys, items, strict=True), key=lambda pair: pair[0])]


def _likeness(item: Any, user: Any, depth: int, numbered: bool) -> tuple:
    """What tells nodes apart that have no order: label, operation, the same of their operands, and the number."""
    found = Item(item) if type(item) is type(user) else unwrap(item, user)
    if found is None or found.gone:
        return type(item).__name__, "", (), ""
    obj = found.node
    below = read_container(first(obj, OPERANDS)) if depth else None
    alike = sorted(_likeness(x, obj, depth - 1, numbered) for x in below.items) if below and not below.ordered else ()
    return (
        str(first(obj, LABEL) or _name_of(obj)),
        operation_of(obj, False),
        tuple(alike),
        numbered and repr(value_of(obj)),
    )
