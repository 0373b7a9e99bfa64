"""A view opens ready: what is asked for is checked and travels to the page; what is hidden leaks nowhere."""

import base64
import json
import re

import pytest

from cgviz import Value, compare, descend, explore
from cgviz.live import Trainer, javascript
from cgviz.live.opening import HIDDEN, OPTIONS, Opening

TEXT, NUMBERS = "e = a*b; L = (e + c)*e", {"a": 2, "b": -3, "c": 10}


def ready(**options):
    return explore(TEXT, **options, **NUMBERS)


@pytest.mark.parametrize(("file", "name"), javascript.tools().items())
def test_a_tool_is_named_as_on_its_button_in_any_letters_or_as_its_file(file, name):
    assert {Opening.read(tool=wanted).tool for wanted in (name, name.upper(), name.replace(" ", "-"), file)} == {name}


def test_every_tool_of_the_page_can_be_asked_for():
    text = javascript.part("tools")
    assert len(javascript.tools()) == text.count("\noffer({")  # a tool that is offered in another way would be missed


def test_the_page_is_told_what_was_asked_for_and_nothing_else():
    assert ready().view.opening == {}
    opened = ready(tool="explain", at="e", zoom=1.5).view
    e = next(node.index for node in opened.records.nodes if node.label == "e")
    assert opened.opening == {"tool": "Explain", "at": e, "zoom": 1.5}
    assert ready(at="a").view.opening == {"at": 0}
    assert ready(zoom="fit").view.opening == {"zoom": -1.0}
    assert ready(edges="weight").view.opening == {"edges": "weight"}
    assert ready(tool="predict").view.opening == {"tool": "Predict", "hide": "gradients"}


def test_a_node_of_a_finished_graph_may_be_given_itself():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    e = a * b
    explorer = explore(e * a, at=e, note={e: "used once", "a": "used twice"})
    assert explorer.view.opening == {"at": 2}
    assert re.findall('aria-label="note on ([^"]*)"', explorer.view.svg) == ["a: used twice", "v2: used once"]
    explorer.inputs["a"] = 5
    assert explorer.view.opening == {"at": 2}


def lines_of(text, kind):
    return set(re.findall(rf'class="cg-edge[^"]*{kind}[^"]*" data-edge="([^"]*)"', text))


def test_a_page_of_its_own_lights_the_paths_also_where_no_script_runs():
    pages = ready(tool="explain", at="a").to_html(), compare(ready(tool="explain", at="a"), ready()).to_html()
    for text in pages:
        assert lines_of(text, "cg-lit-line") == {"0-3-0", "3-4-0", "4-5-0", "3-5-1"}
    assert "cg-lit-line" not in ready(tool="step", at="a").to_html()


def test_a_still_picture_lights_the_paths_that_the_view_would_light_and_no_others():
    root = ready(tool="explain", at="a")
    output = root._repr_mimebundle_()["text/html"].partition("base64,")[2].partition('"')[0]
    for text in (root.view.still.svg, base64.b64decode(output).decode()):
        assert lines_of(text, "cg-lit-line") == {"0-3-0", "3-4-0", "4-5-0", "3-5-1"}
        assert lines_of(text, "") == lines_of(text, "cg-lit-line") | {"1-3-1", "2-4-1"}
        assert text.count("cg-lit-box") == 1 + 4  # the style, and a, e, v4 and L
    assert "cg-lit-" not in root.view.svg  # there the page lights them
    for other in (ready(), ready(at="a"), ready(tool="step", at="a"), ready(tool="explain")):
        assert "cg-lit-" not in other.view.still.svg


@pytest.mark.parametrize(("edges", "there"), [("weight", "cg-line-"), ("gradient", "cg-line-"), ("numbers", ".local")])
def test_a_still_picture_has_on_its_edges_what_the_view_has(edges, there):
    assert there in ready(edges=edges).view.still.svg
    assert there not in ready().view.still.svg
    assert there in ready(edges=edges, hide="values").view.still.svg
    assert explore("a*b", a=1, b=2, edges=edges).to_html()
    assert descend("a**2", a=1, edges=edges).view.opening == {"edges": edges}


WRONG = [
    ({"edges": "thick"}, "edges: there is no 'thick'; it must be one of 'weight', 'gradient', 'numbers', 'formulas'"),
    ({"edges": "gradient", "hide": "gradients"}, "edges='gradient' would show by width and colour what hide="),
    ({"tool": "quiz"}, "tool: there is no 'quiz'; it must be one of 'step', 'explain', "),
    ({"tool": 3}, "tool: there is no 3; it must be one of "),
    ({"hide": "all"}, "hide: there is no 'all'; it must be one of 'gradients', 'values', 'gradient', 'value'"),
    ({"hide": True}, "hide: there is no True; it must be one of "),
    ({"hide": "gradient"}, "hide='gradient' hides that of one node: say which, as in at=\"a\""),
    ({"zoom": 9}, "zoom: expected a number from 0.2 to 4, where 1 is the size of the text, or 'fit'; got 9"),
    ({"zoom": float("nan")}, "zoom: expected a number from 0.2 to 4"),
    ({"zoom": True}, "zoom: expected a number from 0.2 to 4"),
    (
        {"zoom": "large"},
        "zoom: expected a number from 0.2 to 4, where 1 is the size of the text, or 'fit'; got 'large'",
    ),
    ({"zoom": [1]}, "zoom: expected a number from 0.2 to 4, where 1 is the size of the text, or 'fit'; got a list"),
    ({"at": "z"}, "at: the graph has no node 'z'; it has a, b, "),
    ({"at": 99}, "at: the graph has no node 99; it has a, b, "),
    ({"at": Value(1.0)}, "at: the graph has no node Value(1.0); it has a, b, "),
    ({"lock": "z"}, "lock: there is no input 'z'; there are a, b, c"),
    ({"lock": ["a", 3]}, "lock: expected True, the name of an input, or a list of names; got a list"),
    ({"lock": 3}, "lock: expected True, the name of an input, or a list of names; got 3"),
    ({"note": {"z": "x"}}, "note: the graph has no node 'z'; it has a, b, "),
    ({"note": "x"}, 'a note is given by node or label, as in note={"a": "used twice"}; got a str'),
]


