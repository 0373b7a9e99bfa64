import math
import random

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import cgviz
from cgviz import Value, derivative, gradcheck, table, tanh, trace
from cgviz.graph import objects
from cgviz.ops.rows import OPS
from tests.formulas import FORMULAS, a, b, exactly


def names(root):
    return [node.op or node.name for node in trace(root).nodes]


def test_the_seed_parabola():
    f = lambda a: a**2 - 10 * a + 28  # noqa: E731
    assert derivative(f)(6) == 2.0
    assert derivative(f)(5) == 0.0
    assert derivative(f, 2)(6) == derivative(f, 2)(-100.5) == 2.0
    assert derivative(f, 3)(6) == 0.0
    assert derivative("a**2 - 10*a + 28", 2)(3) == 2.0


def test_tanh_is_exact():
    y = math.tanh(0.7)
    assert derivative(tanh, 2)(0.7) == pytest.approx(-2 * y * (1 - y * y), rel=1e-15)


def test_order_zero_is_the_function_and_derivatives_nest():
    assert derivative(tanh, 0)(0.7) == math.tanh(0.7)
    assert derivative(derivative(tanh))(0.7) == pytest.approx(derivative(tanh, 2)(0.7), rel=1e-14)
    assert derivative(cgviz.sin, 10)(0.3) == pytest.approx(-math.sin(0.3), rel=1e-14)


def test_the_derivative_of_a_value_is_a_graph_over_that_value():
    x = Value(0.7, "x")
    slope = derivative(tanh)(x)
    assert isinstance(slope, Value)
    assert trace(slope).leaves[0].label == "x"
    slope.backward()
    assert x.grad == pytest.approx(derivative(tanh, 2)(0.7))
    assert "<svg" in cgviz.draw(slope).svg and "tanh(x)" in table(slope)


def test_what_is_trivial_is_not_drawn():
    a = Value(6.0, "a")
    assert names(derivative("a**2 - 10*a + 28")(a)) == ["-10", "2", "a", "*", "+"]
    assert names(derivative(lambda a, b: a * b + 3)(Value(2.0, "a"), Value(5.0, "b"))) == ["b"]
    assert names(derivative("a**2 - 10*a + 28", 2)(a)) == ["v0"]  # the number 2
    assert names(derivative(cgviz.sin, 4)(Value(0.3, "x"))) == ["x", "sin"]
    assert names(derivative(cgviz.exp)(Value(0.3, "x"))) == ["x", "exp"]


def test_arguments_are_picked_by_place_or_name():
    f = lambda a, b: a * b**2  # noqa: E731
    assert derivative(f, wrt=0)(3, 2) == 4.0
    assert derivative(f, wrt=1)(3, 2) == derivative(f, wrt="b")(3, 2) == derivative(f, wrt="b")(b=2, a=3) == 12.0
    assert derivative(OPS["mul"], wrt="b")(3, 2) == 3.0
    assert derivative(lambda x, w=3.0: w * x**2)(2) == 12.0


def test_control_flow_and_methods_run_as_they_are():
    f = lambda x: x.tanh() if x > 0 else x * x  # noqa: E731
    assert derivative(f)(-3) == -6.0
    assert derivative(f)(0.5) == pytest.approx(1 - math.tanh(0.5) ** 2)


def test_a_result_that_does_not_depend_on_the_argument():
    assert derivative(lambda x, y: y * 2)(1, 2) == 0.0
    assert derivative(lambda x: 5)(1) == 0.0
    assert derivative(lambda x: x)(1) == 1.0
    assert derivative(lambda x: 5)(Value(1.0)).data == 0.0


def test_a_computed_node_can_be_differentiated():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    L = a * a * b
    assert derivative(L, 2, wrt="a")(2, 3) == 6.0


def test_a_list_or_an_array_gives_an_array():
    np = pytest.importorskip("numpy")
    xs = np.linspace(-1, 1, 5)
    assert derivative(tanh)(xs) == pytest.approx(1 - np.tanh(xs) ** 2)
    assert derivative(tanh)([0.0, 1.0]).tolist() == [1.0, derivative(tanh)(1.0)]


def test_bad_input_is_said_in_a_sentence():
    with pytest.raises(TypeError, match=r"whole number, got 1\.5"):
        derivative(tanh, 1.5)
    with pytest.raises(ValueError, match="0 or more, got -1"):
        derivative(tanh, -1)
    with pytest.raises(ValueError, match=r"no argument 'z' .* the arguments are a, b"):
        derivative("a*b", wrt="z")
    with pytest.raises(ValueError, match="no argument 2"):
        derivative("a*b", wrt=2)
    with pytest.raises(TypeError, match="for each of a, b"):
        derivative("a*b")(1)
    with pytest.raises(TypeError, match="for each of a, b"):
        derivative("a*b")(1, 2, 3)
    with pytest.raises(TypeError, match="got None"):
        derivative(None)
    with pytest.raises(cgviz.DomainError):
        derivative(cgviz.sqrt)(0.0)


