import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cgviz
from cgviz import Tensor, Value, gradcheck, trace
from cgviz.chain_rule.flow import uses
from cgviz.checks.finite_differences import slope
from cgviz.checks.slips import AGAIN, ONLY, WHOLE, slip
from cgviz.checks.wrong_passes import PASSES
from cgviz.checks.wrong_rules import MISRULES
from cgviz.ops.rows import FUNCTIONS, OPS


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


def sign(x):
    return float((x > 0) - (x < 0))


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: float(x > 1), 1.0),
        (sign, 0.0),  # both sides show one slope, 1/h, and it is none
        (lambda x: 1e-3 * sign(x), 0.0),
        (lambda x: 100 * x + sign(x), 0.0),
        (lambda x: 1e6 * x + (x > 0), 0.0),
        (lambda x: 1e8 + sign(x), 0.0),
        (lambda x: sign(x - 1000), 1000.0),
        (lambda x: sign(x - 1e-4), 1e-4),
        (lambda x: 5.0 if x == 0 else x, 0.0),
        (lambda x: math.atan(1 / x) if x else 0.0, 0.0),
        (lambda x: 1 / x if x else 0.0, 0.0),
        (math.floor, 2.0),
    ],
)
def test_a_jump_has_no_slope(f, x):
    seen = slope(f, x)
    assert (seen.kind, seen.slope) == ("jump", None)


@pytest.mark.parametrize(
    ("f", "x", "wanted"),
    [
        (sign, 1e-12, 0.0),
        (sign, -0.005, 0.0),
        (lambda x: math.atan(1e4 * x), 0.0, 1e4),
        (lambda x: math.tanh(1e6 * x), 0.0, 1e6),
        (lambda x: x, 1e9, 1.0),
        (lambda x: math.exp(50 * x), 1.0, 50 * math.exp(50)),
    ],
)
def test_what_is_steep_or_beside_a_jump_has_a_slope(f, x, wanted):
    seen = slope(f, x)
    assert seen.kind == "smooth" and seen.slope == pytest.approx(wanted, rel=1e-6)


def test_at_a_root_the_steps_of_which_are_steeper_and_steeper_there_is_no_jump():
    for power in (1 / 2, 1 / 3, 1 / 9):
        assert slope(lambda x, power=power: math.copysign(abs(x) ** power, x), 0.0).kind == "smooth"


def test_a_gradient_at_a_jump_is_held_against_nothing():
    class Signed(Value):
        def sign(self):
            made = self * 0
            made.data = sign(self.data)
            return made

    report = gradcheck(lambda a, b: a.sign() + b * b, cls=Signed, a=0.0, b=3.0)
    row = next(row for row in report.rows if row.name == "a")
    assert (row.numeric, row.error, row.note) == (
        None,
        None,
        "jump, here or nearer than the smallest step: no slope is seen",
    )
    report = gradcheck(lambda a: a.sign(), cls=Signed, a=0.0)
    assert (
        "nothing could be checked: the result jumps, here or nearer than the smallest step, so no slope is seen"
        in str(report)
    )


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


class Unary(Value):
    def __mul__(self):
        return self


class Lacking(Value):
    def __add__(self, other):
        return _joined(self)


class Asking(Value):
    def backward(self, grad):
        pass


def _joined(a, b):
    return a


@pytest.mark.parametrize(
    ("cls", "said", "where"),
    [
        (Unary, "__mul__() takes 1 positional argument but 2 were given", "in '<lambda>'"),
        (Lacking, "_joined() missing 1 required positional argument: 'b'", "in '__add__'"),
        (Asking, "backward() missing 1 required positional argument: 'grad'", "where gradcheck calls it"),
    ],
)
def test_a_call_with_other_arguments_than_its_function_takes_is_said_in_a_sentence(cls, said, where):
    with pytest.raises(TypeError) as caught:
        gradcheck(lambda a, b: a * b + a, cls=cls, a=2, b=3)
    text = str(caught.value)
    assert text.startswith(f"{cls.__name__} could not be run: ") and said in text and where in text
    assert "give the call what is asked, or the parameter a default value" in text


def test_another_type_error_of_a_class_is_its_own():
    class Own(Value):
        def __mul__(self, other):
            raise TypeError("no products here")

    with pytest.raises(TypeError, match="^no products here$"):
        gradcheck(lambda a, b: a * b, cls=Own, a=2, b=3)


def _odd():
    class Odd(Value):
        @property
        def _op(self):
            return "frob" if self._a is not None else ""

    return gradcheck(lambda a, b: (a * b) + a, cls=Odd, a=2, b=3)


