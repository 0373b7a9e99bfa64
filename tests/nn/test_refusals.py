"""Networks, losses and data that cannot be trained: each is said in one sentence, and nothing has changed."""

import math
import random

import numpy as np
import pytest

from cgviz import Value
from cgviz.nn import MLP, Module, PartedError, Training, scores, train

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
        (
            np.array([[1, 2], [3]], dtype=object),
            "the samples differ in their number of features: sample 0 has 2, sample 1 has 1",
        ),
        ([[1, 2], [3, 4, 5]], "the samples differ in their number of features: sample 0 has 2, sample 1 has 3"),
        ([[1, 2], 3], "the samples must be rows of numbers, but sample 1 is an int"),
        ([[1, 2], ["a", 4]], "the samples must be rows of numbers, got a str as feature 0 of sample 1"),
        ([[1, 2], [3, None]], "the samples must be rows of numbers, got None as feature 1 of sample 1"),
        ([[Value(1), 2]], "the samples must be rows of numbers, got a Value as feature 0 of sample 0"),
        (iter(XS), "the samples must be rows of numbers, got a list_iterator"),
        ({"a": 1}, "the samples must be rows of numbers, got a dict"),
        (None, "the samples must be rows of numbers, got None"),
        ([[1j, 0]], "the samples must be rows of numbers, got a complex as feature 0 of sample 0"),
        ([[10**400, 0]], "the samples must be rows of numbers, and one is too large for a number"),
    ],
)
def test_samples_that_are_none(xs, said):
    assert refused((TypeError, ValueError), xs=xs, ys=[1]) == said


def test_labels_that_are_none():
    assert refused(TypeError, ys=None) == "the labels must be numbers, got None"
    assert refused(ValueError, ys=[[1], [1, 2], [1]]) == "the labels must be numbers, one for each sample"


@pytest.mark.parametrize(
    ("ys", "said"),
    [
        ([], "each sample needs one label: there are 3 samples, but 0 labels"),
        ([1, -1], "each sample needs one label: there are 3 samples, but 2 labels"),
        ([1, -1, "1"], "the labels must be numbers, got a str as label 2"),
        ([1, float("nan"), 1], "label 1 is nan; every label must be finite"),
        ([1, 1.0000001, 0], "for the hinge loss labels are -1 and 1, or 0 and 1; label 1 is 1.0000001"),
        ([[1, 0], [0, 1], [1, 0]], "each of the 3 samples needs one label, got labels of shape (3, 2)"),
    ],
)
def test_labels_that_fit_no_samples(ys, said):
    assert refused((TypeError, ValueError), ys=ys) == said


class Zipped(Module):
    """A neuron, and a network, as learners write them: zip leaves out in silence what has no partner."""

    def __init__(self, inputs, parts=("layers", "neurons")):
        self.w, self.b = [Value(0.5, f"w{i}") for i in range(inputs)], Value(0.0, "b")
        for part in parts[:1]:
            setattr(self, part, [Zipped(inputs, parts[1:])])

    def parameters(self):
        part = next((getattr(self, name)[0] for name in ("layers", "neurons") if hasattr(self, name)), None)
        return part.parameters() if part else [*self.w, self.b]

    def __call__(self, xs):
        part = next((getattr(self, name)[0] for name in ("layers", "neurons") if hasattr(self, name)), None)
        return part(xs) if part else sum((w * x for w, x in zip(self.w, xs)), self.b)  # noqa: B905


@pytest.mark.parametrize("parts", [(), ("neurons",), ("layers", "neurons")])
@pytest.mark.parametrize("inputs", [1, 3, 4])
def test_samples_of_another_length_than_the_weights_are_refused(parts, inputs):
    net = Zipped(inputs, parts)
    before = [p.data for p in net.parameters()]
    said = f"sample 0 has 2 features, but the network takes {inputs} input{'s' * (inputs > 1)}, one for each"
    for work in (lambda: train(net, XS, YS, progress=False), lambda: scores(net, XS)):
        with pytest.raises(ValueError) as caught:
            work()
        assert str(caught.value) == said
    assert [p.data for p in net.parameters()] == before
    assert train(Zipped(2, parts), XS, YS, 2, loss="mse", rate=0.1, progress=False).notes == []


@pytest.mark.parametrize("width", [1, 3])
def test_scores_of_samples_of_another_length_are_refused(width):
    training = Training(Net(line), XS, YS)
    with pytest.raises(ValueError, match=f"^the network was recorded for 2 features, these samples have {width}$"):
        training.scores([[1.0] * width])


