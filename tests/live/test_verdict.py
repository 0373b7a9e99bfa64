"""What a descent comes to: functions × rates × starts, the page's own words too, and what no sentence may ever say."""

import json
import math
import subprocess
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cgviz.live import javascript
from cgviz.run.descent import DescentStep, Walk, verdict, walk
from cgviz.run.expression import parse
from cgviz.run.run import Run

BOWL = "a**2 - 10*a + 28"
CASES = [
    # function, start, rate, steps, and how the sentence begins
    (BOWL, {"a": 6}, 0.001, 20, "Crawling: after 20 steps the gradient is still 96 %"),
    (BOWL, {"a": 6}, 0.1, 20, "Descending: after 20 steps the gradient is 1.2 %"),
    (BOWL, {"a": 6}, 0.1, 100, "Arrived"),
    (BOWL, {"a": 6}, 0.5, 20, "Arrived"),  # in one step
    (BOWL, {"a": 6}, 0.9, 20, "Overshooting: each step lands"),
    (BOWL, {"a": 6}, 0.9, 1, "Overshooting: each step lands"),
    (BOWL, {"a": 6}, 0.9, 100, "Arrived"),
    (BOWL, {"a": 6}, 0.9999, 20, "Overshooting"),  # closer, if by little
    (BOWL, {"a": 6}, 1, 20, "Back and forth"),
    (BOWL, {"a": 6}, 1.01, 20, "Diverging: each step is longer"),
    (BOWL, {"a": 6}, 1.1, 1, "Diverging: each step is longer"),
    (BOWL, {"a": 5}, 0.1, 20, "The gradient is 0 at the start"),
    ("2*a", {"a": 1}, 0.1, 20, "Falling steadily"),
    ("2*a", {"a": 1}, 100, 1, "Falling steadily"),
    ("3*a - b/7", {"a": 1, "b": -2}, 0.01, 20, "Falling steadily"),
    ("relu(a)", {"a": 10}, 0.1, 20, "Falling steadily"),
    ("relu(a)", {"a": -1}, 0.1, 20, "The gradient is 0 at the start"),
    ("abs(a)", {"a": 10}, 0.1, 20, "Falling steadily"),
    ("abs(a)", {"a": 0.25}, 0.5, 20, "Back and forth"),
    ("abs(a)", {"a": 1.5}, 1, 2, "Overshooting: the last step lands"),
    ("-a**2", {"a": 1}, 0.1, 20, "Descending: after 20 steps the gradient is larger"),
    ("-a**2", {"a": 0}, 0.1, 20, "The gradient is 0 at the start"),  # at the maximum
    ("a**3", {"a": -1}, 0.01, 20, "Descending: after 20 steps the gradient is larger"),
    ("a**2 - b**2", {"a": 1, "b": 0}, 0.1, 100, "Arrived"),  # on the way to the saddle
    ("a**2 - b**2", {"a": 1, "b": 0.1}, 0.1, 100, "Descending: after 100 steps the gradient is larger"),
    ("a**2 + 100*b**2", {"a": 1, "b": 1}, 0.0101, 20, "Diverging: "),
    ("a**2 + 100*b**2", {"a": 1, "b": 1}, 0.009, 200, "Descending: after 200 steps the gradient is less than 0.1 %"),
    ("cos(a)", {"a": 1}, 0.5, 20, "Arrived"),
    ("cos(a)", {"a": 0.1}, 0.05, 3, "Descending: after 3 steps the gradient is larger"),
    ("cos(a)", {"a": 1}, 5, 20, "Jumping"),
    ("cos(a)", {"a": 1}, 20, 20, "Jumping"),
    ("sin(3*a) + a**2/10", {"a": 3}, 1, 20, "Jumping"),
    ("exp(-a)", {"a": 0}, 1, 20, "Descending: after 20 steps the gradient is"),
    ("exp(-a)", {"a": 0}, 1, 3000, "Descending: after 3000 steps the gradient is less than 0.1 %"),
    ("a**4", {"a": 1}, 0.1, 20, "Descending"),
    ("-log(a)", {"a": 1}, 0.01, 20, "Crawling"),
    ("sigmoid(a)", {"a": -50}, 0.1, 20, "Standing still"),
    ("a", {"a": 1e17}, 0.1, 20, "Standing still"),
    ("softplus(a)", {"a": 10}, 0.1, 20, "Crawling"),
    ("log(a)", {"a": 0.5}, 1, 20, "Step 1 leads to where there is no value"),
    ("a**4", {"a": 10}, 1, 20, "Step "),
    (BOWL, {"a": 6}, 0.1, 0, ""),
]


