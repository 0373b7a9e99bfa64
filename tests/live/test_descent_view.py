"""Gradient descent without a browser: the steps, what they come to, and what travels to the page."""

import contextlib
import itertools
import json
import math
import re
import xml.etree.ElementTree as ET

import comm
import ipywidgets
import micrograd.engine as micrograd
import numpy as np
import pytest
from contourpy import FillType, LineType, contour_generator

from cgviz import DomainError, ExpressionError, Value, descend, explore, softplus, trace
from cgviz.graph import objects
from cgviz.live.controls.slider import EXPECTED
from cgviz.live.landscape import Surface, ranges
from cgviz.live.toolbox import Toolbox
from cgviz.pictures.chart import Axis, Chart, clip, heights
from cgviz.pictures.contours import contours
from cgviz.run.descent import verdict, walk
from cgviz.run.expression import parse
from cgviz.run.run import Run

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
        (
            "x**4",
            1e3,
            1,
            "Step 3 leads too far: x^4 is too large for a number when node 'x' is -6.711e+88. A smaller rate may help.",
        ),
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


def test_contours_are_those_of_contourpy():
    rng, levels = np.random.default_rng(4), [-0.801, 0.003, 0.702]
    across, up = np.meshgrid(np.linspace(0, 1000, 6), 1000 - np.linspace(0, 1000, 7))
    for _ in range(20):
        field = rng.normal(size=(7, 6)).round(2)
        field[rng.integers(7), rng.integers(6)] = rng.choice([np.nan, np.inf, 3.0])
        kinds = {"line_type": LineType.Separate, "fill_type": FillType.OuterOffset, "corner_mask": False}
        theirs = contour_generator(across, up, np.ma.masked_invalid(field), **kinds)
        found = contours(field.tolist(), levels)
        for level, line, area in zip(levels, found.lines, found.areas, strict=True):
            assert sum(map(_length, _points(line))) == pytest.approx(sum(map(_length, theirs.lines(level))), abs=40)
            filled = zip(*theirs.filled(level, 9.0), strict=True)
            rings = [points[i:j] for points, at in filled for i, j in itertools.pairwise(at)]
            assert abs(sum(map(_area, _points(area)))) == pytest.approx(abs(sum(map(_area, rings))), abs=4000)


def _points(path):
    """The chains of a path; a ring is closed."""
    chains = [[[*map(float, place.split())] for place in part.strip("Z").split("L")] for part in path.split("M")[1:]]
    return [np.array(chain) for chain in chains]


def _length(line):
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _area(ring):
    (x, y), (u, v) = ring.T, np.roll(ring, -1, axis=0).T
    return float((x * v - u * y).sum() / 2)


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
    assert np.array(once) == pytest.approx(np.array(recorded.over(spans, 9)))


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
    assert set(bundle) == {"text/plain", "text/html"}
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
        ((SEED, "6"), TypeError, f"a: expected {EXPECTED}, got a str '6'"),
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


# --- the largest and the smallest numbers, and odd ranges ---

