"""Operations and labels that are another in every run: what lasts of them is shown, and two runs draw the same."""

import uuid

import pytest

from cgviz import draw, draw_dot, explain, steps, table, trace

OPS = {
    "an id": lambda node: f"mul_{id(node)}",
    "hexadecimal": lambda node: f"mul@{id(node):x}",
    "written as such": lambda node: f"mul {id(node):#x}",
    "by chance": lambda node: f"mul-{uuid.uuid4()}",
    "chance without lines": lambda node: f"mul_{uuid.uuid4().hex}",
}
LABELS = {
    "an id": lambda node: f"node_{id(node)}",
    "hexadecimal": lambda node: f"{id(node):X}",
    "as Python writes objects": object.__repr__,
    "by chance": lambda node: str(uuid.uuid4()),
    "chance without lines": lambda node: f"n{uuid.uuid4().hex}",
}
ALIVE = []


def make(op=None, label=None):
    class Node:
        def __init__(self, data, prev=(), kind=""):
            self.data, self._prev = data, prev
            self._op = op(self) if op and kind else kind
            if label:
                self.name = label(self)
            ALIVE.append(self)  # so that the next run has other addresses

        def __mul__(self, other):
            return Node(self.data * other.data, (self, other), "mul")

    return Node


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_an_operation_is_called_what_lasts_of_its_name(op):
    cls = make(op=op)
    y = cls(2.0) * cls(-3.0)
    assert trace(y).root.op == "mul" and "∂v2/∂v0 = ∂v2/∂v2 · ∂v2/∂v0 = 1 · v1" in str(explain(y))


@pytest.mark.parametrize("name", LABELS)
def test_two_runs_show_the_same(name):
    def shown():
        cls = make(label=LABELS[name])
        y = cls(2.0) * cls(-3.0)
        return table(y), draw_dot(y).source, repr(draw(y)), str(steps(y)), str(explain(y))

    assert shown() == shown() and "mul(v0, v1)" in shown()[0]


@pytest.mark.parametrize(
    "label",
    ["x1*w1 + x2*w2", "beefcafe", "a long label of 2026", "0x2a", "layer_000000001", "a" * 40, "0123456789" * 4],
)
def test_a_label_of_somebody_s_stays(label):
    cls = make(label=lambda node: label)
    assert trace(cls(2.0)).root.label == label


@pytest.mark.parametrize("op", ["**0.333333333333", "**-1234567890", "+140126633557200", "*1e-123456789", "mul"])
def test_a_constant_of_many_digits_stays(op):
    cls = make(op=lambda node: op)
    assert trace(cls(1.0) * cls(1.0)).root.op == op
