"""Exercises about operations: what a learner's class computes, remembers and sends back, and the slip that is named."""

import math

import pytest

from cgviz import Value
from cgviz.teach import Operations, grow


class Node:
    """A learner's class after lesson 5, in the closure manner."""

    def __init__(self, data, label="", _prev=(), _op=""):
        self.data, self.label, self._prev, self._op = data, label, _prev, _op
        self.grad = 0.0
        self._backward = lambda: None

    def _wrap(self, other):
        return type(self)(other) if isinstance(other, (int, float)) else other

    def __add__(self, other):
        other = self._wrap(other)
        out = type(self)(self.data + other.data, _prev=(self, other), _op="+")

        def send():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = send
        return out

    def __mul__(self, other):
        other = self._wrap(other)
        out = type(self)(self.data * other.data, _prev=(self, other), _op="*")
        out._backward = lambda: self.send_product(out, other)
        return out

    def send_product(self, out, other):
        self.grad += out.grad * other.data
        other.grad += out.grad * self.data

    def __radd__(self, other):
        return self._wrap(other) + self

    def __rmul__(self, other):
        return self._wrap(other) * self

    def exp(self):
        out = type(self)(math.exp(self.data), _prev=(self,), _op="exp")

        def send():
            self.grad += out.grad * out.data

        out._backward = send
        return out

    def order(self):
        nodes = []

        def visit(node):
            if node not in nodes:
                for operand in node._prev:
                    visit(operand)
                nodes.append(node)

        visit(self)
        return nodes

    def backward(self):
        for node in self.order():
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(self.order()):
            node._backward()


CASES = (
    "a + b",
    "a * b",
    "a * a",
    "a + a",
    "2 * a",
    "a + 1",
    "(a*b + a) * a",
    "exp(a) * a",
    ("a * b", {"a": 0, "b": 5}),
)
LESSON8 = Operations(name="gradients", cases=CASES, gradients=True, again=True)


@pytest.mark.parametrize("cls", [Node, Value])
def test_a_right_class_passes(cls):
    assert LESSON8.check(cls).ok


def test_a_grown_class_passes():
    @grow
    class Growing(Node):
        """Lesson 9: more."""

    assert LESSON8.check(Growing).ok


class Assigns(Node):
    def send_product(self, out, other):
        self.grad = out.grad * other.data
        other.grad = out.grad * self.data


class Forgets(Node):
    def send_product(self, out, other):
        self.grad += other.data
        other.grad += self.data


class Same(Node):
    def send_product(self, out, other):
        self.grad += out.grad * self.data
        other.grad += out.grad * other.data


class Sign(Node):
    def send_product(self, out, other):
        self.grad -= out.grad * other.data
        other.grad += out.grad * self.data


class NoLocal(Node):
    def send_product(self, out, other):
        self.grad += out.grad
        other.grad += out.grad


class Twice(Node):
    def backward(self):
        self.grad = 1.0
        for node in reversed(self.order()):
            node._backward()


class NoSeed(Node):
    def backward(self):
        for node in reversed(self.order()):
            node._backward()


class HalfSeed(Node):
    def backward(self):
        for node in self.order():
            node.grad = 0.0
        self.grad = 0.5
        for node in reversed(self.order()):
            node._backward()


class Raises(Node):
    def backward(self):
        raise ValueError("not today")


class Forward(Node):
    def backward(self):
        for node in self.order():
            node.grad = 0.0
        self.grad = 1.0
        for node in self.order():
            node._backward()


SLIPS = {
    Assigns: "with a = 2: L = a * a, then L.backward(): the gradient of a should be 4, yours is 2: "
    "either each contribution to a gradient replaces the one before: contributions add up, += and not =, or ",
    Forgets: "the gradient that arrives (upstream) is left out",
    Same: "with a = 2, b = -3: L = a * b, then L.backward(): the gradient of b should be 2, yours is -3: "
    "the derivative with respect to the other operand is used",
    Sign: "the gradient of a should be -3, yours is 3: the sign is wrong",
    NoLocal: "the local derivative is left out",
    Twice: "L = a + b: after one L.backward() the gradient of a was 1, and after a second it is 2",
    NoSeed: "leaves every gradient at 0: it should begin with 1 at the output",
    HalfSeed: "yours is 0.5: a backward pass begins with 1 at the output",
    Raises: "then L.backward() raised ValueError: not today",
    Forward: "the gradient of a",
}


@pytest.mark.parametrize("cls", SLIPS, ids=lambda cls: cls.__name__)
def test_the_slip_behind_a_wrong_gradient_is_named(cls):
    said = LESSON8.check(cls)
    assert said.how == "wrong" and SLIPS[cls] in said.text


