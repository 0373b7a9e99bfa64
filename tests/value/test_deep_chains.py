"""How a long chain is let go of where the stack is small: one node after another."""

import sys

import pytest

from cgviz import Value
from cgviz.value.deep_chains import UNHELD, take, unlink


def depth():
    frame, count = sys._getframe(), 0
    while frame := frame.f_back:
        count += 1
    return count


@pytest.fixture
def counted():
    """A class whose nodes remember, when they are freed, how deep the calls were."""
    depths = []

    class Counted(Value):
        def __del__(self):
            depths.append(depth())
            unlink(self)

    return Counted, depths


@pytest.mark.parametrize("grow", [lambda y, x: y + x, lambda y, x: x * y, lambda y, x: (y + 1).tanh()])
def test_no_node_is_freed_inside_another(counted, grow):
    cls, depths = counted
    y = x = cls(1.0)
    for _ in range(500):
        y = grow(y, x)
    here = depth()
    y = None
    assert len(depths) >= 500
    assert max(depths) <= here + 3


def test_what_somebody_holds_keeps_its_operands(counted):
    cls, depths = counted
    x = cls(2.0)
    held = x * 3
    y = (held + 1) * 2
    y = None
    assert depths
    held.backward()
    assert (held.data, x.grad, held._prev[0]) == (6.0, 3.0, x)
    assert y is None


def test_a_reference_more_is_seen_whatever_a_call_itself_adds():
    free, held = Value(1.0), Value(2.0)
    nodes = [held, free]
    del free
    assert take(nodes)[1] == UNHELD
    assert take(nodes)[1] == UNHELD + 1
