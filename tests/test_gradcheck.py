import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cgviz
from cgviz import Value, gradcheck, trace
from cgviz.chain import uses
from cgviz.ops import FUNCTIONS, OPS
from cgviz.slips import slip
from cgviz.slopes import slope


def learners_class(mul=None, add=None, start=1.0, able=True):
    """A class as a learner writes it, with the rules of `*` and `+` to choose."""

    class Scalar:
        def __init__(self, data, _prev=(), _op=""):
            self.data, self._prev, self._op, self.grad, self.label = data, _prev, _op, 0.0, ""
            self.push = lambda: None

        def __add__(self, other):
            out = Scalar(self.data + other.data, (self, other), "+")
            out.push = lambda: (add or plus)(self, other, out.grad)
            return out

        def __mul__(self, other):
            out = Scalar(self.data * other.data, (self, other), "*")
            out.push = lambda: (mul or times)(self, other, out.grad)
            return out

        if able:

            def backward(self):
                order, seen = [], set()

                def walk(v):
                    if v not in seen:
                        seen.add(v)
                        for below in v._prev:
                            walk(below)
                        order.append(v)

                walk(self)
                self.grad = start
                for v in reversed(order):
                    v.push()

    return Scalar


def plus(a, b, g):
    a.grad += g
    b.grad += g


def times(a, b, g):
    a.grad += g * b.data
    b.grad += g * a.data


def test_a_right_class_passes_and_prints_as_a_table():
    report = gradcheck("e = a*b; L = e*a + b", cls=learners_class(), a=2, b=3)
    assert report.ok and bool(report)
    assert [row.name for row in report.rows] == ["a", "b", "e", "v3", "L"]
    lines = str(report).splitlines()
    assert lines[0] == "5 gradients checked by small steps: all agree"
    assert lines[1].split() == ["node", "gradient", "by", "steps", "error", "best", "h", "forward,", "h", "=", "1e-4"]
    assert lines[2].startswith("a           12        12")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"mul": lambda a, b, g: (setattr(a, "grad", g * b.data), setattr(b, "grad", g * a.data))}, r"\+= and not ="),
        ({"mul": lambda a, b, g: times(a, b, 1.0)}, r"upstream\) is left out"),
        ({"mul": lambda a, b, g: plus(a, b, g)}, "the local derivative is left out"),
        ({"mul": lambda a, b, g: times(a, b, -g)}, "the sign is wrong"),
        ({"add": lambda a, b, g: None}, "nothing has been passed back"),
        ({"mul": lambda a, b, g: times(a, b, 2 * g)}, "counted twice"),
    ],
)
def test_the_slip_behind_a_wrong_gradient_is_named(rules, said):
    report = gradcheck("e = a*b; f = e*c; L = f*a + d", cls=learners_class(**rules), a=2, b=3, c=-5, d=7)
    assert not report.ok
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(str(report))


def test_the_sentence_says_what_is_and_what_should_be():
    swapped = learners_class(mul=lambda a, b, g: times(b, a, g) if a is b else _swapped(a, b, g))
    report = gradcheck("L = a*b", cls=swapped, a=2, b=3)
    assert report.wrong == (
        "grad of 'b' is 3, should be 2: the derivative with respect to the other operand is used",
        "grad of 'a' is 2, should be 3: the derivative with respect to the other operand is used",
    )


def _swapped(a, b, g):
    a.grad += g * a.data
    b.grad += g * b.data


def test_what_follows_from_a_wrong_gradient_is_told_from_its_cause():
    bad_add = learners_class(add=lambda a, b, g: plus(a, b, -g))
    report = gradcheck("e = a*b; L = e + c", cls=bad_add, a=2, b=3, c=1)
    assert report.wrong[0] == "grad of 'e' is -1, should be 1: the sign is wrong"
    assert "grad of 'a' is -3, should be 3: it follows from the gradient of e" in report.wrong


