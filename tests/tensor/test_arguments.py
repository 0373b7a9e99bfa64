"""The arguments of NumPy's functions: each default, given, changes nothing; what is of no use is refused."""

import inspect

import numpy as np
import pytest

from cgviz import Tensor, Value, exp
from cgviz.tensor.arguments import NAMES, NO_VALUE, UNSAID, numpy_function
from cgviz.value.ufuncs import AS_EVER

SQUARE = np.array([[2.0, 0.5, -0.3], [0.1, 1.5, 0.7], [-0.4, 0.2, 1.8]])
VECTOR = np.array([0.7, -1.1, 2.2, 0.4])
FORMS = {
    "f(X)": lambda f, x, **o: f(x, **o),
    "f(x)": lambda f, x, **o: f(x[0], **o),
    "f(X, X)": lambda f, x, **o: f(x, x, **o),
    "f([X, X])": lambda f, x, **o: f([x, x], **o),
    "f(x, x)": lambda f, x, **o: f(x[0], x[1], **o),
    "f(X, 1)": lambda f, x, **o: f(x, 1, **o),
    "f(X, 0, 1)": lambda f, x, **o: f(x, 0, 1, **o),
    "f(X, 0.5)": lambda f, x, **o: f(x, 0.5, **o),
    "f(X, (9,))": lambda f, x, **o: f(x, (9,), **o),
    "f(X, (3, 3))": lambda f, x, **o: f(x, (3, 3), **o),
    "f(mask, X)": lambda f, x, **o: f(SQUARE > 0, x, **o),
    "f([mask], [X])": lambda f, x, **o: f([SQUARE > 0], [x], **o),
    "f([mask], X)": lambda f, x, **o: f([True, False, True], x, **o),
    "f(X, 0, x)": lambda f, x, **o: f(x, 0, x[0], **o),
    "f(text, X)": lambda f, x, **o: f("ij->j", x, **o),
    "f(X, places)": lambda f, x, **o: f(x, np.array([[0, 2, 1]]), **o),
    "f(X, places, axis)": lambda f, x, **o: f(x, np.array([[0, 2, 1]]), axis=0, **o),
    "f(X, -1, 1)": lambda f, x, **o: f(x, -1.0, 1.0, **o),
}
"""How a function may be called, tried one after the other."""


def first_call(function):
    """The first of the calls that NumPy takes, and that gives a Tensor of a Tensor."""
    for form in FORMS.values():
        try:
            form(function, SQUARE.copy())
            result = form(function, Tensor(SQUARE))
        except Exception:
            continue
        if parts(result):
            return form
    return None


def parts(result):
    if isinstance(result, (list, tuple)):
        return [x for part in result for x in parts(part)]
    return [result] if isinstance(result, (Tensor, np.ndarray)) else []


def defaults(name):
    """Every argument with a default, as NumPy's signature has it, and as it is meant where that does not say."""
    known = inspect.signature(numpy_function(name)).parameters.values()
    for p in known:
        if p.default is not p.empty:
            yield p.name, p.default
        for meant in (UNSAID.get((name, p.name), NO_VALUE), UNSAID.get(p.name, NO_VALUE)):
            if p.default is NO_VALUE and meant is not NO_VALUE:
                yield p.name, meant


def functions_with_defaults():
    for name in sorted(NAMES):
        if numpy_function(name) is None:
            continue
        try:
            found = list(defaults(name))
        except (TypeError, ValueError):
            continue
        yield from (pytest.param(name, *one, id=f"{name}-{one[0]}={one[1]!r}") for one in found)


