"""Every axis of either sign, alone and in tuples: NumPy's numbers, and the gradients that small steps show."""

import itertools

import numpy as np
import pytest

from cgviz import Tensor, concatenate, log_softmax, softmax

SHAPES = [(), (3,), (2, 3), (3, 1), (2, 3, 4), (2, 1, 3, 2)]


def numbers(shape):
    return (
        np.random.default_rng(len(shape)).permutation(np.arange(1.0, 1.0 + np.prod(shape, dtype=int))).reshape(shape)
        / 7
    )


def parts(result):
    return list(result) if isinstance(result, (list, tuple)) else [result]


def agree(ours, theirs, *arrays):
    """The numbers are NumPy's; along two directions the gradient of a weighted sum is the slope of small steps."""
    leaves = [Tensor(x) for x in arrays]
    nodes, expected = parts(ours(*leaves)), parts(theirs(*arrays))
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=np.shape(x)) for x in expected]
    for node, x in zip(nodes, expected, strict=True):
        assert isinstance(node, Tensor) and node.shape == np.shape(x)
        np.testing.assert_allclose(node.data, x, rtol=1e-12, atol=1e-14)
    sum((node * w).sum() for node, w in zip(nodes, weights, strict=True)).backward()
    assert [leaf.grad.shape for leaf in leaves] == [x.shape for x in arrays]

    def along(ways, step):
        found = parts(theirs(*(x + step * way for x, way in zip(arrays, ways, strict=True))))
        return sum(float(np.sum(w * x)) for w, x in zip(weights, found, strict=True))

    for _ in range(2):
        ways = [rng.normal(size=x.shape) for x in arrays]
        slope = (along(ways, 1e-6) - along(ways, -1e-6)) / 2e-6
        gained = sum(float(np.sum(leaf.grad * way)) for leaf, way in zip(leaves, ways, strict=True))
        assert gained == pytest.approx(slope, rel=1e-5, abs=1e-7)


def signs(axes, ndim):
    """The same axes counted from either end."""
    return itertools.product(*((axis, axis - ndim) for axis in axes))


def single(shape):
    return [a for axis in range(len(shape)) for (a,) in signs((axis,), len(shape))]


def several(shape):
    chosen = (c for n in range(len(shape) + 1) for c in itertools.combinations(range(len(shape)), n))
    return [axes for c in chosen for axes in signs(c, len(shape))]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_axes_in_any_order_and_sign(shape):
    x = numbers(shape)
    for order in itertools.permutations(range(len(shape))):
        for axes in signs(order, len(shape)):
            agree(lambda t, axes=axes: np.transpose(t, axes), lambda t, axes=axes: np.transpose(t, axes), x)
            if axes:
                agree(lambda t, axes=axes: t.transpose(*axes), lambda t, axes=axes: t.transpose(*axes), x)
    agree(lambda t: t.transpose(), np.transpose, x)
    agree(lambda t: t.T, np.transpose, x)


REDUCTIONS = ["sum", "mean", "max", "min", "prod", "std", "var", "median", "ptp", "average", "linalg.norm", "quantile"]


def called(name, x, **options):
    function = np.linalg.norm if name == "linalg.norm" else getattr(np, name)
    return function(x, 0.3, **options) if name == "quantile" else function(x, **options)


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("shape", SHAPES[1:], ids=str)
def test_reductions_over_every_choice_of_axes(name, shape):
    x, tried = numbers(shape), 0
    for axis in [None, *single(shape), *several(shape)]:
        for keepdims in (False, True):
            options = {"axis": axis, "keepdims": keepdims}
            try:
                expected = called(name, x, **options)
            except (ValueError, TypeError, IndexError):
                continue  # a norm over three axes, a median over none
            if name in ("std", "var") and np.min(expected) < 1e-12:
                continue  # of one number: no slope at 0, and that is said elsewhere
            function = lambda t, options=options: called(name, t, **options)  # noqa: E731
            agree(function, function, x)
            tried += 1
    assert tried or shape == (3, 1)


