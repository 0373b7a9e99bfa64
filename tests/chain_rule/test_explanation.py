import math

import micrograd.engine as micrograd
import mlfz.nn.scalar as mlfz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cgviz import DomainError, Value, explain, trace
from cgviz.chain_rule.flow import gradients
from cgviz.chain_rule.terms import local_formula, names
from cgviz.graph import objects
from cgviz.ops.formula import Formula, Tex
from cgviz.ops.op import OPS
from cgviz.run.expression import parse


def seed():
    return compute("e = a*b; f = e + c; L = f*d", a=2, b=-3, c=10, d=-2)


def compute(text, **numbers):
    return parse(text)(**{name: Value(x, name) for name, x in numbers.items()})


SEED_LINES = (
    "∂L/∂L = 1",
    "∂L/∂f = ∂L/∂L · ∂L/∂f = 1 · d = 1 · -2 = -2",
    "∂L/∂e = ∂L/∂f · ∂f/∂e = -2 · 1 = -2",
    "∂L/∂d = ∂L/∂L · ∂L/∂d = 1 · f = 1 · 4 = 4",
    "∂L/∂c = ∂L/∂f · ∂f/∂c = -2 · 1 = -2",
    "∂L/∂b = ∂L/∂e · ∂e/∂b = -2 · a = -2 · 2 = -4",
    "∂L/∂a = ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6",
)


def test_the_worked_example_is_explained_line_by_line():
    assert explain(seed()).lines == SEED_LINES
    assert str(explain(seed())) == repr(explain(seed())) == "\n".join(SEED_LINES)


def test_the_worked_example_in_tex():
    assert explain(seed(), "a").tex == (
        r"\frac{\partial L}{\partial a} = \frac{\partial L}{\partial e} \cdot \frac{\partial e}{\partial a} "
        r"= -2 \cdot b = -2 \cdot -3 = 6",
    )


def test_an_explanation_shows_itself_in_a_notebook():
    bundle = explain(seed())._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/latex"}
    assert bundle["text/plain"] == "\n".join(SEED_LINES)
    assert bundle["text/latex"].startswith(r"$$\begin{aligned} \frac{\partial L}{\partial L} & = 1 \\")
    assert bundle["text/latex"].endswith(r"= -2 \cdot b = -2 \cdot -3 = 6 \end{aligned}$$")
    assert bundle["text/latex"].count("&") == len(SEED_LINES)


@pytest.mark.parametrize(
    ("text", "numbers", "lines"),
    [
        ("a", {"a": 3}, ["∂a/∂a = 1"]),
        (
            "a + a",
            {"a": 3},
            [
                "∂L/∂L = 1",
                "directly, operand 1: 1 · 1 = 1",
                "directly, operand 2: 1 · 1 = 1",
                "∂L/∂a = 1 + 1 = 2",
            ],
        ),
        (
            "a*a*a",
            {"a": -3},
            [
                "∂L/∂L = 1",
                "∂L/∂v1 = ∂L/∂L · ∂L/∂v1 = 1 · a = 1 · -3 = -3",
                "through v1, operand 1: ∂L/∂v1 · ∂v1/∂a = -3 · a = -3 · -3 = 9",
                "through v1, operand 2: ∂L/∂v1 · ∂v1/∂a = -3 · a = -3 · -3 = 9",
                "directly: 1 · v1 = 1 · 9 = 9",
                "∂L/∂a = 9 + 9 + 9 = 27",
            ],
        ),
        (
            "s = sigmoid(a*x + b); z = s + a",
            {"a": 1, "x": 2, "b": -2},
            [
                "∂z/∂z = 1",
                "∂z/∂s = ∂z/∂z · ∂z/∂s = 1 · 1 = 1",
                "∂z/∂v4 = ∂z/∂s · ∂s/∂v4 = 1 · s · (1 - s) = 1 · 0.25 = 0.25",
                "∂z/∂v3 = ∂z/∂v4 · ∂v4/∂v3 = 0.25 · 1 = 0.25",
                "∂z/∂b = ∂z/∂v4 · ∂v4/∂b = 0.25 · 1 = 0.25",
                "∂z/∂x = ∂z/∂v3 · ∂v3/∂x = 0.25 · a = 0.25 · 1 = 0.25",
                "through v3: ∂z/∂v3 · ∂v3/∂a = 0.25 · x = 0.25 · 2 = 0.5",
                "directly: 1 · 1 = 1",
                "∂z/∂a = 0.5 + 1 = 1.5",
            ],
        ),
        (
            "(a + b)*(a - b)",
            {"a": 3, "b": 1},
            [
                "∂L/∂L = 1",
                "∂L/∂v3 = ∂L/∂L · ∂L/∂v3 = 1 · v2 = 1 · 4 = 4",
                "∂L/∂v2 = ∂L/∂L · ∂L/∂v2 = 1 · v3 = 1 · 2 = 2",
                "through v2: ∂L/∂v2 · ∂v2/∂b = 2 · 1 = 2",
                "through v3: ∂L/∂v3 · ∂v3/∂b = 4 · -1 = -4",
                "∂L/∂b = 2 - 4 = -2",
                "through v2: ∂L/∂v2 · ∂v2/∂a = 2 · 1 = 2",
                "through v3: ∂L/∂v3 · ∂v3/∂a = 4 · 1 = 4",
                "∂L/∂a = 2 + 4 = 6",
            ],
        ),
        (
            "b*a - a*3",
            {"a": 2, "b": -1},
            [
                "∂L/∂L = 1",
                "∂L/∂v4 = ∂L/∂L · ∂L/∂v4 = 1 · -1 = -1",
                "∂L/∂v3 = ∂L/∂L · ∂L/∂v3 = 1 · 1 = 1",
                "through v3: ∂L/∂v3 · ∂v3/∂a = 1 · b = 1 · -1 = -1",
                "through v4: ∂L/∂v4 · ∂v4/∂a = -1 · 3 = -3",
                "∂L/∂a = -1 - 3 = -4",
                "∂L/∂b = ∂L/∂v3 · ∂v3/∂b = 1 · a = 1 · 2 = 2",
            ],
        ),
        ("2**a", {"a": 3}, ["∂L/∂L = 1", "∂L/∂a = ∂L/∂L · ∂L/∂a = 1 · L · 0.6931 = 1 · 5.545 = 5.545"]),
        ("a**3", {"a": 2}, ["∂L/∂L = 1", "∂L/∂a = ∂L/∂L · ∂L/∂a = 1 · 3 · a² = 1 · 12 = 12"]),
        ("relu(a)", {"a": 0}, ["∂L/∂L = 1", "∂L/∂a = ∂L/∂L · ∂L/∂a = 1 · [a > 0] = 1 · 0 = 0"]),
    ],
)
def test_every_use_gets_a_line_and_several_uses_their_sum(text, numbers, lines):
    assert list(explain(compute(text, **numbers)).lines) == lines


