"""The records of our own values: nodes, edges, their order and their names."""

import random

import pytest

from cgviz import Value, table, trace
from cgviz.graph import CONSTANT, LEAF, OPERATION_NODE, Graph, objects


def rows(root, **names):
    return [(n.name, n.op, n.data, n.grad) for n in trace(root, **names).nodes]


def test_a_trace_is_plain_records_in_topological_order_leaves_first(seed):
    L = seed[-1]
    L.backward()
    nodes, edges = graph = trace(L)
    assert rows(L) == [
        ("a", "", 2.0, 6.0),
        ("b", "", -3.0, -4.0),
        ("c", "", 10.0, -2.0),
        ("d", "", -2.0, 4.0),
        ("e", "*", -6.0, -2.0),
        ("f", "+", 4.0, -2.0),
        ("L", "*", -8.0, 1.0),
    ]
    assert [(e.source, e.target, e.position) for e in edges] == [
        *((0, 4, 0), (1, 4, 1), (4, 5, 0), (2, 5, 1), (5, 6, 0), (3, 6, 1))
    ]
    assert [n.kind for n in nodes] == [LEAF] * 4 + [OPERATION_NODE] * 3
    assert graph.root is nodes[-1] and [n.name for n in graph.leaves] == ["a", "b", "c", "d"]


def test_operations_come_in_the_order_in_which_the_expression_names_them():
    a, b = Value(3.0, "a"), Value(1.0, "b")
    assert [n.op for n in trace((a + b) * (a - b)).nodes] == ["", "", "+", "-", "*"]
    assert [n.op for n in trace(a.sin() + a.cos() + a.tanh()).nodes[1:4]] == ["sin", "cos", "tanh"]


def test_the_records_do_not_change_when_the_objects_do(seed):
    L = seed[-1]
    graph = trace(L)
    before = table(graph)
    L.backward()
    L.data = 100
    assert table(graph) == before
    assert trace(graph) is graph


def test_objects_are_those_that_the_records_describe(seed):
    L = seed[-1]
    assert [o.data for o in objects(L)] == [n.data for n in trace(L).nodes]
    assert objects(L)[-1] is L


@pytest.mark.parametrize(
    ("build", "count", "edges"),
    [
        (lambda x: x, 1, []),
        (lambda x: -x, 2, [(0, 1, 0)]),
        (lambda x: x + x, 2, [(0, 1, 0), (0, 1, 1)]),
        (lambda x: x * x * x, 3, [(0, 1, 0), (0, 1, 1), (1, 2, 0), (0, 2, 1)]),
        (lambda x: 2 - x, 3, [(0, 2, 0), (1, 2, 1)]),
        (lambda x: (x + 1) * (x + 1), 6, [(0, 3, 0), (1, 3, 1), (0, 4, 0), (2, 4, 1), (3, 5, 0), (4, 5, 1)]),
    ],
    ids=["leaf", "unary", "repeat", "repeat-and-chain", "constant-first", "diamond"],
)
def test_every_shape_keeps_all_its_edges_and_their_positions(build, count, edges):
    nodes, found = trace(build(Value(3.0, "x")))
    assert len(nodes) == count
    assert [(e.source, e.target, e.position) for e in found] == edges


def test_uses_lists_the_edges_by_which_a_node_is_used():
    x = Value(3.0)
    graph = trace(x * x + x)
    assert [(e.target, e.position) for e in graph.uses()[0]] == [(1, 0), (1, 1), (2, 1)]
    assert graph.uses()[-1] == []


def test_constants_are_told_from_leaves_and_named_by_their_number():
    graph = trace(2.5 * Value(3.0, "x") + 1)
    assert [(n.name, n.kind) for n in graph.nodes[:3]] == [("2.5", CONSTANT), ("x", LEAF), ("1", CONSTANT)]
    assert [n.grad for n in graph.nodes if n.kind == CONSTANT] == [None, None]


def test_the_signature_is_the_structure_without_the_numbers():
    def graph(x, y, k=2.0):
        a, b = Value(x, "a"), Value(y, "b")
        return trace(a * b + k)

    assert graph(1.0, 2.0).signature == graph(-5.0, 0.0, 7.0).signature
    assert graph(1.0, 2.0).signature != trace(Value(1.0, "b") * Value(2.0, "a") + 2.0).signature
    a, b = Value(1.0, "a"), Value(2.0, "b")
    assert trace(a - b).signature != trace(b - a).signature
    assert trace(a * a).signature != trace(a * b).signature


def test_names_label_objects_that_have_no_label_of_their_own():
    a, b = Value(2.0), Value(3.0, "mine")
    y = a * b
    assert [n.name for n in trace(y, {id(a): "a", id(b): "yours"}).nodes] == ["a", "mine", "v2"]
    assert [n.name for n in trace(y, {"a": a, "yours": b, "L": y}).nodes] == ["a", "yours", "L"]


def test_names_count_before_labels_that_a_class_has_made_up():
    for made_up in ("v12", "Value_3", "unnamed", "?"):
        a = Value(2.0, made_up)
        assert trace(-a).nodes[0].name == made_up and trace(-a, {id(a): "a"}).nodes[0].name == "a"


def test_a_deep_graph_is_read_without_recursion():
    y = Value(1.0, "x")
    for _ in range(20_000):
        y = y + y
        y.data = 1.0
    nodes, edges = trace(y)
    assert (len(nodes), len(edges)) == (20_001, 40_000)


def test_every_operand_comes_before_its_user_in_random_graphs():
    rng = random.Random(3)
    known = [Value(1.0, f"x{i}") for i in range(5)]
    for _ in range(500):
        known.append(rng.choice(known) + rng.choice(known[-20:]))
    nodes, edges = trace(known[-1])
    assert [n.index for n in nodes] == list(range(len(nodes)))
    assert all(e.source < e.target for e in edges)
    assert all(n.operands == tuple(e.source for e in edges if e.target == n.index) for n in nodes)


def test_a_traced_graph_is_a_graph_and_a_pair(seed):
    graph = trace(seed[-1])
    assert isinstance(graph, Graph) and isinstance(graph, tuple) and len(graph) == 2


def test_names_that_no_node_could_have_are_said():
    a = Value(2)
    for names, got in (
        ({id(a): 3}, "names are texts; got an int for an int"),
        ({"a": 3}, "the name 'a' is given to an int, which is no node of a graph"),
        ({a: 3}, "names are texts; got a"),
        (["a"], "got a str among them"),
        ([(a, a)], "names are texts; got a Value for a Value"),
        (a, "got a Value"),
        ("a", "got a str"),
        (True, "got a bool"),
    ):
        with pytest.raises(TypeError, match=got) as caught:
            trace(a * a, names)
        assert "names are given as {'h': h}, as pairs such as model.named_parameters()" in str(caught.value)


def test_names_are_taken_in_every_form_and_those_by_object_count_before_the_objects_own():
    class Model:
        def __init__(self, **held):
            self.held = held

        def named_parameters(self):
            yield from self.held.items()

    a, b = Value(2), Value(3, "own")
    y = a * b
    for names in (
        {"p": a, "q": b},
        {a: "p", b: "q"},
        [("p", a), ("q", b)],
        iter([("p", a), ("q", b)]),
        [(id(a), "p"), ("q", b)],
        Model(p=a, q=b),
        Model(p=a, q=b).named_parameters(),
    ):
        assert [node.name for node in trace(y, names).nodes] == ["p", "q", "v2"]
    assert [node.name for node in trace(y, {id(a): "p", id(b): "q"}).nodes] == ["p", "own", "v2"]
    assert trace(y, {}) == trace(y, None) == trace(y, [])
