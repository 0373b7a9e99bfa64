"""The backward pass over Values: a walk that counts the uses of each node, and one that pushes the gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ops.domain import FAILURES
from .refusals import refuse

MOVED = False
"""The `_mark` of a node that was given a new number after a backward pass; ``None`` is that of one that had none."""


def LEAF(v: Any, ready: Callable) -> None:
    """Push nothing: a variable has no operands."""


def CONSTANT(v: Any, ready: Callable) -> None:
    """Push nothing: a number that an operator wrapped."""


def forget(nodes: list[Any]) -> None:
    """Let the gradients of these nodes count as not computed."""
    for node in nodes:
        node.grad, node._mark = node._zero, None


def discover(root: Any) -> list[Any]:
    """Every node below `root`: each marked for this walk, its gradient zeroed, its uses counted.

    The marks stand in the nodes, in place of a visited set: the walk is half of a backward pass.
    """
    walk = object()
    root._mark, root._uses = walk, 0
    found = [root]
    append = found.append
    for v in found:  # the list grows while it is read
        v.grad = 0.0
        a = v._a
        if a is None:
            continue
        if a._mark is walk:
            a._uses += 1
        else:
            a._mark, a._uses = walk, 1
            append(a)
        b = v._b
        if b is None:
            continue
        if b._mark is walk:
            b._uses += 1
        else:
            b._mark, b._uses = walk, 1
            append(b)
    return found


def push_all(root: Any) -> int:
    """Push each gradient once all of a node's uses have contributed to it; return how many nodes pushed.

    Raises `DomainError` where a derivative does not exist.
    """
    ready = [root]
    append = ready.append
    v = root
    try:
        for v in ready:  # the list grows while it is read
            v._push(v, append)
    except FAILURES as failure:
        if hasattr(v, "shape"):  # a Tensor has said it in its own words
            raise
        raise refuse(v._push.op, failure, *v._prev, derivative=True) from None
    return len(ready)