def test_numbers_that_leave_the_graph_are_no_constants():
    for f in (lambda a: math.cosh(a), lambda a: math.floor(a), lambda a: int(float(a)), lambda a: 2 * float(a)):
        with pytest.raises(TypeError, match=r"returned an? (float|int), not a node of a graph \(functions of math"):
            derivative(f)(0.5)
    with pytest.raises(TypeError, match="returned None: is a return missing"):
        derivative(lambda a: None)(1)
    with pytest.raises(TypeError, match="returned a str, not a node"):
        derivative(lambda a: "a")(1)
    assert derivative(lambda a: 2.5)(1) == derivative(lambda a: 1.0 if a > 0 else 0.0)(1) == 0.0


def test_where_the_derivative_has_no_value_is_said():
    with pytest.raises(cgviz.DomainError, match=r"the derivative has no value at x = 0: 1 / \(2 · sqrt"):
        derivative(cgviz.sqrt)(0.0)


def test_arrays_that_are_none_and_operations_on_arrays_are_refused():
    pytest.importorskip("numpy")
    for xs in ([[0, 1], [2]], ["a"], [None]):
        with pytest.raises(TypeError, match="a rectangular array of numbers"):
            derivative(tanh)(xs)
    with pytest.raises(TypeError, match="functions of single numbers, and has no rule for 'sum'"):
        derivative(lambda x: (x * x).sum())(cgviz.Tensor([1, 2]))


@pytest.mark.parametrize("name", OPS)
def test_every_row_agrees_with_sympy_to_the_fourth_derivative(name):
    op, formula = OPS[name], FORMULAS[name]
    straight = formula.has(sympy.Piecewise, sympy.Abs)
    for wrt, letter in enumerate((a, b)[: op.arity]):
        for n in range(5):
            nth = sympy.diff(formula, letter, n)
            for sample in op.samples:
                got, want = derivative(op, n, wrt)(*sample), exactly(nth, sample)
                assert got == pytest.approx(want, rel=1e-9, abs=1e-9)
                assert got == 0.0 or not (straight and n > 1 and want == 0), "of straight pieces it is 0, exactly"


def test_a_derivative_can_be_checked_by_small_steps():
    assert gradcheck(derivative(lambda x, y: cgviz.sin(x * y) * x), x=0.4, y=1.3).ok


def test_high_orders_stay_small():
    graph = trace(derivative(tanh, 6)(Value(0.7, "x")))
    assert len(graph.nodes) < 150


def test_an_order_may_be_a_whole_number_of_numpy():
    assert derivative("a**3", np.int64(2))(2) == 12


def test_a_function_that_takes_its_parameters_by_place_alone_is_said():
    with pytest.raises(TypeError, match=r"^sin takes its parameters by place alone; wrap it: lambda a: …$"):
        derivative(np.sin)
    assert derivative(lambda a: np.sin(a))(0) == 1


def test_each_argument_is_a_variable_of_its_own():
    x = Value(3.0, "x")
    assert derivative(lambda a, b: a * b * b)(x, x).data == 9
    assert derivative(lambda a, b: a * b * b, wrt="b")(x, x).data == 18
    assert derivative(lambda y: x * y * y)(x).data == 18
    assert derivative(lambda x: derivative(lambda y: x * y * y)(x))(3.0) == 12
    assert derivative(lambda x: derivative(lambda y: x * y)(2.0) * x)(1.0) == 2
    assert derivative(lambda x: x * derivative(lambda y: x + y)(1.0))(1.0) == 1
    assert derivative(lambda y: y, 0)(x) is x
    assert x.grad == 0 and x._prev == ()


def test_a_result_that_depends_on_nodes_from_outside_is_a_node():
    x = Value(3.0, "x")
    slope = derivative(lambda y: x * y * y)(2.0)
    assert isinstance(slope, Value)
    slope.backward()
    assert (slope.data, x.grad) == (12, 4)
    assert derivative(lambda y: x + y)(2.0) == 1 and isinstance(derivative(lambda y: x + y)(2.0), float)
    assert derivative(lambda y: y * Value(5.0))(2.0) == 5  # made inside: nobody outside could ask for its gradient
    assert [type(each) for each in derivative(lambda y: x * y * y)([1.0, 2.0])] == [Value, Value]


