import math

import ipywidgets
import numpy as np
import pytest

from cgviz import Value
from cgviz.live.controls.slider import EXPECTED, slider


def limits(argument):
    made = slider("a", argument)
    return made.min, made.max, made.value, made.step


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (2, (-2.0, 6.0, 2.0, 0.1)),
        (-3, (-9.0, 3.0, -3.0, 0.1)),
        (0, (-1.0, 1.0, 0.0, 0.1)),
        (0.5, (-0.5, 1.5, 0.5, 0.05)),
        (-1e-6, (-3e-6, 1e-6, -1e-6, 1e-7)),
        (1e300, (-1e300, 3e300, 1e300, 1e299)),
        (2.55, (-2.6, 7.7, 2.55, 0.1)),
        (1e308, (0.9975e308, 1.0025e308, 1e308, 2.5e304)),
        (5e-324, (-1.0, 1.0, 0.0, 0.1)),
        (np.float32(2), (-2.0, 6.0, 2.0, 0.1)),
        (np.int64(2), (-2.0, 6.0, 2.0, 0.1)),
        ((0, 10), (0.0, 10.0, 5.0, 0.1)),
        ((-1, 1), (-1.0, 1.0, 0.0, 0.1)),
        ((0, 1), (0.0, 1.0, 0.5, 0.05)),
        ((0, 10, 2), (0.0, 10.0, 4.0, 2.0)),
        ((-1e306, 0), (-1e306, 0.0, -5e305, 5e304)),
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
        ((0, math.inf), ValueError, "a: a slider's range needs finite numbers, got (0, inf)"),
        (
            (-1e308, 1e308),
            ValueError,
            "a: a slider's range spans at most 1e+306, got (-1e+308, 1e+308)",
        ),
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
        ([1, 2], TypeError, "got a list"),
        (np.array([[1, 2]]), TypeError, "got a ndarray"),
        (Value(2), TypeError, "got a Value"),
        ((0, "x"), TypeError, "got a str 'x'"),
        ("x" * 99, TypeError, "got a str 'xxxxxxxxxxxxxxxxxxxxxx…"),
    ],
)
def test_anything_else_is_refused_with_the_name_of_the_leaf(argument, error, sentence):
    with pytest.raises(error) as caught:
        slider("a", argument)
    if error is TypeError:
        sentence = f"a: expected {EXPECTED}, {sentence}"
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "widget", [ipywidgets.Text("x"), ipywidgets.Checkbox(), ipywidgets.FloatRangeSlider(), ipywidgets.VBox()]
)
def test_a_widget_without_a_number_is_refused(widget):
    with pytest.raises(TypeError, match=f"^a: the widget {type(widget).__name__} has no number as its value$"):
        slider("a", widget)


def test_a_widget_whose_number_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="^a: a slider needs a finite number, got nan$"):
        slider("a", ipywidgets.FloatText(math.nan))


def test_a_sliders_own_description_is_kept():
    assert slider("a", ipywidgets.IntSlider(description="mine")).description == "mine"
