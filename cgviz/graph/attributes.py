"""How somebody's object is asked for its attributes: nothing that it raises or makes up on the way is an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from types import FunctionType
from typing import Any, TypeVar, cast
from weakref import CallableProxyType, ProxyType, ReferenceType

CLASSES = 128
"""So many are remembered: each run of a cell makes a new one, which is to be freed some day with all that it holds."""

F = TypeVar("F", bound=Callable[..., Any])


def once_for_each_class(function: F) -> F:
    """Remember what a function says of a class; it keeps its type."""
    return cast(F, lru_cache(CLASSES)(function))


class Spellings(tuple[str, ...]):
    """A table of names, the likeliest first; of an object only those are asked for that it may have (`present`)."""

    places: dict[str, int]

    def __new__(cls, *names: str) -> Spellings:
        self = super().__new__(cls, names)
        self.places = {name: place for place, name in enumerate(names)}
        return self

    __hash__ = object.__hash__  # it is asked for by what it is, for each object: its names need not be looked at


MISSING = object()
"""Stands for an attribute that a class does not have: ``None`` is one that it has."""


def ask(obj: Any, name: str) -> Any:
    """An attribute; `MISSING` if there is none, ``None`` if the object raises when it is asked for it."""
    try:
        value = getattr(obj, name, MISSING)
    except Exception:  # whatever somebody's property raises
        return None
    if value is MISSING or not answers_all(type(obj)):
        return value
    return _answer_that_is(obj, name, value)


def _answer_that_is(obj: Any, name: str, answer: Any) -> Any:
    """What ``__getattr__`` has answered, unless that is an object of the class again or a function made for it."""
    there = private(obj, name, MISSING)
    made_up = type(answer) is type(obj) or (callable(answer) and not isinstance(answer, type))
    return there if there is not MISSING else MISSING if made_up else answer


PROXIES = frozenset({ProxyType, CallableProxyType})
"""Weak references that pass for their object. What is gone raises even when it is asked for its class."""


def follow(x: Any) -> Any:
    """The object itself, also of a weak reference or a proxy, so that it is one however it is referred to.

    `MISSING` if it is gone.
    """
    if type(x) in PROXIES:
        try:
            return x.__repr__.__self__
        except ReferenceError:
            return MISSING
    if isinstance(x, ReferenceType):
        x = x()
        return MISSING if x is None else x
    return x


def first(obj: Any, spellings: tuple[str, ...], default: Any = None) -> Any:
    """The first of the attributes that the object has (asked one by one: a property may fail to compute).

    ``None`` stands for one that raises: it is there, and says nothing.
    """
    for name in spellings:
        try:
            value = getattr(obj, name, MISSING)
        except Exception:  # whatever somebody's property raises
            return None
        if value is not MISSING:
            return _first_that_is(obj, spellings, value, default) if answers_all(type(obj)) else value
    return default


def _first_that_is(obj: Any, spellings: tuple[str, ...], answer: Any, default: Any) -> Any:
    """The first attribute that is there, else what ``__getattr__`` has answered, unless that is a node again."""
    there = next((x for name in spellings if (x := private(obj, name, MISSING)) is not MISSING), MISSING)
    return there if there is not MISSING else default if type(answer) is type(obj) else answer


def slot_of(cls: type, spellings: tuple[str, ...]) -> str:
    """Which of the attributes a class has itself, for all its objects; ``""`` for none."""
    known = _slots_known(cls)
    if spellings not in known:
        known[spellings] = next((name for name in spellings if hasattr(cls, name)), "")
    return known[spellings]


@once_for_each_class
def _slots_known(cls: type) -> dict[tuple[str, ...], str]:
    return {}


def present(obj: Any, names: Spellings) -> Sequence[str]:
    """Those of the names that an object has, or whose class may answer them, in the order of the table."""
    cls = type(obj)
    of_class = _of_class(cls, names)
    if len(of_class) == len(names):
        return of_class
    held = getattr(obj, "__dict__", None)
    own = [name for name in held if name in names.places] if type(held) is dict else []
    if not own:
        return of_class
    return own if len(own) == 1 and not of_class else sorted({*own, *of_class}, key=names.places.__getitem__)


@once_for_each_class
def _of_class(cls: type, names: Spellings) -> tuple[str, ...]:
    """The names that a class has, its slots among them; all of them if it may answer any."""
    if answers_all(cls) or isinstance(cls.__getattribute__, FunctionType):
        return names
    return tuple(name for name in names if hasattr(cls, name))


@once_for_each_class
def answers_all(cls: type) -> bool:
    """Whether a class has a ``__getattr__``, which may answer any name that it is asked for.

    That of a class that has grown (`cgviz.teach`) only says why there is no answer.
    """
    return hasattr(cls, "__getattr__") and not private(cls.__getattr__, "_is_refusal", False)


def private(obj: Any, name: str, default: Any = None) -> Any:
    """A private attribute of our own engines (`protocols.py`), and never what a ``__getattr__`` makes of the name."""
    try:
        value = getattr(obj, name, default)
        if value is default or not answers_all(type(obj)):
            return value
        return object.__getattribute__(obj, name)
    except Exception:  # whatever somebody's property raises
        return default


@once_for_each_class
def properties(cls: type) -> frozenset[str]:
    """The names that a class computes when it is asked, which may fail."""
    return frozenset(
        name for base in cls.__mro__ for name, x in vars(base).items() if isinstance(x, (property, cached_property))
    )


@once_for_each_class
def slots(cls: type) -> tuple[str, ...]:
    """The names for which a class has a slot, which may be empty yet."""
    found = (vars(base).get("__slots__", ()) for base in cls.__mro__)
    names = tuple(name for names in found for name in ((names,) if isinstance(names, str) else names))
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))


def attributes(obj: Any) -> Mapping[str, Any]:
    """What an object keeps by name, in its dictionary or in slots, but for proxies of what is gone."""
    held = getattr(obj, "__dict__", None)
    found = dict(held) if isinstance(held, Mapping) else {}
    for name in slots(type(obj)):
        if name not in found and (value := ask(obj, name)) is not MISSING:
            found[name] = value
    return {name: value for name, value in found.items() if type(value) not in PROXIES or follow(value) is not MISSING}
