"""The constant that an operation has taken in, told from a number and a local derivative, or left open."""

import math

import pytest

from cgviz.graph.constants import with_constant
from cgviz.graph.operation_names import name_operation

E = math.e
CASES = [
    (("power", 0), (8.0, 3.0, 8 * math.log(2)), ["2**"]),
    (("power", 0), (1.0, 0.0, math.log(2)), ["2**"]),
    (("power", 0), (E, 1.0, E), ["exp"]),
    (("power", 0), (1.0, 3.0, 0.0), ["?"]),
    (("power", 0), (1.0, 0.0, 0.7123456789), ["?"]),
    (("power", 1), (0.0, 0.0, 1.0), ["identity"]),
    (("power", 1), (1.0, 0.0, 0.0), ["?"]),
    (("power", 1), (math.inf, 0.0, 0.0), ["?"]),
]


@pytest.mark.parametrize(("folded", "numbers", "symbols"), CASES)
def test_a_constant_is_told_by_number_and_slope(folded, numbers, symbols):
    assert [*with_constant({folded}, *numbers)] == symbols


def refuse(self):
    raise ValueError("no text")


def test_an_operation_that_is_an_object_has_the_name_of_its_class_where_its_text_is_none():
    assert name_operation(type("Mul", (), {"__str__": refuse})()) == "Mul"
    assert name_operation(type("Mul", (), {"__str__": lambda self: "x" * 50})()) == "Mul"
    assert name_operation(type("fn", (), {"op": "mul"})()) == "mul"
    assert name_operation(type("Any", (), {"__str__": lambda self: "·"})()) == "·"
