"""Training: the numbers, against the same loss as one graph; the data; and everything that can go wrong."""

import gc
import math
import sys

import numpy as np
import pytest

from cgviz import Value
from cgviz.nn import MLP, DivergedError, Layer, Neuron, Training, moons, scores, train
from cgviz.nn.loss_functions import LOSSES

XS, YS = moons(100, noise=0.1, seed=1)


def numbers(net):
    return [p.data for p in net.parameters()]


@pytest.mark.parametrize("loss", ["hinge", "logistic", "mse"])
def test_loss_and_gradient_are_those_of_the_whole_graph(loss):
    net = MLP(2, [5, 1], "tanh", seed=3)
    xs, ys = moons(14, seed=4)
    training = Training(net, xs, ys, loss=loss, decay=0.01)
    found, _, gradient = training.evaluate()
    total = sum(LOSSES[loss](net(x), y) for x, y in zip(xs, ys, strict=True)) * (1 / 14)
    total = total + 0.01 * sum(p * p for p in net.parameters())
    total.backward()
    assert found == pytest.approx(total.data)
    assert gradient == pytest.approx([p.grad for p in net.parameters()])


@pytest.mark.parametrize("loss", ["hinge", "logistic", "mse"])
def test_twenty_steps_are_those_of_pytorch(torch, loss):
    net = MLP(2, [6, 4, 1], "relu", seed=5)
    x, y = torch.tensor(XS, dtype=torch.float64), torch.tensor(YS, dtype=torch.float64)
    layers = [torch.nn.Linear(a, b, dtype=torch.float64) for a, b in ((2, 6), (6, 4), (4, 1))]
    for ours, theirs in zip(net.layers, layers, strict=True):
        theirs.weight.data[:] = torch.tensor(
            [[w.data for w in neuron.w] for neuron in ours.neurons], dtype=torch.float64
        )
        theirs.bias.data[:] = torch.tensor([neuron.b.data for neuron in ours.neurons], dtype=torch.float64)
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    sgd = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.002)  # the gradient of 0.001 · p²
    mean = {
        "hinge": lambda score: torch.nn.functional.margin_ranking_loss(score, 0 * score, y, margin=1.0),
        "logistic": lambda score: torch.nn.functional.soft_margin_loss(score, y),
        "mse": lambda score: torch.nn.functional.mse_loss(score, y),
    }[loss]
    expected = []
    for _ in range(20):
        sgd.zero_grad()
        found = mean(model(x)[:, 0])
        expected.append(found.item() + 0.001 * sum((p**2).sum().item() for p in model.parameters()))
        found.backward()
        sgd.step()
    history = train(net, XS, YS, 20, loss=loss, rate=0.1, decay=0.001, progress=False)
    assert [step.loss for step in history] == pytest.approx(expected, rel=1e-9)
    moved = [torch.cat([layer.weight, layer.bias[:, None]], dim=1).ravel() for layer in layers]
    assert numbers(net) == pytest.approx(torch.cat(moved).tolist(), rel=1e-9)


def test_a_step_moves_the_network_against_the_gradient():
    net = MLP(2, [5, 1], seed=3)
    training = Training(net, XS, YS, rate=lambda n: 0.5 / n)
    for n in (1, 2, 3):
        before, (loss, accuracy, gradient) = np.array(numbers(net)), training.evaluate()
        step = training.step()
        assert step == (n, loss, accuracy, 0.5 / n)
        assert numbers(net) == pytest.approx(before - 0.5 / n * gradient)


@pytest.mark.parametrize("seed", range(3))
def test_the_moons_are_told_apart(seed):
    net = MLP(2, [16, 16, 1], seed=seed)
    history = train(net, XS, YS, steps=100, progress=False)
    assert history[-1].accuracy >= 0.99
    assert ((scores(net, XS) > 0) == (np.array(YS) > 0)).mean() >= 0.99
    assert history[-1].loss < 0.05 < history[0].loss


