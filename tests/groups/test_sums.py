"""Sums and products of many operands as one node: the same numbers, a derivative by each operand, true equations."""

import pickle
import random

import numpy as np
import pytest

from cgviz import Value, draw, explain, explore, steps, table, trace
from cgviz.chain_rule.flow import gradients, uses
from cgviz.groups import fold
from cgviz.ops.formula import Formula, Tex
from cgviz.ops.sum_rows import SumOp, sum_row


def grow(seed):
    """A graph with many sums and products, of leaves that are used once, twice, in rows, and of whatever they gave."""
    rng = random.Random(seed)
    lists = [[Value(rng.uniform(-1.5, 1.5), f"{name}{i}") for i in range(rng.randint(3, 5))] for name in "wx"]
    pool = [Value(rng.uniform(-1.5, 1.5), name) for name in "ab"] + [Value(0.0)]
    for _ in range(rng.randint(4, 14)):
        some = [rng.choice(pool) for _ in range(rng.randint(2, 5))]
        made = rng.choice(
            [
                lambda some=some: sum(some),
                lambda some=some: some[0] * some[1] * some[-1],
                lambda: sum((w * x for w, x in zip(*lists, strict=False)), rng.choice(pool)),
                lambda some=some: sum(a * b for a, b in zip(some, lists[0], strict=False)),
                lambda some=some: (some[0] - some[1]).tanh(),
            ]
        )()
        if rng.random() < 0.3:
            made.label = f"y{len(pool)}"
        pool.append(made)
    root = sum(pool[-3:]) * pool[-1]
    root.backward()
    return root


def flat(x):
    return np.ravel(x).tolist()


@pytest.mark.parametrize("seed", range(12))
def test_a_graph_with_its_sums_folded_has_the_same_numbers_and_gradients(seed):
    whole = trace(grow(seed))
    right = gradients(whole)
    small = fold(whole, "sums")
    assert small.whole == len(whole.nodes) and any(isinstance(node.row, SumOp) for node in small.nodes)
    for node, mine, slope in zip(small.nodes, small.results, gradients(small), strict=True):
        assert flat(node.data) == [whole.nodes[i].data for i in mine]
        assert flat(slope) == pytest.approx([right[i] for i in mine], rel=1e-9, abs=1e-12)
        if isinstance(node.row, SumOp):
            again = node.row(*(small.nodes[i].data for i in node.operands))
            assert again == pytest.approx(node.data, rel=1e-9, abs=1e-12)
            assert len(node.operands) == node.row.arity


@pytest.mark.parametrize("seed", range(12))
def test_what_explain_multiplies_adds_up_to_the_gradients_of_the_class(seed):
    small = fold(trace(grow(seed)), "sums")
    for use in uses(small):
        assert flat(use.product) == pytest.approx(flat(use.upstream * use.local), rel=1e-12)
    found = explain(small)
    for chain in found.chains:
        if chain.uses:
            assert flat(sum(use.product for use in chain.uses)) == pytest.approx(flat(chain.total), abs=1e-12)
        assert flat(chain.total) == pytest.approx(flat(chain.node.grad), rel=1e-9, abs=1e-12)
    assert "other gradients" not in str(found)
    assert [step.result for step in steps(small).forward] == [node.data for node in small.nodes if node.operands]
    assert steps(small).backward[-1].complete
    assert table(small) and draw(small).svg and found._repr_mimebundle_()["text/latex"]


@pytest.mark.parametrize("seed", range(4))
def test_unfolding_shows_the_nodes_as_they_were_written(seed):
    whole = trace(grow(seed))
    opened = []
    while boxes := [node.groups[0].number for node in fold(whole, "sums", opened=opened).nodes if node.folded]:
        small = fold(whole, "sums", opened=[*opened, boxes[-1]])
        assert small.unfolded[boxes[-1]][1], "what is unfolded has an outline"
        opened.append(boxes[-1])
    small = fold(whole, "sums", opened=opened)
    key = lambda node: (node.label, node.op, repr(node.data), repr(node.grad))  # noqa: E731
    assert sorted(map(key, small.nodes)) == sorted(map(key, whole.nodes))


def neuron(count, weights="w{}"):
    ws = [Value(0.5 - i, weights.format(i)) for i in range(count)]
    xs = [Value(1.0 + i, f"x{i}") for i in range(count)]
    y = (sum(w * x for w, x in zip(ws, xs, strict=True)) + Value(0.25, "b")) * 2
    y.backward()
    return y


