"""Sliders above what a function draws: each move draws anew, and what goes wrong is a sentence."""

import ipywidgets
import pytest

from cgviz import Value, draw
from cgviz.live import tune
from cgviz.pictures import Axis, plot_curves


def parts(a):
    return [plot_curves(lambda x: a * x, Axis(0, 1, "x")), draw(Value(a, "a")), f"a is {a:g}"]


def test_charts_pictures_and_texts_follow_a_slider():
    shown = tune(parts, a=(0, 4, 1))
    drawn = shown.children[1]
    before = drawn.value
    assert before.count("<svg") >= 2 and "a is 2" in before
    shown._controls["a"].slider.value = 3
    assert "a is 3" in drawn.value and drawn.value != before
    shown.inputs["a"] = 1
    assert shown.inputs == {"a": 1} and repr(shown).startswith("a = 1\nThe curve of a function")


def test_an_error_is_a_sentence_below_the_last_picture_and_the_next_move_recovers():
    shown = tune(lambda a: f"one over a is {1 / a:g}", a=1)
    shown.inputs["a"] = 0
    assert isinstance(shown.error, ZeroDivisionError) and "ZeroDivisionError" in shown.children[2].value
    assert "one over a is 1" in shown.children[1].value and "ZeroDivisionError" in shown.still()
    shown.inputs["a"] = 2
    assert shown.error is None and shown.children[2].value == "" and "one over a is 0.5" in shown.children[1].value


@pytest.mark.parametrize("given", [None, 3, [3], object()])
def test_what_cannot_be_shown_is_said(given):
    shown = tune(lambda a: given, a=1)
    assert str(shown.error).startswith("a chart, a picture or a text can be shown; the function returned ")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: tune(3, a=1), "tune shows what a function draws, as in tune(lambda a: …, a=1); got an int"),
        (lambda: tune(parts), "tune makes a slider for each number: give the first ones by name, as in tune(f, a=1)"),
        (lambda: tune(parts, b=1), "the function takes a; numbers are given for b"),
        (lambda: tune(parts, a=1, b=1), "the function takes a; numbers are given for a and b"),
        (lambda: tune(lambda a, b: "", a=1), "the function takes a and b; numbers are given for a"),
        (lambda: tune(parts, a=(3, 1)), "a: a slider's range needs min < max, got (3, 1)"),
    ],
)
def test_what_tune_cannot_take_is_told_in_a_sentence(call, said):
    with pytest.raises((TypeError, ValueError)) as raised:
        call()
    assert str(raised.value) == said


def test_numbers_are_given_as_for_explore():
    shown = tune(
        lambda a, b, c, d: f"{a:g} {b:g} {c:g} {d:g}", a=2, b=[7, 8], c={"low": 0.5}, d=ipywidgets.FloatSlider(0.25)
    )
    assert repr(shown).endswith("2 7 0.5 0.25")


def test_a_saved_notebook_shows_the_last_picture_and_who_can_move_it():
    shown = tune(parts, a=3)._repr_mimebundle_()
    html = shown["text/html"]
    assert html.count("<img alt=") == 2 and "a is 3" in html and "Only a kernel can draw this anew" in html
    assert "application/vnd.jupyter.widget-view+json" not in shown


def test_text_of_a_function_is_no_html():
    shown = tune(lambda a: "<b>1 < 2 & 3</b>", a=1)
    assert "&lt;b&gt;1 &lt; 2 &amp; 3" in shown.children[1].value
