"""Names by which the nodes of a graph are told apart, whatever their labels are."""

import itertools

import pytest

from cgviz import Value, explain, steps, table, trace
from cgviz.graph.records import distinguish
from cgviz.text import LONGEST_NAME

LABELS = ("", "x", "x_2", "v0", "v1", "v3", "v4", "output", "a" * 40)


def test_no_two_nodes_have_one_name():
    for labels in itertools.product(LABELS, repeat=3):
        a, b = Value(2.0, labels[0]), Value(3.0, labels[1])
        root = a * b + a
        root.label = labels[2]
        names = [node.name for node in trace(root).nodes]
        assert len(set(names)) == len(names) and all(len(name) <= LONGEST_NAME for name in names), labels
        lines = [step.text.split(" = ")[0] for step in steps(root).forward]
        assert len(set(lines)) == len(lines), (labels, lines)
        assert trace(root).signature == trace(root).signature
        assert distinguish(trace(root).nodes)[0].label == labels[0]


def test_a_name_that_several_nodes_share_is_said_and_asked_back():
    z = Value(2.0, "x") * Value(3.0, "x")
    z.label = "x"
    assert "x_3   x * x_2" in table(z)
    assert steps(z).notes == ("several nodes are labelled 'x': they are told apart as x, x_2, x_3",)
    assert "x_3 = x · x_2 = 2 · 3 = 6" in str(steps(z))
    with pytest.raises(KeyError, match="3 nodes are labelled 'x'; ask for one by its place: 0, 1, 2"):
        explain(z, "x")
    assert explain(z, 1).chains == explain(z, "x_2").chains != explain(z, 0).chains
