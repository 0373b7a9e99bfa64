"""A loss of one sample, trained over a data set: every step is what the function gives as it is written."""

import math
import random
import re
import warnings

import numpy as np
import pytest

from cgviz import Value, exp, log, tanh
from cgviz.nn import SGD, Adam, DivergedError, SampleTraining, Training, cosine_rate, train
from tests.small_gpt import Scalar

LETTERS = "abcdefgh"
NAMES = [
    "abba",
    "cafe",
    "bead",
    "dad",
    "fab",
    "egg",
    "hag",
    "face",
    "head",
    "gab",
    "cab",
    "babe",
    "gaffe",
    "bad",
    "fed",
]


class Bigram:
    """Scores of the next letter by the one before, with an embedding, a bias and a softmax."""

    def __init__(self, node=Value, seed=1):
        rng = random.Random(seed)
        self.rows = [[node(rng.gauss(0, 1)) for _ in range(3)] for _ in range(len(LETTERS) + 1)]
        self.out = [[node(rng.gauss(0, 1)) for _ in range(3)] for _ in range(len(LETTERS) + 1)]

    @property
    def nodes(self):
        return [x for part in (self.rows, self.out) for row in part for x in row]

    def loss(self, name):
        before, total = len(LETTERS), 0
        for letter in [*map(LETTERS.index, name), len(LETTERS)]:
            scores = [sum(a * b for a, b in zip(self.rows[before], row, strict=True)) for row in self.out]
            top = max(score.data for score in scores)
            powers = [(score - top).exp() for score in scores]
            total, before = total - (powers[letter] / sum(powers)).log(), letter
        return total / (len(name) + 1)


def by_hand(nodes, loss_of, data, optimizer, steps, batch=1):
    """The losses and the numbers of plain training, with nothing recorded."""
    losses, numbers = [], np.array([p.data for p in nodes])
    for step in range(steps):
        gradient, total = np.zeros(len(nodes)), 0.0
        for k in range(batch):
            for p, x in zip(nodes, numbers.tolist(), strict=True):
                p.data, p.grad = x, 0.0
            root = loss_of(data[(step * batch + k) % len(data)])
            root.backward()
            gradient += [p.grad for p in nodes]
            total += root.data
        losses.append(total / batch)
        [numbers] = optimizer.move([("all", numbers, gradient / batch)])
    return losses, numbers


@pytest.mark.parametrize("node", [Value, Scalar])
@pytest.mark.parametrize("batch", [1, 4])
def test_names_of_mixed_length_train_as_they_do_by_hand(node, batch):
    model, plain = Bigram(node), Bigram(node)
    training = Training(model.loss, data=NAMES, parameters=model.nodes, optimizer=Adam(0.05), batch=batch)
    found = [step.loss for step in training.steps(40)]
    losses, numbers = by_hand(plain.nodes, plain.loss, NAMES, Adam(0.05), 40, batch)
    assert found == pytest.approx(losses, rel=1e-9)
    assert [p.data for p in model.nodes] == pytest.approx(numbers, rel=1e-7)
    assert not training.reading.eager and training.structures == len({len(name) for name in NAMES})


@pytest.mark.parametrize("batch", [4, 7, 15])
def test_a_batch_in_copies_is_sample_by_sample(batch, monkeypatch):
    model = Bigram()
    training = Training(model.loss, data=NAMES, parameters=model.nodes, optimizer=Adam(0.05), batch=batch)
    before = training._evaluate(range(batch))
    monkeypatch.setattr("cgviz.program.batch_engine.PER_COPIED", 0.0)
    alone = [training._evaluate([i]) for i in range(batch)]
    loss, gradient = training._evaluate(range(batch))
    engines = [known.structure.code.engine for known in training.reading.structures.values()]
    assert any(engine.copies for engine in engines)
    assert loss == pytest.approx(sum(each for each, _ in alone) / batch, rel=1e-12)
    assert gradient == pytest.approx(sum(each for _, each in alone) / batch, rel=1e-12, abs=1e-15)
    assert before[0] == pytest.approx(loss, rel=1e-12)