SMALL, SLIDER, POWERS = "x*1e-300", ipywidgets.FloatSlider, ipywidgets.FloatLogSlider


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("f", "options"),
    [
        *(("x", {"x": x}) for x in (1e308, -1e308, 1e300, 1.7976931348623157e308, 5e-324)),
        *((f, {"x": x}) for f in (SMALL, "0*x", "x + 1e300", "x*1e308", "x*x") for x in (0, 1, 1e-300)),
        *(("exp(x)", {"x": x}) for x in (700, 709.7, -800)),
        *(("x*x", {"x": 1, "rate": rate}) for rate in (1e300, 1e-300)),
        ("x*x", {"x": 1, "steps": 1}),
        ("x - x + y*y", {"x": 1, "y": 2}),
        ("x*y*0", {"x": 1, "y": 2}),
        ("x + y", {"x": 1e308, "y": -1e308}),
        ("x + y", {"x": 1e308, "y": 5e307}),
        ("(x - 1e16)**2 + y*y", {"x": 1e16, "y": 0.1}),
        ("x*x", {"x": lambda: SLIDER(1, min=1, max=1)}),
        ("x*x", {"x": lambda: SLIDER(1, min=0, max=2, step=0)}),
        ("x*x", {"x": lambda: POWERS(1, min=-300, max=300)}),
        ("x*x + y*y", {"x": lambda: SLIDER(1, min=1, max=1), "y": lambda: SLIDER(2, min=2, max=2)}),
        ("x", {"x": lambda: SLIDER(1, min=-1.7e308, max=1.7e308)}),
        ("x", {"x": (0, 5e-324)}),
        ("x", {"x": (-1e305, 1e305)}),
    ],
    ids=lambda given: re.sub(r" at 0x\w+", "", str(given)),  # the same in every process
)
def test_every_number_has_its_picture(f, options):
    descent = descend(f, **{name: given() if callable(given) else given for name, given in options.items()})
    for name in [name for name in descent.inputs if name.startswith("start")]:
        for x in (1, 1e308, -1e308, 1e-320):
            with contextlib.suppress(ValueError):  # a slider of powers takes no negative numbers
                descent.inputs[name] = x
            assert not isinstance(descent.error, (TypeError, ZeroDivisionError))
            shown = descent.chart().svg.split("</style>")[1]
            assert "nan" not in shown and "inf" not in shown and shown.count("<text") >= 4
            json.dumps([descent.view.land, descent.view.state], allow_nan=False)
            assert all(low < high for low, high in descent.view.land["ranges"].values())
            assert descent.verdict and repr(descent)
    assert "<svg" in descent.to_html()


def test_steps_from_the_largest_numbers_are_those_of_arithmetic():
    steps = descend("x", x=1e300, rate=1e299, steps=3).steps
    assert [step.point["x"] for step in steps] == pytest.approx([1e300, 0.9e300, 0.8e300, 0.7e300])


def test_the_range_of_a_slider_of_powers_is_that_of_its_numbers():
    assert descend("x*x", x=POWERS(1, min=-1, max=2)).view.land["ranges"] == {"x": [0.1, 100.0]}


def test_the_step_of_a_range_is_kept():
    descent = descend("x*x", x=(0, 8, 0.5))
    slider = descent.children[0].children[0].children[0]
    assert (slider.min, slider.max, slider.step, slider.description) == (0, 8, 0.5, "start x")
    assert descent.view.land["ranges"] == {"x": [0, 8]} and descent.steps[0].point == {"x": 4}


def test_a_function_that_is_nearly_the_same_everywhere_has_contours():
    land = descend("x*x + y*y + 1e6", x=1, y=2).view.land
    assert len(land["levels"]) > 5 and all(land["lines"][1:])


@pytest.mark.parametrize(
    ("f", "options", "sentence"),
    [
        ("x*x", {"x": 1e200}, "x · x is too large for a number when node 'x' is 1e+200"),
        ("1/x", {"x": 1e-200}, "no step can be taken from this start: the gradient of x is -∞ there"),
        ("x", {"x": 1, "rate": 1e308}, "rate: the learning rate must lie between 1e-300 and 1e+300, got 1e+308"),
        ("x", {"x": 1, "rate": 1e-320}, "rate: the learning rate must lie between 1e-300 and 1e+300, got 1e-320"),
        ("x", {"x": (1, 1)}, "x: a slider's range needs min < max, got (1, 1)"),
    ],
)
def test_what_is_too_large_or_too_narrow_is_said(f, options, sentence):
    with pytest.raises(ValueError) as raised:
        descend(f, **options)
    assert str(raised.value) == sentence


def test_the_end_of_a_slider_that_is_not_finite_is_refused():
    slider = ipywidgets.FloatSlider(1, max=2)
    slider.min = -math.inf
    with pytest.raises(ValueError, match="^x: a slider's range needs finite numbers, got -inf as an end of it$"):
        descend("x", x=slider)


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        (0.5, "after 3 steps the gradient is larger than it was, so the way down gets steeper"),
        (0.05, "after 3 steps the gradient is larger than it was, so the way down gets steeper"),
    ],
)
def test_a_way_that_gets_steeper_is_no_crawling(rate, sentence):
    assert descend("cos(x)", x=0.1, rate=rate, steps=3).verdict == f"Descending: {sentence}."


