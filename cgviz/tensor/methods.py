"""What a Tensor can do that a number cannot: its array operations as methods, and their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..graph import NodeLike, objects
from ..text import a_shape, shorten
from . import array_rows as rows
from . import loss_rows
from .arguments import axis_of, index_of, whole
from .array_data import check_array
from .array_terms import write_chains
from .calls import array_function, methods
from .rerun import for_check
from .rule_errors import ShapeError
from .shapes import compress, reshape

if TYPE_CHECKING:
    from .tensor_methods import TensorMethods  # what the loops below and `operators.py` add, for type checkers
else:
    TensorMethods = object


class Arrays:
    """What `tensor.py` gives to the methods that stand in classes of their own."""

    __slots__ = ()
    _data: Any
    label: str

    if TYPE_CHECKING:

        @property
        def shape(self) -> tuple[int, ...]: ...
        @property
        def ndim(self) -> int: ...
        @property
        def dtype(self) -> np.dtype: ...
        def item(self) -> float: ...


class ArrayMethods(Arrays, TensorMethods):
    """The methods, each one a call of its row."""

    __slots__ = ()

    @property
    def T(self) -> Self:
        """The same numbers with the axes in reverse order."""
        return rows.transpose(None)(self)

    def numpy(self) -> np.ndarray:
        """The numbers as an array of one's own, which may be changed."""
        return self._data.copy()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Refuse: NumPy would go on without the graph, and the gradient would be lost in silence."""
        name = shorten(self.label) if isinstance(self.label, str) and self.label else "x"
        raise TypeError(
            f"NumPy would lose the gradient of {name_tensor(self)}: its numbers alone, without a gradient, are "
            f"{name}.data, or {name}.numpy() as an array of one's own "
            "(Tensors are joined by np.stack or np.concatenate)"
        )

    def to_numpy(self) -> np.ndarray:
        """The same as `numpy`, under the name that plotting libraries ask for."""
        return self.numpy()

    def __array_function__(self, function: Any, types: Any, args: tuple, options: dict[str, Any]) -> Any:
        return array_function(function, args, options)

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError(f"{name_tensor(self)} is a single number, it has no length")
        return len(self._data)

    def __iter__(self) -> Iterator[Self]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Self:
        return rows.getitem(index_of(index))(self)

    def __round__(self, digits: int | None = None) -> Any:
        """The numbers rounded, as `round` does: plain, for that is flat."""
        return self.round(digits or 0) if self.ndim else round(self.item(), digits)

    def tolist(self) -> Any:
        """The numbers as a list of lists, without a gradient; a single number as a float."""
        return self._data.tolist()

    def astype(self, dtype: Any, **options: Any) -> Self:
        """The Tensor itself, for the type that it has. Raises `TypeError` for others."""
        if np.dtype(dtype) != self.dtype:
            raise TypeError(
                f"a Tensor is float64 throughout; its numbers as {np.dtype(dtype)}, without a gradient, are "
                f"x.data.astype({np.dtype(dtype)!s})"
            )
        return self

    @property
    def real(self) -> Self:
        """The Tensor itself: its numbers are real."""
        return self

    def conj(self) -> Self:
        """The Tensor itself: its numbers are real."""
        return self

    conjugate = conj

    @property
    def mT(self) -> Self:
        """Each matrix of a stack transposed."""
        if self.ndim < 2:
            raise ShapeError(f"only matrices have an mT, and {name_tensor(self)} is {a_shape(self.shape)}")
        return rows.swap(self)

    def compress(self, condition: Any, axis: Any = None) -> Self:
        """The slices along an axis for which the condition holds."""
        return compress(condition, self, axis)

    def reshape(self, *sizes: Any, **order: Any) -> Self:
        """The same numbers in another shape, ``x.reshape(2, 3)`` or ``x.reshape((2, 3))``; one size may be -1."""
        return rows.reshape(whole(sizes))(self) if not order else reshape(self, sizes, **order)

    def transpose(self, *axes: Any) -> Self:
        """The same numbers with the axes in another order, ``x.transpose(0, 2, 1)``; reversed if none is given."""
        return rows.transpose(whole(axes) or None)(self)

    def softmax(self, axis: int = -1) -> Self:
        """exp(x), divided by its sum over the axis."""
        return loss_rows.softmax(axis_of(axis))(self)

    def log_softmax(self, axis: int = -1) -> Self:
        """log(softmax(x)), exact also for tiny probabilities."""
        return loss_rows.log_softmax(axis_of(axis))(self)

    def _explain(self, graph: Any, chains: Any) -> Any:
        return write_chains(graph, chains, objects(self))

    def _for_check(self) -> Any:
        return for_check(self)


def seed_of(root: NodeLike, accumulate: Any, gradient: Any) -> np.ndarray:
    """The gradient with which a backward pass begins: 1, or what the caller says."""
    if not isinstance(accumulate, (bool, np.bool_)):
        raise TypeError("accumulate is True or False; give a gradient by its name: backward(gradient=...)")
    if gradient is None:
        if root.size != 1:
            raise ShapeError(
                f"backward starts from a single number, and {name_tensor(root)} is {a_shape(root.shape)}: "
                f"sum it up first, y.sum().backward(), or say how much each number counts, y.backward(gradient=...)"
            )
        return np.ones(root.shape)
    seed = np.array(check_array(gradient, "gradient"))
    if seed.shape != root.shape:
        raise ShapeError(f"the gradient is {a_shape(seed.shape)}, but {name_tensor(root)} is {a_shape(root.shape)}")
    return seed


def name_tensor(node: Any) -> str:
    """What a sentence calls a Tensor."""
    return f"'{shorten(node.label)}'" if node.label else "the Tensor"


for _name, _method in methods().items():
    if _name not in vars(ArrayMethods):
        setattr(ArrayMethods, _name, _method)
for _name, _method in vars(ArrayMethods).items():
    if hasattr(_method, "__qualname__"):  # what Python's own messages call it
        _method.__qualname__ = f"Tensor.{_name}"
