"""The reasons that `gradcheck` names are so, and where two slips look alike, or one is not known, it names none."""

import random
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest

from cgviz import gradcheck, steps


def plus(a, b, g):
    a.grad += g
    b.grad += g


def times(a, b, g):
    a.grad += g * b.data
    b.grad += g * a.data


def engine(add=plus, mul=times, product=lambda a, b: a * b, key=id, after=lambda nodes: None):
    """A class in the manner of micrograd: its rules, what its order takes for one node, and what comes afterwards."""

    class V:
        def __init__(self, data, _prev=(), _op=""):
            self.data, self._prev, self._op, self.grad = data, _prev, _op, 0.0

        def __add__(self, other):
            return V(self.data + other.data, (self, other), "+")

        def __mul__(self, other):
            return V(product(self.data, other.data), (self, other), "*")

        def backward(self):
            order, seen = [], []

            def walk(v):
                if key(v) not in seen:
                    seen.append(key(v))
                    for x in v._prev:
                        walk(x)
                    order.append(v)

            walk(self)
            self.grad = 1.0
            for v in reversed(order):
                if v._op:
                    {"+": add, "*": mul}[v._op](*v._prev, v.grad)
            after(order)

    return V


EQUAL = "equal nodes are taken for one (compare with `is`, or remember each node by its id)"


@pytest.mark.parametrize(
    "f", [lambda a, b: a * b + a * (b + b), lambda a, b: (a + b) * b + a * b, lambda a, b: (a * b + b) * (b + a * b)]
)
def test_nodes_that_are_told_apart_by_their_numbers(f):
    report = gradcheck(f, cls=engine(key=lambda v: v.data), a=2.0, b=1.0)
    if not report.ok:
        assert EQUAL in str(report) and "only the use by" not in str(report)
    report = gradcheck(lambda a, b: (a + b) * b + a * b, cls=engine(key=lambda v: v.data), a=2.0, b=2.0)
    assert not report.ok and EQUAL in str(report) and "only the use by" not in str(report)


def forget(order, root):
    for v in order if root else order[:-1]:
        if v._prev:
            v.grad = 0.0


@pytest.mark.parametrize("root", [False, True])
def test_inner_gradients_that_are_not_kept(root):
    cls = engine(after=lambda order: forget(order, root))
    report = gradcheck(lambda a, b: (a * b + a) * b, cls=cls, a=2, b=3)
    assert len(report.wrong) == 2 + root
    for sentence in report.wrong:
        assert "the gradients of the leaves are right, and those of inner nodes are not kept" in sentence


def test_a_pass_that_begins_with_two_is_still_called_so():
    cls = engine(add=lambda a, b, g: plus(a, b, 2 * g), after=lambda order: setattr(order[-1], "grad", 2.0))
    report = gradcheck(lambda a, b: a * b + a, cls=cls, a=2, b=3)
    assert "grad of 'v3' is 2, should be 1: a backward pass begins with 1 at the output" in report.wrong


@pytest.mark.parametrize(
    ("f", "given"),
    [(lambda a, b: a * b, {"a": 2, "b": 2}), (lambda a, b: a * b + a, {"a": 2, "b": 2})],
)
def test_an_operation_that_computes_something_else_elsewhere_has_lost_no_use(f, given):
    report = gradcheck(f, cls=engine(product=lambda a, b: a + b), **given)
    assert not report.ok and "not complete" not in str(report) and "a use of it" not in str(report)
    assert "is that of '*' here, and not at other numbers" in str(report)


def test_a_number_before_an_operation_that_computes_something_else_is_not_moved_by_its_row():
    report = gradcheck(lambda a, b: (a + b) * b, cls=engine(product=lambda a, b: a / 2 + b / 2 + 2), a=2, b=2)
    assert [row.name for row in report.rows if row.name == "v2"] == [] and "for lack of a row" in str(report)


class Unfinished:
    def __init__(self, data, _prev=()):
        self.data, self._prev, self.grad = data, _prev, 0.0

    def __add__(self, other):
        raise NotImplementedError("write this")


class Demanding:
    def __init__(self, data, label):
        self.data = data


class Shared:
    operands: ClassVar[list] = []

    def __init__(self, data, _prev=()):
        self.data, self._prev, self.grad = data, _prev, 0.0

    def __add__(self, other):
        Shared.operands += [self, other]
        return Shared(self.data + other.data, Shared.operands)

    def backward(self):
        self.grad = 1.0


