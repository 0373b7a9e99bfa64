"""The network that a learner writes in lesson 11, of her own class, is trained and watched."""

from pathlib import Path

import nbformat
import pytest

from cgviz import Value, softplus, watch_training
from cgviz.live import Trainer
from cgviz.nn import moons, train
from cgviz.nn.loss_functions import logistic

LESSON = Path(__file__).parents[2] / "lessons" / "11-a-network.ipynb"
XS, YS = moons(40, noise=0.1, seed=1)


def lesson():
    """The names of a notebook in which the classes of lesson 11 are written: grown from cell to cell."""
    names = {"__name__": "__main__"}
    for cell in nbformat.read(LESSON, 4).cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "code" and ("@grow" in cell.source or "so-far" in tags) and "solve(" not in cell.source:
            exec("import random\n" + cell.source, names)
    return names


def define(names, source):
    exec(source, names)
    return names["mine"]


OWN_LOSSES = {
    "sigmoid": "def mine(score, y): return -log(sigmoid(y * score))",
    "exp": "mine = lambda s, t: log(1 + exp(-t * s))",
    "methods": "mine = lambda s, t: -(s * t).sigmoid().log()",
}


def network(names, kind="MLP"):
    names["random"].seed(1)
    return names["MLP"](2, [4, 1]) if kind == "MLP" else names["Neuron"](2, None)


def mean(names, net, source):
    mine = define(names, source)
    return sum(mine(net(x), y).data for x, y in zip(XS, YS, strict=True)) / len(XS)


@pytest.mark.parametrize("kind", ["MLP", "Neuron"])
@pytest.mark.parametrize("loss", ["hinge", "logistic", "mse"])
def test_the_networks_of_the_lesson_are_watched_with_the_losses_that_have_names(kind, loss):
    names = lesson()
    net = network(names, kind)
    trainer = Trainer(net, XS, YS, 3, loss=loss, rate=0.1)
    history = trainer.run()
    assert trainer.view.message == "" and {type(p).__module__ for p in net.parameters()} == {"__main__"}
    assert history.state.loss < history[0].loss
    if loss == "logistic":
        assert history.state.loss == pytest.approx(mean(names, net, OWN_LOSSES["sigmoid"]))


@pytest.mark.parametrize("kind", ["MLP", "Neuron"])
@pytest.mark.parametrize("source", OWN_LOSSES.values(), ids=OWN_LOSSES)
def test_a_loss_of_the_learners_may_call_her_own_functions(kind, source):
    names = lesson()
    ours, theirs = network(names, kind), network(names, kind)
    trainer = Trainer(ours, XS, YS, 4, loss=define(names, source), rate=0.5)
    history = trainer.run()
    named = train(theirs, XS, YS, 4, loss="logistic", rate=0.5, progress=False)
    assert [step.loss for step in history] == pytest.approx([step.loss for step in named])
    assert history.state.loss == pytest.approx(mean(names, ours, source))
    assert trainer.view.message == ""
    assert trainer.view.records.root.data == pytest.approx(names["mine"](ours(XS[0]), YS[0]).data)


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (lambda s, y: None, "returned None: is a return missing?"),
        (lambda s, y: float(s) - y, "nodes of the class Value of __main__: float"),
        (lambda net, xs, ys: 0, r"a score and a label, but <lambda> takes \(net, xs, ys\)"),
    ],
)
def test_a_loss_that_cannot_be_computed_is_refused_before_the_training(loss, sentence):
    net = network(lesson())
    before = [p.data for p in net.parameters()]
    with pytest.raises(TypeError, match=sentence) as refusal:
        watch_training(net, XS, YS, steps=3, loss=loss)
    assert "\n" not in str(refusal.value) and [p.data for p in net.parameters()] == before


def test_a_loss_written_with_operations_of_cgviz_trains_and_the_view_says_why_it_has_no_graph():
    trainer = Trainer(network(lesson()), XS, YS, 3, loss=lambda s, y: softplus(-y * s), rate=0.5)
    history = trainer.run()
    assert history.state.loss < history[0].loss
    assert trainer.view.message.startswith("the graph of sample 0 cannot be computed: ")


def test_a_history_prints_in_two_lines():
    history = train(network(lesson()), XS, YS, 3, loss="logistic", progress=False)
    first, last = repr(history).splitlines()
    assert first.startswith("History of 3 steps, the first from loss ") and last.startswith("after step 3: loss ")


def test_a_class_that_inherits_all_its_methods_has_the_functions_beside_it():
    grown = type("Value", (lesson()["Value"],), {"__module__": "__main__"})
    y = logistic(grown(0.5), 1.0)
    assert isinstance(y, grown) and y.data == pytest.approx(logistic(Value(0.5), 1.0).data)


def test_a_function_of_the_same_name_that_computes_something_else_is_passed_over():
    names = lesson()
    define(names, "import math\ndef softplus(x): return x * 2\nmine = softplus")
    assert logistic(names["Value"](0.5), 1.0).data == pytest.approx(logistic(0.5, 1.0))
    define(names, "def softplus(x): return math.log1p(math.exp(x))\nmine = softplus")
    assert logistic(names["Value"](0.5), 1.0).data == pytest.approx(logistic(0.5, 1.0))
