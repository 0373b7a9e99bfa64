"""The array in a Tensor: what goes in, what comes out, and that nobody changes it."""

import re

import numpy as np
import pytest

from cgviz import Tensor, Value, draw


@pytest.mark.parametrize(
    "data",
    [3, 2.5, True, [1, 2], (1.0, 2), [[1, 2], [3, 4]], np.arange(3), np.float32(2), np.eye(2) > 0, []],
)
def test_numbers_become_float64(data):
    t = Tensor(data, "t")
    assert t.data.dtype == np.float64
    assert t.shape == np.shape(data)
    np.testing.assert_array_equal(t.data, np.asarray(data))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([[1, 2], [3]], "rows of different lengths"),
        ([1, "a"], "text"),
        ("a", "text 'a'"),
        ([1j], "complex numbers"),
        (None, "None"),
        ([1, None], "objects"),
        ({"a": 1}, "a dict"),
        (np.array([1, object()], dtype=object), "objects"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), "dates"),
        (Value(1.0), "a Value"),
        (Tensor([1.0]), "a Tensor"),
        ([Tensor(1.0), Tensor(2.0)], "concatenate"),
        ([[Value(1.0)], [2]], "nodes of a graph"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused_in_one_sentence(data, said):
    with pytest.raises(TypeError, match=re.escape(said)) as caught:
        Tensor(data, "X")
    assert str(caught.value).startswith("the data of 'X' must be a rectangular array of numbers, got ")
    assert "\n" not in str(caught.value)
    leaf = Tensor([1.0], "X")
    with pytest.raises(TypeError, match=re.escape(said)):
        leaf.data = data
    assert leaf.data.tolist() == [1.0]


def test_the_second_argument_is_the_label():
    with pytest.raises(TypeError, match="an array and a label"):
        Tensor([1], [2])
    with pytest.raises(TypeError, match="an array and a label"):
        Tensor([1], "x", [2])


def test_the_callers_array_is_copied_and_never_changed():
    mine = np.array([1.0, 2.0])
    w = Tensor(mine, "w")
    mine[0] = 100.0
    assert w.data.tolist() == [1.0, 2.0]
    w.data = mine
    (w * w).sum().backward()
    w.data -= 0.5 * w.grad
    assert w.data.tolist() == [0.0, 0.0]
    assert mine.tolist() == [100.0, 2.0]


def test_descent_in_place_leaves_what_was_read_before_alone():
    w = Tensor([1.0, 2.0], "w")
    view, before = w[:1], w.data
    picture = draw(w)
    w.data -= 1.0
    w.data *= 3
    w.data /= 3
    w.data += 0.25
    w.data **= 2
    assert w.data.tolist() == [0.0625, 1.5625]
    assert before.tolist() == [1.0, 2.0]
    assert view.data.tolist() == [1.0]
    assert "[1, 2]" in picture.text
    with pytest.raises(ValueError, match="the shape would change from a 2-vector to 3×2"):
        w.data += np.ones((3, 1))


def test_a_step_that_is_a_tensor_is_refused():
    w = Tensor([1.0, 2.0], "w")
    with pytest.raises(TypeError, match=r"the data of 'w' must be .* got a Tensor \(what it holds is .data\)"):
        w.data -= w * 0.1
    assert w.data.tolist() == [1.0, 2.0]


def test_indexing_again_and_again_keeps_nothing():
    import gc
    import weakref

    x = Tensor([1.0, 2.0], "x")
    row = weakref.ref(x[[0, 1]]._push.op)
    gc.collect()
    assert row() is None


def test_writing_into_the_data_or_the_tensor_is_refused():
    w = Tensor([1.0, 2.0], "w")
    with pytest.raises(TypeError, match="cannot be changed in place"):
        w.data[0] = 5
    with pytest.raises(TypeError, match="cannot be changed in place"):
        w[0] = 5
    with pytest.raises(ValueError, match="read-only"):
        np.add(w.data, 1, out=w.data)
    new = w.numpy()
    new[0] = 5
    w.data = new
    assert w.data.tolist() == [5.0, 2.0]


def test_data_is_an_ordinary_array_in_every_other_way():
    w = Tensor([[1.0, 2.0]], "w")
    assert repr(w.data) == "array([[1., 2.]])"
    for result in (w.data + 1, 2 * w.data, np.exp(w.data), w.data @ np.ones(2), w.data.sum(axis=0), w.data > 1):
        assert type(result) is np.ndarray
    mine = w.data.copy()
    mine[0, 0] = 7
    mine += 1
    assert mine.tolist() == [[8.0, 3.0]]
    assert w.data.tolist() == [[1.0, 2.0]]
    w.data = mine
    mine[0, 0] = 0
    assert w.data.tolist() == [[8.0, 3.0]]


def test_what_one_asks_of_an_array():
    x = Tensor([[1, 2, 3], [4, 5, 6]], "x")
    assert (x.shape, x.ndim, x.size, len(x)) == ((2, 3), 2, 6, 2)
    assert [row.data.tolist() for row in x] == [[1, 2, 3], [4, 5, 6]]
    assert x.data.tolist() == x.numpy().tolist() == [[1, 2, 3], [4, 5, 6]]
    assert (x > 3).sum() == 3
    assert float(x[0, 1]) == x[0, 1].item() == 2.0
    assert f"{x.mean():.2f}" == "3.50"
    with pytest.raises(TypeError, match="'x' is 2×3, not a single number"):
        float(x)
    with pytest.raises(TypeError, match="not a single number"):
        bool(x)
    with pytest.raises(TypeError, match="single number"):
        len(x.sum())


def test_repr():
    assert repr(Tensor(2, "a")) == "Tensor(a: 2.0)"
    assert repr(Tensor([[1, 2], [3, 4.5]])) == "Tensor([[1. , 2. ], [3. , 4.5]])"
    assert repr(Tensor(np.zeros((60, 60)), "X")) == "Tensor(X: 60×60)"
