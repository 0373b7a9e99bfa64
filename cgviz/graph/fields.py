"""What an object has as a node: its number, its gradient, its row; and whether it is a node by that."""

from __future__ import annotations

from collections import UserDict, UserList, UserString
from collections.abc import Iterable
from numbers import Number
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

from ..text import kind
from .array_summary import is_large
from .attributes import MISSING, ask, first, once_for_each_class, present, private, properties, slots
from .records import CONSTANT, LEAF, OPERATION_NODE
from .spellings import ALL_OPERANDS, DATA, GRAD, NUMBERS, OPERANDS, RECORDS
from .tensors import is_from_torch

LIBRARIES = frozenset({"ctypes", "enum", "traitlets"})
"""Whose objects have a `value` and are no nodes: ipywidgets' sliders are traitlets'."""

COLLECTIONS = (UserList, UserDict, UserString, WeakSet, WeakValueDictionary, WeakKeyDictionary)
"""Whose objects have a `data`, which is what they are made of."""

NO_NODES = (type, int, float, complex, str, bytes, ModuleType, FunctionType, MethodType, BuiltinFunctionType)

LEFT = "functions of math and float() make plain numbers of nodes: use those of the class or of cgviz"
"""How a computation leaves the graph without a word."""


def is_node(obj: Any) -> bool:
    """Whether `obj` can be read as a node: it has a number, and is neither a class nor a plain number or array.

    A slider has a number too, and so has a member of an enumeration; they are nodes only if they have operands.
    """
    cls = type(obj)
    if _is_plain(cls):
        return field_of_number(obj) != ""
    if is_from_torch(cls):
        return hasattr(obj, "grad_fn") and not isinstance(obj, type)
    if isinstance(obj, NO_NODES):
        return False
    return (first(obj, OPERANDS) is not None and field_of_number(obj) != "") or _is_tensor(obj)


@once_for_each_class
def _is_plain(cls: type) -> bool:
    """Whether nothing is against it that objects of a class are nodes, but that they may have no number."""
    strange = is_from_torch(cls) or issubclass(cls, (*NO_NODES, dict)) or _holds_values(cls)
    return not strange and not hasattr(cls, "__array__")


def _is_tensor(obj: Any) -> bool:
    """Whether an object that NumPy can read is a node all the same: it has a gradient, and room for what made it."""
    if isinstance(obj, dict) or _holds_values(type(obj)) or field_of_number(obj) == "" or field_of_gradient(obj) == "":
        return False
    return bool(present(obj, ALL_OPERANDS) or present(obj, RECORDS))


@once_for_each_class
def _holds_values(cls: type) -> bool:
    """Whether this is a class of a library whose objects have a `value` for other reasons, or grown from one."""
    return issubclass(cls, COLLECTIONS) or any(base.__module__.partition(".")[0] in LIBRARIES for base in cls.__mro__)


@once_for_each_class
def are_nodes(cls: type) -> bool:
    """Whether all objects of a class are nodes, and no edges: with slots alone, or of an engine of ours, they are."""
    by_class = (not cls.__dictoffset__ or hasattr(cls, "_push")) and not hasattr(cls, "__array__")
    by_class = by_class and not hasattr(cls, "prev") and not issubclass(cls, tuple)
    return by_class and any(hasattr(cls, name) for name in DATA)


def check_node(result: Any, by: str, plain: type = float) -> None:
    """Raise `TypeError` for a result that is no node: `by` says who returned it, `plain` what may have been one.

    >>> check_node(None, "f")
    Traceback (most recent call last):
    TypeError: f returned None: is a return missing?
    """
    if not is_node(result):
        what = "None: is a return missing?" if result is None else f"{kind(result)}, not a node of a graph"
        raise TypeError(f"{by} returned {what}" + f" ({LEFT})" * isinstance(result, plain))


def field_of_number(obj: Any) -> str:
    """The name under which an object keeps its number, or its array; ``""`` if it has none."""
    for name in DATA:
        if ask(obj, name) is not MISSING:
            return name
    for name in present(obj, NUMBERS):
        if _is_numeric(ask(obj, name)):
            return name
    return next((name for name in DATA if name in properties(type(obj))), "")


def _is_numeric(x: Any) -> bool:
    return isinstance(x, (float, int, Number)) or (not isinstance(x, type) and hasattr(x, "__array__"))


def field_of_gradient(obj: Any) -> str:
    """The name under which an object keeps its gradient, computed or not; ``""`` if it has none.

    A method is no gradient: ``grad()`` of some classes goes and computes it.
    """
    for name in present(obj, GRAD):
        value = ask(obj, name)
        if value is not MISSING and not callable(value):
            return name
    return _promised(type(obj))


@once_for_each_class
def _promised(cls: type) -> str:
    """The gradient that a class computes when it is asked, or has a slot for that is empty yet."""
    if hasattr(cls, "_known_as"):  # read from PyTorch's tensors, of which only some keep a gradient
        return ""
    return next((name for name in GRAD if name in properties(cls) or name in slots(cls)), "")


def gradient_of(obj: Any) -> Any:
    """The gradient as the class keeps it, ``None`` for none yet; of one that is a node of the class, its number."""
    grad = first(obj, GRAD)
    if isinstance(grad, (float, int)):
        return grad
    for name in present(obj, GRAD):
        grad = ask(obj, name)
        if grad is not MISSING and not callable(grad):
            return value_of(grad) if is_node(grad) else grad
    return None


def value_of(obj: Any) -> Any:
    """The number of a node, or its array, under whichever name its class keeps it."""
    return snapshot(_read(obj))


def read_value(obj: Any) -> Any:
    """The same to be read at once: a large array is the object's own, and no copy of it."""
    data = _read(obj)
    return data if data.__class__ is float else snapshot_small(data)


def _read(obj: Any) -> Any:
    data = first(obj, DATA, MISSING)
    if data.__class__ is float:
        return data
    if is_from_torch(type(data)):
        from .tensors import value

        return value(data)
    if data is MISSING:
        data = ask(obj, name) if (name := field_of_number(obj)) else None
    return _call(data) if callable(data) else data


def _call(method: Any) -> Any:
    try:
        return method()
    except Exception:  # one that wants something, or is not ready
        return None


def snapshot(x: Any) -> Any:
    """A number as it is; of a NumPy array that can still change, a copy, so that the record stays what it was."""
    flags = None if x.__class__ is float else private(x, "flags")
    return x.copy() if getattr(flags, "writeable", False) else x


def snapshot_small(x: Any) -> Any:
    """The same, but for large arrays: they are left as they are until there is a summary of them."""
    return x if x.__class__ is float or is_large(x) else snapshot(x)


def row_of(obj: Any) -> Any:
    """The row of the table that has computed a node, ``None`` where its engine does not know (`_row`) or has none."""
    return private(obj, "_row")


def kind_of(obj: Any, operands: tuple[int, ...]) -> str:
    """Whether a node is a leaf, a constant or the result of an operation."""
    if operands:
        return OPERATION_NODE
    return CONSTANT if private(obj, "_constant", False) else LEAF


def explain_departure(found: list[Any], i: int, op: Any, operands: Iterable[int]) -> str:
    """Why a row that gives the number of the object at place `i` may not stand for its operation; ``""`` if it may."""
    ask = getattr(found[i], "_departs", None) if found else None
    return ask(op, [found[k] for k in operands]) if ask else ""