def test_a_computed_argument_stays_joined_to_what_it_was_computed_from():
    a = Value(2.0, "a")
    u = a * a
    slope = derivative(lambda y: y**3 + a)(u)
    slope.backward()
    assert (slope.data, a.grad) == (48, 96)  # 3·u² = 3·a⁴, and 12·a³
    assert [node.label for node in trace(slope).leaves if node.label] == ["a"]


def test_arguments_keep_their_class_and_what_was_added_to_it():
    class Grown(Value):
        def __init__(self, data, label="", unit="m"):
            super().__init__(data, label)
            self.unit = unit

    seen = []
    x = Grown(3.0, "x", unit="s")
    slope = derivative(lambda y: (seen.append((type(y), y.unit, y.label)), y * y)[1])(x)
    assert seen == [(Grown, "s", "x")]
    assert type(slope) is Grown and trace(slope).leaves[-1].label == "x"
    x.grad = 7.0
    derivative(lambda y: (y * y).backward() or y * y)(x)
    assert x.grad == 7.0


def test_arrays_among_single_numbers_are_refused():
    pytest.importorskip("numpy")
    with pytest.raises(TypeError, match="functions of single numbers, and this one mixes them with arrays"):
        derivative(lambda a, b: a * b, wrt="b")(cgviz.Tensor([1.0, 2.0]), Value(2.0))


def written(choose, depth, names):
    """A random program: a variable, a number, a sum, a product, or ∂body/∂new at some place, as nested tuples."""
    kinds = ["variable", "number"] if depth == 0 else ["variable", "+", "*", "-", "derivative", "derivative"]
    kind = choose(kinds)
    if kind == "variable":
        return kind, choose(names)
    if kind == "number":
        return kind, choose([2, 3, -1])
    if kind == "derivative":
        name = f"y{depth}"
        return kind, name, written(choose, depth - 1, [*names, name, name]), written(choose, depth - 1, names)
    return kind, written(choose, depth - 1, names), written(choose, depth - 1, names)


def run(program, scope, differentiate):
    """What a program gives: of Values and `derivative`, or of SymPy's symbols and `diff`."""
    kind, *parts = program
    if kind == "variable":
        return scope[parts[0]]
    if kind == "number":
        return parts[0]
    if kind == "derivative":
        name, body, at = parts
        return differentiate(
            name, lambda y: run(body, {**scope, name: y}, differentiate), run(at, scope, differentiate)
        )
    a, b = (run(part, scope, differentiate) for part in parts)
    return a + b if kind == "+" else a - b if kind == "-" else a * b


@given(st.data())
@settings(max_examples=150)
def test_nested_derivatives_agree_with_sympy(data):
    program = written(lambda options: data.draw(st.sampled_from(options)), 4, ["x", "z"])
    fresh = iter(range(10**6))

    def symbolically(name, body, at):
        y = sympy.Symbol(f"{name}_{next(fresh)}")
        return sympy.diff(body(y), y).subs(y, at)

    def by_nodes(name, body, at):
        return derivative(body)(at)

    x, z = sympy.symbols("x z")
    right = sympy.sympify(run(program, {"x": x, "z": z}, symbolically))
    nodes = {"x": Value(2.0, "x"), "z": Value(-1.0, "z")}
    ours = run(program, nodes, by_nodes)
    assert float(ours) == float(right.subs({x: 2, z: -1}))
    slope = derivative(lambda x: run(program, {"x": x, "z": nodes["z"]}, by_nodes))(nodes["x"])
    assert float(slope) == float(sympy.diff(right, x).subs({x: 2, z: -1}))
    if isinstance(ours, Value):
        ours.backward()
        for symbol, name in ((x, "x"), (z, "z")):
            mine = nodes[name].grad if any(node is nodes[name] for node in objects(ours)) else 0.0
            assert mine == float(sympy.diff(right, symbol).subs({x: 2, z: -1}))


def test_an_argument_that_comes_twice_is_refused():
    slope = derivative(lambda a, b: a * b)
    assert slope(1.0, b=2) == slope(a=1.0, b=2) == 2.0
    with pytest.raises(TypeError, match=r"each of a, b; got \(1\.0, b=2, a=3\)"):
        slope(1.0, b=2, a=3)
    assert derivative(Value(2.0, "a") * 3)() == 3.0


