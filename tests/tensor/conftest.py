import pytest

from cgviz import Tensor


@pytest.fixture
def layer():
    """The mean square L of a layer y = x @ W + b: x, W, b, y and L, made anew for each test."""
    x, W, b = Tensor([[1, 2], [3, 4], [5, 6]], "x"), Tensor([[0.5], [-1]], "W"), Tensor([1], "b")
    y = x @ W + b
    y.label = "y"
    L = (y * y).mean()
    L.label = "L"
    return x, W, b, y, L
