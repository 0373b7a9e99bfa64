import pytest

from cgviz.pictures.layout.coordinates import settle, spread
from cgviz.pictures.layout.layering import columns


def heights(count, pairs):
    return spread(columns(count, pairs, set()), count, [40.0] * count, [10.0] * count)


def test_a_node_stands_between_two_leaves():
    assert heights(3, [(0, 2), (1, 2)]) == [20.0, 70.0, 45.0]


def test_the_longest_way_is_a_straight_line():
    y = heights(7, [(0, 4), (1, 4), (4, 5), (2, 5), (5, 6), (3, 6)])
    assert y[4] == pytest.approx(y[5], abs=0.5)
    assert y[5] == pytest.approx(y[6], abs=0.5)
    assert y[2] == pytest.approx(y[4] + 50, abs=0.5)


def test_a_chain_is_a_straight_line():
    y = heights(50, [(i, i + 1) for i in range(49)])
    assert set(y) == {20.0}


def test_settle_keeps_order_and_distance():
    y = [0.0] * 3
    settle([0, 1, 2], [0.0, 10.0, 20.0], y, [(9.0, 1.0), (0.0, 1.0), (100.0, 1.0)])
    assert y == pytest.approx([-0.5, 9.5, 100.0])
