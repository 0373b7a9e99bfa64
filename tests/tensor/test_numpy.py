"""Every public function of NumPy's called with Tensors: a node, a refusal, or on the list of what has no derivative."""

import contextlib
import io
import re
import types
import warnings
from pathlib import Path

import numpy as np
import pytest

from cgviz import Tensor
from cgviz.ops.domain import DomainError
from cgviz.tensor.arguments import METHODS, NODES, numpy_function
from cgviz.tensor.arguments import NAMES as NODE_NAMES
from cgviz.tensor.plain import KINDS, NAMES, PLAIN

SQUARE = np.array([[2.0, 0.5, -0.3], [0.1, 1.5, 0.7], [-0.4, 0.2, 1.8]])
OTHER = np.array([[0.6, -1.2, 0.9], [1.1, 0.3, -0.8], [0.25, -0.45, 1.3]])
VECTOR, SECOND = np.array([0.7, -1.1, 2.2, 0.4]), np.array([1.5, 0.2, -0.6, 0.9])
STACK = np.linspace(-1.03, 2.0, 24).reshape(2, 3, 4) ** 3

FORMS = {
    "f(vector)": (lambda f, x: f(x), [VECTOR]),
    "f(square)": (lambda f, x: f(x), [SQUARE]),
    "f(stack)": (lambda f, x: f(x), [STACK]),
    "f(x, x)": (lambda f, x, y: f(x, y), [VECTOR, SECOND]),
    "f(X, X)": (lambda f, x, y: f(x, y), [SQUARE, OTHER]),
    "f(X, x)": (lambda f, x, y: f(x, y), [SQUARE, VECTOR[:3]]),
    "f(x, array)": (lambda f, x: f(x, SECOND.copy()), [VECTOR]),
    "f(array, x)": (lambda f, x: f(SECOND.copy(), x), [VECTOR]),
    "f(X, array)": (lambda f, x: f(x, OTHER.copy()), [SQUARE]),
    "f(array, X)": (lambda f, x: f(OTHER.copy(), x), [SQUARE]),
    "f([x, x])": (lambda f, x, y: f([x, y]), [VECTOR, SECOND]),
    "f([X, X])": (lambda f, x, y: f([x, y]), [SQUARE, OTHER]),
    "f([x, array])": (lambda f, x: f([x, SECOND.copy()]), [VECTOR]),
    "f((array, x))": (lambda f, x: f((SECOND.copy(), x)), [VECTOR]),
    "f(x, [x])": (lambda f, x, y: f(x, [y]), [VECTOR, SECOND]),
    "f(x, 1)": (lambda f, x: f(x, 1), [VECTOR]),
    "f(X, 1)": (lambda f, x: f(x, 1), [SQUARE]),
    "f(1, X)": (lambda f, x: f(1, x), [SQUARE]),
    "f(X, 0, 1)": (lambda f, x: f(x, 0, 1), [SQUARE]),
    "f(X, (0, 1))": (lambda f, x: f(x, (0, 1)), [SQUARE]),
    "f(X, -1, 0)": (lambda f, x: f(x, -1, 0), [STACK]),
    "f(x, 0, x)": (lambda f, x, y: f(x, 0, y), [VECTOR, SECOND]),
    "f(x, 2)": (lambda f, x: f(x, 2), [VECTOR]),
    "f(X, axis=0)": (lambda f, x: f(x, axis=0), [SQUARE]),
    "f(S, axis=(0, -1))": (lambda f, x: f(x, axis=(0, -1)), [STACK]),
    "f(X, keepdims)": (lambda f, x: f(x, axis=-1, keepdims=True), [STACK]),
    "f(mask, x, x)": (lambda f, x, y: f(np.array([True, False, True, True]), x, y), [VECTOR, SECOND]),
    "f(x, x, x)": (lambda f, x, y, z: f(x, y, z), [VECTOR, np.sort(SECOND), VECTOR * SECOND]),
    "f(text, X, X)": (lambda f, x, y: f("ij,jk->ik", x, y), [SQUARE, OTHER]),
    "f(x, weights=x)": (lambda f, x, y: f(x, weights=y), [VECTOR, SECOND + 2]),
    "f(1.0, x, x)": (lambda f, x, y: f(0.5, x, y), [np.sort(VECTOR), SECOND]),
    "f(x, sizes)": (lambda f, x: f(x, (2, 4)), [VECTOR]),
    "f(x, size)": (lambda f, x: f(x, (2, 2)), [VECTOR]),
    "f(S, 2)": (lambda f, x: f(x, 2), [STACK]),
    "f(X, places, axis)": (lambda f, x: f(x, np.array([[0, 2, 1]]), 0), [SQUARE]),
    "f(x, text)": (lambda f, x: f(x, 2, "edge"), [VECTOR]),
    "f(q of x)": (lambda f, x: f(x, 0.3), [VECTOR]),
    "f(qs of X)": (lambda f, x: f(x, [0.2, 0.9], axis=0), [SQUARE]),
}

