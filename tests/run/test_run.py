import math

import micrograd.engine as micrograd
import mlfz.nn.scalar as mlfz
import pytest

from cgviz import DomainError, ExpressionError, Value, maximum, table, tanh, trace
from cgviz.run.descent import walk
from cgviz.run.expression import parse
from cgviz.run.replay import Replay
from cgviz.run.run import Run, check_inputs, leaf, names_of, prepare


def seed_run():
    run = Run(parse("(a*b + c)*d"))
    run.update(a=2, b=-3, c=10, d=-2)
    return run


# --- runs ---


def test_a_run_computes_values_and_gradients():
    run = seed_run()
    assert (run.root.data, run.gradients) == (-8.0, {"a": 6.0, "b": -4.0, "c": -2.0, "d": 4.0})
    assert run.graph == trace(run.root)
    assert run.inputs == {"a": 2, "b": -3, "c": 10, "d": -2}


def test_a_move_runs_everything_anew_and_keeps_the_other_numbers():
    run = seed_run()
    first = run.root
    run.update(a=4)
    assert run.root is not first and first.data == -8.0
    assert (run.root.data, run.gradients) == (4.0, {"a": 6.0, "b": -8.0, "c": -2.0, "d": -2.0})
    assert all(node.stale == "" for node in run.graph.nodes)


def test_a_thousand_moves_never_let_a_gradient_pile_up():
    run = seed_run()
    for i in range(1000):
        run.update(a=i)
    run.update(a=2)
    assert run.gradients == {"a": 6.0, "b": -4.0, "c": -2.0, "d": 4.0}


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"a": -1}, DomainError), ({"a": "x"}, TypeError), ({"z": 1}, TypeError), ({"a": 0}, DomainError)],
)
def test_a_run_that_fails_keeps_the_last_good_one(changes, error):
    run = Run(parse("log(a) * b"))
    run.update(a=1, b=2)
    kept = run.inputs, run.root, run.graph
    with pytest.raises(error):
        run.update(**changes)
    assert (run.inputs, run.root, run.graph) == kept
    run.update(a=math.e)
    assert run.root.data == pytest.approx(2.0)


def test_an_error_only_in_backward_also_keeps_the_last_good_run():
    run = Run(parse("sqrt(a)"))
    run.update(a=4)
    with pytest.raises(DomainError, match=r"the derivative of sqrt\(a\) is not defined where node 'a' is 0"):
        run.update(a=0)
    assert (run.root.data, run.inputs) == (2.0, {"a": 4})


def test_a_leaf_that_does_not_matter_has_no_gradient():
    run = Run(lambda a, b: a * 2)
    run.update(a=1, b=5)
    assert run.gradients == {"a": 2.0, "b": None}


def test_leaves_may_be_called_like_parameters_of_our_own():
    run = Run(parse("self*cls + changes"))
    run.update(self=2, cls=3, changes=4)
    assert run.gradients == {"self": 3.0, "cls": 2.0, "changes": 1.0}
    run = Run(lambda self, root: self * root)
    run.update(self=2, root=3)
    assert run.root.data == 6.0


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (lambda a: None, "f returned None: is a return missing?"),
        (
            lambda a: a.data,
            "f returned a float, not a node of a graph (functions of math and float() make plain numbers of nodes: "
            "use those of the class or of cgviz)",
        ),
        (lambda a: 3, "f returned an int, not a node of a graph"),
        (lambda a: (a, a), "f returned a tuple, not a node of a graph"),
        (lambda a: Value, "f returned a type, not a node of a graph"),
    ],
)
def test_a_function_that_returns_no_node_is_named(result, sentence):
    def f(a):
        return result(a)

    with pytest.raises(TypeError) as caught:
        Run(f).update(a=1)
    assert str(caught.value) == sentence


def test_what_a_function_raises_comes_through_as_it_is():
    def f(a):
        raise LookupError("mine")

    with pytest.raises(LookupError, match="^mine$"):
        Run(f).update(a=1)


# --- learners' classes ---


class Bare:
    """No label, no gradient, no backward."""

    def __init__(self, data, parents=()):
        self.data, self._prev = data, parents

    def __mul__(self, other):
        return Bare(self.data * other.data, (self, other))


class Wrong(Value):
    """A backward that is not finished."""

    def backward(self):
        self.grad = 1.0
        for node in self._prev:
            node.grad = 42.0


def test_a_class_without_label_and_backward_runs_and_takes_the_names_of_the_leaves():
    run = Run(lambda a, b: a * b, cls=Bare)
    run.update(a=2, b=3)
    assert type(run.root) is Bare
    assert [n.name for n in run.graph.nodes] == ["a", "b", "v2"]
    assert run.gradients == {"a": None, "b": None}
    assert (
        table(run.graph)
        == "node  operation  value\na                    2\nb                    3\nv2    a * b          6"
    )


