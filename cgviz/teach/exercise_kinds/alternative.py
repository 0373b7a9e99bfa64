"""Which other operation of the same operands gives a learner's numbers, in all cases that ask the same method."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ...graph import CONSTANT, Graph, trace, value_of
from ...run.expression import parse
from ..sandbox.likeness import as_number
from ..sandbox.running import attempt

Computed = tuple[Any, Any]
"""A node of the learner's, and the right one."""


def alternative(one: Computed, every: Iterable[Computed]) -> str:
    """Say what the node of `one` holds instead of the right number: ``: that is b - a``; ``""`` if unknown.

    What is said is so in each case of `every` with the same operation and the same kinds of operands, since one number
    alone may come of many slips: of a difference without its sign, half the cases look exchanged.
    """
    graph = trace(one[1])
    if len(graph.root.operands) != 2 or any(graph.nodes[i].operands for i in graph.root.operands):
        return ""
    alike = [(own, other) for own, right in every if _form(other := trace(right)) == _form(graph)]
    known = [(found, other) for own, other in alike if (found := as_number(value_of(own))) is not None]
    left, right = (graph.nodes[i] for i in graph.root.operands)
    clear = left is not right and not {abs(float(left.data)), abs(float(right.data))} & {0.0, 1.0}
    symbols = sorted("+-*/", key=lambda symbol: symbol != graph.root.op) if clear else [graph.root.op]
    for symbol in [symbol for symbol in symbols if symbol in "+-*/"]:
        for turned in (True,) if symbol == graph.root.op else (False, True):
            if _gives(known, partial(_in_turn, symbol, turned)):
                names = (right.name, left.name) if turned else (left.name, right.name)
                return f": that is {names[0]} {symbol} {names[1]}"
    op = graph.root.op
    if clear and op in "+-*/" and _gives(known, lambda x, y: abs(_result(op, x, y) or 0.0)):
        return ": that is its size, without its sign"
    return ""


def _form(graph: Graph) -> tuple:
    """The operation and the kinds of its operands: what is alike in this is computed by one method."""
    operands = [graph.nodes[i] for i in graph.root.operands]
    return (graph.root.op, len(graph.nodes), *((node.kind == CONSTANT, bool(node.operands)) for node in operands))


def _gives(known: list[tuple[float, Graph]], compute: Callable[[float, float], float | None]) -> bool:
    pairs = [(found, compute(*(float(g.nodes[i].data) for i in g.root.operands))) for found, g in known]
    return bool(pairs) and all(would is not None and math.isclose(would, found, rel_tol=1e-6) for found, would in pairs)


def _in_turn(symbol: str, turned: bool, x: float, y: float) -> float | None:
    return _result(symbol, y, x) if turned else _result(symbol, x, y)


def _result(symbol: str, x: float, y: float) -> float | None:
    return attempt(parse(f"a {symbol} b"), a=x, b=y).value