def test_new_names_are_foretold_and_not_run(monkeypatch):
    monkeypatch.setattr("cgviz.nn.sample_reading.FREELY", 0)
    rng = random.Random(3)
    names = ["".join(rng.choice(LETTERS) for _ in range(rng.randint(2, 6))) for _ in range(300)]
    model, plain = Bigram(), Bigram()
    training = SampleTraining(model.loss, names, optimizer=SGD(0.1), parameters=model.nodes)
    found = [step.loss for step in training.steps(300)]
    losses, _ = by_hand(plain.nodes, plain.loss, names, SGD(0.1), 300)
    assert found == pytest.approx(losses, rel=1e-8)
    assert training.reading.runs < 60 and training.reading.foretold > 240


def test_parameters_that_are_found_on_the_way_train_like_those_that_are_given():
    model, plain = Bigram(), Bigram()
    training = SampleTraining(model.loss, NAMES, optimizer=Adam(0.05))
    found = [step.loss for step in training.steps(45)]
    losses, _ = by_hand(plain.nodes, plain.loss, NAMES, Adam(0.05), 45)
    assert found == pytest.approx(losses, rel=1e-8)


def numbers_of_a_sample(w):
    def loss_of(sample):
        x, y = sample
        return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2

    return loss_of


def leaves_of_a_sample(w):
    def loss_of(sample):
        x, y = [Value(each) for each in sample[0]], Value(sample[1])
        return (tanh(w[0] * x[0] + w[1] * x[1] + w[2]) - y) ** 2

    return loss_of


def squares_of_a_sample(w):
    """Numbers that no rule foretells: each sample is read by itself."""

    def loss_of(sample):
        (a, b), y = sample
        return (w[0] * (a * a) + w[1] * math.sin(b) + w[2] - y) ** 2

    return loss_of


def labels_of_a_sample(w):
    def loss_of(sample):
        (a, b), y = sample
        return log(1 + exp((-1 if y > 0 else 1) * (w[0] * a + w[1] * b + w[2])))

    return loss_of


def decides_by_the_sample(w):
    def loss_of(sample):
        (a, b), y = sample
        return (w[0] * a - y) ** 2 if b > 0 else (w[1] * a + w[2] - y) ** 2 + w[0] * w[1]

    return loss_of


def decides_by_parameters(w):
    def loss_of(sample):
        (a, b), y = sample
        score = w[0] * a + w[1] * b + w[2]
        return (score - y) ** 2 if score.data > y else (y - score) * 0.5

    return loss_of


def weighs_by_a_plain_number(w):
    def loss_of(sample):
        (a, b), y = sample
        score = w[0] * a + w[1] * b + w[2]
        return (score - y) ** 2 * abs(score.data)

    return loss_of


def picks_the_largest(w):
    def loss_of(sample):
        (a, b), y = sample
        return (max([w[0] * a, w[1] * b, w[2] * y], key=lambda node: node.data) - y) ** 2

    return loss_of


KINDS = [
    numbers_of_a_sample,
    leaves_of_a_sample,
    squares_of_a_sample,
    labels_of_a_sample,
    decides_by_the_sample,
    decides_by_parameters,
    weighs_by_a_plain_number,
    picks_the_largest,
]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.filterwarnings("ignore:step")
def test_whatever_the_function_each_step_is_its_own(make):
    rng = random.Random(5)
    data = [((rng.gauss(0, 1), rng.gauss(0, 1)), float(rng.choice([-1, 1]))) for _ in range(12)]
    w, v = ([Value(x) for x in (0.3, -0.2, 0.1)] for _ in range(2))
    training = SampleTraining(make(w), data, parameters=w, rate=0.05)
    found = [step.loss for step in training.steps(30)]
    losses, _ = by_hand(v, make(v), data, SGD(0.05), 30)
    assert found == pytest.approx(losses, rel=1e-9)
    assert training.notes


