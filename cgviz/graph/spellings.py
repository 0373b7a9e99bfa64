"""How classes spell what a node has: its number, its gradient, its operands, its operation and its label.

The tables below list the spellings that are understood; everything else asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from functools import lru_cache
from typing import Any, TypeVar, cast
from weakref import WeakSet

from ..text import kind, number, shorten
from .records import CONSTANT, LEAF, OPERATION_NODE

DATA = ("data", "value", "output")
GRAD = ("grad", "backwards_grad", "gradients")
OPERANDS = ("_prev", "prevs", "input_nodes", "parents", "_children")
OPERATION = ("_op", "op")
LOCALS = (
    "_local_grads",
    "local_grads",
    "_local_gradients",
    "local_gradients",
    "_local_derivatives",
    "local_derivatives",
    "_local_grad",
    "local_grad",
    "_local_gradient",
    "local_gradient",
    "_local_derivative",
    "local_derivative",
    "_grads_local",
    "grads_local",
    "_backward_grads",
    "backward_grads",
    "_locals",
    "_partials",
    "partials",
    "_derivatives",
    "_jacobians",
)
"""Where a class records the local derivatives of an operation, one for each operand."""
LABEL = ("label", "name")
HOLDERS = frozenset({"ctypes", "enum", "traitlets"})
"""Whose objects have a `value` and are no nodes: ipywidgets' sliders are traitlets'."""

FORGETFUL = (Set, Mapping, WeakSet)
"""Containers that keep each operand once, and most of them in no order."""

CLASSES = 128
"""So many are remembered: each run of a cell makes a new one, which is to be freed some day with all that it holds."""

LEFT = "functions of math and float() make plain numbers of nodes: use those of the class or of cgviz"
"""How a computation leaves the graph without a word."""

F = TypeVar("F", bound=Callable[[type], Any])


def once_for_each_class(function: F) -> F:
    """Remember what a function says of a class; it keeps its type."""
    return cast(F, lru_cache(CLASSES)(function))


MISSING = object()
"""Stands for an attribute that a class does not have: ``None`` is one that it has."""


def is_node(obj: Any) -> bool:
    """Whether `obj` can be read as a node: it has a number, and is neither a class nor a plain number or array.

    A slider has a number too, and so has a member of an enumeration; they are nodes only if they have operands.
    """
    if is_from_torch(type(obj)):
        return True
    if isinstance(obj, (type, int, float, complex, str, bytes)):
        return False
    if (hasattr(obj, "__array__") or _holds_values(type(obj))) and first(obj, OPERANDS) is None:
        return False
    return any(hasattr(obj, name) for name in DATA)


def check_node(result: Any, by: str, plain: type = float) -> None:
    """Raise `TypeError` for a result that is no node: `by` says who returned it, `plain` what may have been one.

    >>> check_node(None, "f")
    Traceback (most recent call last):
    TypeError: f returned None: is a return missing?
    """
    if not is_node(result):
        what = "None: is a return missing?" if result is None else f"{kind(result)}, not a node of a graph"
        raise TypeError(f"{by} returned {what}" + f" ({LEFT})" * isinstance(result, plain))


@once_for_each_class
def are_nodes(cls: type) -> bool:
    """Whether all objects of a class are nodes, and no edges: objects with slots alone are what their class is."""
    slots_alone = not cls.__dictoffset__ and not hasattr(cls, "__array__") and not hasattr(cls, "prev")
    return slots_alone and any(hasattr(cls, name) for name in DATA)


@once_for_each_class
def is_from_torch(cls: type) -> bool:
    """Whether this is a class of PyTorch's, or grown from one. (Asked by name: PyTorch is not imported for it.)"""
    return any(getattr(base, "__module__", "").partition(".")[0] == "torch" for base in getattr(cls, "__mro__", ()))


@once_for_each_class
def _holds_values(cls: type) -> bool:
    """Whether this is a class of a library whose objects have a `value` for other reasons, or grown from one."""
    return any(base.__module__.partition(".")[0] in HOLDERS for base in cls.__mro__)