def _long(x):
    for _ in range(120):
        x = x * 0.99
    return x


@pytest.mark.parametrize(
    ("report", "unchecked", "first"),
    [
        (lambda: gradcheck("a*b", a=2, b=3), 0, "3 gradients checked by small steps: all agree"),
        (
            lambda: gradcheck("sin(a) + b", a=1e16, b=2),
            1,
            "4 gradients held against small steps: 3 agree, 1 was not checked: ok says nothing of it",
        ),
        (_odd, 1, "3 gradients checked by small steps: all agree; 1 more was not checked: ok says nothing of it"),
        (
            lambda: gradcheck(_long, x=1.0),
            41,
            "80 gradients checked by small steps: all agree; 41 more were not checked: ok says nothing of them",
        ),
        (
            lambda: gradcheck(lambda x: (x * x).sum(), cls=Tensor, x=[*range(1, 11)]),
            8,
            "13 gradients checked by small steps: all agree; 8 more were not checked: ok says nothing of them",
        ),
    ],
    ids=["all", "too coarse", "without a row", "a large graph", "a large array"],
)
def test_the_first_line_counts_what_was_not_checked(report, unchecked, first):
    report = report()
    assert report.ok and report.unchecked == unchecked
    assert str(report).splitlines()[0] == first


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


def engine(held="_prev", passes="in order", rules=None, **options):
    """A class that keeps its operands as `held` says, and whose backward pass is to be chosen."""
    rules = {"+": lambda x, y: (1.0, 1.0), "*": lambda x, y: (y, x), **(rules or {})}
    cast = options.get("cast", float)

    class V:
        def __init__(self, data, operands=(), op=""):
            self.data, self.grad, self.op = data, options.get("begin", 0.0), op
            setattr(self, held, tuple(operands))

        def made(self, data, other, op):
            return V(data, (self, other if isinstance(other, V) else V(other)), op)

        def __add__(self, other):
            return self.made(self.data + getattr(other, "data", other), other, "+")

        def __mul__(self, other):
            return self.made(self.data * getattr(other, "data", other), other, "*")

        def push(self):
            operands = getattr(self, held)
            if operands:
                for x, local in zip(operands, rules[self.op](*(x.data for x in operands)), strict=True):
                    x.grad = cast((x.grad or 0.0) + self.grad * local)

        def order(self, seen):
            if self in seen:
                return []
            seen.add(self)
            return [*(x for below in getattr(self, held) for x in below.order(seen)), self]

        def backward(self):
            self.grad = cast(1.0)
            for node in self.order(set())[:: 1 if passes == "forwards" else -1]:
                node.push()

    return V


@pytest.mark.parametrize("held", ["_kids", "args_", "_made_of"])
@pytest.mark.parametrize("wrong", [None, {"*": lambda x, y: (100.0, 100.0)}])
def test_a_class_whose_operands_are_not_found_is_never_right(held, wrong):
    report = gradcheck(lambda a, b, c: (a * b + c) * a, cls=engine(held, rules=wrong), a=2, b=-3, c=10)
    assert not report.ok and not report.rows and len(report.wrong) == 1
    assert report.wrong[0].startswith(
        "'a', 'b' and 'c' are not in the graph, though small steps of them change the result"
    )
    assert "V does not record its operands (looked for _prev, " in report.wrong[0]
    assert report.wrong[0].endswith("as in result._prev = (a, b)")


V = engine()


@pytest.mark.parametrize("b", [0.5, 0.0])  # at 0 the slope of b² is 0: small steps change the result all the same
def test_a_leaf_that_is_not_in_the_graph_among_others_that_are(b):
    report = gradcheck(lambda a, b: a * 2 + V(b.data**2), cls=V, a=1.2, b=b)
    assert not report.ok and report.wrong[0].startswith("'b' is not in the graph, though small steps of it change")
    assert report.rows[0].name == "a"


def test_a_copy_of_a_leaf_is_not_the_leaf():
    report = gradcheck(lambda a, b: V(a.data) * b, cls=V, a=1.2, b=3)
    assert report.wrong[0].startswith("'a' is not in the graph")


@pytest.mark.parametrize(
    ("f", "name"),
    [
        (lambda a, b: a * b + V(math.exp(a.data)), "v2"),
        (lambda a, b: (a * b) * a + V(math.exp((a * b).data)), "v2"),
        (lambda a, b: a * b + V(math.exp(a.data)) + V(a.data * 2), "v2, v3"),
    ],
)
def test_a_use_that_leaves_the_graph_is_named(f, name):
    report = gradcheck(f, cls=V, a=1.2, b=0.5)
    were = "were" if "," in name else "was"
    assert not report.ok and "it is right for the graph, but the graph is not complete" in str(report)
    assert f"{name} {were} computed from a plain number, as by math.exp(a.data), without operands" in str(report)


