"""How classes spell what a node has: its number, its gradient, its operands, its operation and its label.

The tables below list the spellings that are understood; everything else asks here. Of several the first counts.
"""

from __future__ import annotations

import re
from collections import UserDict, UserList, UserString
from collections.abc import Iterable, Mapping
from numbers import Number
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

from ..text import kind, number, shorten
from .addresses import is_passing
from .array_summary import is_large
from .attributes import MISSING, Names, ask, first, once_for_each_class, present, private, properties, slots
from .records import CONSTANT, LEAF, OPERATION_NODE

DATA = Names("data", "value", "output")
NUMBERS = Names("v", "val", "_value", "_val", "_data", "array", "_array", "num", "number", "cached_data")
"""Other names of the number: believed where there is a number or an array in them, for much else is called so."""

GRAD = Names(
    *("grad", "backwards_grad", "gradients", "gradient", "_grad", "_gradient", "derivative", "_derivative"),
    *("adjoint", "_adjoint", "der", "deriv", "adj", "grad_value", "gradient_value", "bar"),
)
OPERANDS = Names("_prev", "prevs", "input_nodes", "parents", "_children")
LOCALS = Names(
    *("_local_grads", "local_grads", "_local_gradients", "local_gradients", "_local_derivatives", "local_derivatives"),
    *("_local_grad", "local_grad", "_local_gradient", "local_gradient", "_local_derivative", "local_derivative"),
    *("_grads_local", "grads_local", "_backward_grads", "backward_grads", "_locals", "_partials", "partials"),
    *("_derivatives", "_jacobians"),
)
"""Where a class records the local derivatives of an operation, one for each operand, or each beside its operand."""

OTHER_OPERANDS = Names(
    *("_parents", "_prevs", "prev_", "prev", "inputs", "_inputs", "operands", "_operands", "creators"),
    *("_creators", "depends_on", "_depends_on", "dependencies", "deps", "_deps", "args", "_args", "arguments", "src"),
    *("srcs", "_src", "sources", "_in", "in_", "ins", "in_nodes", "parent_nodes", "prev_nodes", "child_nodes"),
    *("previous", "predecessors", "preds", "incoming", "input_tensors", "input_variables", "input", "_input"),
    *LOCALS,
    "children",
)
"""Other names of the operands: believed where there are nodes in them, for much else is called so.

Under those of local derivatives, where there is one beside each.
"""

RECORDS = Names(
    *("creator", "_creator", "creator_node", "history", "_history", "_ctx", "ctx", "context", "recipe", "_recipe"),
    *(
        "operation",
        "_operation",
        "grad_fn",
        "_grad_fn",
        "op",
        "_op",
        "func",
        "_func",
        "fn",
        "_fn",
        "function",
        "_function",
    ),
    *("node", "_node", "origin", "producer", "owner", "src_op", "created_by", "backward_fn", "_backward_fn"),
)
"""Where a class keeps the object that made a node, which has the operands: ``creator.inputs``, ``_ctx.parents``."""

ALL_OPERANDS = Names(*OPERANDS, *OTHER_OPERANDS)
"""Both."""

ELSEWHERE = Names(*(name for name in OTHER_OPERANDS if name not in LOCALS.places), *RECORDS)
"""Where operands may be that are not under the plainest names, nor among local derivatives."""

OF_RECORDS = Names(*ALL_OPERANDS, "variables", "tensors")
"""The names of the operands on such an object."""

SIDES = (("left", "right"), ("lhs", "rhs"), ("a", "b"), ("x", "y"), ("operand",), ("arg",), ("x",), ("a",), ("child",))
"""Operands each with a name of its own: believed of an operation that is known and takes as many."""

OPERATION = Names(
    *("_op", "op", "operation", "_operation", "op_name", "_op_name", "opname", "operator", "op_type", "_op_type"),
    *("creation_op", "_creation_op", "op_symbol", "func_name", "fn_name"),
)
LABEL = Names("label", "name")
LOCAL = ("local_grad", "local_gradient", "local_derivative", "local", "derivative", "partial", "weight", "w", "d")
"""What an edge calls the local gradient that it carries."""

LIBRARIES = frozenset({"ctypes", "enum", "traitlets"})
"""Whose objects have a `value` and are no nodes: ipywidgets' sliders are traitlets'."""

CONTAINERS = (UserList, UserDict, UserString, WeakSet, WeakValueDictionary, WeakKeyDictionary)
"""Whose objects have a `data`, which is what they are made of."""

NO_NODES = (type, int, float, complex, str, bytes, ModuleType, FunctionType, MethodType, BuiltinFunctionType)

AUTOMATIC = re.compile(r"[\s_#:.-]*\d*$")
MADE_UP = ("", "?", "v", "t", "var", "variable", "value", "node", "tensor", "scalar", "tmp", "unnamed", "none")
"""Labels that a class gives by itself, but for the number at their end."""

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
    """Whether all objects of a class are nodes, and no edges: with slots alone, or of an engine of ours, they are."""
    by_class = (not cls.__dictoffset__ or hasattr(cls, "_push")) and not hasattr(cls, "__array__")
    by_class = by_class and not hasattr(cls, "prev") and not issubclass(cls, tuple)
    return by_class and any(hasattr(cls, name) for name in DATA)


@once_for_each_class
def is_from_torch(cls: type) -> bool:
    """Whether this is a class of PyTorch's, or grown from one. (Asked by name: PyTorch is not imported for it.)"""
    return any(getattr(base, "__module__", "").partition(".")[0] == "torch" for base in getattr(cls, "__mro__", ()))


@once_for_each_class
def _holds_values(cls: type) -> bool:
    """Whether this is a class of a library whose objects have a `value` for other reasons, or grown from one."""
    return issubclass(cls, CONTAINERS) or any(base.__module__.partition(".")[0] in LIBRARIES for base in cls.__mro__)


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


def label_of(obj: Any, names: Mapping[int, str]) -> str:
    """The label of a node, or the name by which `names` knows it: which counts before one that its class has made."""
    label = first(obj, LABEL)
    own = label if isinstance(label, str) and not is_passing(label, obj) else ""
    if not names or (own and not isinstance(names, Given) and not _is_automatic(own, type(obj))):
        return own
    return next((names[i] for i in identities(obj) if i in names), own)


class Given(dict[int, str]):
    """Names by ``id`` that count before the labels of the objects themselves."""


def _is_automatic(label: str, cls: type) -> bool:
    """Whether a class may have made up a label, as it counts its objects: ``v12``, ``Tensor_3``."""
    return AUTOMATIC.sub("", label).lower() in (*MADE_UP, cls.__name__.lower())


def identities(obj: Any) -> tuple[int, ...]:
    """The ids by which an object of a graph is known: its own, or that of a tensor of PyTorch's."""
    return private(obj, "_known_as", (id(obj),))


def explain_departure(found: list[Any], i: int, op: Any, operands: Iterable[int]) -> str:
    """Why a row that gives the number of the object at place `i` may not stand for its operation; ``""`` if it may."""
    ask = getattr(found[i], "_departs", None) if found else None
    return ask(op, [found[k] for k in operands]) if ask else ""


def row_of(obj: Any) -> Any:
    """The row of the table that has computed a node, ``None`` where its engine does not know (`_row`) or has none."""
    return private(obj, "_row")


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
