"""Networks, losses and data that cannot be trained: each is said in one sentence, and nothing has changed."""

import numpy as np
import pytest

from cgviz import Value
from cgviz.nn import MLP, Module, Training, scores, train

XS, YS = [[-1.0, 0.5], [2.0, 1.0], [0.5, -2.0]], [-1, 1, 1]


class Net(Module):
    """Two parameters, and any call."""

    def __init__(self, call, listed=None):
        self.a, self.b = Value(0.5, "a"), Value(-0.25, "b")
        self.call, self.listed = call, listed

    def parameters(self):
        return [self.a, self.b] if self.listed is None else self.listed(self)

    def __call__(self, xs):
        return self.call(self, xs)


def line(net, xs):
    return net.a * xs[0] + net.b * xs[1]


def refused(error, **options):
    net = options.get("net") or MLP(2, [3, 1], seed=0)
    before = [p.data for p in (net.a, net.b)] if isinstance(net, Net) else None
    with pytest.raises(error) as caught:
        train(**{"net": net, "xs": XS, "ys": YS, "progress": False, **options})
    if before:
        assert [net.a.data, net.b.data] == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("call", "listed", "error", "said"),
    [
        (lambda net, xs: None, None, TypeError, "the network returned None: is a return missing?"),
        (lambda net, xs: 1.0, None, TypeError, "the network returned a float, not a node of a graph"),
        (lambda net, xs: net.a, None, ValueError, "the network's output does not depend on its inputs"),
        (line, lambda net: [net.a, 0.5], TypeError, "parameters() lists nodes of a graph, but parameter 1 is a float"),
        (line, lambda net: {"a": net.a}, TypeError, "but parameter 0 is a str"),
    ],
)  # fmt: skip
def test_networks_of_ones_own(call, listed, error, said):
    assert said in refused(error, net=Net(call, listed))


def test_what_is_no_network():
    method = "a network has a method parameters() that lists its nodes; got "
    assert refused(TypeError, net=MLP) == method + "the class MLP: make a network of it first"
    assert refused(TypeError, net=max) == method + "a builtin_function_or_method"
    with pytest.raises(TypeError, match="^parameters.. returned None: is a return missing"):
        train(Net(line, lambda net: print(end="")), XS, YS, progress=False)


def test_an_if_that_tells_samples_apart_is_seen():
    net = Net(lambda net, xs: net.a * xs[0] if xs[0] > 0 else net.b * xs[0])
    said = refused(ValueError, net=net)
    assert said.startswith("for sample 1 the network gives 1, but its recording -0.5: it is recorded once")
    with pytest.raises(ValueError, match="for sample 1 the network gives 1"):
        scores(net, XS)
    assert scores(net, XS[1:]).tolist() == [1.0, 0.25]


@pytest.mark.parametrize("loss", [lambda s, y: 1 - s if y > 0 else 1 + s, lambda s, y: max(0, 1 - s * y)])
def test_an_if_in_a_loss_is_seen(loss):
    net = Net(lambda net, xs: 4 * net.a * xs[0])
    assert refused(ValueError, net=net, loss=loss, xs=[[0.1], [2], [-0.1]]).startswith("for sample 1 the loss gives ")


def test_what_is_no_loss():
    assert refused(TypeError, loss=lambda s, y: None) == "<lambda> returned None: is a return missing?"
    assert refused(ValueError, loss=["hinge"]).startswith("unknown loss: ['hinge'] (must be a function or one of ")
    assert refused(TypeError, callback=3) == "callback must be a function of a Step, got an int"
    assert refused(ValueError, rate=10**400) == "the rate must be a positive number, got inf"


@pytest.mark.parametrize(
    ("xs", "said"),
    [
        (np.array([[1, 2], [3]], dtype=object), "the samples differ in their number of features"),
        ([[Value(1), 2]], "the samples must be rows of numbers, got a Value"),
        (iter(XS), "the samples must be rows of numbers, got a list_iterator"),
        ({"a": 1}, "the samples must be rows of numbers, got a dict"),
        (None, "the samples must be rows of numbers, got None"),
        ([[1j, 0]], "the samples must be rows of numbers, got a complex"),
        ([[10**400, 0]], "the samples must be rows of numbers, and one is too large for a number"),
    ],
)
def test_samples_that_are_none(xs, said):
    assert refused((TypeError, ValueError), xs=xs, ys=[1]) == said


def test_labels_that_are_none():
    assert refused(TypeError, ys=None) == "the labels must be numbers, got None"
    assert refused(ValueError, ys=[[1], [1, 2], [1]]) == "the labels must be numbers, one for each sample"


def test_steps_that_are_none_are_said_at_once():
    training = Training(MLP(2, [3, 1], seed=0), XS, YS)
    for wrong in (-1, 2.5, "3"):
        with pytest.raises(ValueError, match="steps must be a whole number of at least 0, got"):
            training.steps(wrong)
    assert [step.number for step in training.steps(2)] == [1, 2]


def test_columns_of_several_kinds_are_numbers_all_the_same():
    mixed = np.array(XS, dtype=object)
    histories = [train(MLP(2, [3, 1], seed=0), xs, YS, 2, progress=False) for xs in (mixed, XS)]
    assert histories[0] == histories[1]
