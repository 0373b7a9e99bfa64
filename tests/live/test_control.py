import math

import ipywidgets
import pytest

from cgviz.live.controls.control import Control


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
    assert (control.value, control.box.value, type(control.value)) == (value, f"{value:g}", float)
    assert widget.description == "rate"


def test_slider_box_and_reset_stay_at_one_number():
    control = Control("a", 2)
    control.slider.value = 3.0
    assert (control.box.value, control.value) == ("3", 3.0)
    control.box.value = "-1.5"
    assert (control.slider.value, control.value) == (-1.5, -1.5)
    control.reset.click()
    assert (control.slider.value, control.box.value) == (2.0, "2")


def test_a_slider_set_back_to_where_it_was_before_the_range_widened_is_heard():
    control = Control("a", 2)
    for place in (2.0, 2.0999999999999996):
        control.slider.value = place
        control.box.value = "99" if control.slider.max < 99 else "999"
        control.slider.value = round(place, 1)  # a reset or an undo of the page's: a number without dust
        assert control.value == round(place, 1)


def test_a_number_outside_the_range_widens_the_range():
    control = Control("a", (0, 1))
    control.box.value = "50"
    control.set(-7)
    assert (control.slider.min, control.slider.max, control.value) == (-7.0, 50.0, -7.0)


def test_a_slider_of_whole_numbers_takes_whole_numbers():
    control = Control("n", ipywidgets.IntSlider(2, min=0, max=5))
    control.box.value = "4"
    assert control.slider.value == 4 and type(control.slider.value) is int
    control.set(9)
    assert (control.slider.max, control.value, control.box.value) == (9, 9.0, "9")


@pytest.mark.parametrize(("number", "error"), [(math.nan, ValueError), (math.inf, ValueError), ("x", TypeError)])
def test_a_number_that_cannot_be_set_leaves_everything_as_it_was(number, error):
    control = Control("a", 2)
    with pytest.raises(error, match="^a: "):
        control.set(number)
    assert (control.slider.value, control.box.value, control.slider.min, control.slider.max) == (2.0, "2", -2.0, 6.0)


def test_the_controls_say_what_they_are_for():
    control = Control("a" * 99, 2)
    assert control.slider.description == "a" * 23 + "…"
    assert control.reset.tooltip == f"set {'a' * 23}… back to 2"
    assert control.box.tooltip == f"type a number for {'a' * 23}…"


def test_every_change_is_told_once():
    told = []
    control = Control("a", 2, lambda: told.append(control.value))
    control.slider.value = 3.0
    control.box.value = "7"
    control.box.value = "7.0"
    control.set(7)
    control.reset.click()
    control.reset.click()
    assert told == [3.0, 7.0, 2.0]


# --- exact numbers in the box, clean numbers from the slider ---


@pytest.mark.parametrize(
    ("text", "value", "place", "shown"),
    [
        ("0.1234567", 0.1234567, 0.1, "0.1235"),
        ("0.55", 0.55, 0.6, "0.55"),
        ("3,5", 3.5, 3.5, "3.5"),
        ("1e-3", 0.001, 0.0, "0.001"),
        ("-2", -2.0, -2.0, "-2"),
        (" +.5 ", 0.5, 0.5, "0.5"),
        ("1234.567", 1234.567, 1234.6, "1234.567"),
    ],
)
def test_a_typed_number_is_taken_exactly_and_the_slider_stands_at_the_nearest_step(text, value, place, shown):
    control = Control("a", 2)
    control.box.value = text
    assert (control.value, control.slider.value, control.box.value) == (value, place, shown)
    control.slider.value = place + 1e-13  # the page confirms the place, with the dust of its arithmetic
    assert (control.value, control.box.value) == (value, shown)


def test_every_step_of_a_slider_is_a_clean_number():
    control = Control("a", 2)
    for step in range(81):
        control.slider.value = -2 + step * 0.1
        assert control.box.value == f"{(step - 20) / 10:g}" and control.value == (step - 20) / 10


