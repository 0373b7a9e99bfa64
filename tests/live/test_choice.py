"""Leaves that take one of a few numbers, and leaves without a slider: as `ipywidgets.interact` has them."""

import ipywidgets
import numpy as np
import pytest

from cgviz import Value, descend, explore
from cgviz.live.controls.choice import Choice
from cgviz.live.controls.fixed import Fixed
from cgviz.live.controls.inputs import Inputs, controls, make_control


@pytest.mark.parametrize(
    ("argument", "labels", "numbers"),
    [
        ([3, 1, 2], ["3", "1", "2"], [3, 1, 2]),
        ([-2 / 3], ["-0.6667"], [-2 / 3]),
        ({"half": 0.5, "two": 2}, ["half", "two"], [0.5, 2]),
        ([("half", 0.5), ("two", 2)], ["half", "two"], [0.5, 2]),
        (range(0, 6, 2), ["0", "2", "4"], [0, 2, 4]),
        (np.linspace(0, 1, 3), ["0", "0.5", "1"], [0, 0.5, 1]),
        (ipywidgets.RadioButtons(options=[4, 5]), ["4", "5"], [4, 5]),
        (ipywidgets.Select(options={"a few": 3}, value=3), ["a few"], [3]),
    ],
)
def test_a_choice_begins_with_the_first_number_and_knows_all(argument, labels, numbers):
    choice = make_control("a", argument)
    assert (choice.labels, choice.numbers, choice.value) == (labels, numbers, numbers[0])
    assert type(choice.value) is float and choice.slider.description == "a"


def test_a_widget_that_stands_at_another_choice_stays_there():
    widget = ipywidgets.SelectionSlider(options=[1, 2, 4], value=2, description="mine")
    choice = make_control("a", widget)
    assert (choice.slider, choice.value, widget.description) == (widget, 2.0, "mine")
    choice.set(4)
    assert widget.value == 4


def test_widget_number_and_reset_stay_at_one_choice_and_every_change_is_told_once():
    told = []
    choice = Choice("a", [1, 2, 4], lambda: told.append(choice.value))
    choice.slider.index = 2
    choice.set(2)
    choice.set(2)
    assert choice.slider.value == 2
    choice.reset.click()
    assert (told, choice.slider.index) == ([4.0, 2.0, 1.0], 0)


@pytest.mark.parametrize(
    ("argument", "error", "sentence"),
    [
        ([], ValueError, "a: expected at least one number to choose from, got an empty list"),
        ({}, ValueError, "a: expected at least one number to choose from, got an empty dict"),
        ([1, "x"], TypeError, "a: a choice has to be a number, got a str 'x'"),
        ([1, None], TypeError, "a: a choice has to be a number, got None"),
        ([True, False], TypeError, "a: a choice has to be a number, got a bool True"),
        ([1, float("nan")], ValueError, "a: a slider needs a finite number, got nan"),
        ({"one": "1"}, TypeError, "a: a choice has to be a number, got a str '1'"),
        (ipywidgets.Dropdown(options=["x", "y"]), TypeError, "a: a choice has to be a number, got a str 'x'"),
        (
            ipywidgets.Dropdown(options=[1, 2], value=None),
            TypeError,
            "a: the widget Dropdown has no number as its value",
        ),
        (ipywidgets.fixed("x"), TypeError, "a: expected a number, "),
        (ipywidgets.fixed(float("inf")), ValueError, "a: a slider needs a finite number, got inf"),
    ],
)
def test_what_is_no_choice_among_numbers_is_refused_in_a_sentence(argument, error, sentence):
    with pytest.raises(error) as caught:
        explore("a*2", a=argument)
    assert str(caught.value).startswith(sentence) and "\n" not in str(caught.value)


def test_a_number_that_is_no_choice_is_refused_and_nothing_moves():
    inputs = Inputs(controls({"a": [1, 2, 4], "b": 3, "c": list(range(9))}))
    with pytest.raises(ValueError, match="^a: 3 is none of the choices 1, 2, 4$"):
        inputs.update(b=7, a=3)
    with pytest.raises(ValueError, match="^c: 9 is none of the choices 0, 1, 2, 3, 4, 5, …$"):
        inputs["c"] = 9
    assert inputs == {"a": 1, "b": 3, "c": 0}


def test_a_fixed_leaf_has_no_widget_and_python_moves_it():
    explorer = explore("a*k", a=2, k=ipywidgets.fixed(5))
    assert (dict(explorer.inputs), explorer.root.data) == ({"a": 2, "k": 5}, 10)
    rows, _ = explorer.children
    assert len(rows.children) == 1 and [wire["name"] for wire in explorer.view.sliders] == ["a"]
    explorer.inputs["k"] = -1
    assert (explorer.root.data, explorer.view.state["inputs"]) == (-2, {"a": 2, "k": -1})
    with pytest.raises(TypeError, match="^k: expected a number"):
        explorer.inputs["k"] = "x"
    assert isinstance(controls({"k": ipywidgets.fixed(1)})["k"], Fixed)


def test_all_leaves_may_be_fixed_also_of_a_class_that_the_page_cannot_compute():
    class Own(Value):
        pass

    explorer = explore(lambda a: a * 2, cls=Own, a=ipywidgets.fixed(3))
    assert explorer.root.data == 6 and "<svg" in explorer.to_html()


def test_a_choice_moves_the_graph_and_the_page_is_told_all_numbers():
    explorer = explore("a*n", a=2, n={"one": 1, "ten": 10})
    (wire,) = explorer.view.choices
    assert (wire["name"], wire["row"], wire["choices"], wire["labels"]) == ("n", 1, [1, 10], ["one", "ten"])
    explorer._controls["n"].slider.label = "ten"
    assert explorer.root.data == 20 and explorer.view.state["places"] == {"a": 2, "n": 10}


def test_a_descent_may_start_at_a_choice_and_from_a_fixed_number():
    descent = descend("(x - 1)**2 + y**2", x=[3, -2, 0], y=ipywidgets.fixed(2))
    assert dict(descent.inputs)["start y"] == 2 and descent.view.land["ranges"]["x"] == [-2, 3]
    descent.inputs["start x"] = -2
    assert descent.steps[0].point == {"x": -2, "y": 2}
