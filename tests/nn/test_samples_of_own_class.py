"""A loss of one sample, written with somebody's own class, is recorded like one of ours: its nodes are recognised."""

import itertools
import math

from cgviz import Value
from cgviz.nn import SGD, Training
from cgviz.teach import grow


@grow
class Node:
    """Lesson 2: a node."""

    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op, self.grad = float(data), label, _prev, _op, 0.0


@grow
class Node(Node):
    """Lesson 3: sums, products and exp, and their backward."""

    def wrap(self, other):
        return other if hasattr(other, "_prev") else type(self)(other)

    def __add__(self, other):
        other = self.wrap(other)
        return type(self)(self.data + other.data, _prev=(self, other), _op="+")

    def __mul__(self, other):
        other = self.wrap(other)
        return type(self)(self.data * other.data, _prev=(self, other), _op="*")

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        return type(self)(math.exp(self.data), _prev=(self,), _op="exp")

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for operand in node._prev:
                    visit(operand)
                order.append(node)

        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            if node._op == "exp":
                node._prev[0].grad += node.grad * node.data
            elif node._op:
                a, b = node._prev
                a.grad += node.grad * (1.0 if node._op == "+" else b.data)
                b.grad += node.grad * (1.0 if node._op == "+" else a.data)


WORDS = ["".join(letters) for length in (3, 2) for letters in itertools.product("abc", repeat=length)]


def train(cls):
    table = {letter: [cls(0.1 * k + 0.01 * i) for i in range(3)] for k, letter in enumerate("abc")}

    def loss_of(word):
        total = 0
        for letter in word:
            x, y, z = table[letter]
            total = total + (x * y + z).exp() + x * x + y * y + z * z
        return total * (1 / len(word))

    training = Training(loss_of, data=WORDS, optimizer=SGD(0.05), batch=2, seed=1)
    losses = [step.loss for step in training.steps(60)]
    return training, losses, [x.data for row in table.values() for x in row]


def test_a_loss_of_a_class_that_has_grown_is_recorded_and_trains_as_one_of_ours():
    training, losses, numbers = train(Node)
    ours, our_losses, our_numbers = train(Value)
    assert not training.reading.eager and training.structures == 2
    assert not [known.reason for known in training.reading.structures.values() if known.reason]
    assert training.reading.foretold == ours.reading.foretold and not ours.reading.eager
    for found, wanted in zip((*losses, *numbers), (*our_losses, *our_numbers), strict=True):
        assert math.isclose(found, wanted, rel_tol=1e-9)
    assert losses[-1] < losses[0]
