"""Wide graphs in arrays: however sums and products are written they are found, and every number stays what it was."""

import copy
import random
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cgviz import DomainError, Value, relu, sigmoid, tanh
from cgviz.program import Program
from cgviz.program.array_engine import ArrayEngine
from cgviz.program.array_pass import LARGEST, Squares
from cgviz.program.fusion import fuse
from cgviz.program.matrix_blocks import blocks
from cgviz.program.node_groups import Dots, Matrix, Ragged, Sums, group_nodes
from cgviz.program.strided_views import find_views
from cgviz.program.tape import record, run_tape

WAYS = [
    "",
    "tree",
    "shuffled",
    "swapped",
    "shuffled swapped tree",
    "bias last",
    "no bias",
    "missing",
    "missing swapped",
]


def distance(found, expected):
    """The largest difference, relative to the number or to a thousandth of the largest of them."""
    found, expected = np.asarray(found), np.asarray(expected)
    scale = np.maximum(np.abs(expected), 1e-3 * np.abs(expected).max())
    return float(np.max(np.abs(found - expected) / np.where(scale == 0, 1, scale)))


def assert_true(tape, engine, draw, runs=3):
    numbers = [tape.numbers[i] for i in tape.leaves]
    for _ in range(runs):
        values, grads = run_tape(tape, numbers)
        found = engine.run(numbers)
        assert distance(engine.select(found, 0, range(len(tape.ops))), values) < 1e-9
        assert distance(engine.select(found, 1, range(len(tape.ops))), grads) < 1e-9
        numbers = [draw.uniform(0.5, 1.5) for _ in numbers]


def add_up(terms, draw, how):
    """A sum, written as a chain or as a tree."""
    while "tree" in how and len(terms) > 1:
        terms = [sum(terms[i + 1 : i + 2], terms[i]) for i in range(0, len(terms), 2)]
    return sum(terms)


def layer(draw, rows, columns, terms, how):
    """A layer of tanh neurons on several samples, and the mean of what comes out."""
    weights = [[Value(draw.uniform(-1, 1)) for _ in range(terms)] for _ in range(rows)]
    samples = [[Value(draw.uniform(-1, 1)) for _ in range(terms)] for _ in range(columns)]
    biases, found = [Value(draw.uniform(-1, 1)) for _ in range(rows)], []
    for sample in samples:
        for row, bias in zip(weights, biases, strict=True):
            pairs = list(zip(row, sample, strict=True))
            if "shuffled" in how:
                draw.shuffle(pairs)
            if "missing" in how:
                pairs = [pair for pair in pairs if draw.random() < 0.9] or pairs[:1]
            products = [x * w if "swapped" in how and draw.random() < 0.5 else w * x for w, x in pairs]
            total = add_up(products, draw, how)
            found.append(tanh(total if "no bias" in how else total + bias if "last" in how else bias + total))
    return sum(found) / len(found)


def anything(draw):
    """A graph of shared sums, products and layers, of constants and of zeros."""
    pool = [Value(draw.uniform(0.5, 1.5)) for _ in range(draw.randint(2, 12))]

    def some(most):
        return [draw.choice(pool) for _ in range(draw.randint(1, most))]

    for _ in range(draw.randint(3, 60)):
        a, b = draw.choice(pool), draw.choice(pool)
        made = draw.choice(
            [
                lambda a=a, b=b: a + b,
                lambda a=a, b=b: a * b,
                lambda a=a, b=b: a - b,
                lambda a=a: a * 2.0 + 0.5,
                lambda a=a: sigmoid(a) + 0,
                lambda a=a: relu(a - 1) + a**2,
                lambda a=a, b=b: (a * b + 0.0) + (0 + 0 * a),
                lambda a=a, b=b: tanh(a) / (b * b + 1),
                lambda: sum(x * draw.choice(pool) for x in some(8)) / 8,
                lambda: sum(some(8)) / 8,
                lambda: layer(draw, draw.randint(2, 4), 2, 3, draw.choice(WAYS)),
            ]
        )()
        pool.append(made if draw.random() < 0.6 else tanh(made))
    ends = pool[-draw.randint(1, 6) :]
    return tanh(sum(ends)) if draw.random() < 0.8 else ends[-1] * 1.0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from([1, 300]), st.sampled_from([0, 3]))
def test_whatever_the_graph_every_number_is_what_it_is_node_by_node(seed, worthwhile, few):
    draw = random.Random(seed)
    tape, _ = record(anything(draw))
    graph = fuse(tape)
    assert_true(tape, ArrayEngine(tape, graph, group_nodes(graph, worthwhile, few)), draw)


@pytest.mark.parametrize("how", WAYS)
def test_a_layer_is_one_matrix_product_however_it_is_written(how):
    draw = random.Random(1)
    tape, _ = record(layer(draw, 16, 12, 24, how))
    engine = ArrayEngine(tape)
    kinds = [type(group) for group in engine.groups]
    assert kinds.count(Ragged if "missing" in how else Matrix) == 1 and kinds.count(Dots) == 0
    assert kinds.count(Sums) == 1 and len(kinds) <= 5
    assert_true(tape, engine, draw)


