"""Pictures that stay within a page, whatever the graph: sums, branches alike and long chains fold."""

import random
from itertools import pairwise

import pytest

from cgviz import Value, draw, explain, explore, gradcheck, steps, trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph.discovery import TooLargeError
from cgviz.groups.folding import fold_nest
from cgviz.groups.repetition import find_repetition
from cgviz.pictures import paint
from cgviz.pictures.drawn_shapes import Scene
from cgviz.pictures.layout.extent import PAGE


def chain(count):
    x = Value(0.5, "x")
    for _ in range(count):
        x = x.tanh()
    return x


def perceptron(sizes, weights, xs):
    for rows in weights:
        xs = [sum(w * x for w, x in zip(row, xs, strict=True)).relu() for row in rows]
    return xs[0]


def weights_of(sizes, seed=1):
    rng = random.Random(seed)
    return [[[Value(rng.random()) for _ in range(a)] for _ in range(b)] for a, b in pairwise(sizes)]


def samples(count, sizes=(2, 16, 16, 1)):
    weights, rng = weights_of(sizes), random.Random(2)
    rows = [perceptron(sizes, weights, [Value(rng.random()), Value(rng.random())]) for _ in range(count)]
    loss = sum((1 - y).relu() for y in rows) * (1 / count)
    loss.backward()
    return loss


def size(picture):
    return picture.scene.width, picture.scene.height


@pytest.mark.parametrize("root", [lambda: chain(100), lambda: chain(1400), lambda: samples(1), lambda: samples(20)])
@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_a_picture_is_no_larger_than_a_page_and_says_how_to_see_more(root, rankdir):
    picture = draw(root(), rankdir=rankdir)
    assert max(size(picture)) < 1.3 * PAGE.side
    assert "fold=False draws all" in picture.text and "fold=False draws all" in picture.html
    assert picture.graph.root.data == root().data


def test_the_middle_of_a_chain_is_one_box_and_unfolds_in_parts():
    view = explore(chain(100)).view
    assert [node.op for node in view.records.nodes if node.folded] == ["tanh × 94"]
    seen = 0
    while boxes := [node.groups[0].number for node in view.records.nodes if node.folded]:
        view.opened = [*view.opened, boxes[0]]
        assert len(view.records.nodes) > seen
        seen = len(view.records.nodes)
    assert seen == 101


def test_branches_that_are_alike_are_one_box():
    graph = draw(samples(20)).graph
    assert [node.op for node in graph.nodes if node.folded] == ["… relu × 20", "Σ"]
    assert next(node.data.shape for node in graph.nodes if "20" in node.op) == (20,)


@pytest.mark.parametrize("seed", range(20))
def test_what_repeats_folds_without_changing_a_number_or_a_slope(seed):
    rng = random.Random(seed)
    pool = [Value(rng.uniform(-1, 1), f"x{i}") for i in range(3)]
    for _ in range(rng.randint(5, 60)):
        a, b = rng.choice(pool[-4:]), rng.choice(pool)
        pool.append(rng.choice([lambda a, b: a * b, lambda a, b: a.tanh(), lambda a, b: a + b])(a, b))
    root = sum(pool)
    root.backward()
    graph = trace(root)
    nest = find_repetition(graph)
    if nest is None:
        return
    for opened in ((), [nest.groups[0].number], [group.number for group in nest.groups]):
        small = fold_nest(graph, nest, True, opened)
        assert small.root.data == root.data
        assert all(k < node.index for node in small.nodes for k in node.operands)
        for node, old in zip(small.nodes, small.results, strict=True):
            assert len(old) > 1 or node.data == graph.nodes[old[0]].data
    assert [n.data for n in fold_nest(graph, nest, True, [g.number for g in nest.groups]).nodes if n.operands] == [
        n.data for n in graph.nodes if n.operands
    ]
    if all(len(old) == 1 for old in fold_nest(graph, nest, True).results):
        small = fold_nest(graph, nest, True)
        for node, slope in zip(small.nodes, gradients(small), strict=True):
            assert node.grad is None or slope == pytest.approx(node.grad, rel=1e-9, abs=1e-9)


def test_a_painted_picture_has_a_bounded_number_of_pixels():
    with pytest.warns(UserWarning, match="painted at a scale of 1 and not 2"):
        assert paint.limit_scale(Scene(4000.0, 8000.0, (), ""), 2.0) == 1.0


def test_a_graph_without_end_is_refused_in_a_sentence():
    def f(a):
        for _ in range(200_000):
            a = a * 1.0000001
        return a

    with pytest.raises(TooLargeError, match="^the graph has more than 300,000 nodes, which are too many"):
        explore(f, a=1.0)
    with pytest.raises(TooLargeError, match="300,000 nodes"):
        explore(f(Value(1.0)))


def test_texts_about_large_graphs_are_bounded():
    loss = samples(3)
    text = str(explain(loss))
    assert "more gradients: explain(…, 'v" in text and len(text) < 60_000
    assert len(explain(loss).lines) > 1500
    assert len(explain(loss)._repr_mimebundle_()["text/latex"]) < 120_000
    assert str(steps(loss)).count("\n") <= 201
    assert steps(loss)[-1].complete and len(steps(loss)) == len(steps(loss).forward) + len(steps(loss).backward)


def test_many_sliders_are_not_made():
    explorer = explore(samples(1))
    assert explorer.view.sliders == [] and "leaves have no sliders" in explorer.view.notice
    named = next(iter(explorer.inputs))
    assert len(explore(samples(1), **{named: (-1, 1)}).view.sliders) == 1


def test_gradients_of_a_large_graph_are_checked():
    assert gradcheck(samples(3)).ok


def test_one_box_for_many_nodes_is_one():
    s = Value(0.0, "s")
    for i in range(300):
        s = s + Value(1.0, f"x{i}")
    assert "\n(1 box for 601 nodes: " in draw(s).text
