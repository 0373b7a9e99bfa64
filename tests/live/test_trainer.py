"""Training that is watched: what is shown, and that the network is whole whatever ends it."""

import _thread
import asyncio
import signal
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from cgviz import Value, watch_training
from cgviz.live import Trainer
from cgviz.live.training_view import boundary_chart, loss_chart
from cgviz.nn import MLP, DivergedError, Module, PartedError, Step, Training, moons, scores, train

XS, YS = moons(20, noise=0.1, seed=1)


def elsewhere(work):
    """Run this in a thread of its own, where no event loop runs: the browser tests leave one running in the first."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def net(seed=1):
    return MLP(2, [4, 1], seed=seed)


def numbers(net):
    return [p.data for p in net.parameters()]


def test_it_trains_as_train_does_and_returns_the_same():
    ours, theirs = net(), net()
    history = watch_training(ours, XS, YS, 15, rate=0.3, loss="logistic", decay=1e-4)
    assert history == train(theirs, XS, YS, 15, rate=0.3, loss="logistic", decay=1e-4, progress=False)
    assert numbers(ours) == numbers(theirs)


def test_the_pictures_show_the_last_state():
    trainer = Trainer(net(), XS, YS, 5)
    before = trainer._loss.value, trainer._where.value, trainer.view.state
    trainer.run()
    assert all(
        a != b for a, b in zip(before, (trainer._loss.value, trainer._where.value, trainer.view.state), strict=True)
    )
    assert (trainer._bar.value, trainer._bar.max, trainer._bar.bar_style) == (5, 5, "success")
    assert trainer.words().startswith("step 5 of 5: loss ")
    for chart in (trainer._loss.value, trainer._where.value):
        ET.fromstring(chart)


def test_pictures_come_at_most_ten_times_a_second(monkeypatch):
    ticks = []  # each look at the clock is a 64th of a second later than the one before

    def look():
        ticks.append(len(ticks) / 64)
        return ticks[-1]

    monkeypatch.setattr("cgviz.live.trainer.time", SimpleNamespace(perf_counter=look))
    trainer, shown = Trainer(net(), XS, YS, 400), []
    monkeypatch.setattr(trainer, "show", lambda: shown.append(ticks[-1]))
    trainer.run()
    between = [b - a for a, b in pairwise(shown[:-1])]  # the last comes when it has ended
    assert len(between) > 40 and all(0.1 <= seconds <= 0.15 for seconds in between)


def test_the_graph_is_that_of_the_chosen_sample_with_its_layers_folded():
    trainer = Trainer(net(), XS, YS, 5, sample=3)
    trainer.run()
    for sample in (3, 7):
        trainer.sample = sample
        nodes = {node.name: node for node in trainer.view.records.nodes}
        assert set(nodes) == {"x₁", "x₂", "y", "a¹", "a²", "L"}
        assert (nodes["x₁"].data, nodes["x₂"].data, nodes["y"].data) == (*XS[sample], YS[sample])
        score = scores(trainer.net, [XS[sample]])[0]
        assert nodes["a²"].data == pytest.approx(score)
        assert nodes["L"].data == pytest.approx(max(0.0, 1 - YS[sample] * score))
    assert nodes["a²"].grad in (0.0, -YS[7])


@pytest.fixture
def interruptible():
    """A run in the background of a shell hears no interrupt; in a notebook, Python always does."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_the_stop_button_of_the_notebook_leaves_a_whole_network_and_is_no_error():
    ours, theirs = net(), net()

    def stop(step):
        if step.number == 5:
            _thread.interrupt_main()

    trainer = Trainer(ours, XS, YS, 50)
    history = trainer.run(callback=stop)
    assert 5 <= len(history) < 50 and not trainer.running
    train(theirs, XS, YS, len(history), progress=False)
    assert numbers(ours) == numbers(theirs)
    assert f"Stopped: the network has the parameters of step {len(history)}" in trainer._words.value
    assert len(trainer.run(3)) == len(history) + 3
    assert "Stopped" not in trainer._words.value


def test_numbers_that_run_away_are_said_and_raised():
    class Line(Module):
        def __init__(self):
            self.a = Value(1.0, "a")

        def parameters(self):
            return [self.a]

        def __call__(self, inputs):
            return self.a * inputs[0]

    trainer = Trainer(Line(), [[1], [2]], [5, 3], 500, loss="mse", rate=10)
    with pytest.raises(DivergedError):
        trainer.run()
    assert "is not finite. The parameters are" in trainer._words.value
    assert np.isfinite(trainer.net.a.data) and not trainer._button.disabled


class Scaled(Module):
    def __init__(self):
        self.a, self.idle = Value(0.1, "a"), Value(1.0, "idle")

    def parameters(self):
        return [self.a, self.idle]

    def __call__(self, inputs):
        return self.a * inputs[0]


def test_a_loss_that_parts_from_its_recording_is_said_in_the_picture_and_nothing_is_lost():
    def loss(score, y):
        return (score - y) ** 2 if score.data < 1 else 0.5 * score

    trainer = Trainer(Scaled(), [[1], [2]], [5, 3], 100, loss=loss, rate=0.02)
    with pytest.raises(PartedError):
        trainer.run()
    done = trainer.training.done
    assert 0 < len(trainer.history) == done < 100 and not trainer.running
    assert (
        "the loss gives" in trainer._words.value and f"The parameters are those of step {done}" in trainer._words.value
    )


def test_a_parameter_without_influence_is_noted_in_the_picture_and_in_the_history():
    trainer = Trainer(Scaled(), [[1], [2]], [1, 2], 3, loss="mse", rate=0.02)
    assert "parameter 'idle' has no influence on the loss" in trainer.run().notes[0]
    assert "The parameter 'idle' has no influence on the loss" in trainer.words()


