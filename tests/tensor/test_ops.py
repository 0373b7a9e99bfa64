"""Every row on arrays: derivatives against central differences and PyTorch; rows added to a table are picked up."""

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cgviz import Tensor
from cgviz.ops.op import OPS
from cgviz.tensor import array_functions
from cgviz.tensor.array_op import ARRAY_ROWS
from cgviz.tensor.array_rows import unbroadcast
from tests.formulas import TWICE

H = 1e-6
CASES = [(name, parameters, shapes) for name, row in ARRAY_ROWS.items() for parameters, *shapes in row.samples]


def operand(sample, rng):
    """A sample is a shape, or the numbers themselves."""
    is_shape = all(isinstance(n, int) for n in sample)
    return rng.normal(size=sample) if is_shape else np.array(sample, dtype=float)


def gradients(function, arrays, g):
    """Ours: what `backward` leaves in the operands when `g` arrives at the output."""
    leaves = [Tensor(a) for a in arrays]
    function(*leaves).backward(gradient=g)
    return [leaf.grad for leaf in leaves]


def differences(function, arrays, g):
    """The same by moving each number a little, both ways."""
    found = []
    for k, array in enumerate(arrays):
        grad = np.zeros(array.shape)
        for at in np.ndindex(array.shape):
            moved = []
            for step in (H, -H):
                changed = [a.copy() for a in arrays]
                changed[k][at] += step
                moved.append(np.sum(g * np.asarray(function(*changed))))
            grad[at] = (moved[0] - moved[1]) / (2 * H)
        found.append(grad)
    return found


def agree(function, arrays, rng, rel=1e-6):
    g = rng.normal(size=np.shape(function(*arrays)))
    for ours, theirs in zip(gradients(function, arrays, g), differences(function, arrays, g), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=rel, atol=1e-7)