SENTENCE = re.compile(
    r"would lose the gradient|is no operation of|cannot write|of a Tensor (takes no|knows)|is no operand"
    r"|is defined for|Cannot cast array data|has no flags; its numbers|of Tensors with ord"
    r"|takes \d+ (arguments|operands?)|whole number|rectangular array of numbers|as text, such as"
)
SET_UP = re.compile(
    r"^_|^(test|info|source|show_|set_|get|seterr|geterr|errstate|from|load|save|bmat|busday|datetime|is_busday|memmap|"
    r"put|place|copyto|fill_diagonal|frompyfunc|vectorize|nested_iters|asmatrix|printoptions|show_runtime|lookfor|disp)"
)
NOT_ASKED = {
    "isscalar": "looks at the type alone",
    "iterable": "looks at the type alone",
    "typename": "is about names of types",
    "broadcast_shapes": "takes shapes",
    "mintypecode": "looks at the type alone",
    "real_if_close": "the second is a tolerance; the first is refused, as is tried below",
}
"""Functions that do not look at what is in an array."""


def public():
    for place, module in (("", np), ("linalg.", np.linalg), ("fft.", np.fft)):
        for name in dir(module):
            function = getattr(module, name)
            asked = callable(function) and not isinstance(function, (type, types.ModuleType))
            if asked and not SET_UP.match(name):
                yield place + name


def nodes_in(result):
    if isinstance(result, Tensor):
        return [result]
    return [x for part in result for x in nodes_in(part)] if isinstance(result, (list, tuple)) else []


def arrays_in(result):
    if isinstance(result, (list, tuple)):
        return [x for part in result for x in arrays_in(part)]
    return [result]


def quietly(call):
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return call()


def expected_of(form, function, arrays):
    """What NumPy gives for the arrays, None where it does not take them so."""
    try:
        result = quietly(lambda: form(function, *(x.copy() for x in arrays)))
    except Exception:
        return None
    numbers = [x for x in arrays_in(result) if np.asarray(x).dtype.kind == "f"]
    return result if all(np.isfinite(x).all() for x in numbers) else None  # outside of a domain: other tests' business


def agree(form, function, arrays, seed=0):
    """The numbers are NumPy's, and the gradient of a weighted sum of them is what small steps show."""
    leaves = [Tensor(x) for x in arrays]
    ours = form(function, *leaves)
    theirs = quietly(lambda: form(function, *(x.copy() for x in arrays)))
    places = [i for i, part in enumerate(arrays_in(ours)) if isinstance(part, Tensor)]
    flat, expected = nodes_in(ours), [arrays_in(theirs)[i] for i in places]
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=np.shape(x)) for x in expected]
    for part, x in zip(arrays_in(ours), arrays_in(theirs), strict=True):
        if not isinstance(part, Tensor):  # what came from no Tensor, and the sign of slogdet
            np.testing.assert_array_equal(part, x)
    for node, x in zip(flat, expected, strict=True):
        assert node.shape == np.shape(x)
        np.testing.assert_allclose(node.data, x, rtol=1e-10, atol=1e-12)

    def total(*xs):
        found = arrays_in(quietly(lambda: form(function, *(x.copy() for x in xs))))
        return sum(float(np.sum(w * np.asarray(found[i]))) for w, i in zip(weights, places, strict=True))

    loss = sum((node * w).sum() for node, w in zip(flat, weights, strict=True))
    loss.backward()
    for k, (leaf, array) in enumerate(zip(leaves, arrays, strict=True)):
        assert leaf.grad.shape == array.shape
        for at in np.ndindex(array.shape):
            moved = []
            for step in (1e-6, -1e-6):
                xs = [x.copy() for x in arrays]
                xs[k][at] += step
                moved.append(total(*xs))
            slope = (moved[0] - moved[1]) / 2e-6
            assert leaf.grad[at] == pytest.approx(slope, rel=2e-5, abs=2e-7), (k, at)


