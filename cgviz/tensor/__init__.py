"""The operations of a Value over NumPy arrays: matrix products, sums over axes, softmax and losses.

    from cgviz import Tensor, softmax

    x, W = Tensor([[1, 2]], "x"), Tensor([[0.5], [-1]], "W")
    L = (x @ W).sum()
    L.backward()

`tensor.py` is the class; `array_rows.py` and `loss_rows.py` hold the rows that only arrays have.
"""

from .array_functions import binary_cross_entropy, concatenate, cross_entropy, log_softmax, mean_squared_error, softmax
from .rule_errors import ShapeError
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
