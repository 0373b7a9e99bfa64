"""Local derivatives that a class records: each way to keep them is read, and all works on them as on a Value."""

import math
import re

import numpy as np
import pytest

from cgviz import derivative, draw, explain, explore, gradcheck, steps, table, trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph import objects
from cgviz.graph.closures import method_in_closure
from cgviz.graph.method_watch import watched
from cgviz.graph.spellings import LOCALS
from cgviz.graph.vocabulary import vocabulary
from cgviz.program import Program
from tests.small_gpt import Scalar


def engine(keep, walk, slots=""):
    """A class that keeps its operands and local derivatives by the statement `keep`; `walk` pairs them again."""
    text = f"""
class V:
    {f"__slots__ = {slots}" if slots else ""}
    def __init__(self, data, children=(), local=()):
        self.data, self.grad = data, 0.0
        {keep}
    def __add__(self, o):
        o = o if isinstance(o, V) else V(o)
        return V(self.data + o.data, (self, o), (1, 1))
    def __mul__(self, o):
        o = o if isinstance(o, V) else V(o)
        return V(self.data * o.data, (self, o), (o.data, self.data))
    def __pow__(self, n): return V(self.data**n, (self,), (n * self.data ** (n - 1),))
    def exp(self):
        y = math.exp(self.data)
        return V(y, (self,), (y,))
    def soft(self): return V(self.data / (1 + abs(self.data)), (self,), (1 / (1 + abs(self.data)) ** 2,))
    def backward(self):
        order = []
        def visit(v):
            if all(v is not x for x in order):
                for w, _ in {walk.replace("NODE", "v")}: visit(w)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            for w, slope in {walk.replace("NODE", "v")}: w.grad += slope * v.grad
"""
    space = {"math": math, "np": np, "__name__": "somebodys"}
    exec(text, space)
    return space["V"]


WAYS = {
    **{
        name: (f"self._children, self.{name} = children, local", f"zip(NODE._children, NODE.{name})") for name in LOCALS
    },
    "lists": ("self._prev, self.local_grads = [*children], [*local]", "zip(NODE._prev, NODE.local_grads)"),
    "pairs": ("self.parents = list(zip(children, local))", "NODE.parents"),
    "pairs the other way": (
        "self.parents = tuple(zip(local, children))",
        "[(node, slope) for slope, node in NODE.parents]",
    ),
    "pairs under the name of the derivatives": (
        "self.local_gradients = [*zip(children, local)]",
        "NODE.local_gradients",
    ),
    "a dictionary": ("self._children = dict(zip(children, local))", "NODE._children.items()"),
    "by operand": (
        "self._prev, self._local_grads = children, dict(zip(children, local))",
        "NODE._local_grads.items()",
    ),
    "by id": (
        "self._prev, self._local_grads = children, {id(c): x for c, x in zip(children, local)}",
        "[(c, NODE._local_grads[id(c)]) for c in NODE._prev]",
    ),
    "by place": (
        "self._prev, self._local_grads = children, dict(enumerate(local))",
        "[(c, NODE._local_grads[i]) for i, c in enumerate(NODE._prev)]",
    ),
    "an array": (
        "self._prev, self._local_grads = children, np.array(local, dtype=float)",
        "zip(NODE._prev, NODE._local_grads.tolist())",
    ),
}


