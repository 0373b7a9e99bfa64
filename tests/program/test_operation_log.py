"""What a function does with nodes, written down, and what logs of several inputs have in common."""

import numpy as np
import pytest

from cgviz import Value
from cgviz.program.operation_log import NOTHING, NUMBER, Logger, UnfollowedError
from cgviz.program.shared_structure import Structure


class Equal(Value):
    """Nodes that are equal where their numbers are, which says nothing about which node is meant."""

    __slots__ = ()

    def __eq__(self, other):
        return self.data == getattr(other, "data", None)

    def __hash__(self):
        return hash(self.data)


@pytest.mark.parametrize("cls", [Value, Equal])
def test_a_log_refers_to_each_node_by_its_place_whatever_equals_it(cls):
    w, v = cls(2.0), cls(2.0)
    log = Logger(lambda x: (w * x + v * x).tanh(), [w, v]).log(2.0)
    assert log.taken.tolist() == [[-1, NUMBER], [-2, NUMBER + 1], [0, 1], [2, NOTHING]]
    assert log.root == 3 and log.numbers.tolist() == [2.0, 2.0] and log.is_fixed.all()


def test_the_first_run_of_our_own_values_is_made_once():
    w, runs = Value(3.0), []
    logger = Logger(lambda x: runs.append(x) or w * x, None)
    logger.log(1.0)
    assert runs == [1.0] and logger.parameters == [w] and logger.cls is Value


def test_what_was_computed_before_the_run_is_not_followed():
    before = Value(3.0) * 2
    with pytest.raises(UnfollowedError, match="computed before it was called"):
        Logger(lambda x: before * x, None).log(1.0)
    with pytest.raises(UnfollowedError, match="was not computed by it"):
        Logger(lambda x: before, [before]).log(1.0)


def test_a_structure_lets_vary_what_two_logs_take_differently():
    table = [[Value(float(10 * i + j)) for j in range(2)] for i in range(3)]
    logger = Logger(lambda i: table[i][0] * table[i][1], [x for row in table for x in row])
    logs = [logger.log(i) for i in range(3)]
    assert len({log.key for log in logs}) == 1
    rows = logger.rows()
    structure = Structure(logs[0], lambda k: "", lambda log, used: [rows[code] for code in log.codes.tolist()])
    assert not len(structure.places)
    structure.add(logs[1])
    assert structure.places.tolist() == [0, 1]
    numbers = [x.data for row in table for x in row]
    for i, log in enumerate(logs):
        value, gradient = structure.run([structure.bind(log)], np.array(numbers))
        expected = np.zeros(6)
        expected[2 * i : 2 * i + 2] = numbers[2 * i + 1], numbers[2 * i]
        assert value == numbers[2 * i] * numbers[2 * i + 1] and gradient.tolist() == expected.tolist()