def test_a_class_without_what_is_asked_for_is_told_what_is_missing():
    class Leaf:
        def __init__(self, data, label=""):
            self.data, self.label, self._prev = data, label, ()

    class Sum(Leaf):
        def __add__(self, other):
            made = type(self)(self.data + other.data)
            made._prev, made._op = (self, other), "+"
            return made

    said = Operations(name="n", cases=("a + b",)).check(Leaf)
    assert said.how == "open" and "a + b raised TypeError: unsupported operand type(s) for +" in said.text
    said = Operations(name="n", cases=("a + b",), gradients=True).check(Sum)
    assert said.how == "open" and said.text.endswith("Sum has no method backward")
    said = Operations(name="n", cases=("tanh(a)",)).check(Sum)
    assert said.how == "open" and "no method 'tanh'" in said.text


def test_a_stub_is_not_written_yet():
    class Stub(Node):
        def __add__(self, other):
            pass

    said = Operations(name="n", cases=("a + b",)).check(Stub)
    assert said.how == "open" and said.text == "n: not written yet: Stub.__add__ has no body yet"


@pytest.mark.parametrize(
    "body, part",
    [
        (lambda self, other: Value(self.data + other.data), "gives a Value, not one of your class Own"),
        (lambda self, other: "text", "gives 'text', and should give a Own"),
        (lambda self, other: 1 / 0, "with a = 2, b = -3: a + b raised ZeroDivisionError: division by zero"),
        (lambda self, other: self + other, "calls itself until Python stops it (RecursionError)"),
        (lambda self, other: type(self)("x", _prev=(self, other), _op="+"), "should hold -1, yours holds 'x'"),
        (
            lambda self, other: type(self)(self.data + other.data, _prev=3, _op="+"),
            "are not in a tuple or list but an int",
        ),
        (lambda self, other: type(self)(self.data + other.data, _prev=(self, 2), _op="+"), "is not a node but an int"),
        (lambda self, other: type(self)(self.data + other.data, _prev=(self, other)), "remembers no operation"),
        (lambda self, other: type(self)(self.data + other.data, _prev=(self, other, other), _op="+"), "3 operands"),
        (lambda self, other: exit(), "raised SystemExit"),
    ],
)
def test_what_is_wrong_with_an_operation(body, part):
    Own = type("Own", (Node,), {"__add__": body})
    said = Operations(name="n", cases=("a + b",)).check(Own)
    assert said.how == "wrong" and part in said.text


def test_an_operation_that_changes_its_operands():
    class Own(Node):
        def __add__(self, other):
            out = super().__add__(other)
            self.data = 7
            return out

    assert "has changed a: it holds 7 now" in Operations(name="n", cases=("a + b",)).check(Own).text


def test_the_shape_may_be_left_open():
    class Own(Node):
        def __neg__(self):
            return self * -1

        def __sub__(self, other):
            return self + -self._wrap(other)

    strict = Operations(name="n", cases=("a - b",))
    assert "the result remembers the operation '+', should be '-'" in strict.check(Own).text
    free = Operations(name="n", cases=("a - b", "b - a", "-a"), graph=False, gradients=True)
    assert free.check(Own).ok
    Own.__sub__ = lambda self, other: other + -self
    assert "a - b should hold 5, yours holds -5: that is b - a" in free.check(Own).text


def test_the_order_of_sums_may_be_left_open():
    class Own(Node):
        __radd__, __rmul__ = Node.__add__, Node.__mul__

    assert Operations(name="n", cases=("2 * a + b", "1 + a"), ordered=False, gradients=True).check(Own).ok
    said = Operations(name="n", cases=("1 + a",)).check(Own)
    assert said.how == "wrong" and "remembers its operands as (a, 1): the order is the other one" in said.text


def sigmoid(x):
    y = 1 / (1 + math.exp(-x.data))
    return type(x)(y, _prev=(x,), _op="sigmoid")


def test_a_function_of_nodes():
    exercise = Operations(name="n", function="sigmoid", cases=("sigmoid(a)", "sigmoid(a*x + b) + a"))
    assert exercise.check(sigmoid, cls=Node).ok
    assert not hasattr(Node, "sigmoid")
    said = exercise.check(lambda x: type(x)(math.exp(x.data), _prev=(x,), _op="sigmoid"), cls=Node)
    assert said.text == "n: with a = 2: sigmoid(a) should hold 0.8808, yours holds 7.389"
    said = exercise.check(lambda x: x.sigmoid(), cls=Node)
    assert said.text.endswith("calls itself until Python stops it (RecursionError)")
    assert "give check your class as well" in exercise.check(math.sqrt).text
    assert "expected the function sigmoid, got a type" in exercise.check(Node).text
    assert exercise.check(lambda x: None, cls=Node).how == "wrong"
    assert exercise.check(Value.sigmoid, cls=Value).ok and Value(0.0).sigmoid().data == 0.5


def test_a_deeper_fault_is_found_where_it_is():
    class Own(Node):
        def __mul__(self, other):
            return type(self)(self.data * other.data, _prev=(other, self), _op="*")

    said = Operations(name="n", cases=("(a*b + c) + d",)).check(Own)
    assert "a * b remembers its operands as (b, a): the order is the other one" in said.text
