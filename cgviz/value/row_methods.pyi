# Written from the rows in cgviz/ops/rows.py by `python -m cgviz.live.javascript`. Do not edit.

from typing import SupportsFloat, TypeVar

_N = TypeVar("_N")

class RowMethods:
    """What the rows give to `Value`; a `Tensor` beside it takes the operation over."""

    def __add__(self: _N, other: SupportsFloat) -> _N: ...
    def __radd__(self: _N, other: SupportsFloat) -> _N: ...
    def __sub__(self: _N, other: SupportsFloat) -> _N: ...
    def __rsub__(self: _N, other: SupportsFloat) -> _N: ...
    def __mul__(self: _N, other: SupportsFloat) -> _N: ...
    def __rmul__(self: _N, other: SupportsFloat) -> _N: ...
    def __truediv__(self: _N, other: SupportsFloat) -> _N: ...
    def __rtruediv__(self: _N, other: SupportsFloat) -> _N: ...
    def __neg__(self: _N) -> _N: ...
    def __pow__(self: _N, other: SupportsFloat) -> _N: ...
    def __rpow__(self: _N, other: SupportsFloat) -> _N: ...
    def __abs__(self: _N) -> _N: ...
    def abs(self: _N) -> _N:
        """Compute |x|. At 0 the derivative counts as 0."""
    def exp(self: _N) -> _N:
        """Compute exp(x)."""
    def log(self: _N) -> _N:
        """Compute log(x). Defined for x > 0."""
    def sqrt(self: _N) -> _N:
        """Compute sqrt(x). Defined for x ≥ 0."""
    def sin(self: _N) -> _N:
        """Compute sin(x). Defined for finite x."""
    def cos(self: _N) -> _N:
        """Compute cos(x). Defined for finite x."""
    def tan(self: _N) -> _N:
        """Compute tan(x). Defined for finite x."""
    def arctan(self: _N) -> _N:
        """Compute arctan(x)."""
    def maximum(self: _N, other: SupportsFloat, /) -> _N:
        """Compute max(a, b). Of equal operands each gets half of the gradient."""
    def minimum(self: _N, other: SupportsFloat, /) -> _N:
        """Compute min(a, b). Of equal operands each gets half of the gradient."""
    def tanh(self: _N) -> _N:
        """Compute tanh(x)."""
    def sigmoid(self: _N) -> _N:
        """Compute sigmoid(x)."""
    def relu(self: _N) -> _N:
        """Compute relu(x), x where x > 0 and 0 elsewhere. At 0 the derivative counts as 0."""
    def leaky_relu(self: _N) -> _N:
        """Compute x where x > 0, and 0.01·x elsewhere. At 0 the derivative counts as 0.01."""
    def softplus(self: _N) -> _N:
        """Compute log(1 + exp(x)) without overflow."""
