"""Functions of Tensors that people call: softmax, losses, concatenate.

A loss takes what the model gives before the last softmax or sigmoid (its *logits*), and is the mean
over the samples. Functions of arrays alone give arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..text import a_shape, kind, shorten
from ..value import Value
from . import loss_rows as rows
from .arguments import axis_of, one_axis
from .array_data import check_array
from .array_rows import concatenate as concatenate_row
from .rule_errors import ShapeError


def softmax(x: Any, axis: int = -1) -> Any:
    """exp(x), divided by its sum over the axis: numbers become probabilities.

    >>> softmax(np.array([0.0, 0.0])), softmax(np.array([1000.0, 0.0]))
    (array([0.5, 0.5]), array([1., 0.]))
    """
    return rows.softmax(axis_of(axis))(_operand(x))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """log(softmax(x)), exact also where softmax is too small for a number.

    >>> log_softmax(np.array([1000.0, 0.0]))
    array([    0., -1000.])
    """
    return rows.log_softmax(axis_of(axis))(_operand(x))


def cross_entropy(logits: Any, targets: Any) -> Any:
    """The mean of -log(softmax(logits)[right class]) over the samples; softmax is part of it.

    `logits` is samples × classes. `targets` are the right classes, one whole number for each sample, or
    probabilities in the shape of `logits` (one-hot: 1 for the right class). ∂/∂logits is
    ``(softmax(logits) - one_hot) / samples``.

    Raises `ShapeError` where shapes do not fit, `ValueError` for a class that does not exist.

    >>> from cgviz import Tensor
    >>> z = Tensor([[2, 1, 0], [0, 0, 0]], "z")
    >>> L = cross_entropy(z, [0, 2])
    >>> L.backward()
    >>> round(L.item(), 4), z.grad.round(3)
    (0.7531, array([[-0.167,  0.122,  0.045],
           [ 0.167,  0.167, -0.333]]))
    """
    z, t = _operand(logits), _operand(targets)
    if len(z.shape) == 0 or z.shape[-1] < 2:
        raise ShapeError(
            f"cross_entropy needs a column of logits for each class, got {a_shape(z.shape)}; "
            f"for two classes told apart by one number there is binary_cross_entropy"
        )
    if t.shape == z.shape[:-1]:
        t = _one_hot(t, z.shape[-1])
    elif t.shape != z.shape:
        raise ShapeError(
            f"the targets of cross_entropy must be {a_shape(z.shape[:-1])} (a class for each sample) or "
            f"{a_shape(z.shape)} (one-hot), like the logits, got {a_shape(t.shape)}"
        )
    elif (_array(t) < 0).any() or not np.allclose(np.sum(_array(t), -1), 1.0, atol=1e-6):
        raise ValueError(
            "the targets of cross_entropy must be probabilities, none below 0, that add up to 1 in each row"
        )
    return rows.cross_entropy()(z, t)


def binary_cross_entropy(logits: Any, targets: Any) -> Any:
    """The mean of -log(probability of the right answer) for yes and no; the sigmoid is part of it.

    `logits` and `targets` have the same shape. A target is 1 for yes and 0 for no, or a probability
    between; σ(logit) is the probability of yes. ∂/∂logits is ``(σ(logits) - targets) / samples``. No logit is
    too large: the loss is softplus(z) - t·z.

    Raises `ShapeError` where shapes differ, `ValueError` for targets outside 0 … 1.

    >>> from cgviz import Tensor
    >>> z = Tensor([0, 1000, -1000], "z")
    >>> L = binary_cross_entropy(z, [1, 1, 1])
    >>> L.backward()
    >>> round(L.item(), 4), z.grad.round(4)
    (333.5644, array([-0.1667,  0.    , -0.3333]))
    """
    z, t = _same_shape("binary_cross_entropy", logits, targets)
    numbers = _array(t)
    if (numbers < 0).any() or (numbers > 1).any():
        raise ValueError("the targets of binary_cross_entropy must lie between 0 (no) and 1 (yes)")
    return rows.binary_cross_entropy()(z, t)


def mean_squared_error(prediction: Any, target: Any) -> Any:
    """The mean of (prediction - target)².

    The shapes must be equal: broadcasting 100×1 against 100 would silently compare everything with everything.
    Raises `ShapeError` if they are not.

    >>> from cgviz import Tensor
    >>> y = Tensor([1, 2], "y")
    >>> mean_squared_error(y, [3, 2])
    Tensor(2.0)
    """
    return rows.mean_squared_error()(*_same_shape("mean_squared_error", prediction, target))


def concatenate(tensors: Any, axis: int = 0) -> Any:
    """Join Tensors and arrays side by side along an axis that they have.

    Raises `ShapeError` where another axis differs.

    >>> from cgviz import Tensor
    >>> concatenate([Tensor([1, 2]), [3]])
    Tensor([1., 2., 3.])
    """
    if not isinstance(tensors, Iterable):
        raise TypeError(f"concatenate takes a list of Tensors, such as [a, b], got {kind(tensors)}")
    joined = tuple(map(_operand, tensors))
    if not joined:
        raise ValueError("concatenate needs at least one Tensor")
    return concatenate_row(one_axis(axis, "the axis of concatenate"), len(joined))(*joined)


def _operand(x: Any) -> Any:
    """A Tensor as it is, anything else as an array."""
    if isinstance(x, Value) and not hasattr(x, "shape"):
        raise TypeError(f"expected a Tensor or an array, got a {type(x).__name__}, which is a single number")
    return x if isinstance(x, Value) else np.asarray(check_array(x))


def _array(x: Any) -> np.ndarray:
    return x._data if isinstance(x, Value) else x


def _same_shape(name: str, prediction: Any, target: Any) -> tuple[Any, Any]:
    y, t = _operand(prediction), _operand(target)
    if y.shape != t.shape:
        first, second = _name_operand(y, "the first"), _name_operand(t, "the second")
        raise ShapeError(
            f"{name} compares number with number: {first} is {a_shape(y.shape)} and {second} is {a_shape(t.shape)}, "
            f"but they must have the same shape (try reshape)"
        )
    return y, t


def _name_operand(x: Any, otherwise: str) -> str:
    label = getattr(x, "label", "")
    return f"'{shorten(label)}'" if label else otherwise


def _one_hot(classes: Any, count: int) -> np.ndarray:
    """A row for each class number, with a 1 in its column."""
    numbers = _array(classes)
    wrong = (numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= count)
    if wrong.any():
        raise ValueError(
            f"the classes of cross_entropy must be whole numbers from 0 to {count - 1}, got {numbers[wrong].flat[0]:g}"
        )
    return np.eye(count)[numbers.astype(int)]
