"""Methods that Python never calls, since their names are written nearly right: ``_repr_``, ``__mult__``, ``__mul_``."""

from __future__ import annotations

import difflib

from .class_growth import own
from .outdated import SYMBOLS, name_method

BARE = ("init", "repr", "str", "call", "neg", *SYMBOLS, *(f"r{bare}" for bare in SYMBOLS))
"""What stands between the underscores of the names that the lessons use."""
OTHERS: dict[str, tuple[str, ...]] = {
    "mul": ("mult", "multiply", "times", "prod"),
    "add": ("plus", "sum", "addition"),
    "sub": ("minus", "subtract", "substract"),
    "truediv": ("div", "divide", "division"),
    "pow": ("power", "exponent"),
    "neg": ("negative", "negate", "minus_sign"),
    "repr": ("show", "print", "representation"),
    "init": ("initialize", "initialise"),
}
"""What beginners write for it."""
MEANT = {said: bare for bare, all_said in OTHERS.items() for said in all_said}
MEANT |= {f"r{said}": f"r{bare}" for said, bare in MEANT.items() if bare in SYMBOLS}
WRITTEN = 1 << 9
"""The flag of a class that was written in Python (a heap type)."""
SPECIAL = frozenset(dir(float) + dir(list)) | {f"__i{bare}__" for bare in SYMBOLS}
"""Names that Python does call, though they look like others: ``__int__`` is no ``__init__`` with a slip."""


def find_misnamed(cls: type) -> str:
    """What is to be said of the first method of a class whose name is nearly one that Python calls; ``""`` if none is.

    >>> class Value:
    ...     __module__ = "notebook"
    ...     def __mult__(self, other): ...
    >>> find_misnamed(Value)
    'your class has a method __mult__, which Python never calls: for * it calls __mul__'
    """
    for base in cls.__mro__:
        if not base.__flags__ & WRITTEN or base.__module__.startswith("cgviz."):
            continue
        for name in own(base):
            hidden = name.removeprefix(f"_{base.__name__.lstrip('_')}") if callable(vars(base)[name]) else name
            if right := _guess_meant(hidden):
                called = name_method(right).removesuffix(" with the number on its left")
                sign = f"for {called} it calls" if called != right else "it calls"
                return f"your class has a method {hidden}, which Python never calls: {sign} {right}"
    return ""


def _guess_meant(name: str) -> str:
    around = name.startswith("_") and name.endswith("_")
    bare = name.strip("_")
    if not (around or name.startswith("__")) or (name == f"__{bare}__" and (bare in BARE or name in SPECIAL)):
        return ""
    near = difflib.get_close_matches(bare, BARE, 1, 0.85) if around and f"__{bare}__" not in SPECIAL else []
    found = bare if bare in BARE else MEANT.get(bare, near[0] if near else "")
    return f"__{found}__" if found and name != f"__{found}__" else ""
