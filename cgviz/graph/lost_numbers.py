"""Numbers that PyTorch has not kept and that the result tells, as the 3 of ``x + 3``; and when two results agree."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from .aten import kind_of_function
from .operator_calls import recompute
from .tensor_nodes import Slot, TensorNode

SOLVED = {"Add", "Div", "Mul", "Rsub", "Sub"}
"""Of whose operands one can be told from the result."""

INVERSES: dict[str, Callable[[Any], Any]] = {
    "Exp": lambda y: y.log(),
    "Reciprocal": lambda y: 1 / y,
    "Relu": lambda y: y.where(y > 0, float("nan")),
    "Sigmoid": lambda y: y.logit(),
    "Sqrt": lambda y: y * y,
    "Tanh": lambda y: y.atanh(),
}
"""What gives the operand of a function that has kept its result; NaN where many operands do."""


def solve(node: TensorNode) -> TensorNode | None:
    """Tell a number that was lost from the result, as the 3 of ``x + 3``: its node, if rounding leaves but one."""
    if (slot := lost_operand(node)) is None:
        return None
    slot.node.tensor = _solution(node, slot, node.tensor.double(), 0.0)
    return slot.node if slot.node.tensor is not None else None


def lost_operand(node: TensorNode) -> Slot | None:
    """The one operand that is lost of an operation that tells it from the result."""
    lost = [slot for slot in node.slots if slot.node.tensor is None]
    if len(node.slots) != 2 or len(lost) != 1 or lost[0].node.kind != "constant":
        return None
    if kind_of_function(node.function) not in SOLVED or node.metadata is None:
        return None
    plain = node.saved("alpha").value in (None, 1) and not node.saved("rounding_mode").value
    return lost[0] if plain and node.metadata.dtype.is_floating_point else None


def infer(node: TensorNode, user: TensorNode) -> TensorNode | None:
    """Tell a lost number of a node from what its `user` has kept, as the 1 of ``tanh(x + 1)``: its node, or none.

    The number that is found has to give again what was kept.
    """
    slot, kind = lost_operand(node), kind_of_function(user.function)
    if slot is None or kind not in INVERSES or len(user.slots) != 1:
        return None
    y = user.tensor.double()
    x = INVERSES[kind](y)
    slope = (INVERSES[kind](y + (step := 1e-7 * (y.abs() + 1e-30))) - x).abs() / step
    found = _solution(node, slot, x, 4 * _unit(user.tensor.dtype) * y.abs() * slope)
    if found is None:
        return None
    slot.node.tensor = found
    node.tensor = recompute(node)
    again = recompute(user) if node.tensor is not None else None
    node.tensor = None
    if again is None or not agree(user.tensor, again, []):
        slot.node.tensor = None
    return slot.node if slot.node.tensor is not None else None


def _solution(node: TensorNode, lost: Slot, y: Any, slack: Any) -> Any:
    """The lost operand of a node whose result is `y`, give or take `slack`; ``None`` if that leaves more than one."""
    kind, unit = kind_of_function(node.function), _unit(node.metadata.dtype)
    (other,) = (slot.node.tensor for slot in node.slots if slot is not lost)
    x = other.double()
    if not y.numel() or not bool((y.isfinite() & x.isfinite().expand_as(y)).all()):
        return None
    is_second = lost.name == "other"
    if kind in ("Mul", "Div"):
        if not bool((x != 0).all() & (y != 0).all()):
            return None
        found = y / x if kind == "Mul" else (x / y if is_second else y * x)
        error = (2 * unit + slack / y.abs()) * found.abs()
    else:
        taken_from = kind == ("Sub" if is_second else "Rsub")  # the operand, or what it is taken from, is lost
        found = y - x if kind == "Add" else x - y if taken_from else y + x
        error = unit * (y.abs() + x.abs()) + slack
    low, high = (found - error).max().item(), (found + error).min().item()
    if low <= high and low * high > 0 and (high - low) <= 1e-4 * abs(low):
        return _shortest(low, high)
    return None


def _shortest(low: float, high: float) -> Any:
    """The number with the fewest digits between two, as the one that somebody has probably written."""
    import torch

    middle = (low + high) / 2
    digits = (float(f"{middle:.{n}g}") for n in range(1, 17))
    return torch.tensor(next((x for x in digits if low <= x <= high), middle), dtype=torch.float64)


def agree(kept: Any, again: Any, operands: Sequence[Any]) -> bool:
    """Whether two tensors are the same but for rounding, of a type's precision, in sums of such operands."""
    import torch

    if not (kept.dtype.is_floating_point or kept.dtype.is_complex):
        return bool((kept == again).all())
    if not kept.numel():
        return True
    if torch.equal(kept, again):
        return True
    unit = _unit(kept.dtype)

    def near(size: float) -> bool:  # (infinities are kept apart: they agree with themselves alone)
        return bool(torch.allclose(kept, again, rtol=64 * unit, atol=16 * unit * size, equal_nan=True))

    # What is near enough by the result alone needs no look at operands, among which are a model's weights.
    return near(_largest(kept)) or near(max(_weight(x, kept) for x in (kept, *operands) if x is not None))


def _weight(x: Any, kept: Any) -> float:
    """How large an operand's part in the rounding of a result can be: more where sums have been made of it."""
    return _largest(x) * max(1.0, (x.numel() / kept.numel()) ** 0.5)


def _largest(x: Any) -> float:
    """The size of the largest finite number of a tensor, read once where all are finite."""
    import torch

    if not x.numel() or x.dtype.is_complex:
        return 0.0
    if x.dtype.is_floating_point and x.dtype.itemsize > 1:
        low, high = torch.aminmax(x)
        largest = max(-low.item(), high.item())
        if math.isfinite(largest):
            return largest
    found = x.double().abs()
    found = found[found.isfinite()]
    return found.max().item() if found.numel() else 0.0


def _unit(dtype: Any) -> float:
    import torch

    return torch.finfo(dtype).eps
