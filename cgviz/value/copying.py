"""Copies and pickles of a graph, made without recursion: its depth has no limit."""

from __future__ import annotations

import threading
from typing import Any

from ..graph import NodeLike, objects
from . import row_code
from .own_operation import OwnOperation


class _Copying(threading.local):
    """The lists of ancestors that are being copied just now, each as the ids of its nodes."""

    def __init__(self) -> None:
        self.lists: list[set[int]] = []


COPYING = _Copying()


class Ancestors:
    """Pickles as the list of all nodes below one, lowest first, so that none needs recursion to get at its operands."""

    def __init__(self, root: NodeLike) -> None:
        self.root = root

    def __reduce__(self) -> tuple:
        return list, (), None, self._below()

    def _below(self) -> Any:
        nodes = objects(self.root)[:-1]
        mine = set(map(id, nodes))
        COPYING.lists.append(mine)  # meanwhile these nodes are saved without a list of their own
        try:
            yield from nodes
        finally:
            COPYING.lists = [other for other in COPYING.lists if other is not mine]


def restore(ancestors: Any, cls: type, state: tuple) -> Any:
    """Make a node again from what `Value.__reduce__` has saved; its ancestors are there by then."""
    node: Any = object.__new__(cls)
    node._data, node.grad, label, node._a, node._b, node._mark, groups, push = state
    if label:
        node.label = label
    if groups:
        node._groups = groups
    node._push = _pushing(*push) if isinstance(push, tuple) else push
    return node


def _pushing(what: Any, *more: Any) -> Any:
    """A push again from what was saved of it: a row's, or that of an operation of somebody's own."""
    if not isinstance(what, str):
        return row_code.push(what, *more)
    row, given = more
    return OwnOperation(what, None, row and row_code.push(*row), given)