def test_a_class_that_is_not_finished_is_told_in_a_sentence():
    with pytest.raises(TypeError, match="Unfinished is not finished, it raised NotImplementedError: write this"):
        gradcheck(lambda a, b: a + b, cls=Unfinished, a=1, b=2)
    with pytest.raises(TypeError, match=r"cls: Demanding\(1\) has to make a node, but it raised TypeError: .*label"):
        gradcheck(lambda a, b: a + b, cls=Demanding, a=1, b=2)
    with pytest.raises(
        TypeError, match=r"cls: expected a class of nodes, such as Value, but dict\(.*|has to make a node"
    ):
        gradcheck(lambda a, b: a + b, cls=dict, a=1, b=2)


def test_nodes_that_share_one_list_of_operands():
    report = gradcheck(lambda a, b: a + b, cls=Shared, a=1, b=2)
    assert not report.ok and "share one list of operands" in report.wrong[0]


def clip(order, limit=1.0):
    for v in order:
        v.grad = max(-limit, min(limit, v.grad))


@pytest.mark.parametrize("limit", [1.0, 2.5])
@pytest.mark.parametrize("given", [{"a": 2, "b": 3}, {"a": 0.5, "b": -3}])
def test_gradients_that_are_clipped(limit, given):
    cls = engine(after=lambda order: clip(order, limit))
    report = gradcheck(lambda a, b: (a * b + a) * b + a, cls=cls, **given)
    assert report.wrong and all(line.endswith(f"the gradients are clipped to ±{limit:g}") for line in report.wrong)


def test_half_a_gradient_is_not_taken_for_a_clipped_one():
    report = gradcheck(lambda a, b: a * b, cls=engine(mul=lambda a, b, g: times(a, b, g / 2)), a=2, b=3)
    assert "clipped" not in str(report) and "half" in str(report)


def crossed(a, b, g):
    a.grad = g
    b.grad -= g


def test_two_slips_in_one_rule():
    report = gradcheck(lambda a, b: (a + b) * (a * b), cls=engine(add=crossed), a=2, b=3)
    assert "left out" not in str(report)
    assert all(
        ": " not in line.partition("should be")[2] or "the sign" in line or "+=" in line for line in report.wrong
    )


def once(a, b, g):
    a.grad += g
    if a is not b:
        b.grad += g


def test_a_node_that_is_both_operands_counts_twice():
    for f in (lambda a, b: (a + a) * b, lambda a, b: a + a + b, lambda a, b: (a + a) * a + b):
        report = gradcheck(f, cls=engine(add=once), a=2, b=3)
        assert not report.ok and "only the use by" not in str(report)
        assert "of a node that is both operands one use is left out, and both count" in str(report)


@pytest.mark.parametrize("scale", [1.0, 1e-7, 1e-14, 1e-40, 1e12])
def test_gradients_of_any_size_are_held_against_what_steps_can_tell(scale):
    def f(a, b):
        return (a + b) * (a * b) * scale

    right = gradcheck(f, cls=engine_with_numbers(), a=2.0, b=5.0)
    assert right.ok and all(row.state == "agrees" for row in right.rows)
    lost = gradcheck(f, cls=engine_with_numbers(mul=lambda a, b, g: None), a=2.0, b=5.0)
    assert not lost.ok and "nothing has been passed back" in str(lost)
    tiny = gradcheck(lambda a, b: a * b, cls=engine(mul=lambda a, b, g: None), a=scale, b=3 * scale)
    assert not tiny.ok


def engine_with_numbers(**rules):
    plain = engine(**rules)

    def mul(self, other, times=plain.__mul__):
        return times(self, other if isinstance(other, plain) else plain(other))

    plain.__mul__ = mul
    return plain


class Cut:
    """Leaves constants out of its records, with a rule of its own for k - x."""

    def __init__(self, data, _prev=(), _op="", slope=1.0):
        self.data, self._prev, self._op, self.grad, self.slope = data, _prev, _op, 0.0, slope

    def __add__(self, other):
        return Cut(self.data + other.data, (self, other), "+")

    def __rsub__(self, k):
        return Cut(k - self.data, (self,), "-")  # and the slope is -1

    def backward(self):
        self.grad += 1.0
        stack = [self]
        while stack:
            node = stack.pop()
            for x in node._prev:
                x.grad += node.grad * node.slope
                stack.append(x)


@pytest.mark.parametrize("f", [lambda a, b: (10 - b) + a, lambda a, b: (10 - b) + (a + a), lambda a, b: a + (3 - b)])
def test_what_is_not_known_is_no_evidence_for_a_reason(f):
    report = gradcheck(f, cls=Cut, a=-1.5, b=2.0)
    assert not report.ok and "clipped" not in str(report)


