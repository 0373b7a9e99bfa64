"""The reasons that `gradcheck` names are so, and where two slips look alike, or one is not known, it names none."""

from typing import ClassVar

import pytest

from cgviz import gradcheck


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
