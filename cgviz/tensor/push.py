"""How a Tensor's gradient goes on to its operands: by the rule of its operation, run on arrays.

g arrives at y = a @ b    ->    a.grad += g @ bᵀ,  b.grad += aᵀ @ g
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.op import Op
from .array_rows import unbroadcast
from .rule_errors import derivative


class Push:
    """The operation `op` of a node, and the positions of the operands that are `wanted`: constants get no gradient.

    Called with a node whose gradient is complete, it adds the operands' shares to their gradients, as the pushes do
    that `value/row_code.py` writes for numbers.
    """

    __slots__ = ("op", "wanted")

    def __init__(self, op: Op, wanted: tuple[int, ...]) -> None:
        self.op, self.wanted = op, wanted

    @property
    def symbol(self) -> str:
        """What pictures call the operation."""
        return self.op.symbol

    def __call__(self, v: Any) -> None:
        operands = v._prev
        for i in self.wanted:
            x = operands[i]
            back = contribution(self.op, i, v.grad, v)
            # A sum is a new array, so that no two nodes share one. A Value among the operands keeps plain numbers.
            x.grad = np.asarray(x.grad + back) if hasattr(type(x), "shape") else x.grad + float(back)

    def __reduce__(self) -> tuple:
        return Push, (self.op, self.wanted)


def contribution(op: Op, position: int, g: Any, v: Any) -> Any:
    """What the node `v` gives to its operand at `position` when the gradient `g` arrives, in the operand's shape."""
    operands = v._prev
    xs = [x._data for x in operands]
    back = derivative(op, position, g, v._data, xs, [x.label for x in operands])
    return unbroadcast(np.asarray(back), np.shape(xs[position]))