def calls(samples, steps):
    """How many functions written in Python are called by a training."""
    net, count = MLP(2, [16, 16, 1], seed=1), 0

    def note(frame, event, argument):
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    gc.disable()  # what others want to hear of it would be counted
    sys.setprofile(note)
    try:
        train(net, XS[:samples], YS[:samples], steps=steps, progress=False)
    finally:
        sys.setprofile(before)
        gc.enable()
    return count


def test_a_step_of_training_costs_the_same_for_few_samples_and_for_many():
    """The network is recorded once and run over whole arrays; how long that takes, the benchmarks say."""
    few, many = (calls(samples, 21) - calls(samples, 11) for samples in (40, 100))
    assert few == many < 10 * 4 * len(MLP(2, [16, 16, 1]).parameters())


def test_labels_of_0_and_1_are_the_same_as_of_minus_1_and_1():
    nets = [MLP(2, [4, 1], seed=1) for _ in range(2)]
    histories = [
        train(net, XS, labels, steps=5, progress=False)
        for net, labels in zip(nets, (YS, [(y + 1) // 2 for y in YS]), strict=True)
    ]
    assert histories[0] == histories[1]


def test_a_curve_is_fitted_with_the_squared_error():
    xs = [[x / 10] for x in range(-20, 21)]
    ys = [math.sin(x) for (x,) in xs]
    history = train(MLP(1, [8, 1], "tanh", seed=2), xs, ys, 400, loss="mse", rate=0.2, progress=False)
    assert history[-1].loss < 0.01 and history[-1].accuracy is None


def test_a_loss_of_ones_own():
    def absolute(score, y):
        return abs(score - y)

    net = MLP(2, [4, 1], seed=1)
    assert train(net, XS, YS, 30, loss=absolute, rate=0.1, progress=False)[-1].loss < 1


def test_a_loss_may_call_its_arguments_as_it_likes_and_is_recorded_where_it_is_defined():
    def cross_entropy(p, target):
        return -(target * p.log() + (1 - target) * (1 - p).log())

    net = MLP(2, [4, 1], last="sigmoid", seed=1)
    xs, targets = XS, [(y + 1) // 2 for y in YS]
    loss, accuracy, gradient = Training(net, xs, targets, loss=cross_entropy).evaluate()
    total = sum(cross_entropy(net(x), y) for x, y in zip(xs, targets, strict=True)) * 0.01
    total.backward()
    assert (loss, accuracy) == (pytest.approx(total.data), None)
    assert gradient == pytest.approx([p.grad for p in net.parameters()])


def test_a_layer_of_one_neuron_is_a_network_of_one_output():
    layer, neuron = Layer(2, 1, "linear", seed=1), Neuron(2, "linear", seed=1)
    assert train(layer, XS, YS, 3, progress=False) == train(neuron, XS, YS, np.int64(3), progress=False)


def test_any_network_with_parameters_can_be_trained():
    class Line:
        def __init__(self):
            self.w, self.b, self.unused = Value(0.0, "w"), Value(0.0, "b"), Value(3.0, "unused")

        def parameters(self):
            return [self.w, self.b, self.unused]

        def __call__(self, xs):
            return self.w * xs[0] + self.b

    line = Line()
    train(line, [[0], [1], [2]], [1, 3, 5], 200, loss="mse", rate=0.2, progress=False)
    assert (line.w.data, line.b.data, line.unused.data) == (pytest.approx(2), pytest.approx(1), 3.0)


class Tied:
    """One weight for both features, listed for each."""

    def __init__(self):
        self.w = Value(0.5, "w")

    def parameters(self):
        return [self.w, self.w]

    def __call__(self, xs):
        return self.w * xs[0] + self.w * xs[1]


def test_a_parameter_that_is_listed_twice_is_one_parameter():
    tied = Tied()
    found, _, gradient = Training(tied, [[1.0, 2.0]], [2.0], loss="mse", decay=0.1).evaluate()
    loss = (tied([1.0, 2.0]) - 2.0) ** 2 + 0.1 * tied.w**2
    loss.backward()
    assert found == pytest.approx(loss.data) and gradient.tolist() == pytest.approx([tied.w.grad])


def test_parameters_that_the_network_does_not_compute_with_are_refused():
    class Copies(Tied):
        def parameters(self):
            return [Value(self.w.data, "w")]

    net = Copies()
    with pytest.raises(ValueError, match="must list the very nodes that the network computes with"):
        train(net, XS, YS, progress=False)
    assert scores(net, [[1.0, 2.0]]).tolist() == [1.5]


def test_another_engine_is_trained():
    engine = pytest.importorskip("micrograd.engine")
    theirs, ours = MLP(2, [4, 1], cls=engine.Value, seed=1), MLP(2, [4, 1], seed=1)
    assert train(theirs, XS, YS, 10, progress=False) == train(ours, XS, YS, 10, progress=False)
    assert numbers(theirs) == numbers(ours)


# --- what goes wrong ---

NAN = float("nan")


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"xs": [], "ys": []}, ValueError, "there are no samples: xs is empty (shape (0,))"),
        ({"xs": [[1, NAN]], "ys": [1]}, ValueError, "feature 1 of sample 0 is nan; every sample must be finite"),
        ({"xs": [[1, 2], [3]], "ys": [1, 1]}, ValueError, "the samples differ in their number of features"),
        ({"xs": [1, 2], "ys": [1, 1]}, ValueError, "shape (N, features), one row each, got (2,)"),
        ({"xs": [["a", "b"]], "ys": [1]}, TypeError, "the samples must be rows of numbers, got a str"),
        ({"xs": [[1, 2, 3]], "ys": [1]}, ValueError, "sample 0 has 3 features, but the network takes 2 inputs"),
        ({"ys": [1, 1]}, ValueError, "each sample needs one label: there are 100 samples, but 2 labels"),
        ({"ys": [2, *YS[1:]]}, ValueError, "for the hinge loss labels are -1 and 1, or 0 and 1; label 0 is 2"),
        ({"ys": [0, *YS[1:]]}, ValueError, "label 1 is -1, and another is 0"),
        ({"ys": [NAN, *YS[1:]]}, ValueError, "label 0 is nan; every label must be finite"),
        ({"ys": ["x"] * 100}, TypeError, "the labels must be numbers, got a str"),
        ({"rate": 0}, ValueError, "the rate must be a positive number, got 0"),
        ({"rate": NAN}, ValueError, "the rate must be a positive number, got nan"),
        ({"rate": "fast"}, TypeError, "the rate must be a number, got a str"),
        ({"rate": lambda n: 1 - n}, ValueError, "the rate of step 1 must be a positive number, got 0"),
        ({"decay": -1}, ValueError, "the decay must be a number of at least 0, got -1"),
        ({"loss": "huber"}, ValueError, "unknown loss: 'huber' (must be a function or one of 'hinge', "),
        ({"loss": lambda score, y: y * y}, ValueError, "the loss does not depend on the score"),
        ({"steps": 0}, ValueError, "steps must be a whole number of at least 1, got 0"),
        ({"net": MLP(2, [3, 2])}, ValueError, "this needs a network with one output, not 2"),
    ],
)  # fmt: skip
def test_bad_arguments_are_said_and_change_nothing(options, error, said):
    net = MLP(2, [3, 1], seed=0)
    before = numbers(net)
    with pytest.raises(error) as caught:
        train(**{"net": net, "xs": XS, "ys": YS, "progress": False, **options})
    assert said in str(caught.value)
    assert numbers(net) == before


