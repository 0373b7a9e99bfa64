"""Shapes that do not fit, and other mistakes, each told in one sentence."""

import numpy as np
import pytest

from cgviz import ShapeError, Tensor, binary_cross_entropy, concatenate, cross_entropy, maximum, mean_squared_error


@pytest.mark.parametrize(
    ("compute", "said"),
    [
        (lambda x, W: x + W, "cannot compute x + W (x is 2×3, W is 2×4): counted from the last, sizes must be equal"),
        (
            lambda x, W: x @ W,
            "cannot compute x @ W (x is 2×3, W is 2×4): the last size of the first, 3, must equal the",
        ),
        (lambda x, W: x @ W[0], "x is 2×3, b is a 4-vector"),
        (lambda x, W: x @ 2, "for a number write *"),
        (lambda x, W: maximum(np.ones(5), x), "a is a 5-vector, x is 2×3"),
        (lambda x, W: x.reshape(4, 2), "6 numbers do not fit into 4×2"),
        (lambda x, W: concatenate([x, W]), "concatenate(x, W, axis=0) (x is 2×3, W is 2×4)"),
        (lambda x, W: x[:, :0].max(axis=1), "is empty"),
        (lambda x, W: x[:0].mean(), "is empty"),
        (lambda x, W: mean_squared_error(x, W), "'x' is 2×3 and 'W' is 2×4, but they must have the same shape"),
        (lambda x, W: mean_squared_error(x[:, :1], np.ones(2)), "is 2×1 and the second is a 2-vector"),
        (lambda x, W: mean_squared_error(x[:0], x[:0]), "there are no samples"),
        (lambda x, W: cross_entropy(x, [1]), "must be a 2-vector (a class for each sample) or 2×3 (one-hot)"),
        (lambda x, W: cross_entropy(x[:, :1], [0, 0]), "binary_cross_entropy"),
        (lambda x, W: cross_entropy(x[:0], []), "there are no samples"),
        (lambda x, W: binary_cross_entropy(x[:, 0], [[0], [1]]), "must have the same shape"),
    ],
)
def test_shapes_that_do_not_fit_are_told_with_both_shapes(compute, said):
    x, W = Tensor(np.ones((2, 3)), "x"), Tensor(np.ones((2, 4)), "W")
    with pytest.raises(ShapeError) as caught:
        compute(x, W)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("compute", "error", "said"),
    [
        (lambda x: x[5], IndexError, "index 5 is out of bounds"),
        (lambda x: x[0.5], IndexError, "x[0.5] (x is 2×3)"),
        (lambda x: x.sum(axis=2), IndexError, "axis 2 is out of bounds"),
        (lambda x: x.sum(axis="0"), TypeError, "an axis is a whole number"),
        (lambda x: x.reshape(1.5, 4), TypeError, "whole number"),
        (lambda x: x.transpose(0, 0), ValueError, "transpose"),
        (lambda x: cross_entropy(x, [0, 3]), ValueError, "whole numbers from 0 to 2, got 3"),
        (lambda x: cross_entropy(x, [0, 0.5]), ValueError, "whole numbers from 0 to 2, got 0.5"),
        (lambda x: cross_entropy(x, np.ones((2, 3))), ValueError, "add up to 1"),
        (lambda x: binary_cross_entropy(x, x * 0 + 2), ValueError, "between 0 (no) and 1 (yes)"),
        (lambda x: concatenate([]), ValueError, "at least one"),
    ],
)
def test_other_mistakes_are_one_sentence_too(compute, error, said):
    with pytest.raises(error) as caught:
        compute(Tensor(np.ones((2, 3)), "x"))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_index_that_is_changed_later_changes_nothing():
    x, index = Tensor([1.0, 2.0, 3.0], "x"), [0, 0]
    y = x[index]
    array = np.array([2, 2])
    z = x[array]
    index[0] = array[0] = 1
    (y.sum() + z.sum()).backward()
    assert x.grad.tolist() == [2.0, 0.0, 2.0]
