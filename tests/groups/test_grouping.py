"""Groups: what a function computed, folded into one node of a smaller graph."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cgviz import Tensor, Value, draw, draw_dot, explain, table
from cgviz.chain_rule.flow import gradients
from cgviz.graph import trace
from cgviz.groups import fold, group, kinds
from cgviz.pictures.layout.plan import CROWDED, MOST, OVERVIEW, overview
from cgviz.program import Program


def neuron(x, w, b, name="y"):
    return group((w * x + b).tanh(), [x], "neuron", name)


def two_neurons():
    x, w, b = Value(0.5, "x"), Value(2.0, "w"), Value(-0.25, "b")
    y = neuron(neuron(x, w, b, "h"), w, b)
    y.backward()
    return x, w, b, y


def test_weights_that_only_groups_use_disappear_into_them():
    x, _, _, y = two_neurons()
    small = fold(trace(y), "neuron")
    assert [(n.name, n.op, n.operands) for n in small.nodes] == [
        ("x", "", ()),
        ("h", "neuron", (0,)),
        ("y", "neuron", (1,)),
    ]
    assert [n.data for n in small.nodes] == [0.5, y._a._a._b.data, y.data]
    assert [n.grad for n in small.nodes] == [x.grad, y._a._a._b.grad, 1.0]
    assert small.nodes[1].groups[0].kind == "neuron"


def test_a_weight_that_is_used_outside_too_stays_an_operand():
    x, w, b = Value(0.5, "x"), Value(2.0, "w"), Value(-0.25, "b")
    loss = neuron(x, w, b) + w * w
    small = fold(trace(loss), "neuron")
    box = next(n for n in small.nodes if n.folded)
    assert [small.nodes[i].name for i in box.operands] == ["x", "w"]
    assert "b" not in {n.name for n in small.nodes}


def test_what_is_used_outside_is_drawn_and_becomes_an_operand():
    x = Value(0.5, "x")
    inner = x * 3
    inner.label = "inner"
    y = group(inner.tanh() + 1, [x], name="y") + inner
    small = fold(trace(y))
    assert [n.name for n in small.nodes if n.folded] == ["y"]
    box = next(n for n in small.nodes if n.folded)
    assert [small.nodes[i].name for i in box.operands] == ["inner"]


numbers = st.floats(-1.5, 1.5)


@given(numbers, numbers, numbers)
def test_the_chain_rule_holds_through_folded_groups(a, w, b):
    x = Value(a, "x")
    w, b = Value(w, "w"), Value(b, "b")
    y = neuron(neuron(x, w, b, "h") * x, w, b) * 2
    y.backward()
    small = fold(trace(y), "neuron")
    assert len(small.nodes) < len(trace(y).nodes)
    for node, slope in zip(small.nodes, gradients(small), strict=True):
        assert node.grad is None or slope == pytest.approx(node.grad, abs=1e-12)
    assert "∂h/∂x" in str(explain(fold(trace(y)), "x"))


@given(st.randoms(use_true_random=False))
def test_folding_any_graph_keeps_its_order_its_number_and_its_gradients(random):
    pool = [Value(random.uniform(-1, 1), f"x{i}") for i in range(3)]
    for step in range(random.randint(3, 20)):
        a, b = random.choice(pool[-5:]), random.choice(pool)
        pool.append(random.choice([lambda a, b: a * b, lambda a, b: (a - b).tanh(), lambda a, b: a * 2.0 + b])(a, b))
        if random.random() < 0.5:
            inputs = random.sample(pool[:-1], random.randint(0, 3))
            group(pool[-1], inputs, random.choice(["inner", "outer"]), f"g{step}")
    root = sum(pool[-3:])
    root.backward()
    graph = trace(root)
    for which in (*kinds(graph), True, 0, 1):
        small = fold(graph, which)
        assert [node.index for node in small.nodes] == list(range(len(small.nodes)))
        assert all(k < node.index for node in small.nodes for k in node.operands)
        assert small.root.data == root.data
        for node, slope in zip(small.nodes, gradients(small), strict=True):
            assert node.grad is None or slope == pytest.approx(node.grad, rel=1e-9, abs=1e-9)


def test_several_results_are_a_vector_and_one_of_them_is_taken_out():
    x, v = Value(0.5, "x"), Value(-1.0, "v")
    both = group([x * 2, x * v], [x, v], "pair", "p")
    end = group(both[0] + both[1].tanh(), both, "end", "e") * both[1]
    end.backward()
    small = fold(trace(end))
    pair = next(n for n in small.nodes if n.name == "p")
    assert pair.data.tolist() == [1.0, -0.5] and pair.grad.tolist() == [both[0].grad, both[1].grad]
    assert [(n.op, n.operands) for n in small.nodes[2:]] == [
        ("pair", (0, 1)),
        ("[1]", (2,)),
        ("end", (2,)),
        ("*", (4, 3)),
    ]
    assert small.nodes[3].data == -0.5
    slopes = small.nodes[4].local[0]
    assert slopes.tolist() == pytest.approx([1.0, 1 - both[1].tanh().data ** 2])
    with pytest.raises(TypeError, match="^'p' is a folded group without derivatives: give the graph unfolded$"):
        explain(small, "x")


def test_inner_groups_are_part_of_the_outer_one():
    x, w, b = Value(0.5, "x"), Value(2.0, "w"), Value(-0.25, "b")
    y = group(neuron(neuron(x, w, b, "h"), w, b), [x], "network", "net")
    graph = trace(y * 2)
    assert kinds(graph) == ("neuron", "network")
    assert [n.name for n in fold(graph, "neuron").nodes] == ["x", "2", "h", "y", "v4"]
    assert [n.name for n in fold(graph, "network").nodes] == ["x", "2", "net", "v3"]
    assert fold(graph, True) == fold(graph, 1) == fold(graph, "network")
    assert fold(graph, 0) == fold(graph, "neuron")
    assert fold(graph, ("neuron", "none")) == fold(graph, "neuron")
    assert fold(graph, False) is graph


def test_results_that_feed_each_other_by_a_way_outside_are_left_unfolded():
    x = Value(0.5, "x")
    first = x * 2
    between = group(first.tanh(), [first], "other", "o")
    second = between + x
    group([first, second], [x], "circle", "c")
    root = first * second * between
    small = fold(trace(root))
    assert [n.name for n in small.nodes if n.folded] == ["o"]
    assert small.root.data == root.data


def test_an_own_label_comes_before_the_groups_name():
    x, w, b = Value(0.5, "x"), Value(2.0, "w"), Value(-0.25, "b")
    y = neuron(x, w, b)
    y.label = "score"
    assert fold(trace(y)).root.name == "score"


def test_a_symbol_is_not_mistaken_for_an_operation():
    x = Value(0.5, "x")
    y = group(x * 3 + 1, [x], "mine", "y", "tanh")
    small = fold(trace(y))
    assert gradients(small)[0] == 3.0
    with pytest.raises(TypeError, match="'y' is a folded group"):
        Program(small)


def test_stale_and_missing_gradients_show_in_the_box():
    x, w, b, y = two_neurons()
    w.data = 3.0
    assert {n.stale for n in fold(trace(y)).nodes if n.folded} == {"value"}
    y = neuron(x, w, b)
    assert fold(trace(y)).root.grad is None
    assert "not computed yet" in table(fold(trace(y)))


def test_any_class_can_take_part():
    class Plain:
        def __init__(self, data, parents=(), op=""):
            self.data, self.parents, self.op = data, parents, op

    x = Plain(2.0)
    y = group(Plain(-1.0, (Plain(4.0, (x, x), "*"),), "mystery"), [x], "mine", "y")
    small = fold(trace(y))
    assert [(n.name, n.data, n.op, n.local) for n in small.nodes] == [("v0", 2.0, "", ()), ("y", -1.0, "mine", ())]


class Closed:
    __slots__ = ("data",)

    def __init__(self, data):
        self.data = data


def test_what_cannot_be_marked_or_folded_is_said():
    with pytest.raises(TypeError, match="marks the node that a function returned, got a float"):
        group(2.0)
    with pytest.raises(TypeError, match="Closed has no room"):
        group(Closed(1.0))
    *_, y = two_neurons()
    with pytest.raises(ValueError, match="no groups of the kind 'layer' to fold, only 'neuron'"):
        draw(y, fold="layer")
    with pytest.raises(ValueError, match="no groups of the kind 'layer' to fold$"):
        draw(Value(1.0, "a") * 2, fold="layer")


@pytest.mark.parametrize("again", [copy.deepcopy, lambda y: pickle.loads(pickle.dumps(y))], ids=["copy", "pickle"])
def test_groups_survive_copying(again):
    *_, y = two_neurons()
    assert fold(trace(again(y))) == fold(trace(y))


def test_a_group_is_drawn_with_a_double_outline():
    *_, y = two_neurons()
    picture = draw(y, fold="neuron")
    assert len(picture.graph.nodes) == 3
    assert "nodes in one" in picture.svg
    assert picture.svg.count('class="cg-node') == 3
    assert draw(y).svg.count('class="cg-node') == len(trace(y).nodes)
    assert "neuron" in draw_dot(y, fold="neuron").source
    assert "tanh" not in draw_dot(y, fold="neuron").source


def test_a_large_graph_is_folded_as_far_as_it_must_be():
    x, w, b = Value(0.5, "x"), Value(0.9, "w"), Value(-0.1, "b")
    y = x
    for i in range(30):
        start = z = y
        for k in range(12):
            z = neuron(z, w, b, f"n{i}.{k}")
        y = group(z, [start], "block", f"block {i}")
    graph = trace(y)
    assert len(graph.nodes) < MOST
    assert overview(graph) == fold(graph, 1, False)  # the neurons would be more than an overview has
    assert overview(graph, False) is graph
    for _ in range(150):
        y = neuron(y, w, b)
    graph = trace(y)
    assert len(graph.nodes) > MOST and len(fold(graph, "neuron").nodes) > OVERVIEW
    folded = [node.op for node in draw(y).graph.nodes if node.folded]
    assert sum(op.startswith("chain × 1") for op in folded) == 1  # the blocks and the neurons after them
    assert len(draw(y, fold=False).graph.nodes) == len(graph.nodes)


def test_a_graph_is_folded_from_sixty_nodes_on_if_it_has_groups():
    x, w, b = Value(0.5, "x"), Value(0.9, "w"), Value(-0.1, "b")
    y, plain = x, x
    for k in range(15):
        assert len(draw(y).graph.nodes) == len(trace(y).nodes) == (1 if not k else 3 + 3 * k)
        y = neuron(y, w, b, f"n{k}")
    for k in range(15, 20):
        y = neuron(y, w, b, f"n{k}")
    assert len(trace(y).nodes) > CROWDED and len(draw(y).graph.nodes) == 21
    for _ in range(30):
        plain = plain + x.tanh()
    assert len(draw(plain).graph.nodes) == len(trace(plain).nodes) == 61  # it is no larger than a page


def test_what_is_no_group_is_said():
    x = Value(0.5, "x")
    assert trace(group(x * 2, x, "double")).root.groups[0].inputs == (0,)
    t = Tensor([1, 2], "t")
    assert trace(group(t * 2, t, "double")).root.groups[0].inputs == (0,)
    for kind in ("", 3, None):
        with pytest.raises(TypeError, match=f"^the kind of a group is a word, such as 'layer', got {kind!r}$"):
            group(x * 2, [x], kind)
    with pytest.raises(
        TypeError, match="^what to fold is a kind of groups, such as 'layer', a tuple of kinds, or True or False; got a"
    ):
        draw(group(x * 2, [x], "double"), fold=["double"])


def test_a_root_is_folded_as_its_records_are():
    *_, y = two_neurons()
    assert kinds(y) == kinds(trace(y)) == ("neuron",)
    assert fold(y, "neuron") == fold(trace(y), "neuron")