@pytest.mark.parametrize(("x", "text", "tex"), [(math.nan, "NaN", r"\text{NaN}"), (math.inf, "∞", r"\infty")])
def test_numbers_that_are_not_finite_are_explained_too(x, text, tex):
    found = explain(compute("a*b", a=2, b=x), "a")
    assert found.lines == (f"∂L/∂a = ∂L/∂L · ∂L/∂a = 1 · b = 1 · {text} = {text}",)
    assert found.tex[0].endswith(rf"1 \cdot b = 1 \cdot {tex} = {tex}")


def test_one_node_can_be_picked_by_label_by_place_or_as_itself():
    L = seed()
    line = "∂L/∂b = ∂L/∂e · ∂e/∂b = -2 · a = -2 · 2 = -4"
    b = objects(L)[1]
    assert explain(L, "b").lines == explain(L, 1).lines == explain(L, b).lines == explain(L, -6).lines == (line,)
    assert explain(trace(L), "b").lines == (line,)


@pytest.mark.parametrize(
    ("node", "shown"),
    [("z", "'z'"), (7, "7"), (-8, "-8"), (Value(1, "other"), "Value(other: 1.0)"), (None, None)],
)
def test_a_node_that_is_not_there_is_refused_with_those_that_are(node, shown):
    if node is None:
        assert len(explain(seed(), node).lines) == 7
        return
    with pytest.raises(KeyError) as caught:
        explain(seed(), node)
    assert caught.value.args[0] == f"the graph has no node {shown}; it has a, b, c, d, e, f, L"


def test_constants_are_not_explained_unless_asked_for():
    L = compute("a*2", a=3)
    assert not any("∂2" in line for line in explain(L).lines)
    assert explain(L, "2").lines == ("∂L/∂2 = ∂L/∂L · ∂L/∂2 = 1 · a = 1 · 3 = 3",)


def test_a_root_without_a_name_is_called_as_in_its_box():
    assert explain(Value(2, "a") * 3).lines == (
        "∂v2/∂v2 = 1",
        "∂v2/∂a = ∂v2/∂v2 · ∂v2/∂a = 1 · 3 = 3",
    )


def test_the_numbers_are_right_before_backward_and_when_gradients_were_set_wrong():
    L = seed()
    for node in objects(L):
        node.grad = 1e6
    assert explain(L).lines == SEED_LINES
    assert [round(g, 9) for g in gradients(L)] == [6, -4, -2, 4, -2, -2, 1]


def test_the_parts_of_an_explanation_are_numbers_too():
    explanation = explain(seed(), "a")
    chain = explanation.chains[0]
    assert (chain.node.label, chain.total, len(chain.uses)) == ("a", 6.0, 1)
    use = chain.uses[0]
    assert (use.user, use.position, use.upstream, use.local, use.product) == (4, 0, -2.0, -3.0, 6.0)
    graph = explanation.graph
    assert [str(local_formula(graph, use, names(graph, cls))) for cls in (Formula, Tex)] == ["b", "b"]


