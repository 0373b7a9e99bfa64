"""What a training shows is of one moment, whatever ended it, and a learner's own class can be watched."""

import math
import re
import sys
from copy import copy
from pickle import dumps, loads

import pytest

from cgviz import Value, descend, maximum, softplus
from cgviz.listing import Listing
from cgviz.live import Trainer
from cgviz.live.training_view import boundary_chart
from cgviz.nn import MLP, DivergedError, Training, moons, scores, train
from cgviz.nn.loss_functions import hinge, logistic
from cgviz.pictures import losses

XS, YS = moons(60, noise=0.25, seed=1)
ACCURACY = re.compile(r"accuracy ([0-9.]+) %")
RIGHT = re.compile(r"(\d+) of (\d+) samples")


def of_one_moment(trainer):
    """The words, the boundary, the chart, the network and the graph agree with one another."""
    training, net = trainer.training, trainer.net
    loss, accuracy, _ = Training(net, XS, YS, loss=training.loss, rate=1.0).evaluate()
    assert training.state == (len(trainer.history), pytest.approx(loss), accuracy and pytest.approx(accuracy))
    assert f"step {training.done} of" in trainer.words()
    if accuracy is not None and trainer.history:
        assert float(ACCURACY.search(trainer.words()).group(1)) == pytest.approx(100 * accuracy, abs=0.1)
    right, count = map(int, RIGHT.search(boundary_chart(training).said).groups())
    assert right == sum((scores(net, XS) > 0) == ([y > 0 for y in YS])) and count == len(XS)
    if accuracy is not None:
        assert right / count == pytest.approx(accuracy)
    if trainer.history:
        said = trainer._losses().said
        assert said.startswith(f"The loss after {training.done} of")
        assert float(said.rsplit(" to ", 1)[1]) == pytest.approx(loss, rel=1e-3)


@pytest.mark.parametrize("loss", ["hinge", "logistic", "mse"])
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_all_that_is_shown_is_of_the_moment_after_the_last_step(loss, steps):
    trainer = Trainer(MLP(2, [4, 1], seed=2), XS, YS, steps, loss=loss, rate=0.1)
    history = trainer.run()
    of_one_moment(trainer)
    number, reached, accuracy = trainer.training.state
    assert history.state == (number, pytest.approx(reached), accuracy and pytest.approx(accuracy))
    trainer.run(2, callback=lambda step: of_one_moment(trainer) or trainer.stop())
    of_one_moment(trainer)


def test_an_interruption_and_a_divergence_leave_one_moment():
    trainer = Trainer(MLP(2, [4, 1], seed=1), XS, YS, 20, loss="mse", rate=0.05)

    def interrupt(step):
        if step.number == 4:
            raise KeyboardInterrupt

    trainer.run(callback=interrupt)
    of_one_moment(trainer)
    trainer.training.rate = 1e6
    with pytest.raises(DivergedError):
        trainer.run(200)
    of_one_moment(trainer)
    assert trainer.history[-1].number == trainer.training.done


def test_a_network_that_was_changed_elsewhere_is_shown_as_it_was_trained_and_keeps_its_numbers():
    trainer = Trainer(MLP(2, [4, 1], seed=1), XS, YS, 3)
    trainer.run()
    before = trainer.view.records.root.data
    for p in trainer.net.parameters():
        p.data = 0.5
    trainer.show()
    assert trainer.view.records.root.data == pytest.approx(before)
    assert {p.data for p in trainer.net.parameters()} == {0.5}


def test_what_train_returns_knows_where_it_led_to_and_prints_in_a_few_lines():
    net = MLP(2, [4, 1], seed=2)
    history = train(net, XS, YS, 200, rate=0.1, progress=False)
    assert history.state[:2] == (200, pytest.approx(Training(net, XS, YS).evaluate()[0]))
    assert len(repr(history).splitlines()) < 10 and repr(history).splitlines()[-1].startswith("after step 200: loss ")
    axes = losses(history).axes[0]
    assert (axes.lines[0].get_xdata()[-1], axes.lines[0].get_ydata()[-1]) == (200, pytest.approx(history.state.loss))
    steps = descend("a**2", a=1, steps=300).steps
    assert len(repr(steps).splitlines()) < 10 and isinstance(steps, list)


PLACES = [slice(1, None), slice(None), slice(-3, None), slice(None, 5), slice(2, 7), slice(None, None, 3), slice(0, 1)]


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("make", ["train", "trainer"])
def test_a_part_of_a_history_knows_where_it_led_to(place, make):
    nets = [MLP(2, [4, 1], seed=2) for _ in range(2)]
    whole = train(nets[0], XS, YS, 9, progress=False) if make == "train" else Trainer(nets[0], XS, YS, 9).run()
    part = whole[place]
    assert type(part) is type(whole) and part == list(whole)[place] and len(repr(part).splitlines()) == 2
    again = train(nets[1], XS, YS, part[-1].number, progress=False)
    assert part.state == (again.state.number, pytest.approx(again.state.loss), pytest.approx(again.state.accuracy))


