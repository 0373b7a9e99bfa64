# Written from the rows in cgviz/ops/rows.py and cgviz/tensor by `python -m cgviz.live.javascript`. Do not edit.

from typing import Any, SupportsFloat, TypeVar

from numpy.typing import ArrayLike

_N = TypeVar("_N")

class TensorMethods:
    """What the rows give to `Tensor`, and NumPy's functions that are methods of arrays too."""

    def __add__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __radd__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __sub__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __rsub__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __mul__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __rmul__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __truediv__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __rtruediv__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __neg__(self: _N) -> _N: ...
    def __pow__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __rpow__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
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
    def maximum(self: _N, other: ArrayLike | SupportsFloat, /) -> _N:
        """Compute max(a, b). Of equal operands each gets half of the gradient."""
    def minimum(self: _N, other: ArrayLike | SupportsFloat, /) -> _N:
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
    def __matmul__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
    def __rmatmul__(self: _N, other: ArrayLike | SupportsFloat) -> _N: ...
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
    def clip(self: _N, a_min: Any = None, a_max: Any = None, min: Any = None, max: Any = None) -> _N:
        """The numbers held between two bounds, of which one may be None; at a bound a number keeps its gradient."""
    def copy(self: _N) -> _N:
        """The same numbers in a node of their own."""
    def cumprod(self: _N, axis: Any = None) -> _N:
        """The running product along an axis; of all numbers in one row for None."""
    def cumsum(self: _N, axis: Any = None) -> _N:
        """The running sum along an axis; of all numbers in one row for None."""
    def diagonal(self: _N, offset: Any = ..., axis1: Any = ..., axis2: Any = ...) -> _N:
        """The numbers as np.diagonal places them."""
    def dot(self: _N, b: Any) -> _N:
        """The sum of products over the last axis of `a` and the last but one of `b`, its only one if it has one."""
    def flatten(self: _N, order: Any = ...) -> _N:
        """The same numbers as a vector."""
    def max(self: _N, axis: Any = None, keepdims: bool = False) -> _N:
        """The largest number, or the largest over axes. Of equal ones each gets the same share of the gradient."""
    def mean(self: _N, axis: Any = None, keepdims: bool = False) -> _N:
        """The mean of all numbers, or over an axis or several."""
    def min(self: _N, axis: Any = None, keepdims: bool = False) -> _N:
        """The smallest number, or the smallest over axes. Of equal ones each gets the same share of the gradient."""
    def nonzero(self, *args: Any, **options: Any) -> Any:
        """What np.nonzero gives for the numbers: plain, for it has no derivative."""
    def prod(self: _N, axis: Any = None, keepdims: bool = False) -> _N:
        """The product of all numbers, or over an axis or several."""
    def ravel(self: _N, order: Any = ...) -> _N:
        """The same numbers as a vector."""
    def repeat(self: _N, repeats: Any = ..., axis: Any = ...) -> _N:
        """The numbers as np.repeat places them."""
    def round(self, *args: Any, **options: Any) -> Any:
        """What np.round gives for the numbers: plain, for it has no derivative."""
    def searchsorted(self, *args: Any, **options: Any) -> Any:
        """What np.searchsorted gives for the numbers: plain, for it has no derivative."""
    def squeeze(self: _N, axis: Any = None) -> _N:
        """The same numbers without axes of size 1."""
    def std(self: _N, axis: Any = None, ddof: float = 0, keepdims: bool = False, correction: Any = None) -> _N:
        """The standard deviation, the root of `var`; of equal numbers it counts as flat, as in PyTorch."""
    def sum(self: _N, axis: Any = None, keepdims: bool = False) -> _N:
        """The sum of all numbers, or over an axis or several."""
    def swapaxes(self: _N, axis1: Any = ..., axis2: Any = ...) -> _N:
        """The numbers as np.swapaxes places them."""
    def take(self: _N, indices: Any = ..., axis: Any = ..., mode: Any = ...) -> _N:
        """The numbers as np.take places them."""
    def trace(self: _N, offset: int = 0, axis1: int = 0, axis2: int = 1) -> _N:
        """The sum of the diagonal."""
    def var(self: _N, axis: Any = None, ddof: float = 0, keepdims: bool = False, correction: Any = None) -> _N:
        """The mean square of what the numbers differ from their mean; `ddof` is taken off their count."""
