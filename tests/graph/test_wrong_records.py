"""Classes that record wrong local derivatives, or cannot be tried: no name is false, and no number stale."""

import math
import random
from collections import Counter

import pytest

from cgviz import gradcheck, table, trace
from cgviz.graph import objects
from cgviz.ops.rows import find

RIGHT = {
    "__add__": ("+", "a + b", "1, 1"),
    "__mul__": ("*", "a * b", "b, a"),
    "__sub__": ("-", "a - b", "1, -1"),
    "__truediv__": ("/", "a / b", "1 / b, -a / b / b"),
    "exp": ("exp", "math.exp(a)", "math.exp(a),"),
    "relu": ("relu", "max(0.0, a)", "float(a > 0),"),
    "tanh": ("tanh", "math.tanh(a)", "1 - math.tanh(a) ** 2,"),
    "__neg__": ("neg", "-a", "-1,"),
}
FOREIGN = {
    "gate": ("a if b > 0 else 0.0", "float(b > 0), 0.0"),
    "hypot": ("math.hypot(a, b)", "a / (math.hypot(a, b) or 1), b / (math.hypot(a, b) or 1)"),
    "lower": ("min(a, b)", "float(a <= b), float(a > b)"),
    "softsign": ("a / (1 + abs(a))", "1 / (1 + abs(a)) ** 2,"),
}
WRONG = {1: ("1.0,", "a,", "0.0,", "-1.0,"), 2: ("1, 1", "a, b", "b, b", "-1, 1", "0, 1")}
NUMBERS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 3.0, 7.0)
HEAD = """
class Node:
    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad, self._children, self._local_grads = data, 0, children, local_grads
"""


def written(rng, wrong):
    """The text of a class, and what each of its methods makes; some of them tell of it, and so are not tried."""
    text, methods = HEAD, {}
    names = [*rng.sample(list(RIGHT), rng.randint(2, 6)), *rng.sample(list(FOREIGN), rng.randint(0, 2))]
    for name in names:
        symbol, number, slopes = RIGHT.get(name) or ("", *FOREIGN[name])
        count = 2 if "b" in number.replace("abs", "") else 1
        if wrong and rng.random() < 0.4:
            slopes = rng.choice(WRONG[count])
        loud = "print(end='')" if not symbol and rng.random() < 0.5 else "pass"
        b, given, operands = ("other.data", "self, other", "self, other") if count == 2 else ("None", "self", "self,")
        text += f"    def {name}({given}):\n        {loud}\n        a, b = self.data, {b}\n"
        text += f"        return Node({number}, ({operands}), ({slopes}))\n"
        methods[name] = symbol, count
    return text, methods


@pytest.mark.parametrize("wrong", [False, True])
def test_nothing_is_called_what_it_is_not_and_nothing_is_stale_where_nothing_has_changed(wrong):
    seen: Counter = Counter()
    for seed in range(600):
        rng = random.Random(seed)
        text, methods = written(rng, wrong)
        space: dict = {"math": math}
        exec(text, space)
        pool = [space["Node"](rng.choice(NUMBERS) if rng.random() < 0.6 else rng.uniform(-3, 3)) for _ in range(4)]
        made = {}
        for _ in range(10):
            name = rng.choice(list(methods))
            symbol, count = methods[name]
            try:
                y = getattr(rng.choice(pool[-6:]), name)(*[rng.choice(pool[-6:]) for _ in range(count - 1)])
            except (ArithmeticError, ValueError):
                continue
            if abs(y.data) < 1e6:
                made[id(y)] = symbol
                pool.append(y)
        graph = trace(pool[-1])
        for node, obj in zip(graph.nodes, objects(pool[-1]), strict=True):
            if node.operands:
                truth, n = made[id(obj)], len(node.operands)
                assert not node.stale, (seed, truth, node)
                assert not node.op or (truth and find(node.op, n) is find(truth, n)), (seed, truth, node, text)
                seen[bool(node.op)] += 1
    assert seen[True] > 1000 and seen[False] > 200, seen


class Pairs:
    """Each operand with its local derivative beside it, and that of a difference wrong."""

    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = value, parents, 0.0

    def __mul__(self, other):
        return Pairs(self.value * other.value, [(self, other.value), (other, self.value)])

    def __add__(self, other):
        return Pairs(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __sub__(self, other):
        return Pairs(self.value - other.value, [(self, 1.0), (other, 1.0)])

    def backward(self, g=1.0):
        self.grad += g
        for parent, slope in self.parents:
            parent.backward(g * slope)


def test_a_wrong_local_derivative_makes_no_number_stale():
    y = Pairs(2.0) * Pairs(-3.0) - Pairs(10.0)
    y.backward()
    assert "stale" not in table(y) and "v3 - v2" in table(y)
    report = gradcheck(lambda a, b, c: a * b - c, cls=Pairs, a=2, b=-3, c=10)
    assert not report.ok and "the local derivative recorded by" in str(report) and "stale" not in str(report)


def test_numbers_that_have_changed_make_stale_what_was_computed_from_them():
    a, b = Pairs(2.0), Pairs(-3.0)
    y = a * b
    a.value = 5.0
    assert "stale" not in table(y)  # the derivatives of its difference are no evidence, so nothing is claimed

    class Honest(Pairs):
        __sub__ = None

        def __mul__(self, other):
            return Honest(self.value * other.value, [(self, other.value), (other, self.value)])

        def __add__(self, other):
            return Honest(self.value + other.value, [(self, 1.0), (other, 1.0)])

    a, b = Honest(2.0), Honest(-3.0)
    y = a * b
    a.value = 5.0
    assert "stale" in table(y)
