"""Manners of keeping a graph that students and blogs have come up with: read truly, or told."""

import math
import weakref

import pytest

from cgviz import explain, explore, gradcheck, steps, table, trace
from cgviz.graph import objects


class Node:
    """Keeps whatever it is given."""

    def __init__(self, **held):
        vars(self).update(held)


def leaves():
    return Node(data=2.0, name="a"), Node(data=-3.0, name="b")


@pytest.mark.parametrize("key", [id, lambda node: node.name], ids=["id", "name"])
def test_a_dictionary_by_what_the_operands_are_forgets_that_one_is_used_twice(key):
    a, b = leaves()
    twice = trace(Node(data=4.0, inputs={key(x): x for x in (a, a)}, op="*"))
    assert not twice.root.ordered and "keeps one operand in a set" in str(explain(twice))
    assert "constant perhaps" not in table(twice)
    apart = trace(Node(data=5.0, inputs={key(x): x for x in (a, b)}, op="-"))
    assert [apart.nodes[i].name for i in apart.root.operands] == ["a", "b"] and "a - b" in table(apart)
    by_side = trace(Node(data=4.0, inputs={"left": a, "right": a}, op="*"))
    assert by_side.root.ordered and "a * a" in table(by_side)


@pytest.mark.parametrize("beside", [tuple, list])
def test_operands_in_order_beside_a_set_are_those_that_count(beside):
    a, b = leaves()
    for xs, op, y in (((a, a), "*", 4.0), ((a, b), "-", 5.0), ((b, a), "-", -5.0)):
        root = trace(Node(data=y, _prev=set(xs), operands=beside(xs), op=op)).root
        assert root.ordered and len(root.operands) == 2
        assert f"{xs[0].name} {op} {xs[1].name}" in table(Node(data=y, _prev=set(xs), operands=beside(xs), op=op))
    other = Node(data=4.0, _prev={a}, operands=[b], op="*")  # not the same: the plainer name is believed
    assert not trace(other).root.ordered


class Rules:
    """Each operand has beside it how its gradient is computed, in a function within the method."""

    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, list(parents), 0.0

    def __mul__(self, other):
        return Rules(self.value * other.value, [(self, lambda g: g * other.value), (other, lambda g: g * self.value)])

    def __sub__(self, other):
        return Rules(self.value - other.value, [(self, lambda g: g), (other, lambda g: -g)])

    def backward(self, g=1.0):
        self.grad += g
        for parent, rule in self.parents:
            parent.backward(rule(g))


def test_a_rule_beside_an_operand_tells_the_method_that_it_was_written_in():
    y = Rules(2.0) * Rules(-3.0) - Rules(4.0)
    y.backward()
    assert [node.op for node in trace(y).nodes if node.operands] == ["*", "-"] and "v3 - v2" in table(y)
    assert gradcheck(lambda a, b, c: a * b - c, cls=Rules, a=2, b=-3, c=4).ok


class NoLabelYet(Rules):
    @property
    def label(self):
        raise IndexError("no labels")


class NoLabelEver(Rules):
    label = "x"

    def __setattr__(self, name, value):
        if name == "label":
            raise ValueError("labels are fixed")
        super().__setattr__(name, value)


@pytest.mark.parametrize("cls", [NoLabelYet, NoLabelEver])
def test_a_label_that_raises_stops_nothing(cls):
    make = lambda x: cls(x)  # noqa: E731
    assert gradcheck(lambda a, b: a * b, cls=make, a=2, b=-3).ok
    assert explore(lambda a, b: a * b, cls=make, a=2, b=-3).root.value == -6.0


def test_a_number_that_stands_for_an_operation_is_no_factor():
    a, b = leaves()
    assert "op 2(a, b)" in table(Node(data=-6.0, args=(a, b), op=2))


def test_of_one_operand_that_is_kept_nobody_says_that_none_is():
    class Half(Rules):
        def __mul__(self, other):
            return Half(self.value * other.value, [(other, lambda g: g * self.value)])

    said = str(gradcheck(lambda a, b: a * b, cls=Half, a=2, b=-3))
    assert "'a' is not in the graph" in said and "does not record its operands" not in said
    assert "an operation has not kept it among its operands" in said


