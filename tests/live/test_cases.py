"""What Python and the page do twice, held together by one table: tests/page/cases.test.mjs reads it too."""

import json
import math
from pathlib import Path

import ipywidgets
import pytest

from cgviz import Value, explain, steps, trace
from cgviz.checks.finite_differences import slope
from cgviz.checks.links import links
from cgviz.checks.noise import noises
from cgviz.checks.report import AGREES, NO_SLOPE, UNCHECKED, WRONG
from cgviz.checks.slips import slip
from cgviz.checks.slope_comparison import compare
from cgviz.checks.wrong_passes import PASSES
from cgviz.graph import Edge, Graph, Node
from cgviz.live.controls.number_input import parse_number
from cgviz.live.controls.snapping import choose_snapping
from cgviz.live.serialization import state, structure
from cgviz.ops.rows import OPS
from cgviz.pictures import Axis
from cgviz.pictures.chart import clip
from cgviz.pictures.slots import captions, slots
from cgviz.run.expression import parse
from cgviz.text import brief, exact, number, typeset

CASES = json.loads((Path(__file__).parents[1] / "page" / "cases.json").read_text(encoding="utf-8"))


def read(x):
    """A number of the table, which has words for those that JSON has not."""
    return float(x) if isinstance(x, str) else x


@pytest.mark.parametrize("case", CASES["numbers"], ids=lambda case: str(case["x"]))
def test_a_number_is_written_as_the_table_says(case):
    x = read(case["x"])
    assert (number(x), exact(x), brief(x)) == (case["number"], case["exact"], case["brief"])


@pytest.mark.parametrize("case", CASES["typeset"], ids=lambda case: case["text"])
def test_a_text_is_shown_as_the_table_says(case):
    assert typeset(case["text"]) == typeset(typeset(case["text"])) == case["typeset"]


@pytest.mark.parametrize("case", CASES["labels"], ids=lambda case: case["label"])
def test_a_label_stands_in_formulas_as_the_table_says(case):
    root = Value(1.5, case["label"]) * Value(3.0, "y")
    root.label = "L"
    found = steps(root)
    assert list(structure(trace(root))["nodes"][0]["called"]) == case["called"]
    assert (found.forward[0].text, found.backward[1].text.partition(" = ∂L/∂L")[0]) == (case["line"], case["partial"])


@pytest.mark.parametrize("case", CASES["ticks"], ids=lambda case: f"{case['low']} to {case['high']}")
def test_an_axis_has_the_ticks_of_the_table(case):
    assert Axis(case["low"], case["high"], log=case["log"]).ticks() == case["ticks"]


def slider_of(case):
    return (ipywidgets.FloatLogSlider if "base" in case else ipywidgets.FloatSlider)(**case, value=1)


@pytest.mark.parametrize("case", CASES["places"], ids=lambda case: str(case["slider"]))
def test_a_slider_has_the_places_of_the_table(case):
    places = choose_snapping(slider_of(case["slider"]))
    for x, place in case["nearest"]:
        assert places.place(x) == pytest.approx(place, rel=1e-12)
    for place, meant in case["clean"]:
        assert places.number(place) == meant and places.same(place, meant)


@pytest.mark.parametrize("case", CASES["typed"], ids=lambda case: case["text"])
def test_what_is_typed_is_read_as_the_table_says(case):
    if "number" in case:
        assert parse_number("a", case["text"]) == case["number"]
        return
    with pytest.raises(ValueError) as refused:
        parse_number("a", case["text"])
    assert str(refused.value) == f"a: {case['refusal']}"


@pytest.mark.parametrize("case", CASES["clips"], ids=lambda case: f"{case['from']} to {case['to']}")
def test_a_way_is_cut_as_the_table_says(case):
    found = clip(tuple(map(float, case["from"])), tuple(map(float, case["to"])), 100, 100)
    assert found == (None if case["part"] is None else tuple(map(pytest.approx, case["part"])))


@pytest.mark.parametrize("case", CASES["slips"], ids=lambda case: f"{case['nodes'][-2:]} at {case['at']}")
def test_the_slip_behind_a_number_is_that_of_the_table(case):
    records = trace(made_of(case["nodes"]))
    (at,) = (node.index for node in records.nodes if node.name == case["at"])
    assert [[given, slip(records, at, given)] for given, _ in case["given"]] == case["given"]