@pytest.mark.parametrize("name", sorted(public()))
def test_no_function_loses_a_gradient_in_silence(name):
    function = numpy_function(name)
    for said, (form, arrays) in FORMS.items():
        expected = expected_of(form, function, arrays)
        if expected is None or name in NOT_ASKED:
            continue
        try:
            result = quietly(lambda form=form, arrays=arrays: form(function, *map(Tensor, arrays)))
        except (TypeError, ValueError, AttributeError) as error:
            assert SENTENCE.search(str(error)), (said, error)
            continue
        if nodes_in(result):
            try:
                agree(form, function, arrays)
            except AssertionError as error:
                raise AssertionError(f"{said}: {error}") from error
            continue
        kinds = {np.asarray(x).dtype.kind for x in arrays_in(result)}
        assert name in {*NAMES, "full_like"} or function in PLAIN or kinds <= set("biu"), (said, result)


def test_most_functions_are_seen_by_one_of_the_forms():
    """A walk that reached nothing would pass too."""
    reached = {
        name
        for name in public()
        for form, xs in FORMS.values()
        if expected_of(form, numpy_function(name), xs) is not None
    }
    assert len(reached) > 250
    nodes = {name for name in public() if numpy_function(name) in NODES}
    assert len(nodes) > 80
    assert nodes <= reached | {"take_along_axis", "linalg.tensordot", "delete", "unstack"}


def test_the_lists_are_of_functions_that_numpy_has():
    assert sum(numpy_function(name) is None for name in NAMES) <= 2  # by version
    assert not set(NODES) & PLAIN


# --- methods ---
CALLS = {
    "sum": [(), (0,), {"axis": -1, "keepdims": True}],
    "mean": [(), (1,), {"axis": (0, 1)}],
    "max": [(), (0,), {"axis": -1}],
    "min": [(), (0,), {"axis": -1, "keepdims": True}],
    "prod": [(), (1,)],
    "cumsum": [(), (0,), {"axis": -1}],
    "cumprod": [(), (0,), {"axis": -1}],
    "std": [(), (0,), {"axis": 1, "ddof": 1}, {"keepdims": True}],
    "var": [(), (0,), {"axis": 1, "ddof": 1}],
    "clip": [(0.0, 1.0), {"min": 0.25}, {"max": 0.6}, (None, 1.0)],
    "swapaxes": [(0, 1), (-1, 0)],
    "repeat": [(2,), (2, 0), ([1, 0, 2], 1)],
    "ravel": [()],
    "flatten": [()],
    "squeeze": [()],
    "diagonal": [(), (1,), {"offset": -1}, {"axis1": 1, "axis2": 0}],
    "trace": [(), (1,), {"offset": -1}],
    "take": [(1,), ([0, 2, 2],), ([0, 1], 1), {"indices": [2], "axis": -1}],
    "copy": [()],
    "compress": [([True, False, True], 0), ([0, 1, 1],)],
    "dot": [(OTHER,), (VECTOR[:3],)],
    "reshape": [(9,), (-1, 1), ((1, 9),)],
    "transpose": [(), (1, 0), (-1, 0), ((0, -1),)],
}


@pytest.mark.parametrize(
    ("name", "arguments"), [(name, call) for name, calls in CALLS.items() for call in calls], ids=repr
)
def test_a_method_takes_what_numpys_method_takes(name, arguments):
    args, options = ((), arguments) if isinstance(arguments, dict) else (arguments, {})
    agree(lambda f, x: getattr(x, name)(*args, **options), None, [SQUARE])