def test_a_rate_that_fails_on_the_way_keeps_what_was_reached():
    nets = [MLP(2, [3, 1], seed=0) for _ in range(2)]
    train(nets[0], XS, YS, 1, rate=1, progress=False)
    with pytest.raises(ValueError, match="the rate of step 2 must be a positive number, got 0"):
        train(nets[1], XS, YS, 5, rate=lambda n: 2 - n, progress=False)
    assert numbers(nets[0]) == numbers(nets[1])


def test_training_that_diverges_keeps_the_last_good_parameters():
    net = MLP(2, [4, 1], seed=1)
    training, seen = Training(net, XS, YS, loss="mse", rate=1e6), []
    with pytest.raises(DivergedError) as caught:
        while True:
            seen.append(numbers(net))
            training.step()
    kept = numbers(net)
    assert all(map(math.isfinite, kept)) and kept in seen
    assert np.isfinite(scores(net, XS)).all()
    loss, _, gradient = training.evaluate()
    assert math.isfinite(loss) and np.isfinite(gradient).all()
    assert f"The parameters are those of step {seen.index(kept)} again" in str(caught.value)
    assert str(caught.value).endswith("a rate smaller than 1e+06 may help")


def test_a_network_that_is_not_finite_at_all_is_named():
    class Log:
        def __init__(self):
            self.w = Value(1.0, "w")

        def parameters(self):
            return [self.w]

        def __call__(self, xs):
            return (self.w * xs[0]).log()

    with pytest.raises(DivergedError, match=r"^step 1: the loss is not finite \(sample 1: log\(.*\) is defined for"):
        train(Log(), [[1.0], [-2.0]], [1, -1], progress=False)


