"""The methods of somebody's class, tried on new leaves: what numbers and local derivatives their nodes have."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, NamedTuple

from ..ops.domain import FAILURES
from ..ops.op import OPS, Op
from .agreement import gives, is_float
from .constants import matches
from .fields import is_node, value_of
from .method_names import row_of_method
from .operands import operands_of
from .recorded_derivatives import read_derivatives_of

PROBES = {1: ((0.37,), (1.9,), (-0.6,)), 2: ((1.7, 0.6), (0.45, 2.3))}
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "power": operator.pow,
}  # fmt: skip
PROBE_CONSTANT = 0.6
"""A constant as the second operand, to see whether a class records it."""


class Made(NamedTuple):
    """What a method has made of new leaves: its number and the local derivatives that it records."""

    y: Any
    local: tuple


def try_on(cls: type, method: Callable, xs: Sequence[float]) -> Made | None:
    """What a method makes of new leaves with these numbers, if their node is made of them alone."""
    leaves = [make_leaf(cls, x) for x in xs]
    if any(leaf is None for leaf in leaves):  # and no ``in``, which asks the __eq__ of somebody
        return None
    try:
        return _made(method(*leaves), leaves)
    except Exception:  # whatever a learner's method raises outside its domain
        return None


def _made(y: Any, leaves: list[Any]) -> Made | None:
    if not is_node(y):
        return None
    below = operands_of(y)
    if len(below.nodes) != len(leaves) or not all(map(operator.is_, below.nodes, leaves)):
        return None
    return Made(value_of(y), below.local or read_derivatives_of(y, leaves))


def make_leaf(cls: type, x: float) -> Any:
    """A new leaf of a class, ``None`` if it takes more than a number, or takes it as something else."""
    try:
        node = cls(x)
        return node if value_of(node) == x else None
    except Exception:  # whatever a learner's class raises
        return None


def bind_method(cls: type, name: str) -> Callable:
    """A method of a class as a function of nodes; a property as one of one node."""
    if isinstance(cls.__dict__.get(name), property):
        return lambda *xs: getattr(xs[0], name)
    return lambda *xs: getattr(cls, name)(*xs)


def computes_row(cls: type, method: Callable, op: Op) -> bool | None:
    """Whether a method computes its row's number; ``None`` where its nodes are made by others, or none are."""
    seen = None
    for xs in PROBES[op.arity]:
        made = try_on(cls, method, xs)
        if made is None or not is_float(made.y):
            continue
        if gives(op, made.y, xs) is False:
            return False
        seen = True
    return seen


def records_otherwise(cls: type, method: Callable, op: Op) -> bool:
    """Whether a method that computes its row's number records other derivatives than the row's."""
    for xs in PROBES[op.arity]:
        made = try_on(cls, method, xs)
        if made is None or len(made.local) != op.arity or gives(op, made.y, xs) is not True:
            continue
        try:
            if not all(matches(op.vjps[k](1.0, made.y, *xs), slope, 1.0) for k, slope in enumerate(made.local)):
                return True
        except (*FAILURES, TypeError):
            continue
    return False


def find_folded(cls: type, methods: dict[str, FunctionType]) -> dict[tuple[str, int], Callable]:
    """The operations with a constant that leave one operand in the records; `side` is where the constant stands."""
    ways = [(name, side, sign) for name, sign in SIGNS.items() for side in (0, 1)]
    named = [(row_of_method(name), bind_method(cls, name)) for name in methods if not name.startswith("_")]
    ways += [(op.name, 1, method) for op, method in named if op is not None and op.name in SIGNS]
    found: dict[tuple[str, int], Callable] = {}
    for name, side, way in ways:
        leaf = make_leaf(cls, 1.7)
        xs: tuple = (leaf, PROBE_CONSTANT) if side else (PROBE_CONSTANT, leaf)
        try:
            made = _made(way(*xs), [leaf])
        except Exception:  # whatever a learner's method raises
            continue
        if made is not None and gives(OPS[name], made.y, [1.7 if x is leaf else x for x in xs]):
            found.setdefault((name, side), way)
    return found
