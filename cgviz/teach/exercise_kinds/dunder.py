"""Which method Python has asked for an operation that nobody has answered, and what that method has said."""

from __future__ import annotations

import re
from types import TracebackType
from typing import NamedTuple

from ..growth.outdated import SYMBOLS

MIXED = re.compile(r"unsupported operand type\(s\) for (\S+?)(?: or pow\(\))?: '(\w+)' and '(\w+)'$")
ALONE = re.compile(r"bad operand type for unary -: '(\w+)'$")
METHODS = {symbol: bare for bare, symbol in SYMBOLS.items()}


class Unanswered(NamedTuple):
    """What is to be said of an operation that failed, and whether its method is `missing` altogether."""

    failure: str
    missing: bool


def read_unanswered(error: BaseException | None, cls: type) -> Unanswered | None:
    """Read the error of an operation on instances of `cls`; ``None`` if it is not that nobody has answered.

    In the learner's own code a method that is not there may not be what is missing: there it is told of others alone.

    >>> class Value: ...
    >>> error = TypeError("unsupported operand type(s) for *: 'int' and 'Value'")
    >>> read_unanswered(error, Value).failure.partition("': ")[2]
    'Python asks Value.__rmul__, and there is none'
    """
    if not isinstance(error, TypeError):
        return None
    said, name = str(error), cls.__name__
    if (found := ALONE.search(said)) and found[1] == name:
        method, other = "__neg__", ""
    elif (found := MIXED.search(said)) and found[1] in METHODS and name in found.groups()[1:]:
        first = found[2] == name
        method, other = f"__{'' if first else 'r'}{METHODS[found[1]]}__", found[3] if first else found[2]
    else:
        return None
    missing = getattr(cls, method, None) is None
    if missing and not _is_ours(error.__traceback__):
        return None
    if missing:
        why = f"Python asks {name}.{method}, and there is none"
    else:
        number = ", which is a number as well" * (other in ("int", "float"))
        an = "an" if other[:1] in "aeiou" else "a"
        why = f"{name}.{method} returns NotImplemented for {an} {other}{number}"
    return Unanswered(f"raised TypeError: {said}: {why}", missing)


def _is_ours(trace_back: TracebackType | None) -> bool:
    """Whether the innermost frame is one of this package: we have asked, and no code of the learner's has run."""
    if trace_back is None:
        return True
    while trace_back.tb_next is not None:
        trace_back = trace_back.tb_next
    return trace_back.tb_frame.f_globals.get("__name__", "").startswith("cgviz.")