def test_graphs_without_end_are_said_and_run_as_written():
    w = Value(0.5, "w")

    def loss_of(n):
        total = w * 1.0
        for _ in range(n):
            total = total + w * w
        return (total - 1) ** 2

    training = SampleTraining(loss_of, list(range(1, 40)), rate=1e-9)
    losses = [step.loss for step in training.steps(39)]
    assert losses[38] == pytest.approx(loss_of(39).data, rel=1e-2)
    [note] = training.notes
    assert "run as it is written" in note and "no end" in note


def test_a_random_loss_is_run_as_written():
    rng, w = random.Random(0), Value(0.5, "w")
    training = SampleTraining(lambda x: (w * x * rng.random() - 1) ** 2, [1.0, 2.0, 3.0], rate=1e-3)
    list(training.steps(6))
    assert any("plain numbers" in note for note in training.notes)


def test_a_loss_that_becomes_infinite_names_step_sample_and_node():
    w = Value(1.0, "w")
    training = SampleTraining(lambda x: (w * x - 1) ** 2 + log(w), [1.0, 2.0, 3.0], rate=1.0)
    with pytest.raises(DivergedError, match=r"step 2: .*sample 1, 2.0: log") as failure:
        list(training.steps(30))
    assert "those of step 1" in str(failure.value) and training.done == 1
    assert w.data == training.numbers[0]


def test_nan_in_a_class_of_ones_own_names_the_first_node():
    w = Scalar(1.0)

    def loss_of(x):
        return (w * x) ** 2 * Scalar(math.inf if x > 2 else 1.0)

    training = SampleTraining(loss_of, [1.0, 2.0, 3.0], rate=0.1)
    with pytest.raises(DivergedError, match="step 3: the loss is not finite .sample 2, 3.0: its first node"):
        list(training.steps(3))


BAD_SAMPLES = [
    ("a letter that is not in the table", "ab7", ValueError, r"This was sample 1, 'ab7'"),
    ("no letters", "", DivergedError, r"step 2: the loss is not finite \(sample 1, '': a / 0 is defined"),
    ("longer than the block", "abcabc", IndexError, r"This was sample 1, 'abcabc'"),
]


@pytest.mark.parametrize(
    ("name", "kind", "sentence"), [case[1:] for case in BAD_SAMPLES], ids=[c[0] for c in BAD_SAMPLES]
)
def test_a_sample_that_the_loss_cannot_take_is_named(name, kind, sentence):
    model, places = Bigram(), [Value(0.1) for _ in range(5)]

    def loss_of(name):
        score = sum((places[k] * x for k, x in enumerate(model.rows[LETTERS.index(c)][0] for c in name)), Value(0.0))
        return score / len(name)

    nodes = [*model.nodes, *places]
    before = [p.data for p in nodes]
    with pytest.raises(kind) as raised:
        training = SampleTraining(loss_of, ["abc", name, "bca"], rate=0.1, parameters=nodes)
        before = training.numbers.tolist()
        next(training.steps(2))
        before = training.numbers.tolist()
        training.step()
    assert re.search(sentence, "\n".join([str(raised.value), *getattr(raised.value, "__notes__", [])]))
    assert [p.data for p in nodes] == before


def test_a_number_outside_a_domain_names_step_and_sample():
    w = Value(0.5, "w")
    training = SampleTraining(lambda xs: sum(log(w * x) for x in xs), [(1.0,), (2.0, -1.0)], rate=0.1)
    with pytest.raises(DivergedError, match=r"step 2: the loss is not finite \(sample 1, \(2.0, -1.0\): log"):
        list(training.steps(3))


def test_an_interrupt_leaves_a_whole_set_of_parameters():
    model = Bigram()
    calls = iter(range(10**6))

    def loss_of(name):
        if next(calls) == 12:
            raise KeyboardInterrupt
        return model.loss(name)

    training = SampleTraining(loss_of, NAMES, parameters=model.nodes, rate=0.1)
    with pytest.raises(KeyboardInterrupt):
        list(training.steps(200))
    assert [p.data for p in model.nodes] == training.numbers.tolist()
    plain = Bigram()
    _, numbers = by_hand(plain.nodes, plain.loss, NAMES, SGD(0.1), training.done)
    assert training.numbers == pytest.approx(numbers, rel=1e-8)


