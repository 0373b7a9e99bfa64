"""Input that a person gets wrong: each is one sentence, and what is only unusual works."""

import re

import numpy as np
import pytest

from cgviz import Tensor, concatenate, cross_entropy, log_softmax, softmax


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (np.array([1.0, 2.0], dtype=object), r"got numbers kept as objects \(np.array\(x, dtype=float\) makes floats"),
        ([2**70], "got numbers kept as objects"),
        (np.array([1.0, None], dtype=object), "got objects$"),
        (10**400, "got a whole number too large for a float"),
        ({1, 2}, "got a set"),
        (np.ma.array([1, 2], mask=[False, True]), "got masked entries: fill or drop them first"),
    ],
    ids=["objects", "large", "None", "too large", "set", "masked"],
)
def test_data_that_is_refused(data, said):
    with pytest.raises(TypeError, match=f"the data of 'x' must be a rectangular array of numbers, {said}"):
        Tensor(data, "x")


def test_a_tensor_of_pytorchs_is_told_from_ours(torch):
    for wrong in (lambda: Tensor(torch.ones(2)), lambda: Tensor([1, 2]) + torch.ones(2)):
        with pytest.raises(TypeError, match=r"got a tensor of PyTorch's \(its numbers are x.detach\(\).numpy\(\)\)"):
            wrong()


def test_a_vector_has_its_article():
    x = Tensor([1, 2], "x")
    for wrong, said in (
        (x.item, "'x' is a 2-vector, not a single number"),
        (x.backward, "and 'x' is a 2-vector: sum it up"),
        (lambda: x.sum().backward(gradient=[1]), "the gradient is a 1-vector, but the Tensor is a number"),
        (lambda: cross_entropy(Tensor([[1, 2, 3]]), [0, 1]), r"must be a 1-vector \(.*got a 2-vector"),
    ):
        with pytest.raises((TypeError, ValueError), match=said):
            wrong()


def test_an_empty_list_is_an_index():
    x = Tensor([[1, 2], [3, 4]], "x")
    assert x[[]].shape == (0, 2)
    (x[[]].sum() + x[0, 0]).backward()
    assert x.grad.tolist() == [[1, 0], [0, 0]]


def test_an_index_is_shown_as_it_was_given():
    x = Tensor([[1, 2], [3, 4], [5, 6]], "x")
    with pytest.raises(IndexError, match=r"x\[\[True, False\]\] \(x is 3×2\)"):
        x[np.array([True, False])]
    with pytest.raises(IndexError, match=r"x\['a'\] "):
        x["a"]
    with pytest.raises(ValueError, match="6 numbers do not fit into one number"):
        x.reshape()


def test_the_softmax_of_nothing_is_nothing():
    assert softmax(Tensor([])).shape == (0,) and log_softmax(Tensor(np.zeros((0, 3)))).shape == (0, 3)


def test_targets_below_0_are_no_probabilities():
    with pytest.raises(ValueError, match="probabilities, none below 0, that add up to 1"):
        cross_entropy(Tensor([[1, 2]]), [[2, -1]])


def test_what_concatenate_takes():
    with pytest.raises(TypeError, match=r"a list of Tensors, such as \[a, b\], got an int"):
        concatenate(3)
    with pytest.raises(TypeError, match="the axis of concatenate is a whole number"):
        concatenate([Tensor([1])], axis=None)


def test_what_is_advised_instead_of_an_operator_works_for_the_same_operands():
    t = Tensor([5.0, 7.0])
    for x, y in ((t, 2.0), (9.0, t), (np.array([9.0, 8.0]), t), (t, Tensor([2.0, 3.0]))):
        for operator in (lambda x, y: x % y, lambda x, y: x // y, divmod):
            with pytest.raises(TypeError) as caught:
                operator(x, y)
            advice = [part.split(" for its")[0] for part in re.split("write |, or ", str(caught.value))[1:]]
            right = operator(*(getattr(one, "_data", one) for one in (x, y)))
            for text in advice:
                found = eval(text, {"x": x, "y": y, "np": np})
                assert np.allclose(getattr(found, "_data", found), right), text
