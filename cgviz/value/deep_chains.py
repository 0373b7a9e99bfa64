"""Lets go of a long chain of nodes one after another, where Python would do it one inside another.

Python frees a node, and with it the operand that nobody else holds, and with that its operand: on a machine of one's
own it notices when that goes too deep. In a page of the browser the stack is smaller than it believes, and a chain of
5,000 would end the kernel. There each `Value` is freed by this, elsewhere none is: it costs a call for each node.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Any


def take(nodes: list[Any]) -> tuple[Any, int]:
    """Take the last node of a list; with it comes the number of references to it, as `UNHELD` was counted."""
    node = nodes.pop()
    return node, getrefcount(node)


UNHELD = take([object()])[1]
"""The references to a node that nobody else holds: 2, or from Python 3.14 on 1, where a call may borrow its operand."""


def unlink(node: Any) -> None:
    """Take apart what only this node holds: a `__del__` that leaves nothing below it to be freed in turn."""
    todo = [node._a, node._b]
    node._a = node._b = None
    while todo:
        operand, references = take(todo)
        if operand is not None and references <= UNHELD:
            todo += operand._a, operand._b
            operand._a = operand._b = None