ALONG = {
    "cumsum": lambda x, a: np.cumsum(x, a),
    "cumsum method": lambda x, a: x.cumsum(a),
    "cumprod": lambda x, a: np.cumprod(x, a),
    "sort": lambda x, a: np.sort(x, a),
    "diff": lambda x, a: np.diff(x, axis=a),
    "flip": lambda x, a: np.flip(x, a),
    "roll": lambda x, a: np.roll(x, 1, axis=a),
    "repeat": lambda x, a: np.repeat(x, 2, axis=a),
    "take": lambda x, a: np.take(x, [0, -1, 0], axis=a),
    "delete": lambda x, a: np.delete(x, 0, axis=a),
    "insert": lambda x, a: np.insert(x, 0, 5.0, axis=a),
    "append": lambda x, a: np.append(x, x, axis=a),
    "concatenate": lambda x, a: np.concatenate([x, x * 2], axis=a),
    "stack": lambda x, a: np.stack([x, x * 2], axis=a),
    "expand_dims": lambda x, a: np.expand_dims(x, a),
    "moveaxis": lambda x, a: np.moveaxis(x, a, 0),
    "moveaxis to": lambda x, a: np.moveaxis(x, 0, a),
    "rollaxis": lambda x, a: np.rollaxis(x, a),
    "swapaxes": lambda x, a: np.swapaxes(x, a, 0),
    "swapaxes method": lambda x, a: x.swapaxes(-1, a),
    "array_split": lambda x, a: np.array_split(x, 2, axis=a),
    "trapezoid": lambda x, a: np.trapezoid(x, axis=a),
    "unstack": lambda x, a: np.unstack(x, axis=a),
    "clip": lambda x, a: np.clip(x, None, np.max(x, axis=a, keepdims=True)),
}
LATER = {"trapezoid": "trapezoid", "unstack": "unstack"}
"""What older NumPys do not have."""


@pytest.mark.parametrize("name", ALONG)
@pytest.mark.parametrize("shape", SHAPES[1:], ids=str)
def test_functions_along_every_axis(name, shape):
    if not hasattr(np, LATER.get(name, "sum")):
        pytest.skip("this NumPy does not have it")
    function, x = ALONG[name], numbers(shape)
    for axis in single(shape):
        agree(lambda t, axis=axis: function(t, axis), lambda t, axis=axis: function(t, axis), x)


@pytest.mark.parametrize("name", ["expand_dims", "squeeze", "flip", "rot90", "diagonal", "trace", "roll"])
@pytest.mark.parametrize("shape", SHAPES[2:], ids=str)
def test_functions_of_two_axes(name, shape):
    x, function = numbers(shape), getattr(np, name)
    tried = 0
    for axes in [(a, b) for a, b in itertools.product(single(shape), repeat=2)]:
        call = {
            "rot90": lambda t, axes=axes: function(t, 1, axes),
            "diagonal": lambda t, axes=axes: function(t, 0, *axes),
            "trace": lambda t, axes=axes: function(t, 0, *axes),
            "roll": lambda t, axes=axes: function(t, (1, 2), axes),
        }.get(name, lambda t, axes=axes: function(t, axes))
        try:
            call(x)
        except (ValueError, IndexError) as error:
            with pytest.raises((ValueError, IndexError), match=r"axis|axes|repeated|size"):
                call(Tensor(x, "x"))
            assert not isinstance(error, TypeError)
            continue
        agree(call, call, x)
        tried += 1
    assert tried or name == "squeeze"


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_softmax_over_every_axis(shape):
    def plain(t, axis):
        powers = np.exp(t - np.max(t, axis, keepdims=True))
        return powers / np.sum(powers, axis, keepdims=True)

    for axis in [*single(shape), *(() if shape else (0, -1))]:
        agree(lambda t, axis=axis: softmax(t, axis), lambda t, axis=axis: plain(t, axis), numbers(shape))
        agree(lambda t, axis=axis: log_softmax(t, axis), lambda t, axis=axis: np.log(plain(t, axis)), numbers(shape))
        if shape:
            agree(
                lambda t, u, axis=axis: concatenate([t, u], axis),
                lambda t, u, axis=axis: np.concatenate([t, u], axis),
                numbers(shape),
                numbers(shape) * 3,
            )


