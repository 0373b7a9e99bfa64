"""What Python and NumPy's arrays can do, asked of a Tensor: right, with the gradient, or one sentence of ours."""

import builtins
import copy
import math
import operator
import pickle
import re

import numpy as np
import pytest

from cgviz import Tensor

A = np.array([[2.0, 0.5, -0.3], [0.1, 1.5, 0.7]])

NODE = {
    "T": lambda x: x.T,
    "clip": lambda x: x.clip(0.0, 1.0),
    "compress": lambda x: x.compress([True, False, True], axis=1),
    "conj": lambda x: x.conj(),
    "conjugate": lambda x: x.conjugate(),
    "copy": lambda x: x.copy(),
    "cumprod": lambda x: x.cumprod(axis=0),
    "cumsum": lambda x: x.cumsum(),
    "diagonal": lambda x: x.diagonal(1),
    "dot": lambda x: x.dot(np.ones(3)),
    "flatten": lambda x: x.flatten(),
    "mT": lambda x: x.mT if hasattr(np.ndarray, "mT") else np.swapaxes(x, -1, -2),
    "max": lambda x: x.max(axis=1),
    "mean": lambda x: x.mean(),
    "min": lambda x: x.min(),
    "prod": lambda x: x.prod(axis=-1),
    "ravel": lambda x: x.ravel("F"),
    "real": lambda x: x.real,
    "repeat": lambda x: x.repeat(2, axis=0),
    "reshape": lambda x: x.reshape(3, 2, order="F"),
    "squeeze": lambda x: x.squeeze(),
    "std": lambda x: x.std(ddof=1),
    "sum": lambda x: x.sum(axis=(0, 1)),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "take": lambda x: x.take([0, 1, 1]),
    "trace": lambda x: x.trace(),
    "transpose": lambda x: x.transpose(1, 0),
    "var": lambda x: x.var(axis=0),
    "astype": lambda x: x.astype(float),
}
PLAIN = {
    "all": lambda x: x.all(),
    "any": lambda x: x.any(axis=0),
    "argmax": lambda x: x.argmax(),
    "argmin": lambda x: x.argmin(axis=0),
    "argpartition": lambda x: x.argpartition(1),
    "argsort": lambda x: x.argsort(),
    "data": lambda x: np.asarray(x.data),
    "dtype": lambda x: x.dtype,
    "item": lambda x: x[0, 0].item(),
    "ndim": lambda x: x.ndim,
    "nonzero": lambda x: x.nonzero(),
    "round": lambda x: x.round(1),
    "searchsorted": lambda x: x[0].searchsorted(1.0),
    "shape": lambda x: x.shape,
    "size": lambda x: x.size,
    "tolist": lambda x: x.tolist(),
}
SENTENCE = re.compile(
    r"^a Tensor |'x' is |one for each number|of a Tensor|for whole numbers|for truth values|of Tensors"
)


def agrees(call, array=A):
    """The numbers are NumPy's, and the gradient of a weighted sum of them is what small steps show."""
    x = Tensor(array, "x")
    y, expected = call(x), np.asarray(call(array.copy()))
    assert isinstance(y, Tensor)
    np.testing.assert_allclose(y.data, expected)
    weights = np.random.default_rng(0).normal(size=expected.shape)
    (y * weights).sum().backward()
    for at in np.ndindex(array.shape):
        step = np.zeros(array.shape)
        step[at] = 1e-6
        slope = (np.sum(weights * call(array + step)) - np.sum(weights * call(array - step))) / 2e-6
        assert x.grad[at] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", [name for name in dir(np.ndarray) if not name.startswith("_")])
def test_every_attribute_of_an_array_works_or_says_what_to_write(name):
    if name in NODE:
        agrees(NODE[name])
    elif name in PLAIN:
        found = PLAIN[name](Tensor(A))
        np.testing.assert_equal(found, A.data if name == "data" else PLAIN[name](A))
    else:
        assert not hasattr(Tensor(A), name)
        with pytest.raises(AttributeError, match="^a Tensor .*: |^a Tensor .*; |^a Tensor "):
            getattr(Tensor(A), name)


def test_every_name_of_these_is_one_of_arrays():
    assert {name for name in (*NODE, *PLAIN) if not hasattr(np.ndarray, name)} <= {"mT"}  # by version


TWO = {
    name: getattr(operator, name)
    for name in dir(operator)
    if getattr(np.ndarray, f"__{name.strip('_')}__", None) and f"__r{name.strip('_')}__" in dir(np.ndarray)
    if not name.startswith("__")
} | {"divmod": divmod}
"""The operators of two operands, as the class of arrays has them on both sides."""
NODES = {"add", "sub", "mul", "truediv", "pow", "matmul"}


