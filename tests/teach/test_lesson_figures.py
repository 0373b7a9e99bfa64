"""The figures that lessons 5 to 9 are about stand in their committed results."""

import json
import math
import re
from pathlib import Path

import pytest

LESSONS = Path(__file__).resolve().parent.parent.parent / "lessons"


def results(name):
    """What each cell of code printed or showed as text, by the cell's source."""
    cells = json.loads((LESSONS / name).read_text(encoding="utf-8"))["cells"]
    shown = {}
    for cell in cells:
        outputs = cell.get("outputs", ())
        shown["".join(cell["source"])] = "\n".join("".join(o.get("text") or o["data"]["text/plain"]) for o in outputs)
    return shown


def result(name, part):
    (found,) = [text for source, text in results(name).items() if part in source and text]
    return found


def rows(table):
    return {line.split()[0]: line.split()[-2:] for line in table.splitlines()[1:]}


def test_the_forward_pass_is_drawn_after_each_step():
    drawn = result("08-functions.ipynb", 's.label = "s"\ndraw(s)').splitlines()
    assert drawn[-1].split()[:3] == ["s", "sigmoid(y)", "0.5"]
    last = result("08-functions.ipynb", 'z = s + a\nz.label = "z"\ndraw(z)').splitlines()
    assert last[-1].split()[:5] == ["z", "s", "+", "a", "0.7"] and len(last) == 8


def test_the_seven_gradients_of_the_chapter():
    lesson = "05-gradients.ipynb"
    assert result(lesson, "a.grad, b.grad, c.grad, d.grad") == "(6.0, -4.0, -2.0, 4.0)"
    by_hand = result(lesson, "L.grad = 1.0\nL._backward()\nshow_gradients(a").splitlines()
    assert by_hand[-1] == "a 6.0   b -4.0   c -2.0   d 4.0   e -2.0   f -2.0   L 1.0"
    assert rows(result(lesson, "L.backward()\ndraw(L)"))["L"] == ["-8", "1"]


@pytest.mark.parametrize(
    "part, said",
    [
        ("L.backward()\nL.backward()", "the gradient of a\n6.0\n"),  # again: idempotent
        ("for i in range(5000)", "5001.0\n"),  # deeper than Python calls
        ("a.data = 5\n", "after a.data = 5\nL = -8.0\na 6.0   b -10.0   c -2.0   d 4.0   e -2.0   f -2.0   L 1.0\n"),
    ],
)
def test_the_traps_of_a_backward_pass(part, said):
    assert result("05-gradients.ipynb", part) == said


def test_every_rule_of_the_learners_class_is_checked():
    said = result("07-more-operations.ipynb", 'for formula in ["-a"') + result(
        "08-functions.ipynb", 'for function in ("exp'
    )
    assert len(said.splitlines()) == 17 and "False" not in said
    wrong = result("08-functions.ipynb", "cls=WrongSine")
    assert wrong == "grad of 'a' is -1.621, should be 1.621: the sign is wrong\n"


def test_both_paths_of_the_chapter_come_back():
    drawn = rows(result("08-functions.ipynb", "z.backward()\ndraw(z)"))
    assert drawn["a"] == ["0.2", "2.25"] and drawn["b"] == ["-1", "0.25"] and drawn["x"] == ["5", "0.05"]


def test_the_valley_from_0_in_50_steps():
    rows = [line.split() for line in result("09-descent.ipynb", "record.add(L, a)\n    a.data -= 0.1").splitlines()]
    assert [rows[1][:3], rows[2][:3], rows[-2][0]] == [["0", "0", "28"], ["1", "1", "19"], "50"]
    assert math.isclose(float(rows[-2][3]), -10 * 0.8**50, rel_tol=1e-3) and rows[-1][0] == "Arrived:"


def test_descent_agrees_with_the_closed_form():
    assert "0.8" in result("09-descent.ipynb", "for t in range(201)").splitlines()[-2].split()[1:3]
    walked, solved = (
        result("09-descent.ipynb", part) for part in ("0.05 * parameter.grad", "def exact(xs, ys, strength)")
    )
    assert walked == solved
    assert [line.split() for line in walked.splitlines()[1:]] == [
        ["0", "0.8000", "1.4000"], ["2", "0.4000", "2.2000"], ["6", "0.2000", "2.6000"],
    ]  # fmt: skip


def test_two_losses_of_one_parameter():
    assert re.findall(r"\d\.\d", result("09-descent.ipynb", "first, second = 5 * p, 2 * p")) == ["2.0", "7.0"]