@pytest.mark.parametrize(("name", "parameters", "shapes"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_the_derivative_of_every_array_row_is_that_of_its_forward_rule(name, parameters, shapes):
    rng = np.random.default_rng(len(name))
    agree(ARRAY_ROWS[name](*parameters), [operand(s, rng) for s in shapes], rng)


@pytest.mark.parametrize("name", ARRAY_ROWS)
def test_every_array_row_has_samples(name):
    assert ARRAY_ROWS[name].samples


@pytest.mark.parametrize("name", OPS)
def test_the_derivative_of_every_number_row_holds_on_arrays_of_its_samples(name):
    op, rng = OPS[name], np.random.default_rng(1)
    columns = [np.array(column) for column in zip(*op.samples, strict=True)]
    agree(op, columns, rng)


@pytest.mark.parametrize("name", [name for name, op in OPS.items() if op.arity == 2 and name not in TWICE])
@pytest.mark.parametrize("shapes", [((3,), (2, 3)), ((2, 1), (1, 3)), ((), (2, 2)), ((2, 1, 2), (3, 1))])
def test_gradients_of_broadcast_operands_are_summed_back(name, shapes):
    op, rng = OPS[name], np.random.default_rng(2)
    agree(op, [rng.uniform(0.5, 2.0, size=s) for s in shapes], rng)


@pytest.mark.parametrize(("name", "parameters", "shapes"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_the_derivative_rules_are_written_with_rows_and_so_can_be_differentiated(name, parameters, shapes):
    rng = np.random.default_rng(3)
    arrays = [operand(s, rng) for s in shapes]
    op = ARRAY_ROWS[name](*parameters)
    g = rng.normal(size=np.shape(op(*arrays)))
    for i, vjp in enumerate(op.vjps):

        def once(*xs, vjp=vjp, i=i):
            return unbroadcast(vjp(Tensor(g), op(*xs), *xs), xs[i].shape)

        leaves = [Tensor(a) for a in arrays]
        node = once(*leaves)
        plain = unbroadcast(vjp(g, np.asarray(op(*arrays)), *arrays), arrays[i].shape)
        np.testing.assert_allclose(node.data, plain, rtol=1e-12)
        (node * node).sum().backward()
        twice = differences(
            lambda *xs, once=once: (lambda n: (n * n).sum().item())(once(*map(Tensor, xs))), arrays, 1.0
        )
        for leaf, expected in zip(leaves, twice, strict=True):
            np.testing.assert_allclose(leaf.grad, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("name", "parameters", "shapes"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_every_row_is_drawn_explained_pickled_and_copied(name, parameters, shapes):
    from cgviz import draw, explain, table

    rng = np.random.default_rng(4)
    leaves = [Tensor(operand(s, rng), f"x{i}") for i, s in enumerate(shapes)]
    y = ARRAY_ROWS[name](*parameters)(*leaves)
    y.backward(gradient=np.ones(y.shape))
    assert "stale" not in table(y)
    assert "<svg" in draw(y).svg
    explanation = explain(y)
    assert len(explanation.tex) == len(explanation.lines) >= 2
    for again in (pickle.loads(pickle.dumps(y)), copy.deepcopy(y)):
        again.backward(gradient=np.ones(y.shape))
        for ours, theirs in zip(again._prev, leaves, strict=True):
            assert ours is not theirs
            np.testing.assert_array_equal(ours.grad, theirs.grad)


# --- shapes that hypothesis thinks of ---
sizes = st.lists(st.integers(1, 3), max_size=3).map(tuple)


@st.composite
def broadcastable(draw):
    """Two shapes that broadcast: parts of one, with some sizes made 1."""
    whole = draw(st.lists(st.integers(1, 3), max_size=3))
    found = []
    for _ in range(2):
        part = whole[draw(st.integers(0, len(whole))) :]
        found.append(tuple(draw(st.sampled_from([n, 1])) for n in part))
    return found


@given(broadcastable(), st.sampled_from(["add", "sub", "mul", "div", "power", "maximum"]), st.integers(0, 9))
def test_any_two_shapes_that_broadcast(shapes, name, seed):
    rng = np.random.default_rng(seed)
    agree(OPS[name], [rng.uniform(0.5, 2.0, size=s) for s in shapes], rng, rel=1e-5)


@settings(max_examples=60)
@given(broadcastable(), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.booleans(), st.booleans())
def test_any_product_of_matrices_vectors_and_stacks(stacks, n, k, m, vector_first, vector_last):
    first = (k,) if vector_first else (*stacks[0], n, k)
    last = (k,) if vector_last else (*stacks[1], k, m)
    rng = np.random.default_rng(n)
    agree(ARRAY_ROWS["matmul"](), [rng.normal(size=first), rng.normal(size=last)], rng)


@settings(max_examples=60)
@given(sizes.filter(bool), st.data())
def test_any_reduction(shape, data):
    name = data.draw(st.sampled_from(["total", "mean", "largest", "smallest"]))
    axes = data.draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    axis = data.draw(st.sampled_from([None, axes[0], axes[0] - len(shape), tuple(axes)]))
    rng = np.random.default_rng(5)
    agree(ARRAY_ROWS[name](axis, data.draw(st.booleans())), [rng.normal(size=shape)], rng)


# --- against PyTorch ---
def torch_gradients(torch, function, arrays, g):
    leaves = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    y = function(torch, *leaves)
    y.backward(torch.tensor(g, dtype=torch.float64))
    return y.detach().numpy(), [leaf.grad.numpy() for leaf in leaves]


def against_torch(torch, ours, theirs, *arrays):
    rng = np.random.default_rng(6)
    leaves = [Tensor(a) for a in arrays]
    y = ours(*leaves)
    g = rng.normal(size=y.shape)
    y.backward(gradient=g)
    value, grads = torch_gradients(torch, theirs, arrays, g)
    np.testing.assert_allclose(y.data, value, rtol=1e-12, atol=1e-14)
    for leaf, grad in zip(leaves, grads, strict=True):
        np.testing.assert_allclose(leaf.grad, grad, rtol=1e-11, atol=1e-14)


A, B = np.random.default_rng(7).normal(size=(2, 3, 4)), np.random.default_rng(8).normal(size=(4, 2))
TIES = np.array([[1.0, 1.0, 0.0], [2.0, 2.0, 2.0]])


@pytest.mark.parametrize(
    ("ours", "theirs", "arrays"),
    [
        (lambda a, b: a @ b, lambda t, a, b: a @ b, (A, B)),
        (lambda a: a.max(axis=1), lambda t, a: a.amax(1), (TIES,)),
        (lambda a: a.min(axis=0), lambda t, a: a.amin(0), (TIES,)),
        (lambda a: a.max(), lambda t, a: a.amax(), (TIES,)),
        (lambda a: a.max(axis=(0, 2)), lambda t, a: a.amax((0, 2)), (A,)),
        (lambda a: a.softmax(1), lambda t, a: a.softmax(1), (A * 50,)),
        (lambda a: a.log_softmax(), lambda t, a: a.log_softmax(-1), (A * 500,)),
        (lambda a: a[:, [0, 2, 0]], lambda t, a: a[:, [0, 2, 0]], (A,)),
        (lambda a: a[::2, 1:, -1], lambda t, a: a[::2, 1:, -1], (A,)),
        (lambda a: a[A > 0], lambda t, a: a[t.tensor(A > 0)], (A,)),
        (lambda a: a.mean((0, 2), keepdims=True) * a, lambda t, a: a.mean((0, 2), keepdim=True) * a, (A,)),
        (lambda a: a.transpose(1, 2, 0).reshape(-1, 3), lambda t, a: a.permute(1, 2, 0).reshape(-1, 3), (A,)),
        (lambda a, b: a.tanh() ** 2 / (1 + b.exp()), lambda t, a, b: a.tanh() ** 2 / (1 + b.exp()), (A, A[0])),
    ],
)
def test_operations_agree_with_pytorch(torch, ours, theirs, arrays):
    against_torch(torch, ours, theirs, *arrays)


BOUNDED = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 2.0])
HOLES = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, -2.0], [3.0, 3.0, 3.0]])
LOW, HIGH = np.array([0.0, 0.0, 0.6, 2.0, 2.0, 1.0]), np.array([1.0, 1.0, 0.6, 1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("ours", "theirs", "arrays"),
    [
        (lambda x: x.clip(0, 1), lambda t, x: t.clamp(x, 0, 1), (BOUNDED,)),
        (lambda x: np.clip(x, 0.5, None), lambda t, x: t.clamp(x, min=0.5), (BOUNDED,)),
        (lambda x, a, b: np.clip(x, a, b), lambda t, x, a, b: t.clamp(x, a, b), (BOUNDED, LOW, HIGH)),
        (lambda x: x.prod(axis=1), lambda t, x: t.prod(x, 1), (np.array([[0.0, 2.0, 3.0], [0.0, 0.0, 1.0]]),)),
        (lambda x: x.cumprod(axis=0), lambda t, x: t.cumprod(x, 0), (np.array([[2.0, 0.0], [0.0, 0.0], [3.0, 4.0]]),)),
        (lambda x: x.std(ddof=1), lambda t, x: t.std(x), (A,)),
        (lambda x: x.std(axis=1), lambda t, x: t.std(x, 1, correction=0), (HOLES,)),
        (lambda x: np.linalg.norm(x), lambda t, x: t.linalg.norm(x), (np.zeros((2, 3)),)),
        *(
            (lambda x, p=p: np.linalg.norm(x, p, axis=1), lambda t, x, p=p: t.linalg.vector_norm(x, p, 1), (HOLES,))
            for p in (2, 1, 3, 1.5, 0.5, -1, -2, np.inf)
        ),
        (lambda a: np.linalg.det(a[..., :3]), lambda t, a: t.linalg.det(a[..., :3]), (A,)),
        (lambda a: np.linalg.inv(a[..., :3]), lambda t, a: t.linalg.inv(a[..., :3]), (A,)),
        (lambda a: np.linalg.slogdet(a[..., :3])[1], lambda t, a: t.linalg.slogdet(a[..., :3])[1], (A,)),
        (lambda a: np.einsum("iij->j", a), lambda t, a: t.einsum("iij->j", a), (np.moveaxis(A[..., :3], 0, 2),)),
    ],
)
def test_numpys_functions_agree_with_pytorch_at_bounds_and_zeros(torch, ours, theirs, arrays):
    against_torch(torch, ours, theirs, *arrays)


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
        [[1, 2], [2, 4]],
        [[0, 0], [0, 0]],
        [[0]],
        [[[1, 2], [3, 4]], [[1, 2], [0, 0]]],
    ],
)
def test_a_singular_matrix_has_a_derivative_of_its_determinant(matrix):
    """Its cofactors, as PyTorch does not find them for a matrix without an inverse."""
    x = Tensor(matrix, "x")
    np.linalg.det(x).sum().backward()
    (expected,) = differences(np.linalg.det, [np.array(matrix, dtype=float)], 1.0)
    np.testing.assert_allclose(x.grad, expected, atol=1e-8)


