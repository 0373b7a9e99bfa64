"""Leaves that stand in for nodes: a function is run on them, and what it has computed is then joined to the nodes.

Each call of a derivative differentiates by leaves of its own. One node that is an argument twice, or an argument
and a captured variable as well, would otherwise count as one variable: the perturbation confusion of the literature
(Siskind and Pearlmutter, "Perturbation confusion and referential transparency", 2005).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .backward import LEAF
from .own_operation import OwnOperation
from .subclasses import new, read_extras

WATCHES: list[list[Any]] = []
"""Those who want to know whether `float` is asked for the number of a node: what is computed from that has no graph."""


@contextmanager
def watch() -> Iterator[list[Any]]:
    """A list that holds a node once one was asked for its number by `float`, or by what calls that, as `math.sin` does.

    >>> from cgviz import Value
    >>> with watch() as asked:
    ...     y = float(Value(3.0)) * 2
    >>> asked
    [Value(3.0)]
    """
    asked: list[Any] = []
    WATCHES.append(asked)
    try:
        yield asked
    finally:
        WATCHES[:] = [other for other in WATCHES if other is not asked]


def tell(node: Any) -> None:
    """Tell all that watch."""
    for asked in WATCHES:
        if not asked:
            asked.append(node)


def stand_in(node: Any) -> Any:
    """A leaf with a node's class, number and label, and with what a subclass has added; its operands are left out."""
    leaf = _without_operation(node) if isinstance(node._push, OwnOperation) else copy.copy(node)
    leaf._a = leaf._b = leaf._mark = None
    leaf._push = LEAF
    if hasattr(leaf, "_rest"):  # a Tensor
        leaf._rest = ()
    if hasattr(leaf, "_groups"):
        del leaf._groups
    leaf.zero_grad()
    return leaf


def _without_operation(node: Any) -> Any:
    """A copy of a node whose operation is somebody's own, and so cannot be copied."""
    leaf = new(type(node))
    leaf._data, leaf.label = node._data, node.label
    state = read_extras(node)
    for part in state if isinstance(state, tuple) else (state,):
        for name, x in (part or {}).items():
            setattr(leaf, name, x)
    return leaf


def join(nodes: Iterable[Any], stands_for: Mapping[int, Any]) -> None:
    """Let nodes that were computed from stand-ins have as operands what these stand for, by ``id(stand-in)``.

    Raises `TypeError` where one was computed by an operation of somebody's own: its `_backward` knows the stand-ins.
    """
    for node in nodes:
        if isinstance(node._push, OwnOperation) and any(id(x) in stands_for for x in node._prev):
            raise TypeError(
                f"derivative cannot give a node here: {node._push.describe_node(node)}, is of an operation of your "
                f"own, whose _backward belongs to the nodes that it was written for; call it with numbers"
            )
        node._a, node._b = stands_for.get(id(node._a), node._a), stands_for.get(id(node._b), node._b)
        if rest := getattr(node, "_rest", ()):
            node._rest = tuple(stands_for.get(id(x), x) for x in rest)
        if marks := getattr(node, "_groups", ()):
            node._groups = tuple(
                mark._replace(inputs=tuple(stands_for.get(id(x), x) for x in mark.inputs)) for mark in marks
            )
