"""Classes in the shapes of public engines are read wholly, or told in one sentence why not."""

import pytest

from cgviz import draw, explain, steps, table, trace
from cgviz.graph import objects
from cgviz.graph.recognition import readings
from cgviz.ops.rows import find
from tests.graph.public_shapes import SHAPES, UNREADABLE, Creators, NoGradientYet, WithGradFn, WithHistory


def built(cls):
    a, b, c = cls(2.0), cls(-3.0), cls(10.0)
    return a, b, c, a * b + c


@pytest.mark.parametrize("cls", SHAPES, ids=lambda cls: cls.__name__)
def test_a_public_shape_is_read_wholly(cls):
    a, b, c, root = built(cls)
    graph = trace(root)
    found = objects(root)
    assert [float(node.data) for node in graph.nodes if not node.operands].count(10.0) == 1
    assert len(graph.nodes) == 5 and len(graph.edges) == 4
    product = next(node for node in graph.nodes if float(node.data) == -6.0)
    assert {id(found[i]) for i in product.operands} == {id(a), id(b)}
    assert {id(found[i]) for i in graph.root.operands} == {id(found[product.index]), id(c)}
    assert (product.op, graph.root.op) == SHAPES[cls]
    assert not any(node.unread or node.note for node in graph.nodes)


@pytest.mark.parametrize("cls", SHAPES, ids=lambda cls: cls.__name__)
def test_what_it_calls_its_operations_is_known_where_it_calls_them(cls):
    graph = trace(built(cls)[-1])
    rows = [reading.op for reading, node in zip(readings(graph), graph.nodes, strict=True) if node.operands]
    for name, row in zip(SHAPES[cls], rows, strict=True):
        assert not name or row is find(name, 2), (name, row)
    if all(find(name, 2) for name in SHAPES[cls]):
        chains = {chain.node.index: float(chain.total) for chain in explain(graph).chains}
        leaves = {float(node.data): chains[node.index] for node in graph.leaves}
        assert leaves == {2.0: -3.0, -3.0: 2.0, 10.0: 1.0} and len(steps(graph).backward) == 5


@pytest.mark.parametrize("cls", SHAPES, ids=lambda cls: cls.__name__)
def test_its_picture_is_the_same_in_every_run(cls):
    one, two = (built(cls)[-1] for _ in range(2))
    shown = [draw(root).svg + table(root) for root in (one, two)]
    if cls is not WithHistory:  # which counts its objects in their names
        assert trace(one).signature == trace(two).signature
        assert table(one) == table(two)
    assert not any(" at 0x" in text or " object" in text for text in shown)


@pytest.mark.parametrize(("cls", "said"), UNREADABLE.items(), ids=lambda x: getattr(x, "__name__", ""))
def test_a_shape_that_cannot_be_read_says_so(cls, said):
    root = built(cls)[-1]
    for text in (table(root), repr(draw(root)), str(steps(root)), str(explain(root))):
        assert f"{cls.__name__} does not record its operands (looked for _prev" in text and said in text


def test_gradients_under_other_names_and_as_nodes_are_numbers():
    a, b, _, root = built(WithGradFn)
    assert {node.grad for node in trace(root).nodes} == {None}
    root.grad, a.grad, b.grad = (WithGradFn(x, None, False) for x in (1.0, -3.0, 2.0))
    assert [float(node.grad) for node in trace(root).leaves[:2]] == [-3.0, 2.0]
    assert "-3" in table(root) and "object" not in table(root)


def test_a_gradient_that_raises_is_not_computed_yet():
    a, *_, root = built(NoGradientYet)
    assert table(root).count("not computed yet") == 5
    root._g = a._g = 1.0
    assert "of 'v1': the attribute 'grad' of NoGradientYet is passed over, for it raised ValueError: no" in table(root)


def test_names_win_over_those_that_a_class_counts():
    a, b, _, root = built(WithHistory)
    assert [node.name for node in trace(root, {id(a): "a", id(b): "b"}).leaves][:2] == ["a", "b"]


def test_counts_of_uses_are_no_operands():
    a = Creators(2.0)
    assert a + a and [node.operands for node in trace(a).nodes] == [()]