def test_a_pass_that_does_not_begin_with_one():
    report = gradcheck("L = a*b", cls=learners_class(start=2.0), a=2, b=3)
    assert report.wrong[0] == "grad of 'L' is 2, should be 1: a backward pass begins with 1 at the output"


def test_a_missing_backward_is_said_in_a_sentence():
    report = gradcheck("L = a*b", cls=learners_class(able=False), a=2, b=3)
    assert not report.ok and not report.rows
    assert str(report).endswith("Scalar has no method backward, so there is no gradient to check")
    report = gradcheck("L = a*b", cls=learners_class(start=0.0), a=2, b=3)
    assert "left every gradient at 0" in str(report) and not report.ok


@pytest.mark.parametrize("text", ["relu(x)", "abs(x)", "max(x, 0)", "max(0, x)", "min(x, -x)", "leaky_relu(x)"])
def test_kinks_are_flagged_and_not_failed(text):
    report = gradcheck(text, x=0.0)
    assert report.ok
    assert "kink: slope" in report.rows[0].note
    assert not gradcheck(text, x=0.3).rows[0].note


def test_a_tie_of_the_maximum():
    report = gradcheck("max(a, b)", a=1.5, b=1.5)
    assert report.ok and [row.note.startswith("kink") for row in report.rows] == [True, True, False]


def test_a_gradient_outside_of_the_slopes_of_a_kink_is_wrong():
    class Steep(Value):
        def backward(self, accumulate=False):
            super().backward()
            self._prev[0].grad = 3.0

    report = gradcheck("abs(x)", cls=Steep, x=0.0)
    assert report.wrong == ("grad of 'x' is 3, should be between -1 and 1",)


def test_the_edge_of_a_domain_is_measured_to_one_side():
    report = gradcheck("x**1.5", x=0.0)
    assert report.ok and report.rows[0].note.startswith("edge of the domain")
    assert gradcheck("sqrt(x)", x=1e-12).ok
    assert gradcheck("log(x)", x=1e-4).ok and gradcheck("log(x)", x=1e-9).ok
    assert gradcheck("x**2", x=1e150).ok
    assert gradcheck("log(x)*y", x=1e-300, y=2.0).ok


def test_a_jump_has_no_slope():
    assert slope(lambda x: float(x > 1), 1.0).kind == "jump"


def test_flat_and_large_functions():
    assert gradcheck("x**3", x=0.0).ok
    assert gradcheck("x + 1e10", x=1.0).ok
    assert gradcheck("exp(x)", x=50.0).ok
    assert gradcheck("x*1e-12", x=1.0).ok
    steep = slope(lambda x: 1e10 + x, 1.0)
    assert steep.slope == pytest.approx(1.0, abs=1e-4)


def test_small_wrong_gradients_are_found_too():
    class Half(Value):
        def backward(self, accumulate=False):
            super().backward()
            self._prev[0].grad *= 0.5

    assert not gradcheck("x*1e-6", cls=Half, x=1.0).ok


def test_the_effect_of_the_step_is_visible():
    row = gradcheck("tanh(x)", x=0.4).rows[0]
    errors = {round(math.log10(step.h)): abs(step.central - row.analytic) for step in row.seen.steps}
    assert errors[-1] > 1e-4 > errors[-4] and errors[-10] > errors[-5]
    forward = {round(math.log10(step.h)): abs(step.forward - row.analytic) for step in row.seen.steps}
    assert forward[-4] > 100 * errors[-4]
    assert 1e-7 < row.seen.h < 1e-3


def test_subjects_of_every_kind():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    assert gradcheck(a * b + a).ok
    assert gradcheck(lambda a, b=2.0: a * b, a=1).ok
    assert gradcheck(lambda a, b: cgviz.sin(a) * b, a=0.3, b=-1.2).ok
    with pytest.raises(TypeError, match="missing a number for 'b'"):
        gradcheck("a*b", a=1)
    with pytest.raises(TypeError, match="no leaf 'z'"):
        gradcheck("a*b", a=1, b=2, z=3)


