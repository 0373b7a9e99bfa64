"""The operations of a Value over NumPy arrays: matrix products, sums over axes, softmax and losses.

    from cgviz import Tensor, softmax

    x, W = Tensor([[1, 2]], "x"), Tensor([[0.5], [-1]], "W")
    L = (x @ W).sum()
    L.backward()

`tensor.py` is the class; `ops.py` and `losses.py` hold the rows that only arrays have.
"""

from .errors import ShapeError
from .functions import (
    binary_cross_entropy,
    concatenate,
    cross_entropy,
    log_softmax,
    mean_squared_error,
    softmax,
)
from .tensor import Tensor

__all__ = [
    "ShapeError",
    "Tensor",
    "binary_cross_entropy",
    "concatenate",
    "cross_entropy",
    "log_softmax",
    "mean_squared_error",
    "softmax",
]