@pytest.mark.parametrize(("options", "sentence"), WRONG, ids=str)
def test_what_cannot_be_is_refused_in_one_sentence_that_lists_what_can(options, sentence):
    with pytest.raises((TypeError, ValueError)) as raised:
        ready(**options)
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_leaf_cannot_bear_the_name_of_an_option(name):
    with pytest.raises(
        ValueError, match=f"^a leaf cannot be called '{name}', which is an option of explore: rename it$"
    ):
        explore(f"2*{name}", **{name: 3})


@pytest.mark.parametrize("hide", HIDDEN)
@pytest.mark.parametrize("tool", [None, "predict"])
def test_a_hidden_number_is_nowhere_in_the_picture_with_which_a_view_begins(hide, tool):
    at = {"at": "e"} if hide in ("gradient", "value") else {}
    explorer = ready(hide=hide, tool=tool, **at)
    word, field = ("gradient", "grad") if hide.startswith("gradient") else ("value", "data")
    secret = [
        n
        for n in explorer.graph.nodes
        if (n.label == "e" if at else n.operands if field == "data" else n is not explorer.graph.root)
    ]
    assert secret
    for text in (explorer.view.svg, explorer.view.still.svg):
        for node in secret:
            slot = re.search(rf'<text[^>]*data-slot="{node.index}.{field}"[^>]*>([^<]*)<', text)
            title = re.search(rf'<title data-title="{node.index}.{field}">([^<]*)<', text)
            said = re.search(rf'data-node="{node.index}"[^>]*aria-label="[^"]*{word} ([^",]*)', text)
            assert [slot[1], title[1], said[1]] == ["?", f"{word} of {node.name}: ?", "?"]
    rows = {line.split()[0]: line for line in repr(explorer).splitlines()[1:]}
    assert all("?" in rows[node.name] for node in secret)
    assert explorer.inputs == NUMBERS and explorer.root.grad == 1.0  # in Python nothing is hidden


def test_an_array_is_not_hidden_for_nothing_is_asked_of_it():
    import numpy as np

    from cgviz.tensor import Tensor

    root = Tensor(np.ones(3), "x") * 2
    assert "?" not in Opening.read(hide="values").mask(__import__("cgviz").trace(root), None).nodes[-1].__repr__()


@pytest.mark.parametrize(
    ("lock", "locked"), [("b", ["b"]), (["a", "c"], ["a", "c"]), (True, ["a", "b", "c"]), (False, []), (None, [])]
)
def test_a_locked_input_is_moved_by_python_alone(lock, locked):
    explorer = ready(lock=lock)
    page = json.loads(re.search(r'type="application/json"[^>]*>(.*?)</script>', explorer.to_html(), re.DOTALL)[1])
    for entry in page["view"]["sliders"]:
        slider = page["widgets"][entry["slider"].removeprefix("IPY_MODEL_")]
        assert slider.get("disabled", False) == (entry["name"] in locked)
    disabled = [row.children for row in explorer.children[0].children]
    assert [
        name for name, parts in zip(NUMBERS, disabled, strict=True) if all(part.disabled for part in parts)
    ] == locked
    explorer.inputs["b"] = 4
    assert explorer.inputs["b"] == 4 and explorer.root.data == (2 * 4 + 10) * 8


def test_notes_and_the_node_are_found_again_by_label_in_another_structure():
    def f(a, b):
        c = a * b
        c.label = "c"
        return (c + 1) * a if a.data > 2 else c + a

    explorer = explore(f, a=1, b=2, at="c", note={"c": "a product"})
    for a in (1, 3, 1):
        explorer.inputs["a"] = a
        c = next(node.index for node in explorer.graph.nodes if node.label == "c")
        assert explorer.view.opening == {"at": c}
        assert f'data-flag="{c}"' in explorer.view.svg


def test_a_view_whose_first_run_failed_says_later_that_there_is_no_such_node():
    explorer = explore("log(a)", a=-1, at="z", note={"a": "x"})
    explorer.inputs["a"] = 2
    assert explorer.view.notice == "at: the graph has no node 'z'; it has a, L"
    assert explorer.error is None and explorer.view.opening == {}


def test_a_descent_opens_ready_too():
    descent = descend("a**2", a=3, tool="slice", at="a", zoom="fit", lock="rate", note={"a": "moves"})
    assert descent.view.opening == {"tool": "Slice", "at": 0, "zoom": -1.0}
    assert "note on a: moves" in descent.view.svg and "note on a: moves" in descent.view.still.svg
    with pytest.raises(ValueError, match="^lock: there is no input 'a'; there are start a, rate, step$"):
        descend("a**2", a=3, lock="a")


def test_a_training_opens_ready_too():
    from cgviz.nn import MLP, moons

    sample = MLP(2, [1], seed=1), *moons(10, seed=1)
    trainer = Trainer(*sample, tool="explain", at="L", note={"L": "the loss"})
    assert trainer.view.opening["tool"] == "Explain" and "note on L: the loss" in trainer.view.svg
    for wrong in ({"at": "z"}, {"note": {"z": "x"}}):
        with pytest.raises(ValueError, match="the graph has no node 'z'; it has "):
            Trainer(*sample, **wrong)
