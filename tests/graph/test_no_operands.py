"""Attributes that hold nodes and are no operands: nothing is drawn below a node that was not computed from it."""

import collections
import enum
import functools
import weakref

import numpy as np
import pytest

from cgviz import explain, gradcheck, table, trace
from cgviz.graph import explain_unread


class Plain:
    def __init__(self, data, **more):
        self.data = data
        vars(self).update(more)


def with_a_cycle_of_users():
    class Var(Plain):
        def __init__(self, data, parents=()):
            super().__init__(data, children=[])
            for parent in parents:
                parent.children.append(self)

    x = Var(2.0)
    Var(4.0, (x, x))
    return x


def with_users_in_a_comprehension():
    class Var(Plain):
        def __init__(self, data, parents=()):
            super().__init__(data, children=set())
            [parent.children.add(self) for parent in parents]

    x = Var(2.0)
    Var(4.0, (x,))
    return x


def with_users_by_a_helper():
    class Var(Plain):
        def __init__(self, data, op=""):
            super().__init__(data, children=[], op=op)

        def adopt(self, child):
            self.children.append(child)

    x = Var(2.0)
    x.adopt(Var(4.0, "square"))
    return x


def in_a_linked_list():
    last = Plain(1.0, next=None, prev=None)
    return Plain(2.0, prev=last, next=None)


NO_OPERANDS = {
    "users": lambda: Plain(2.0, _prev=(), users=[Plain(4.0)]),
    "consumers": lambda: Plain(2.0, parents=[], outputs=[Plain(4.0)], consumers={Plain(4.0)}),
    "the next": lambda: Plain(2.0, _children=(), _next=Plain(3.0)),
    "a gradient": lambda: Plain(2.0, grad=Plain(1.0)),
    "an order that is kept": lambda: Plain(2.0, inputs=(), topo=[Plain(1.0), Plain(2.0)]),
    "parameters of a module": lambda: Plain(2.0, parents=(), parameters=[Plain(1.0)], weights=[Plain(1.0)]),
    "losses of earlier steps": lambda: Plain(2.0, src=(), history=[Plain(1.0), Plain(0.5)]),
    "numbers": lambda: Plain(2.0, inputs=np.ones(3), args=(2.0, "x"), children=3, src="a file"),
    "a method": lambda: type("Own", (Plain,), {"inputs": lambda self: 1 / 0, "children": lambda self: []})(2.0),
    "nothing": lambda: Plain(2.0, inputs=None, _ctx=None, creator=None, children=[None, None], prev_=(None,)),
    "a list of neighbours": in_a_linked_list,
    "users in the constructor": with_a_cycle_of_users,
    "users in a comprehension": with_users_in_a_comprehension,
    "users by a helper": with_users_by_a_helper,
}


@pytest.mark.parametrize("make", NO_OPERANDS.values(), ids=NO_OPERANDS)
def test_nothing_is_drawn_below_a_node_that_has_no_operands(make):
    graph = trace(make())
    assert len(graph.nodes) == 1 and not graph.edges


@pytest.mark.parametrize("name", ["users", "consumers", "the next", "a gradient", "numbers", "a method", "nothing"])
def test_and_nothing_is_said_of_a_leaf(name):
    assert explain_unread(NO_OPERANDS[name]()) == "" and table(NO_OPERANDS[name]()).count("\n") == 1


def test_of_users_it_is_said_that_they_are_no_operands():
    for make in (with_a_cycle_of_users, with_users_in_a_comprehension):
        assert "nodes are in its attribute 'children', and are those computed from it" in table(make())


def test_operands_that_are_appended_to_the_result_are_operands():
    class Var(Plain):
        def __init__(self, data):
            super().__init__(data, children=[])

        def __mul__(self, other):
            result = Var(self.data * other.data)
            result.children.append(self)
            result.children.append(other)
            return result

    assert [node.operands for node in trace(Var(2.0) * Var(3.0)).nodes] == [(), (), (0, 1)]