class Either:
    """A right class whose operands stand the other way round."""

    def __init__(self, data, prev=(), op="", slopes=()):
        self.data, self._prev, self._op, self.grad, self.slopes = data, prev, op, 0.0, slopes

    def __add__(self, other):
        return type(self)(self.data + other.data, (other, self), "+", (1.0, 1.0))

    def __sub__(self, other):
        return type(self)(self.data - other.data, (other, self), "-", (-1.0, 1.0))

    def __truediv__(self, other):
        return type(self)(self.data / other.data, (other, self), "/", (-self.data / other.data**2, 1 / other.data))

    def cube(self):
        return type(self)(self.data**3, (self,), "its own", (3 * self.data**2,))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for x in node._prev:
                    visit(x)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for x, slope in zip(node._prev, node.slopes, strict=True):
                x.grad += slope * node.grad


@pytest.mark.parametrize("b", [2.0, 3.0])
@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: ((a + a) - (b + b)) + a.cube(),
        lambda a, b: (a - b) + a.cube(),
        lambda a, b: (a / b) + a.cube(),
        lambda a, b: ((a + b) - (b + a)).cube() + a,
        lambda a, b: (a.cube() - b.cube()) / a + b,
    ],
)
def test_an_order_of_operands_that_is_not_known_convicts_nobody(f, b):
    report = gradcheck(f, cls=Either, a=2.0, b=b)
    assert report.ok, str(report)


class Shuffled(Either):
    """A right class whose operands stand in any order, as in tuple({self, other})."""

    pick = random.Random(3)

    def __init__(self, data, prev=(), op="", slopes=()):
        turn = -1 if Shuffled.pick.random() < 0.5 else 1
        super().__init__(data, prev[::turn], op, slopes[::turn])


@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: ((a + a) - (b + b)) + a.cube(),
        lambda a, b: (a - b) + (a + a - b) + a.cube(),
        lambda a, b: (a / b) + (a + a) / b + a.cube(),
    ],
)
def test_orders_that_are_chance_convict_nobody(f):
    for _ in range(12):
        report = gradcheck(f, cls=Shuffled, a=2.0, b=2.0)
        assert report.ok, str(report)


def test_an_order_that_is_not_known_is_not_printed():
    a, b = Either(2.0), Either(2.0)
    y = (a - b) + a.cube()
    y.backward()
    assert "there is no telling which of the two it is" in str(steps(y))
    assert "v3 is 0, by '-' of v1 (2) and v0 (2)" in str(steps(y))
    a, b = Either(2.0), Either(2.0)
    y = ((a + a) - (b + b)) + a.cube()
    y.backward()
    assert "v5 = v3 - v4 = 4 - 4 = 0" in str(steps(y))


class Chance:
    """Compares by a number of its own, so that the order of a set is another one in each run; `*` says = for +=."""

    pick = random.Random(5)

    def __init__(self, data, prev=(), op=""):
        self.data, self.key, self._op, self.grad, self.xs = data, Chance.pick.getrandbits(40), op, 0.0, prev
        self._prev = set(prev)

    def __hash__(self):
        return self.key

    def __eq__(self, other):
        return self is other

    def __add__(self, other):
        return Chance(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        return Chance(self.data * other.data, (self, other), "*")

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for x in node._prev:
                    visit(x)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            if node._op == "+":
                plus(*node.xs, node.grad)
            elif node._op:
                node.xs[0].grad, node.xs[1].grad = (x.data * node.grad for x in node.xs[::-1])


def test_the_order_of_a_set_hides_no_fault():
    found = [gradcheck(lambda a, b: (a * b) + (a + b), cls=Chance, a=2.0, b=3.0).ok for _ in range(20)]
    assert found.count(True) <= 2  # each time it is one of 2⁷


@pytest.mark.parametrize("number", [Decimal, Fraction])
@pytest.mark.parametrize("factor", [1, 2])
def test_numbers_that_do_not_add_up_with_floats(number, factor):
    class Exact(Either):
        def __init__(self, data, prev=(), op="", slopes=()):
            super().__init__(number(data), prev, op, slopes)
            self.grad = number(0)

        def backward(self):
            self.grad = number(1)
            stack = [self]
            while stack:
                node = stack.pop()
                for x, slope in zip(node._prev, node.slopes, strict=True):
                    x.grad += factor * int(slope) * node.grad
                    stack.append(x)

    report = gradcheck(lambda a, b: (a + b) - (b + b), cls=Exact, a=2, b=3)
    assert report.ok == (factor == 1)
