"""Which numbers of an array a gradient check moves."""

import math
from itertools import product

import numpy as np
import pytest

from cgviz.graph import Node
from cgviz.run.elements import MOST, left_out, parts


def node(shape):
    data = np.arange(float(math.prod(shape))).reshape(shape)
    return Node(0, "W", "", data, 10 * data, "leaf", ())


@pytest.mark.parametrize("shape", [s for d in (1, 2, 3) for s in product((0, 1, 2, 3, 4, 7), repeat=d)], ids=str)
def test_each_number_is_another_one_and_each_is_put_back_where_it_was(shape):
    array, found = node(shape), list(parts(node(shape)))
    assert len({part.name for part, _ in found}) == len(found) == min(MOST, math.prod(shape))
    for part, put in found:
        changed = put(-1.0)
        assert np.flatnonzero(changed != array.data).tolist() == [part.data]
        assert part.grad == 10 * part.data and changed.ravel()[int(part.data)] == -1.0
    count, said = left_out(array)
    assert count == max(0, math.prod(shape) - MOST) and bool(said) == bool(count)


@pytest.mark.parametrize("shape", [(3, 3), (4, 4), (5, 5), (10, 10), (784, 16), (1000, 1000)], ids=str)
def test_of_a_larger_array_many_rows_and_columns_are_looked_at(shape):
    places = [part.name[2:-1].split(", ") for part, _ in parts(node(shape))]
    assert all(len(set(along)) >= min(3, size) for along, size in zip(zip(*places, strict=True), shape, strict=True))