def test_a_part_that_leads_nowhere_has_no_state_and_prints():
    history = train(MLP(2, [4, 1], seed=2), XS, YS, 9, progress=False)
    for part in (history[:0], history[::-1], history[::2][:2]):
        assert part.state is None and repr(part)
    assert [
        (x.state, list(x)) for x in (history.copy(), history[:4] + history[4:], copy(history), loads(dumps(history)))
    ] == [(history.state, list(history))] * 4


@pytest.mark.parametrize("n", [0, 1, 5, 6, 7, 1000])
def test_a_listing_is_a_list(n):
    listing = Listing(range(n))
    assert listing == list(range(n)) and len(repr(listing).splitlines()) <= 7
    assert listing[1:] == list(range(n))[1:] and type(listing[1:]) is Listing
    if n < 7:
        assert eval(repr(listing)) == list(range(n))


# --- a class of the learner's ---

OWN = """
import math


class Value:
    def __init__(self, data, label="", _prev=(), _pulls=(), _op=""):
        self.data, self.label, self.grad, self._prev, self._pulls, self._op = data, label, 0.0, _prev, _pulls, _op

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, "", (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, "", (self, other), (other.data, self.data), "*")

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for operand in node._prev:
                    visit(operand)
                order.append(node)

        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for operand, slope in zip(node._prev, node._pulls):
                operand.grad += slope * node.grad
"""
FUNCTIONS = {
    "exp": """
def exp(x):
    y = math.exp(x.data)
    return Value(y, "", (x,), (y,), "exp")
""",
    "log": """
def log(x):
    return Value(math.log(x.data), "", (x,), (1 / x.data,), "log")
""",
    "sigmoid": """
def sigmoid(x):
    y = 1 / (1 + math.exp(-x.data))
    return Value(y, "", (x,), (y * (1 - y),), "σ")
""",
}


def own(*functions):
    names = {"__name__": "__main__"}
    exec(OWN + "".join(FUNCTIONS[name] for name in functions), names)
    return names["Value"]


@pytest.mark.parametrize("functions", [("exp", "log"), ("log", "sigmoid"), ("exp", "log", "sigmoid")])
@pytest.mark.parametrize("loss", [hinge, logistic])
@pytest.mark.parametrize("score", [-3.0, 0.25, 4.0])
def test_a_loss_is_made_of_what_the_class_has(functions, loss, score):
    theirs, ours = own(*functions)(score), Value(score)
    (found := loss(theirs, -1.0)).backward()
    (expected := loss(ours, -1.0)).backward()
    assert found.data == pytest.approx(expected.data) and theirs.grad == pytest.approx(ours.grad)
    assert isinstance(found, type(theirs))


STRANGERS = {
    "of another class": "def {name}(x):\n    return Other({right}, '', (x,), ({right},), '{name}')",
    "that keep no operands": "def {name}(x):\n    return type(x)({right})",
}
NUMBERS = {"relu": "max(0.0, x.data)", "softplus": "math.log1p(math.exp(x.data))", "exp": "math.exp(x.data)"}


@pytest.mark.parametrize("strangers", STRANGERS)
def test_functions_that_are_not_the_class_s_own_are_passed_over(strangers, monkeypatch):
    """As in a notebook where a class was written twice, or beside a script's own functions of these names."""
    names = {"__name__": "elsewhere"}
    exec(OWN.replace("Value", "Other"), names)
    for name, right in NUMBERS.items():
        exec(STRANGERS[strangers].format(name=name, right=right), names)
        monkeypatch.setattr(sys.modules["__main__"], name, names[name], raising=False)
    for loss in (hinge, logistic):
        theirs, ours = own("exp", "log")(-3.0), Value(-3.0)
        found = loss(theirs, 1.0)
        found.backward()
        loss(ours, 1.0).backward()
        assert type(found) is type(theirs) and theirs.grad == pytest.approx(ours.grad)


def test_a_loss_far_out_does_not_overflow():
    assert logistic(own("exp", "log")(-2000.0), 1.0).data == pytest.approx(2000.0)
    assert logistic(own("exp", "log")(2000.0), 1.0).data == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("loss", ["hinge", "logistic"])
def test_a_network_of_the_learners_class_is_watched(loss):
    class Net:
        cls = own("exp", "log")

        def __init__(self):
            self.w, self.b = self.cls(0.5, "w"), self.cls(0.1, "b")

        def parameters(self):
            return [self.w, self.b]

        def __call__(self, xs):
            return self.w * xs[0] + self.b * xs[1]

    trainer = Trainer(Net(), XS, YS, 3, loss=loss, rate=0.1)
    trainer.run()
    of_one_moment(trainer)
    assert not trainer.view.message and math.isfinite(trainer.view.records.root.data)


def test_what_is_missing_is_said_with_the_class_and_where_it_is_from():
    with pytest.raises(TypeError, match="class Value of __main__ has neither softplus, nor log with exp or sigmoid"):
        logistic(own()(1.0), 1.0)
    for call in (softplus, lambda x: maximum(Value(1.0), x)):
        with pytest.raises(TypeError, match=r"got a Value of another class \(of __main__, not of cgviz\)"):
            call(own()(1.0))
