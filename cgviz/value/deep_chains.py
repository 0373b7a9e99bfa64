"""Lets go of a long chain of nodes one after another, where Python would do it one inside another.

Python frees a node, and with it the operand that nobody else holds, and with that its operand: on a machine of one's
own it notices when that goes too deep. In a page of the browser the stack is smaller than it believes, and a chain of
5,000 would end the kernel. There each `Value` is freed by this, elsewhere none is: it costs a call for each node.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Any

UNHELD = 2
"""The references to a node that nobody else holds: the name below, and that of `getrefcount`."""


def unlink(node: Any) -> None:
    """Take apart what only this node holds: a `__del__` that leaves nothing below it to be freed in turn."""
    todo = [node._a, node._b]
    node._a = node._b = None
    while todo:
        operand = todo.pop()
        if operand is not None and getrefcount(operand) <= UNHELD:
            todo += operand._a, operand._b
            operand._a = operand._b = None