@pytest.mark.parametrize("weights", ["w{}", "w[{}]", "w_{}", ""])
def test_a_neuron_of_three_is_five_nodes_and_says_so_in_a_line_each(weights):
    y = neuron(3, weights)
    small = fold(trace(y), "sums")
    name = "w" if weights else "v0"
    assert [node.name for node in small.nodes] == [name, "x", "b", "2", "v4", "v5"]
    said = str(explain(small))
    assert f"∂v5/∂{name} = ∂v5/∂v4 · ∂v4/∂{name} = 2 · x = 2 · [1, 2, 3] = [2, 4, 6]" in said
    assert f"v4 = {name} · x + b = [0.5, -0.5, -1.5] · [1, 2, 3] + 0.25 = -4.75" in str(steps(small))
    assert f"{name} @ x + b" in draw(y, fold="sums").text


def test_lists_that_are_used_otherwise_too_stay_leaves():
    ws, xs = ([Value(i + 1.0, f"{name}{i}") for i in range(4)] for name in "wx")
    root = sum(w * x for w, x in zip(ws, xs, strict=True)) + ws[2].tanh()
    assert [node.name for node in fold(trace(root), "sums").nodes][:5] == ["w0", "x", "w1", "w2", "w3"]
    assert "v6 = [w0, w1, w2, w3] · x + v5 = " in str(steps(fold(trace(root), "sums")))
    assert len(fold(trace(sum(w * w for w in ws)), "sums").nodes) == 2


def test_what_is_long_is_written_by_its_ends_and_explained_quickly():
    xs = [Value(float(i % 7) - 3, f"x{i}") for i in range(2000)]
    root = sum(xs)
    root.backward()
    small = fold(trace(root), "sums")
    assert "x0 + x1 + x2 + … + x1999" in str(steps(small))
    assert str(explain(small, "x7")) == "∂L/∂x7 = ∂L/∂L · ∂L/∂x7 = 1 · 1 = 1".replace("L", small.root.name)
    product = Value(1.0, "p")
    for x in xs[:20]:
        product = product * x
    product.backward()
    slopes = gradients(fold(trace(product), "sums"))
    assert slopes == pytest.approx([*(node.grad for node in trace(product).leaves), 1.0])


def test_a_product_with_a_factor_of_zero_has_the_slopes_of_its_other_factors():
    a, b, c = (Value(x, name) for x, name in zip((0.0, 2.0, 5.0), "abc", strict=True))
    small = fold(trace(a * b * c), "sums")
    assert gradients(small) == [10.0, 0.0, 0.0, 1.0]


def test_the_live_view_has_them_as_boxes_that_the_page_computes_and_a_click_unfolds():
    view = explore(lambda a, b, c: (a * b + b * c + a * a + c).tanh(), a=1, b=2, c=0.5, fold="sums").view
    made = view.graph["nodes"][3]
    assert made["op"] == "Σ a·b + c" and made["others"] == ((3,), (4,), (5,), (0,), (1,), (2,), ())
    assert view.program and view.state["local"]["0-3-2"] == 1.0
    view.opened = [made["group"]]
    assert len(view.records.nodes) == len(view.whole.nodes)


@pytest.mark.parametrize(
    ("terms", "sizes", "text", "slopes"),
    [
        (((0,), (1,), (2,)), (), "a + b + c", ["1", "1", "1"]),
        (((0, 1, 2),), (), "a · b · c", ["b · c", "a · c", "a · b"]),
        (((0, 2), (1, 3), (4,)), (2, 2, 0), "a · b + c", ["b", "a", "1"]),
        (((0, 2), (1, 3)), (2,  0, 0), "a · [b, c]", ["[b, c]", "a[0]", "a[1]"]),
    ],
)  # fmt: skip
def test_a_row_of_many_operands_is_written_as_people_write_it(terms, sizes, text, slopes):
    op = sum_row(terms, "Σ", sizes)
    for cls in (Formula, Tex):
        names = [cls(letter) for letter in "abc"[: op.arity]]
        written = [str(rule(cls.one(), cls("y"), *names)) for rule in op.vjps]
        told = [op.text if cls is Formula else op.tex, *written]
        expected = [text, *slopes] if cls is Formula else [one.replace("·", r"\cdot") for one in (text, *slopes)]
        assert [told[0].format(*names), *told[1:]] == expected
    assert pickle.loads(pickle.dumps(op)) is op