def test_the_methods_are_tried():
    assert set(METHODS) <= set(CALLS)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda x: np.sum(x, out=np.zeros(())), r"np.sum of a Tensor takes no out: .* never written to"),
        (lambda x: np.sum(x, 0, np.float32), "np.sum of a Tensor takes no dtype: it takes a, axis, keepdims"),
        (lambda x: x.mean(0, float), "takes no dtype"),
        (
            lambda x: np.max(x, where=np.ones((3, 3), dtype=bool), initial=0.0),
            "np.max of a Tensor takes no (where|initial)",
        ),
        (lambda x: np.roll(x, x), "shift of np.roll is no operand"),
        (lambda x: np.pad(x, 1, mode="mean"), "np.pad of a Tensor knows the modes constant, edge"),
        (lambda x: np.quantile(x, 0.5, method="lower"), "knows the method 'linear'"),
        (lambda x: np.linalg.svd(x), "np.linalg.svd would lose the gradient of a Tensor"),
        (lambda x: np.real_if_close(x), "np.real_if_close would lose the gradient"),
        (lambda x: np.apply_along_axis(np.sum, 0, x), "np.apply_along_axis would lose the gradient"),
        (lambda x: np.round(SQUARE, 1, x), "np.round cannot write into a Tensor"),
        (lambda x: np.fft.fft(x), "np.fft.fft would lose the gradient"),
        (lambda x: np.cov(x), "np.cov would lose the gradient of a Tensor: write it with @"),
        (lambda x: np.asarray(x), "NumPy would lose the gradient of 'x': its numbers .* are x.data, or x.numpy()"),
        (lambda x: np.array([x, x]), "NumPy would lose the gradient"),
        (lambda x: np.array(x, dtype=object), "NumPy would lose the gradient"),
        (lambda x: np.array([[x[0, 0], 1.0]]), "NumPy would lose the gradient"),
        (lambda x: np.mean([x, x]), "NumPy would lose the gradient"),
        (lambda x: np.sum([x[0, 0], x[1, 1]]), "NumPy would lose the gradient"),
        (lambda x: np.zeros((3, 3)).__setitem__(0, x[0]), "NumPy would lose the gradient"),
        (lambda x: np.random.default_rng(0).permutation(x), "NumPy would lose the gradient"),
        (lambda x: np.testing.assert_allclose(x, SQUARE), "NumPy would lose the gradient"),
        (lambda x: np.sin(x, out=np.zeros((3, 3))), "cannot write"),
        (lambda x: np.add.reduce(x), "np.add.reduce is no operation"),
    ],
)
def test_what_would_lose_the_gradient_is_one_sentence(call, said):
    with pytest.raises(TypeError, match=said):
        call(Tensor(SQUARE, "x"))


def test_a_number_that_is_asked_for_by_name_is_given():
    x = Tensor([2.5])
    assert float(x) == x.item() == complex(x) == 2.5 and int(Tensor(3.0)) == 3
    assert x.numpy().tolist() == x.to_numpy().tolist() == [2.5]


def test_a_sum_with_a_trace_has_its_whole_gradient():
    W = Tensor(SQUARE, "W")
    ((W * W).sum() + np.trace(W.T @ W)).backward()
    np.testing.assert_allclose(W.grad, 4 * SQUARE)


def test_the_reference_lists_what_the_lists_have():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ((?:nodes|plain): [^|]+?) \| (.+) \|$", page, re.MULTILINE))
    expected = {f"plain: {kind}": names.split() for kind, names in KINDS.items()}
    for name, about in NODE_NAMES.items():
        expected.setdefault(f"nodes: {about}", []).append(name)
    assert {kind: re.findall(r"`(.+?)`", row) for kind, row in rows.items()} == {
        kind: sorted(names) for kind, names in expected.items()
    }


@pytest.mark.parametrize("size", [0.1, 10.0])
def test_the_logarithm_of_a_determinant_that_is_no_float(size):
    x = Tensor(size * np.eye(400))
    found = np.linalg.slogdet(x)
    found.logabsdet.backward()
    assert found.sign == 1 and found.logabsdet.item() == pytest.approx(400 * np.log(size))
    np.testing.assert_allclose(x.grad, np.eye(400) / size, atol=1e-12)


def test_a_singular_matrix_has_no_logarithm_of_its_determinant():
    with pytest.raises(DomainError, match="x is 2×2.*: the matrix is singular, its determinant is 0"):
        np.linalg.slogdet(Tensor(np.ones((2, 2)), "x"))