def test_an_interrupt_of_train_leaves_a_whole_set_of_parameters_too():
    model, plain, calls = Bigram(), Bigram(), iter(range(10**6))

    def loss_of(name):
        if next(calls) == 12:
            raise KeyboardInterrupt
        return model.loss(name)

    with pytest.raises(KeyboardInterrupt):
        train(loss_of, data=NAMES, steps=200, parameters=model.nodes, rate=0.1, progress=False)
    numbers = np.array([p.data for p in model.nodes])
    states = [by_hand(plain.nodes, plain.loss, NAMES, SGD(0.1), n)[1] for n in (1,)]
    for _ in range(20):
        if np.allclose(numbers, states[-1], rtol=1e-8, atol=1e-10):
            break
        plain = Bigram()
        states.append(by_hand(plain.nodes, plain.loss, NAMES, SGD(0.1), len(states) + 1)[1])
    else:
        pytest.fail("the parameters are those of no step")


def test_a_failure_while_it_is_made_leaves_the_parameters_as_they_were():
    model = Bigram()
    before = [p.data for p in model.nodes]
    with pytest.raises(ValueError, match="substring not found|is not in"):
        SampleTraining(model.loss, ["abz"], parameters=model.nodes)
    assert [p.data for p in model.nodes] == before
    SampleTraining(model.loss, NAMES, parameters=model.nodes)
    assert [p.data for p in model.nodes] == before


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Training(3, data=[1]), "loss_of is a function of one sample"),
        (lambda: Training(lambda x: 3.0, data=[1]), "not a node of a graph"),
        (lambda: Training(lambda x: None, data=[1]), "is a return missing"),
        (lambda: Training(lambda x: Value(x), data=[1]), "depends on no parameters"),
        (lambda: Training(lambda x: Value(x) * 2, data=[1]), "depends on no parameters"),
        (lambda: Training(lambda x: Value(x) * 2, data=[]), "data is empty"),
        (lambda: Training(lambda x: Value(x) * 2, data=5), "data are the samples"),
        (lambda: Training(lambda x: Value(x) * 2, [1], data=[1]), "but not both"),
        (lambda: Training(W_LOSS, data=[1], rate=-1), "must be a positive"),
        (lambda: Training(W_LOSS, data=[1], rate=1, optimizer=SGD(1)), "given to the optimizer"),
        (lambda: Training(W_LOSS, data=[1], optimizer="adam"), "one of SGD, Momentum or Adam"),
        (lambda: Training(W_LOSS, data=[1], batch=0), "batch must be a whole number"),
        (lambda: Training(W_LOSS, data=[1], parameters=[1]), "parameter 0"),
    ],
)
def test_what_is_no_training_is_said_in_a_sentence(call, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        call()


W = Value(0.5, "w")


def W_LOSS(x):
    return (W * x - 1) ** 2


def test_train_takes_a_loss_of_a_sample():
    model = Bigram()
    seen = []
    history = train(
        model.loss,
        data=NAMES,
        steps=30,
        optimizer=Adam(cosine_rate(0.1, steps=30), weight_decay=0.01, clip=1.0),
        progress=False,
        callback=lambda step: seen.append(step.rate),
    )
    assert len(history) == 30 and seen[0] == 0.1 and seen[-1] < 0.001
    assert history.state.number == 30 and history.notes


def test_a_seed_shuffles_each_round():
    w = Value(0.0, "w")
    seen = []
    training = SampleTraining(lambda x: (w - x) ** 2 + 0 * w, [float(k) for k in range(20)], rate=1e-12, seed=1)
    for step in training.steps(40):
        seen.append(round(step.loss))
    squares = sorted(k * k for k in range(20))
    assert sorted(seen[:20]) == sorted(seen[20:]) == squares != seen[:20] != seen[20:]


def test_nothing_is_left_behind_in_the_class():
    before = Value.__init__, Scalar.__init__
    for node in (Value, Scalar):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            SampleTraining(Bigram(node).loss, NAMES).step()
    assert (Value.__init__, Scalar.__init__) == before