@pytest.mark.parametrize(
    ("f", "seen"),
    [
        (lambda a: float(a) * a, "a slope of 4, and the graph has 2"),
        (lambda a: a + math.fsum([a, a]), "the graph has 1"),
        (lambda a: a * math.sin(a), "not in the graph: small steps of a show"),
        (lambda a: a * a + math.exp(float(a * a)), "the graph has 4"),
        (lambda a: 0 * a + np.array([0.0, float(a)]).sum(), "the graph has 0"),
    ],
)
@pytest.mark.parametrize("given", [2.0, Value(2.0, "v")])
def test_a_part_of_a_function_that_left_the_graph_is_refused(f, seen, given):
    for n in (1, 2):
        with pytest.raises(TypeError, match=seen):
            derivative(f, n)(given)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda a: a * a if float(a) > 0 else -a, 4.0),
        (lambda a: a * a.data, 2.0),
        (lambda a: a * int(float(a) / 10), 0.0),
        (lambda a: a * a + math.floor(a), 4.0),  # at a jump the steps say nothing
        (lambda a: cgviz.relu(a - 2) + 0 * int(float(a)), 0.0),  # nor at a kink
    ],
)
def test_a_plain_number_that_does_not_move_the_result_is_no_loss(f, expected):
    assert derivative(f)(2.0) == expected


def remembering():
    """A function that keeps its results, and gives the old ones again: their leaves are not those of the call."""
    memo = {}

    def f(a, b=1.0):
        if a.data not in memo:
            memo[a.data] = a * a * b
        return memo[a.data]

    return f


def test_a_result_of_an_earlier_call_is_refused():
    f = remembering()
    slope = derivative(lambda a: f(a))
    assert slope(3.0) == 6.0
    with pytest.raises(
        TypeError, match="does not contain the leaf a that it was given: has the function kept a result"
    ):
        slope(3.0)
    with pytest.raises(TypeError, match="small steps of a show a slope of 6, and the graph has 0 .* kept a result"):
        derivative(lambda a: f(a))(3.0)
    partly = derivative(lambda a: f(a) + a)
    assert partly(5.0) == 11.0
    with pytest.raises(TypeError, match="a slope of 11, and the graph has 1 .has the function kept a result"):
        partly(5.0)


@pytest.mark.parametrize("f", [lambda a: Value(a.data * 2), lambda a: W * math.sin(a.data), lambda a: W + a.data**2])
def test_a_result_that_moves_without_a_path_is_refused(f):
    with pytest.raises(TypeError, match="small steps of a show a slope of"):
        derivative(f)(0.7)


@pytest.mark.parametrize(
    "f",
    [
        lambda a: W * W,
        lambda a: Value(2.5),
        lambda a: W * (1.0 if a.data > 0 else 2.0),
        lambda a: W * round(a.data),
        lambda a: W * random.random(),
        lambda a: Value(abs(a.data - 2.0)),  # a kink, just here
    ],
)
def test_a_result_that_does_not_move_smoothly_without_a_path_is_none_of_its_arguments(f):
    found = derivative(f)(2.0)
    assert found == 0.0


W = Value(3.0, "w")


def test_a_function_that_asks_for_no_plain_number_runs_once():
    runs = []
    assert derivative(lambda a: runs.append(1) or a * a)(2.0) == 4.0 and len(runs) == 1


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize(
    ("f", "arguments"),
    [
        ("a**b", (-2.0, 3.0)),
        (lambda a, b: a**b, (-2.0, 3.0)),
        (lambda a, b: (-2.0) ** b + a, (1.0, 3.0)),
        (lambda a, b: tanh(a) * (a - 1) ** (b * b), (-0.5, 2.0)),
        (lambda a, b: a**b, (Value(-2.0, "a"), Value(3.0, "b"))),
    ],
)
def test_a_power_of_a_negative_base_has_no_slope_in_its_exponent_and_that_is_said_alike_everywhere(f, arguments, n):
    with pytest.raises(
        cgviz.DomainError, match=r"no value at b = [23]: the derivative of .*\^.* is not defined where"
    ) as e:
        derivative(f, n, "b")(*arguments)
    assert not isinstance(e.value, OverflowError) and "log" not in str(e.value) and "too large" not in str(e.value)


def test_nan_is_not_called_too_large():
    with pytest.raises(cgviz.DomainError, match=r"^log\(a\) is defined for a ≥ 0, but node 'a' is -2$"):
        OPS["log_or_zero"](Value(-2.0, "a"), 1.0)
    a, b = Value(-2.0, "a"), Value(3.0, "b")
    assert "by convention" not in str(cgviz.explain(a**b)) and "NaN" in str(cgviz.explain(a**b, "b"))