@pytest.mark.parametrize("slots", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_keep_local_derivatives_is_read_and_shown_as_of_a_value(way, slots):
    keep, walk = WAYS[way]
    names = sorted({*re.findall(r"self\.(\w+)", keep)})
    cls = engine(keep, walk, str(("data", "grad", *names)) if slots else "")

    def f(a, b):
        return (a * b + 10) ** 2 + a.exp()

    a, b = cls(2.0), cls(-3.0)
    y = f(a, b)
    y.backward()
    graph = trace(y, {id(a): "a", id(b): "b"})
    assert sorted(node.op for node in graph.nodes if node.operands) == ["*", "**2", "+", "+", "exp"], table(graph)
    assert all(len(node.local) == len(node.operands) for node in graph.nodes)
    assert gradients(graph) == pytest.approx([node.grad for node in objects(y)])
    assert "a * b" in table(graph) and "a · b = 2 · -3 = -6" in str(steps(graph)) and explain(graph, "a").chains
    assert draw(graph) and Program(y).gradient() == pytest.approx({n.name: n.grad for n in trace(y).leaves})
    report = gradcheck(f, cls=cls, a=2.0, b=-3.0)
    assert report.ok and not report.notes and len(report.rows) == len(graph.nodes)
    explorer = explore(f, cls=cls, a=2, b=-3)
    explorer.inputs["a"] = 1.0
    assert explorer.error is None and explorer.root.data == pytest.approx(49 + math.e)
    assert derivative(y)(2.0, -3.0, 10.0) == pytest.approx(a.grad)


def test_what_has_no_row_is_passed_by_the_local_derivative_of_the_class_and_that_is_said():
    a = Scalar(3.0)
    cls = engine(*WAYS["_local_grads"])
    a = cls(3.0)
    y = a.soft() * 2
    y.backward()
    said = "the local derivatives of v2 are those that the class has recorded: no row is known"
    assert [node.op for node in trace(y).nodes] == ["", "", "", "*"]
    assert steps(y).notes == (said,) and f"({said})" in explain(y).lines
    assert explain(y, 0).chains[0].total == pytest.approx(a.grad) == 0.125
    assert "of v0" in table(y) and "soft" not in table(y)
    assert gradcheck(lambda a: a.soft() * 2, cls=cls, a=3.0).ok


@pytest.mark.parametrize(
    ("method", "body", "f", "sentence"),
    [
        ("__mul__", "V(self.data * o.data, (self, o), (-o.data, self.data))", lambda a, b: a * b,
         "recorded by '*' (v2) for a is 3, should be -3 (the sign is wrong)"),
        ("__mul__", "V(self.data * o.data, (self, o), (self.data, o.data))", lambda a, b: a * b,
         "recorded by '*' (v2) for b is -3, should be 2 (the derivative with respect to the other operand is used)"),
        ("__pow__", "V(self.data**o, (self,), (self.data ** (o - 1),))", lambda a, b: a**3 + b,
         "recorded by '**3' (v2) for a is 4, should be 12"),
        ("exp", "V(math.exp(self.data), (self,), (1.0,))", lambda a, b: (a + b).exp(),
         "recorded by 'exp' (v3) for v2 is 1, should be 0.3679"),
        ("__add__", "V(self.data + o.data, (self, o), (1, 0))", lambda a, b: a + b,
         "recorded by '+' (v2) for b is 0, should be 1"),
    ],
)  # fmt: skip
def test_a_wrong_local_derivative_is_named(method, body, f, sentence):
    cls = engine(*WAYS["_local_grads"])
    space = {"V": cls, "math": math, "__name__": "somebodys"}
    exec(f"def {method}(self, o=None):\n    return {body}", space)
    setattr(cls, method, space[method])
    report = gradcheck(f, cls=cls, a=2.0, b=-3.0)
    assert not report.ok and any(f"the local derivative {sentence}" in line for line in report.wrong), report


def test_a_wrong_local_derivative_is_named_also_where_no_gradient_shows_it():
    cls = engine(*WAYS["_local_grads"])
    cls.__mul__ = lambda self, o: cls(self.data * o.data, (self, o), (-o.data, self.data))
    report = gradcheck(lambda a, b: (a * b) * b, cls=cls, a=2.0, b=-3.0)  # the two signs cancel for a
    assert any("for a is 3, should be -3" in line for line in report.wrong) and not report.ok


# --- names without numbers ---


class Closed:
    """No operation, no local derivatives: only functions for the backward pass."""

    def __init__(self, data, prev=()):
        self.data, self.grad, self._prev, self._backward = data, 0.0, prev, lambda: None

    def _binary(self, y, other, da, db):
        out = Closed(y, (self, other))

        def _backward():
            self.grad += da * out.grad
            other.grad += db * out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        if not isinstance(other, Closed):
            out = Closed(self.data * other, (self,))

            def _backward():
                self.grad += other * out.grad
        else:
            out = Closed(self.data * other.data, (self, other))

            def _backward():
                self.grad += other.data * out.grad
                other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __rsub__(self, c):
        out = Closed(c - self.data, (self,))

        def _backward():
            self.grad += -out.grad + 0 * c

        out._backward = _backward
        return out

    def __pow__(self, n):
        out = Closed(self.data**n, (self,))

        def _backward():
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = _backward
        return out

    def __mod__(self, other):
        out = Closed(self.data % other.data, (self, other))

        def _backward():
            self.grad += out.grad

        out._backward = _backward
        return out

    def __add__(self, other):
        return self._binary(self.data + other.data, other, 1, 1)

    def backward(self):
        self.grad = 1.0
        order = []

        def visit(v):
            if v not in order:
                for w in v._prev:
                    visit(w)
                order.append(v)

        visit(self)
        for v in reversed(order):
            v._backward()


def test_the_backward_function_tells_the_method_and_its_constant():
    a, b = Closed(5.0), Closed(2.0)
    assert [trace(y).root.op for y in (a * b, a * 3, a**3, 10 - a, a % b)] == ["*", "*3", "**3", "10-", "%"]
    assert method_in_closure(a * b) == "__mul__" and method_in_closure(a) == ""
    y = (10 - a) ** 3 * 0.5
    assert "v1^3" in str(steps(y)) and table(y).count("v0") == 2
    assert gradcheck(lambda a: (10 - a) ** 3 * 0.5, cls=Closed, a=5.0).ok
    with pytest.raises(TypeError, match=r"was computed by '%', which has no row"):
        Program(a % b)
    program = Program((10 - a) ** 3 * 0.5)
    assert program(8.0).value == 4.0 and program(8.0).leaf_grads.tolist() == [-6.0]


def test_operands_alone_tell_no_name_and_watching_tells_it():
    y = Closed(2.0) + Closed(2.0)
    assert trace(y).root.op == ""  # the helper that made it is no operation, and 2 + 2 is 2 · 2
    with watched(Closed) as made_by:
        y = Closed(2.0) + Closed(2.0)
    assert trace(y, makers=made_by).root.op == "+" and "__init__" in vars(Closed)
    assert not hasattr(Closed.__init__, "__wrapped__")
    report = gradcheck(lambda a, b: a + b, cls=Closed, a=2, b=2)
    assert report.ok and len(report.rows) == 3


def test_a_class_is_itself_again_after_a_function_that_fails():
    with pytest.raises(ZeroDivisionError), watched(Closed):
        Closed(1.0) * (1 / 0)
    assert not hasattr(Closed.__init__, "__wrapped__")


# --- what is recognised, and what is not ---


def recognised(y):
    return trace(y).root.op


def test_traps_have_no_name():
    one, zero, two = Scalar(1.0), Scalar(0.0), Scalar(2.0)
    assert recognised(one * one) == "*"  # with local derivatives 1 and 1, as those of a sum
    assert recognised(two.relu()) == "" and recognised(zero**2) == "" and recognised(two**1) == ""
    assert recognised(Scalar(-2.0).relu()) == "relu" and recognised(zero.exp()) == "exp"
    assert recognised(one**-1) == "**-1" and recognised(Scalar(9.0) ** 0.5) == "**0.5"
    assert recognised(Scalar(4.0, (two, two), (7.0, 7.0))) != "+"


class Counted(Scalar):
    made = 0

    def __init__(self, data, children=(), local_grads=()):
        Counted.made += 1
        super().__init__(data, children, local_grads)

    def __add__(self, other):
        return Counted(self.data + other.data, (self, other), (1, 1))

    def odd(self, other):
        return Counted(self.data + other.data + 1.0, (self, other), (1, 1))


def test_a_class_that_counts_its_nodes_is_not_tried():
    y = Counted(2.0) + Counted(3.0)
    before = Counted.made
    assert not vocabulary(Counted).tried
    trace(y), table(y), steps(y)
    assert Counted.made == before


def test_a_method_that_is_put_into_a_class_later_is_seen():
    cls = engine(*WAYS["_local_grads"])
    y = cls(-2.0) + cls(3.0)
    assert recognised(y) == "+"
    cls.__mod__ = lambda self, o: cls(self.data % o.data, (self, o), (1, -(self.data // o.data)))
    assert recognised(cls(-2.0) % cls(3.0)) == "" == recognised(cls(-2.0) + cls(3.0))  # both are 1, with 1 and 1
    assert recognised(cls(2.0) + cls(3.0)) == "+"


def test_numbers_that_moved_are_stale_and_the_operation_is_known_still():
    a, b = Scalar(2.0), Scalar(-3.0)
    y = a * b + a
    y.backward()
    assert [node.stale for node in trace(y).nodes] == [""] * 4
    a.data -= 0.1 * a.grad
    graph = trace(y)
    assert [node.op for node in graph.nodes[2:]] == ["*", "+"]
    assert [node.stale for node in graph.nodes[2:]] == ["value", "value"]
    assert "run the expression again" in explain(y).missing and "before a leaf changed" in str(steps(y))


class Weighed:
    """Each operand with its local derivative, which may be a whole number."""

    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, list(parents), 0.0

    def __mul__(self, other):
        return Weighed(self.value * other.value, [(self, other.value), (other, self.value)])

    def add_twice(self, other):
        return Weighed(self.value + 2 * other.value, [(self, 1), (other, 2)])

    def relu(self):
        return Weighed(max(0.0, self.value), [(self, int(self.value > 0))])

    def backward(self, g=1.0):
        self.grad += g
        for parent, weight in self.parents:
            parent.backward(g * weight)


class Placed(Weighed):
    """The same numbers as places."""

    def __mul__(self, other):
        return Placed(self.value * other.value, [(self, 0), (other, 1)])

    def add_twice(self, other):
        return Placed(self.value + 2 * other.value, [(self, 1), (other, 2)])


def test_whole_numbers_beside_operands_are_derivatives_where_others_of_the_class_are():
    a, b = Weighed(2.0), Weighed(-3.0)
    y = (a * b).add_twice(a)
    y.backward()
    assert [node.local for node in trace(y).nodes] == [(), (), (-3.0, 2.0), (1, 2)]
    assert gradients(y) == pytest.approx([a.grad, b.grad, 1.0, 1.0])
    assert [node.local for node in trace((a * b).relu()).nodes][-1] == (0,)


def test_and_are_places_where_every_node_may_count_its_operands_by_them():
    a, b = Placed(2.0), Placed(-3.0)
    assert not any(node.local for node in trace((a * b).add_twice(a)).nodes)
    assert not trace(Weighed(2.0).add_twice(Weighed(3.0))).root.local  # nothing tells
