"""A page without a kernel has the graph of one run: it is not written where the function is not always that graph."""

import json
import math
import random
import re
import time

import ipywidgets
import pytest

from cgviz import Value, compare, descend, explore, maximum, relu, sin
from cgviz.live.fidelity import judge
from cgviz.run.run import Run

RUNS = []
GENERATOR = random.Random(3)
POINTS = {"seen": 0}


def branch(a, b):
    return a * b if a.data > 0 else a * a * b + 100


def compared(a, b):
    return a * b if a > b else b * b


def equal_only(a, b):
    return a * b if a.data != b.data else a * a * b


def narrow(a, b):
    return a * b * 2 if 4.95 < a.data < 5.05 else a * b


def by_math(a, b):
    return a * math.sin(b.data)


def by_float(a, b):
    return a * float(b)


def rounded(a, b):
    return a * round(b.data)


def rounded_leaf(a, b):
    return a * Value(round(b.data))


def loop_count(a, b):
    return sum((a * k for k in range(int(b.data))), a)


def endless(a, b):
    x = a
    while x.data < 100:
        x = x * b if b.data > 1 else x + 0 * b
    return x


def greater_of_python(a, b):
    return max(a, b) * a


def sorted_by_python(a, b):
    low, high = sorted((a, b))
    return low - high


def caught(a, b):
    try:
        return a.log() * b
    except ValueError:
        return a * b


def refuses(a, b):
    if a.data < 0:
        raise ValueError("a is a length")
    return a * b


def asserts(a, b):
    assert b.data != 0
    return a * b


def divides(a, b):
    return a * b + 0 * (1 / b.data)


def chance(a, b):
    return a * b + random.random()


def own_generator(a, b):
    return a * b + GENERATOR.gauss(0, 1)


def clock(a, b):
    return a * b + time.perf_counter()


def counts(a, b):
    RUNS.append(a)
    return a * b * len(RUNS)


def every_third(a, b):
    POINTS["seen"] += 1
    return a * b if POINTS["seen"] % 3 else a + b


def relabels(a, b):
    out = a * b
    out.label = "positive" if out.data > 0 else "negative"
    return out


def moves_its_leaf(a, b):
    a.data = max(a.data, 0.0)
    return a * b


def gradient_as_number(a, b):
    y = a * a * b
    y.backward()
    return y * a.grad


def looked_up(a, b):
    return a * {0: 1.0}.get(int(a.data), 2.0) * b


def clipped(a, b):
    return a * min(max(b.data, -1), 1)


def formatted(a, b):
    return a * b * (2 if f"{a.data:.0f}".startswith("-") else 1)


UNFAITHFUL = [
    *(branch, compared, equal_only, narrow, by_math, by_float, rounded, rounded_leaf, loop_count, endless),
    *(greater_of_python, sorted_by_python, caught, refuses, asserts, divides, chance, own_generator, clock, counts),
    *(every_third, relabels, moves_its_leaf, gradient_as_number, looked_up, clipped, formatted),
]


@pytest.mark.parametrize("function", UNFAITHFUL, ids=lambda function: function.__name__)
def test_a_function_that_is_not_always_its_graph_becomes_no_page(function):
    explorer = explore(function, a=2, b=3)
    with pytest.raises(ValueError, match="a page without a kernel would answer wrongly: ") as refusal:
        explorer.to_html()
    assert re.search(
        r"with a = -?[\d.]+, b = -?[\d.]+ the function|run again with the same numbers", str(refusal.value)
    )
    with pytest.raises(ValueError, match="would answer wrongly"):
        compare(explorer, explore("a*b", a=1, b=2)).to_html()


def faithful_branch(a, b):
    return maximum(a, 0.0) * b


def library(a, b):
    return relu(sin(a) * b) + Value(3.0, "w") ** 2


def captured(a, b, weights=None):
    return sum((w * x for w, x in zip((0.5, -1.5), (a, b), strict=True)), Value(1.0, "c"))


@pytest.mark.parametrize("function", [faithful_branch, library, lambda a, b: a * b / (a - b)])
def test_a_function_that_only_computes_becomes_a_page_without_a_remark(function):
    explorer = explore(function, a=2, b=3)
    assert notice(explorer.to_html()) == ""


def test_what_was_read_without_an_effect_is_said_on_the_page(capsys):
    def prints(a, b):
        print(a.data)
        return a * b

    explorer = explore(prints, a=2, b=3)
    capsys.readouterr()
    said = notice(explorer.to_html())
    assert re.fullmatch(
        r"without a kernel this is the graph of one run; the function reads numbers of its nodes \(\.data\), and was "
        r"this graph all the \d\d\d times that it was tried",
        said,
    )
    assert capsys.readouterr().out == "", "further runs are silent"


def test_rare_chance_is_said_on_the_page():
    def rare(a, b):
        return a * b if random.random() < 1 - 1e-12 else a

    assert "the function uses random" in notice(explore(rare, a=2, b=3).to_html())


def test_chance_is_left_where_it_was():
    random.seed(5)
    explorer = explore(lambda a: a * a, a=2)
    before = random.getstate()
    explorer.to_html()
    assert random.getstate() == before


def test_only_what_the_page_can_move_is_tried():
    assert "<svg" in explore(branch, a=(1, 5), b=ipywidgets.fixed(3), lock="a").to_html()
    with pytest.raises(ValueError, match="with n = 3"):
        explore(lambda n, a: a * float(n), n=[2, 3], a=3).to_html()
    assert "<svg" in explore(lambda n, a: a if n.data > 0 else -a, n=ipywidgets.FloatLogSlider(1), a=3).to_html()


def test_a_cell_keeps_no_page_of_such_a_function():
    mixed, plain = (explore(f, a=2, b=3)._repr_mimebundle_()["text/html"] for f in (branch, lambda a, b: a * b))
    assert "wakePacked(document" in plain and "wakePacked(document" not in mixed
    assert "Without one it would be wrong: with a = " in mixed


def test_a_descent_is_tried_over_its_ranges():
    def bowl(x):
        return x * x if x.data > -1.5 else 3 * x

    with pytest.raises(ValueError, match="would answer wrongly: with x = "):
        descend(bowl, x=(-3, 3)).to_html()
    assert "<svg" in descend(lambda x: x * x, x=2).to_html()


def test_the_first_run_counts_as_well():
    runs = []

    def once(a):
        runs.append(a)
        return a * 2 if len(runs) == 1 else a * 3

    run = Run(once)
    run.update(a=2.0)
    assert judge(run, {"a": [2.0]}).departure == "run again with the same numbers the function gives 6, and not 4"


def notice(page):
    numbers = re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)[1]
    return json.loads(numbers)["view"]["notice"]
