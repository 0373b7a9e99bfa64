"""What labels look like in formulas: whatever somebody calls a node, no equation is false as it is printed."""

from html import unescape

import pytest

from cgviz import Value, draw, explain, log, steps, table, tanh, trace
from cgviz.ops.domain import DomainError
from cgviz.ops.labels import piece, quoted
from cgviz.pictures.node_words import caption, summary
from tests.equations import evaluate

NUMBERS = ("2", "0", "-1", "+3", "1e5", "1E-3", "2.", ".5", "NaN", "nan", "inf", "-Infinity", "∞", "½", "٣", "007",
           "1/2", "2 + 2", "2^3", "(7)", "２", "Ⅻ", "²", "2x", "5%", "1,5", "'4'", "x=3",
           "a ≈ 2", "1_0")  # fmt: skip
TORN = ("a)", "(a", "f(a", "a]", "[0, 1)", ")(", "{")
NAMES = (
    "a",
    "w1",
    "x̂",
    "h[0]",
    "W.T",
    "f(x, y)",
    "größe_2",
    "a'",
    "σ₁",
    "🙂",
    "_1",
    "x2",
    "layer 1",
    "a=b",
    "1-p",
    "e",
)


@pytest.mark.parametrize("label", NUMBERS + TORN)
def test_a_label_that_reads_as_a_number_or_is_half_an_expression_stands_in_quotes(label):
    mark = '"' if "'" in label else "'"
    inside = f"{mark}{label}{mark}"
    a, y = Value(0.5, label), Value(3.0, "y")
    product = a * y
    product.label = "L"
    written = f"{steps(product)}\n{explain(product)}"
    assert f"L = {inside} · y = 0.5 · 3 = 1.5" in written and f"∂L/∂{inside}" in written
    assert f"{inside} * y" in table(product) and f"L = {inside} * y" in unescape(draw(product).svg)
    assert f"tanh({inside})" in table(tanh(a)) and f"tanh({inside})" in str(steps(tanh(a)))
    assert f"{inside}^3" in str(steps(a**3)) and evaluate(inside) is None
    with pytest.raises(DomainError) as error:
        log(Value(-1.0, label))
    assert f"log({inside}) is defined for {inside} > 0, but node" in str(error.value)


@pytest.mark.parametrize("label", NUMBERS)
def test_a_root_that_is_called_a_number_states_nothing_false(label):
    root = Value(0.25, "a") * Value(3.0, "y")
    root.label = label
    inside = quoted(label)
    assert inside != label and f"{inside} = a · y" in str(steps(root))
    graph = trace(root)
    assert caption(graph.root, graph).startswith(f"{inside} = a * y") and f"; {inside} = 0.75" in summary(graph)


@pytest.mark.parametrize("label", NAMES)
def test_any_other_label_stays_without_quotes(label):
    assert quoted(label) == label and str(piece(label)) == label


def test_a_constant_is_no_label():
    root = Value(2.0, "a") * 3
    root.label = "L"
    assert "L = a · 3 = 2 · 3 = 6" in str(steps(root)) and "a * 3" in table(root)
