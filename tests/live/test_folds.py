"""Folded groups in the live view: what is shown, what a click asks for, and what stays in step."""

import json

import ipywidgets
import pytest

from cgviz import Value, explore, trace
from cgviz.groups import fold, group
from cgviz.live import GraphView
from cgviz.live.document import to_html
from cgviz.nn import MLP
from cgviz.pictures.layout.plan import MOST
from cgviz.pictures.slots import full, slots

X1, X2 = 0.5, -1.0


def net(x1, x2):
    return MLP(2, [3, 2, 1], "tanh", seed=1)([x1, x2])


def explored(**options):
    return explore(net, x1=X1, x2=X2, **options)


def named(view):
    return [node.name for node in view.records.nodes]


def number(view, name):
    """The number of the folded group that this box is, as the page finds it."""
    return next(node["group"] for node in view.graph["nodes"] if node["name"] == name)


def test_groups_are_shown_as_one_box_each():
    explorer = explored(fold="layer")
    assert named(explorer.view) == ["x1", "x2", "a¹", "a²", "a³"]
    assert len(explorer.graph.nodes) == len(explorer.view.whole.nodes) > 40
    assert [node.get("group") is not None for node in explorer.view.graph["nodes"]] == [False, False, True, True, True]
    assert explorer.view.leaves == {"x1": 0, "x2": 1}
    assert explorer.view.alive and explorer.view.program["leaves"] == explorer._run.places


def test_a_group_unfolds_step_by_step_and_folds_again():
    view = explored(fold="layer").view
    folded = view.svg
    view.opened = [number(view, "a²")]
    assert {"a¹", "a²₁", "a²₂", "a³"} < set(named(view)) and "a²" not in named(view)
    assert view.graph["opened"] == [(view.opened[0], "a²")]
    view.opened = [*view.opened, number(view, "a²₁")]
    assert "w²₁,₁" in named(view) and "w²₂,₁" not in named(view)
    json.dumps([view.graph, view.state], allow_nan=False)
    view.opened = []
    assert view.svg == folded and view.graph["opened"] == []


def test_unfolded_to_the_last_the_page_computes_by_itself_again():
    view = explored(fold="network").view
    for _ in range(20):
        boxes = [node["group"] for node in view.graph["nodes"] if "group" in node]
        if not boxes:
            break
        view.opened = [*view.opened, *boxes]
    assert view.records is view.whole
    assert view.alive and view.leaves == {"x1": named(view).index("x1"), "x2": named(view).index("x2")}


def test_numbers_move_while_the_picture_stays():
    explorer = explored(fold="layer")
    explorer.view.opened = [number(explorer.view, "a²")]
    svg = explorer.view.svg
    explorer.inputs["x1"] = 1.5
    assert explorer.view.svg == svg and len(explorer.view.opened) == 1
    last = slots(explorer.view.records)[f"{len(explorer.view.records.nodes) - 1}.data"].text
    assert last.replace("−", "-") == f"{explorer.root.data:.4g}"


def test_a_view_that_says_something_goes_on_saying_it():
    explorer = explored(fold="layer")
    explorer.view.say("x1: 'q' is not a number")
    explorer.view.opened = [number(explorer.view, "a²")]
    assert explorer.view.message == "x1: 'q' is not a number"


def test_another_structure_begins_folded():
    view = GraphView(net(Value(1, "x1"), Value(2, "x2")), fold="layer")
    view.opened = [number(view, "a²")]
    view.show(MLP(2, [4, 1], seed=0)([Value(1, "x1"), Value(2, "x2")]))
    assert view.opened == [] and named(view) == ["x1", "x2", "a¹", "a²"]


def test_a_number_that_no_group_has_changes_nothing():
    view = explored(fold="layer").view
    view.opened = [999]
    assert named(view) == ["x1", "x2", "a¹", "a²", "a³"] and view.graph["opened"] == []


def test_the_numbers_of_a_group_are_those_of_the_graph():
    root = net(Value(X1, "x1"), Value(X2, "x2"))
    root.backward()
    view = GraphView(root, fold="layer")
    found = fold(trace(root), "layer")
    assert view.records.signature == found.signature
    assert [full(node.grad) for node in view.records.nodes] == [full(node.grad) for node in found.nodes]


def test_a_large_graph_with_groups_is_folded_by_itself():
    view = GraphView(MLP(2, [20, 20, 20, 1], seed=1)([1, 2]))
    assert len(view.whole.nodes) > MOST > len(view.records.nodes)
    made = [node for node in view.graph["nodes"] if node["operands"] and not node["op"].startswith("[")]
    assert made and all("group" in node for node in made)
    before = len(view.records.nodes)
    view.opened = [next(node["group"] for node in view.graph["nodes"] if "group" in node)]
    assert len(view.records.nodes) > before


def test_a_kind_that_there_is_not_is_refused():
    with pytest.raises(ValueError) as raised:
        explored(fold="block")
    assert str(raised.value) == "there are no groups of the kind 'block' to fold, only 'neuron', 'layer', 'network'"


def test_fold_is_an_option_and_no_leaf():
    with pytest.raises(ValueError, match="a leaf cannot be called 'fold', which is an option of explore"):
        explore(lambda fold: fold * 2, fold=3)


def test_the_saved_picture_is_folded_too():
    view = explored(fold="layer")
    assert (
        "tanh layer"
        in __import__("base64")
        .b64decode(view._repr_mimebundle_()["text/html"].split("base64,")[1].split('"')[0])
        .decode()
    )


def test_a_folded_graph_becomes_a_page_only_without_sliders():
    with pytest.raises(ValueError, match="^a folded graph is unfolded by the kernel alone; without folds, fold=False"):
        explored(fold="layer").to_html()
    assert "</html>" in explored(fold=False).to_html()
    assert "tanh layer" in to_html(GraphView(net(Value(X1, "x1"), Value(X2, "x2")), fold="layer"), {}, title="A graph")


def test_several_kinds_fold_together():
    x = Value(2, "x")
    y = group(x * 3 + 1, [x], "line", "y")
    z = group(y * y, [y], "square", "z")
    small = fold(trace(z), ("line", "square"))
    assert [node.name for node in small.nodes] == ["x", "y", "z"]
    opened = next(node.groups[0].number for node in small.nodes if node.name == "y")
    assert [node.op for node in fold(trace(z), ("line", "square"), opened=[opened]).nodes if node.op] == [
        "*",
        "+",
        "square",
    ]


def test_a_view_of_ones_own_slider_is_still_followed():
    own = ipywidgets.FloatSlider(0.5, min=0, max=1)
    explorer = explore(net, x1=own, x2=X2, fold="neuron")
    own.value = 0.75
    assert explorer.view.state["inputs"]["x1"] == 0.75


def test_unfolded_after_a_failed_run_it_is_still_the_old_numbers_of_the_new_inputs():
    def f(x1, x2):
        if x1.data > 2:
            raise ValueError("too far")
        return net(x1, x2)

    explorer = explore(f, x1=X1, x2=X2, fold="layer")
    explorer.inputs["x1"] = 3
    view, sent = explorer.view, []
    view.send_state = lambda key=None: sent.append(set(key or ()))  # what is sent together
    view.opened = [number(view, "a²")]
    assert len([keys for keys in sent if keys & {"state", "message", "old"}]) == 1
    assert (view.message, view.old) == ("ValueError: too far", True)
    assert view.state["inputs"]["x1"] == 3 and view.state["data"]["0"] == X1  # the page knows that it is no late answer
    explorer.inputs["x1"] = 1
    assert (view.message, view.old, view.state["inputs"]["x1"]) == ("", False, 1)
