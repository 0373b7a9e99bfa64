"""NumPy's functions on nodes: ``np.exp(x)`` is the operation exp, and ``array * x`` the product that ``x`` makes."""

from __future__ import annotations

from typing import Any

from ..ops.rows import FUNCTIONS
from ..text import kind

OPERATORS = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "truediv",
    "matmul": "matmul",
    "power": "pow",
    "float_power": "pow",
    "negative": "neg",
    "positive": "pos",
    "absolute": "abs",
    "floor_divide": "floordiv",
    "remainder": "mod",
    "divmod": "divmod",
    "bitwise_and": "and",
    "bitwise_or": "or",
    "bitwise_xor": "xor",
    "left_shift": "lshift",
    "right_shift": "rshift",
    "invert": "invert",
}
"""What Python's operators are called in NumPy, those too that a node may have a sentence for and no result."""

AS_EVER = {
    "out": None,
    "where": True,
    "casting": "same_kind",
    "order": "K",
    "dtype": None,
    "subok": True,
    "signature": None,
    "keepdims": False,
}
"""Arguments that say what is done without them too."""


def array_ufunc(node: Any, ufunc: Any, method: str, *xs: Any, **options: Any) -> Any:
    """What NumPy asks of a node that one of its element-wise functions was called with.

    Operations of the graph are done by the class of the node; a question, such as ``np.isnan(x)`` or ``array < x``, is
    answered for the numbers. Raises `TypeError` for all else: it would leave the graph, and lose the gradient.

    >>> import numpy as np
    >>> from cgviz import Value
    >>> np.exp(Value(0)), np.float64(2) * Value(3), np.isnan(Value(3))
    (Value(1.0), Value(6.0), np.False_)
    """
    name = ufunc.__name__
    if options:
        options = {key: value for key, value in options.items() if not _as_ever(key, value)}
    if method == "__call__" and not options:
        if name in OPERATORS:
            result = _operator(OPERATORS[name], xs)
            if result is not NotImplemented:
                return result
        elif name in FUNCTIONS:
            return getattr(xs[0], name)() if len(xs) == 1 else FUNCTIONS[name](*xs)
        elif f"{'d' * len(xs)}->?" in ufunc.types:
            return ufunc(*(getattr(x, "_data", x) for x in xs))
    called = f"np.{name}" + ("" if method == "__call__" else f".{method}")
    if options.get("out") is not None:
        raise TypeError(f"{called} cannot write {kind(node)} into an array: make a new one, y = a + x and not a += x")
    raise TypeError(
        f"{called} is no operation of {kind(node)}: use Python's operators, its methods, or the functions of cgviz "
        f"(its numbers alone, without a gradient, are .data)"
    )


def _as_ever(key: str, value: Any) -> bool:
    known = AS_EVER.get(key, key)
    return value is known or (isinstance(value, str) and value == known)


def _operator(name: str, xs: tuple) -> Any:
    """The result of Python's operator, asked of the nodes alone: an array would ask NumPy again."""
    for x, dunder, others in ((xs[0], f"__{name}__", xs[1:]), (xs[-1], f"__r{name}__", xs[:1])):
        method = getattr(type(x), dunder, None) if hasattr(x, "_push") else None
        result = method(x, *others) if method else NotImplemented
        if result is not NotImplemented:
            return result
    return NotImplemented
