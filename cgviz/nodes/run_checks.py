"""What a graph sees to while it runs: the results of somebody's own nodes, and NaN or infinity in the loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import as_array, where_not_finite
from .names import shape_text, title
from .node import Node, sum_gradients


def check_output(node: Any) -> None:
    """See that a node of somebody's own has computed an array."""
    if node.output is None:
        what = "set no output: it has to assign self.output" if node.input_nodes else "has no output: feed it"
        raise ValueError(f"{title(node)}{'.compute()' if node.input_nodes else ''} {what}")
    if isinstance(node, Node):
        node._used = tuple(operand.output for operand in node.input_nodes)
    if not isinstance(node.output, (np.ndarray, np.floating)) or node.output.dtype.kind not in "biuf":
        node.output = as_array(node.output, node)


def check_gradients(node: Any) -> None:
    """See that a node of somebody's own has found a gradient for each operand, in the operand's shape."""
    for operand in node.input_nodes:
        if operand not in node.gradients:
            raise ValueError(f"{title(node)}.backpass() set no gradient for {title(operand)}")
        g = node.gradients[operand]
        if np.shape(g) != np.shape(operand.output):
            raise ValueError(
                f"{title(node)}.backpass() set a gradient of shape {shape_text(g)} for {title(operand)}, "
                f"whose output has shape {shape_text(operand.output)}"
            )
    if isinstance(node, Node):
        node.grad = sum_gradients(node)


def not_finite(nodes: list[Any]) -> str:
    """Where NaN or infinity comes from: the first node, in the order of computing, that has it."""
    head = "the loss is not a finite number"
    for node in nodes:
        bad = where_not_finite(node.output)
        if bad and not node.input_nodes:
            return f"{head}: {title(node)} holds {bad}; if it is trained, is the learning rate too large?"
        if bad:
            return f"{head}: {title(node)} gives {bad}, from finite numbers; have they grown too large?"
    return head