def test_a_loss_too_large_for_a_number_is_said_by_the_step():
    training = Training(MLP(2, [3, 1], seed=0), [[1e200, 1.0], [1.0, 1.0]], [1, -1], loss="mse")
    with pytest.raises(DivergedError, match="^step 1: the loss is not finite"):
        training.step()


def test_an_interruption_leaves_the_last_complete_step():
    net, seen = MLP(2, [4, 1], seed=1), []

    def stop(step):
        seen.append(numbers(net))
        if step.number == 3:
            net.parameters()[0].data = 99.0  # as if half of a step had been written
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(net, XS, YS, callback=stop, progress=False)
    assert numbers(net) == seen[2] != seen[1]


def test_the_bar_tells_loss_and_accuracy_or_is_silent(capsys):
    net = MLP(2, [4, 1], seed=1)
    train(net, XS, YS, 3, progress=False)
    assert capsys.readouterr() == ("", "")
    history = train(net, XS, YS, 3)
    shown = capsys.readouterr().err
    assert "training" in shown and "3/3" in shown
    assert f"accuracy {100 * history.state.accuracy:.1f} %" in shown


def test_scores_are_the_networks_own_outputs():
    net = MLP(2, [4, 1], "tanh", seed=1)
    assert scores(net, XS[:7]) == pytest.approx([net(x).data for x in XS[:7]])


# --- the moons ---


def test_the_moons_lie_where_those_of_scikit_learn_do():
    datasets = pytest.importorskip("sklearn.datasets")
    theirs, classes = datasets.make_moons(51, shuffle=False, noise=None)
    xs, ys = moons(51, noise=0)
    assert np.array(xs) == pytest.approx(theirs)
    assert [int(y > 0) for y in ys] == classes.tolist()


def test_the_noise_has_its_size_and_its_seed():
    clean, noisy = (np.array(moons(4000, noise=n, seed=9)[0]) for n in (0, 0.2))
    assert (noisy - clean).std(axis=0) == pytest.approx([0.2, 0.2], rel=0.05)
    assert moons(10, seed=1) == moons(10, seed=1) != moons(10, seed=2)
    assert moons(10, seed=None) != moons(10, seed=None)


@pytest.mark.parametrize(
    "options", [{"n": 1}, {"n": 2.5}, {"n": "a"}, {"n": None}, {"noise": -1}, {"noise": NAN}, {"noise": "a"}]
)
def test_moons_refuse_what_makes_none(options):
    with pytest.raises(ValueError, match=r"must be a (whole )?number of at least \d, got"):
        moons(**options)
