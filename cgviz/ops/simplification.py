"""What a person would write instead: ``x`` for ``1 · x``, ``-x`` for ``-1 · x``, ``0`` for ``0 · x``."""

from __future__ import annotations

from typing import Any

from . import rows
from .op import Op


def simpler(op: Op, xs: tuple, values: tuple[float | None, ...]) -> Any:
    """The operand, number or negated operand that the operation amounts to; ``None`` if it is needed.

    `values` are the numbers among the operands, ``None`` for those that are none.

    >>> simpler(rows.mul, ("1", "x"), (1.0, None)), simpler(rows.power, ("x", "0"), (None, 0.0))
    ('x', 1.0)
    """
    if op is rows.mul:
        if 0.0 in values:
            return 0.0
        if 1.0 in values:
            return xs[1 - values.index(1.0)]
        if -1.0 in values:
            return -xs[1 - values.index(-1.0)]
    elif op is rows.power and values[1] == 0.0:
        return 1.0
    elif (op in (rows.add, rows.sub) and values[1] == 0.0) or (op in (rows.div, rows.power) and values[1] == 1.0):
        return xs[0]
    elif op in (rows.add, rows.sub) and values[0] == 0.0:
        return xs[1] if op is rows.add else -xs[1]
    elif op is rows.div and values[0] == 0.0:
        return 0.0
    return None