@pytest.mark.parametrize("name", ["sum", "max", "min", "prod", "cumsum", "cumprod"])
def test_a_single_number_has_an_axis_to_add_up_along_as_numpy_has_it(name):
    for axis in (None, 0, -1):
        function = lambda t, axis=axis: getattr(np, name)(t, axis=axis)  # noqa: E731
        agree(function, function, np.array(2.5))
        agree(lambda t, axis=axis: getattr(t, name)(axis=axis), function, np.array(2.5))
        if not name.startswith("cum"):
            kept = lambda t, axis=axis: getattr(np, name)(t, axis=axis, keepdims=True)  # noqa: E731
            agree(kept, kept, np.array(2.5))
    for axis in (1, -2):
        with pytest.raises(IndexError, match="axis"):
            getattr(Tensor(2.5, "x"), name)(axis=axis)


@pytest.mark.parametrize("name", ["mean", "std", "var"])
def test_the_mean_of_a_single_number_has_no_axis_as_in_numpy(name):
    with pytest.raises(IndexError, match="axis 0 is out of bounds"):
        getattr(np, name)(Tensor(2.5, "x"), axis=0)
    if name == "mean":
        agree(np.mean, np.mean, np.array(2.5))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: np.linalg.norm(x, 1, axis=(0, 0)),
        lambda x: np.linalg.norm(x, 1, axis=(0, -3)),
        lambda x: np.linalg.norm(x, "fro", axis=(0, 7)),
        lambda x: np.tensordot(x, x, ((0, 0), (0, 1))),
        lambda x: np.tensordot(x, x, ((0, 7), (0, 1))),
        lambda x: np.tensordot(x, x, 5),
        lambda x: np.tensordot(x, x, ((0, 1), (0,))),
        lambda x: np.tensordot(x, x, (0, 1)),
        lambda x: np.einsum("iij->j", x),
        lambda x: np.einsum("ij->j", x),
        lambda x: np.trapezoid(x, axis=7) if hasattr(np, "trapezoid") else x.sum(7),
        lambda x: np.average(x, axis=7, weights=[1.0, 2.0]),
    ],
)
def test_products_and_norms_refuse_axes_that_do_not_fit(wrong):
    with pytest.raises((ValueError, IndexError)) as caught:
        wrong(Tensor(np.ones((2, 3, 4)), "x"))
    assert "\n" not in str(caught.value) and "range object" not in str(caught.value)


WRONG = {
    **{
        name: lambda x, a, name=name: getattr(np, name)(x, axis=a)
        for name in ("sum", "mean", "max", "min", "prod", "std")
    },
    **{name: ALONG[name] for name in ALONG if name not in ("clip", "trapezoid", "unstack")},
    "softmax": softmax,
    "log_softmax": log_softmax,
    "median": lambda x, a: np.median(x, axis=a),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("axis", [5, -6, (0, 0), (0, -3), "0", 0.5])
def test_an_axis_that_is_not_there_or_named_twice_is_an_error(name, axis):
    if name == "expand_dims" and axis == (0, -3):
        pytest.skip("two places of the result")
    takes_tuples = name in ("sum", "mean", "max", "min", "prod", "std", "median", "flip", "softmax", "log_softmax")
    if isinstance(axis, tuple) and not (takes_tuples or name == "expand_dims"):
        pytest.skip("takes one axis")
    with pytest.raises((ValueError, IndexError, TypeError)) as caught:
        WRONG[name](Tensor(np.ones((2, 3, 4)), "x"), axis)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("axes", [(0, 0, 1), (0, 1), (0, 1, 3), (0, -3, 1), (-4, 0, 1)])
def test_axes_that_are_no_order_are_refused(axes):
    x = Tensor(np.ones((2, 3, 4)), "x")
    for wrong in (lambda: x.transpose(*axes), lambda: np.transpose(x, axes)):
        with pytest.raises((ValueError, IndexError), match="transpose"):
            wrong()
