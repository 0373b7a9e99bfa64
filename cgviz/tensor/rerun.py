"""Runs the graph of a Tensor again with another array in one of its nodes: what `gradcheck` needs of it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from ..graph import CONSTANT, Graph, NodeLike, in_order, read_whole
from .rule_errors import forward


def for_check(root: NodeLike) -> tuple[Graph, dict[int, Callable[[Any], Any]]]:
    """The graph with its gradients, and for each node the result as a function of its array.

    Works on a copy, so that the Tensors keep their gradients. Raises what `backward` raises.

    >>> from cgviz import Tensor
    >>> graph, moved = for_check((Tensor([1, 2], "x") * 3).sum())
    >>> graph.nodes[0].grad, moved[0]([10, 20])
    (array([3., 3.]), array(90.))
    """
    root = deepcopy(root)
    root.backward()
    nodes, operands, *_ = in_order(root)
    graph = read_whole(root)

    def following(start: int) -> Callable[[Any], Any]:
        def result(data: Any) -> Any:
            found = [v._data for v in nodes]
            found[start] = np.asarray(data, dtype=float)
            for i in range(start + 1, len(nodes)):
                if operands[i]:
                    xs = [found[k] for k in operands[i]]
                    found[i] = np.asarray(forward(nodes[i]._push.op, xs, [nodes[k].label for k in operands[i]]))
            return found[-1]

        return result

    return graph, {node.index: following(node.index) for node in graph.nodes if node.kind != CONSTANT}
