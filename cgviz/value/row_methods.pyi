# Written from the rows in cgviz/ops/rows.py by `python -m cgviz.live.javascript`. Do not edit.

from typing import Self, SupportsFloat

class RowMethods:
    """What the rows give to `Value`; a `Tensor` beside it takes the operation over."""

    def __add__(self, other: SupportsFloat) -> Self: ...
    def __radd__(self, other: SupportsFloat) -> Self: ...
    def __sub__(self, other: SupportsFloat) -> Self: ...
    def __rsub__(self, other: SupportsFloat) -> Self: ...
    def __mul__(self, other: SupportsFloat) -> Self: ...
    def __rmul__(self, other: SupportsFloat) -> Self: ...
    def __truediv__(self, other: SupportsFloat) -> Self: ...
    def __rtruediv__(self, other: SupportsFloat) -> Self: ...
    def __neg__(self) -> Self: ...
    def __pow__(self, other: SupportsFloat) -> Self: ...
    def __rpow__(self, other: SupportsFloat) -> Self: ...
    def __abs__(self) -> Self: ...
    def abs(self) -> Self:
        """Compute |x|. At 0 the derivative counts as 0."""
    def exp(self) -> Self:
        """Compute exp(x)."""
    def log(self) -> Self:
        """Compute log(x). Defined for x > 0."""
    def sqrt(self) -> Self:
        """Compute sqrt(x). Defined for x ≥ 0."""
    def sin(self) -> Self:
        """Compute sin(x). Defined for finite x."""
    def cos(self) -> Self:
        """Compute cos(x). Defined for finite x."""
    def tan(self) -> Self:
        """Compute tan(x). Defined for finite x."""
    def arctan(self) -> Self:
        """Compute arctan(x)."""
    def maximum(self, other: SupportsFloat, /) -> Self:
        """Compute max(a, b). Of equal operands each gets half of the gradient."""
    def minimum(self, other: SupportsFloat, /) -> Self:
        """Compute min(a, b). Of equal operands each gets half of the gradient."""
    def tanh(self) -> Self:
        """Compute tanh(x)."""
    def sigmoid(self) -> Self:
        """Compute sigmoid(x)."""
    def relu(self) -> Self:
        """Compute relu(x), x where x > 0 and 0 elsewhere. At 0 the derivative counts as 0."""
    def leaky_relu(self) -> Self:
        """Compute x where x > 0, and 0.01·x elsewhere. At 0 the derivative counts as 0.01."""
    def softplus(self) -> Self:
        """Compute log(1 + exp(x)) without overflow."""