@pytest.mark.parametrize("cls", [micrograd.Value, mlfz.Scalar])
def test_other_libraries_run_with_their_own_backward(cls):
    run = Run(parse("(a*b + c)*d"), cls)
    run.update(a=2.0, b=-3.0, c=10.0, d=-2.0)
    assert type(run.root) is cls
    assert run.gradients == {"a": 6.0, "b": -4.0, "c": -2.0, "d": 4.0}
    run.update(a=4.0)
    assert run.gradients["b"] == -8.0


def test_a_subclass_of_value_is_used_throughout():
    class Mine(Value):
        pass

    run = Run(parse("sin(a)*2 + max(b, 0)"), Mine)
    run.update(a=1, b=2)
    assert type(run.root) is Mine


def test_a_learners_gradients_are_shown_even_where_they_are_wrong():
    run = Run(parse("a*b"), Wrong)
    run.update(a=2, b=3)
    assert run.root._prev[0].grad == 42.0


def test_a_leaf_is_labelled_only_where_the_class_knows_labels():
    assert leaf(Value, "a", 2).label == "a"
    assert not hasattr(leaf(Bare, "a", 2), "label")


# --- names and numbers ---


def test_names_are_the_parameters_of_a_function():
    assert names_of(lambda a, b=2, *, c: a) == ("a", "b", "c")
    assert names_of(parse("x*y")) == ("x", "y")


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda *xs: xs, "each leaf needs a name of its own; <lambda> has the parameter '*xs'"),
        (lambda a, **rest: a, "each leaf needs a name of its own; <lambda> has the parameter '**rest'"),
        (math.sin, "sin takes its parameters by place alone; wrap it: lambda a: …"),
    ],
)
def test_parameters_that_are_no_single_names_are_refused(function, sentence):
    with pytest.raises(TypeError) as caught:
        names_of(function)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("names", "numbers", "sentence"),
    [
        (("a", "b"), {"a": 1}, "missing a number for 'b', as in b=2"),
        (("a", "b"), {}, "missing a number for 'a', 'b', as in a=2"),
        (("a",), {"a": 1, "z": 2}, "there is no leaf 'z'; the leaves are 'a'"),
        ((), {"z": 2}, "there is no leaf 'z'; the leaves are none"),
    ],
)
def test_a_missing_or_extra_number_is_named(names, numbers, sentence):
    with pytest.raises(TypeError) as caught:
        check_inputs(names, numbers)
    assert str(caught.value) == sentence


def test_numbers_come_in_the_order_of_the_names():
    assert list(check_inputs(("a", "b"), {"b": 2, "a": 1})) == ["a", "b"]


# --- what can be run ---


def test_a_text_a_function_and_a_root_can_all_be_run():
    function, numbers, cls = prepare("a*b")
    assert (names_of(function), numbers, cls) == (("a", "b"), {}, None)
    function, numbers, cls = prepare(lambda a, b=3: a * b)
    assert (names_of(function), numbers, cls) == (("a", "b"), {"b": 3}, None)
    function, numbers, cls = prepare(Value(2, "a") * 3)
    assert (names_of(function), numbers, cls) == (("a",), {"a": 2.0}, Value)


@pytest.mark.parametrize(("subject", "got"), [(None, "None"), (3, "an int"), ([1], "a list"), ({}, "a dict")])
def test_what_cannot_be_run_is_refused_with_what_can(subject, got):
    with pytest.raises(TypeError) as caught:
        prepare(subject)
    assert str(caught.value) == (
        f"expected an expression such as '(a*b + c)*d', a function of nodes, or a computed node; got {got}"
    )


def test_a_text_that_is_no_expression_is_refused_as_one():
    with pytest.raises(ExpressionError):
        prepare("a b")


# --- replays of finished roots ---


def replayed(root, **numbers):
    replay = Replay(root)
    run = Run(replay, replay.cls)
    run.update(**replay.inputs | numbers)
    return run


def everything(a, b):
    """One of each kind of operation, constants on both sides, operands shared and repeated."""
    e = a * b + 2 - 3 / (a * a + 1)
    e.label = "e"
    return (
        tanh(-e) + abs(b) ** 2 + 2 ** a.sigmoid() + maximum(0, e) - maximum(a, b).softplus() + e.relu() * e.leaky_relu()
    )


@pytest.mark.parametrize("numbers", [{}, {"a": -0.5}, {"a": 3.0, "b": -1.0}])
def test_a_replayed_root_computes_what_the_code_computes(numbers):
    root = everything(Value(0.7, "a"), Value(-1.3, "b"))
    run = replayed(root, **numbers)
    a, b = (Value(run.inputs[name], name) for name in "ab")
    again = everything(a, b)
    again.backward()
    assert run.root is not root
    assert (run.root.data, run.gradients) == (again.data, {"a": a.grad, "b": b.grad})
    assert run.graph.signature == trace(again).signature


def test_a_replay_keeps_labels_constants_and_the_shape():
    a = Value(2, "a")
    e = a * 3
    e.label = "e"
    L = e * e
    L.label = "L"
    run = replayed(L, a=5)
    assert [(n.name, n.kind) for n in run.graph.nodes] == [(n.name, n.kind) for n in trace(L).nodes]
    assert run.root.data == 225.0
    assert (L.data, a.data) == (36.0, 2.0)


