"""Where the number of one node is from, in a sentence: its operation with the numbers, its gradient's chain rule."""

from __future__ import annotations

from typing import Any

from ..chain_rule.equation import of_row
from ..chain_rule.explanation import explain
from ..graph import objects, operands_of
from ..graph.attributes import MISSING, private
from ..graph.fields import gradient_of, value_of
from ..graph.node_labels import label_of
from ..graph.operation_names import operation_of
from ..ops.formula import Formula
from ..ops.rows import find
from ..text import number

LARGE = 20_000
"""In a graph of more nodes a click would wait too long for the whole chain rule."""


def read_gradient(node: Any) -> Any:
    """The gradient of a node, ``None`` where no backward pass has reached it, as far as that can be told.

    >>> from cgviz import Value
    >>> read_gradient(Value(2))
    """
    return None if private(node, "_mark", MISSING) is None else gradient_of(node)


def explain_tile(node: Any, root: Any = None, shown: str = "value") -> str:
    """How a node's number was computed from its operands; of its gradient the chain rule, where the `root` is given.

    >>> from cgviz import Value
    >>> a, b = Value(2, "a"), Value(-3, "b")
    >>> explain_tile(a * b), explain_tile(a)
    ('Its value: a · b = 2 · -3 = -6', 'Its value is given: it is a leaf')
    >>> explain_tile(a, root=a * b).partition(". ")[2]
    'Its gradient: ∂v2/∂a = ∂v2/∂v2 · ∂v2/∂a = 1 · b = 1 · -3 = -3'
    """
    parts = [_value(node)]
    if root is not None:
        parts.append(_gradient(node, root))
    elif shown == "gradient":
        grad = read_gradient(node)
        parts.append("Its gradient is not computed yet" if grad is None else f"Its gradient: {number(grad)}")
    return ". ".join(filter(None, parts))


def _value(node: Any) -> str:
    operands = operands_of(node).nodes
    if not operands:
        return "Its value is given: it is a leaf"
    symbol, xs, y = operation_of(node, True), [value_of(x) for x in operands], value_of(node)
    op = find(symbol, len(operands)) if symbol else None
    if op is None or any(getattr(x, "shape", ()) for x in (*xs, y)):
        count = f"{len(operands)} operand{'s' * (len(operands) != 1)}"
        return f"Its value is computed by {symbol or 'an operation'} of {count}"
    found = of_row(op, xs, y)
    if not found.equal:
        return f"Its value is computed by {symbol}"
    written = str(op(*(Formula(Formula.digits(x, found.digits), 2 if x < 0 else 9) for x in xs)))
    labels = [label_of(x, {}) for x in operands]
    names = f"{op(*map(Formula.name, labels))} = " if all(labels) else ""
    return f"Its value: {names}{written} = {number(y, found.digits)}"


def _gradient(node: Any, root: Any) -> str:
    below = objects(root)
    if len(below) > LARGE:
        why = f"the graph has {len(below):,} nodes: too many to explain here"
        return f"Its gradient: {number(read_gradient(node))} ({why})"
    places = {id(x): i for i, x in enumerate(below)}
    if id(node) not in places:
        return "The loss does not depend on it"
    lines = explain(root, places[id(node)]).lines
    return f"Its gradient: {'; '.join(lines[:6])}{' …' if len(lines) > 6 else ''}"
