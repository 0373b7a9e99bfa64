"""Classes that learners grow from Value."""

import math

import pytest

from cgviz import Value, maximum, tanh
from cgviz.graph import objects


def close(x, rel=1e-9):
    return pytest.approx(x, rel=rel, abs=1e-9)


class Plain(Value):
    pass


class Counting(Value):
    def __init__(self, data, label=""):
        super().__init__(data, label)
        self.seen = []


class Demanding(Value):
    def __init__(self, data, label, reason):
        super().__init__(data, label)
        self.reason = reason


class Doubling(Value):
    def __mul__(self, other):
        result = super().__mul__(other)
        result.label = "mine"
        return result


RESULTS = [
    lambda a, b: a + b,
    lambda a, b: a * 2,
    lambda a, b: 2 - a,
    lambda a, b: -a,
    lambda a, b: a.tanh(),
    lambda a, b: tanh(a),
    lambda a, b: maximum(0, a),
    lambda a, b: abs(a),
    lambda a, b: 2**a,
    lambda a, b: Value(3.0) * a,
    lambda a, b: a / Value(3.0),
    lambda a, b: maximum(Value(1.0), a),
]


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("cls", [Plain, Counting, Doubling])
def test_results_have_the_class_of_their_operands(cls, result):
    a, b = cls(2.0, "a"), cls(3.0, "b")
    y = result(a, b)
    y.backward()
    assert type(y) is cls


def test_results_of_a_class_with_an_init_of_its_own_have_its_attributes():
    a = Counting(2.0, "a")
    y = tanh(2 * a + Value(1.0))
    nodes = [node for node in objects(y) if isinstance(node, Counting)]
    assert all(node.seen == [] for node in nodes)
    assert len({id(node.seen) for node in nodes}) == len(nodes) >= 4
    y.backward()
    assert a.grad == close(2 * (1 - math.tanh(5) ** 2))


def test_a_class_whose_init_asks_for_more_computes_all_the_same():
    a = Demanding(2.0, "a", "because")
    y = a * 3
    y.backward()
    assert (type(y), y.data, a.grad, a.reason) == (Demanding, 6.0, 3.0, "because")
    assert not hasattr(y, "reason")


def test_an_operator_overridden_by_the_learner_is_used_and_can_call_the_library():
    a = Doubling(2.0, "a")
    y = a * 3
    y.backward()
    assert (y.label, (3 * a).label, (a + 1).label, a.grad) == ("mine", "", "", 3.0)


def test_a_learners_own_operator_survives_an_init_of_its_own():
    class Both(Value):
        def __init__(self, data, label=""):
            super().__init__(data, label)
            self.extra = 1

        def __add__(self, other):
            return "mine"

        def relu(self):
            return "my relu"

    a = Both(2.0)
    assert (a + 1, a.relu(), (a * 2).extra) == ("mine", "my relu", 1)


def test_a_subclass_operand_decides_the_class_wherever_it_stands():
    a, b = Value(2.0), Plain(3.0)
    assert {type(y) for y in (a * b, b * a, a - b, b - a, a**b, b / a)} == {Plain}


def test_a_class_grown_again_by_running_its_cell_again_keeps_computing():
    namespace = {"Value": Value}
    made = []
    for i in range(3):
        exec(f"class Value(Value):\n    def version(self): return {i}", namespace)
        made.append(namespace["Value"](i + 1.0, f"v{i}"))
    y = made[0] * made[1] + made[2]
    y.backward()
    assert (y.data, y.version()) == (5.0, 2)
    assert [v.grad for v in made] == [2.0, 1.0, 1.0]
    assert (made[2] * made[0]).version() == (made[0] * made[2]).version() == 2


def test_siblings_made_by_two_runs_of_one_cell_compute_together():
    def cell():
        class Grown(Value):
            def double(self):
                return self * 2

        return Grown

    first, second = cell(), cell()
    a, b = first(2.0, "a"), second(3.0, "b")
    for y in (a * b, b * a, a + b.double(), maximum(a, b)):
        y.backward()
        assert isinstance(y, (first, second))
    (a * b).backward()
    assert (a.grad, b.grad) == (3.0, 2.0)


def test_a_subclass_is_set_up_with_the_number_of_the_result():
    class Square(Value):
        def __init__(self, data, label=""):
            super().__init__(data, label)
            self.square = data * data

    assert (Square(2.0) * Square(3.0)).square == 36.0
    assert (Square(2.0) + 1).square == 9.0
    assert (Square(2.0) * 3)._prev[1].square == 9.0


def test_what_a_subclass_raises_for_a_number_is_not_swallowed():
    class Positive(Value):
        def __init__(self, data):
            if data <= 0:
                raise ValueError("only positive numbers")
            super().__init__(data)

    assert (Positive(2.0) * 3).data == 6.0
    with pytest.raises(ValueError, match="only positive numbers"):
        Positive(2.0) - 3


def test_an_init_that_is_mixed_in_is_called_too():
    class Noted:
        def __init__(self, data, label=""):
            super().__init__(data, label)
            self.note = "made"

    class Mixed(Noted, Value):
        pass

    assert (Mixed(2.0) * 3).note == "made"
