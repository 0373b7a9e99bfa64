"""Hooks that somebody has hung on tensors: they may change a gradient on its way, and are noted and never run."""

from __future__ import annotations

import gc
from functools import lru_cache
from typing import Any
from weakref import ref

from .tensor_nodes import TensorNode

HOOKED = "has a hook of somebody's, which may change its gradient in backward(): that is not taken into account here"


def note_hooks(made: dict[tuple[Any, int], TensorNode]) -> None:
    """Say of every tensor with a hook that its gradient may be another than the chain rule gives.

    A function does not tell of hooks. A tensor does, as long as it is there; a hook is asked for nothing and not run.
    """
    import torch

    if not torch.utils.hooks.RemovableHandle.next_id:
        return  # nobody has registered one in this process
    for node in made.values():
        hooked = node.variable is not None and (
            node.variable._backward_hooks or node.variable._post_accumulate_grad_hooks
        )
        if hooked or (node.function is not None and "BackwardHookFunction" in node.function.name()):
            node._remark = HOOKED
    for reference in _with_hooks(torch.utils.hooks.RemovableHandle.next_id):
        tensor = reference()
        if tensor is not None and (found := made.get((tensor.grad_fn, tensor.output_nr))) is not None:
            found._remark = HOOKED


@lru_cache(1)
def _with_hooks(registered: int) -> tuple[Any, ...]:
    """Every computed tensor there is that has a hook: looked for again when more hooks have been `registered`."""
    import torch

    kinds = {torch.Tensor, *torch.Tensor.__subclasses__()}
    tensors = [obj for obj in gc.get_objects() if type(obj) in kinds]
    return tuple(ref(tensor) for tensor in tensors if tensor._backward_hooks and tensor.grad_fn is not None)
