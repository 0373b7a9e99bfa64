"""A batch is the sum of its inputs: copies side by side give what one input after another gives."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cgviz import DomainError, Value, relu, tanh
from cgviz.program import batch_engine
from cgviz.program.array_engine import ArrayEngine
from cgviz.program.array_pass import ArrayPass
from cgviz.program.batch_engine import BatchEngine
from cgviz.program.fusion import fuse
from cgviz.program.node_groups import Matrix, group_nodes
from cgviz.program.tape import record, run_tape
from cgviz.program.tiling import tile
from tests.program.test_array_engine import anything, distance


def one_by_one(tape, own, pool, shared, rows):
    """The sum of the values, and the gradient for the pool, node by node."""
    total, gradient, others = 0.0, np.zeros(len(pool)), np.setdiff1d(np.arange(len(tape.leaves)), own)
    for row in rows:
        places = np.empty(len(tape.leaves), int)
        places[own], places[others] = row, shared
        values, grads = run_tape(tape, pool[places].tolist())
        total += values[-1]
        np.add.at(gradient, places, np.array(grads)[tape.leaves])
    return total, gradient


def assert_same(found, expected):
    assert distance([found[0]], [expected[0]]) < 1e-12 and distance(found[1], expected[1]) < 1e-12


def problem(draw, tape, count):
    """A pool, and places in it for the leaves of so many inputs, some of them in common."""
    leaves = len(tape.leaves)
    own = np.sort(draw.sample(range(leaves), draw.randint(1, leaves)))
    pool = np.array([draw.uniform(0.5, 1.5) for _ in range(leaves + 5)])
    shared = np.array([draw.randrange(len(pool)) for _ in range(leaves - len(own))], int)
    return own, pool, shared, np.array([[draw.randrange(len(pool)) for _ in own] for _ in range(count)])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([1, 300]), st.sampled_from([2, 3, 8]))
def test_copies_of_any_graph_are_its_inputs_one_by_one(seed, worthwhile, copies):
    draw = random.Random(seed)
    tape, _ = record(anything(draw))
    own, pool, shared, rows = problem(draw, tape, copies)
    expected = one_by_one(tape, own, pool, shared, rows)
    graph = tile(fuse(tape), np.array(tape.leaves)[own], copies)
    found = ArrayPass(graph, group_nodes(graph, worthwhile)).gradient(pool[np.concatenate((shared, rows.ravel()))])
    if found is None:
        pytest.skip("numbers too large for arrays")
    gradient = np.bincount(np.concatenate((shared, rows.ravel())), found[1], len(pool))
    assert_same((found[0], gradient), expected)


def neurons(count, width=6):
    """The sum of tanh neurons of shared weights on inputs of their own; the inputs are the first leaves."""
    draw = random.Random(count)
    inputs = [Value(draw.uniform(-1, 1)) for _ in range(width)]
    weights = [[Value(draw.uniform(-1, 1)) for _ in range(width)] for _ in range(count)]
    root = sum(tanh(sum(w * x for w, x in zip(row, inputs, strict=True))) for row in weights)
    tape, objects = record(root)
    ids = {id(x) for x in inputs}
    return tape, np.array([k for k, i in enumerate(tape.leaves) if id(objects[i]) in ids])


def batch(tape, own, count, seed=1):
    draw = np.random.default_rng(seed)
    shared = np.arange(len(tape.leaves) - len(own))
    rows = len(shared) + np.arange(count * len(own)).reshape(count, -1)
    return draw.uniform(-1, 1, len(shared) + rows.size), shared, rows


def test_a_layer_of_a_batch_is_one_matrix_product():
    tape, own = neurons(16)
    kinds = [type(group) for group in group_nodes(tile(fuse(tape), np.array(tape.leaves)[own], 8))]
    assert kinds.count(Matrix) == 1 and len(kinds) <= 4


@pytest.mark.parametrize("neuron_count", [5, 60])
@pytest.mark.parametrize("count", [1, 4, 13, 40])
def test_copies_are_made_when_they_were_missed_often_and_nothing_changes(neuron_count, count):
    tape, own = neurons(neuron_count)
    engine, (pool, shared, rows) = BatchEngine(tape, own), batch(tape, own, count)
    assert isinstance(engine.engine, ArrayEngine) == (neuron_count == 60)
    expected = one_by_one(tape, own, pool, shared, rows)
    assert_same(engine.run(pool, shared, rows), expected)
    assert not engine.copies
    for _ in range(200):
        found = engine.run(pool, shared, rows)
    assert_same(found, expected)
    assert all(size <= count for size in engine.copies) and bool(engine.copies) == (count > 1)


def test_where_a_copy_fails_the_input_is_said(monkeypatch):
    monkeypatch.setattr(batch_engine, "PER_COPIED", 0.0)
    x, w = Value(2.0, "x"), [Value(0.1 * k, f"w{k}") for k in range(1, 200)]
    tape, _ = record(sum(tanh(each * x) for each in w) + x.log() + relu(x))
    own = np.array([k for k, i in enumerate(tape.leaves) if tape.labels[i] == "x"])
    engine, (pool, shared, rows) = BatchEngine(tape, own), batch(tape, own, 8)
    pool[rows] = np.abs(pool[rows]) + 0.5
    first = engine.run(pool, shared, rows)
    assert 8 in engine.copies
    pool[rows[5]] = -1.0
    with pytest.raises(DomainError, match="node 'x' is -1"):
        engine.run(pool, shared, rows)
    pool[rows[5]] = 1e200  # too large for sums in another order: run one by one, as written
    total, _ = engine.run(pool, shared, rows)
    assert total == pytest.approx(1e200) and np.isfinite(first[1]).all()


def test_a_graph_of_shared_leaves_alone_is_run_one_by_one():
    tape, _ = neurons(60)
    engine = BatchEngine(tape, np.zeros(0, int))
    pool, shared, rows = batch(tape, engine.own, 4)
    assert_same(engine.run(pool, shared, rows), one_by_one(tape, engine.own, pool, shared, rows))
