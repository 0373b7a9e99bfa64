"""NumPy's functions of whole arrays on Tensors: ``np.sum(x)`` is ``x.sum()``, and none loses a gradient in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

METHODS = {
    np.sum: "sum",
    np.mean: "mean",
    np.max: "max",
    np.amax: "max",
    np.min: "min",
    np.amin: "min",
    np.reshape: "reshape",
    np.transpose: "transpose",
}
"""What a Tensor has a method for."""
INSTEAD = {
    np.dot: "write x @ y",
    np.clip: "write maximum(minimum(x, high), low), with the functions of cgviz",
    np.concatenate: "there is cgviz.concatenate",
    np.ravel: "write x.reshape(-1)",
    np.squeeze: "write x.reshape(...)",
    np.expand_dims: "write x.reshape(...)",
    **dict.fromkeys(
        (np.stack, np.vstack, np.hstack, np.column_stack), "there are cgviz.concatenate and x.reshape(...)"
    ),
    np.where: "write a product with an array of 0 and 1, mask * x",
    np.var: "write ((x - x.mean()) ** 2).mean()",
    np.std: "write ((x - x.mean()) ** 2).mean().sqrt()",
    **dict.fromkeys(
        (np.inner, np.outer, np.vdot, np.tensordot, np.einsum, np.prod, np.cumsum, np.cumprod, np.diff, np.linalg.norm),
        "write it with @, * and sum",
    ),
}
"""What has no method, but a derivative: the array that NumPy gives would have lost it."""


def array_function(function: Callable, args: tuple, options: dict[str, Any]) -> Any:
    """What NumPy asks of a Tensor that one of its functions was called with.

    Functions that only look, such as ``np.shape`` or ``np.allclose``, are answered for the numbers. Raises `TypeError`
    for those that would lose the gradient.

    >>> from cgviz import Tensor
    >>> x = Tensor([[1, 2], [3, 4]], "x")
    >>> np.mean(x, axis=0), np.argmax(x)
    (Tensor([2., 3.]), np.int64(3))
    """
    method = getattr(type(args[0]), METHODS[function], None) if function in METHODS and args else None
    if method is not None:
        return method(*args, **options)
    if function in INSTEAD:
        raise TypeError(
            f"np.{function.__name__} would lose the gradient of a Tensor: {INSTEAD[function]} "
            f"(its numbers alone, without a gradient, are .data)"
        )
    return np.ndarray.__array_function__(np.empty(0), function, (), args, options)  # as if they were arrays