@pytest.mark.parametrize(("name", "argument", "default"), list(functions_with_defaults()))
def test_a_default_that_is_given_is_as_if_it_were_not(name, argument, default):
    function = numpy_function(name)
    form = first_call(function)
    assert form is not None, "no call of this test reaches the function"
    try:
        form(function, SQUARE.copy(), **{argument: default})
    except TypeError:  # the form has given it by its place, or this NumPy does not take its own default
        try:
            form(function, Tensor(SQUARE), **{argument: default})
        except TypeError:
            return
    x, y = Tensor(SQUARE), Tensor(SQUARE)
    given, plain = form(function, x, **{argument: default}), form(function, y)
    for one, other in zip(parts(given), parts(plain), strict=True):
        assert one._op == other._op
        np.testing.assert_array_equal(one.data, other.data)
    sum((part * part).sum() for part in parts(given)).backward()
    sum((part * part).sum() for part in parts(plain)).backward()
    np.testing.assert_array_equal(x.grad, y.grad)


def test_the_defaults_are_of_most_functions():
    assert len(list(functions_with_defaults())) > 150


@pytest.mark.parametrize(("argument", "value"), AS_EVER.items())
def test_the_defaults_of_elementwise_functions(argument, value):
    if argument == "keepdims":  # only NumPy's matmul and its kin take it
        pytest.skip("no elementwise function takes it")
    for x in (Tensor(VECTOR), Value(0.5)):
        for function in (np.exp, np.tanh, np.negative):
            assert np.all(function(x, **{argument: value}).data == function(x).data)
        assert np.all(np.add(x, 2.0, **{argument: value}).data == (x + 2.0).data)
    assert exp(Value(0.0)).data == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda x: np.sum(x, where=SQUARE > 0), "np.sum of a Tensor takes no where"),
        (lambda x: np.sum(x, initial=1.0), "np.sum of a Tensor takes no initial"),
        (lambda x: x.prod(initial=0), "np.prod of a Tensor takes no initial"),
        (lambda x: np.take(x, [0], out=np.zeros(1)), "np.take of a Tensor takes no out: .*never written to"),
        (lambda x: np.exp(x, where=SQUARE > 0), "np.exp is no operation of a Tensor"),
        (lambda x: np.exp(x, dtype=np.float32), "np.exp is no operation of a Tensor"),
        (lambda x: x.sum(foo=1), "np.sum of a Tensor takes no foo: it takes a, axis, keepdims"),
        (lambda x: x.reshape(9, order="K"), "read in the order 'C' or 'F', got 'K'"),
        (lambda x: x.reshape(9, foo=1), "np.reshape of a Tensor takes no foo"),
        (lambda x: np.reshape(x, 9, copy=False), "takes no copy=False"),
        (lambda x: np.linalg.matrix_power(x[:2], 0), "matrix_power takes square matrices, got 2×3"),
        (lambda x: np.linalg.matrix_power(x[0], 2), "matrix_power takes square matrices, got a 3-vector"),
        (lambda x: np.linalg.norm(x[0], "fro"), "no norm of Tensors with ord='fro'"),
    ],
)
def test_what_would_change_something_is_refused(call, said):
    with pytest.raises((TypeError, ValueError), match=said):
        call(Tensor(SQUARE, "x"))


@pytest.mark.parametrize("sizes", [(6,), (3, 2), (-1, 2), (1, 6, 1)])
def test_the_order_f_is_that_of_numpy(sizes):
    array = np.arange(6.0).reshape(2, 3)
    for call in (lambda x: x.reshape(*sizes, order="F"), lambda x: np.reshape(x, sizes, order="F")):
        x = Tensor(array)
        y = call(x)
        np.testing.assert_array_equal(y.data, np.reshape(array, sizes, order="F"))
        (y * np.arange(6.0).reshape(y.shape)).sum().backward()
        np.testing.assert_array_equal(x.grad, np.arange(6.0).reshape(y.shape).reshape(array.shape, order="F"))
    assert Tensor(array).ravel("F").data.tolist() == array.ravel("F").tolist()


def test_none_is_given_where_it_is_not_the_default():
    x, places = Tensor(SQUARE), np.array([8, 0])
    np.testing.assert_array_equal(np.take_along_axis(x, places, None).data, np.take_along_axis(SQUARE, places, None))
    assert np.sort(x, None, kind="stable").data.tolist() == np.sort(SQUARE, None).tolist()