@pytest.mark.parametrize("a", [0.9, 0.9995, 0.99999])  # a step of a thousandth up leads out of the domain
def test_a_use_that_leaves_the_graph_is_named_beside_the_edge_of_its_domain(a):
    report = gradcheck(lambda a, b: (a * b) * V(math.sqrt(1 - a.data)), cls=V, a=a, b=2.0)
    assert not report.ok and "v2 was computed from a plain number" in str(report)


@pytest.mark.parametrize(
    ("f", "ok", "said"),
    [
        (lambda a, b: a * 2, True, "'b' is not used: the result does not depend on it"),
        (lambda a, b: a, True, "'b' is not used"),
        (
            lambda a, b: a * 2 if b.data > 2 else a * 3,
            True,
            "'b' is not in the graph: here no small step of it",
        ),
        (lambda a, b: a * 2 if b.data > 1.5 else a * 3, True, "'b' is not in the graph: the result jumps here"),
        (lambda a, b: V(3.0), False, "nothing was checked: the result depends on none of the leaves a, b"),
        (lambda a, b: a * b + (b * V(max(a.data, b.data)) + b * (-max(a.data, b.data))), True, "all agree"),
    ],
)
def test_a_leaf_without_effect_is_a_note(f, ok, said):
    report = gradcheck(f, cls=V, a=1.2, b=1.5)
    assert report.ok == ok and said in str(report)


def test_what_shows_nothing_is_not_right():
    assert gradcheck(lambda: V(2.0), cls=V).wrong == ("nothing was checked: there are no leaves",)
    assert gradcheck(lambda: V(2.0) * V(3.0), cls=V).ok
    a, b = Value(2.0, "a"), engine("_kids")(3.0)
    assert gradcheck(a).wrong == ("nothing was checked: the graph is the one node 'a'; it has no operands",)
    report = gradcheck(b * b)
    assert not report.ok and "V does not record its operands (looked for _prev, " in str(report)
    count = iter(range(100))
    report = gradcheck(lambda a: a * next(count), cls=V, a=1)
    assert "run twice with the same numbers, the function gives 0 and 1" in report.wrong[0] and not report.ok
    report = gradcheck(lambda a: a * 2 if a.data <= 1 else a * 3 + 5, cls=V, a=1)
    assert not report.ok and "nothing could be checked: the result jumps, here" in str(report)


def test_a_number_that_a_function_makes_itself_needs_no_gradient():
    class Sparing(V):
        def made(self, data, other, op):
            out = super().made(data, other, op)
            if not isinstance(other, Sparing):
                out._prev[1].push = lambda: None
                out.push = lambda: setattr(
                    self, "grad", self.grad + out.grad * (out._prev[1].data if op == "*" else 1.0)
                )
            return out

    report = gradcheck(lambda a: (a * 3 + 2) * 5, cls=Sparing, a=2)
    assert report.ok and all(row.numeric != 0 for row in report.rows)


@pytest.mark.parametrize("cast", [float, lambda x: round(x), lambda x: None if x is None else x])
def test_whichever_number_a_gradient_is(cast):
    assert gradcheck(lambda a, b: a * b + a, cls=engine(cast=cast, begin=None), a=2, b=3).ok


def test_a_gradient_that_is_no_number_is_called_so():
    np = pytest.importorskip("numpy")
    for cast in (np.float64, np.float32, np.array, np.int64):
        assert gradcheck(lambda a, b: a * b + a, cls=engine(cast=cast), a=2, b=3).ok
    report = gradcheck(lambda a, b: a * b + a, cls=engine(cast=complex), a=2, b=3)
    assert report.wrong[-1] == "grad of 'a' is a complex, and no number, should be 4"
    assert "missing" not in str(report) and "the gradient is no number" in str(report)
    for x in (math.nan, math.inf, -math.inf):
        report = gradcheck(lambda a, b: a * b, cls=engine(rules={"*": lambda _, b, x=x: (x, x)}), a=2, b=3)
        assert not report.ok and len(report.wrong) == 2

    class A:
        def __init__(self, data, prev=(), op=""):
            self.data, self._prev, self._op, self.grad = np.atleast_1d(np.array(data, float)), prev, op, None

        def __mul__(self, other):
            return A(self.data * other.data, (self, other), "*")

        def backward(self):
            self.grad = np.ones_like(self.data)

    report = gradcheck(lambda a, b: a * b, cls=A, a=2.0, b=-3.0)
    assert not report.ok and report.wrong[0] == "grad of 'b[0]' is missing, should be 2"


