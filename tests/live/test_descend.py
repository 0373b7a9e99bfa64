"""Gradient descent without a browser: the steps, what they come to, and what travels to the page."""

import json
import math
import xml.etree.ElementTree as ET

import ipywidgets
import micrograd.engine as micrograd
import numpy as np
import pytest

from cgviz import DomainError, ExpressionError, Value, descend, softplus, trace
from cgviz.descent import verdict, walk
from cgviz.draw.chart import Axis, Chart, clip, heights
from cgviz.draw.contours import contours
from cgviz.expression import parse
from cgviz.live.landscape import Surface, ranges
from cgviz.run import Run

SEED = "a**2 - 10*a + 28"


def rosenbrock(x, y):
    return (1 - x) ** 2 + 3 * (y - x * x) ** 2


# --- the steps ---


def test_the_steps_on_the_parabola_are_those_of_the_formula():
    descent = descend(SEED, a=6, rate=0.1)
    assert [step.number for step in descent.steps] == list(range(21))
    for k, step in enumerate(descent.steps):  # a - 5 shrinks by 1 - 2·rate in each
        assert step.point["a"] == pytest.approx(5 + 0.8**k)
        assert step.value == pytest.approx(3 + 0.8 ** (2 * k))
        assert step.gradient["a"] == pytest.approx(2 * 0.8**k)
    last = descent.steps[20]
    assert (f"{last.point['a']:.6f}", f"{last.value:.6f}") == ("5.011529", "3.000133")


def test_two_numbers_move_by_the_gradient_that_is_derived_by_hand():
    x, y = -1.0, 1.5
    for step in descend(rosenbrock, {"x": x, "y": y}, rate=0.03, steps=50).steps:
        slopes = {"x": -2 * (1 - x) - 12 * x * (y - x * x), "y": 6 * (y - x * x)}
        assert step.point == pytest.approx({"x": x, "y": y})
        assert step.gradient == pytest.approx(slopes)
        assert step.value == pytest.approx(rosenbrock(x, y))
        x, y = x - 0.03 * slopes["x"], y - 0.03 * slopes["y"]


@pytest.mark.parametrize(
    "given", [{"start": 6}, {"start": {"a": 6}}, {"a": 6}, {"a": ipywidgets.FloatSlider(6, min=0, max=9)}]
)
def test_a_start_can_be_given_in_several_ways(given):
    assert descend(SEED, **given).steps[0].point == {"a": 6.0}


def test_a_default_of_the_function_is_a_start():
    assert descend(lambda a=6: a * a).steps[0].point == {"a": 6.0}


def test_another_class_walks_by_its_own_gradients():
    class Wrong(Value):
        def backward(self, *args, **kwargs):
            super().backward(*args, **kwargs)
            self.leaf.grad = 1.0

    def f(a):
        y = a * a
        y.leaf = a
        return y

    assert [s.point["a"] for s in descend(f, 2, rate=0.5, steps=2, cls=Wrong).steps] == [2.0, 1.5, 1.0]
    assert not descend(f, 2, cls=Wrong).view.alive
    assert descend(SEED, 6, cls=micrograd.Value).steps[20].point["a"] == pytest.approx(5.011529215)


def test_a_number_that_the_result_does_not_depend_on_stays():
    assert descend(lambda a, b: a * a, a=1, b=7).steps[-1].point["b"] == 7.0


# --- what they come to ---


@pytest.mark.parametrize(
    ("f", "start", "rate", "word"),
    [
        (SEED, 6, 0.001, "Crawling"),
        (SEED, 6, 0.1, "Descending"),
        (SEED, 6, 0.4, "Arrived"),
        (SEED, 6, 0.9, "Overshooting"),
        (SEED, 6, 1.0, "Back and forth"),
        (SEED, 6, 1.01, "Diverging"),
        (SEED, 5, 0.1, "The gradient is 0 at the start"),
        (
            "log(x)",
            0.5,
            1,
            "Step 1 leads to where there is no value: log(x) is defined for x > 0, but node 'x' is -1.5.",
        ),
        ("x**4", 1e3, 1, "Step 3 leads too far: x^4 is too large for a number when node 'x' is -6.711e+88. A smaller rate may help."),
        ("exp(x)", 300, 1e200, "Step 1 leads too far: x would be -∞. A smaller rate may help."),
    ],
)
def test_the_rate_decides_and_a_sentence_says_so(f, start, rate, word):
    descent = descend(f, start, rate=rate)
    assert descent.verdict.startswith(word)
    assert repr(descent).splitlines()[-1] == descent.verdict
    assert all(math.isfinite(x) for step in descent.steps for x in (*step.point.values(), step.value))


