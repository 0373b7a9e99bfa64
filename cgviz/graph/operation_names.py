"""What an operation is called that a class keeps as a text, a function, a class, an object or a member of an enum.

A name, and never an address or a number that changes: the same expression has the same picture in every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import partial
from types import FunctionType
from typing import Any

from ..ops.rows import find
from .addresses import without_address
from .attributes import MISSING, ask, first, present
from .closures import INNER
from .fields import is_node
from .spellings import OPERATION, RECORDS

NAMES = ("symbol", "_symbol", "op_name", "name", "__name__")
"""Under which an operation that is an object keeps what it is called."""

INSIDE = (
    *("op", "_op", "op_fn", "last_fn", "fun", "fn", "func", "primitive", "function", "operation", "operator"),
    *("kind", "type"),
)
"""Under which the record of an operation keeps the operation."""

OF_ANY = frozenset(
    {"backward", "context", "creator", "ctx", "edge", "fn", "func", "function", "history", "node", "op", "operation"}
    | {"operator", "record", "recipe", "simplenamespace", "tape", "entry", "dict", "mappingproxy", "backwardfunction"}
)
"""Classes whose objects may stand for any operation: their name is none."""


def operation_of(obj: Any, computed: bool) -> str:
    """The symbol of the operation that made the node; engines with a class per operation name it by the class."""
    op = first(obj, OPERATION)
    if op.__class__ is str and (op or not computed):
        return without_address(op)
    for spelling in present(obj, OPERATION):
        op = ask(obj, spelling)
        if op is not MISSING and op is not None and ((named := name_operation(op)) or not computed):
            return named
    if not computed:
        return ""
    for spelling in present(obj, RECORDS):
        record = ask(obj, spelling)
        known = record is not MISSING and record is not None and not isinstance(record, type(obj))
        known = known and not _is_inner(record)
        if known and (named := name_operation(record)):
            return named
    return type(obj).__name__ if ask(obj, "input_nodes") is not MISSING else ""


def _is_inner(record: Any) -> bool:
    """Whether this is a function written within another, of which its own name says nothing: `closures.py` asks it."""
    if not isinstance(record, FunctionType) or INNER not in record.__qualname__:
        return False
    return find(record.__name__, 1) is None and find(record.__name__, 2) is None


def name_operation(op: Any, deep: int = 3) -> str:
    """The name of an operation.

    >>> class Mul: pass
    >>> [name_operation(op) for op in (max, Mul, Mul(), ("*", 2), repr(is_node))]
    ['max', 'Mul', 'Mul', '*', 'is_node']
    >>> name_operation(Enum("Op", {"MUL": "*"}).MUL), name_operation(Enum("Op", "MUL").MUL)
    ('*', 'MUL')
    """
    if op is None or deep == 0:
        return ""
    if isinstance(op, Enum):
        return op.value if isinstance(op.value, str) and op.value else str(op.name)
    if isinstance(op, str):
        return without_address(str(op))
    if isinstance(op, type):
        return op.__name__
    if isinstance(op, partial):
        return name_operation(op.func, deep - 1)
    if isinstance(op, (int, float)):
        return f"op {op}"  # a code of the class's own, and no factor
    if isinstance(op, Mapping):
        return next(filter(None, (name_operation(op.get(name), deep - 1) for name in (*NAMES, *INSIDE))), "")
    if isinstance(op, bytes):
        return op.decode(errors="replace")
    if isinstance(op, Sequence):
        head = next(iter(op), None)
        return name_operation(head, deep - 1) if isinstance(head, (str, type, Enum)) or callable(head) else ""
    for name in NAMES:
        text = ask(op, name)
        if isinstance(text, str) and text and "0x" not in text and (name == "__name__" or _is_constant(text)):
            return text
    return _of_object(op, deep)


def _of_object(op: Any, deep: int) -> str:
    cls = type(op).__name__
    generic = cls.lower().strip("_") in OF_ANY
    if generic:
        for name in INSIDE:
            inner = ask(op, name)
            if inner is not MISSING and inner is not op and (text := name_operation(inner, deep - 1)):
                return text
    if type(op).__str__ is not object.__str__ and not is_node(op):
        try:
            text = str(op)
        except Exception:  # whatever somebody's __str__ raises
            text = ""
        if text and len(text) <= 12 and text.isprintable() and _is_constant(text):
            return text
    return "" if generic or cls == "object" else cls


def _is_constant(text: str) -> bool:
    """Whether a text holds no number, which might be another in each run; ``**2`` and the like are operations."""
    return not any(ch.isdigit() for ch in text) or find(text, 1) is not None or find(text, 2) is not None


def name_by_class(names: list[str], order: list[Any], rows: Sequence[Sequence[int]]) -> list[str]:
    """The operations, named by the class of the node where a class stands for each and none has a name.

    A class that leaves have too, or that theirs are grown from, is a class of numbers; so is the only one of all
    results, unless an operation is called so.
    """
    without = [i for i, row in enumerate(rows) if row and not names[i]]
    if not without:
        return names
    leaves = {type(order[i]) for i, row in enumerate(rows) if not row}
    classes = {type(order[i]) for i in without}
    own = {cls for cls in classes if not any(issubclass(leaf, cls) for leaf in leaves)}
    for i in without:
        cls, n = type(order[i]), len(rows[i])
        if cls in own and (len(own) > 1 or find(cls.__name__, n)):
            names[i] = cls.__name__
    return names
