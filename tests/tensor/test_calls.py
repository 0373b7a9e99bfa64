"""NumPy's functions of whole arrays on Tensors: methods, answers about the numbers, or a sentence."""

import numpy as np
import pytest

from cgviz import Tensor

A = [[1.0, 2.0], [3.0, 5.0]]


@pytest.mark.parametrize(
    "call",
    [
        np.sum,
        np.mean,
        np.max,
        np.min,
        np.transpose,
        lambda x: np.sum(x, axis=0),
        lambda x: np.mean(x, 1, keepdims=True),
        lambda x: np.amax(x, axis=1),
        lambda x: np.reshape(x, (4, 1)),
    ],
)
def test_a_function_that_a_tensor_has_is_its_method(call):
    x = Tensor(A, "x")
    result = call(x)
    assert isinstance(result, Tensor)
    assert result.numpy().tolist() == call(np.array(A)).tolist()
    result.backward(gradient=np.ones(result.shape))
    assert x.grad.any()


@pytest.mark.parametrize(
    "call",
    [np.linalg.svd, np.linalg.eigh, np.fft.fft, np.gradient, np.cov, np.unique, lambda x: np.interp(x, A[0], A[1])],
)
def test_a_function_that_would_lose_the_gradient_says_what_to_write(call):
    with pytest.raises(TypeError, match=r"^np\.[\w.]+ would lose the gradient of a Tensor: "):
        call(Tensor(A, "x"))


def test_functions_that_only_look_see_the_numbers():
    x = Tensor(A, "x")
    assert np.shape(x) == (2, 2) and np.argmax(x) == 3
    assert np.allclose(x, A) and np.array_equal(x, A) and np.any(x > 4)
    assert np.round(x, 1).tolist() == A
    np.testing.assert_allclose(x.data, A)


def test_tensors_can_be_plotted():
    figure = pytest.importorskip("matplotlib.figure").Figure()
    axes, x = figure.subplots(), Tensor([1.0, 2.0, 3.0], "x")
    axes.plot(x, np.exp(x))  # asks for .to_numpy(); what asks for an array is told where the numbers are
    axes.scatter(x.data, (x * 2).data, c=x.data)
    with pytest.raises(TypeError, match="x.data"):
        axes.scatter(x, x)
    assert axes.lines[0].get_ydata() == pytest.approx(np.exp([1.0, 2.0, 3.0]))