def test_steps_that_run_away_end_the_walk_and_break_no_picture():
    descent = descend("x**4", 10, rate=1)
    assert 1 < len(descent.steps) < 8
    descent.inputs["step"] = 20
    assert descent.present == descent.steps[-1]
    json.dumps(descent.view.state, allow_nan=False)
    ET.fromstring(descent.chart().svg)
    assert "e+" not in descent.chart().svg.split("</style>")[1].split("</text><svg")[1]


def test_one_step_and_many():
    assert len(descend(SEED, 6, steps=1).steps) == 2
    assert len(descend(SEED, 6, steps=1000).view.state["walk"]["rows"]) == 1001


# --- moving ---


def test_sliders_move_the_steps_and_the_graph():
    descent = descend(SEED, a=6)
    assert descent.inputs == {"start a": 6.0, "rate": 0.1, "step": 0.0}
    descent.inputs["step"] = 3
    assert descent.root.data == pytest.approx(3.262144)
    assert descent.present.point["a"] == pytest.approx(5.512)
    descent.inputs = {"start a": 4, "rate": 0.5}
    assert descent.steps[1].point["a"] == 5.0
    assert [node.data for node in trace(descent.root).leaves] == [5.0]


def test_a_start_without_a_value_keeps_the_last_steps_and_the_next_recovers():
    descent = descend("x - log(x)", 2, rate=0.1)
    kept = descent.steps
    descent.inputs["start x"] = -1
    assert descent.steps == kept and descent.view.old
    assert descent.view.message == "log(x) is defined for x > 0, but node 'x' is -1"
    descent.inputs["start x"] = 3
    assert (descent.view.message, descent.steps[0].point) == ("", {"x": 3.0})


def test_the_rates_slider_goes_from_crawling_to_diverging():
    descent = descend(SEED, a=6)
    slider = descent.children[0].children[1].children[0]
    assert isinstance(slider, ipywidgets.FloatLogSlider)
    for exponent, word in ((slider.min, "Crawling"), (slider.max, "Diverging")):
        descent.inputs["rate"] = 10**exponent
        assert descent.verdict.startswith(word)


def test_a_start_beside_the_range_widens_what_is_drawn():
    descent = descend(SEED, a=6)
    low, high = descent.view.land["ranges"]["a"]
    descent.inputs["start a"] = 20
    assert descent.view.land["ranges"]["a"] == [low, 20]
    xs = np.linspace(low, 20, len(descent.view.land["curve"]))
    assert descent.view.land["curve"] == pytest.approx(list(xs**2 - 10 * xs + 28))
    assert high < 20


def test_a_slider_that_is_given_moves_the_start():
    own = ipywidgets.FloatSlider(6, min=0, max=10)
    descent = descend(SEED, a=own)
    own.value = 8
    assert descent.steps[0].point == {"a": 8.0}
    assert descent.view.land["ranges"] == {"a": [0.0, 10.0]}


# --- what is drawn behind them ---


def test_the_curve_holds_the_steps_and_the_minimum():
    land = descend(SEED, a=6, rate=0.001).view.land
    (low, high), curve = land["ranges"]["a"], land["curve"]
    assert low < 5 < high and low < 6 < high
    xs = np.linspace(low, high, len(curve))
    assert curve == pytest.approx(list(xs**2 - 10 * xs + 28))


def test_a_function_without_a_minimum_still_has_a_range():
    low, high = descend("2*a", a=3).view.land["ranges"]["a"]
    assert low <= -1 and 3 <= high < 20


