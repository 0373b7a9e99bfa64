"""Which operations a class can make at all: found out by reading its code, and by trying its methods on new nodes.

Numbers alone prove little: ``a % b`` is ``a + b`` wherever a / b lies between -1 and 0, derivatives and all. A class
that has no ``%`` cannot have made it.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from types import FunctionType
from typing import Any, NamedTuple

from ..ops.domain import FAILURES
from ..ops.op import OPS, Op
from .agreement import gives, is_float
from .attributes import CLASSES
from .code_reading import BIRTH, is_quiet, makers, makes_computed, methods_of, own_names, words, words_for
from .constants import near
from .method_names import row_of_method
from .operands import operands_of
from .recorded_derivatives import of_node
from .spellings import DATA, NUMBERS, is_node, value_of

PROBES = {1: ((0.37,), (1.9,), (-0.6,)), 2: ((1.7, 0.6), (0.45, 2.3))}
SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "power": operator.pow,
}  # fmt: skip
CONSTANT = 0.6
"""A constant as the second operand, to see whether a class records it."""


class Made(NamedTuple):
    """What a method has made of new leaves: its number and the local derivatives that it records."""

    y: Any
    local: tuple


class Vocabulary(NamedTuple):
    """What a class can make: the rows by count of operands, with a method for each, and what is in no table.

    `folded` are the rows of two operands of which one, a constant, is not recorded: ``("power", 1)`` where the second;
    each with what does it.
    `foreign` can be tried on new leaves, `untold` has counts of operands at which something else may be made that
    cannot be. `tried` says whether the rows are known from trials and not by their names alone.
    """

    rows: dict[int, dict[Op, Callable]]
    folded: dict[tuple[str, int], Callable]
    foreign: dict[int, tuple[Callable, ...]]
    untold: frozenset[int]
    tried: bool
    astray: frozenset[Op] = frozenset()


def vocabulary(cls: type) -> Vocabulary:
    """What a class can make now: a method or function that has come since is seen."""
    methods = methods_of(cls)
    return _vocabulary(cls, tuple((name, f.__code__) for name, f in methods.items()), tuple(_beside(cls)))


@lru_cache(CLASSES)
def _vocabulary(cls: type, _: tuple, beside: tuple[FunctionType, ...]) -> Vocabulary:
    methods = methods_of(cls)
    names = makers(cls, methods)
    operators = [f for name, f in methods.items() if row_of_method(name) and name.startswith("__")]
    born = [methods[name] for name in BIRTH if name in methods]
    tried = all(is_quiet(f, cls) for f in (*born, *operators)) and _leaf(cls, 1.0) is not None
    rows: dict[int, dict[Op, Callable]] = {1: {}, 2: {}}
    foreign: dict[int, list[Callable]] = {1: [], 2: []}
    untold: set[int] = set()
    for name in sorted(names | {name for name in methods if row_of_method(name)}):
        function, op = methods[name], row_of_method(name)
        counts = _counts(cls, name, function)
        if op is not None and op.arity == 2 and op.name not in SIGNS:
            untold.add(1)  # with a constant beside the one operand
        if op is not None and op.arity in counts and not name.startswith(("__r", "__i")):
            if not (tried and is_quiet(function, cls)):
                rows[op.arity][op] = _caller(cls, name)
                continue
            verdict = _probed(cls, _caller(cls, name), op)
            if verdict is True:
                rows[op.arity][op] = _caller(cls, name)
                continue
            if verdict is None:  # made of others
                continue
        elif op is not None and name.startswith("__"):
            continue
        if not names & {name}:
            continue
        quiet = tried and is_quiet(function, cls)
        if (
            not quiet
            and not makes_computed(function, own_names(cls) | words_for(cls, function))
            and not words(function.__code__) & names
        ):
            continue  # it makes leaves, such as random ones
        for count in counts & {1, 2}:
            if quiet:
                foreign[count].append(_caller(cls, name))
            else:
                untold.add(count)
        untold |= {count for count in (1, 2) if max(counts, default=0) > count}  # the others may be constants
    for function in beside:
        op, most = row_of_method(function.__name__), function.__code__.co_argcount
        known = op is not None and op.arity == most and op not in rows[most]
        if (
            op is not None
            and known
            and not (tried and is_quiet(function, cls) and _probed(cls, function, op) is not True)
        ):
            rows[most][op] = function
        elif not known:
            untold |= set(range(1, most + 1))
    folded = _folded(cls, methods) if tried else {(name, side): SIGNS[name] for name in SIGNS for side in (0, 1)}
    astray = {op for n in rows if tried for op, method in rows[n].items() if _records_otherwise(cls, method, op)}
    everything = {n: tuple(fs) for n, fs in foreign.items()}
    return Vocabulary(rows, folded, everything, frozenset(untold), tried, frozenset(astray))


def try_on(cls: type, method: Callable, xs: Sequence[float]) -> Made | None:
    """What a method makes of new leaves with these numbers, if their node is made of them alone."""
    leaves = [_leaf(cls, x) for x in xs]
    if None in leaves:
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
    return Made(value_of(y), below.local or of_node(y, leaves))


def _leaf(cls: type, x: float) -> Any:
    try:
        node = cls(x)
        return node if value_of(node) == x else None
    except Exception:  # whatever a learner's class raises
        return None


def _caller(cls: type, name: str) -> Callable:
    if isinstance(cls.__dict__.get(name), property):
        return lambda *xs: getattr(xs[0], name)
    return lambda *xs: getattr(cls, name)(*xs)


def _counts(cls: type, name: str, function: FunctionType) -> set[int]:
    """With how many nodes a method can be called."""
    most = function.__code__.co_argcount
    least = most - len(function.__defaults__ or ())
    bound = isinstance(vars(cls).get(name), classmethod)
    return {n - bound for n in range(max(least, 1), most + 1)}


def _probed(cls: type, method: Callable, op: Op) -> bool | None:
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


def _records_otherwise(cls: type, method: Callable, op: Op) -> bool:
    """Whether a method that computes its row's number records other derivatives than the row's."""
    for xs in PROBES[op.arity]:
        made = try_on(cls, method, xs)
        if made is None or len(made.local) != op.arity or gives(op, made.y, xs) is not True:
            continue
        try:
            if not all(near(op.vjps[k](1.0, made.y, *xs), slope, 1.0) for k, slope in enumerate(made.local)):
                return True
        except (*FAILURES, TypeError):
            continue
    return False


def _folded(cls: type, methods: dict[str, FunctionType]) -> dict[tuple[str, int], Callable]:
    """The operations with a constant that leave one operand in the records; `side` is where the constant stands."""
    ways = [(name, side, sign) for name, sign in SIGNS.items() for side in (0, 1)]
    named = [(row_of_method(name), _caller(cls, name)) for name in methods if not name.startswith("_")]
    ways += [(op.name, 1, method) for op, method in named if op is not None and op.name in SIGNS]
    found: dict[tuple[str, int], Callable] = {}
    for name, side, way in ways:
        leaf = _leaf(cls, 1.7)
        xs: tuple = (leaf, CONSTANT) if side else (CONSTANT, leaf)
        try:
            made = _made(way(*xs), [leaf])
        except Exception:  # whatever a learner's method raises
            continue
        if made is not None and gives(OPS[name], made.y, [1.7 if x is leaf else x for x in xs]):
            found.setdefault((name, side), way)
    return found


def _beside(cls: type) -> Iterator[FunctionType]:
    """The functions that may make nodes of a class from outside: they read numbers, and make some that have operands.

    Looked at are the class's own module, its package, and what somebody has written in a notebook.
    """
    package = cls.__module__.partition(".")[0]
    spaces = {id(f.__globals__): f.__globals__ for f in methods_of(cls).values() if f.__module__ == cls.__module__}
    for name, module in list(sys.modules.items()):
        if name == "__main__" or (name.partition(".")[0] == package and "." in cls.__module__):
            spaces.setdefault(id(vars(module)), vars(module))
    met: set[int] = set()
    for space in spaces.values():
        for held in list(space.values()):
            if (
                not isinstance(held, FunctionType)
                or id(held) in met
                or words(held.__code__).isdisjoint((*DATA, *NUMBERS))
            ):
                continue
            met.add(id(held))
            if (named := words_for(cls, held)) and makes_computed(held, named):
                yield held
