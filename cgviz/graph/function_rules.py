"""The derivatives of PyTorch's functions, each asked alone; and why one cannot be, or is not."""

from __future__ import annotations

from functools import lru_cache
from inspect import unwrap
from typing import Any

from .protocols import NoDerivative
from .tensors import CHANGED, FREED, Unknown, value

FREED_SINCE = (
    "PyTorch has freed the values that its derivatives need: ask before backward(), or call backward(retain_graph=True)"
)
CHANGED_SINCE = (
    "a tensor has been changed in place since PyTorch computed with it, and its derivatives need the old value: "
    "compute the expression again"
)
"""What PyTorch's own refusals mean here."""

RUNS_BACKWARD = (
    "has a backward() of its own that runs another: what its forward() computed with is not in this graph, and its "
    "derivatives are not asked for, as that would add to gradients that are kept"
)
"""What is said of such a function, as a sentence without its subject."""


def contributions(function: Any, output: int, g: Any) -> list[Any]:
    """What a function's rule gives to each of its edges, of the gradient `g` of one of its outputs.

    Raises `NoDerivative` where there is no rule, or none that may be asked, and `TypeError` where the values that it
    needs have been freed.
    """
    import torch

    if runs_backward(function):
        raise NoDerivative(f"it {RUNS_BACKWARD}")
    try:
        with torch.no_grad():
            given = (
                _of_a_user(function, output, g) if is_of_a_user(function) else function(*_arriving(function, output, g))
            )
    except Exception as error:  # PyTorch's refusals, and whatever a function or a hook of somebody's raises
        if FREED in str(error):
            raise TypeError(FREED_SINCE) from None
        if CHANGED in str(error):
            raise NoDerivative(CHANGED_SINCE) from None
        whose = "its own backward()" if is_of_a_user(function) else "PyTorch's rule for it"
        raise NoDerivative(
            f"{whose} raises {type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"
        ) from None
    return [_array(x) for x in (given if isinstance(given, (tuple, list)) else (given,))]


def is_of_a_user(function: Any) -> bool:
    """Whether a function is of a class written in Python, by `torch.autograd.Function`."""
    return not callable(function)


def runs_backward(function: Any) -> bool:
    """Whether a function of somebody's calls ``backward()`` in its own, as a reentrant checkpoint does."""
    try:
        return is_of_a_user(function) and _calls_backward(type(function)._forward_cls)
    except AttributeError:
        return False


@lru_cache(128)
def _calls_backward(cls: Any) -> bool:
    code = getattr(unwrap(cls.backward), "__code__", None)
    return "backward" in getattr(code, "co_names", ())


def _arriving(function: Any, output: int, g: Any) -> list[Any]:
    """The gradient of one output as the function takes it, with nothing for the others."""
    import torch

    metadata = function._input_metadata
    found: list[Any] = [None] * len(metadata)
    found[output] = torch.as_tensor(g, dtype=metadata[output].dtype).expand(metadata[output].shape)
    return found


def _of_a_user(function: Any, output: int, g: Any) -> list[Any]:
    """What the backward of a class written in Python gives, for those arguments of ``apply`` that are edges.

    It is given zeros for an output that was not used, as PyTorch does, and a copy, for it may write there. It answers
    for every argument, and only tensors among these have an edge.
    """
    import torch

    arriving = _arriving(function, output, g)
    shapes = function._input_metadata
    full = [
        torch.zeros(tuple(m.shape), dtype=m.dtype) if x is None else x.clone()
        for x, m in zip(arriving, shapes, strict=True)
    ]
    given = function.apply(*full)
    given = given if isinstance(given, tuple) else (given,)
    edges = [edge for edge, (below, _) in enumerate(function.next_functions) if below is not None]
    needed = [i for i, needs in enumerate(function.needs_input_grad) if needs]
    found: list[Any] = [None] * len(function.next_functions)
    for edge, i in zip(edges, needed, strict=True):
        found[edge] = given[i]
    return found


def _array(x: Any) -> Any:
    """A contribution as a number or an array; of a sparse one the whole."""
    if x is None:
        return None
    import torch

    if isinstance(x, torch.Tensor) and not x.is_nested and x.layout is not torch.strided:
        x = x.to_dense()
    found = value(x)
    if isinstance(found, Unknown):
        raise NoDerivative("what PyTorch gives as a gradient is not an array of numbers")
    return found