def test_a_branch_is_drawn_as_the_function_goes():
    def f(a):
        return a * a if a.data > 0 else -a

    land = descend(f, a=1).view.land
    xs = np.linspace(*land["ranges"]["a"], len(land["curve"]))
    assert land["curve"] == pytest.approx([x * x if x > 0 else -x for x in xs])


def test_where_there_is_no_value_the_curve_has_a_gap():
    land = descend("x - log(x)", 0.3, rate=0.9).view.land
    xs = np.linspace(*land["ranges"]["x"], len(land["curve"]))
    assert [y is None for y in land["curve"]] == [x <= 0 for x in xs]


def test_contours_lie_where_the_function_has_their_height():
    land = descend(rosenbrock, {"x": -1, "y": 1.5}, rate=0.03).view.land
    (left, right), (low, high) = land["ranges"].values()
    assert len(land["levels"]) == len(land["lines"]) == len(land["areas"]) >= 5
    for level, line in zip(land["levels"], land["lines"], strict=True):
        for place in line.replace("M", "L").split("L")[1:]:
            across, down = map(float, place.split())
            x, y = left + across / 1000 * (right - left), high - down / 1000 * (high - low)
            assert rosenbrock(x, y) == pytest.approx(level, abs=0.03 * level + 0.15)


def test_the_contours_of_a_constant_or_of_nothing_are_none():
    assert contours(np.zeros((3, 3))).lines in ([], [""])
    assert contours(np.full((3, 3), np.nan)).lines == []


def test_a_recording_and_runs_give_the_same_values():
    class Mine(Value):
        pass

    def f(x, y):
        return (x * y).tanh() + x

    run = Run(f)
    run.update(x=1, y=2)
    recorded, spans = Surface(run), {"x": (-1, 1), "y": (0, 3)}
    once = recorded.over(spans, 9)
    recorded._program = None
    assert once == pytest.approx(recorded.over(spans, 9))


def test_the_range_of_a_walk_that_stands_still_is_not_empty():
    run = Run(parse("a*a"))
    ((low, high),) = ranges(Surface(run), walk(run, {"a": 0.0}, 0.1, 3).steps).values()
    assert low < 0 < high


# --- charts ---


def test_lines_are_cut_in_their_own_direction():
    assert clip((0, 0), (1000, 1000), 100, 100) == ((0, 0), (200, 200))
    assert clip((-1e308, 50), (1e308, 50), 100, 100) is None  # too far for arithmetic
    chart = Chart(Axis(0, 1), Axis(0, 1), "")
    chart.line([(0, 0), (1e300, 1e300), (math.nan, 1), (0.5, 0.5), (0.5, 1)], "curve")
    assert "nan" not in chart.svg and "inf" not in chart.svg


def test_the_heights_leave_out_a_pole():
    low, high = heights([1 / x for x in np.linspace(0.001, 3, 161)])
    assert low < 0.4 and 3 < high < 200


# --- in a notebook ---


def test_a_place_without_widgets_gets_a_picture_and_the_steps():
    bundle = descend(SEED, a=6)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].splitlines()[1].split() == ["0", "6", "4", "2"]
    assert bundle["text/html"].count("data:image/svg+xml;base64,") == 2


def test_labels_are_text_and_never_markup():
    def f(a):
        y = a * a
        y.label = '<b>"x"</b>'
        return y

    descent = descend(f, a=6)
    ET.fromstring(descent.chart().svg)
    assert "<b>" not in descent.chart().svg


def test_only_a_graph_that_the_page_knows_becomes_a_page():
    assert "<title>Down</title>" in descend(SEED, a=6).to_html("Down")
    with pytest.raises(ValueError, match="only a graph of cgviz's own Value"):
        descend(SEED, a=6, cls=micrograd.Value).to_html()