def test_what_stands_beside_operands_is_said_and_what_is_gone_too():
    a = Plain(2.0)
    y = Plain(4.0, inputs=(a, 2.0), op="*")
    assert "(of 'v1': a float in its attribute 'inputs' is no node and is not drawn)" in table(y)
    gone = Plain(4.0, parents=[weakref.ref(a), weakref.ref(Plain(3.0))], op="*")
    assert "an operand that its attribute 'parents' refers to weakly is gone, and is not drawn" in table(gone)
    all_gone = Plain(4.0, parents=[weakref.ref(Plain(3.0))], op="exp")
    assert "is gone, and is not drawn" in table(all_gone) and "is gone" in str(explain(all_gone))


def test_pairs_of_nodes_are_told_and_not_guessed():
    a, b = Plain(2.0), Plain(3.0)
    y = Plain(6.0, local_gradients=((a, b), (b, a)))
    assert "nodes are in its attribute 'local_gradients', each with others" in table(y)
    assert len(trace(y).nodes) == 1


def test_an_attribute_that_raises_is_named_once_with_the_node():
    class Bad(Plain):
        @property
        def inputs(self):
            raise RuntimeError("the tape is closed")

    said = "the attribute 'inputs' of Bad is passed over, for it raised RuntimeError: the tape is closed"
    assert table(Bad(2.0, label="y")).endswith(f"(of 'y': {said})")
    y = Plain(4.0, parents=(Bad(2.0), Bad(2.0)), op="*")
    assert table(y).count(said) == 1


@pytest.mark.parametrize("name", ["data", "label", "op", "grad"])
def test_whatever_raises_the_graph_is_drawn(name):
    held = {"data": 6.0, "label": "y", "op": "*", "grad": 1.0, "_prev": (Plain(2.0, grad=3.0), Plain(3.0, grad=2.0))}
    held.pop(name)
    cls = type("Bad", (Plain,), {name: property(lambda self: [][0])})
    y = cls.__new__(cls)
    vars(y).update(held)
    assert len(trace(y).nodes) == 3 and trace(y).nodes[-1].operands == (0, 1)
    assert f"the attribute '{name}' of Bad is passed over, for it raised IndexError" in table(y)


def test_a_node_whose_truth_or_length_raises_is_an_operand_like_others():
    class Touchy(Plain):
        def __bool__(self):
            raise ValueError("ambiguous")

        __len__ = __eq__ = __bool__
        __hash__ = object.__hash__

    a = Touchy(0.0)
    for held in (a, (a,), [a], {a}, collections.deque([a])):
        assert [node.data for node in trace(Plain(1.0, parents=held, op="exp")).nodes] == [0.0, 1.0]


def test_a_wrong_backward_is_found_under_every_name():
    class V(Plain):
        def __init__(self, num, inputs=()):
            self.num, self.inputs, self.der = num, inputs, 0.0

        def __mul__(self, other):
            return V(self.num * other.num, {0: self, 1: other})

        def backward(self):
            self.der = 1.0
            for each in self.inputs.values():
                each.der = 100.0

    assert not gradcheck(lambda a, b: a * b, cls=V, a=2.0, b=3.0).ok


def test_a_method_that_gives_the_operands_is_not_called_and_where_they_are_is_said():
    class Asked:
        def __init__(self, data, held=()):
            self._data, self.held = data, held

        def value(self):
            return self._data

        def parents(self):
            raise AssertionError("nobody knows what else a method does")

    y = Asked(6.0, (Asked(2.0), Asked(3.0)))
    assert len(trace(y).nodes) == 1 and "nodes are in its attribute 'held'" in table(y)
    assert explain_unread(Asked(2.0)) == ""


@pytest.mark.parametrize(
    ("op", "name"),
    [
        ({"op": "*"}, "*"),
        (["*", 2], "*"),
        (b"mul", "mul"),
        (repr(table), "table"),
        (object(), ""),
        (functools.partial(np.multiply), "multiply"),
        (Plain, "Plain"),
        (Plain(1.0), "Plain"),
        (enum.Enum("Op", "MUL").MUL, "MUL"),
        (enum.Enum("Op", {"MUL": "*"}).MUL, "*"),
        (Plain(1.0, name="mul_17"), "Plain"),
        (Plain(1.0, symbol="×"), "×"),
    ],
    ids=range(12),
)
def test_an_operation_has_a_name_and_no_address(op, name):
    assert trace(Plain(6.0, parents=(Plain(2.0), Plain(3.0)), op=op)).root.op == name
