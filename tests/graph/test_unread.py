"""A computed node that would be drawn as a lone leaf says why, wherever its graph is shown."""

import pytest

from cgviz import draw, explain, explore, gradcheck, steps, table, trace
from cgviz.graph import unread
from cgviz.live.view import GraphView
from cgviz.pictures import draw_dot


class Leaf:
    def __init__(self, data):
        self.data, self.grad = data, 0.0


class Plain(Leaf):
    def __init__(self, data, made_of=()):
        super().__init__(data)
        self.made_of = made_of

    def __mul__(self, other):
        return type(self)(self.data * other.data, (self, other))

    def backward(self):
        self.grad = 1.0


class Slots:
    __slots__ = ("data", "uses_of")

    def __init__(self, data, uses_of=()):
        self.data, self.uses_of = data, uses_of


class Private(Leaf):
    def __init__(self, data, operands=()):
        super().__init__(data)
        self.__operands = list(operands)


class Edge:
    def __init__(self, prev):
        self.prev = prev


class Function:
    def __init__(self, *inputs):
        self.given = inputs


def with_attribute(name, value):
    node = Leaf(6.0)
    setattr(node, name, value)
    return node


def closed_over():
    a, out = Leaf(2.0), Leaf(4.0)

    def _backward():
        a.grad += out.grad

    out._backward = _backward
    return out


def an_empty_record():
    node = with_attribute("made_of", (Leaf(2.0),))
    node._prev, node._op = (), "*"
    return node


def by_name_alone():
    node = Leaf(6.0)
    node.op = "*"
    return node


CASES = {
    "a tuple": (lambda: Plain(6.0, (Plain(2.0), Plain(3.0))), "nodes are in its attribute 'made_of'"),
    "slots": (lambda: Slots(6.0, [Slots(2.0)]), "nodes are in its attribute 'uses_of'"),
    "a private name": (lambda: Private(6.0, {Leaf(2.0)}), "nodes are in its attribute '_Private__operands'"),
    "one node": (lambda: with_attribute("left", Leaf(2.0)), "nodes are in its attribute 'left'"),
    "a dictionary": (lambda: with_attribute("made_of", {"x": Leaf(2.0)}), "nodes are in its attribute 'made_of'"),
    "keys": (lambda: with_attribute("locals", {Leaf(2.0): 3.0}), "nodes are in its attribute 'locals'"),
    "pairs": (lambda: with_attribute("ctx", (1, (Leaf(2.0),))), "nodes are in its attribute 'ctx'"),
    "edges": (lambda: with_attribute("edges", [Edge(Leaf(2.0))]), "nodes are in its attribute 'edges'"),
    "a function": (
        lambda: with_attribute("creator", Function(Leaf(2.0))),
        "nodes are in its attribute 'creator.given'",
    ),
    "a closure": (closed_over, "nodes are in the closure of its attribute '_backward'"),
    "an empty record": (an_empty_record, "nodes are in its attribute 'made_of'"),
    "an operation alone": (by_name_alone, "more names): keep them, as in result._prev = (a, b)"),
}


@pytest.mark.parametrize(("make", "where"), CASES.values(), ids=CASES)
def test_every_way_of_showing_a_graph_says_what_was_not_read(make, where):
    root = make()
    shown = [table(root), draw(root).html, repr(draw(root)), str(steps(root)), str(explain(root))]
    shown += [GraphView(root).notice, repr(draw_dot(root)._repr_mimebundle_())]
    for text in shown:
        text = text.replace("&#x27;", "'").replace("\\'", "'")
        assert f"stands as a leaf: {type(root).__name__} does not record its operands (looked for _prev" in text, text
        assert where in text, text


def test_explore_and_the_check_say_it_too_and_once():
    view = explore(lambda a, b: a * b, cls=Plain, a=2.0, b=3.0).view
    assert view.notice.count("nodes are in its attribute 'made_of'") == 1
    assert "nodes are in its attribute 'made_of'" in str(gradcheck(lambda a, b: a * b, cls=Plain, a=2.0, b=3.0))


class Self(Leaf):
    def __init__(self, data):
        super().__init__(data)
        self.me, self.names, self.grad, self.cls = self, ["a", 2], None, Leaf
        self._backward = lambda: None


def test_of_a_leaf_nothing_is_said():
    with_record = Leaf(2.0)
    with_record._prev, with_record.users = (), [Leaf(3.0)]  # it has no operands, and is used elsewhere
    second = with_attribute("label", "x")
    second.grad = Leaf(1.0)  # a gradient that is a node is no operand
    for leaf in (Leaf(2.0), Plain(2.0), Slots(2.0), Private(2.0), Self(2.0), with_record, second):
        assert unread(leaf) == "" and "does not record" not in table(leaf) + draw(leaf).html
        assert trace(leaf).root.unread == ""


class NumbersAlone(Leaf):
    """Computes, and keeps nothing of it."""

    def __add__(self, other):
        return NumbersAlone(self.data + other.data)


class Tape(list):
    pass


TAPE = Tape([("leaf", 0)])


class ByPlace:
    """Each node knows a place on a tape, where the places of its operands stand."""

    def __init__(self, value, tape=TAPE):
        self.value, self.tape, self.place = value, tape, len(tape)
        tape.append(("leaf", self.place))

    def __mul__(self, other):
        made = ByPlace(self.value * other.value)
        self.tape[made.place] = "*", self.place, other.place
        return made


KNOWN = {}


class OnGlobalTape:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __sub__(self, other):
        made = type(self)(self.value - other.value)
        KNOWN[id(made)] = self, other
        return made


@pytest.mark.parametrize(
    "make",
    [
        lambda: NumbersAlone(2.0) + NumbersAlone(3.0),
        lambda: ByPlace(2.0) * ByPlace(3.0),
        lambda: OnGlobalTape(2.0) - OnGlobalTape(3.0),
    ],
)
def test_a_class_that_records_nothing_of_what_it_computes_is_told_so(make):
    said = f"'v0' stands as a leaf: if it was computed, {type(make()).__name__} does not record its operands"
    for text in (table(make()), repr(draw(make())), str(steps(make())), str(explain(make())), GraphView(make()).notice):
        assert said in text.replace("&#x27;", "'"), text


class OnResults(Leaf):
    """Only what was computed has the attribute."""

    def __add__(self, other):
        made = OnResults(self.data + other.data)
        made.parents = self, other
        return made


class Constant(Leaf):
    """Operators make objects of another class."""

    def __add__(self, other):
        return Plain(self.data + other.data, (self, other))


def test_of_a_leaf_whose_class_records_what_it_computes_nothing_is_said():
    for leaf in (OnResults(2.0), Constant(2.0)):
        assert trace(leaf).root.unread == ""
    assert len(trace(OnResults(2.0) + OnResults(3.0)).nodes) == 3


def test_explore_says_why_a_set_is_not_read():
    class InSet(Leaf):
        def __init__(self, data, prev=(), op=""):
            super().__init__(data)
            self._prev, self._op = set(prev), op

        def __sub__(self, other):
            return InSet(self.data - other.data, (self, other), "-")

        def backward(self):
            self.grad = 1.0

    explorer = explore(lambda a, b: a - b, cls=InSet, a=3.0, b=3.0)
    assert "there is no telling which of the two it is" in explorer.view.notice
    explorer.inputs["a"] = 5.0
    assert explorer.view.notice == ""