# --- what is refused ---


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        (("a*b*c",), ValueError, "descend shows functions of one or two numbers; this one has 3: a, b, c"),
        ((lambda: Value(1),), ValueError, "descend shows functions of one or two numbers; this one has 0: none"),
        ((SEED,), TypeError, "missing a number for 'a', as in a=2"),
        ((SEED, {"b": 1}), TypeError, "missing a number for 'a', as in a=2"),
        ((SEED, {"a": 1, "b": 1}), TypeError, "there is no leaf 'b'; the leaves are 'a'"),
        (("a*b", 3), TypeError, "start: expected a number for each name, as in {'a': 0, 'b': 1}, got an int"),
        ((SEED, "6"), TypeError, "a: expected a number, (min, max), (min, max, step) or a slider, got a str '6'"),
        ((SEED, math.nan), ValueError, "a: a slider needs a finite number, got nan"),
        ((SEED, 6, 0), ValueError, "rate: the learning rate must be a positive number, got 0"),
        ((SEED, 6, -1), ValueError, "rate: the learning rate must be a positive number, got -1"),
        ((SEED, 6, 0.1, 0), ValueError, "steps must be a whole number from 1 to 1000, got 0"),
        ((SEED, 6, 0.1, 2.5), ValueError, "steps must be a whole number from 1 to 1000, got 2.5"),
        (("a*(b", 6), ExpressionError, "cannot read the expression at character 3: 'a*(b' ('(' was never closed)"),
        (("log(a)", -1), DomainError, "log(a) is defined for a > 0, but node 'a' is -1"),
        ((lambda a: 3, 1), TypeError, "<lambda> returned an int, not a node of a graph"),
    ],
)
def test_what_cannot_be_descended_is_said_in_one_sentence(given, error, sentence):
    with pytest.raises(error) as raised:
        descend(*given)
    assert str(raised.value) == sentence


def test_a_class_without_gradients_is_refused():
    class Bare:
        def __init__(self, data, parents=()):
            self.data, self._prev = data, parents

        def __mul__(self, other):
            return Bare(self.data * other.data, (self, other))

    with pytest.raises(TypeError, match=r"^gradient descent needs gradients, and a Bare has no backward\(\)$"):
        descend(lambda a: a * a, a=1, cls=Bare)


def test_the_words_for_a_walk_without_steps():
    assert verdict(walk(Run(parse("a")), {"a": 1.0}, 1, 0)) == ""


def test_an_operation_is_descended_by_the_names_of_its_numbers():
    tables = {
        str(descend(softplus, *start, steps=3, **numbers)) for start, numbers in (((), {"x": 1}), (({"x": 1},), {}))
    }
    assert len(tables) == 1 and "∂L/∂x" in tables.pop()


@pytest.mark.parametrize(("name", "upright"), [("L", True), ("x₂", True), ("loss", False)])
def test_a_letter_beside_an_axis_is_upright_and_a_word_is_turned(name, upright):
    svg = Chart(Axis(0, 1, "x"), Axis(0, 1, name), "a chart").svg
    assert svg.count(f">{name}</text>") == 1
    assert ("rotate(" in svg) != upright


@pytest.mark.parametrize("step, shown", [(-3, 0), (-50, 0), (50, 20)])
def test_a_step_that_there_is_not_shows_the_nearest(step, shown):
    descent = descend("a**2", a=1.0)
    descent.inputs["step"] = step
    assert descent.present.number == shown
    assert descent.root.data == descent.present.value


def test_no_slider_is_made_that_nobody_sees():
    made = []
    ipywidgets.Widget.on_widget_constructed(made.append)
    try:
        descent = descend("a**2 + b**2", a=1.0, b=(-2, 2))
    finally:
        ipywidgets.Widget.on_widget_constructed(None)
    shown = {row.children[0] for row in descent.children[0].children}
    assert {one for one in made if isinstance(one, ipywidgets.FloatSlider) and one.comm is not None} <= shown


def test_the_page_does_not_walk_where_the_steps_are_of_several_graphs():
    def f(x):
        return x * x if x.data > 1 else 3 * x

    descent = descend(f, x=6.0, rate=0.3, steps=5)
    assert not descent.view.alive
    descent.inputs["rate"] = 0.01  # now all steps are within one branch
    assert descent.view.alive
    assert descend(lambda x: x * x, x=6.0).view.alive