def test_an_unused_leaf_is_mentioned():
    report = gradcheck(lambda a, b: a * 2, a=1, b=2)
    assert report.ok and report.notes == ("'b' is not used: the result does not depend on it",)


def test_without_a_row_only_leaves_are_checked():
    class Odd(Value):
        @property
        def _op(self):
            return "frob" if self._a is not None else ""

    report = gradcheck(lambda a, b: (a * b) + a, cls=Odd, a=2, b=3)
    assert [row.name for row in report.rows] == ["a", "b", "v3"] and report.ok
    assert report.notes == ("not checked, for lack of a row that computes what follows: v2",)


def test_large_graphs_are_checked_in_part():
    def long(x):
        y = x
        for _ in range(120):
            y = y * 0.99
        return y

    report = gradcheck(long, x=1.0)
    assert report.ok and len(report.rows) == 80 and "41 more nodes were not checked" in str(report)


def test_it_draws():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    report = gradcheck("tanh(a*b)", a=0.3, b=-1.2)
    axes = report.plot()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    matplotlib.pyplot.close(axes.figure)
    assert "a (∂ ≈ -1.057)" in cgviz.draw(report.graph).svg


@pytest.mark.parametrize("name", sorted(name for name in OPS if not OPS[name].helper))
def test_every_row_passes_at_its_samples(name):
    op = OPS[name]
    for sample in op.samples:
        if name == "power" and sample[1] == 0.0:
            continue
        letters = "ab" if op.arity == 2 else "a"
        f = (lambda a, b: op(a, b)) if op.arity == 2 else (lambda a: op(a))
        assert gradcheck(f, **dict(zip(letters, sample, strict=True))).ok


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(sorted(FUNCTIONS)), min_size=1, max_size=4), st.floats(0.1, 1.4), st.floats(-2, 2))
def test_composed_functions_pass(names, x, y):
    def f(x, y):
        out = x
        for name in names:
            op = FUNCTIONS[name]
            out = (op(out, y) if op.arity == 2 else op(out * 0.5 + 2)) * 0.3
        return out + x * y

    try:
        f(x, y)
    except ValueError:
        return
    assert gradcheck(f, x=x, y=y).ok


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(-3, 3), st.floats(-3, 3))
def test_a_right_gradient_is_no_slip(a, b):
    x, y = Value(a, "a"), Value(b, "b")
    graph = trace(x * y + x)
    right = sum(use.product for use in uses(graph) if use.source == 0)
    assert slip(graph, 0, right) == ""