@pytest.mark.parametrize("name", TWO)
def test_every_operator_of_two_gives_a_node_or_a_sentence(name):
    function = TWO[name]
    square = A[:, :2] + 1.0
    sides = [lambda x: function(x, 2.0), lambda x: function(2.0, x), lambda x: function(x, x)]
    if name == "matmul":
        sides = [lambda x: x @ square, lambda x: square @ x, lambda x: x @ x]
    for call in (*sides, lambda x: function(x, square), lambda x: function(square, x)):
        if name in NODES:
            agrees(call, square)
        else:
            with pytest.raises(TypeError) as told:
                call(Tensor(square, "x"))
            assert SENTENCE.search(str(told.value)), told.value


def test_every_operator_of_two_was_tried():
    assert set(TWO) >= NODES | {"floordiv", "mod", "lshift", "rshift", "divmod"}


@pytest.mark.parametrize(
    "name", [n for n in dir(operator) if n.startswith("i") and n not in ("index", "indexOf", "inv")]
)
def test_an_operator_in_place_makes_a_new_node_or_a_sentence(name):
    if name in ("invert", "is_", "is_not", "is_none", "is_not_none", "itemgetter", "itruth", "iconcat"):
        return
    x = Tensor([[2.0, 1.0], [0.5, 1.0]], "x")
    before = x.data
    try:
        y = getattr(operator, name)(x, x.data)
    except TypeError as error:
        assert SENTENCE.search(str(error)), (name, error)
    else:
        assert isinstance(y, Tensor) and y is not x and y._prev
    np.testing.assert_array_equal(x.data, before)


@pytest.mark.parametrize(
    "call", [operator.neg, operator.pos, abs, lambda x: sum(x), lambda x: x**2, lambda x: pow(x, 2)]
)
def test_operators_of_one(call):
    agrees(call)


@pytest.mark.parametrize(
    "call",
    [
        *(math.trunc, math.floor, math.ceil, int, float, complex, bool, round, lambda x: round(x, 1)),
        *(lambda x: format(x, ".2f"), lambda x: f"{x:8.3e}", math.sin, lambda x: math.fsum([x, x])),
    ],
)
@pytest.mark.parametrize("number", [2.53, -0.5])
def test_a_single_number_is_a_number_to_python(call, number):
    found, expected = call(Tensor(number, "x")), call(number)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    "call",
    [
        *(math.trunc, math.floor, math.ceil, int, float, complex, bool, math.sin, operator.index, range, bytes),
        *(lambda x: format(x, ".2f"), operator.invert, lambda x: pow(x, 2, 3), max, sorted, lambda x: [0][x]),
        *(lambda x: Tensor(A) in [x], lambda x: [x].index(Tensor(A)), lambda x: [Tensor(A)].count(x)),
        *(lambda x: operator.setitem(x, 0, 1), lambda x: operator.delitem(x, 0), lambda x: "ab" * x),
        *(lambda x: setattr(x, "shape", (6,)), lambda x: x.astype(int), lambda x: 1 if x > 0 else 0),
        *(lambda x: np.zeros(x), lambda x: np.floor_divide(x, 2), lambda x: np.mod(2, x), lambda x: np.divmod(x, 2)),
    ],
)
def test_what_an_array_is_not_is_one_sentence(call):
    with pytest.raises((TypeError, ValueError)) as told:
        call(Tensor(A, "x"))
    assert SENTENCE.search(str(told.value)), told.value


def test_builtins_that_go_through_the_rows():
    x = Tensor(A, "x")
    assert len(x) == 2 and all(isinstance(row, Tensor) for row in x)
    assert [row.data.tolist() for row in reversed(x)] == A[::-1].tolist()
    assert 1.5 in x and 9.0 not in x and "a" not in x and None not in x
    assert round(x, 1).tolist() == np.round(A, 1).tolist()
    assert x in [x] and hash(x) == hash(x) and Tensor(2.0) in [Tensor(2.0)]
    assert eval(repr(x.tolist())) == A.tolist()
    for again in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert again is not x and again.label == "x" and again.data.tolist() == A.tolist()
    for name in ("len", "iter", "reversed", "sum", "max", "sorted", "list", "enumerate"):
        with pytest.raises(TypeError, match="'s' is a single number, it has no length"):
            list(iter(getattr(builtins, name)(Tensor(2.0, "s"))))


def test_the_truth_of_one_comparison_is_its_truth():
    assert (Tensor([2.0]) > 1) and not (Tensor(2.0) < 1)
    truths = Tensor(A) > 0
    assert type(truths & truths) is np.ndarray and repr(truths) == repr(A > 0) and (A[truths] == A[A > 0]).all()


def test_full_like_is_a_node_of_a_tensor_and_an_array_of_a_number():
    x, s = Tensor(A, "x"), Tensor(3.0, "s")
    assert np.full_like(x, 2).tolist() == np.full_like(A, 2).tolist()
    y = np.full_like(x, s)
    y.sum().backward()
    assert y.data.tolist() == np.full_like(A, 3.0).tolist() and s.grad == 6
    with pytest.raises(TypeError, match=r"for np.full_like\(array, x\) write x \+ np.zeros_like\(array\)"):
        np.full_like(A, s)
