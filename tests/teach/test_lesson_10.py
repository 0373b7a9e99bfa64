"""The figures of lesson 10, computed once more without the learner's class."""

import json
import math
import random
import re
from pathlib import Path

LESSON = Path(__file__).resolve().parent.parent.parent / "lessons" / "10-logistic-regression.ipynb"


def result(part):
    """What the one cell with this code, and with a result, printed."""
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    (found,) = [cell for cell in cells if part in "".join(cell["source"]) and cell.get("outputs")]
    return "".join("".join(o.get("text") or o["data"]["text/plain"]) for o in found["outputs"])


def table(part):
    """The rows of numbers that the cell printed, without the lines of words above them."""
    lines = result(part).splitlines()
    return [[float(word) for word in line.split()] for line in lines if not re.search("[a-z]{2}", line)]


def sigmoid(s):
    return 1 / (1 + math.exp(-s))


def test_the_gradient_of_the_score_is_p_minus_y():
    rows = table('print("score   y ')
    assert len(rows) == 6
    for score, y, p, _, slope, grad, difference in rows:
        right = sigmoid(score)
        assert (p, slope) == (round(right, 3), round(right * (1 - right), 3))
        assert grad == difference == round(right - y, 3)


def test_the_checked_sample_has_the_gradients_of_the_formula():
    drawn = {
        row[0]: row[-1] for row in map(str.split, result('explore(one_sample, cls=Value, tool="check"').splitlines())
    }
    error = sigmoid(0.25) - 1
    expected = {"w1": 2 * error, "w2": -3 * error, "b": error, "s": error, "p": -1 / sigmoid(0.25), "L": 1}
    assert {name: drawn[name] for name in expected} == {name: f"{grad:.4g}" for name, grad in expected.items()}


def test_the_descent_is_that_of_plain_numbers():
    rng, samples = random.Random(3), []
    for y, (one, two) in ((0, (-0.5, -0.5)), (1, (1.5, 1.0))):
        samples += [((round(rng.gauss(one, 0.8), 2), round(rng.gauss(two, 0.8), 2)), y) for _ in range(40)]
    rng, w1, w2, b = random.Random(10), 0.0, 0.0, 0.0
    for _ in range(20):
        for (x1, x2), y in rng.sample(samples, 80):
            error = sigmoid(w1 * x1 + w2 * x2 + b) - y
            w1, w2, b = w1 - 0.1 * error * x1, w2 - 0.1 * error * x2, b - 0.1 * error
    given = [sigmoid((2 * y - 1) * (w1 * x1 + w2 * x2 + b)) for (x1, x2), y in samples]
    cost, right = -sum(map(math.log, given)) / 80, sum(q > 0.5 for q in given)
    assert table('print("epoch ')[-1] == [20, round(cost, 4), right, *(round(x, 3) for x in (w1, w2, b))]
    assert right == 76
