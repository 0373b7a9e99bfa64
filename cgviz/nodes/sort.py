"""Kahn's algorithm: an order of the nodes in which every operand comes before whoever uses it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from ..graph import CycleError, trace
from .names import kind_text, title
from .node import is_node


def topological_sort(ends: Any) -> list[Any]:
    """All nodes that `ends`, one node or several, depend on, and themselves, operands first.

    Kahn's algorithm, as one would put on clothes: whatever needs nothing else first may be taken at once.

    1. Count for each node how many operands it still waits for.
    2. Put the nodes that wait for none in a queue.
    3. Take a node from the queue: it is next in the order. Each of its users waits for one operand less;
       a user that waits for none any more joins the queue.
    4. When the queue is empty, all nodes are in the order, or those left over wait for each other: a cycle.

    Each node and each connection is looked at once, however deep the graph. The order depends only on how
    the graph was built. Backward passes take the same order from its end.

    Raises `CycleError`, naming the nodes on the cycle, and `TypeError` for what is not a node.

    >>> from cgviz.nodes import Add, Input, Mul
    >>> a, b = Input("a"), Input("b")
    >>> e = Mul(a, b, name="e")
    >>> [node.name for node in topological_sort(Add(e, a, name="L"))]
    ['a', 'b', 'e', 'L']
    """
    nodes = reachable(ends)
    waiting_for = {node: len(set(node.input_nodes)) for node in nodes}
    users: dict[Any, list[Any]] = {node: [] for node in nodes}
    for node in nodes:
        for operand in set(node.input_nodes):
            users[operand].append(node)

    order = []
    queue = deque(node for node in nodes if waiting_for[node] == 0)
    while queue:
        node = queue.popleft()
        order.append(node)
        for user in users[node]:
            waiting_for[user] -= 1
            if waiting_for[user] == 0:
                queue.append(user)

    if len(order) < len(nodes):
        left = next(node for node in nodes if waiting_for[node] > 0)
        trace(left, {id(node): title(node).strip("'") for node in nodes})  # finds the cycle, and raises with the names
        raise CycleError(f"the graph has a cycle through {title(left)}")
    return order


def reachable(ends: Any, forward: bool = False) -> list[Any]:
    """Every node that `ends` depend on, and themselves, as one reads them from left to right; each once.

    With ``forward=True`` instead every node that depends on them.
    """
    found: dict[Any, None] = {}
    stack = _make_list(ends)[::-1]
    while stack:
        node = stack.pop()
        if node not in found:
            if not is_node(node):
                raise TypeError(f"a graph is made of nodes, got {kind_text(node)}")
            found[node] = None
            stack.extend(reversed(node.output_nodes if forward else node.input_nodes))
    return list(found)


def _make_list(ends: Any) -> list[Any]:
    return list(ends) if isinstance(ends, Iterable) and not isinstance(ends, str) else [ends]
