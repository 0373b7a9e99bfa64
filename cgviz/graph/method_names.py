"""Which operation a method makes, by its own name: ``__mul__``, ``relu``, ``pow``."""

from __future__ import annotations

from functools import lru_cache

from ..ops.op import OPS, Op
from ..ops.rows import find

OTHERWISE = {
    "plus": "add", "subtract": "sub", "minus": "sub", "times": "mul", "multiply": "mul", "truediv": "div",
    "divide": "div", "pow": "power", "negate": "neg", "negative": "neg", "ln": "log", "atan": "arctan",
    "logistic": "sigmoid", "absolute": "abs",
}  # fmt: skip
"""Names of methods that are not the names of their rows."""
FOREIGN = {"mod": "%", "floordiv": "//", "matmul": "@"}
GENERAL = frozenset({"apply", "forward", "call", "new", "make", "create", "operation", "binary", "unary", "node"})
"""Names that say nothing of the operation."""
_OPERATORS = {op.dunder: op for op in OPS.values() if op.dunder}


@lru_cache(1024)
def row_of_method(name: str) -> Op | None:
    """The row that a method is called after, whatever the side of its operands: ``__rmul__`` and ``__imul__`` too.

    >>> row_of_method("__radd__"), row_of_method("pow"), row_of_method("__mod__"), row_of_method("relu6")
    (<operation add>, <operation power>, None, None)
    """
    if name.startswith("__") and name.endswith("__"):
        inner = name[2:-2]
        return _OPERATORS.get(inner) or (_OPERATORS.get(inner[1:]) if inner[0] in "ri" else None)
    plain = name.rstrip("_")
    op = OPS.get(OTHERWISE.get(plain, plain))
    return None if op is not None and op.helper else op


@lru_cache(1024)
def symbol_of_method(name: str, count: int) -> str:
    """What a picture calls the operation of a method on so many operands; ``""`` where its name says nothing.

    >>> [symbol_of_method(name, 2) for name in ("__rsub__", "__mod__", "lerp", "_binary", "apply", "__init__")]
    ['-', '%', 'lerp', '', '', '']
    """
    op = row_of_method(name)
    if op is not None:
        return op.symbol if find(op.symbol, op.arity) is op else op.name
    if name.startswith("__") and name.endswith("__"):
        inner = name[2:-2]
        return FOREIGN.get(inner) or FOREIGN.get(inner[1:], "")
    return "" if name.startswith("_") or name in GENERAL else name
