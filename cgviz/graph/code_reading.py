"""What the code of a class tells before any of it is run: which methods make nodes, and which only compute.

A method may be tried on new leaves only if nobody notices: it prints nothing, asks for no random number, and changes
nothing but what it makes. A class that counts its nodes, or keeps all of them on a tape, is not tried.
"""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

CALM = frozenset({"math", "cmath", "numpy", "operator", "numbers", "builtins", "typing", "functools"})
"""Modules whose functions only compute (numpy.random is asked for by its name)."""
LOUD = frozenset({"print", "input", "open", "exec", "eval", "setattr", "delattr", "globals", "random", "seed"})
FRAME = frozenset(
    {"__repr__", "__str__", "__hash__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__",
     "__float__", "__int__", "__format__", "__del__", "__getattr__", "__setattr__", "__getattribute__", "__iter__",
     "__len__", "__init_subclass__", "__class_getitem__", "__copy__", "__deepcopy__", "__reduce__", "__getstate__"}
)  # fmt: skip
"""Methods that make no operation."""
BIRTH = ("__new__", "__init__", "__post_init__")


def methods_of(cls: type) -> dict[str, FunctionType]:
    """The functions of a class by name, also of static methods, class methods and properties; the outermost counts."""
    found: dict[str, FunctionType] = {}
    for base in reversed(cls.__mro__):
        for name, held in vars(base).items():
            inner = held.fget if isinstance(held, property) else getattr(held, "__func__", held)
            if isinstance(inner, FunctionType):
                found[name] = inner
            else:
                found.pop(name, None)
    return found


def own_names(cls: type) -> frozenset[str]:
    """The names of a class and of those it has grown from."""
    return frozenset(base.__name__ for base in cls.__mro__[:-1])


def words_for(cls: type, function: FunctionType) -> frozenset[str]:
    """The words in a function that mean the class or one that it has grown from, under whatever name it has it."""
    said, classes = words(function.__code__), cls.__mro__[:-1]
    held = {name: function.__globals__[name] for name in said if name in function.__globals__}
    found = {name for name, thing in held.items() if any(thing is one for one in classes)}
    for module in [thing for thing in held.values() if isinstance(thing, ModuleType)]:  # as in engine.Value
        found |= {name for name in said if any(vars(module).get(name) is one for one in classes)}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        with suppress(ValueError):  # empty yet
            found |= {name} if any(cell.cell_contents is one for one in classes) else set()
    return frozenset(found)


def makers(cls: type, methods: dict[str, FunctionType]) -> set[str]:
    """The methods that make nodes: they name the class, or another method that makes some.

    What computes by operators alone makes none itself, as ``a - b`` does that is written ``a + (-b)``.
    """
    asked = {name: words(f.__code__) for name, f in methods.items() if name not in FRAME and name not in BIRTH}
    own = own_names(cls) | {"__class__", "type"}
    classy = {name for name in asked if isinstance(cls.__dict__.get(name), classmethod)}
    found = {name for name, said in asked.items() if said & own or words_for(cls, methods[name])} | classy
    while True:
        more = {name for name, said in asked.items() if name not in found and said & found}
        if not more:
            return found
        found |= more


@lru_cache(4096)
def words(code: CodeType) -> frozenset[str]:
    """Every name that a piece of code asks for, within its inner functions too."""
    found = {*code.co_names, *code.co_freevars}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found |= words(inner)
    return frozenset(found)


@lru_cache(512)
def makes_computed(function: FunctionType, own: frozenset[str]) -> bool:
    """Whether a function gives new nodes of the classes `own` more than a number, as far as its source can be read."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return True
    return any(isinstance(node, ast.Call) and _is_birth(node, own) for node in ast.walk(tree))


def _is_birth(call: ast.Call, own: frozenset[str]) -> bool:
    made = call.func
    of_class = (isinstance(made, ast.Name) and made.id in {*own, "cls"}) or (
        isinstance(made, ast.Attribute) and made.attr in {*own, "__class__"}
    )
    of_type = isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id == "type"
    return (of_class or of_type) and len(call.args) + len(call.keywords) > 1


def is_quiet(function: FunctionType, cls: type, seen: set[int] | None = None) -> bool:
    """Whether a function only computes: it changes and tells nothing that would outlast the nodes it makes."""
    seen = set() if seen is None else seen
    if id(function.__code__) in seen:
        return True
    seen.add(id(function.__code__))
    said = words(function.__code__)
    if said & LOUD or _disturbs(function.__code__, cls):
        return False
    return all(_is_calm(thing, cls, seen) for thing in _asked_for(function, said, cls))


def _disturbs(code: CodeType, cls: type) -> bool:
    """Whether code sets something global, or an attribute of what may not be its own; inner functions are not run."""
    own = own_names(cls)
    before: Any = None
    for step in dis.get_instructions(code):
        if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL", "IMPORT_NAME"):
            return True
        if step.opname == "STORE_ATTR" and not (
            before.opname.startswith("LOAD_FAST") or (before.opname == "LOAD_DEREF" and before.argval not in own)
        ):
            return True
        if step.opname not in ("CACHE", "EXTENDED_ARG", "NOP"):
            before = step
    return False


def _asked_for(function: FunctionType, said: frozenset[str], cls: type) -> Iterator[Any]:
    """What a function finds by these names: in its module, in its closure, in its class."""
    for name in said:
        if name in function.__globals__:
            yield function.__globals__[name]
        for base in cls.__mro__[:-1]:
            if name in vars(base):
                yield vars(base)[name]
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # empty yet
            yield print


def _is_calm(thing: Any, cls: type, seen: set[int]) -> bool:
    if isinstance(thing, ModuleType):
        return thing.__name__.partition(".")[0] in CALM
    thing = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
    if isinstance(thing, FunctionType):
        return is_quiet(thing, cls, seen)
    if isinstance(thing, BuiltinFunctionType):
        return getattr(thing, "__module__", None) in CALM or thing in vars(builtins).values()
    described = type(thing).__name__ in ("member_descriptor", "getset_descriptor", "wrapper_descriptor", "ufunc")
    return described or isinstance(thing, (type, int, float, str, bytes, tuple, frozenset, type(None)))