def test_a_slope_without_end_has_an_infinite_gradient():
    class Root(V):
        def backward(self):
            self.grad, self._prev[0].grad = 1.0, math.inf

    def root(a):
        return Root(math.sqrt(a.data), (a,), "sqrt")

    assert gradcheck(root, cls=Root, a=0.0).ok and not gradcheck(root, cls=Root, a=2.0).ok


def test_the_reason_is_the_one_that_explains_the_other_wrong_gradients_too():
    assigns = learners_class(
        mul=lambda a, b, g: (setattr(a, "grad", g * b.data), setattr(b, "grad", g * a.data)),
        add=lambda a, b, g: (setattr(a, "grad", g), setattr(b, "grad", g)),
    )
    report = gradcheck("e = a*b; f = a + b; L = e*f", cls=assigns, a=-2, b=3)
    assert report.wrong == (  # of a alone, the sign may be wrong as well
        "grad of 'b' is -2, should be -8: only the use by e counts: contributions add up, += and not =",
        "grad of 'a' is 3, should be -3: only the use by e counts: contributions add up, += and not =",
    )


def test_a_gradient_that_is_sent_on_before_it_is_complete():
    class Recursive(V):
        def backward(self, first=True):
            if first:
                self.grad = 1.0
            self.push()
            for x in self._prev:
                x.backward(False)

        def made(self, data, other, op):
            return Recursive(data, (self, other), op)

    def f(a, b):
        c, d = a + b, a * b
        return (c + d) + c * d

    report = gradcheck(f, cls=Recursive, a=2.0, b=3.0)
    assert report.wrong == (
        f"grad of 'b' is 22, should be 19: {PASSES['each time'].title} ({PASSES['each time'].remedy})",
        "grad of 'a' is 29, should be 25: for the same reason",
    )


def test_two_reasons_are_told_apart_by_other_graphs_of_the_class_or_both_are_said():
    report = gradcheck(lambda a, b: a * b + a, cls=engine(passes="forwards"), a=2, b=3)
    assert report.wrong[0] == (
        "grad of 'b' is 0, should be 2: the gradients come no farther than the operands of the output "
        "(go through all nodes from the output back: reversed(order))"
    )
    x, y = Value(-2.0, "a"), Value(3.0, "b")
    assert slip(trace((x * y) * (x + y)), 0, 3.0) == (
        "either the sign is wrong, or only the use by v2 counts: contributions add up, += and not ="
    )


def test_two_mistakes_at_once_are_both_named():
    rules = {"*": lambda x, y: (x, y), "+": lambda x, y: (-1.0, -1.0)}
    report = gradcheck(lambda a, b, c: (a * b + c) * c, cls=engine(rules=rules), a=2, b=3, c=5)
    assert "the sign is wrong" in str(report) and "the derivative with respect to the other operand is used" in str(
        report
    )


def test_what_fits_at_one_point_only_is_not_named():
    rules = {"*": lambda x, y: (y + x - 2, x)}  # at a = 2 and b = 2.5 it is right, and at a = 4 and b = 2 twice as much
    assert gradcheck(lambda a, b: a * b, cls=engine(rules=rules), a=2, b=2.5).ok
    report = gradcheck(lambda a, b: a * b, cls=engine(rules=rules), a=4, b=2)
    assert report.wrong == ("grad of 'a' is 4, should be 2",)


def test_the_page_calls_the_broken_passes_and_the_slips_by_the_same_words():
    tools = Path(cgviz.__file__).parent / "live/static/tools"
    page = (tools / "break.js").read_text(encoding="utf-8")
    for name in ("replace", "twice", "reached"):
        assert f'"{PASSES[name].title}' in page
    page = (tools / "predict.js").read_text(encoding="utf-8")
    for name in ("sign", *WHOLE):
        assert f'"{MISRULES[name].text}{AGAIN * (name in ("double", "triple"))}"' in page
    assert f"`{ONLY} ${{name(use)}} counts: {PASSES['replace'].remedy}`" in page


def test_rounding_where_numbers_cancel_is_no_jump():
    report = gradcheck(lambda a, b: a * -1 + b + a, cls=engine(rules={"*": lambda x, y: (2 * y, x)}), a=1.0, b=-0.5)
    assert not report.ok and not [row for row in report.rows if row.seen.kind == "jump"]
