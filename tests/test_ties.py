"""Where an operation has a kink: one convention, PyTorch's, in every engine; and NaN, which is passed on."""

import math

import numpy as np
import pytest

from cgviz import Tensor, Value
from cgviz.ops import rows
from cgviz.program import Program
from cgviz.program.array_engine import ArrayEngine
from cgviz.run.higher_derivatives import derivative

NAN = math.nan
KINKS = [
    ("maximum", (2.0, 2.0), (0.5, 0.5)),
    ("maximum", (-0.0, 0.0), (0.5, 0.5)),
    ("maximum", (3.0, 2.0), (1.0, 0.0)),
    ("minimum", (2.0, 2.0), (0.5, 0.5)),
    ("minimum", (3.0, 2.0), (0.0, 1.0)),
    ("relu", (0.0,), (0.0,)),
    ("leaky_relu", (0.0,), (0.01,)),
    ("abs", (0.0,), (0.0,)),
]
UNDEFINED = [
    *(("maximum", xs) for xs in ((NAN, 1.0), (1.0, NAN), (NAN, NAN))),
    *(("minimum", xs) for xs in ((NAN, 1.0), (1.0, NAN), (NAN, NAN))),
    *((name, (NAN,)) for name in ("relu", "leaky_relu", "abs", "sigmoid", "softplus")),
]


def by_values(op, xs):
    leaves = [Value(x) for x in xs]
    y = op(*leaves)
    y.backward()
    return y.data, *(leaf.grad for leaf in leaves)


def by_tensors(op, xs):
    leaves = [Tensor([x, 5.0]) for x in xs]
    y = op(*leaves)
    y.backward(gradient=[1.0, 0.0])
    return float(y.data[0]), *(float(leaf.grad[0]) for leaf in leaves)


def by_a_program(op, xs, arrays=False):
    names = "ab"[: len(xs)]
    program = Program(op(*(Value(3.0 + i, name) for i, name in enumerate(names))))
    run = program(**{name: np.array([x, 5.0]) if arrays else x for name, x in zip(names, xs, strict=True)})
    numbers = (run.value, *(run.grad[name] for name in names))
    return tuple(float(x[0]) if arrays else x for x in numbers)


def by_a_program_over_arrays(op, xs):
    return by_a_program(op, xs, arrays=True)


def by_groups(op, xs):
    program = Program(op(*(Value(3.0 + i) for i in range(len(xs)))))
    program.engine = ArrayEngine(program._tape)
    run = program(*xs)
    return run.value, *run.leaf_grads.tolist()


def by_derivatives(op, xs):
    leaves = [Value(x) for x in xs]
    function = (lambda a: op(a)) if len(xs) == 1 else (lambda a, b: op(a, b))
    slopes = (derivative(function, wrt=i)(*leaves) for i in range(len(xs)))
    return op(*xs), *(float(slope) for slope in slopes)


ENGINES = [by_values, by_tensors, by_a_program, by_a_program_over_arrays, by_groups, by_derivatives]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "xs", "expected"), KINKS)
def test_every_engine_keeps_to_one_convention(name, xs, expected, engine):
    op = rows.OPS[name]
    assert engine(op, xs) == pytest.approx((op(*xs), *expected), abs=0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "xs"), UNDEFINED)
def test_every_engine_passes_nan_on(name, xs, engine):
    assert math.isnan(engine(rows.OPS[name], xs)[0])


def torch_s(torch):
    f = torch.nn.functional
    return {
        "maximum": torch.maximum,
        "minimum": torch.minimum,
        "relu": torch.relu,
        "leaky_relu": lambda x: f.leaky_relu(x, 0.01),
        "abs": torch.abs,
    }


@pytest.mark.parametrize(("name", "xs", "expected"), KINKS)
def test_the_convention_is_pytorchs(torch, name, xs, expected):
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in xs]
    torch_s(torch)[name](*leaves).backward()
    assert [leaf.grad.item() for leaf in leaves] == list(expected)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
@pytest.mark.parametrize("xs", [(NAN, 1.0), (1.0, NAN), (NAN, NAN)])
def test_the_gradients_beside_nan_are_pytorchs(torch, name, xs):
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in xs]
    torch_s(torch)[name](*leaves).backward()
    assert [leaf.grad.item() for leaf in leaves] == list(by_values(rows.OPS[name], xs)[1:])


def test_over_axes_equal_ones_share_as_two_do():
    for arrays in ([2.0, 2.0], [2.0, 2.0, 2.0, 1.0]):
        for pick in (Tensor.max, lambda x: -(-x).min()):
            x = Tensor(arrays)
            pick(x).backward()
            count = arrays.count(2.0)
            assert x.grad.tolist() == [1 / count if n == 2.0 else 0.0 for n in arrays]
    a, b = Tensor(2.0), Tensor(2.0)
    rows.maximum(a, b).backward()
    assert (a.grad.item(), b.grad.item()) == (0.5, 0.5)


def test_the_convention_is_said_in_the_docstrings():
    for name, words in (("maximum", "half"), ("minimum", "half"), ("relu", "At 0"), ("abs", "At 0")):
        assert words in rows.OPS[name].__doc__
    assert "same share" in Tensor.max.__doc__ and "same share" in Tensor.min.__doc__


@pytest.mark.parametrize("numbers", [(NAN, 1.0), (NAN, 2.0, 2.0), (NAN, NAN, 1.0), (1.0, NAN)])
def test_the_gradient_of_nan_is_what_the_reference_says(numbers):
    for name in ("max", "min"):
        x = Tensor(numbers)
        getattr(x, name)().backward()
        where = np.isnan(numbers)
        assert x.grad.tolist() == (where / where.sum()).tolist()
    for op in (rows.maximum, rows.minimum):
        assert by_values(op, numbers[:2])[1:] == by_tensors(op, numbers[:2])[1:] == (1.0, 1.0)


@pytest.mark.parametrize("numbers", [(NAN, 1.0), (NAN, 2.0, 2.0), (NAN, NAN, 1.0), (1.0, NAN)])
def test_the_gradient_of_nan_is_pytorchs(torch, numbers):
    for name in ("max", "min"):
        x, t = Tensor(numbers), torch.tensor(numbers, requires_grad=True)
        getattr(x, name)().backward()
        getattr(t, name)().backward()
        assert t.grad.tolist() == x.grad.tolist()