# --- against backward ---

OFFERED = sorted(name for name in OPS if not OPS[name].helper)


@given(
    st.lists(st.tuples(st.sampled_from(OFFERED), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=10),
    st.lists(st.floats(-3, 3).map(lambda x: round(x, 2)), min_size=2, max_size=3),
)
def test_every_total_equals_the_gradient_of_backward(program, xs):
    known = [Value(x, f"x{i}") for i, x in enumerate(xs)]
    for name, i, j in program:
        op = OPS[name]
        try:
            known.append(op(*[known[i % len(known)], known[j % len(known)]][: op.arity]))
        except DomainError:
            return
    root = sum(known)
    try:
        root.backward()
    except DomainError:
        with pytest.raises(DomainError):
            explain(root)
        return
    found = explain(root)
    totals = {chain.node.index: chain.total for chain in found.chains}
    for node, grad in zip(trace(root).nodes, gradients(root), strict=True):
        if node.grad is not None:
            assert grad == pytest.approx(node.grad, rel=1e-9, abs=1e-9, nan_ok=True)
            assert totals[node.index] == pytest.approx(node.grad, rel=1e-9, abs=1e-9, nan_ok=True)
    for line in found.tex:
        braces = line.replace(r"\{", "").replace(r"\}", "")
        assert braces.count("{") == braces.count("}")
        assert line.count(r"\left") == line.count(r"\right")


# --- labels, engines, errors ---


@pytest.mark.parametrize("label", ["50% & {x}_y", "a\\b^c~d", "<script>", "}{", "two\nlines", "αβ", "😀", "x" * 10_000])
def test_any_label_stays_inside_its_line_and_its_braces(label):
    a, b = Value(2, label), Value(3, "b")
    L = a * b
    L.label = label + "'"
    found = explain(L)
    for text, tex in zip(found.lines[-len(found.tex) :], found.tex, strict=True):  # before them stand notes
        assert "\n" not in text + tex and len(text) < 250
        unescaped = tex
        for escaped in (r"\{", r"\}", r"\&", r"\%", r"\_", r"\#", r"\$"):
            unescaped = unescaped.replace(escaped, "")
        assert unescaped.count("{") == unescaped.count("}")
        assert not set("&%#$<>~") & set(unescaped)


def test_mlfz_is_explained_by_the_rows_that_give_its_numbers_and_its_local_gradients():
    a, b = mlfz.Scalar(2.0), mlfz.Scalar(-3.0)
    y = a * b + a
    y.backward()
    assert explain(y).lines == (
        "∂v3/∂v3 = 1",
        "∂v3/∂v2 = ∂v3/∂v3 · ∂v3/∂v2 = 1 · 1 = 1",
        "∂v3/∂v1 = ∂v3/∂v2 · ∂v2/∂v1 = 1 · v0 = 1 · 2 = 2",
        "through v2: ∂v3/∂v2 · ∂v2/∂v0 = 1 · v1 = 1 · -3 = -3",
        "directly: 1 · 1 = 1",
        "∂v3/∂v0 = -3 + 1 = -2",
    )
    assert gradients(y) == [a.backwards_grad, b.backwards_grad, 1.0, 1.0]


def test_micrograd_is_explained_by_the_rows_of_its_operations():
    a, b = micrograd.Value(2.0), micrograd.Value(-3.0)
    y = (a * b + 10).relu()
    y.backward()
    assert dict(zip(map(id, objects(y)), gradients(y), strict=True)) == {id(v): v.grad for v in objects(y)}


@pytest.mark.parametrize(
    ("op", "sentence"),
    [
        ("mystery", "no derivative is known for 'mystery', which computed 'y'"),
        ("", "no derivative is known for the operation that computed 'y'"),
    ],
)
def test_an_operation_without_a_row_is_named_with_its_node(op, sentence):
    class Node:
        def __init__(self, data, label, prev=()):
            self.data, self.label, self._prev, self._op = data, label, prev, op if prev else ""

    root = Node(3.0, "y", (Node(1.0, "a"),))
    assert explain(root).missing == sentence and not explain(root).chains
    with pytest.raises(TypeError) as caught:
        gradients(root)
    assert str(caught.value) == sentence


def test_where_there_is_no_derivative_the_node_is_named():
    with pytest.raises(DomainError, match=r"^the derivative of sqrt\(a\) is not defined where node 'a' is 0$"):
        explain(compute("sqrt(a)", a=0))


def test_a_deep_graph_is_explained_without_recursion():
    y = Value(1, "x")
    for _ in range(3000):
        y = y * 1.0
    assert gradients(y)[0] == 1.0
