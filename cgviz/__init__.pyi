# Written from `_HOMES` by `python -m cgviz.live.javascript`. Do not edit.

from fractions import Fraction
from typing import Any, Protocol, SupportsFloat, TypeVar, overload

from numpy.typing import ArrayLike

from .chain_rule.explanation import explain as explain
from .chain_rule.stepping import steps as steps
from .checks.gradient_check import gradcheck as gradcheck
from .graph import CycleError as CycleError
from .graph import trace as trace
from .live import bars as bars
from .live import compare as compare
from .live import descend as descend
from .live import explore as explore
from .live import matrix as matrix
from .live import watch_training as watch_training
from .ops.domain import DomainError as DomainError
from .pictures import draw as draw
from .pictures import draw_dot as draw_dot
from .pictures import film as film
from .pictures import table as table
from .run.grammar import ExpressionError as ExpressionError
from .run.higher_derivatives import derivative as derivative
from .tensor import ShapeError as ShapeError
from .tensor import Tensor as Tensor
from .tensor import binary_cross_entropy as binary_cross_entropy
from .tensor import concatenate as concatenate
from .tensor import cross_entropy as cross_entropy
from .tensor import log_softmax as log_softmax
from .tensor import mean_squared_error as mean_squared_error
from .tensor import softmax as softmax
from .value import Value as Value

__all__ = [
    "__version__",
    "Value",
    "Tensor",
    "ShapeError",
    "softmax",
    "log_softmax",
    "cross_entropy",
    "binary_cross_entropy",
    "mean_squared_error",
    "concatenate",
    "trace",
    "CycleError",
    "DomainError",
    "ExpressionError",
    "explain",
    "steps",
    "gradcheck",
    "derivative",
    "draw",
    "draw_dot",
    "film",
    "table",
    "explore",
    "compare",
    "descend",
    "watch_training",
    "matrix",
    "bars",
]

__version__: str

def load_ipython_extension(ipython: Any) -> None: ...
def unload_ipython_extension(ipython: Any) -> None: ...

_T = TypeVar("_T", bound=Tensor)
_V = TypeVar("_V", bound=Value)

class _Node(Protocol):
    def _apply(self, op: Any, xs: tuple[Any, ...]) -> Any: ...

class _Array(Protocol):
    def __array__(self) -> Any: ...

@overload
def abs(x: _V, /) -> _V:
    """Compute |x|. At 0 the derivative counts as 0."""
@overload
def abs(x: _Node | _Array, /) -> Any: ...
@overload
def abs(x: float | Fraction, /) -> float: ...

@overload
def exp(x: _V, /) -> _V:
    """Compute exp(x)."""
@overload
def exp(x: _Node | _Array, /) -> Any: ...
@overload
def exp(x: float | Fraction, /) -> float: ...

@overload
def log(x: _V, /) -> _V:
    """Compute log(x). Defined for x > 0."""
@overload
def log(x: _Node | _Array, /) -> Any: ...
@overload
def log(x: float | Fraction, /) -> float: ...

@overload
def sqrt(x: _V, /) -> _V:
    """Compute sqrt(x). Defined for x ≥ 0."""
@overload
def sqrt(x: _Node | _Array, /) -> Any: ...
@overload
def sqrt(x: float | Fraction, /) -> float: ...

@overload
def sin(x: _V, /) -> _V:
    """Compute sin(x). Defined for finite x."""
@overload
def sin(x: _Node | _Array, /) -> Any: ...
@overload
def sin(x: float | Fraction, /) -> float: ...

@overload
def cos(x: _V, /) -> _V:
    """Compute cos(x). Defined for finite x."""
@overload
def cos(x: _Node | _Array, /) -> Any: ...
@overload
def cos(x: float | Fraction, /) -> float: ...

@overload
def tan(x: _V, /) -> _V:
    """Compute tan(x). Defined for finite x."""
@overload
def tan(x: _Node | _Array, /) -> Any: ...
@overload
def tan(x: float | Fraction, /) -> float: ...

@overload
def arctan(x: _V, /) -> _V:
    """Compute arctan(x)."""
@overload
def arctan(x: _Node | _Array, /) -> Any: ...
@overload
def arctan(x: float | Fraction, /) -> float: ...

@overload
def maximum(a: _T, b: ArrayLike | SupportsFloat, /) -> _T:
    """Compute max(a, b). Of equal operands each gets half of the gradient."""
@overload
def maximum(a: ArrayLike | SupportsFloat, b: _T, /) -> _T: ...
@overload
def maximum(a: _V, b: SupportsFloat, /) -> _V: ...
@overload
def maximum(a: SupportsFloat, b: _V, /) -> _V: ...
@overload
def maximum(a: _Node | _Array, b: Any, /) -> Any: ...
@overload
def maximum(a: Any, b: _Node | _Array, /) -> Any: ...
@overload
def maximum(a: float | Fraction, b: float | Fraction, /) -> float: ...

@overload
def minimum(a: _T, b: ArrayLike | SupportsFloat, /) -> _T:
    """Compute min(a, b). Of equal operands each gets half of the gradient."""
@overload
def minimum(a: ArrayLike | SupportsFloat, b: _T, /) -> _T: ...
@overload
def minimum(a: _V, b: SupportsFloat, /) -> _V: ...
@overload
def minimum(a: SupportsFloat, b: _V, /) -> _V: ...
@overload
def minimum(a: _Node | _Array, b: Any, /) -> Any: ...
@overload
def minimum(a: Any, b: _Node | _Array, /) -> Any: ...
@overload
def minimum(a: float | Fraction, b: float | Fraction, /) -> float: ...

@overload
def tanh(x: _V, /) -> _V:
    """Compute tanh(x)."""
@overload
def tanh(x: _Node | _Array, /) -> Any: ...
@overload
def tanh(x: float | Fraction, /) -> float: ...

@overload
def sigmoid(x: _V, /) -> _V:
    """Compute sigmoid(x)."""
@overload
def sigmoid(x: _Node | _Array, /) -> Any: ...
@overload
def sigmoid(x: float | Fraction, /) -> float: ...

@overload
def relu(x: _V, /) -> _V:
    """Compute relu(x), x where x > 0 and 0 elsewhere. At 0 the derivative counts as 0."""
@overload
def relu(x: _Node | _Array, /) -> Any: ...
@overload
def relu(x: float | Fraction, /) -> float: ...

@overload
def leaky_relu(x: _V, /) -> _V:
    """Compute x where x > 0, and 0.01·x elsewhere. At 0 the derivative counts as 0.01."""
@overload
def leaky_relu(x: _Node | _Array, /) -> Any: ...
@overload
def leaky_relu(x: float | Fraction, /) -> float: ...

@overload
def softplus(x: _V, /) -> _V:
    """Compute log(1 + exp(x)) without overflow."""
@overload
def softplus(x: _Node | _Array, /) -> Any: ...
@overload
def softplus(x: float | Fraction, /) -> float: ...
