"""The backward pass over Values: a walk that puts every node after its operands, and the pushes, from the last back."""

from __future__ import annotations

from typing import Any

from ..graph import CycleError, NodeLike, objects
from ..ops.domain import FAILURES
from .refusals import refuse

MOVED = False
"""The `_mark` of a node that was given a new number after a backward pass; ``None`` is that of one that had none."""
BY_HAND = object()
"""The `_mark` of a node that no pass has reached, and whose `_backward` somebody has called."""


def LEAF(v: Any) -> None:
    """Push nothing: a variable has no operands."""


def CONSTANT(v: Any) -> None:
    """Push nothing: a number that an operator wrapped."""


def forget(nodes: list[Any]) -> None:
    """Let the gradients of these nodes count as not computed."""
    for node in nodes:
        node.grad, node._mark = node._zero, None


def set_numbers(nodes: list[Any], numbers: list[float]) -> None:
    """Give Values other numbers, all floats: the same as setting each `data`, in a seventh of the time."""
    for node, x in zip(nodes, numbers, strict=True):
        node._data = x
        if node._mark is not None:
            node._mark = MOVED


def forget_below(root: NodeLike) -> None:
    """The same for every node below one, also in a graph with a cycle."""
    found = {id(root): root}
    ready = [root]
    for v in ready:  # the list grows while it is read
        for x in (v._a, v._b):
            if x is not None and id(x) not in found:
                found[id(x)] = x
                ready.append(x)
    forget(ready)


def discover(root: NodeLike) -> list[Any]:
    """The computed nodes below `root`, each after its operands; the gradients of all nodes are zeroed on the way.

    Depth first, without recursion. A mark stands in the nodes in place of a visited set: one of two of this walk, for
    a node whose operands are being looked at, and for one that is done with. Raises `CycleError`, naming the nodes.

    >>> from cgviz import Value
    >>> a = Value(3.0)
    >>> discover(a * a + 1)
    [Value(9.0), Value(10.0)]
    """
    walk, entered = object(), object()
    root.grad = 0.0
    if root._a is None:
        root._mark = walk
        return []
    root._mark = entered
    order: list[Any] = []
    held: list[Any] = []  # the way down to v
    done, hold, take = order.append, held.append, held.pop
    v = root
    while True:
        # The same twice, for a loop over two operands would cost more than all that it does.
        a = v._a
        mark = a._mark
        if mark is not walk:
            if mark is entered:
                raise _cycle(root)
            a.grad = 0.0
            if a._a is None:
                a._mark = walk
            else:
                a._mark = entered
                hold(v)
                v = a
                continue
        while True:  # of v, and of those that are held, the first operand is done with
            b = v._b
            if b is not None:
                mark = b._mark
                if mark is not walk:
                    if mark is entered:
                        raise _cycle(root)
                    b.grad = 0.0
                    if b._a is None:
                        b._mark = walk
                    else:
                        b._mark = entered
                        hold(v)
                        v = b
                        break
            v._mark = walk
            done(v)
            if not held:
                return order
            v = take()


def _cycle(root: NodeLike) -> Exception:
    """The error about a graph with a cycle, whose gradients count as not computed."""
    forget_below(root)
    try:
        objects(root)  # reads the graph again, and finds the names on the cycle
    except CycleError as error:
        return error
    raise AssertionError("the graph has changed meanwhile")


def push_one(v: Any, push: Any) -> None:
    """Push the gradient of a node by the push that it has, or had. Raises as `push_all` does."""
    try:
        push(v)
    except FAILURES as failure:
        if v._push is not push or not _sends_nothing(v):
            raise _choose_error(v, push, failure) from None


def _choose_error(v: Any, push: Any, failure: Exception) -> Exception:
    """The error about a derivative that failed; that of an operation of somebody's own, or of a Tensor, as it is."""
    if push.op is None or hasattr(type(v), "shape"):
        return failure
    return refuse(push.op, failure, *v._prev, derivative=True)


def _sends_nothing(v: Any) -> bool:
    """Whether a gradient of 0 has met a derivative that does not exist, by a row: then 0 is what goes on."""
    return v._push.op is not None and not hasattr(type(v), "shape") and v.grad == 0.0


def push_all(order: list[Any]) -> None:
    """Push the gradient of each node, the last of them first: by then all of its uses have contributed to it.

    Raises `DomainError` where a derivative does not exist, and what a `_backward` of somebody's own raises.
    """
    v: Any = None
    left = reversed(order)
    while True:
        try:
            for v in left:
                v._push(v)
            return
        except FAILURES as failure:
            if not _sends_nothing(v):
                raise _choose_error(v, v._push, failure) from None