class TestArrays:
    @pytest.fixture(autouse=True)
    def numpy(self):
        self.np = pytest.importorskip("numpy")
        from cgviz import Tensor

        self.Tensor = Tensor

    def test_a_function_of_tensors(self):
        rng = self.np.random.default_rng(0)
        report = gradcheck(
            lambda x, W: (cgviz.softmax(x @ W) ** 2).sum(),
            cls=self.Tensor, x=rng.normal(size=(2, 3)), W=rng.normal(size=(3, 3)),
        )  # fmt: skip
        names = {row.name for row in report.rows}
        assert report.ok and names >= {"x[0, 0]", "x[1, 2]", "W[0, 0]", "W[2, 2]", "v3[1, 2]"}
        assert report.notes == ("of 'W', 6 of 9 numbers were checked",)
        assert "x (∂ agrees)" in cgviz.draw(report.graph).svg

    def test_a_computed_tensor_keeps_its_gradients(self):
        x = self.Tensor([0.5, 2], "x")
        L = (x[[0, 1, 1]] * cgviz.log(x).sum() * Value(3, "v")).sum()
        L.backward(gradient=7.0)
        before = x.grad.copy()
        assert gradcheck(L).ok and (x.grad == before).all()
        with pytest.raises(TypeError, match="already brings its class and its numbers along"):
            gradcheck(L, x=[1, 2])

    def test_a_learners_rule_that_is_wrong_is_found(self):
        class Wrong(self.Tensor):
            def backward(self, *rest, **named):
                super().backward(*rest, **named)
                for node in self._prev:
                    node.grad = node.grad * 2

        report = gradcheck(lambda x: (x * 3).sum(), cls=Wrong, x=[1, 2])
        assert not report.ok and report.wrong == ("grad of 'v2[0]' is 2, should be 1",)
        assert "v2 (2 of 2 ∂ ✗)" in cgviz.draw(report.graph).svg

    def test_a_network_of_nodes(self):
        from cgviz.nodes import MSE, Graph, Input, Linear, Mul, Node, Sigmoid

        X, y, W, b = Input("X"), Input("y"), Input("W"), Input("b")
        cost = MSE(y, Sigmoid(Linear(X, W, b)))
        graph = Graph({X: [[1, 2], [3, -4]], y: [[0], [1]], W: [[0.5], [-0.3]], b: [0.1]})
        report = gradcheck(graph)
        assert report.ok and [row.name for row in report.rows][-1] == "v6" and W.grad is None
        graph.compute()
        assert gradcheck(cost).ok

        class Square(Node):
            def compute(self):
                self.output = self.input_nodes[0].output ** 2

            def backpass(self):
                (x,) = self.input_nodes
                self.gradients = {x: x.output * sum(user.gradients[self] for user in self.output_nodes)}

        x = Input("x")
        report = gradcheck(Graph({x: 3.0}, loss=Mul(Square([x]), x)))
        assert not report.ok and report.wrong == ("grad of 'x' is 18, should be 27",)

    def test_arrays_of_other_packages(self, torch):
        a, b = self.np.array([[0.3, -1], [2, 1.5]]), [0.5, 0.1]
        assert gradcheck(lambda a, b: torch.tanh(a @ b).sum(), cls=torch.Tensor, a=a, b=b).ok
        with pytest.raises(
            TypeError, match="run again from single numbers, and node 'v0' holds a 3-vector; give a fun"
        ):
            gradcheck((torch.ones(3, requires_grad=True) * 2).sum())

    def test_what_is_missing_is_said(self):
        with pytest.raises(TypeError, match="'x' is an array: name a class that holds arrays"):
            gradcheck(lambda x: x, x=[1, 2])
        with pytest.raises(ValueError, match=r"sum it up first, y.sum\(\)"):
            gradcheck(lambda x: x * 2, cls=self.Tensor, x=[1, 2])


def test_the_class_is_a_class():
    with pytest.raises(TypeError, match="cls is the class of the nodes, such as cls=Value; got a str"):
        gradcheck("a*b", cls="Value", a=1, b=2)


def test_where_no_step_has_a_number_nothing_agrees():
    report = gradcheck("a*a", a=math.nan)
    assert (
        not report.ok
        and "0 agree" in str(report)
        and report.wrong == ("nothing could be checked: small steps gave no number",)
    )


@pytest.mark.parametrize("op", FUNCTIONS.values(), ids=lambda op: op.name)
def test_an_operation_is_checked_by_itself(op):
    given = dict(zip(("left", "right"), (0.7, 0.4)[: op.arity], strict=False))
    report = gradcheck(op, **given)
    assert report.ok and [row.name for row in report.rows][: op.arity] == list(given)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("relu(a)", {"a": -1}),
        ("relu(a)", {"a": 1e-9}),
        ("a*b", {"a": 0, "b": 0}),
        ("a**b", {"a": 0, "b": 2}),
        ("a/b", {"a": 1, "b": 1e-8}),
        ("log(a)", {"a": 1e-9}),
    ],
)
def test_what_is_flat_or_lies_beside_a_kink_or_a_pole_is_smooth(text, given):
    report = gradcheck(text, **given)
    assert report.ok and not [row.note for row in report.rows if "kink" in row.note or "jump" in row.note]


def test_a_kink_at_a_small_number_is_still_one():
    assert slope(lambda x: max(x - 1e-3, 0.0), 1e-3).kind == slope(lambda x: abs(x - 1e-8), 1e-8).kind == "kink"
