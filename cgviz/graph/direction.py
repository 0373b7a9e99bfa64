"""Whether `children` are what a node was computed from or what was computed from it: the class's own code tells.

Some engines append each result to the ``children`` of its operands, so that gradients can be asked for from the
leaves: drawn as operands, their graph would stand on its head.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator
from itertools import pairwise
from types import CodeType, FunctionType
from typing import Any

from .attributes import MISSING, ask, once_for_each_class
from .containers import held, unwrap
from .operation_names import operation_of
from .spellings import OPERATION

NAME = "children"
GROWING = frozenset({"append", "add", "extend", "insert", "update"})
MADE = frozenset({"__init__", "__new__", "__post_init__"})


def holds_users(obj: Any) -> bool:
    """Whether the ``children`` of a node are those that use it.

    >>> class Var:
    ...     def __init__(self, value): self.value, self.children = value, []
    ...     def __neg__(self):
    ...         result = Var(-self.value)
    ...         self.children.append((-1.0, result))
    ...         return result
    >>> holds_users(Var(2.0))
    True
    """
    return _appends_to_operands(type(obj)) or _are_later(obj)


def _are_later(obj: Any) -> bool:
    """Whether a child says an operation and has no children, where the node itself has them and no operation."""
    below = held(ask(obj, NAME))
    if not below or not below.items or ask(obj, OPERATION[0]) is ask(obj, OPERATION[1]) is MISSING:
        return False
    nodes = (found.node for item in below.items if (found := unwrap(item, obj)) and not found.gone)
    return operation_of(obj, False) == "" and any(
        operation_of(node, False) and (under := held(ask(node, NAME))) is not None and not under.items for node in nodes
    )


@once_for_each_class
def _appends_to_operands(cls: type) -> bool:
    """Whether a method appends to the children of its own object or of an argument, and not to those of its result."""
    functions = [f for base in cls.__mro__ for f in vars(base).values() if isinstance(f, FunctionType)]
    return any(_grows_operands(f.__code__, f.__name__ in MADE) for f in functions)


def _grows_operands(code: CodeType, makes: bool) -> bool:
    """Whether ``x.children.append(…)`` stands in an operation for an argument x, or in a constructor for another's x.

    A function that returns nothing and only appends may be called on either.
    """
    arguments = code.co_varnames[: code.co_argcount]
    if makes:
        within = [inner for inner in code.co_consts if isinstance(inner, CodeType)]  # [x.children.append(self) for …]
        return any(owner not in arguments for each in (code, *within) for owner in _grown(each))
    return _returns(code) and any(owner in arguments for owner in _grown(code))


def _returns(code: CodeType) -> bool:
    ops = list(dis.get_instructions(code))
    before = [one for one, two in pairwise(ops) if two.opname == "RETURN_VALUE"]
    return any(one.opname != "LOAD_CONST" or one.argval is not None for one in before)


def _grown(code: CodeType) -> Iterator[str]:
    """The variables whose children are appended to."""
    ops = [op for op in dis.get_instructions(code) if op.opname not in ("CACHE", "EXTENDED_ARG", "PUSH_NULL")]
    for one, two, three in zip(ops, ops[1:], ops[2:], strict=False):
        if one.opname.startswith(("LOAD_FAST", "LOAD_DEREF")) and two.argval == NAME and three.argval in GROWING:
            yield str(one.argval)
