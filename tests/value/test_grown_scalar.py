"""A learner's Scalar in mlfz's manner: grown by inheritance, its edges carrying the local gradients."""

import json
import math
from typing import NamedTuple

import pytest

from cgviz import draw, draw_dot, explain, explore, gradcheck, steps, table, trace
from cgviz.chain_rule.flow import gradients
from cgviz.run.run import Run


class Edge(NamedTuple):
    prev: object
    local_grad: float


class Scalar:
    """First cell: a number and where it came from."""

    def __init__(self, value, prevs=()):
        self.value, self.prevs, self.backwards_grad = value, list(prevs), 0.0


class Scalar(Scalar):
    """Second cell: sums and products."""

    def _wrap(self, other):
        return other if hasattr(other, "prevs") else type(self)(other)

    def __add__(self, other):
        other = self._wrap(other)
        return type(self)(self.value + other.value, [Edge(self, 1.0), Edge(other, 1.0)])

    def __mul__(self, other):
        other = self._wrap(other)
        return type(self)(self.value * other.value, [Edge(self, other.value), Edge(other, self.value)])


class Scalar(Scalar):
    """Third cell: backward."""

    def backward(self):
        order, seen = [], set()

        def walk(node):
            if id(node) not in seen:
                seen.add(id(node))
                for edge in node.prevs:
                    walk(edge.prev)
                order.append(node)

        walk(self)
        for node in order:
            node.backwards_grad = 0.0
        self.backwards_grad = 1.0
        for node in reversed(order):
            for edge in node.prevs:
                edge.prev.backwards_grad += node.backwards_grad * edge.local_grad


def sigmoid(x):
    y = 1 / (1 + math.exp(-x.value))
    return type(x)(y, [Edge(x, y * (1 - y))])


def f(a, x, b):
    return sigmoid(a * x + b) + a


@pytest.fixture
def built():
    a, x, b = Scalar(2.0), Scalar(-1.0), Scalar(3.0)
    y = a * x + b
    s = sigmoid(y)
    z = s + a
    names = {id(a): "a", id(x): "x", id(b): "b", id(y): "y", id(s): "s", id(z): "z"}
    return (y, s, z), names


def test_the_picture_after_each_step_of_the_forward_pass(built):
    pictures, names = [], built[1]
    for root in built[0]:
        picture = draw(root, names=names)
        assert "not computed yet" in picture.text and "<svg" in picture.svg
        pictures.append([node.name for node in trace(root, names).nodes])
    assert pictures == [
        ["a", "x", "b", "v3", "y"],
        ["a", "x", "b", "v3", "y", "s"],
        ["a", "x", "b", "v3", "y", "s", "z"],
    ]
    assert "grad" in draw_dot(built[0][-1], names=names).source


def test_the_edges_show_their_local_gradients(built):
    z = built[0][-1]
    assert [edge.local for edge in trace(z).edges] == pytest.approx([-1.0, 2.0, 1.0, 1.0, 0.19661193, 1.0, 1.0])
    assert "0.1966" in draw(z, local=True).svg


def test_every_renderer(built):
    z, names = built[0][-1], built[1]
    z.backward()
    assert table(z, names=names).splitlines()[1].split() == ["a", "2", "0.8034"]
    found = steps(z, names)
    json.dumps(found.plain, allow_nan=False)
    mine = [step for step in found.backward if step.name == "a"]
    assert [step.user for step in mine] == [6, 3] and mine[-1].after == pytest.approx(1 - 0.19661193)
    product = "∂z/∂v3 · ∂v3/∂a"  # the class names no operation: its local derivatives tell it
    assert mine[-1].text == f"∂z/∂a += {product} = 0.1966 · x = 0.1966 · -1 = -0.1966, in all 1 - 0.1966 = 0.8034"
    assert "∂v6/∂v0 = -0.1966 + 1 = 0.8034" in explain(z).lines
    assert gradients(trace(z))[0] == pytest.approx(0.8033881)


def test_run_explore_and_check():
    run = Run(f, Scalar)
    run.update(a=2, x=-1, b=3)
    assert run.gradients == pytest.approx({"a": 0.8033881, "x": 0.3932239, "b": 0.1966119}, abs=1e-7)
    explorer = explore(f, cls=Scalar, a=2, x=-1, b=3)
    assert explorer.error is None and explorer.root.value == run.root.value
    report = gradcheck(f, cls=Scalar, a=2, x=-1, b=3)
    assert report.ok and [row.name for row in report.rows][:3] == ["a", "x", "b"]


def test_a_wrong_local_gradient_is_found():
    class Wrong(Scalar):
        def __mul__(self, other):
            return type(self)(self.value * other.value, [Edge(self, self.value), Edge(other, other.value)])

    report = gradcheck(lambda a, b: a * b, cls=Wrong, a=2, b=3)
    assert [line.split(":")[0] for line in report.wrong] == [
        "grad of 'b' is 3, should be 2",
        "grad of 'a' is 2, should be 3",
    ]


def test_a_class_not_grown_far_enough_is_told_what_is_missing():
    Half = Scalar.__mro__[1]  # the second cell
    report = gradcheck(f, cls=Half, a=2, x=-1, b=3)
    assert str(report).endswith("Scalar has no method backward, so there is no gradient to check")
    with pytest.raises(TypeError, match="unsupported operand"):
        gradcheck(f, cls=Scalar.__mro__[2], a=2, x=-1, b=3)