def test_gradients_in_a_dictionary_that_is_not_by_node_are_not_taken_for_one():
    root = Node(data=4.0, parents=leaves(), op="", grad={"a": 1.0})
    assert trace(root).root.grad == {"a": 1.0}


class GradByCall:
    def __init__(self, value, parents=(), op=""):
        self.value, self.parents, self.op, self.g = value, parents, op, 0.0

    def __mul__(self, other):
        return GradByCall(self.value * other.value, (self, other), "*")

    def grad(self):
        return self.g

    def backward(self):
        self.g = 1.0


def test_a_gradient_that_is_a_method_is_told():
    said = str(gradcheck(lambda a, b: a * b, cls=GradByCall, a=2, b=-3))
    assert "have a method grad and no attribute" in said


def test_what_is_no_number_of_that_class_is_written_so_that_the_difference_shows():
    class Rounded(Rules):
        def __init__(self, value, parents=()):
            super().__init__(round(value, 5), parents)

    said = str(gradcheck(lambda a: a * a, cls=Rounded, a=2))
    assert "holds 2.74568," in said and "(2.74568)" not in said


def test_an_unnamed_operation_is_said_to_be_one():
    root = Node(data=7.0, parents=leaves())
    assert "no derivative is known for the operation that computed 'v2'" in str(steps(root))


def refuse(self, *others):
    raise ValueError("the truth of this is nowhere")


TRUTHS = {
    "__eq__ raises": {"__eq__": refuse, "__hash__": object.__hash__},
    "__eq__ by number": {"__eq__": lambda self, other: self.data == other.data, "__hash__": object.__hash__},
    "__eq__ for all": {"__eq__": lambda self, other: True, "__hash__": object.__hash__},
    "__bool__ raises": {"__bool__": refuse},
    "__bool__ is false": {"__bool__": lambda self: False},
    "__len__ raises": {"__len__": refuse},
    "__len__ is 0": {"__len__": lambda self: 0},
    "no hash": {"__hash__": None},
}


class Unnamed:
    """Names no operation: its methods are tried on new leaves."""

    def __init__(self, data, children=(), local=()):
        self.data, self.grad, self._children, self._local_grads = data, 0.0, children, local

    def __add__(self, other):
        return type(self)(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return type(self)(self.data * other.data, (self, other), (other.data, self.data))

    def exp(self):
        return type(self)(math.exp(self.data), (self,), (math.exp(self.data),))


@pytest.mark.parametrize("manner", TRUTHS)
def test_no_node_is_asked_whether_it_is_equal_or_true(manner):
    cls = type("Own", (Unnamed,), TRUTHS[manner])
    a, b = cls(2.0), cls(3.0)
    y = (a * b + a).exp()
    assert [node.op for node in trace(y).nodes] == ["", "", "*", "+", "exp"]
    assert "exp(v3)" in table(y) and "8943" in str(explain(y))


HOLDERS = {
    "tuple": lambda x: {"_prev": (x,)},
    "pair": lambda x: {"parents": [(x, 2.0)]},
    "dict": lambda x: {"inputs": {"x": x}},
    "alone": lambda x: {"_prev": x},
    "alone, elsewhere": lambda x: {"inputs": x},
    "record": lambda x: {"creator": type("Function", (), {"inputs": [x]})()},
}


@pytest.mark.parametrize("refer", [weakref.ref, weakref.proxy])
@pytest.mark.parametrize("holder", HOLDERS)
def test_an_operand_behind_a_weak_reference_is_the_object_itself_or_is_said_to_be_gone(holder, refer):
    x = Node(data=2.0, name="x")
    y = Node(data=-2.0, op="neg", **HOLDERS[holder](refer(x)))
    assert objects(y)[0] is x and trace(y).root.operands == (0,)
    del x
    assert "weakly is gone" in trace(y).root.unread and "weakly is gone" in table(y)


@pytest.mark.parametrize("name", ["owner", "anything", "grad_fn"])
def test_a_reference_to_what_is_gone_stands_in_the_way_of_nothing(name):
    y = Node(data=2.0, op="neg", **{name: weakref.proxy(Node(data=1.0))})
    assert "does not record its operands" in table(y)
