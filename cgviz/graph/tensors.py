"""PyTorch's tensors as numbers, what its functions have saved of them, and what stands for one that nobody has kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

SIGN_BIT = 1 << 63
"""PyTorch shows a negative dimension that it has saved as a number beyond this."""

FREED, CHANGED = "freed", "inplace"
"""Words in what PyTorch says where it has given up a tensor, and where somebody has changed it."""

PACKED = "packed"
"""Why what a function has saved is not read: a hook of somebody's has packed it, perhaps with fewer digits.

To unpack it would run that hook, and a checkpoint's computes a part of the model again.
"""


KEPT_AS = "kept as"
"""Under this name the type of an array says in its ``metadata`` as what its numbers are kept elsewhere."""


class Unknown:
    """Stands for a value that PyTorch has not kept; of its tensor only the shape is known."""

    def __init__(self, shape: tuple[int, ...] = ()) -> None:
        self.shape = shape

    def __str__(self) -> str:
        return "?"

    __repr__ = __str__


class Saved:
    """What a function has saved under a name: `value`, or `lost`, the word for why it is there no more."""

    __slots__ = ("lost", "value")
    value: Any

    def __init__(self, function: Any, name: str) -> None:
        self.value, self.lost = None, ""
        if _is_packed(getattr(function, f"_raw_saved_{name}", None)):
            self.lost = PACKED
            return
        try:
            self.value = _signed(getattr(function, f"_saved_{name}", None))
        except Exception as error:  # PyTorch's own refusals, and whatever a hook for saved tensors raises
            self.lost = next((word for word in (FREED, CHANGED) if word in str(error)), "refused")


def _is_packed(raw: Any) -> bool:
    """Whether a tensor was saved through a hook, but for PyTorch's own that only moves it to another device."""
    if raw is None:
        return False
    if isinstance(raw, tuple):
        return any(map(_is_packed, raw))
    hook = getattr(raw, "unpack_hook", None)
    return hook is not None and getattr(hook, "__module__", "") != "torch.autograd.graph"


def _signed(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_signed, value))
    is_wrapped = isinstance(value, int) and not isinstance(value, bool) and value >= SIGN_BIT
    return value - 2 * SIGN_BIT if is_wrapped else value


def is_plain(tensor: Any) -> bool:
    """Whether a tensor holds numbers in an array: not sparse, nested, quantized, on no device, or faked by a tracer."""
    import torch

    if not isinstance(tensor, torch.Tensor):
        return False
    dispatch = type(tensor).__torch_dispatch__
    if dispatch not in (torch.Tensor.__torch_dispatch__, torch._C._disabled_torch_dispatch_impl):
        return False  # of a class that computes in a way of its own, such as one that fakes
    if tensor.is_nested or tensor.layout is not torch.strided or tensor.is_meta or tensor.is_quantized:
        return False
    return not torch._C._functorch.is_functorch_wrapped_tensor(tensor)


def bare(tensor: Any) -> Any:
    """The numbers of a tensor, beside every graph; ``None`` where it has none that an array can hold."""
    import torch

    if not is_plain(tensor):
        return None
    plain = tensor.detach()
    return plain if type(plain) is torch.Tensor else plain.as_subclass(torch.Tensor)


def value(tensor: Any) -> Any:
    """A tensor as a number or as a NumPy array, as exact as it is; what is neither as it is.

    A number of less than a float's precision is one of NumPy's, which computes as the tensor does.
    """
    import torch

    if not isinstance(tensor, torch.Tensor):
        return tensor
    plain = bare(tensor)
    if plain is None:
        return Unknown(shape_of(tensor))
    plain = plain.cpu().resolve_conj().resolve_neg()
    try:
        if is_strange := plain.dtype.is_floating_point and plain.dtype not in _of_numpy():
            plain = plain.float() if plain.shape else plain.double()
        if plain.dtype in (torch.float32, torch.float16) and not plain.shape:
            return plain.numpy()[()]
        if is_strange and plain.shape:
            return _marked(plain.numpy(), str(tensor.dtype).removeprefix("torch."))
        return plain.numpy() if plain.shape else plain.item()
    except (TypeError, RuntimeError):  # a type that NumPy does not have
        return Unknown(shape_of(tensor))


@lru_cache(1)
def _of_numpy() -> tuple[Any, ...]:
    """The types of floating point that NumPy has too."""
    import torch

    return torch.float16, torch.float32, torch.float64


def _marked(array: Any, name: str) -> Any:
    """An array that says of what type its numbers are kept, where NumPy has no such type."""
    import numpy as np

    return array.view(np.dtype(array.dtype, metadata={KEPT_AS: name}))


def shape_of(tensor: Any) -> tuple[int, ...]:
    """The shape of a tensor, or of what PyTorch knows of one that is gone; what is no number in it is left as it is."""
    try:
        return tuple(int(n) if isinstance(n, int) else n for n in tensor.shape)
    except (AttributeError, RuntimeError, TypeError):
        return ()
