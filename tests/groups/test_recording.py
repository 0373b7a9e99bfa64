"""Groups by call: noted while code runs, of any class, nested and without a circle."""

import pytest

from benchmarks.gpt_model import GPT, Plain
from cgviz import Value, draw, explore, trace
from cgviz.graph.nesting import nest_of
from cgviz.groups import grouped


def operations(picture):
    return [node.op for node in picture.graph.nodes if node.operands]


@pytest.mark.parametrize("cls", [Value, Plain])
def test_a_transformer_folds_into_the_row_of_a_textbook(cls):
    model = GPT(cls)
    with grouped(cls):
        loss = model.loss("ab")
    graph = draw(loss, fold="calls").graph
    said = " ".join(node.op for node in graph.nodes)
    for word in ("normalize", "linear query", "linear key", "linear value", "linear score", "softmax", "a + b"):
        assert word in said
    assert [node.label for node in graph.nodes if node.label.startswith("start")] == [
        f"start = {k}" for k in (0, 4, 8, 12)
    ]
    assert graph.root.data == loss.data and len(graph.nodes) < 40


def test_the_classes_are_as_they_were_after_the_block():
    before = dict(vars(Plain)), Value.__add__, Value.__init__
    with pytest.raises(ZeroDivisionError), grouped(Value, Plain):
        1 / 0
    assert before == (dict(vars(Plain)), Value.__add__, Value.__init__)


def double(x):
    y = x * 2 + 1
    return y.tanh()


def thrice(x):
    for k in range(3):
        x = double(x) * k
    return x - 1


def test_calls_statements_and_rounds_are_groups_within_groups():
    with grouped():
        x = thrice(Value(0.5, "x"))
    nest = nest_of(trace(x))
    assert [group.name for group in nest.groups if group.symbol == "for k"] == ["k = 0", "k = 1", "k = 2"]
    assert sum(group.symbol == "double" for group in nest.groups) == 3
    for place, parent in enumerate(nest.parents):
        assert parent < place
    assert draw(x, fold="calls").graph.nodes[0].name == "x"


def test_without_notes_it_is_said_what_to_do():
    with pytest.raises(ValueError, match="nothing was noted of the calls"):
        draw(Value(2.0, "a") * 3, fold="calls")
    with pytest.raises(TypeError, match="takes classes of nodes"):
        grouped(3)


def test_a_function_is_explored_by_its_calls():
    def f(a, b):
        return double(a) * double(b) + double(a + b)

    explorer = explore(f, a=0.5, b=-1, fold="calls")
    view = explorer.view
    assert not view.message and [node.op for node in view.records.nodes if node.folded]
    before = view.svg
    explorer.inputs["a"] = 0.25
    assert view.svg == before and explorer.root.data == view.records.root.data
    while boxes := [node.groups[0].number for node in view.records.nodes if node.folded]:
        view.opened = [*view.opened, *boxes]
    assert len([n for n in view.records.nodes if n.operands]) == len([n for n in view.whole.nodes if n.operands])


def test_generators_and_nested_functions_are_no_trouble():
    def each(xs):
        for x in xs:
            yield x * 2

    with grouped():
        xs = [Value(float(k), f"x{k}") for k in range(5)]
        y = sum(one * one for one in each(xs))
    assert draw(y, fold="calls").graph.root.data == y.data
