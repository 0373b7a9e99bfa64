"""What NumPy refuses of arrays, a Tensor refuses: every allowed function, with axes and shapes of all kinds."""

import inspect
import warnings

import numpy as np
import pytest

import cgviz
from cgviz import Tensor
from cgviz.tensor.arguments import NODES
from cgviz.tensor.calls import name_of
from cgviz.tensor.plain import PLAIN

ALLOWED = {name_of(function): function for function in (*NODES, *PLAIN)}
SHAPES = [(), (3,), (2, 3), (3, 3), (2, 3, 4), (0, 3)]
AXES = [None, 0, -1, 2, -3, (0,), (0, 1), (0, 0), (-1,), (), (0, 1, 2), (5,), [0], [0, 1], True, 1.0, np.int64(0), "0",
        np.array([0]), ((0, 1),)]  # fmt: skip
MORE = {
    "np.take": (0,),
    "np.repeat": (2,),
    "np.roll": (1,),
    "np.quantile": (0.5,),
    "np.percentile": (50,),
    "np.split": (1,),
    "np.array_split": (2,),
    "np.delete": (0,),
    "np.insert": (0, 1.0),
}
TWO = {"np.append", "np.linalg.vecdot", "np.tensordot", "np.linalg.tensordot", "np.linalg.cross"}
SEVERAL = {"np.concatenate", "np.stack"}


def parameters(function):
    try:
        return set(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return set()


def shape_of(found):
    return [shape_of(one) for one in found] if isinstance(found, (list, tuple)) else np.shape(found)


def answer(call, *operands):
    """The shape of what comes, or None for a refusal, which has to be a sentence."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return shape_of(call(*operands))
        except (TypeError, ValueError, IndexError, ArithmeticError, AttributeError) as error:
            assert str(error)
            return None


@pytest.mark.parametrize("name", sorted(name for name in ALLOWED if parameters(ALLOWED[name]) & {"axis", "axes"}))
def test_an_axis_that_numpy_refuses_is_refused(name):
    function, word = ALLOWED[name], "axis" if "axis" in parameters(ALLOWED[name]) else "axes"
    for shape in SHAPES:
        array = np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape)
        for axis in AXES:

            def call(x, axis=axis):
                first = ([x, x],) if name in SEVERAL else (x, x) if name in TWO else (x, *MORE.get(name, ()))
                return function(*first, **{word: axis})

            wanted, found = answer(call, array), answer(call, Tensor(array))
            assert found in (wanted, None), f"{name} of {shape} with {word}={axis!r}: {found}, NumPy {wanted}"


@pytest.mark.parametrize("name", sorted(set(ALLOWED) - {"np.clip"}))  # its second bound may be left out in new versions
def test_shapes_that_numpy_refuses_are_refused(name):
    function = ALLOWED[name]
    for form in (lambda x, y: function(x, y), lambda x, y: function([x, y]), lambda x, y: function(x)):
        for one in [(), (1,), (3,), (2, 3), (3, 3), (2, 3, 3)]:
            for other in [(), (1,), (2,), (3,), (3, 2), (3, 3)]:
                x, y = np.ones(one) + np.eye(*one[-2:]) if len(one) > 1 else np.ones(one), np.ones(other)
                wanted = answer(form, x, y)
                found = answer(form, Tensor(x), Tensor(y))
                assert found in (wanted, None), f"{name} of {one} and {other}: {found}, NumPy {wanted}"


def test_the_refusals_are_sentences():
    x, z, v = Tensor(np.ones((2, 3))), Tensor(0.7), np.ones(3)
    for call, said in (
        (lambda: np.cumsum(x, axis=(0, 1)), "an axis is one whole number here"),
        (lambda: cgviz.concatenate([x, x], axis=(0, 1)), "the axis of concatenate is one whole number here"),
        (lambda: np.cumulative_sum(x), "np.cumulative_sum needs an axis here, for the numbers are 2×3: np.cumsum goes"),
        (lambda: np.linalg.outer(x, v), "np.linalg.outer takes vectors, got 2×3"),
        (lambda: np.linalg.vecdot(x, np.ones(1)), "as many numbers of the first as of the second along the axis"),
        (lambda: np.linalg.norm(z, axis=0), "axis=0 is refused, as NumPy refuses it of arrays"),
        (lambda: np.sum(x, axis=[0]), r"axis=\[0\] is refused, as NumPy refuses it of arrays"),
        (lambda: np.linalg.multi_dot([x]), "takes at least two arrays, got 1"),
        (lambda: np.select([x], [x]), "arrays of True and False"),
    ):
        with pytest.raises((TypeError, ValueError, IndexError), match=said):
            call()
