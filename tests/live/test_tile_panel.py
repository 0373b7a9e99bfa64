"""`matrix`, `bars` and `board`: what they show follows nodes, sliders and loops, and a chosen tile is explained."""

import json

import numpy as np
import pytest

from cgviz import Tensor, Value, bars, exp, matrix
from cgviz.live import board


class Plain:
    """A class of somebody's own."""

    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op, self.grad = data, label, _prev, _op, None

    def __mul__(self, other):
        return Plain(self.data * other.data, "", (self, other), "*")


def softmax(xs):
    powers = [exp(x) for x in xs]
    total = sum(powers)
    return [power / total for power in powers]


def test_it_follows_training():
    W = [[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]]
    shown = matrix(W, rows="ab", columns="cd")
    before = shown.view.svg
    for row in W:
        for x in row:
            x.data -= 1
    assert shown.view.svg == before
    shown.show()
    assert shown.numbers == [[0, 1], [2, 3]] and shown.view.svg != before
    shown.show([[Value(9.0), Value(9.0)], [Value(9.0), Value(9.0)]])
    assert shown.numbers == [[9, 9], [9, 9]]


def test_it_follows_sliders_and_a_bad_move_leaves_the_last_good_picture():
    shown = bars(lambda a, b: softmax([a / b, 2 * a]), largest=1, a=1.0, b=2.0)
    assert sum(shown.numbers[0]) == pytest.approx(1)
    before = shown.numbers
    shown.inputs["a"] = 0.0
    assert shown.numbers == [[0.5, 0.5]]
    shown.inputs["b"] = 0.0
    assert "b" in shown.view.message and shown.view.old and shown.numbers == [[0.5, 0.5]]
    shown.inputs.update(a=1.0, b=2.0)
    assert shown.numbers == before and not shown.view.old and shown.view.message == ""


def test_a_function_gets_nodes_of_the_class_that_is_given():
    seen = []
    matrix(lambda a: [[seen.append(type(a)) or a * a]], cls=Plain, a=3.0)
    assert seen == [Plain]


def test_gradients_that_are_not_there_are_no_numbers():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    shown = matrix([[a, b]], show="gradient")
    assert shown.numbers == [[None, None]]
    (a * b).backward()
    shown.show()
    assert shown.numbers == [[-3, 2]]
    assert matrix([[Plain(1.0)]], show="gradient").numbers == [[None]]


def test_a_chosen_tile_is_explained_and_stays_so_when_it_moves():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    e = a * b
    L = e * e
    L.backward()
    shown = matrix([[a, e]], columns=["a", "e"], root=L)
    shown.view.chosen = 1
    assert shown.view.words.startswith("row 1, column e: -6. Its value: a · b = 2 · -3 = -6. Its gradient: ")
    shown.view.chosen = 0
    assert "leaf" in shown.view.words and "= 36" in shown.view.words
    a.data = 5.0
    shown.show()
    assert shown.view.words.startswith("row 1, column a: 5")
    shown.view.chosen = 7
    assert shown.view.words == ""


def test_a_class_of_ones_own_and_plain_numbers_and_arrays_are_shown():
    a = Plain(2.0, "a")
    shown = matrix([[a, a * a], [1, np.float64(0.5)]])
    assert shown.numbers == [[2, 4], [1, 0.5]]
    shown.view.chosen = 1
    assert "a² = 2² = 4" in shown.view.words
    shown.view.chosen = 2
    assert shown.view.words == "row 2, column 1: 1"
    assert matrix(np.eye(2)).numbers == matrix(Tensor(np.eye(2))).numbers == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: matrix(None), "expected a list of lists of nodes, got None"),
        (lambda: matrix("ab"), "expected a list of lists of nodes, got a str"),
        (lambda: matrix([1, 2]), "row 1 is an int"),
        (lambda: matrix([["x"]]), "row 1, column 1 is a str: expected a node with a number, or a number"),
        (lambda: matrix(lambda a: None, a=1), "returned None: is a return missing?"),
        (lambda: matrix([[1]], a=1), "inputs are for a function of them; there is none for a"),
        (lambda: matrix([[1]], show="values"), "unknown kind of number: 'values'"),
        (lambda: matrix([[1]], root=3), "root: expected a node, got an int"),
        (lambda: matrix([[1]], rows=3), "names are a list, or a text of letters, got an int"),
        (lambda: bars(lambda name: [name], a=1), "cannot be called name"),
        (lambda: bars([[1, 2]]), "number 1 is a list"),
        (lambda: board(3), "board shows what a function draws"),
        (lambda: board(lambda: 3), "the function returned an int"),
    ],
)
def test_bad_input_gets_one_sentence(call, said):
    with pytest.raises((TypeError, ValueError), match=said.replace("(", r"\(").replace("?", r"\?")):
        call()


def test_the_output_of_a_cell_is_a_picture_without_a_kernel():
    shown = matrix([[Value(1.0)]], name="W")
    html = shown._repr_mimebundle_()["text/html"]
    assert '<img alt="Heat map of W: 1 row and 1 column' in html and "application/vnd" not in json.dumps(html)


def test_a_board_draws_anew_and_says_what_went_wrong():
    numbers = [1.0]
    shown = board(lambda: f"{1 / numbers[0]:g}")
    numbers[0] = 4.0
    shown.show()
    assert repr(shown) == "0.25"
    numbers[0] = 0.0
    shown.show()
    assert isinstance(shown.error, ZeroDivisionError) and "division by zero" in shown._words.value
    numbers[0] = 2.0
    shown.show()
    assert shown.error is None and repr(shown) == "0.5"


def test_what_a_with_shows_is_updated_at_its_end(ipython, monkeypatch):
    sent = []

    class Handle:
        def update(self, shown):
            sent.append(("update", repr(shown)))

    monkeypatch.setattr(
        "IPython.display.display", lambda shown, display_id: sent.append(("display", repr(shown))) or Handle()
    )
    numbers = [1.0]
    with board(lambda: f"{numbers[0]:g}"):
        numbers[0] = 2.0
    assert sent == [("display", "1"), ("update", "2")]
    with pytest.raises(KeyError), board(lambda: "x"):
        raise KeyError("y")
    assert sent[-1] == ("update", "x")
