"""Of a large array a record keeps a summary: no copy, and true whatever stands in the array."""

import gc
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cgviz import Tensor, Value, draw, explain, gradcheck, steps, table, trace
from cgviz.graph import Edge, Graph, Node, objects, summarize
from cgviz.graph.array_summary import LARGE, ArraySummary, describe_array, is_large, join_summaries
from cgviz.graph.recognition import doubts, readings
from cgviz.groups.folding import _together
from cgviz.pictures.slots import slots


class Array:
    """A learner's class that holds arrays."""

    def __init__(self, data, operands=(), op=""):
        self.data, self.grad, self._prev, self._op = np.asarray(data), None, operands, op

    def __add__(self, other):
        return Array(self.data + other.data, (self, other), "+")

    def __sub__(self, other):
        return Array(self.data - other.data, (self, other), "-")


def plain(x):
    """The summary by NumPy's own functions, of the finite numbers, in double precision."""
    x = np.asarray(x, dtype=float).ravel()
    finite = x[np.isfinite(x)]
    if not finite.size:
        return (None,) * 5
    unit = max(1e-300, float(np.abs(finite).max()))
    y = finite / unit
    return unit * math.sqrt((y * y).sum()), finite.min(), finite.max(), unit * y.mean(), unit * y.std()


def numbers(summary):
    return summary.norm, summary.low, summary.high, summary.mean, summary.deviation


def same(found, right):
    assert (found[0] is None) == (right[0] is None)
    if right[0] is not None:
        near = 1e-9 * max(1e-300, abs(right[1]), abs(right[2]))
        assert found == pytest.approx(right, rel=1e-9, abs=near)


EDGES = (0.0, -0.0, 1.0, -2.5, math.nan, math.inf, -math.inf, 1e300, -1e300, 1e-300)


@given(st.lists(st.sampled_from(EDGES) | st.floats(-1e6, 1e6), max_size=40), st.integers(1, 9))
def test_a_summary_is_what_numpy_says_of_the_finite_numbers(some, times):
    x = np.array(some * times, dtype=float)
    found = describe_array(x)
    same(numbers(found), plain(x))
    assert (found.nans, found.infinities) == (np.isnan(x).sum(), np.isinf(x).sum())
    joined = join_summaries([x, describe_array(x[: len(some)]), x[:3]])
    whole = np.concatenate([x, x[: len(some)], x[:3]])
    same(numbers(joined), plain(whole))
    assert joined.shape == whole.shape and joined.nans == np.isnan(whole).sum()


@pytest.mark.parametrize(
    "dtype", ["float16", "float32", "float64", "int8", "uint64", "bool", "complex64", "<f8", ">f4"]
)
def test_every_type_and_every_arrangement_is_read(dtype):
    x = (np.arange(6 * 64 * 1000) % 7).reshape(6, 64, 1000).astype(dtype)
    for view in (x, x.transpose(2, 0, 1), x[:, ::3, ::-1]):
        found = describe_array(view)
        assert found.shape == view.shape and found.dtype == str(np.dtype(dtype))
        assert found.norm == pytest.approx(np.linalg.norm(np.abs(view.astype(complex))), rel=1e-6)
        if "complex" not in dtype:
            same(numbers(found), plain(view))
    assert describe_array(np.array([None, "x"])) == ArraySummary((2,), "object")


def test_numbers_of_large_size_have_no_lost_digits():
    x = 1e8 + np.arange(300_000) % 2
    assert describe_array(x).deviation == pytest.approx(0.5) and describe_array(x.astype("float32")).mean > 9.9e7


def test_only_large_arrays_are_summarised_and_small_ones_are_copied():
    small, large = Array(np.ones(LARGE)), Array(np.ones(LARGE + 1))
    assert not is_large(small.data) and is_large(large.data) and not is_large(2.0) and not is_large("x" * 9999)
    (kept,) = trace(small).nodes
    small.data[0] = 5
    assert kept.data[0] == 1.0
    (kept,) = trace(large).nodes
    assert kept.data == describe_array(np.ones(LARGE + 1)) and kept.data.mean == 1.0
    graph = trace(Value(2.0) * 3)
    assert summarize(graph) is graph


