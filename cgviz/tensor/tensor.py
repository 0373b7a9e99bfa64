"""The array of the lessons: a `Value` that holds many numbers at once, and differentiates them together.

    x, W = Tensor([[1, 2], [3, 4]], "x"), Tensor([[0.5], [-1]], "W")
    L = (x @ W).sum()
    L.backward()
    W.grad                  # the shape of W: ∂L/∂W = xᵀ @ 1

The operations on single numbers are the rows of `array_rows.py`, run on arrays; those that only arrays have are
the rows of `array_rows.py` and `loss_rows.py` beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..graph import objects
from ..ops.op import Op
from ..text import a_shape, shape, shorten
from ..value import CONSTANT, LEAF, MOVED, Operands, Value, forget, new, push_all, restore, tell
from .array_data import FrozenArray, check_array, freeze, view_frozen
from .comparison import Comparisons
from .methods import ArrayMethods, name_tensor, seed_of
from .operators import install
from .push import Push, contribution
from .refused import Refusals, refuse_the_rest
from .rule_errors import forward, rule


class Tensor(Comparisons, ArrayMethods, Refusals, Value):
    """An array in a computational graph.

    `data` are the numbers (float64; whole numbers become floats) and `label` the name that pictures show.
    Arithmetic, functions, ``@``, ``sum``, ``reshape``, indexing … build the graph as they compute; shapes
    are broadcast as in NumPy. After ``L.backward()``, the `grad` of every node below L has its `shape`.
    Numbers, arrays and Values can stand on either side of an operator; gradients reach the Values too.

    The array given is copied and never changed. Raises `TypeError` when `data` is not a rectangular array
    of real numbers; operations raise `ShapeError`, with both shapes, and `DomainError`, with the element.

    >>> x, W, b = Tensor([[1, 2], [3, 4]], "x"), Tensor([[0.5], [-1]], "W"), Tensor([1], "b")
    >>> y = x @ W + b
    >>> y
    Tensor([[-0.5], [-1.5]])
    >>> (y * y).sum().backward()
    >>> W.grad, b.grad
    (array([[-10.],
           [-14.]]), array([-4.]))
    """

    __slots__ = ("_rest",)
    _a: Value | None
    _b: Value | None
    _rest: tuple[Value, ...]
    grad: Any  # an array of the shape of the numbers
    _make = staticmethod(new)

    def __init__(self, data: Any, label: str = "", *rest: Any) -> None:
        if rest or not isinstance(label, str):
            raise TypeError(
                f"Tensor takes an array and a label, such as Tensor([1, 2], 'x') (got {2 + len(rest)} arguments, "
                f"the second a {type(label).__name__})"
            )
        _set_up(self, check_array(data, label), (), LEAF)
        if label:
            self.label = label

    @classmethod
    def _results_made_by(cls, make: Callable) -> None:
        """Remember how to make results: the methods are the same for every subclass."""
        cls._make = staticmethod(make)

    @property  # type: ignore[override]  # an array, where a Value has a number
    def data(self) -> FrozenArray:
        """The array; it cannot be written to. Setting it copies what is given, and ``w.data -= step`` works.

        Setting it does not recompute what was computed from it: that shows as stale.
        """
        return view_frozen(self._data)

    @data.setter
    def data(self, data: Any) -> None:
        self._data = check_array(data, self.label)
        if self._mark is not None:
            self._mark = MOVED

    @property
    def _prev(self) -> tuple[Value, ...]:
        return Operands((*super()._prev, *self._rest)) if self._rest else super()._prev

    @_prev.setter
    def _prev(self, operands: Any) -> None:
        self._become()

    def _become(self, **changes: Any) -> None:
        raise TypeError("an operation of your own is one of Values: the graph of a Tensor is made by its operations")

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes."""
        return self._data.shape

    @shape.setter
    def shape(self, sizes: Any) -> None:
        raise TypeError("a Tensor keeps its shape; x.reshape(sizes) is a node of another shape")

    @property
    def dtype(self) -> np.dtype:
        """The type of the numbers, always float64."""
        return self._data.dtype

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return self._data.size

    def item(self) -> float:
        """The number, of a Tensor that holds a single one. Raises `TypeError` for others."""
        if self.size != 1:
            raise TypeError(f"{name_tensor(self)} is {a_shape(self.shape)}, not a single number")
        return self._data.item()

    def __float__(self) -> float:
        """The number alone: `math.sin`, `math.fsum` and ``array[0] = x`` ask for it too, and lose the gradient."""
        tell(self)
        return self.item()

    def __int__(self) -> int:
        return int(self.item())

    __trunc__ = __int__

    def __bool__(self) -> bool:
        return bool(self.item())

    def __repr__(self) -> str:
        label = f"{shorten(self.label)}: " if isinstance(self.label, str) and self.label else ""
        if not self.ndim:
            return f"{type(self).__name__}({label}{self._data.item()!r})"
        if self.size > 100:
            return f"{type(self).__name__}({label}{shape(self.shape)})"
        return f"{type(self).__name__}({label}{' '.join(np.array2string(self._data, separator=', ').split())})"

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else repr(self)

    def backward(self, accumulate: bool = False, gradient: Any = None) -> None:
        """Set the `grad` of every node of this graph to ∂self/∂node, an array of the node's shape.

        Gradients are zeroed first, so calling twice gives the same numbers; with ``accumulate=True``
        the new ones are added to those already there. A node with many numbers has no single
        derivative: `gradient`, of its shape, then says how much each of them counts.

        Raises `ShapeError` if `gradient` is missing or does not fit, `CycleError` if a node is its own
        ancestor, and `DomainError` where a derivative does not exist; gradients then count as not computed.

        >>> x = Tensor([1, 2, 3], "x")
        >>> (x * x).backward(gradient=[1, 0, 10])
        >>> x.grad
        array([ 2.,  0., 60.])
        """
        seed = seed_of(self, accumulate, gradient)
        found = objects(self)
        before = [(node, node.grad) for node in found if node._mark is not MOVED] if accumulate else ()
        walk = object()
        for node in found:
            node._mark, node.grad = walk, 0.0
        self.grad = seed
        try:
            push_all([node for node in found if node._a is not None])
        except Exception:
            forget(found)
            raise
        for node, grad in before:
            node.grad = node.grad + grad

    @property
    def _zero(self) -> np.ndarray:  # type: ignore[override]  # of its own shape, where a Value has 0.0
        return np.zeros(self.shape)

    def _fresh(self) -> bool:
        """Whether the array still is what its operands give, up to the last digits of long sums."""
        try:
            with np.errstate(all="ignore"):
                again = np.asarray(rule(self._push.op)(*(x._data for x in self._prev)))
        except (ValueError, IndexError):
            return False
        if again.shape != self.shape:
            return False
        near = 1e-12 * float(np.max(np.abs(again[np.isfinite(again)]), initial=0.0))
        return np.allclose(again, self._data, rtol=1e-12, atol=near, equal_nan=True)

    def _apply(self, op: Op, xs: tuple) -> Tensor:
        """Build the node of an operation on these operands, at least one of which is a Tensor."""
        if len(xs) != op.arity:
            raise TypeError(f"{op.name} takes {op.arity} operand{'s' * (op.arity > 1)}, got {len(xs)}")
        cls: Any = None  # one of them is a Tensor
        for x in xs:
            if isinstance(x, Tensor) and (cls is None or issubclass(type(x), cls)):
                cls = type(x)
        operands = tuple(x if isinstance(x, Value) else _constant(cls, x) for x in xs)
        y = freeze(forward(op, [x._data for x in operands], [x.label for x in operands]))
        wanted = tuple(i for i, x in enumerate(operands) if not x._constant)
        return _set_up(cls._make(cls), y, operands, Push(op, wanted))

    def _pull(self, g: Any) -> list[Any]:
        """What flows back to each operand when the gradient `g` arrives, for `steps` and `explain`."""
        wanted, op, g = self._push.wanted, self._push.op, np.asarray(g)
        return [contribution(op, i, g, self) if i in wanted else 0.0 for i in range(len(self._prev))]

    def __reduce__(self) -> tuple:
        _, (ancestors, cls, state), attributes = super().__reduce__()
        return _restore, ((ancestors, cls, (*state[:-1], self._push)), self._rest), attributes


def _set_up(node: Tensor, data: np.ndarray, operands: tuple[Value, ...], push: Callable) -> Tensor:
    node._data = data
    node.grad = np.zeros(data.shape)
    node._a, node._b = (*operands[:2], None, None)[:2]
    node._rest = operands[2:]
    node._push = push
    node._mark = None
    return node


def _constant(cls: type[Tensor], data: Any) -> Tensor:
    return _set_up(cls._make(cls), check_array(data), (), CONSTANT)


def _restore(value: tuple, rest: tuple) -> Tensor:
    node = restore(*value)
    node._rest, node._data = rest, freeze(node._data)
    return node


install(Tensor)
refuse_the_rest(Tensor)
Tensor._make = staticmethod(new)  # its own results need no `__init__`
