"""A class that keeps its operands in a set hears what one hears that keeps them in a tuple."""

import itertools
import re

import pytest

from cgviz import gradcheck

ONE_SIDE = {
    "nothing on the left": (lambda g, x, y: 0.0, lambda g, x, y: g * x, False),
    "nothing on the right": (lambda g, x, y: g * y, lambda g, x, y: 0.0, False),
    "sign on the right": (lambda g, x, y: g * y, lambda g, x, y: -g * x, False),
    "upstream on the left": (lambda g, x, y: y, lambda g, x, y: g * x, False),
    "its own on the right": (lambda g, x, y: g * y, lambda g, x, y: g * y, False),
    "local on the left": (lambda g, x, y: g, lambda g, x, y: g * x, False),
    "twice on the right": (lambda g, x, y: g * y, lambda g, x, y: 2 * g * x, False),
    "= on the right": (lambda g, x, y: g * y, lambda g, x, y: g * x, True),
}
"""What a product passes to the left and to the right; whether the right one is written by =."""


def keeping(keep, to_left, to_right, replaces, turn):
    """A class that keeps its operands as `keep` does; a set gives them in the order of their making, or against it."""
    made = itertools.count()

    class Value:
        def __init__(self, data, label="", prev=(), op=""):
            self.data, self.label, self._prev, self._op, self.grad = data, label, keep(prev), op, 0.0
            self.push, self.number = (lambda: None), next(made)

        def __hash__(self):
            return 40 - self.number if turn else self.number

        def __eq__(self, other):
            return self is other

        def __add__(self, other):
            out = Value(self.data + other.data, "", (self, other), "+")

            def push():
                self.grad += out.grad
                other.grad += out.grad

            out.push = push
            return out

        def __mul__(self, other):
            out = Value(self.data * other.data, "", (self, other), "*")

            def push():
                x, y = self.data, other.data
                self.grad += to_left(out.grad, x, y)
                more = to_right(out.grad, x, y)
                other.grad = more if replaces else other.grad + more

            out.push = push
            return out

        def backward(self):
            order = in_order(self)
            for node in order:
                node.grad = 0.0
            self.grad = 1.0
            for node in reversed(order):
                node.push()

    return Value


def in_order(root):
    found, seen = [], []

    def visit(node):
        if not any(node is one for one in seen):
            seen.append(node)
            for operand in sorted(node._prev, key=lambda one: one.number):
                visit(operand)
            found.append(node)

    visit(root)
    return found


@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("case", ONE_SIDE)
@pytest.mark.parametrize("f", [lambda a, b, c, d: (a * b + c) * d, lambda a, b, c, d: ((c + a) * b + d * a) * d])
def test_a_set_loses_no_reason_that_a_tuple_gets_where_the_order_makes_no_difference(f, case, turn):
    numbers = {"a": 2.0, "b": -3.0, "c": 10.0, "d": 0.7}
    said = []
    for keep in (tuple, set):
        report = gradcheck(f, cls=keeping(keep, *ONE_SIDE[case], turn), **numbers)
        said.append({re.sub(r"\bv\d+", "v", sentence) for sentence in report.wrong})
    assert said[1] == said[0] and (said[0] or case == "= on the right")
    assert all(": " in sentence for sentence in said[0])
