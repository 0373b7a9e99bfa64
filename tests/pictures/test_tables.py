import pytest

from cgviz import Value
from cgviz.pictures import table


def test_the_table_of_the_seed(graphs):
    assert table(graphs.seed()) == "\n".join([
        "node  operation  value  gradient",
        "a                    2         6",
        "b                   -3        -4",
        "c                   10        -2",
        "d                   -2         4",
        "e     a * b         -6        -2",
        "f     e + c          4        -2",
        "L     f * d         -8         1",
    ])  # fmt: skip


def test_before_the_backward_pass(graphs):
    assert table(graphs.seed((None,) * 7)).splitlines()[-1] == "L     f * d         -8  not computed yet"


def test_without_gradients_there_is_no_column(graphs):
    graph = graphs.seed()
    bare = graph._replace(nodes=tuple(n._replace(has_grad=False, grad=None) for n in graph.nodes))
    assert table(bare).splitlines()[0] == "node  operation  value"


def test_constants_and_stale_values_are_told(graphs):
    graph = graphs.build(("a", "", 1.0, 1.0, ()), ("", "const", 2.0, None, ()), ("y", "+", 3.0, 1.0, (0, 1)))
    assert "2     constant       2" in table(graph)
    old = graph._replace(nodes=(*graph.nodes[:2], graph.root._replace(stale="value")))
    assert table(old).splitlines()[-1].split() == ["y", "a", "+", "2", "stale", "stale"]


def test_a_large_graph_is_shortened_in_the_middle(graphs):
    lines = table(graphs.chain(1000)).splitlines()
    assert len(lines) == 62
    assert lines[31] == "… 1,943 more nodes …"
    assert lines[-1].startswith("v2002")


def test_columns_stay_aligned_whatever_the_labels(graphs):
    graph = graphs.build(("中文", "", 1.0, 1.0, ()), ("e\u0301", "", 1.0, 1.0, ()), ("a\nb", "*", 1.0, 1.0, (0, 1)))
    lines = table(graph).splitlines()
    assert lines[1].startswith("中文  ")
    assert lines[3].startswith("a b   中文 * e")
    assert len(table(graphs.build(("a" * 10_000, "", 1.0, 1.0, ())))) < 200


def test_what_is_not_a_node_is_refused():
    with pytest.raises(TypeError, match="expected a node of a graph"):
        table(3)


def test_joiners_stand_in_labels_and_take_no_room():
    for label in ("می\u200cخواهم", "क्\u200dष", "नहीं"):
        L = Value(2.0, label)
        line = table(L).splitlines()[1]
        assert line.startswith(label) and line.endswith("2  not computed yet")
    lines = [table(Value(2.0, label)).splitlines()[1] for label in ("ab\u200cc", "abc")]
    assert len(lines[0]) == len(lines[1]) + 1
