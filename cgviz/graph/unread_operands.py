"""What a class that does not record its operands keeps instead, and what of a node could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, islice
from types import FunctionType, MethodType
from typing import Any

from ..text import kind, shorten
from .attributes import MISSING, ask, attributes, follow, once_for_each_class, present, private, properties
from .containers import read_container
from .direction import names_of_users
from .fields import gradient_of, is_node
from .method_names import symbol_of_method
from .operands import operands_of
from .operation_names import operation_of
from .spellings import ALL_OPERANDS, DATA, GRAD, LABEL, LOCALS, NUMBERS, OF_RECORDS, OPERANDS, OPERATION, RECORDS, SIDES
from .tensors import is_from_torch

MOST = 100
"""So many of the things that an object holds are looked at."""
CONTAINERS = (list, tuple, set, frozenset, Mapping)
NAMED = 6
"""So many of the names that were looked for are listed."""


def explain_unread(obj: Any) -> str:
    """What to say of a node without operands whose class computes nodes and keeps the operands elsewhere, or nowhere.

    ``""`` for a leaf: a class that has the attribute for operands, and none in it, is believed, unless the node has an
    operation and its operands under another name.

    >>> class V:
    ...     def __init__(self, data, made_of=()): self.data, self.made_of = data, made_of
    >>> explain_unread(V(2.0)), explain_unread(V(4.0, (V(2.0), V(2.0))))[:70]
    ('', 'V does not record its operands (looked for _prev, prevs, input_nodes, ')
    >>> explain_unread(V(4.0, (V(2.0), V(2.0)))).partition("; ")[2]
    "nodes are in its attribute 'made_of'): keep them, as in result._prev = (a, b)"
    """
    if is_from_torch(type(obj)) or private(obj, "_mark", MISSING) is not MISSING:
        return ""
    given = ((name, follow(ask(obj, name))) for name in present(obj, ALL_OPERANDS) if name not in LOCALS.places)
    recorded = [name for name, x in given if x is not MISSING and not isinstance(x, (FunctionType, MethodType))]
    users = names_of_users(obj)
    if recorded and users.issuperset(recorded):
        place = locate_nodes(obj) or f"its attribute '{recorded[0]}', and are those computed from it"
        return explain_missing_operands(obj, place)
    if (what := _unreadable(obj)) or (recorded and not operation_of(obj, False)):
        return what
    place = locate_nodes(obj)
    return explain_missing_operands(obj, place) if place or (operation_of(obj, False) and not recorded) else ""


def explain_missing_operands(obj: Any, place: str | None = None) -> str:
    """The sentence: its class, the names that were looked for, where there are nodes, and what to add."""
    place = locate_nodes(obj) if place is None else place
    where = f"; nodes are in {place}" if place else ""
    looked = f"{', '.join(ALL_OPERANDS[:NAMED])} and {len(ALL_OPERANDS) - NAMED} more names"
    said = f"{type(obj).__name__} does not record its operands (looked for {looked}{where})"
    return f"{said}: keep them, as in result.{OPERANDS[0]} = (a, b)"


def explain_unrecorded(obj: Any) -> str:
    """What to say of a node that is all of its graph and may be computed: its class computes such, and keeps no more.

    >>> class V:
    ...     def __init__(self, data): self.data = data
    ...     def __add__(self, other): return V(self.data + other.data)
    >>> explain_unrecorded(V(2.0) + V(1.0)).partition(" (")[0]
    'if it was computed, V does not record its operands'
    """
    if is_from_torch(type(obj)) or private(obj, "_mark", MISSING) is not MISSING:
        return ""
    room = any(isinstance(x, CONTAINERS) and not x for x in attributes(obj).values())
    if room or present(obj, ALL_OPERANDS) or present(obj, RECORDS) or not _computes_numbers(type(obj)):
        return ""
    return f"if it was computed, {explain_missing_operands(obj)}"


@once_for_each_class
def _computes_numbers(cls: type) -> bool:
    """Whether operators of a class make objects of it, and its code sets no attribute that operands are kept in."""
    from .code_reading import makers, methods_of  # it reads source text, which most graphs need not

    methods = methods_of(cls)
    made = makers(cls, methods)
    operators = {name for name in made if name.startswith("__") and symbol_of_method(name, 2)}
    places = {*ALL_OPERANDS, *RECORDS, *chain.from_iterable(SIDES)}
    return bool(operators) and not any(places & set(f.__code__.co_names) for f in methods.values())


def _unreadable(obj: Any) -> str:
    """Of a node whose attribute for operands holds what is not read: what it holds."""
    if note := operands_of(obj).note:
        return note
    for place, value in _places(obj):
        if isinstance(value, Iterator):
            what = f"the operands of {type(obj).__name__} are in its attribute '{place}', {kind(value)}"
            return f"{what}, which is used up by one reading: keep them in a tuple or list"
        if read_container(value) is not None and _holds(value, obj):
            return explain_missing_operands(obj, f"its attribute '{place}', each with others")
    return ""


def _places(obj: Any) -> Iterator[tuple[str, Any]]:
    """Every attribute that has the name of operands, also on what made the node, and what is in it."""
    users = names_of_users(obj)
    for name in present(obj, ALL_OPERANDS):
        if name not in users:
            yield name, follow(ask(obj, name))
    for name in present(obj, RECORDS):
        record = follow(ask(obj, name))
        if not (record is MISSING or record is None or isinstance(record, (str, type, FunctionType, type(obj)))):
            yield from ((f"{name}.{inner}", ask(record, inner)) for inner in present(record, OF_RECORDS))


def locate_nodes(obj: Any) -> str:
    """Where an object holds other nodes, in words; ``""`` if it holds none where they can be seen."""
    known = {*DATA, *NUMBERS, *GRAD, *OPERATION, *LABEL, *names_of_users(obj)} - {*RECORDS}
    for name, value in islice(attributes(obj).items(), MOST):
        if name in known:
            continue
        if isinstance(value, (FunctionType, MethodType)):
            if any(_holds(cell, obj) for cell in _closure(value)):
                return f"the closure of its attribute '{name}'"
        elif _holds(value, obj):
            return f"its attribute '{name}'"
        elif not isinstance(value, (type, *CONTAINERS)):  # as the function object that made it, with its inputs
            for inner, more in islice(attributes(value).items(), MOST):
                if _holds(more, obj):
                    return f"its attribute '{name}.{inner}'"
    return _locate_makers(obj)


def _locate_makers(obj: Any) -> str:
    """Where an object holds what made it, in words, if that has operands which are no nodes themselves."""
    for place, value in _places(obj):
        below = read_container(value) if "." in place else None
        one = next((x for x in below.items if x is not None), None) if below else None
        if one is not None and type(one) is type(ask(obj, place.partition(".")[0])):
            return f"its attribute '{place}' as {type(one).__name__}, without their numbers"
    return ""


def _closure(function: FunctionType | MethodType) -> Iterator[Any]:
    for cell in getattr(function, "__closure__", None) or ():
        with suppress(ValueError):  # a cell that is empty yet
            yield cell.cell_contents


def _holds(value: Any, obj: Any, deep: int = 2) -> bool:
    """Whether a value is another node, or a container, also within another, that has one; or an edge to one."""
    value = follow(value)
    if isinstance(value, CONTAINERS) and not is_node(value):
        inside: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
        keys: Iterable[Any] = value if isinstance(value, Mapping) else ()
        return deep > 0 and any(_holds(one, obj, deep - 1) for one in islice((*keys, *inside), MOST))
    return value is not obj and (is_node(value) or is_node(private(value, "prev", None)))


@once_for_each_class
def computed_names(cls: type) -> list[str]:
    """Which of the names that are read a class computes when it is asked."""
    return sorted(properties(cls) & {*DATA, *ALL_OPERANDS, *OPERATION, *LABEL, *GRAD})


def _is_idle(obj: Any, name: str) -> bool:
    """Whether nothing is lost by an attribute that raises: what it would say is known, or there is nothing to say."""
    if name in GRAD:
        return gradient_of(obj) is not None
    if name in ALL_OPERANDS:
        return bool(operands_of(obj).nodes) or any(ask(obj, record) is None for record in present(obj, RECORDS))
    return False


def explain_failure(obj: Any, computed: bool) -> str:
    """Which of the attributes that are read raise when the object is asked for them; ``""`` if none does.

    Of gradients that is said only where others are `computed`: before that, there are none.
    """
    for name in computed_names(type(obj)):
        if name in GRAD and not computed:
            continue
        try:
            getattr(obj, name)
        except Exception as error:  # whatever somebody's property raises
            if not _is_idle(obj, name):
                text = f"{type(error).__name__}: {shorten(str(error), 80)}".removesuffix(": ")
                return f"the attribute '{name}' of {type(obj).__name__} is passed over, for it raised {text}"
    return ""
