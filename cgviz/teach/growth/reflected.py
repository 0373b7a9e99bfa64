"""Older and newer instances of one class as operands: the left one's operator has the first say, as within one class.

Python asks the right operand first where its class is grown from the left one's and brings a reflected operator. Then
``__radd__``, written for ``2 + a``, would be called for ``old + new``, and often call itself for ever.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from .outdated import REFLECTED


def left_first(name: str, method: FunctionType) -> Callable:
    """A reflected operator that leaves an older instance of its own line to that one's own operator.

    >>> def __radd__(self, other): return type(self)(other) + self
    >>> left_first("__radd__", __radd__).__name__
    '__radd__'
    """
    forward = REFLECTED[name]

    @functools.wraps(method)
    def reflected(self: Any, other: Any) -> Any:
        older = type(other)
        if hasattr(older, "_grown") and older is not type(self) and isinstance(self, older) and hasattr(older, forward):
            return getattr(older, forward)(other, self)
        return method(self, other)

    return reflected