def test_a_callback_that_fails_ends_the_training():
    trainer = Trainer(net(), XS, YS, 5)
    with pytest.raises(ZeroDivisionError):
        trainer.run(callback=lambda step: 1 / 0)
    assert len(trainer.history) == 1 and not trainer.running


def test_the_button_trains_in_the_background_and_stops():
    ours = net()
    trainer = Trainer(ours, XS, YS, 100_000)

    async def press():
        trainer._button.click()
        assert trainer.running
        with pytest.raises(RuntimeError, match="press Stop first"):
            trainer.run()
        while len(trainer.history) < 5:
            await asyncio.sleep(0.01)
        assert trainer._button.description == "Stop"
        trainer._button.click()
        while trainer.running:
            await asyncio.sleep(0.01)

    elsewhere(lambda: asyncio.run(press()))
    theirs = net()
    train(theirs, XS, YS, len(trainer.history), progress=False)
    assert numbers(ours) == numbers(theirs)
    assert trainer._button.description == "Train on" and "Stopped" in trainer._words.value


def test_a_second_press_before_the_first_step_stops_it():
    trainer = Trainer(net(), XS, YS, 100_000)
    before = numbers(trainer.net)

    async def press():
        trainer._button.click()
        assert trainer._button.description == "Stop"
        trainer._button.click()
        await asyncio.wait_for(trainer._task, 20)

    elsewhere(lambda: asyncio.run(press()))
    assert not trainer.running and trainer.history == [] and numbers(trainer.net) == before
    assert trainer._button.description == "Train" and "Stopped" in trainer._words.value
    assert len(trainer.run(3)) == 3


def test_a_callback_can_stop_it():
    trainer = Trainer(net(), XS, YS, 50)
    assert len(trainer.run(callback=lambda step: step.number == 4 and trainer.stop())) == 4
    assert "Stopped" in trainer._words.value


def test_without_a_loop_the_button_trains_at_once():
    trainer = Trainer(net(), XS, YS, 3)
    elsewhere(trainer._button.click)
    assert len(trainer.history) == 3


def test_what_runs_away_in_the_background_is_said():
    trainer = Trainer(net(), XS, YS, 50, loss="mse", rate=1e200)

    async def press():
        trainer._button.click()
        while trainer.running:
            await asyncio.sleep(0.01)

    elsewhere(lambda: asyncio.run(press()))
    assert "not finite" in trainer._words.value


def test_a_network_of_other_features_shows_the_loss_alone():
    trainer = Trainer(MLP(3, [2, 1], seed=0), [[1, 2, 3], [3, 2, 1]], [1, -1], 3)
    trainer.run()
    assert trainer._where.value == "" and "<svg" in trainer._loss.value
    with pytest.raises(ValueError, match="a boundary can be drawn for 2 features, the samples have 3"):
        boundary_chart(trainer.training)


def test_a_place_without_widgets_gets_pictures_of_the_last_state():
    trainer = Trainer(net(), XS, YS, 3)
    trainer.run()
    bundle = trainer._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"].startswith("Trainer(step 3 of 3: loss ")
    assert bundle["text/html"].count("data:image/svg+xml;base64,") == 3


# --- the charts ---


@pytest.mark.parametrize(
    "losses", [[], [1.0], [3.0, 2.0], [100.0, 1.0, 0.01], [0.0, 0.0], [-1.0, -2.0], [1e300, 1e-300]]
)
def test_every_history_has_a_chart(losses):
    chart = loss_chart([Step(i, x, None, 1.0) for i, x in enumerate(losses, start=1)], 5)
    ET.fromstring(chart.svg)
    assert "nan" not in chart.svg


def test_a_long_history_is_thinned_out():
    chart = loss_chart([Step(i, 1 / i, None, 1.0) for i in range(1, 20_001)], 20_000)
    assert len(chart.svg) < 20_000
    assert chart.said.endswith("from 1 to 5e-05")


def test_the_boundary_is_where_the_score_is_0():
    class Half(Module):
        def __init__(self):
            self.a = Value(1.0, "a")

        def parameters(self):
            return [self.a]

        def __call__(self, inputs):
            return self.a * inputs[0] - 0.25

    chart = boundary_chart(Training(Half(), [[-1, 0], [1, 1], [0.5, 0]], [-1, 1, -1]), sample=1)
    assert chart.said.endswith("2 of 3 samples on the right side")
    line = chart.svg.split('class="cgc-border" d="M')[1].split('"')[0]
    low, high = -1 - 0.12 * 2, 1 + 0.12 * 2
    for place in line.split("L"):
        assert low + float(place.split()[0]) / 1000 * (high - low) == pytest.approx(0.25, abs=2e-3)
    assert chart.svg.count('cgc-ring"') == 3  # one is wrong, and two around the sample


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"steps": 0}, "steps must be a whole number of at least 1, got 0"),
        ({"steps": True}, "steps must be a whole number of at least 1, got True"),
        ({"sample": 20}, "sample must be a whole number from 0 to 19, got 20"),
        ({"sample": -1}, "sample must be a whole number from 0 to 19, got -1"),
        ({"rate": 0}, "the rate must be a positive number, got 0"),
    ],
)
def test_what_cannot_be_trained_is_said_in_one_sentence(given, sentence):
    with pytest.raises(ValueError) as raised:
        Trainer(net(), XS, YS, **given)
    assert str(raised.value) == sentence


def test_a_number_of_steps_that_is_refused_leaves_the_button_as_it_was():
    trainer = Trainer(net(), *moons(10))
    with pytest.raises(ValueError, match="steps must be a whole number"):
        trainer.run(0)
    assert not trainer._button.disabled and not trainer.running
    assert len(trainer.run(1)) == 1