@pytest.mark.parametrize("case", CASES["slopes"], ids=lambda case: f"{case['row']} at {case['x']}")
def test_a_slope_is_that_of_the_table(case):
    second = [case["second"]] if "second" in case else []
    seen = slope(lambda x: OPS[case["row"]](x, *second), case["x"])
    assert seen.kind == case["kind"]
    for name, key in (("slope", "slope"), ("left", "left"), ("right", "right")):
        if key in case:
            assert getattr(seen, name) == pytest.approx(case[key], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("case", CASES["verdicts"], ids=lambda case: f"{case['rows']} at {case['x']}")
def test_a_gradient_is_judged_as_the_table_says(case):
    def f(x):
        for row, *second in case["rows"]:
            x = OPS[row](x, *second)
        return x

    seen = slope(f, case["x"])
    assert seen.kind == case["kind"]
    for key in case.keys() & {"slope", "left", "right"}:
        assert getattr(seen, key) == pytest.approx(case[key], rel=1e-4, abs=1e-6)
    for grad, *wanted in case["grads"]:
        row = compare(Node(0, "x", "", case["x"], read(grad), "leaf", (), (), ""), seen)
        assert [row.state, row.note] == wanted


class Power:
    """A node of a class that writes the exponent into the operation's symbol, as micrograd does."""

    def __init__(self, data, operands=(), symbol="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, set(operands), symbol, label


def root_of(case):
    """The root that the case names: of an expression, or of a class with the exponent in its symbol."""
    if "exponent" not in case:
        return parse(case["text"])(**{name: Value(x, name) for name, x in case["numbers"].items()})
    a, n = Power(case["numbers"]["a"], label="a"), case["exponent"]
    return Power(a.data**n, (a,), f"**{n}", "L")


@pytest.mark.parametrize("case", CASES["conventions"], ids=lambda case: f"{case['text']} at {case['numbers']}")
def test_a_slope_that_is_a_convention_is_said_to_be_one(case):
    root = root_of(case)
    made = trace(root)
    sent = structure(made)["nodes"]
    assert json.loads(json.dumps([{key: node[key] for key in case["sent"][0] if key in node} for node in sent])) == [
        {key: x for key, x in node.items() if x is not None} for node in case["sent"]
    ]
    found = state(made, list(range(len(sent))))
    assert [found["data"], found["local"]] == [case["data"], case["local"]]
    assert [step.text for step in steps(root).backward] == case["steps"]
    assert [line for line in explain(root).lines if not line.startswith("(")] == case["lines"]


def made_of(lines):
    """The root of a graph in the table's short form: [name, number] of a leaf, [name, row, places of operands …]."""
    made = []
    for name, what, *operands in lines:
        made.append(OPS[what](*(made[i] for i in operands)) if operands else Value(what))
        made[-1].label = name
    return made[-1]


@pytest.mark.parametrize("case", CASES["breaks"], ids=lambda case: str(case["nodes"]))
def test_a_backward_pass_with_a_mistake_gives_the_gradients_of_the_table(case):
    root = made_of(case["nodes"])
    root.backward()
    records = trace(root)
    assert [node.name for node in records.nodes] == [name for name, *_ in case["nodes"]]
    chain = links(records, [node.grad for node in records.nodes])
    for ours, theirs in (("replace", "replace"), ("twice", "twice"), ("reached", "order")):
        assert PASSES[ours].run(chain, True) == pytest.approx(case[theirs])
    assert [noise.behind for noise in noises(records)] == pytest.approx(case["behind"])


@pytest.mark.parametrize("case", CASES["widenings"], ids=lambda case: f"{case['slider']} for {case['number']}")
def test_the_ends_of_a_slider_move_out_as_the_table_says(case):
    slider, (low, high) = slider_of(case["slider"]), case["ends"]
    snapping = choose_snapping(slider)
    snapping.widen(case["number"])
    assert (slider.min, slider.max) == (pytest.approx(low), pytest.approx(high))
    snapping.narrow()
    assert (slider.min, slider.max) == (case["slider"]["min"], case["slider"]["max"])


@pytest.mark.parametrize("case", CASES["refusals"], ids=lambda case: f"{case['text']} at {case['numbers']}")
def test_an_operation_without_a_value_is_told_as_the_table_says(case):
    f = parse(case["text"])

    def run(numbers):
        return f(**{name: Value(x, name) for name, x in numbers.items()})

    made = trace(run(case["good"]))
    sent = json.loads(json.dumps(structure(made)["nodes"]))
    assert [{key: node[key] for key in wanted} for node, wanted in zip(sent, case["sent"], strict=True)] == case["sent"]
    assert [node.data for node in made.nodes] == pytest.approx(case["data"])
    with pytest.raises(ValueError) as refused:
        run(case["numbers"])
    assert str(refused.value) == case["refusal"]


def graph(case):
    nodes = tuple(
        Node(i, n["label"], n["op"], read(n["data"]), read(n["grad"]), n["kind"], tuple(n["operands"]), (), n["stale"])
        ._replace(has_grad=n["keeps"])
        for i, n in enumerate(case["nodes"])
    )  # fmt: skip
    return Graph(nodes, tuple(Edge(s, n.index, p) for n in nodes for p, s in enumerate(n.operands)))


@pytest.mark.parametrize("case", CASES["graphs"], ids=lambda case: case["about"])
def test_a_graph_is_sent_and_said_as_the_table_says(case):
    made = graph(case)
    sent = structure(made)
    assert [{key: node[key] for key in case["sent"][0]} for node in sent["nodes"]] == case["sent"]
    found = state(made, sent["shown"])
    assert {key: found[key] for key in case["state"]} == case["state"]
    assert {key: list(slot) for key, slot in slots(made).items()} == case["slots"]
    assert captions(made) == case["captions"]


def test_the_table_has_numbers_of_every_kind():
    xs = [read(case["x"]) for case in CASES["numbers"]]
    assert {math.isnan(x) for x in xs} == {math.isinf(x) for x in xs} == {True, False}
    assert {case["kind"] for case in CASES["slopes"]} == {"smooth", "kink", "jump"}
    assert {case["kind"] for case in CASES["verdicts"]} == {"smooth", "kink", "near", "jump", "edge", "coarse"}
    states = {wanted for case in CASES["verdicts"] for _, wanted, _ in case["grads"]}
    assert states == {AGREES, WRONG, NO_SLOPE, UNCHECKED}
