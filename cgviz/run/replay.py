"""A finished graph as a function: new leaves in, the same operations again, a new root out."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Any

from ..graph import CONSTANT, LEAF, Graph, Names, Node, NodeLike, read_whole, summarize
from ..graph.agreement import is_number
from ..graph.fields import explain_departure
from ..graph.node_labels import tell_apart
from ..graph.recognition import doubt, operation
from ..graph.records import distinguish
from ..ops.op import OPS, Op
from ..text import number
from ..value import Value
from .expression import call


class Replay:
    """The function that a finished graph computes: new leaves in, the same operations again, a new root out.

    `names` gives labels, as for `trace`. Raises `TypeError`, naming the
    node, if an operation has no row and so cannot be run again.
    """

    def __init__(self, root: NodeLike, names: Names = None, most: int = 0) -> None:
        held: list[Any] = []
        self.graph, self.cls = summarize(read_whole(root, names, keep=held, most=most)), type(root)
        self._labels = [node.label for node in self.graph.nodes]
        leaves = self.graph.leaves
        unique = tell_apart(node.name for node in leaves)
        self._leaf_names = {node.index: name for node, name in zip(leaves, unique, strict=True)}
        self.names = tuple(self._leaf_names.values())
        self.inputs = {name: self.graph.nodes[i].data for i, name in self._leaf_names.items()}
        self.labelled = tuple(self._leaf_names[node.index] for node in leaves if node.label)
        self.__name__ = self.graph.root.name
        self._latest: list[Any] = []
        for node in self.graph.nodes:
            if getattr(node.data, "shape", ()):
                raise TypeError(
                    f"a graph is run again from single numbers, and node '{node.name}' holds a {number(node.data)}; "
                    f"give a function of what should move instead"
                )
            if node.kind == CONSTANT and not is_number(node.data):
                raise TypeError(
                    f"a number that the graph was computed with is lost ('{node.name}'), so it cannot be run again "
                    f"from the graph alone; give the function that computed it instead"
                )
            if node.operands and operation(self.graph, node)[0] is None:
                said = repr(node.op) if node.op else "an unnamed operation"
                why = doubt(self.graph, node)
                raise TypeError(
                    f"node '{node.name}' was computed by {said}, which cannot be run again from the graph alone; "
                    f"give the function that computed it instead{f' ({why})' if why else ''}"
                )
            if node.operands and (departs := explain_departure(held, node.index, *operation(self.graph, node))):
                raise TypeError(
                    f"node '{node.name}' is of an operation of your own, which cannot be run again from the graph "
                    f"alone; give the function that computed it instead ({departs})"
                )

    def __call__(self, /, **leaves: Any) -> Any:
        made: list[Any] = []
        for node, label in zip(self.graph.nodes, self._labels, strict=True):
            if node.kind == LEAF:
                made.append(leaves[self._leaf_names[node.index]])
            elif node.kind == CONSTANT:
                made.append(float(node.data))
            else:
                op, operands = operation(self.graph, node)
                assert op is not None  # else there is no expression to run again
                made.append(apply_operation(op, [made[i] for i in operands], label))
        self._latest = made if self.is_plain else []
        return made[-1]

    @cached_property
    def is_plain(self) -> bool:
        """Whether what is run again is the same graph, node by node: of Values, each constant used once."""
        nodes = self.graph.nodes
        uses = Counter(i for node in nodes for i in node.operands)
        same = self.cls is Value and self.graph.by_rows
        return same and all(not node.note and (node.kind != CONSTANT or uses[node.index] == 1) for node in nodes)

    def read(self, root: NodeLike) -> tuple[Graph, list[Any]] | None:
        """The records of the latest run, and its objects in their order: those of the graph with its own numbers.

        ``None`` where each object has to be asked what it is. Groups of the graph are those of the run.
        """
        made, self._latest = self._latest, []
        if not made or made[-1] is not root:
            return None
        nodes = self.graph.nodes
        for node in nodes:
            if node.operands:
                obj = made[node.index]
                below = obj._prev
                if obj._row is not node.row or len(below) != len(node.operands):
                    return None
                for i, x in zip(node.operands, below, strict=True):
                    if nodes[i].kind == CONSTANT:
                        made[i] = x
                    elif made[i] is not x:
                        return None
        columns = dict(zip(Node._fields, zip(*nodes, strict=True), strict=True))
        columns["label"] = tuple(self._leaf_names.get(i) or label for i, label in enumerate(self._labels))
        columns["data"] = tuple(obj.data for obj in made)
        columns["grad"] = tuple(
            None if node.kind == CONSTANT else obj.grad for node, obj in zip(nodes, made, strict=True)
        )
        columns["stale"] = columns["alone"] = ("",) * len(nodes)
        records = distinguish(list(map(Node._make, zip(*columns.values(), strict=True))))
        return self.graph.replace_parts(records), made


def apply_operation(op: Op, operands: list[Any], label: str = "") -> Any:
    """Apply an operation as its class does: by Python's operator, by the class's own method, or by the row."""
    if op.name not in OPS and op.forward is not None:  # a constant is part of it
        result = op.forward(*operands)
    elif op.dunder and op.dunder != "abs":
        result = _operator(op.dunder)(*operands)
    else:
        result = call(op, operands)
    if label and isinstance(getattr(result, "label", None), str):
        with suppress(AttributeError):  # frozen
            result.label = label
    return result


def _operator(dunder: str) -> Callable:
    return getattr(operator, f"__{dunder}__")
