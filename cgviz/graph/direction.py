"""Whether what stands under a name of operands is what a node was computed from, or what was computed from it.

Some engines append each result to the ``children``, or the ``parents``, of its operands, so that gradients can be asked
for from the leaves: drawn as operands, their graph would stand on its head. The class's own code tells.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator
from inspect import CO_VARARGS, CO_VARKEYWORDS
from itertools import pairwise
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from .attributes import MISSING, ask, once_for_each_class
from .containers import held, unwrap
from .operation_names import operation_of
from .spellings import ALL_OPERANDS, OPERATION

CHILDREN = "children"
GROWING = frozenset({"append", "add", "extend", "insert", "update"})
MADE = frozenset({"__init__", "__new__", "__post_init__"})
SKIPPED = frozenset({"CACHE", "EXTENDED_ARG", "PUSH_NULL", "PRECALL"})


def names_of_users(obj: Any) -> frozenset[str]:
    """The names of operands under which a node holds those that use it.

    >>> class Var:
    ...     def __init__(self, value): self.value, self.children = value, []
    ...     def __neg__(self):
    ...         result = Var(-self.value)
    ...         self.children.append((-1.0, result))
    ...         return result
    >>> names_of_users(Var(2.0))
    frozenset({'children'})
    """
    by_class = grown_by_class(type(obj))
    return by_class | {CHILDREN} if CHILDREN not in by_class and _are_later(obj) else by_class


def _are_later(obj: Any) -> bool:
    """Whether a child says an operation and has no children, where the node itself has them and no operation."""
    below = held(ask(obj, CHILDREN))
    if not below or not below.items or ask(obj, OPERATION[0]) is ask(obj, OPERATION[1]) is MISSING:
        return False
    nodes = (found.node for item in below.items if (found := unwrap(item, obj)) and not found.gone)
    return operation_of(obj, False) == "" and any(
        operation_of(node, False) and (under := held(ask(node, CHILDREN))) is not None and not under.items
        for node in nodes
    )


@once_for_each_class
def grown_by_class(cls: type) -> frozenset[str]:
    """The names under which a class's methods append results to its own object or to an argument."""
    functions = [f for base in cls.__mro__ for f in vars(base).values() if isinstance(f, FunctionType)]
    return frozenset(name for f in functions for name in _grown_in(f.__code__, f.__name__ in MADE))


class _Growth(NamedTuple):
    """``owner.name.append(…)`` in a function, with the variables in the brackets."""

    owner: str
    name: str
    added: frozenset[str]


def _grown_in(code: CodeType, makes: bool) -> Iterator[str]:
    """The names that a function grows: in an operation for an argument, in a constructor for another than its own.

    ``result.parents.append(self)`` grows the operands of the result, and ``link(result, a)``, which appends an argument
    to another, may be called on either. So may a function that returns nothing and only appends.
    """
    starred = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    arguments = {*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + starred]}
    if makes:
        within = [inner for inner in code.co_consts if isinstance(inner, CodeType)]  # [x.children.append(self) for …]
        for each in (code, *within):
            yield from (grown.name for grown in _growths(each) if grown.owner not in arguments)
    elif _returns(code):
        yield from (one.name for one in _growths(code) if one.owner in arguments and not one.added <= arguments)


def _returns(code: CodeType) -> bool:
    ops = list(dis.get_instructions(code))
    before = [one for one, two in pairwise(ops) if two.opname == "RETURN_VALUE"]
    return any(one.opname != "LOAD_CONST" or one.argval is not None for one in before)


def _growths(code: CodeType) -> Iterator[_Growth]:
    ops = [op for op in dis.get_instructions(code) if op.opname not in SKIPPED]
    for i, (one, two, three) in enumerate(zip(ops, ops[1:], ops[2:], strict=False)):
        if _is_variable(one.opname) and two.argval in ALL_OPERANDS.places and three.argval in GROWING:
            added = []
            for op in ops[i + 3 :]:
                if op.opname == "POP_TOP":
                    break
                if _is_variable(op.opname):
                    added.append(str(op.argval))
            yield _Growth(str(one.argval), str(two.argval), frozenset(added))


def _is_variable(opname: str) -> bool:
    return opname.startswith(("LOAD_FAST", "LOAD_DEREF"))
