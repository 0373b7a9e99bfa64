"""Writes, from an operation's row, the Python that builds its node and pushes its gradient.

A generic ``apply(op, operands)`` in every operation would cost more than half of the time of an eager
graph, so each row is run once on `Source` operands and the text that comes out is compiled: for `mul`

    def push(v):
        g = v.grad; a = v._a; b = v._b
        x0 = a._data; x1 = b._data
        a.grad += (g * x1)
        b.grad += (g * x0)

A node knows its operation and which operands want a gradient by its push alone: constants get none.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from ..ops.domain import FAILURES
from ..ops.op import PYTHON, Op, Source

UNARY = """
def build_{name}(self):
    x0 = self._data
    try:
        y = {forward}
    except FAILURES as failure:
        raise refuse(op, failure, self) from None
    if y * 0.0:  # an infinity or NaN: new here, or come in with the operand?
        check(op, self)
    out = new(self.__class__)
    out._data = y
    out.grad = 0.0
    out._a = self
    out._b = None
    out._push = push_0
    out._mark = None
    return out
"""

BINARY = """
def build_{name}(self, other):
    cls = self.__class__
    if other.__class__ is cls:
        push = push_01
    elif other.__class__ in NUMBERS:
        other = constant(cls, other)
        push = push_{only}
    else:
        cls, other = meet(self, other)
        if cls is None:
            return NotImplemented
        push = push_{only} if other._constant else push_01
    x0 = {first}._data
    x1 = {second}._data
    try:
        y = {forward}
    except FAILURES as failure:
        raise refuse(op, failure, {first}, {second}) from None
    if y * 0.0:
        check(op, {first}, {second})
    out = new(cls)
    out._data = y
    out.grad = 0.0
    out._a = {first}
    out._b = {second}
    out._push = push
    out._mark = None
    return out
"""


MODULUS = """(self, other, modulus=None):
    if modulus is not None:
        raise TypeError("pow with three arguments is for whole numbers: of Values there is x**y")"""
"""What Python's `pow` may be given besides."""


def methods(op: Op, helpers: dict[str, Any]) -> dict[str, Callable]:
    """The functions that build a node: ``{"sin": …}``, or ``{"mul": …, "rmul": …}`` with the number first.

    `helpers` are what the text calls: `new`, `constant`, `meet`, `check`, `refuse`. A `new` that is not
    Python's own is given the number as well, so that a learner's `__init__` sees the one that counts.
    """
    names = PYTHON | helpers | {"op": op, "FAILURES": FAILURES, "NUMBERS": frozenset({float, int})}
    names |= {f"push_{''.join(map(str, wanted))}": push(op, wanted) for wanted in _list_wanted(op)}
    forward = op.write(*(Source(f"x{i}") for i in range(op.arity))).code
    if op.arity == 1:
        text = UNARY.format(name=op.name, forward=forward)
    else:
        text = BINARY.format(name=op.name, forward=forward, only=0, first="self", second="other")
        if op.dunder == "pow":
            text = text.replace("(self, other):", MODULUS, 1)
        text += BINARY.format(name="r" + op.name, forward=forward, only=1, first="other", second="self")
    if helpers["new"] is not object.__new__:
        text = text.replace("new(cls)", "new(cls, y)").replace("new(self.__class__)", "new(self.__class__, y)")
    names = _compile_definitions(text, f"<cgviz {op.name}>", names)
    built = {name: names[f"build_{name}"] for name in (op.name, "r" + op.name)[: op.arity]}
    for name, function in built.items():
        function.__doc__, function.__name__, function.__qualname__ = op.__doc__, name, f"Value.{name}"
    return built


@cache
def push(op: Op, wanted: tuple[int, ...]) -> Callable:
    """The function that adds a node's contributions to the gradients of its operands number `wanted`."""
    g, y, *xs = map(Source, ("g", "y", *(f"x{i}" for i in range(op.arity))))
    rules = {i: op.vjps[i](g, y, *xs).code for i in wanted}
    used = set(re.findall(r"\b(?:y|x0|x1)\b", " ".join(rules.values())))
    lines = ["def push(v):", "    g = v.grad; a = v._a" + ("; b = v._b" if op.arity == 2 else "")]
    lines += [f"    {x} = {where}._data" for x, where in (("y", "v"), ("x0", "a"), ("x1", "b")) if x in used]
    lines += [f"    {'ab'[i]}.grad += {rule}" for i, rule in rules.items()]
    function = _compile_definitions("\n".join(lines) + "\n", f"<cgviz push {op.name} {wanted}>", dict(PYTHON))["push"]
    function.op, function.symbol, function.wanted = op, op.symbol, wanted
    return function


def _list_wanted(op: Op) -> tuple[tuple[int, ...], ...]:
    return ((0,),) if op.arity == 1 else ((0, 1), (0,), (1,))


def _compile_definitions(text: str, name: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run the definitions in `text`; tracebacks and debuggers can show its lines."""
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    exec(compile(text, name, "exec"), names)
    return names