def test_pictures_keep_no_large_array():
    """Four pictures of 64 MB of weights: none is kept, and none is copied on the way but piece by piece."""
    n = 1 << 20
    weights = [Array(np.full((n,), float(k))) for k in range(8)]
    root = weights[0]
    for w in weights[1:]:
        root = root + w
    for node in objects(root):
        node.grad = np.ones(n)
    size = weights[0].data.nbytes
    gc.collect()
    tracemalloc.start()
    try:
        pictures = [draw(root) for _ in range(2)] + [draw(root, local=True), draw(root, fold=False)]
        texts = [picture.svg + picture.text + picture.dot for picture in pictures]
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(texts) == 4 and kept < size / 4
    assert peak < 6 * size  # a row is held against the node's number, one node at a time
    references = [x for x in gc.get_objects() if type(x) is Graph and any(is_large(n.data) for n in x.nodes)]
    assert not references


def test_what_is_known_of_a_large_array_stands_in_tooltip_and_table():
    data = np.linspace(-1, 1, 10_000).reshape(100, 100)
    data[0, :3] = math.nan, math.inf, -math.inf
    x = Array(data)
    x.grad = np.full((100, 100), 0.5)
    slot = slots(trace(x, {"W": x}))
    assert slot["0.data"].text == slot["0.grad"].text == "100×100"
    assert slot["0.data"].title == (
        "value of W: 100×100 float64, norm 57.71, mean 0.0003 ± 0.5772, from −0.9994 to 1, 1 NaN, 2 infinite"
    )
    assert slot["0.grad"].title == "gradient of W: 100×100 float64, norm 50, mean 0.5 ± 0, from 0.5 to 0.5"
    for part in (slot["0.data"].title.partition(": ")[2], slot["0.grad"].title.partition(": ")[2]):
        printed = part.replace("−", "-")
        assert printed in table(x, names={"W": x}) and printed in draw(x).text and part in draw(x).svg


def test_a_large_array_is_read_as_its_numbers_have_shown():
    a, b = Array(np.arange(5000.0)), Array(np.ones(5000))
    names = {"a": a, "b": b}
    right, turned = a - b, Array(b.data - a.data, (a, b), "-")
    wrong = Array(a.data * 2, (a, b), "-")
    for root in (right, turned, wrong):
        small = Array(root.data[:50], (Array(a.data[:50]), Array(b.data[:50])), "-")
        with_arrays, brief = trace(small), trace(root)
        assert [(r.op, r.operands) for r in readings(brief)] == [(r.op, r.operands) for r in readings(with_arrays)]
        assert bool(doubts(brief)) == bool(doubts(with_arrays)) == (root is wrong)
    assert "a - b" in table(right, names=names) and "b - a" in table(turned, names=names)
    assert not any(is_large(n.data) for n in vars(trace(wrong))["reader"].graph.nodes)


def test_steps_explain_and_gradcheck_compute_with_the_arrays():
    x, w = Tensor(np.linspace(0, 1, 6000), "x"), Tensor(np.full(6000, 2.0), "w")
    L = (x * w).sum()
    L.backward()
    (seed, *rest) = steps(L).backward
    assert rest[-1].after == describe_array(x.data) and seed.after == 1.0
    assert steps(L).plain[0]["result"].startswith("6000-vector float64, norm ")
    assert "∂v3/∂w" in str(explain(L)) and explain(L).tex
    assert explain(L).chains[-1].total.__class__ is ArraySummary
    assert not any(is_large(n.data) for n in explain(L).graph.nodes)
    assert gradcheck(L).ok
    a, b = Array(np.ones(5000)), Array(np.ones(5000))
    y = a + b
    assert str(steps(y)) and str(explain(y))
    assert "give the root itself" in str(explain(trace(a + b)))


def test_results_of_a_group_are_one_summary():
    a, b = Node(0, "a", "", describe_array(np.ones(5000)), None, "leaf", ()), np.ones(3)
    assert _together([a.data, b]).shape == (5003,) and _together([a.data]) is a.data
    assert _together([np.ones(4000), np.ones(200)]) == describe_array(np.ones(4200))
    assert list(_together([1.0, b])) == [1.0] * 4


def test_an_edge_keeps_no_large_array_either():
    x = np.ones(5000)
    graph = Graph(
        (Node(0, "x", "", x, None, "leaf", ()), Node(1, "", "sum", 5000.0, None, "operation", (0,), (x,))),
        (Edge(0, 1, 0, x),),
    )
    brief = summarize(graph)
    assert brief.edges[0].local == brief.nodes[1].local[0] == brief.nodes[0].data == describe_array(x)
    assert draw(brief, local=True).svg