def test_a_length_too_small_to_be_squared_has_a_direction():
    x = Tensor([3e-200, 4e-200], "x")
    np.linalg.norm(x).backward()
    np.testing.assert_allclose(x.grad, [0.6, 0.8])


def test_a_product_with_zeros_has_derivatives_of_every_order():
    x = [0.0, 2.0, 3.0, 0.0]
    found = ARRAY_ROWS["others"](None)
    for order in range(3):  # ∂⁴(abcd) of them all is 1, and ∂²/∂a∂d is bc
        rest = [np.eye(4)[i] for i in (3, 1)[:order]]
        y = ARRAY_ROWS["others"](None, order)(np.array(x), *rest)
        assert y.tolist() == [[0, 0, 0, 0], [6, 0, 0, 0], [3, 0, 0, 0]][order]
    assert found(np.array([0.0, 2.0])).tolist() == [2, 0]


LOGITS = np.array([[2.0, -1.0, 0.5], [1000.0, -1000.0, 0.0], [0.0, 0.0, 0.0], [-3.0, 700.0, 710.0]])


def test_losses_agree_with_pytorch_far_out_too(torch):
    f = array_functions
    classes, soft = [0, 2, 1, 1], np.array([[0.2, 0.3, 0.5]] * 4)
    against_torch(
        torch,
        lambda z: f.cross_entropy(z, classes),
        lambda t, z: t.nn.functional.cross_entropy(z, t.tensor(classes)),
        LOGITS,
    )
    against_torch(
        torch, lambda z: f.cross_entropy(z, soft), lambda t, z: t.nn.functional.cross_entropy(z, t.tensor(soft)), LOGITS
    )
    yes = (LOGITS > 0) * 1.0
    against_torch(
        torch,
        lambda z: f.binary_cross_entropy(z, yes),
        lambda t, z: t.nn.functional.binary_cross_entropy_with_logits(z, t.tensor(yes)),
        LOGITS,
    )
    against_torch(
        torch,
        lambda a, b: f.mean_squared_error(a, b),
        lambda t, a, b: t.nn.functional.mse_loss(a, b),
        LOGITS,
        LOGITS * 0.5,
    )


def test_one_hot_targets_and_class_numbers_give_the_same_loss():
    classes = [2, 0, 1, 1]
    for targets in (classes, np.array(classes), np.eye(3)[classes], Tensor(classes), Tensor(np.eye(3)[classes])):
        z = Tensor(LOGITS, "z")
        L = array_functions.cross_entropy(z, targets)
        L.backward()
        assert math.isclose(L.item(), 3.2099922, rel_tol=1e-7), targets
        np.testing.assert_allclose(z.grad.sum(axis=1), 0.0, atol=1e-15)


def test_equal_maxima_share_the_gradient():
    x = Tensor(TIES, "x")
    x.max(axis=1).sum().backward()
    np.testing.assert_allclose(x.grad, [[0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]])


def test_a_number_that_is_taken_twice_gets_both_gradients():
    x = Tensor([10.0, 20.0, 30.0], "x")
    x[[0, 0, 2]].backward(gradient=[1.0, 2.0, 4.0])
    assert x.grad.tolist() == [3.0, 0.0, 4.0]
