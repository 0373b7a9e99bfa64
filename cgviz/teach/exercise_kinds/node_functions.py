"""Exercises that ask for a function of lists of nodes: its numbers, and whether gradients find their way through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...graph import is_node, objects
from ...text import join_names, kind, number
from ...value import Value
from ..sandbox.likeness import as_number, close, items, same, show, show_apart
from ..sandbox.running import Outcome, attempt
from .exercise import Exercise
from .functions import check_is_written, no_function, nodes_of


@dataclass(frozen=True, kw_only=True)
class NodeFunction(Exercise):
    """A function that takes nodes, in lists or lists of lists, and returns a list of nodes.

    Each of the `cases` is a tuple of lists of numbers, of which the learner's class makes nodes. `reference` is the
    same function, written so that it works with any class of nodes; it runs on ours. The numbers are compared first,
    then the gradients of all nodes that went in. `slips` are pairs of a function that makes a typical mistake and the
    sentence about it.

    >>> double = NodeFunction(name="double", parameters=("xs",), reference=lambda xs: [2 * x for x in xs],
    ...                       cases=(([1.0, 2.0],),), slips=((lambda xs: [x * x for x in xs], "that is the square"),))
    >>> double.check(lambda xs: [x * x for x in xs])
    ✗ double: for xs = [1.0, 2.0] your function returns [1.0, 4.0], should be [2.0, 4.0]: that is the square
    >>> double.check(lambda xs: [Value(2 * x.data) for x in xs])
    ✗ double: for xs = [1.0, 2.0] the numbers are right, but no gradient reaches number 1 of xs: compute with the nodes
    themselves, not with their .data
    """

    parameters: tuple[str, ...]
    reference: Callable[..., list[Any]]
    cases: tuple[tuple[Any, ...], ...]
    slips: tuple[tuple[Callable[..., Any], str], ...] = ()
    wanted: str = "your function"

    def judge(self, thing: Any) -> str:
        """Try the function on all cases; say what is wrong with the first that fails."""
        if said := no_function(thing):
            return said
        for case in self.cases:
            if said := self._try(thing, case):
                given = join_names(f"{name} = {show(x)}" for name, x in zip(self.parameters, case, strict=True))
                return f"for {given} {said}"
        return ""

    def _try(self, thing: Callable[..., Any], case: tuple[Any, ...]) -> str:
        given = [_nest(nodes_of(thing), x) for x in case]
        done = attempt(thing, *given)
        check_is_written(thing, done)
        right_given = [_nest(Value, x) for x in case]
        right = self.reference(*right_given)
        if said := self._find_fault(done, [x.data for x in right], case):
            return said
        found = items(done.value) or []
        return self._find_lost(found, given, right, right_given)

    def _find_fault(self, done: Outcome, right: list[float], case: tuple[Any, ...]) -> str:
        if done.failure:
            return f"your function {done.failure}"
        if done.value is None:
            return f"your function returns {done.none}"
        found = items(done.value)
        if found is None:
            return f"your function returns {_what(done.value)}, should be a list of {len(right)} nodes"
        told = [as_number(x) for x in found]
        if None in told:
            return f"your function returns a list with {_what(found[told.index(None)])} in it, should be {show(right)}"
        if not same(told, right):
            slip = next((f": {said}" for wrong, said in self.slips if self._is_slip(wrong, told, case)), "")
            yours, asked = show_apart(told, right)
            return f"your function returns {yours}, should be {asked}{slip}"
        plain = next((x for x in found if not is_node(x)), None)
        return "" if plain is None else f"the numbers are right, but {_what(plain)} is no node: no graph leads to it"

    def _is_slip(self, wrong: Callable[..., Any], told: Sequence[float | None], case: tuple[Any, ...]) -> bool:
        made = attempt(wrong, *(_nest(Value, x) for x in case))
        listed = items(made.value)
        return listed is not None and same(told, [as_number(x) for x in listed])

    def _find_lost(self, found: list[Any], given: list[Any], right: list[Any], right_given: list[Any]) -> str:
        """What is wrong with the gradients of all that went in, of a sum that weighs each result differently."""
        if not callable(getattr(found[0], "backward", None)):
            return ""
        done = attempt(lambda: _weigh(found).backward())
        if done.failure:
            return f"the numbers are right, but backward {done.failure}"
        _weigh(right).backward()
        reached = set(map(id, objects(_weigh(found))))
        for name, mine, ours in zip(self.parameters, given, right_given, strict=True):
            for k, (x, y) in enumerate(zip(_flatten(mine), _flatten(ours), strict=True), 1):
                grad = as_number(getattr(x, "grad", None))
                if y.grad and id(x) not in reached:
                    return (
                        f"the numbers are right, but no gradient reaches number {k} of {name}: "
                        "compute with the nodes themselves, not with their .data"
                    )
                if not close(grad or 0.0, y.grad):
                    yours, asked = number(grad or 0.0), number(y.grad)
                    return (
                        f"the numbers are right, but number {k} of {name} has the gradient {yours}, should be {asked}: "
                        "is a part computed with .data?"
                    )
        return ""


def _nest(cls: Callable[[float], Any], x: Any) -> Any:
    """Nodes of a class in lists as the numbers stand."""
    return [_nest(cls, one) for one in x] if isinstance(x, (list, tuple)) else cls(float(x))


def _flatten(x: Any) -> list[Any]:
    return [one for part in x for one in _flatten(part)] if isinstance(x, (list, tuple)) else [x]


def _weigh(xs: list[Any]) -> Any:
    """A sum in which each node counts differently, so that no gradient is what it is by chance."""
    total = xs[0] * 1.0
    for k, x in enumerate(xs[1:], 2):
        total = total + x * float(k)
    return total


def _what(x: Any) -> str:
    return kind(x) if not isinstance(x, (list, tuple)) else "a list"
