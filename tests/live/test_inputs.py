import math

import ipywidgets
import numpy as np
import pytest

from cgviz import Value
from cgviz.live.inputs import Control, Inputs, controls


def limits(argument):
    slider = Control("a", argument).slider
    return slider.min, slider.max, slider.value, slider.step


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (2, (-2.0, 6.0, 2.0, 0.1)),
        (-3, (-9.0, 3.0, -3.0, 0.1)),
        (0, (-1.0, 1.0, 0.0, 0.1)),
        (0.5, (-0.5, 1.5, 0.5, 0.05)),
        (-1e-6, (-3e-6, 1e-6, -1e-6, 1e-7)),
        (1e300, (-1e300, 3e300, 1e300, 0.1)),
        (np.float32(2), (-2.0, 6.0, 2.0, 0.1)),
        (np.int64(2), (-2.0, 6.0, 2.0, 0.1)),
        ((0, 10), (0.0, 10.0, 5.0, 0.1)),
        ((-1, 1), (-1.0, 1.0, 0.0, 0.1)),
        ((0, 1), (0.0, 1.0, 0.5, 0.05)),
        ((0, 10, 2), (0.0, 10.0, 5.0, 2.0)),
        ([0, 10], (0.0, 10.0, 5.0, 0.1)),
        ((-1e308, 0), (-1e308, 0.0, -5e307, 0.1)),
    ],
)
def test_a_number_or_a_range_makes_a_slider_as_interact_does(argument, expected):
    assert limits(argument) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("argument", "error", "sentence"),
    [
        ((3, 1), ValueError, "a: a slider's range needs min < max, got (3, 1)"),
        ((1, 1), ValueError, "a: a slider's range needs min < max, got (1, 1)"),
        ((math.nan, 1), ValueError, "a: a slider's range needs min < max, got (nan, 1)"),
        ((0, math.inf), ValueError, "a: a slider's range needs min < max, got (0, inf)"),
        ((1,), ValueError, "a: a slider's range is (min, max) or (min, max, step), got 1 numbers"),
        ((), ValueError, "a: a slider's range is (min, max) or (min, max, step), got 0 numbers"),
        ((1, 2, 3, 4), ValueError, "a: a slider's range is (min, max) or (min, max, step), got 4 numbers"),
        ((0, 1, 0), ValueError, "a: a slider's step lies above 0 and within its range, got 0"),
        ((0, 1, -1), ValueError, "a: a slider's step lies above 0 and within its range, got -1"),
        ((0, 1, 5), ValueError, "a: a slider's step lies above 0 and within its range, got 5"),
        ((0, 1, math.nan), ValueError, "a: a slider's step lies above 0 and within its range, got nan"),
        (math.inf, ValueError, "a: a slider needs a finite number, got inf"),
        (math.nan, ValueError, "a: a slider needs a finite number, got nan"),
        (10**400, ValueError, "a: a slider needs a finite number, got inf"),
        ("x", TypeError, "got a str 'x'"),
        (None, TypeError, "got None"),
        (True, TypeError, "got a bool True"),
        (1j, TypeError, "got a complex 1j"),
        ({}, TypeError, "got a dict"),
        (np.array([1, 2]), TypeError, "got a ndarray"),
        (Value(2), TypeError, "got a Value"),
        ((0, "x"), TypeError, "got a str 'x'"),
        ("x" * 99, TypeError, "got a str 'xxxxxxxxxxxxxxxxxxxxxx…"),
    ],
)
def test_anything_else_is_refused_with_the_name_of_the_leaf(argument, error, sentence):
    with pytest.raises(error) as caught:
        Control("a", argument)
    if error is TypeError:
        sentence = f"a: expected a number, (min, max), (min, max, step) or a slider, {sentence}"
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (ipywidgets.FloatSlider(1.5, min=0, max=3), 1.5),
        (ipywidgets.IntSlider(2, min=0, max=5), 2.0),
        (ipywidgets.BoundedFloatText(0.5, min=0, max=1), 0.5),
        (ipywidgets.FloatLogSlider(10.0), 10.0),
        (ipywidgets.IntText(3), 3.0),
    ],
)
def test_a_slider_of_the_learners_own_is_used(widget, value):
    control = Control("rate", widget)
    assert control.slider is widget
    assert (control.value, control.box.value, type(control.value)) == (value, value, float)
    assert widget.description == "rate"


