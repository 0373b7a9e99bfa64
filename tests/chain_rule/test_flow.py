"""What flows back along each edge: of numbers that are no floats, of arrays, and where no derivative is known."""

import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cgviz import Value, explain, steps, trace
from cgviz.chain_rule.contributions import Doubtful, fit, name_operand, ones
from cgviz.chain_rule.flow import gradients, own_rules, uses
from cgviz.graph import discovery, reading
from cgviz.graph.discovery import in_order


class Plain:
    """A class of a learner's: its operations are recorded, and it has no rule of its own."""

    def __init__(self, data, _prev=(), _op="", label=""):
        self.data, self._prev, self._op, self.label, self.grad = data, _prev, _op, label, 0.0

    def __mul__(self, other):
        return Plain(self.data * other.data, (self, other), "*")


@pytest.mark.parametrize("number", [Decimal, Fraction, float])
def test_numbers_that_are_exact_flow_as_floats(number):
    product = Plain(number("1.5"), label="a") * Plain(number("2"), label="b")
    assert [(use.local, use.product) for use in uses(trace(product))] == [(2.0, 2.0), (1.5, 1.5)]


def test_a_node_that_is_used_three_times_has_a_first_and_a_last_use():
    a = Value(2.0, "a")
    found = uses(trace(a * a + a))
    assert [(use.first, use.complete) for use in found if use.source == 0] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip
    assert [use.before for use in found if use.source == 0] + [5.0] == [0.0, *(u.after for u in found if u.source == 0)]


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        (Plain(2.0, (Plain(-4.0),), "mystery", "z"), "no derivative is known for 'mystery', which computed 'z'"),
        (Plain(2.0, (Plain(-4.0),), "", "z"), "no derivative is known for the operation that computed 'z'"),
        (Plain("w", (Plain("w"), Plain("w")), "*", "y"), "'y' holds a str, and derivatives are of numbers"),
    ],
)
def test_where_no_derivative_is_known_that_is_said_of_the_node(node, sentence):
    with pytest.raises(Doubtful) as refused:
        uses(trace(node))
    assert sentence in str(refused.value)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.sentence, again.doubt) == (
        str(refused.value),
        refused.value.sentence,
        refused.value.doubt,
    )


@pytest.mark.parametrize("work", [gradients, explain, steps])
def test_a_graph_is_walked_once_for_its_records_and_its_rules(work, monkeypatch):
    walks = []

    def counted(*args):
        walks.append(args)
        return in_order(*args)

    for module in (reading, discovery):
        monkeypatch.setattr(module, "in_order", counted)
    work(Value(2.0, "a") * Value(3.0, "b"))
    assert len(walks) == 1


def test_what_is_not_computed_yet_is_asked_to_be():
    with pytest.raises(TypeError, match="'y' is not computed yet: run the graph first"):
        uses(trace(Plain(None, (Plain(2.0), Plain(3.0)), "*", "y")))


def test_complex_numbers_are_refused_by_name():
    for data in (1j, np.complex128(2)):
        with pytest.raises(TypeError, match="node 'z' holds a complex number"):
            uses(trace(Plain(data, label="z")))


def test_where_nothing_arrives_a_missing_derivative_stops_nothing():
    a = Value(0.0, "a")
    rooted = [use for use in uses(trace(a.sqrt() * 0.0 + a)) if math.isnan(use.local)]
    assert [use.product for use in rooted] == [0.0]
    assert gradients(a.sqrt() * 0.0 + a)[0] == 1.0


def test_a_gradient_is_summed_back_to_the_shape_that_was_repeated():
    g = np.arange(6.0).reshape(2, 3)
    assert fit(g, (2, 3)) is g and fit(2.5, (3,)) == 2.5
    assert fit(g, (3,)).tolist() == [3.0, 5.0, 7.0]
    assert fit(g, (2, 1)).tolist() == [[3.0], [12.0]]
    assert fit(g, (1, 3)).tolist() == [[3.0, 5.0, 7.0]]
    assert fit(g, ()) == 15.0


def test_the_root_has_the_gradient_one_everywhere():
    assert ones(3.0) == 1.0 and type(ones(np.float64(3))) is float
    assert ones(np.array([math.inf, math.nan])).tolist() == [1.0, 1.0]
    assert ones(np.array([1, 2])).dtype == float and ones(np.array([1], dtype=np.float32)).dtype == np.float32


def test_a_sentence_names_an_operand_by_its_label_its_number_or_its_making():
    a = Value(2.0, "a")
    graph = trace((a * 3.0).exp())
    assert [str(name_operand(graph, i)).strip("'") for i in range(2)] == ["a", "3"]


def test_no_sentence_is_said_of_rules_that_nobody_had_to_ask():
    graph = trace(Value(2.0, "a") * Value(3.0, "b"))
    assert own_rules(graph, ()) == [] and own_rules(graph, [None] * len(graph.nodes)) == []
