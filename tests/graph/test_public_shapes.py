"""Classes in the shapes of public engines are read wholly, or told in one sentence why not."""

import pytest

from cgviz import draw, explain, explore, steps, table, trace
from cgviz.graph import objects
from cgviz.graph.recognition import readings
from cgviz.ops.rows import find
from cgviz.program import Program
from tests.graph.public_shapes import SHAPES, UNREADABLE, Creators, Frozen, NoGradientYet, WithGradFn, WithHistory


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


def test_what_a_function_makes_is_explored_as_a_class_is():
    def leaf(x):
        return Frozen(x, (), "", "")

    explorer = explore(lambda a, b: a * b + a, cls=leaf, a=2, b=3)
    assert [node.name for node in explorer.graph.leaves] == ["a", "b"] and explorer.root.num == 8.0
    before = explorer.graph.signature
    explorer.inputs["a"] = 5
    assert explorer.graph.signature == before and explorer.root.num == 20.0
    with pytest.raises(TypeError, match=r"^cls: expected a class of nodes, such as Value, got an int$"):
        explore(lambda a: a, cls=3, a=2)
    with pytest.raises(TypeError, match=r"<lambda>\(1.0\) is no node of a graph$"):
        explore(lambda a: a, cls=lambda x: x, a=2)


def test_what_is_frozen_is_not_written_to():
    program = Program(Frozen(2.0, label="a") * Frozen(3.0, label="b"))
    assert program().value == 6.0
    with pytest.raises(TypeError, match=r"^the num of 'a' cannot be set: Frozen is frozen$"):
        program.write_back()


@pytest.mark.parametrize("kind", [list, tuple, lambda xs: dict(enumerate(xs))])
def test_of_several_outputs_one_is_to_be_given(kind):
    with pytest.raises(TypeError, match=r"of 2 nodes: give one of them, as in draw\(outputs\[0\]\)$"):
        draw(kind([Frozen(1.0), Frozen(2.0)]))