def test_a_sliders_own_description_is_kept():
    assert Control("a", ipywidgets.IntSlider(description="mine")).slider.description == "mine"


def test_a_widget_without_a_number_is_refused():
    with pytest.raises(TypeError, match="^a: the widget Text has no number as its value$"):
        Control("a", ipywidgets.Text("x"))


def test_slider_box_and_reset_stay_at_one_number():
    control = Control("a", 2)
    control.slider.value = 3.0
    assert (control.box.value, control.value) == (3.0, 3.0)
    control.box.value = -1.5
    assert (control.slider.value, control.value) == (-1.5, -1.5)
    control.reset.click()
    assert (control.slider.value, control.box.value) == (2.0, 2.0)


def test_a_number_outside_the_range_widens_the_range():
    control = Control("a", (0, 1))
    control.box.value = 50.0
    control.set(-7)
    assert (control.slider.min, control.slider.max, control.value) == (-7.0, 50.0, -7.0)


def test_a_slider_of_whole_numbers_takes_whole_numbers():
    control = Control("n", ipywidgets.IntSlider(2, min=0, max=5))
    control.box.value = 4.0
    assert control.slider.value == 4 and type(control.slider.value) is int
    control.set(9)
    assert (control.slider.max, control.value, control.box.value) == (9, 9.0, 9.0)


@pytest.mark.parametrize(("number", "error"), [(math.nan, ValueError), (math.inf, ValueError), ("x", TypeError)])
def test_a_number_that_cannot_be_set_leaves_everything_as_it_was(number, error):
    control = Control("a", 2)
    with pytest.raises(error, match="^a: "):
        control.set(number)
    assert (control.slider.value, control.box.value, control.slider.min, control.slider.max) == (2.0, 2.0, -2.0, 6.0)


def test_the_controls_say_what_they_are_for():
    control = Control("a" * 99, 2)
    assert control.slider.description == "a" * 23 + "…"
    assert control.reset.tooltip == f"set {'a' * 23}… back to 2"
    assert control.box.tooltip == f"type a number for {'a' * 23}…"


def test_every_change_is_told_once_with_its_name():
    told = []
    made = controls({"a": 2, "b": (0, 10)}, lambda name, number: told.append((name, number)))
    made["a"].slider.value = 3.0
    made["b"].box.value = 7.0
    made["b"].box.value = 7.0
    made["a"].reset.click()
    assert told == [("a", 3.0), ("b", 7.0), ("a", 2.0)]


# --- the dict of numbers ---


@pytest.fixture
def inputs():
    return Inputs(controls({"a": 2, "b": -3}, lambda name, number: None))


def test_inputs_read_and_assign_like_a_dict(inputs):
    assert dict(inputs) == {"a": 2.0, "b": -3.0} and inputs == {"a": 2.0, "b": -3.0}
    inputs["a"] = 5
    inputs.update(b=1)
    assert (inputs["a"], inputs["b"], len(inputs), list(inputs), "z" in inputs) == (5.0, 1.0, 2, ["a", "b"], False)
    assert repr(inputs) == "{'a': 5.0, 'b': 1.0}"


def test_an_unknown_leaf_is_refused_with_those_that_are_known(inputs):
    for do in (lambda: inputs["z"], lambda: inputs.__setitem__("z", 1)):
        with pytest.raises(KeyError) as caught:
            do()
        assert caught.value.args == ("there is no leaf 'z'; the leaves are a, b",)


def test_leaves_cannot_be_deleted(inputs):
    with pytest.raises(TypeError, match="^the leaves of a graph cannot be deleted, only set to another number$"):
        del inputs["a"]
    assert dict(inputs) == {"a": 2.0, "b": -3.0}
