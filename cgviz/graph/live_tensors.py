"""The tensors that somebody still holds of a graph of PyTorch's: the graph itself knows its functions alone."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from typing import Any

from .tensors import value


def look_up(nodes: Sequence[Any], names: Mapping[int, str]) -> None:
    """Give computed nodes the gradients that ``retain_grad()`` has kept, and the ids of their tensors.

    Only the tensor has them, and nothing leads from the graph to it: so it is looked for among all objects, if there
    has been a backward pass, or a name is asked for by the id of something that is no node yet.
    """
    known = {number for node in nodes for number in node._known_as}
    has_run = any(node.variable is not None and node.variable.grad is not None for node in nodes if not node._constant)
    if not has_run and all(number < 0 or number in known for number in names):
        return
    made = {(node.function, node.output): node for node in nodes if node.function is not None}
    import torch

    kinds = {torch.Tensor, *torch.Tensor.__subclasses__()}
    for tensor in [obj for obj in gc.get_objects() if type(obj) in kinds]:
        if tensor.grad_fn is None or (node := made.get((tensor.grad_fn, tensor.output_nr))) is None:
            continue
        if id(tensor) not in node._known_as:
            node._known_as = (*node._known_as, id(tensor))
        if tensor.retains_grad and tensor.grad is not None:
            node.grad = value(tensor.grad)