def first(obj: Any, spellings: tuple[str, ...], default: Any = None) -> Any:
    """The first of the attributes that the object has (asked one by one: a property may fail to compute)."""
    for name in spellings:
        value = getattr(obj, name, MISSING)
        if value is not MISSING:
            return _first_that_is(obj, spellings, value, default) if _answers_all(type(obj)) else value
    return default


def _first_that_is(obj: Any, spellings: tuple[str, ...], answer: Any, default: Any) -> Any:
    """The first attribute that is there, else what ``__getattr__`` has answered, unless that is a node again."""
    there = next((x for name in spellings if (x := private(obj, name, MISSING)) is not MISSING), MISSING)
    return there if there is not MISSING else default if type(answer) is type(obj) else answer


@lru_cache(8 * CLASSES)
def slot_of(cls: type, spellings: tuple[str, ...]) -> str:
    """Which of the attributes a class has itself, for all its objects; ``""`` for none."""
    return next((name for name in spellings if hasattr(cls, name)), "")


@once_for_each_class
def _answers_all(cls: type) -> bool:
    """Whether a class has a ``__getattr__``, which may answer any name that it is asked for."""
    return hasattr(cls, "__getattr__")


def private(obj: Any, name: str, default: Any = None) -> Any:
    """A private attribute of our own engines (`protocols.py`), and never what a ``__getattr__`` makes of the name."""
    value = getattr(obj, name, default)
    if value is default or not _answers_all(type(obj)):
        return value
    try:
        return object.__getattribute__(obj, name)
    except AttributeError:
        return default


def value_of(obj: Any) -> Any:
    """The number of a node, or its array, under whichever name its class keeps it."""
    data = first(obj, DATA)
    return snapshot(data() if callable(data) else data)


def snapshot(x: Any) -> Any:
    """A number as it is; of a NumPy array that can still change, a copy, so that the record stays what it was."""
    flags = None if x.__class__ is float else private(x, "flags")
    return x.copy() if getattr(flags, "writeable", False) else x


def label_of(obj: Any, names: Mapping[int, str]) -> str:
    """The label of a node, or the name by which `names` knows it."""
    label = first(obj, LABEL)
    if isinstance(label, str) and label:
        return label
    if not names:
        return ""
    return next((names[i] for i in identities(obj) if i in names), "")


def identities(obj: Any) -> tuple[int, ...]:
    """The ids by which an object of a graph is known: its own, or that of a tensor of PyTorch's."""
    return private(obj, "_known_as", (id(obj),))


def operation_of(obj: Any, computed: bool) -> str:
    """The symbol of the operation that made the node; engines with a class per operation name it by the class."""
    op = first(obj, OPERATION)
    if op is None:
        return type(obj).__name__ if computed and hasattr(obj, "input_nodes") else ""
    if isinstance(op, str):
        return op
    return str(getattr(op, "symbol", None) or getattr(op, "__name__", None) or op)


def row_of(obj: Any) -> Any:
    """The row of the table that has computed a node, ``None`` where its engine does not know (`_row`) or has none."""
    return private(obj, "_row")


def keeps_order(obj: Any) -> bool:
    """Whether a node keeps its operands in their order, and one that is used twice as two; a set does neither."""
    listed = first(obj, OPERANDS)
    return listed.__class__ is tuple or not isinstance(listed, FORGETFUL)


def kind_of(obj: Any, operands: tuple[int, ...]) -> str:
    """Whether a node is a leaf, a constant or the result of an operation."""
    if operands:
        return OPERATION_NODE
    return CONSTANT if private(obj, "_constant", False) else LEAF


def tell_apart(names: Iterable[str]) -> list[str]:
    """The names, numbered where several are alike.

    >>> tell_apart(["w", "b", "w", "w"])
    ['w', 'b', 'w_2', 'w_3']
    """
    found: dict[str, None] = {}
    for name in names:
        new, n = name, 2
        while new in found:
            new, n = f"{name}_{n}", n + 1
        found[new] = None
    return list(found)


def describe(obj: Any, names: Mapping[int, str] | None = None) -> str:
    """What a message calls a node: its label, or its class and its number."""
    label = label_of(obj, names or {})
    return f"'{shorten(label)}'" if label else f"{type(obj).__name__}({number(value_of(obj))})"
