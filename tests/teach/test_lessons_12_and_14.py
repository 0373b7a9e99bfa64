"""The figures that lessons 12 and 14 are about stand in their committed results, and NumPy agrees with them."""

import json
import math
import re
from pathlib import Path

import numpy as np

LESSONS = Path(__file__).resolve().parent.parent.parent / "lessons"
TENSORS, NEXT = "12-tensors.ipynb", "14-what-comes-next.ipynb"


def result(name, part):
    """What the one cell with this piece of code printed or showed as text."""
    cells = json.loads((LESSONS / name).read_text(encoding="utf-8"))["cells"]
    (outputs,) = [cell["outputs"] for cell in cells if part in "".join(cell["source"]) and cell.get("outputs")]
    return "".join("".join(o.get("text") or o["data"]["text/plain"]) for o in outputs)


def test_how_many_nodes_a_dot_product_has():
    lines = result(TENSORS, "for n in (2, 10, 784)").splitlines()[1:]
    assert [[int(word) for word in line.replace(":", "").split() if word.isdigit()] for line in lines] == [
        [n, 4 * n - 1] for n in (2, 10, 784)
    ]


def test_the_gradient_of_what_was_repeated_has_first_the_wrong_shape():
    assert result(TENSORS, 'print("the gradient of b")').startswith("the gradient of b\n[[1. 1. 1.]\n [1. 1. 1.]]\n")
    assert result(TENSORS, '("a row", [1, 2, 3])').count("True") == 4


def test_the_model_of_442_people_is_nearly_that_of_least_squares():
    table = np.loadtxt(LESSONS / "data" / "diabetes.csv", delimiter=",", skiprows=1)
    left = np.linalg.lstsq(np.c_[table[:, :10], np.ones(442)], table[:, 10], rcond=None)[1][0]
    said = result(TENSORS, "np.loadtxt")
    assert 0 < float(re.search(r"(\S+) after 300 steps", said)[1]) - left / 442 / table[:, 10].var() < 2e-3
    assert said.endswith("12 nodes\n")


def test_the_first_loss_of_three_classes_is_log_3():
    lines = result(TENSORS, "for t in range(201)").splitlines()
    assert lines[1].split()[:2] == ["0", f"{math.log(3):.4f}"] and float(lines[-1].split()[1]) < 0.2


def test_forward_mode_finds_the_gradients_of_the_first_lesson():
    assert result(NEXT, "print(gradient(lambda") == "[6.0, -4.0, -2.0, 4.0]\n"


def test_the_second_derivatives():
    assert [line.split() for line in result(NEXT, "slope, bend = derivative(valley)").splitlines()[1:]] == [
        ["6", "4", "2.0", "2.0"], ["0", "28", "-10.0", "2.0"],
    ]  # fmt: skip
    drawn = {line.split()[0]: line.split()[-2:] for line in result(NEXT, "explore(slope_of_cube").splitlines()[1:]}
    assert drawn["slope"][0] == "27" and drawn["a"] == ["3", "?"]  # it is asked for