def test_what_has_no_influence_is_noted():
    net = Net(lambda net, xs: net.a * xs[0])
    for notes in (Training(net, XS, YS).notes, train(net, XS, YS, 3, progress=False).notes):
        assert notes == [
            "the network does not use feature 1 of the samples",
            "the parameter 'b' has no influence on the loss",
        ]
    history = train(net, XS, YS, 3, progress=False)
    assert repr(history).endswith("note: the parameter 'b' has no influence on the loss") and history[1:].notes
    flat = Net(lambda net, xs: (net.a * 0.0 + net.b) * xs[0])
    assert train(flat, XS, YS, 1, progress=False).notes[1:] == [
        "the gradient of the parameter 'a' was 0 in each of the 1 step"
    ]
    assert train(Net(line), XS, YS, 1, progress=False).notes == []


@pytest.mark.parametrize(
    "leak", [lambda p: math.tanh(p.data), math.tanh, lambda p: float(p) ** 2, lambda p: p.data > 0]
)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_a_parameter_that_leaves_the_graph_as_a_plain_number_is_not_said_to_have_no_influence(leak, decay):
    net = Net(lambda net, xs: Value(float(leak(net.a))) * xs[0] * xs[1] + net.b)
    training = Training(net, XS, YS, decay=decay)
    before = net.a.data
    assert training.notes == [
        "the parameter 'a' changes the network's output, but is not in its graph, as where .data or float makes a "
        "plain number: so it has no gradient, and nothing is learned there"
    ]
    assert net.a.data == before


def test_a_feature_that_leaves_the_graph_is_not_said_to_be_unused():
    net = Net(lambda net, xs: net.a * xs[0] * math.exp(xs[1].data) + net.b)
    said = "the feature 1 changes the network's output, but is not in its graph"
    said += ", as where .data or float makes a plain number"
    assert Training(net, [[1.0, 0.5], [2.0, 0.5]], [1, -1]).notes == [said]


def test_of_a_network_with_chance_in_it_no_influence_is_neither_said_nor_denied():
    chance = random.Random(0)
    net = Net(lambda net, xs: net.a * xs[0] * xs[1])
    training = Training(net, XS, YS)
    net.call = lambda net, xs: net.a * xs[0] * xs[1] * chance.random()
    assert training.notes == ["the parameter 'b' is not in the graph"]


def hides(net, xs):
    return net.a if xs[0].data > 0 else net.b


def reads(net, xs):
    return net.a * xs[0].data + net.b


@pytest.mark.parametrize("call", [hides, reads])
def test_inputs_that_are_hidden_by_an_if_or_by_plain_numbers_are_told_from_inputs_without_influence(call):
    said = refused(ValueError, net=Net(call))
    assert said.startswith("the network's output differs from sample to sample") and "an if" in said and ".data" in said


def hinge(score, y):
    margin = 1 - y * score
    return margin if margin.data > 0 else 0.0


def test_a_branch_without_the_score_for_the_first_sample_is_told():
    net = Net(lambda net, xs: net.a * xs[0])
    said = refused(ValueError, net=net, loss=hinge, xs=[[8.0], [0.5], [-1.0]], ys=[1, 1, -1])
    assert said.startswith(
        "for sample 1 the loss depends on the score, but for sample 0 it does not: it is recorded once"
    )


def late_loss(score, y):
    return (score - y) ** 2 if score.data < 1.5 else score * 0.25


def late_net(net, xs):
    score = net.a * xs[0] + net.b
    return score if score.data < 1.5 else score * 3.0


@pytest.mark.parametrize("steps", [3, 10, 40])
@pytest.mark.parametrize("kind", ["loss", "network"])
@pytest.mark.parametrize("count", [2, 30])
def test_what_parts_from_its_recording_on_the_way_is_said_and_nothing_is_lost(kind, steps, count):
    net = Net(late_net if kind == "network" else lambda net, xs: net.a * xs[0] + net.b)
    xs, ys = [[1.0 + i / count] for i in range(count)], [3.0] * count
    seen = []
    with pytest.raises(PartedError) as caught:
        train(
            net, xs, ys, steps, rate=0.2, progress=False, loss=late_loss if kind == "loss" else "mse",
            callback=lambda step: seen.append([net.a.data, net.b.data]),
        )  # fmt: skip
    done = len(seen)
    said, kept = str(caught.value), caught.value.history
    assert f"step {done}: for sample" in said or f"step {done + 1}: for sample" in said
    assert f"the {kind} gives" in said and f"The parameters are those of step {done}" in said
    assert len(kept) == done <= steps and [net.a.data, net.b.data] == seen[-1] and repr(kept)


def test_random_numbers_are_told_from_an_if():
    rng = np.random.default_rng(0)
    said = refused(ValueError, net=Net(lambda net, xs: net.a * xs[0] * float(rng.normal())))
    assert "gives" in said and "and then" in said and "without random numbers" in said


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


def test_a_text_among_the_samples_is_called_a_sample_and_among_the_labels_a_label():
    assert "got a str as sample 0" in refused(TypeError, xs=["ab"] * 3)
    assert "got a str as label 1" in refused(TypeError, ys=[1, "no", -1])
