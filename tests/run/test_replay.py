"""A finished graph that is run again: the records of the run are its own."""

import random

import pytest

from cgviz import Value
from cgviz.graph import read_whole
from cgviz.run.replay import Replay
from cgviz.run.run import Run

ROWS = (
    lambda x, y, c: x * y,
    lambda x, y, c: x + c,
    lambda x, y, c: x**2,
    lambda x, y, c: (x - y).tanh(),
    lambda x, y, c: x / 2,
    lambda x, y, c: -x,
)


@pytest.mark.parametrize("seed", range(6))
def test_the_records_of_a_graph_that_is_run_again_are_those_that_reading_it_gives(seed):
    rng = random.Random(seed)
    shared = Value(3.0) if seed % 2 else 3.0
    pool = [Value(rng.uniform(0.5, 1.5), name) for name in ("a", "b", "", "a")]
    for _ in range(15):
        x, y = rng.choice(pool), rng.choice(pool)
        pool.append(rng.choice(ROWS)(x, y, shared))
        pool[-1].label = rng.choice(["", "", "h", "a_2"])
    run = Run(Replay(sum(pool[1:], pool[0])))
    assert run.function.is_plain
    for shift in (0.0, 0.25):
        run.update(**{name: x + shift for name, x in run.function.inputs.items()})
        read = read_whole(run.root, {id(leaf): name for name, leaf in run.leaves.items()})
        assert run.graph.signature == read.signature and run.graph.edges == read.edges
        assert [node.name for node in run.graph.nodes] == [node.name for node in read.nodes]
        assert [(n.data, n.grad, n.row, n.stale) for n in run.graph.nodes] == [
            (n.data, n.grad, n.row, n.stale) for n in read.nodes
        ]
        assert run.places == {name: i for name in run.leaves for i, n in enumerate(read.nodes) if n.name == name}
