"""NumPy's functions of whole arrays on Tensors: a node, an answer about the numbers, or a refusal.

A function is allowed by name, in `NODES` or `PLAIN`. Every other is refused: what it gave would be an array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import linear_algebra, products, sorting  # noqa: F401  (they enter their functions, as what they import does)
from .arguments import METHODS, NODES
from .plain import METHODS as LOOKING
from .plain import PLAIN, answer, method

INSTEAD = {
    "gradient": "write it with differences, x[1:] - x[:-1]",
    "cov": "write it with @, and x - x.mean(axis=1, keepdims=True)",
    "cross": "write it with products and indices",
    "copyto": "an array has no gradient, and a Tensor's is never written to; for np.full_like(array, x) write "
    "x + np.zeros_like(array)",
}
"""What to write instead of functions that a person may look for."""


def array_function(function: Callable, args: tuple, options: dict[str, Any]) -> Any:
    """What NumPy asks of a Tensor that one of its functions was called with.

    Functions that only look, such as ``np.shape`` or ``np.allclose``, are answered for the numbers. Raises `TypeError`
    for those that would lose the gradient.

    >>> import numpy as np
    >>> from cgviz import Tensor
    >>> x = Tensor([[1, 2], [3, 4]], "x")
    >>> np.mean(x, axis=0), np.argmax(x), np.trace(x)
    (Tensor([2., 3.]), np.int64(3), Tensor(5.0))
    >>> np.linalg.svd(x)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    TypeError: np.linalg.svd would lose the gradient of a Tensor: ...
    """
    node = NODES.get(function)
    if node is not None:
        return node(*args, **options)
    if function in PLAIN:
        return answer(function, args, options)
    raise TypeError(
        f"{name_of(function)} would lose the gradient of a Tensor: "
        f"{INSTEAD.get(function.__name__, 'there is no such operation here')} "
        f"(its numbers alone, without a gradient, are .data)"
    )


def name_of(function: Callable) -> str:
    """A function of NumPy's as one writes it.

    >>> import numpy as np
    >>> name_of(np.linalg.svd), name_of(np.trace)
    ('np.linalg.svd', 'np.trace')
    """
    module = getattr(function, "__module__", None) or "numpy"
    place = module.removeprefix("numpy").lstrip(".").split(".")[0]
    return f"np.{place}.{function.__name__}" if place in ("linalg", "fft", "random") else f"np.{function.__name__}"


def methods() -> dict[str, Callable]:
    """What of this NumPy's arrays have as methods too."""
    return METHODS | {name: method(name) for name in LOOKING}
