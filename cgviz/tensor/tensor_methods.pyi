# Written from the rows in cgviz/ops/rows.py and cgviz/tensor by `python -m cgviz.live.javascript`. Do not edit.

from typing import Any, Self, SupportsFloat

from numpy.typing import ArrayLike

class TensorMethods:
    """What the rows give to `Tensor`, and NumPy's functions that are methods of arrays too."""

    def __add__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __radd__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __sub__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __rsub__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __mul__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __rmul__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __truediv__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __rtruediv__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __neg__(self) -> Self: ...
    def __pow__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __rpow__(self, other: ArrayLike | SupportsFloat) -> Self: ...
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
    def maximum(self, other: ArrayLike | SupportsFloat, /) -> Self:
        """Compute max(a, b). Of equal operands each gets half of the gradient."""
    def minimum(self, other: ArrayLike | SupportsFloat, /) -> Self:
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
    def __matmul__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def __rmatmul__(self, other: ArrayLike | SupportsFloat) -> Self: ...
    def all(self, *args: Any, **options: Any) -> Any:
        """What np.all gives for the numbers: plain, for it has no derivative."""
    def any(self, *args: Any, **options: Any) -> Any:
        """What np.any gives for the numbers: plain, for it has no derivative."""
    def argmax(self, *args: Any, **options: Any) -> Any:
        """What np.argmax gives for the numbers: plain, for it has no derivative."""
    def argmin(self, *args: Any, **options: Any) -> Any:
        """What np.argmin gives for the numbers: plain, for it has no derivative."""
    def argpartition(self, *args: Any, **options: Any) -> Any:
        """What np.argpartition gives for the numbers: plain, for it has no derivative."""
    def argsort(self, *args: Any, **options: Any) -> Any:
        """What np.argsort gives for the numbers: plain, for it has no derivative."""
    def clip(self, a_min: Any = None, a_max: Any = None, min: Any = None, max: Any = None) -> Self:
        """The numbers held between two bounds, of which one may be None; at a bound a number keeps its gradient."""
    def copy(self) -> Self:
        """The same numbers in a node of their own."""
    def cumprod(self, axis: Any = None) -> Self:
        """The running product along an axis; of all numbers in one row for None."""
    def cumsum(self, axis: Any = None) -> Self:
        """The running sum along an axis; of all numbers in one row for None."""
    def diagonal(self, offset: Any = ..., axis1: Any = ..., axis2: Any = ...) -> Self:
        """The numbers as np.diagonal places them."""
    def dot(self, b: Any) -> Self:
        """The sum of products over the last axis of `a` and the last but one of `b`, its only one if it has one."""
    def flatten(self, order: Any = ...) -> Self:
        """The same numbers as a vector."""
    def max(self, axis: Any = None, keepdims: bool = False) -> Self:
        """The largest number, or the largest over axes. Of equal ones each gets the same share of the gradient."""
    def mean(self, axis: Any = None, keepdims: bool = False) -> Self:
        """The mean of all numbers, or over an axis or several."""
    def min(self, axis: Any = None, keepdims: bool = False) -> Self:
        """The smallest number, or the smallest over axes. Of equal ones each gets the same share of the gradient."""
    def nonzero(self, *args: Any, **options: Any) -> Any:
        """What np.nonzero gives for the numbers: plain, for it has no derivative."""
    def prod(self, axis: Any = None, keepdims: bool = False) -> Self:
        """The product of all numbers, or over an axis or several."""
    def ravel(self, order: Any = ...) -> Self:
        """The same numbers as a vector."""
    def repeat(self, repeats: Any = ..., axis: Any = ...) -> Self:
        """The numbers as np.repeat places them."""
    def round(self, *args: Any, **options: Any) -> Any:
        """What np.round gives for the numbers: plain, for it has no derivative."""
    def searchsorted(self, *args: Any, **options: Any) -> Any:
        """What np.searchsorted gives for the numbers: plain, for it has no derivative."""
    def squeeze(self, axis: Any = None) -> Self:
        """The same numbers without axes of size 1."""
    def std(self, axis: Any = None, ddof: float = 0, keepdims: bool = False, correction: Any = None) -> Self:
        """The standard deviation, the root of `var`; of equal numbers it counts as flat, as in PyTorch."""
    def sum(self, axis: Any = None, keepdims: bool = False) -> Self:
        """The sum of all numbers, or over an axis or several."""
    def swapaxes(self, axis1: Any = ..., axis2: Any = ...) -> Self:
        """The numbers as np.swapaxes places them."""
    def take(self, indices: Any = ..., axis: Any = ..., mode: Any = ...) -> Self:
        """The numbers as np.take places them."""
    def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Self:
        """The sum of the diagonal."""
    def var(self, axis: Any = None, ddof: float = 0, keepdims: bool = False, correction: Any = None) -> Self:
        """The mean square of what the numbers differ from their mean; `ddof` is taken off their count."""