# --- what fails on the way ---


def test_a_move_that_fails_leaves_the_graph_that_is_shown():
    descent = descend("1/x", x=2.0)
    before = descent.root, descent.steps
    descent.inputs["start x"] = 1e-200  # it has a value there, but no gradient: the run itself goes well
    assert descent.view.message == "no step can be taken from this start: the gradient of x is -∞ there"
    assert (descent.root, descent.steps) == before and descent.view.old


def test_what_the_run_at_the_present_step_raises_is_shown():
    calls = []

    def f(x):
        calls.append(x)
        if len(calls) == fails:
            raise RuntimeError("not this time")
        return x * x

    fails = None
    descent = descend(f, x=1.0, steps=2)
    calls.clear()
    fails = 4  # the three steps of the walk go well
    descent.inputs["step"] = 1
    assert (descent.view.message, descent.view.old) == ("RuntimeError: not this time", True)
    descent.inputs["step"] = 2
    assert (descent.view.message, descent.view.old, descent.error) == ("", False, None)


# --- what travels ---


def test_ten_descents_send_their_javascript_once(monkeypatch):
    sent = []

    class Wire(comm.base_comm.BaseComm):
        def publish_msg(self, kind, data=None, metadata=None, buffers=None, **keys):
            sent.append(json.dumps(data or {}, ensure_ascii=False))

    monkeypatch.setattr(comm, "create_comm", Wire)
    monkeypatch.setattr(Toolbox, "_shared", None)
    sizes = []
    for _ in range(10):
        before = len(sent)
        descend(SEED, a=6)
        sizes.append(sum(len(text.encode()) for text in sent[before:]))
    assert sum("class Descent" in text for text in sent) == sum("class View" in text for text in sent) == 1
    assert max(sizes[1:]) < 74_000 and sum(sizes) < 930_000


def test_a_kernel_without_descents_sends_nothing_of_them(monkeypatch):
    monkeypatch.setattr(Toolbox, "_shared", None)
    explore("a*b", a=1, b=2)
    assert Toolbox.get_shared().descent == ""
    descend(SEED, a=6)
    assert "class Descent" in Toolbox.get_shared().descent


class Right(Value):
    """A class of one's own that follows the rules."""


class Branches(Value):
    """One whose gradients are wrong from some number on: no step before that shows it."""

    def backward(self, *args, **kwargs):
        super().backward(*args, **kwargs)
        leaf = next(node for node in objects(self) if node.label == "x")
        leaf.grad *= 1 if leaf.data > 2 else 2


def square(x):
    return x * x


def test_a_class_that_has_agreed_at_every_step_is_walked_ahead_of_and_a_sentence_says_so():
    view = descend(square, x=4, rate=0.1, cls=Right).view
    assert view.alive and view.own == "Right"
    assert view.pace.startswith("Moves are shown at once, by the rules of the operations, which Right has followed so")
    assert len(view.state["walk"]["rows"]) == 21  # the class's own steps have the last word
    assert descend(square, x=4, rate=0.1).view.pace == ""


def test_a_class_that_has_been_wrong_at_one_step_is_waited_for_from_then_on():
    descent = descend(square, x=4, rate=0.1, steps=2, cls=Branches)
    assert descent.view.alive
    descent.inputs["start x"] = 2.5  # whose first step leads below 2
    why = "its gradients have not always been those of the chain rule"
    assert not descent.view.alive and descent.view.pace == f"Each move waits for Branches: {why}."
    descent.inputs["start x"] = 4
    assert not descent.view.alive


def test_why_the_page_cannot_walk_by_itself_is_said_of_values_too():
    view = descend(lambda x: x * x if x.data > 1 else 3 * x, x=6, rate=0.3, steps=5).view
    assert not view.alive
    assert view.pace == "Each move waits for the kernel: it does not always build the same graph."