def test_leaves_of_one_name_or_none_are_told_apart():
    root = Value(1, "x") * Value(2, "x") + Value(3, "x") * Value(4)
    assert Replay(root).inputs == {"x": 1.0, "x_2": 2.0, "x_3": 3.0, "v3": 4.0}
    assert replayed(root, x_2=10).root.data == 22.0


def test_a_replay_uses_the_learners_class_and_its_own_operators():
    class Mine(Value):
        def __mul__(self, other):
            result = super().__mul__(other)
            result.label = "mine"
            return result

    run = replayed(Mine(2, "a") * 3)
    assert (type(run.root), run.root.label) == (Mine, "mine")


def test_a_single_leaf_can_be_replayed():
    run = replayed(Value(2, "a"), a=7)
    assert (run.root.data, run.gradients) == (7.0, {"a": 1.0})


def test_a_chain_of_many_operations_is_replayed_without_recursion():
    y = Value(1, "x")
    for _ in range(3000):
        y = y + 1
    assert replayed(y, x=5).root.data == 3005.0


def test_a_root_whose_operations_are_recognised_is_replayed():
    run = replayed(mlfz.Scalar(2.0) * 3)
    assert type(run.root) is mlfz.Scalar and run.root.value == 6.0


def test_micrograd_roots_are_replayed_with_micrograd():
    run = replayed(micrograd.Value(2.0) * micrograd.Value(3.0) + 1)
    assert type(run.root) is micrograd.Value and run.root.data == 7.0


@pytest.mark.parametrize(
    ("root", "operation"),
    [
        (micrograd.Value(2.0, (micrograd.Value(4.0),), "half"), "'half'"),
        (Bare(6.0, (Bare(2.0),)), "an unnamed operation"),
    ],
)
def test_an_operation_that_has_no_row_cannot_be_replayed_and_says_what_to_do(root, operation):
    with pytest.raises(TypeError) as caught:
        Replay(root)
    name = trace(root).root.name
    assert str(caught.value) == (
        f"node '{name}' was computed by {operation}, which cannot be run again from the graph alone; "
        "give the function that computed it instead"
    )


def test_a_node_taken_from_outside_does_not_gather_gradients_from_run_to_run():
    from micrograd.engine import Value as Micrograd

    w = Micrograd(3.0)
    run = Run(lambda x: w * x, cls=Micrograd)
    for x in (1.0, 2.0, 1.5):
        run.update(x=x)
    assert w.grad == 1.5


def test_a_class_computes_with_its_own_function_and_its_own_numbers():
    class Own(Value):
        def tanh(self):
            return self * 100

        def __pow__(self, other):
            assert isinstance(other, int)
            return Value.__pow__(self, other)

    for subject in ("tanh(a)", "tanh(a) + a**2"):
        run = Run(parse(subject), cls=Own)
        run.update(a=1)
        assert float(run.root) in (100.0, 101.0)


def test_a_leaf_that_the_function_renames_is_still_found():
    def f(a):
        a.label = "alpha"
        return a * 2

    run = Run(f)
    run.update(a=3)
    assert run.gradients == {"a": 2.0}


def test_names_are_compared_as_python_reads_them():
    run = Run(parse("\u00b5*2"))
    run.update(µ=3)
    assert run.root.data == 6.0


@pytest.mark.parametrize("text", ["+".join(["a"] * 900), "-" * 900 + "a"])
def test_a_long_expression_is_computed_or_refused_in_a_sentence(text):
    try:
        expression = parse(text)
    except ExpressionError as error:
        assert "nested too deeply" in str(error)
    else:
        assert expression(a=Value(1.0)).data in (900.0, 1.0)


def test_an_operation_takes_leaves_of_any_name():
    assert prepare(tanh, {"x": 1.0})[0].names == ("x",)
    run = Run(prepare(maximum, ["left", "right"])[0])
    run.update(left=1, right=2)
    assert (run.root.data, run.gradients) == (2.0, {"left": 0.0, "right": 1.0})
    for op, given, said in (
        (tanh, (), "tanh takes a number, as in a=2; got none"),
        (tanh, ("a", "b"), "tanh takes a number, as in a=2; got 2"),
        (maximum, ("a",), "maximum takes 2 numbers, as in a=2, b=2; got 1"),
    ):
        with pytest.raises(TypeError, match=said):
            prepare(op, given)


@pytest.mark.parametrize("held", [None, "x"])
def test_a_descent_without_gradients_says_so(held):
    class Bare:
        def __init__(self, data):
            self.data, self.grad = data, held

        def __mul__(self, other):
            y = Bare(self.data * other.data)
            y._prev, y._op = (self, other), "*"
            return y

        def backward(self):
            pass

    run = Run(lambda a: a * a, Bare)
    with pytest.raises(TypeError, match=r"after backward\(\) that of a is (None|a str)$"):
        walk(run, {"a": 2.0}, 0.1, 3)