def test_a_block_with_one_wrong_factor_is_none():
    rows, columns = np.arange(20).reshape(4, 5), 100 + np.arange(25).reshape(5, 5)
    a, b = np.repeat(rows, 5, 0), np.tile(columns, (4, 1))
    [whole] = blocks(a, b, worthwhile=1)
    assert whole.which.shape == (4, 5)
    for k in range(5):
        wrong = b.copy()
        wrong[7, k] = 999
        for found in blocks(a, wrong, worthwhile=1):
            assert 7 not in found.which or found.which.size == 1
        crossed = b.copy()  # the same factors, but with others
        crossed[7, [k, k - 1]] = crossed[7, [k - 1, k]]
        for found in blocks(a, crossed, worthwhile=1):
            assert 7 not in found.which or found.which.size == 1


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=12), st.integers(1, 3), st.integers(0, 5))
def test_a_view_reads_the_places_that_it_stands_for(places, repeat, start):
    rows = np.array([np.repeat(places, repeat) + start, start + np.arange(len(places) * repeat)])
    base = np.arange(100.0)
    for some in (rows[:1], rows[1:], rows):
        if views := find_views(some):
            for row, view in zip(some, views, strict=True):
                assert view.of(base).ravel().tolist() == row.tolist()
                assert not view.is_one_to_one or len(set(row.tolist())) == len(row)


def wide(write):
    """A wide program whose last sample is `write`."""
    x = Value(1.0, "x")
    terms = [tanh(x * Value(0.1 * k, f"w{k}")) for k in range(400)]
    program = Program(sum(terms) + write(x))
    assert isinstance(program.engine, ArrayEngine)
    return program


@pytest.mark.parametrize(
    ("write", "bad", "sentence"),
    [
        (lambda x: x.log(), -1.0, r"log\(x\) is defined for x > 0, but node 'x' is -1"),
        (lambda x: x.sqrt(), 0.0, r"the derivative of sqrt\(x\) is not defined where node 'x' is 0"),
        (lambda x: x.exp(), 1000.0, r"exp\(x\) is too large for a number when node 'x' is 1000"),
    ],
)
def test_a_node_that_fails_is_named_and_the_next_run_is_right(write, bad, sentence):
    program = wide(write)
    before = program.run().value
    with pytest.raises(DomainError, match=sentence):
        program.run(x=bad)
    assert program.run().value == before


def test_numbers_too_large_for_sums_in_another_order_are_added_up_as_written():
    program = wide(lambda x: x * 1e200 + (x * 1e200 - x * 1e200) * 0.5)
    run = program.run(x=1e100)
    values, grads = run_tape(program._tape, [1e100, *program.leaves[1:].tolist()])
    assert run.value == values[-1] > LARGEST and run.grads.tolist() == grads


def test_a_result_stays_what_it_was_when_the_program_runs_again():
    program = wide(lambda x: x * x)
    first = program.run()
    value, grads = first.value, first.grads
    second = program.run(x=2.0)
    assert first.value == value != second.value and (first.grads == grads).all()
    first.leaf_grads[:] = 7.0
    assert (first.grads == grads).all()


def test_leaves_that_are_changed_in_place_are_used():
    program = wide(lambda x: x * x)
    program.leaves[program.places("x")] = 2.0
    assert program.run().value == program.run(x=2.0).value
    with pytest.raises(TypeError, match="takes a float for every leaf"):
        program.engine.run(np.ones(3))
    with pytest.raises(TypeError, match="takes a float for every leaf"):
        program.engine.run(np.ones(len(program.leaves), int))


def test_a_copy_computes_with_arrays_of_its_own():
    program = wide(lambda x: x * x)
    twin = copy.deepcopy(program)
    for x in (2.0, 0.5):
        assert twin.run(x=x).value == program.run(x=x).value
        assert (twin.run(x=x).leaf_grads == program.run(x=x).leaf_grads).all()


def test_runs_in_several_threads_do_not_mix_their_numbers():
    program, wrong = wide(lambda x: x * x), []
    wanted = {x: program.run(x=x).value for x in (0.5, 1.5)}
    before = sys.getswitchinterval()

    def run(x):
        wrong.extend(x for _ in range(1000) if program.run(x=x).value != wanted[x])

    threads = [threading.Thread(target=run, args=(x,)) for x in wanted]
    try:
        sys.setswitchinterval(1e-6)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []


@pytest.mark.parametrize("place", [0, 8191, 8192, 20_000, -1])
def test_a_number_that_is_not_finite_is_seen_wherever_it_stands(place):
    numbers = np.full(20_004, 0.5)
    squares = Squares(numbers)
    assert squares.sum() == 5001
    numbers[place] = np.nan
    assert np.isnan(squares.sum())
