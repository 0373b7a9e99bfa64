"""A class may be run ahead of as long as its numbers, its gradients and its structure have been those of its rows."""

import math

import numpy as np
import pytest

from cgviz import Value, explore

STARTS = {"a": 2.0, "b": -3.0, "c": 10.0, "d": -2.0}


class Mine:
    """A class as a learner writes it; the kinds of it below do one thing otherwise."""

    kept = tuple

    def __init__(self, data, operands=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, self.kept(operands), op
        self._backward = lambda: None

    def __add__(self, other):
        out = type(self)(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        out = type(self)(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        out = type(self)(self.data**n, (self,), f"**{n}")

        def _backward():
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        e = math.exp(2 * self.data)
        out = type(self)((e - 1) / (e + 1), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def softmax(self):
        return type(self)(self.data, (self,), "softmax")

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for operand in node._prev:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()
        return order


class InSets(Mine):
    kept = set


class Replaces(Mine):
    """`=` where `+=` belongs."""

    def __mul__(self, other):
        out = super().__mul__(other)

        def _backward():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = _backward
        return out


class WrongBelowZero(Mine):
    def __mul__(self, other):
        out = super().__mul__(other)
        right = out._backward

        def _backward():
            right()
            if self.data < 0:
                self.grad = -self.grad

        out._backward = _backward
        return out


class WithoutGradients(Mine):
    backward = None

    def __init__(self, *given):
        super().__init__(*given)
        del self.grad


class OnLeavesAlone(Mine):
    def backward(self):
        for node in super().backward():
            if node._prev:
                node.grad = None


class LogOfAnotherBase(Mine):
    def log(self):
        out = type(self)(math.log10(abs(self.data) + 1), (self,), "log")  # that of 0 is what the row has at 1
        out._backward = lambda: None
        return out


class NotANumberBelowZero(Mine):
    def __mul__(self, other):
        out = super().__mul__(other)
        out.data = out.data if self.data > 0 else math.nan
        return out


class Rounds(Mine):
    def __init__(self, data, *given):
        super().__init__(round(data, 2), *given)


class Single(Mine):
    def __init__(self, data, *given):
        super().__init__(np.float32(data), *given)


class Kin(Value):
    pass


def worked(a, b, c, d):
    return (a * b + c) * d


def curved(a, b, c, d):
    return (a * b + c * a).tanh() ** 2 + (a * a) ** -1 * d


def swept(cls, function, moves=45):
    """Whether the page may run ahead at first, and after each move of `a`; with the last sentence."""
    explorer = explore(function, cls=cls, **STARTS)
    ahead = [explorer.view.alive]
    for k in range(moves):
        explorer.inputs["a"] = round(4 - 0.17 * k, 6)
        ahead.append(explorer.view.alive)
    return ahead, explorer.view.pace


@pytest.mark.parametrize("cls", [Mine, InSets, WithoutGradients, OnLeavesAlone])
@pytest.mark.parametrize("function", [worked, curved])
def test_a_class_that_follows_its_rows_is_run_ahead_of_wherever_its_slider_stands(cls, function):
    ahead, pace = swept(cls, function)
    assert all(ahead), pace
    assert pace == (
        f"Moves are shown at once, by the rules of the operations, which {cls.__name__} has followed so far; "
        "each of its own runs confirms or corrects them."
    )


def test_a_kind_of_value_is_a_class_of_ones_own():
    explorer = explore("(a*b + c)*d", cls=Kin, **STARTS)
    assert explorer.view.alive and explorer.view.own == "Kin" and "Kin has followed" in explorer.view.pace


def test_of_value_nothing_is_said():
    view = explore("(a*b + c)*d", **STARTS).view
    assert view.alive and (view.own, view.pace) == ("", "")


@pytest.mark.parametrize(
    ("cls", "function", "why"),
    [
        (Replaces, lambda a, b, c, d: a * b * a, "its gradients have not always been those of the chain rule"),
        (LogOfAnotherBase, lambda a, b, c, d: a.log() * b, "its numbers have not always been those of its operations"),
        (Rounds, lambda a, b, c, d: (a * b).tanh() + d, "its numbers have not always been those of its operations"),
        (Mine, lambda a, b, c, d: a.softmax() * b, "the page has no rule for 'softmax', which computed 'v2'"),
    ],
)
def test_one_that_is_otherwise_from_its_first_run_is_always_waited_for(cls, function, why):
    ahead, pace = swept(cls, function)
    assert not any(ahead)
    assert pace == f"Each move waits for {cls.__name__}: {why}."


def test_a_reused_node_is_what_shows_a_missing_sum():
    assert all(swept(Replaces, worked)[0])  # there is none, so each number is the one that the class computes


@pytest.mark.parametrize(
    ("cls", "function", "why"),
    [
        (WrongBelowZero, worked, "its gradients have not always been those of the chain rule"),
        (NotANumberBelowZero, worked, "its numbers have not always been those of its operations"),
        (Single, worked, "its numbers have not always been those of its operations"),
        (
            Mine,
            lambda a, b, c, d: a * b if a.data > 0 else a + b,
            "it does not always build the same graph",
        ),
        (
            Mine,
            lambda a, b, c, d: a**2 * b if a.data > 0 else a**3 * b,
            "it does not always build the same graph",
        ),
    ],
)
def test_one_that_turns_out_otherwise_is_waited_for_from_then_on(cls, function, why):
    ahead, pace = swept(cls, function)
    assert ahead[0] and not ahead[-1]
    assert ahead == sorted(ahead, reverse=True)  # also where it agrees again
    assert pace == f"Each move waits for {cls.__name__}: {why}."


def test_a_gradient_that_is_there_only_sometimes_is_no_agreement():
    class Sometimes(Mine):
        def backward(self):
            super().backward()
            for node in self._prev:
                node.grad = node.grad if node.data > 0 else None

    ahead, pace = swept(Sometimes, lambda a, b, c, d: (a * c) * d)
    assert ahead[0] and not ahead[-1] and "does not always compute the same gradients" in pace


def test_terms_that_cancel_agree_in_whatever_order_they_are_added():
    class Backwards(Mine):
        """It adds the terms of a gradient the other way round."""

        def backward(self):
            order = super().backward()
            for node in order:
                node.terms = []
            for node in reversed(order):
                for k, operand in enumerate(node._prev):
                    other = node._prev[1 - k].data if node._op == "*" else 1.0
                    operand.terms.insert(0, node.grad * other)
            for node in order[:-1]:
                node.grad = sum(node.terms)

    explorer = explore(lambda a, b: a * b + a * b * b + a * b, cls=Backwards, a=0.1, b=-2.0)
    for b in (-2.0000000001, -1.9999999, 0.7, -2.0):
        explorer.inputs["b"] = b
        assert explorer.view.alive, explorer.view.pace


def test_a_class_that_raises_where_its_rows_do_is_run_ahead_of():
    class Log(Mine):
        def log(self):
            out = type(self)(math.log(self.data), (self,), "log")

            def _backward():
                self.grad += out.grad / self.data

            out._backward = _backward
            return out

    explorer = explore(lambda a: a.log() * a, cls=Log, a=2.0)
    explorer.inputs["a"] = -1.0
    assert explorer.view.old and "math domain error" in explorer.view.message
    explorer.inputs["a"] = 3.0
    assert explorer.view.alive and not explorer.view.old


def test_a_leaking_function_is_waited_for():
    def f(a, b):
        return a * Mine(math.sin(a.data)) + b

    explorer = explore(f, cls=Mine, a=2.0, b=1.0)
    assert not explorer.view.alive
    assert explorer.view.pace == "Each move waits for Mine: a part of what it computes is not in the graph."


def test_arrays_are_waited_for():
    from cgviz.tensor import Tensor

    view = explore(lambda a: (a * Tensor([1.0, 2.0])).sum(), cls=Tensor, a=2.0).view
    assert not view.alive and view.pace == "Each move waits for Tensor: the page computes with single numbers alone."


def test_a_class_of_ones_own_is_no_page_of_its_own():
    with pytest.raises(ValueError, match="only a graph of cgviz's own Value"):
        explore(worked, cls=Mine, **STARTS).to_html()


@pytest.mark.parametrize("cls", [Mine, InSets], ids=["in tuples", "in sets"])
def test_the_picture_stays_what_it_is_whatever_the_numbers_are(cls):
    explorer = explore(lambda a, b, c, d: a * b + c * d, cls=cls, **STARTS)
    pictures = set()
    for a in (-20.0, -2.5, 0.0, 3.0, 40.0):
        explorer.inputs["a"] = a
        pictures.add(explorer.view.svg)
    assert len(pictures) == 1
