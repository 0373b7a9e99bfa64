"""Which operations a class can make at all: found out by reading its code, and by trying its methods on new nodes.

Numbers alone prove little: ``a % b`` is ``a + b`` wherever a / b lies between -1 and 0, derivatives and all. A class
that has no ``%`` cannot have made it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import FunctionType
from typing import NamedTuple

from ..ops.op import Op
from .attributes import CLASSES
from .code_reading import BIRTH, is_quiet, makers, makes_computed, methods_of, own_names, words, words_for
from .method_names import row_of_method
from .method_trials import SIGNS, bind_method, computes_row, find_folded, make_leaf, records_otherwise
from .spellings import DATA, NUMBERS


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
    return _Inquiry(cls).answer(beside)


class _Inquiry:
    """Goes through the methods of one class, and the functions beside it; see `Vocabulary` for what it notes."""

    def __init__(self, cls: type) -> None:
        self.cls, self.methods = cls, methods_of(cls)
        self.names = makers(cls, self.methods)
        operators = [f for name, f in self.methods.items() if row_of_method(name) and name.startswith("__")]
        born = [self.methods[name] for name in BIRTH if name in self.methods]
        self.tried = all(is_quiet(f, cls) for f in (*born, *operators)) and make_leaf(cls, 1.0) is not None
        self.rows: dict[int, dict[Op, Callable]] = {1: {}, 2: {}}
        self.foreign: dict[int, list[Callable]] = {1: [], 2: []}
        self.untold: set[int] = set()

    def answer(self, beside: tuple[FunctionType, ...]) -> Vocabulary:
        """What the class can make, by its methods and by these functions."""
        for name in sorted(self.names | {name for name in self.methods if row_of_method(name)}):
            self._ask_method(name)
        for function in beside:
            self._ask_function(function)
        cls, rows = self.cls, self.rows
        untried = {(name, side): SIGNS[name] for name in SIGNS for side in (0, 1)}
        folded = find_folded(cls, self.methods) if self.tried else untried
        made = [(op, method) for n in rows for op, method in rows[n].items()] if self.tried else []
        astray = frozenset(op for op, method in made if records_otherwise(cls, method, op))
        foreign = {n: tuple(functions) for n, functions in self.foreign.items()}
        return Vocabulary(rows, folded, foreign, frozenset(self.untold), self.tried, astray)

    def _can_try(self, function: FunctionType) -> bool:
        return self.tried and is_quiet(function, self.cls)

    def _ask_method(self, name: str) -> None:
        """Note a method under the row that it is called after, or as one of what is in no table."""
        function, op = self.methods[name], row_of_method(name)
        counts = _counts(self.cls, name, function)
        if op is not None and op.arity == 2 and op.name not in SIGNS:
            self.untold.add(1)  # with a constant beside the one operand
        if op is not None and op.arity in counts and not name.startswith(("__r", "__i")):
            if self._note_row(name, function, op):
                return
        elif op is not None and name.startswith("__"):
            return
        if name in self.names:
            self._note_foreign(name, function, counts)

    def _note_row(self, name: str, function: FunctionType, op: Op) -> bool:
        """Note the row that a method is called after; false if the method computes something else."""
        method = bind_method(self.cls, name)
        verdict = computes_row(self.cls, method, op) if self._can_try(function) else True
        if verdict:
            self.rows[op.arity][op] = method
        return verdict is not False  # nor is there more to say of a method whose nodes are made by others

    def _note_foreign(self, name: str, function: FunctionType, counts: set[int]) -> None:
        """Note a method that makes what is in no table, with each count of operands that it takes."""
        can_try = self._can_try(function)
        if not (can_try or self._makes_nodes(function)):
            return  # it makes leaves, such as random ones
        for count in counts & {1, 2}:
            if can_try:
                self.foreign[count].append(bind_method(self.cls, name))
            else:
                self.untold.add(count)
        self.untold |= {count for count in (1, 2) if max(counts, default=0) > count}  # the others may be constants

    def _makes_nodes(self, function: FunctionType) -> bool:
        """Whether a function makes nodes that are computed, by its source or by another method that does."""
        own = own_names(self.cls) | words_for(self.cls, function)
        return makes_computed(function, own) or bool(words(function.__code__) & self.names)

    def _ask_function(self, function: FunctionType) -> None:
        """Note a function beside the class under the row that it is called after, unless a method is."""
        op, most = row_of_method(function.__name__), function.__code__.co_argcount
        if op is None or op.arity != most or op in self.rows[most]:
            self.untold |= set(range(1, most + 1))
        elif not self._can_try(function) or computes_row(self.cls, function, op):
            self.rows[most][op] = function


def _counts(cls: type, name: str, function: FunctionType) -> set[int]:
    """With how many nodes a method can be called."""
    most = function.__code__.co_argcount
    least = most - len(function.__defaults__ or ())
    bound = isinstance(vars(cls).get(name), classmethod)
    return {n - bound for n in range(max(least, 1), most + 1)}


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