def test_a_number_off_the_steps_that_a_program_gives_the_slider_is_kept():
    control = Control("a", ipywidgets.FloatSlider(0.1234567, min=0, max=1, step=0.1))
    assert (control.value, control.slider.value) == (0.1234567, 0.1)
    control.slider.value = 0.77
    assert (control.value, control.slider.value, control.box.value) == (0.77, 0.8, "0.77")


@pytest.mark.parametrize("argument", [2, ipywidgets.FloatLogSlider(10.0), ipywidgets.IntSlider(3), (0, 10, 3)])
@pytest.mark.parametrize("text", ["", "abc", "1/2", "nan", "inf", "1e400", "0x10", "1_0", "٣", "1,000.5", "2 3"])
def test_text_that_is_no_number_is_refused_and_the_box_put_back(argument, text):
    said, changed = [], []
    control = Control("a", argument, lambda: changed.append(1), said.append)
    before = control.value, control.box.value, control.slider.value, control.slider.min, control.slider.max
    control.box.value = "?"
    control.box.value = text
    after = control.value, control.box.value, control.slider.value, control.slider.min, control.slider.max
    assert (after, changed, len(said)) == (before, [], 2) and said[-1].startswith("a: ")


# --- ranges ---


@pytest.mark.parametrize(
    "argument", [2, (0, 1), (0, 10, 3), ipywidgets.FloatSlider(1.5, max=2), ipywidgets.BoundedFloatText(1, max=5)]
)
def test_reset_restores_the_range_too(argument):
    control = Control("a", argument)
    before = control.value, control.slider.value, control.slider.min, control.slider.max
    control.set(50)
    control.set(-70.25)
    assert control.slider.min <= -70.25 and control.slider.max >= 50
    control.reset.click()
    assert (control.value, control.slider.value, control.slider.min, control.slider.max) == before


def test_a_logarithmic_slider_takes_numbers_above_0_and_is_widened_for_them():
    said = []
    control = Control("rate", ipywidgets.FloatLogSlider(0.1, min=-3, max=0, step=0.5), said=said.append)
    control.box.value = "0,02"
    assert (control.value, control.box.value) == (0.02, "0.02")
    assert control.slider.value == pytest.approx(10**-1.5)
    for text in ("0", "-1"):
        control.box.value = text
        assert said[-1] == f"rate: this slider takes numbers above 0, and {text} is none"
        assert (control.value, control.box.value) == (0.02, "0.02")
    assert (control.slider.min, control.slider.max) == (-3, 0)
    for text, low, high in (("1.5", -3, 0.5), ("0.0001", -4, 0.5), ("0.00009", -4.5, 0.5), ("5e-324", -4.5, 0.5)):
        control.box.value = text
        assert (control.value, said[-1]) == (float(text), "")
        assert (control.slider.min, control.slider.max) == (low, high)
        assert 10**low * 0.999 <= control.slider.value <= 10**high * 1.001
    control.reset.click()
    assert (control.value, control.slider.min, control.slider.max) == (0.1, -3, 0)
    control.slider.value = 10**-0.5000000000001
    assert control.value == 0.316227766017 and control.box.value == "0.3162"
    assert (control.slider.min, control.slider.max) == (-3, 0)


def test_a_slider_of_whole_numbers_refuses_fractions():
    said = []
    control = Control("n", ipywidgets.IntSlider(2, min=0, max=5), said=said.append)
    control.box.value = "2.5"
    assert said == ["n: this slider takes whole numbers, and 2.5 is none"]
    assert (control.value, control.box.value) == (2.0, "2")
    with pytest.raises(ValueError, match="^n: this slider takes whole numbers"):
        control.set(0.5)


def test_a_widget_with_rules_of_its_own_keeps_them():
    control = Control("n", ipywidgets.SelectionSlider(options=[1, 2, 4], value=2))
    control.set(4)
    with pytest.raises(ValueError, match="^n: 3 is not a number that this widget takes$"):
        control.set(3)
    assert (control.value, control.box.value, control.slider.value) == (4.0, "4", 4)
