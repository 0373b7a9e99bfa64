"""Numbers that PyTorch has not kept and that the result tells, as the 3 of ``x + 3``; and when two results agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .aten import kind_of_function
from .tensor_nodes import TensorNode

SOLVED = {"Add", "Div", "Mul", "Rsub", "Sub"}
"""Of whose operands one can be told from the result."""


def solve(node: TensorNode) -> None:
    """Tell a number that was lost from the result, as the 3 of ``x + 3``; where rounding allows more than one, none."""
    kind = kind_of_function(node.function)
    lost = [slot for slot in node.slots if slot.node.tensor is None]
    alpha = node.saved("alpha").value
    if kind not in SOLVED or len(node.slots) != 2 or len(lost) != 1 or lost[0].node.kind != "constant":
        return
    if alpha not in (None, 1) or not node.tensor.dtype.is_floating_point or node.saved("rounding_mode").value:
        return
    (other,) = (slot.node.tensor for slot in node.slots if slot is not lost[0])
    y, x = node.tensor.double(), other.double()
    if not y.numel() or not bool((y.isfinite() & x.isfinite().expand_as(y)).all()):
        return
    is_second = lost[0].name == "other"
    unit = _unit(node.tensor.dtype)
    if kind in ("Add", "Sub", "Rsub"):
        found = y - x if kind == "Add" else (x - y if kind == "Sub" else y + x) if is_second else y + x
        error = unit * (y.abs() + x.abs())
    else:
        if not bool((x != 0).all() & (y != 0).all()):
            return
        found = y / x if kind == "Mul" else (x / y if is_second else y * x)
        error = 2 * unit * found.abs()
    low, high = (found - error).max().item(), (found + error).min().item()
    if low <= high and low * high > 0 and (high - low) <= 1e-4 * abs(low):
        lost[0].node.tensor = _shortest(low, high, node.tensor)


def _shortest(low: float, high: float, like: Any) -> Any:
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
    sizes = [_largest(x) * max(1.0, (x.numel() / kept.numel()) ** 0.5) for x in (kept, *operands) if x is not None]
    # (Infinities are kept apart: they agree with themselves alone.)
    return bool(torch.allclose(kept, again, rtol=64 * unit, atol=16 * unit * max(sizes), equal_nan=True))


def _largest(x: Any) -> float:
    if not x.numel() or x.dtype.is_complex:
        return 0.0
    found = x.double().abs()
    found = found[found.isfinite()]
    return found.max().item() if found.numel() else 0.0


def _unit(dtype: Any) -> float:
    import torch

    return torch.finfo(dtype).eps
