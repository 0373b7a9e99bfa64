"""What an instance made before its class grew says when it is asked for what came later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, NamedTuple

SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**", "matmul": "@", "floordiv": "//", "mod": "%"}
REFLECTED = {f"__r{bare}__": f"__{bare}__" for bare in SYMBOLS}
UNARY = {"__neg__": "the sign -", "__pos__": "the sign +", "__abs__": "abs(…)", "__call__": "the call with ( )"}
BUILT_IN = (int, float, complex, str, bytes, list, tuple, dict, set, type(None))


class Later(NamedTuple):
    """What came later: what to call it, the step that added it, and the class of that step."""

    what: str
    step: str
    cls: type


def name_method(name: str) -> str:
    """What a method is called in a sentence: an operator by its symbol.

    >>> name_method("__mul__"), name_method("__radd__"), name_method("backward")
    ('*', '+ with the number on its left', 'backward')
    """
    bare = name.strip("_")
    if name in UNARY:
        return UNARY[name]
    if name in REFLECTED:
        return f"{SYMBOLS[bare[1:]]} with the number on its left"
    return SYMBOLS[bare] if name in REFLECTED.values() else name


def add_refusals(oldest: type, later: dict[str, Later]) -> None:
    """Let instances that lack what came later say so: operators by a `TypeError`, the rest by an `AttributeError`.

    They stand on the oldest class alone. All classes up to the one that brought the real thing inherit them, so Python
    never takes one for a reflected operator that a newer class overrides. Those of an earlier call are replaced.
    """
    remove_refusals(oldest)
    for name, what in later.items():
        if (name in UNARY or name_method(name) != name) and not hasattr(oldest, name):
            setattr(oldest, name, _operator(name, what))
    if later and not hasattr(oldest, "__getattr__"):
        oldest.__getattr__ = _getattr(later)  # type: ignore[attr-defined]


def remove_refusals(cls: type) -> None:
    """Take them all from a class again."""
    for name in [name for name, held in vars(cls).items() if is_refusal(held)]:
        delattr(cls, name)


def is_refusal(held: Any) -> bool:
    """Whether this attribute of a class is one of ours."""
    return isinstance(held, FunctionType) and getattr(held, "_is_refusal", False)


def sentence(obj: Any, later: Later) -> str:
    """What is said of an instance that is too old for something."""
    name, grown = type(obj).__name__, later.cls.__name__
    if name != grown:  # a class that was grown from an older step: a new instance would be as old
        older = f"the class {name} was made before {later.step} added {later.what} to {grown}"
        return f"{older}; run the cell of {name} again, then the one that makes this node"
    return f"this {name} was made before {later.step} added {later.what}; run the cell that makes it again"


def _operator(name: str, later: Later) -> FunctionType:
    reflected = f"__r{name.strip('_')}__"

    def operator(self: Any, *others: Any) -> Any:
        other = others[0] if len(others) == 1 and name in REFLECTED.values() else None
        answers = getattr(type(other), reflected, None)
        if answers and not isinstance(other, (*BUILT_IN, type(self))) and not is_refusal(answers):
            return NotImplemented  # the other operand may know how
        if isinstance(self, later.cls):  # new enough, so it was asked for by super()
            raise AttributeError(f"super() has no {name} here: {later.step} was the first to bring it")
        raise TypeError(sentence(self, later))

    return _as_refusal(operator, name)


def _getattr(later: dict[str, Later]) -> FunctionType:
    def __getattr__(self: Any, name: str) -> Any:
        found = later.get(name)
        if found and not isinstance(self, found.cls):
            raise AttributeError(sentence(self, found))
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    return _as_refusal(__getattr__, "__getattr__")


def _as_refusal(function: Callable, name: str) -> FunctionType:
    function.__name__ = name
    function._is_refusal = True  # type: ignore[attr-defined]
    return function  # type: ignore[return-value]


def first_steps(line: Sequence[type], own: Callable[[type], Sequence[str]], called: Callable[[type], str]) -> dict:
    """For each name that the oldest class of a line lacks, the step that was the first to bring it."""
    later: dict[str, Later] = {}
    known = set(own(line[0])) if line else set()
    for cls in line[1:]:
        for name in own(cls):
            if name not in known:
                known.add(name)
                if not hasattr(line[0], name):
                    later[name] = Later(name_method(name), called(cls), cls)
    return later
