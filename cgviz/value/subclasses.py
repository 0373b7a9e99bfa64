"""Classes that learners grow from Value: whether they set up more, and how their results are made."""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from typing import Any

new = object.__new__


def sets_up_more(cls: type) -> bool:
    """Whether a class that a learner has grown, or one that she mixed in, has an `__init__` of its own."""
    grown = takewhile(lambda base: not base.__module__.startswith(__package__.partition(".")[0] + "."), cls.__mro__)
    return any("__init__" in vars(base) for base in grown)


def initialised(cls: type, data: float = 0.0) -> Any:
    """A new node of a subclass that has its own `__init__`, which is called unless it asks for more than a number."""
    return cls(data) if _takes_a_number(cls) else new(cls)


@cache
def _takes_a_number(cls: type) -> bool:
    import inspect

    try:
        inspect.signature(cls.__init__).bind(None, 0.0)
    except TypeError:
        return False
    return True
