"""Exercises that ask for a function: it is tried on a list of arguments, beside one that is right."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...graph import is_node
from ...text import join_names, kind
from ...value import Value
from ..growth.stubs import is_stub
from ..sandbox.likeness import TOLERANCE, same, show, show_apart
from ..sandbox.running import Outcome, attempt
from .exercise import Exercise, Open


def no_function(thing: Any) -> str:
    """What to say of a thing that is no function; ``""`` if it is one.

    >>> no_function(3)
    'expected a function, got an int: give check its name alone, without calling it'
    """
    if callable(thing) and not isinstance(thing, type):
        return ""
    return f"expected a function, got {kind(thing)}: give check its name alone, without calling it"


def class_beside(thing: Any) -> type | None:
    """The learner's class of nodes, found beside her function; ``None`` if there is none."""
    beside = getattr(inspect.unwrap(thing), "__globals__", {}).get("Value") if callable(thing) else None
    return beside if isinstance(beside, type) else None


def nodes_of(thing: Any) -> type:
    """The learner's class of nodes, since the functions of a lesson work with it alone; ours if there is none."""
    return class_beside(thing) or Value


def check_is_written(thing: Any, done: Outcome) -> None:
    """Raise `Open` if a call shows that a function has not been written yet: a stub, or one that returns …"""
    if done.open or done.value is ...:
        raise Open(done.failure or "it returns …")
    if is_stub(thing):
        raise Open(f"{thing.__name__} has no body yet")


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function that has to return what `reference` returns, for each of the `arguments`.

    One of the `arguments` is a tuple, or a single value for a function of one parameter; `arguments` may also be a
    function that makes them all, for objects that each call needs anew. `agree(found, expected)` compares (by default
    numbers closely, tuples and lists item by item, all else by ==). `slips` are pairs of a function that makes a
    typical mistake and the sentence about it, which is said if both agree for all arguments. An argument that the
    learner's function changes is told, unless `changes` allows it. Where `reference` raises an exception, one
    of the same kind is asked for.

    >>> square = Function(name="square", reference=lambda x: x * x, arguments=(3, 0, -2),
    ...                   slips=((lambda x: 2 * x, "that is the double"),))
    >>> square.check(lambda x: x + x)
    ✗ square: for x = 3 your function returns 6, should be 9: that is the double
    >>> square.check(lambda x: 9 / x * x)
    ✗ square: for x = 0 your function raised ZeroDivisionError: division by zero
    """

    reference: Callable[..., Any]
    arguments: Any
    slips: tuple[tuple[Callable[..., Any], str], ...] = ()
    agree: Callable[[Any, Any], bool] | None = None
    tolerance: float = TOLERANCE
    changes: bool = False
    wanted: str = "your function"

    def judge(self, thing: Any) -> str:
        """Try the function on all arguments; say what is wrong with the first that fails."""
        if refused := no_function(thing):
            return refused
        tried = list(zip(self._all(), self._all(), strict=True))
        names = list(inspect.signature(self.reference).parameters)[: len(tried[0][0])]
        if refused := self._parameters(thing, names):
            return refused
        for own, right in tried:
            if said := self._try(thing, names, own, right):
                return said
        return ""

    def _all(self) -> list[tuple]:
        """The arguments of every call, fresh."""
        made = self.arguments() if callable(self.arguments) else copy.deepcopy(self.arguments)
        return [one if isinstance(one, tuple) else (one,) for one in made]

    def _parameters(self, thing: Any, names: list[str]) -> str:
        try:
            inspect.signature(thing).bind(*names)
        except TypeError:
            taken = ", ".join(inspect.signature(thing).parameters) or "nothing"
            return f"your function takes ({taken}), and should take ({', '.join(names)})"
        except ValueError:  # built in, and silent about it
            return ""
        return ""

    def _try(self, thing: Any, names: list[str], own: tuple, right: tuple) -> str:
        case = "for " + join_names(f"{name} = {show(x)}" for name, x in zip(names, own, strict=False))
        done = attempt(thing, *own)
        if done.open:
            raise Open(done.failure)
        reference = attempt(self.reference, *right)
        if reference.error is not None:
            missed = done.misses(type(reference.error))
            return f"{case} your function {missed}" if missed else ""
        if done.failure:
            return f"{case} your function {done.failure}"
        if done.value is ...:
            raise Open(f"{case} your function returns …")
        expected = reference.value
        if done.value is None and expected is not None:
            check_is_written(thing, done)
            return f"{case} your function returns {done.none}"
        if is_node(done.value) and not is_node(expected):
            return f"{case} your function returns {kind(done.value)}, should be what it holds, {show(expected)}"
        if not self._agree(done.value, expected):
            why = next((f": {said}" for slip, said in self.slips if self._is_slip(slip, thing)), "")
            yours, asked = show_apart(done.value, expected)
            return f"{case} your function returns {yours}, should be {asked}{why}"
        return "" if self.changes else self._find_change(case, names, own, right)

    def _agree(self, found: Any, expected: Any) -> bool:
        return bool(self.agree(found, expected) if self.agree else same(found, expected, self.tolerance))

    def _is_slip(self, slip: Callable[..., Any], thing: Any) -> bool:
        """Whether a typical mistake gives what the learner's function gives for all arguments: one may be by chance."""
        pairs = [
            (attempt(thing, *own), attempt(slip, *same_ones))
            for own, same_ones in zip(self._all(), self._all(), strict=True)
        ]
        alike = [
            not slipped.failure and self._agree(done.value, slipped.value)
            for done, slipped in pairs
            if not done.failure
        ]
        return bool(alike) and all(alike)

    def _find_change(self, case: str, names: list[str], own: tuple, right: tuple) -> str:
        for name, now, was in zip(names, own, right, strict=False):
            if isinstance(was, (list, dict, set)) and not same(now, was):
                return f"{case}: your function has changed {name} to {show(now)}; it should leave it as it is"
        return ""
