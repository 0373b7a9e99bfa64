"""Whether a learner's function sorts the leaves of a graph by their gradients, and by what else it may have sorted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...graph import is_node, objects
from ...text import kind
from ...value import Value
from ..sandbox.advice import NONE
from ..sandbox.likeness import show
from ..sandbox.running import attempt
from .functions import check_is_written, no_function


def _roots() -> list[Value]:
    """Graphs whose gradients differ in size, and whose leaves stand in another order."""
    a, b, c, d = (Value(x, name) for x, name in ((2, "a"), (-3, "b"), (10, "c"), (-3, "d")))
    x, y, w = Value(2, "x"), Value(1, "y"), Value(-3, "w")
    p, q = Value(0.1, "p"), Value(0, "q")
    u, v = Value(0, "u"), Value(5, "v")
    return [(a * b + c) * d, x * w - y, p * p + q, u * v]


INFLUENCED = ("L = (ab + c)d", "L = xw - y", "L = pp + q", "L = uv at u = 0")

KEYS: tuple[tuple[Callable[[Value], Any], str], ...] = (
    (lambda node: -node.grad, "the sign should not count"),
    (lambda node: abs(node.grad), "that is the smallest first"),
    (lambda node: node.grad, "that is sorted by the gradient with its sign, the smallest first"),
    (lambda node: -node.data, "that is sorted by what the leaves hold: asked is the gradient"),
    (lambda node: node.data, "that is sorted by what the leaves hold: asked is the gradient"),
    (lambda node: -abs(node.data), "that is sorted by what the leaves hold: asked is the gradient"),
    (lambda node: abs(node.data), "that is sorted by what the leaves hold: asked is the gradient"),
    (lambda node: node.label, "that is the order of the alphabet"),
    (lambda node: -abs(node.data * node.grad), "that is sorted by data times gradient: asked is the gradient alone"),
)
"""By what else the leaves may have been sorted, and what is said then."""


def _order_slip(thing: Any) -> str:
    """The key by which a function sorts the leaves of all graphs: one list alone may be so by chance."""
    found = []
    for root in _roots():
        labels = attempt(thing, root).value
        leaves = {node.label: node for node in objects(root) if not node._prev}
        if not isinstance(labels, (list, tuple)) or sorted(map(str, labels)) != sorted(leaves):
            return ""
        found.append([leaves[label] for label in labels])
    for key, said in KEYS:
        keys = [[key(node) for node in leaves] for leaves in found]
        if keys == [sorted(one) for one in keys]:
            return f": {said}"
    return ""


def influence_fault(thing: Any) -> str:
    """What is wrong with a function that sorts the leaves of a graph by their gradients; ``""`` if nothing is."""
    if refused := no_function(thing):
        return refused
    for case, root in zip(INFLUENCED, _roots(), strict=True):
        done = attempt(thing, root)
        check_is_written(thing, done)
        said = f"your function {done.failure}" if done.failure else _sorted_fault(done.value, root)
        if said:
            return f"for {case}: {said}{_order_slip(thing) if 'should be [' in said else ''}"
    return ""


def _sorted_fault(found: Any, root: Value) -> str:
    if found is None:
        return f"it returns {NONE} (list.sort() sorts in place, and returns None)"
    if not isinstance(found, (list, tuple)):
        return f"it returns {kind(found)}, and should return a list of labels"
    if any(is_node(item) for item in found):
        return "the list holds nodes, and should hold their labels"
    computed = root.grad == 1
    root.backward()  # she may have set them to 0 again
    right = [node.label for node in sorted((n for n in objects(root) if not n._prev), key=lambda node: -abs(node.grad))]
    if not computed and list(found) != right:
        return "no gradient has been computed: call root.backward() first"
    leaves = [node for node in objects(root) if not node._prev]
    if len(found) > len(leaves):
        return f"the list holds {len(found)} labels: only those of the {len(leaves)} leaves are asked"
    if pair := next((item for item in found if not isinstance(item, str)), None):
        return f"the list holds {show(pair)}, and should hold labels alone"
    if list(found) == right:
        return ""
    why = f": {absent[0]} is missing" if (absent := [label for label in right if label not in found]) else ""
    return f"it returns {show(list(found))}, should be {show(right)}{why}"
