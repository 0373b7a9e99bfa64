"""Whether a learner's topological order is right: every node once, operands before results, a cycle found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...graph import NodeLike
from ...text import kind
from ..sandbox.advice import NONE
from ..sandbox.running import Outcome

Operands = Callable[[Any], Sequence[Any]]


def order_fault(found: Any, nodes: Sequence[Any], operands: Operands, root: NodeLike = None) -> str:
    """What is wrong with an order of these `nodes`, ``""`` if nothing is.

    `operands` says what a node needs; `root` is the node that the function was given, if it was given one.

    >>> needs = {"a": "", "b": "", "a + b": "ab"}
    >>> order_fault(["a", "a + b", "b"], list(needs), lambda node: needs[node])
    'a + b stands before its operand b'
    >>> order_fault(["b", "a", "a + b"], list(needs), lambda node: needs[node])
    ''
    """
    if found is None:
        return f"it returns {NONE}"
    if not isinstance(found, (list, tuple)):
        why = ", since a set has no order" * isinstance(found, (set, frozenset))
        return f"it returns {kind(found)}, and should return a list{why}"
    if strange := [item for item in found if not isinstance(item, type(nodes[0]))]:
        return f"the list holds {kind(strange[0])}, and should hold the nodes themselves"
    node, count = max(Counter(found).items(), key=lambda pair: pair[1], default=(None, 1))
    if count > 1:
        return f"{node} stands in the list {count} times: each node once, also if it is used twice"
    return _missing(found, nodes, root) or _too_early(found, nodes, operands)


def collect_reachable(start: Iterable[Any], following: Operands) -> list[Any]:
    """Every node that `following` leads to from those at the start, and these, each once."""
    found = dict.fromkeys(start)
    waiting = list(found)
    while waiting:
        for node in following(waiting.pop()):
            if node not in found:
                found[node] = None
                waiting.append(node)
    return list(found)


def cycle_fault(done: Outcome, case: str) -> str:
    """What is wrong with what was `done` about a graph that has a cycle: it should be a `ValueError`."""
    if not done.failure:
        return f"for {case} it returns something: there is no order, so raise a ValueError"
    return (
        ""
        if isinstance(done.error, ValueError)
        else f"for {case} your function {done.failure}; it should raise a ValueError"
    )


def _missing(found: Sequence[Any], nodes: Sequence[Any], root: NodeLike) -> str:
    held = set(found)
    absent = [node for node in nodes if node not in held]
    if not absent:
        return ""
    some = f"{absent[0]} is missing" if len(absent) == 1 else f"{len(absent)} nodes are missing, {absent[0]} is one"
    return some + ": the root belongs to the order as well" * (absent == [root])


def _too_early(found: Sequence[Any], nodes: Sequence[Any], operands: Operands) -> str:
    place = {node: i for i, node in enumerate(found)}
    pairs = [(node, operand) for node in nodes for operand in operands(node) if operand is not node]
    wrong = [(node, operand) for node, operand in pairs if place[operand] > place[node]]
    if wrong and len(wrong) == len(pairs):
        return "that is the order from the output back: the operands should come before the results"
    return f"{wrong[0][0]} stands before its operand {wrong[0][1]}" if wrong else ""