def walked(function, start, rate, count):
    return walk(Run(parse(function)), start, rate, count)


@pytest.mark.parametrize(("function", "start", "rate", "count", "begins"), CASES, ids=str)
def test_each_way_has_its_words(function, start, rate, count, begins):
    said = verdict(walked(function, start, rate, count))
    assert said.startswith(begins) if begins else not said


FUNCTIONS = [case[0] for case in CASES if "b" not in case[1]]
numbers = st.floats(-20, 20)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FUNCTIONS), numbers, st.floats(-3, 2), st.integers(1, 40))
def test_no_sentence_says_what_the_steps_do_not_show(function, start, power, count):
    try:
        found = walked(function, {"a": start}, 10**power, count)
    except (ValueError, ArithmeticError):
        assume(False)
    said = verdict(found)
    assert said
    if found.ended or len(found.steps) == 1:
        return
    true_of(said, found.steps)


def true_of(said, steps):
    """Each word's own claim, computed anew and in another way."""
    values = [step.value for step in steps]
    slopes = [math.hypot(*step.gradient.values()) for step in steps]
    points = [tuple(step.point.values()) for step in steps]
    margin = 1e-11 * max(map(abs, values)) + 1e-300
    rose = [b - a > margin for a, b in pairwise(values)]
    word = said.split(":")[0]
    if word in ("Descending", "Crawling", "Falling steadily"):
        assert not any(rose[-3:]) and values[-1] <= values[0] + margin
    if word == "Crawling":
        assert 0.5 * slopes[0] < slopes[-1] and len(set(slopes)) > 1 and len(set(points)) > 1
    if word == "Falling steadily":
        assert len({tuple(step.gradient.values()) for step in steps}) == 1 and values[-1] < values[0] + margin
    if word in ("Arrived", "Settled above the start"):
        assert slopes[-1] < 0.001 * slopes[0]
        assert (word == "Arrived") or values[-1] > values[0]
    if word in ("Diverging", "Jumping"):
        assert any(b > a for a, b in pairwise(values))
    if word == "Diverging":
        assert values[-1] > values[-2] and slopes[-1] > slopes[-2]
        assert "each step" not in said or all(a < b for a, b in pairwise(slopes))
    if word in ("Overshooting", "Back and forth"):
        turned = [sum(x * b.gradient[name] for name, x in a.gradient.items()) < 0 for a, b in pairwise(steps)]
        if "the last step lands" in said:
            assert turned[-1]
            return
        assert all(turned[-3:]) and ("each step" not in said or all(turned))
        earlier = slopes[max(len(slopes) - 3, 0)]
        assert slopes[-1] < earlier if word == "Overshooting" else slopes[-1] == pytest.approx(earlier, rel=2e-6)
    if word == "Standing still":
        assert len(set(points)) == 1


def test_gradients_of_every_size_have_a_sentence():
    """A class of a learner's may give any gradient, and a function another number each time."""
    sizes = (0.0, 5e-324, 1e-320, 1e-160, 1.0, -1.0, 1e160, -1e308, 1.7e308)
    for first in sizes:
        for second in sizes:
            for third in sizes:
                steps = [DescentStep(k, {"a": float(k)}, x, {"a": x}) for k, x in enumerate((first, second, third))]
                assert verdict(Walk(steps, ""))


def test_the_page_says_the_same(nodejs):
    walks = [walked(*case[:4]) for case in CASES]
    given = [
        ({"rows": [[*s.point.values(), s.value, *s.gradient.values()] for s in steps], "ended": ended}, len(case[1]))
        for (steps, ended), case in zip(walks, CASES, strict=True)
    ]
    script = f"{javascript.script('walk')}\nconsole.log(JSON.stringify({json.dumps(given)}.map((x) => verdict(...x))))"
    answer = subprocess.run(
        [nodejs, "-"], input=script, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60
    )
    assert json.loads(answer.stdout) == [verdict(found) for found in walks]
