"""What the page computes of a graph of which it shows a part, folded or cut off: the numbers that Python has."""

import json
import subprocess
from pathlib import Path

import pytest

from cgviz import explore
from cgviz.nn import MLP

STATIC = Path(__file__).resolve().parents[2] / "cgviz" / "live" / "static"
RUN = f"""
import {{ readFileSync }} from "node:fs";
import {{ backward, carried }} from "{(STATIC / "flow.js").as_uri()}";
import {{ Graph }} from "{(STATIC / "graph.js").as_uri()}";
import {{ Program }} from "{(STATIC / "program.js").as_uri()}";
import {{ readState }} from "{(STATIC / "state.js").as_uri()}";
const {{ structure, program, before, inputs }} = JSON.parse(readFileSync(0, "utf-8"));
const graph = new Graph(structure, program.ops && new Program(program));
const {{ local }} = readState(before);
const data = graph.run(inputs, {{}}, readState(before).data);
const grad = graph.gradients(data);
const through = carried({{ graph, local, inputs: {{ numbers: inputs }}, ahead: true }});
const pick = (list) => Object.fromEntries(graph.shown.map((i) => [i, list[i]]));
const flow = Object.keys(local).length ? backward(graph, data, through).grad : null;
console.log(JSON.stringify({{ data: pick(data), grad: pick(grad), local: through, flow, shown: graph.shown.length }}));
"""


def network(*sizes):
    model = MLP(2, list(sizes), seed=1)
    return lambda x, y: model([x, y])


def long(x, y):
    for _ in range(700):
        x = x * 0.999 + y
    return x**2


CASES = {
    "neurons, folded": (network(4, 3, 1), {"fold": "neuron"}),
    "layers of several results, folded": (network(4, 8, 14, 1), {"fold": "layer"}),
    "too large to be drawn unfolded": (network(16, 16, 16, 1), {}),
    "too large to be drawn, and without groups": (long, {}),
}


def near(ours, theirs):
    """The same cells, but for the last digits of numbers."""
    if isinstance(theirs, float):
        return ours == pytest.approx(theirs, rel=1e-9, abs=1e-12)
    return ours == theirs


@pytest.mark.parametrize("name", CASES)
def test_the_page_has_the_numbers_of_python(nodejs, name):
    function, options = CASES[name]
    explorer = explore(function, x=0.5, y=-1.0, **options)
    view = explorer.view
    assert view.alive and len(view.graph["shown"]) < len(view.program["ops"])
    given = {"structure": view.graph, "program": view.program, "before": view.state, "inputs": {"x": -1.25, "y": 0.75}}
    explorer.inputs.update(x=-1.25, y=0.75)
    done = subprocess.run(
        [nodejs, "--input-type=module", "-e", RUN],
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for kind in ("data", "grad"):
        there = {i: x for i, x in view.state[kind].items() if x is not None and view.graph["shown"]}
        assert there and all(near(found[kind][i], x) for i, x in there.items()), kind
    assert {key: pytest.approx(x, rel=1e-9, abs=1e-12) for key, x in view.state["local"].items()} == found["local"]
    if found["flow"] and all(isinstance(x, float) for x in view.state["grad"].values()):
        assert all(near(found["flow"][int(i)], x) for i, x in view.state["grad"].items())


def test_it_is_sent_once_for_a_structure():
    explorer = explore(network(4, 3, 1), x=0.5, y=-1.0, fold="neuron")
    sent = []
    explorer.view.observe(lambda change: sent.append(change.new), "program")
    explorer.inputs["x"] = 2.0
    explorer.view.opened = [explorer.view.graph["nodes"][-1]["group"]]
    assert sent == []


def test_another_constant_is_another_program():
    def f(x):
        y = x * round(x.data)
        for _ in range(800):
            y = y * 1.0 + x
        return y

    explorer = explore(f, x=1.0)
    sent = []
    explorer.view.observe(lambda change: sent.append(change.new), "program")
    explorer.inputs["x"] = 1.25
    assert sent == []
    explorer.inputs["x"] = 2.0
    assert len(sent) == 1


def test_what_is_drawn_whole_needs_none():
    assert explore("(a*b + c)*d", a=2, b=-3, c=10, d=-2).view.program == {}
