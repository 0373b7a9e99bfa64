"""Code that was written for micrograd's `Value` runs on ours, and an operation of one's own is a node like others."""

import copy
import importlib
import math
import pickle
import random
import tracemalloc
from functools import partial

import pytest

from cgviz import Tensor, Value, derivative, draw_dot, explain, explore, gradcheck, steps, table, trace
from cgviz.nn import scores, train
from cgviz.program import Program
from tests.course_code import PROGRAMS, XS, YS, Plain, network, numbers

AS_PUBLISHED = (
    "topological_order_by_hand",
    "an_operation_of_three_operands",
    "the_moons",
    "the_sanity_check",
    "more_operations",
    "a_rule_set_aside_by_hand",
    "a_straight_through_estimator",
    "dropout_and_a_mean_as_operations",
)
"""The programs that need nothing but what the published package has."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_gives_the_same_numbers_when_only_the_class_is_another(name):
    assert PROGRAMS[name](Value) == pytest.approx(PROGRAMS[name](Plain), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", AS_PUBLISHED)
def test_the_published_package_gives_them_too(name):
    engine = pytest.importorskip("micrograd.engine")
    run = PROGRAMS[name]
    try:
        theirs = run(engine.Value)
    except TypeError:  # it has no labels
        theirs = run(lambda x, _children=(), _op="", label="": engine.Value(x, _children, _op))
    assert run(Value) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["the_sanity_check", "more_operations"])
def test_its_own_test_cases_agree_with_pytorch(name, torch):
    def leaf(x):
        return torch.tensor([x], dtype=torch.double, requires_grad=True)

    def value_and_gradients(*xs):
        y = more(*xs) if name == "more_operations" else sanity(*xs)
        y.backward()
        return [float(y.detach())] + [float(x.grad) for x in xs]

    def sanity(x):
        z = 2 * x + 2 + x
        q = z.relu() + z * x
        h = (z * z).relu()
        return h + q + q * x

    def more(a, b):
        c, d = a + b, a * b + b**3
        c = c + c + 1
        c = c + 1 + c + (-a)
        d = d + d * 2 + (b + a).relu()
        d = d + 3 * d + (b - a).relu()
        f = (c - d) ** 2
        return f / 2.0 + 10.0 / f

    xs = [leaf(x) for x in ((-4.0,) if name == "the_sanity_check" else (-4.0, 2.0))]
    assert PROGRAMS[name](Value) == pytest.approx(value_and_gradients(*xs), rel=1e-9)


# --- the package's own networks ---


@pytest.fixture
def theirs(monkeypatch):
    """micrograd's networks, with the one line of import changed."""
    pytest.importorskip("micrograd.nn")
    nn = importlib.import_module("micrograd.nn")
    monkeypatch.setattr(nn, "Value", Value)
    return nn


def test_micrograds_networks_are_trained_drawn_and_explained(theirs):
    random.seed(4)
    net = theirs.MLP(3, [4, 1])
    first = numbers(net.parameters())
    losses = []
    for _ in range(8):
        loss = sum((1 + -y * net(x)).relu() for x, y in zip(XS, YS, strict=True)) * (1.0 / len(YS))
        losses.append(loss.data)
        net.zero_grad()
        loss.backward()
        for p in net.parameters():
            p.data -= 0.1 * p.grad
    after = numbers(net.parameters())
    for p, x in zip(net.parameters(), first, strict=True):
        p.data = x
    history = train(net, XS, YS, 8, rate=0.1, progress=False)
    assert [step.loss for step in history] == pytest.approx(losses)
    assert numbers(net.parameters()) == pytest.approx(after)
    score = net(XS[0])
    score.backward()
    assert scores(net, XS)[0] == pytest.approx(score.data)
    assert all(node.row is not None or not node.operands for node in trace(score).nodes)
    assert "relu" in table(score) and "∂" in str(explain(score)) and len(steps(score).forward) > 10


def test_a_network_with_an_operation_of_its_own_that_has_a_row_is_trained():
    class Scalar(Value):
        def tanh(self):
            out = Value(math.tanh(self.data), (self,), "tanh")

            def _backward():
                self.grad += (1 - out.data**2) * out.grad

            out._backward = _backward
            return out

    nets = [network(cls, [3, 4, 1], "tanh") for cls in (Scalar, Value)]
    assert train(nets[0], XS, YS, 5, progress=False) == train(nets[1], XS, YS, 5, progress=False)
    assert numbers(nets[0].parameters()) == pytest.approx(numbers(nets[1].parameters()))


def test_one_that_has_no_row_is_refused_in_a_sentence():
    class Scalar(Value):
        def softsign(self):
            out = Value(self.data / (1 + abs(self.data)), (self,), "softsign")
            out._backward = lambda: setattr(self, "grad", self.grad + out.grad / (1 + abs(self.data)) ** 2)
            return out

    with pytest.raises(TypeError, match=r"computed by 'softsign', which has no row"):
        train(network(Scalar, [3, 4, 1], "softsign"), XS, YS, 5, progress=False)


# --- how a node is made ---


def test_both_signatures_are_understood():
    a, b = Value(2.0), Value(3.0)
    for node, operands, op, label in (
        (Value(1), (), "", ""),
        (Value(1, "a"), (), "", "a"),
        (Value(1, label="a"), (), "", "a"),
        (Value(data=1, label="a"), (), "", "a"),
        (Value(1, ()), (), "", ""),
        (Value(1, (), ""), (), "", ""),
        (Value(1, (), "", "a"), (), "", "a"),
        (Value(6, (a, b), "*"), (a, b), "*", ""),
        (Value(6, [a, b], "*"), (a, b), "*", ""),
        (Value(6, (x for x in (a, b)), "*"), (a, b), "*", ""),
        (Value(6, (a, b), "*", "c"), (a, b), "*", "c"),
        (Value(6, (a, b), "*", label="c"), (a, b), "*", "c"),
        (Value(6, _children=(a, b), _op="*"), (a, b), "*", ""),
        (Value(6, _children=(a, b), _op="*", label="c"), (a, b), "*", "c"),
        (Value(6, {a}, "bend"), (a,), "bend", ""),
        (Value(6, (a, b, a), "three"), (a, b, a), "three", ""),
        (Value(6, {a, b}, "*"), {a, b}, "*", ""),
    ):
        assert (node._prev, node._children, node._op, node.label) == (operands, operands, op, label)
        assert node.data == node.item() and node.grad == 0.0
        node._backward()  # nothing, as long as none is set
        assert (a.grad, b.grad) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda a: Value(3, a), "the operands of a node are Values in a tuple, such as (a, b); got a Value"),
        (lambda a: Value(3, 5), "the operands of a node are Values in a tuple, such as (a, b); got an int"),
        (lambda a: Value(3, (a, 2), "+"), "got an int among them: write Value(2) for a number"),
        (lambda a: Value(3, (a, None), "+"), "got None among them"),
        (lambda a: Value(3, "a", "+"), "Value takes a number and a label, such as Value(3, 'a'), or what an operation"),
        (lambda a: Value(3, "a", label="b"), "got after the number a str, a str and a str"),
        (lambda a: Value(3, (a,), None), "got after the number a tuple, None and a str"),
        (lambda a: Value(3, (a,), "+", 5), "got after the number a tuple, a str and an int"),
        (lambda a: setattr(a, "_backward", 3), "_backward is a function without parameters"),
        (lambda a: setattr(a, "_op", 3), "_op is the name of an operation, such as 'tanh'; got 3"),
        (lambda a: setattr(a, "_prev", 3), "the operands of a node are Values in a tuple"),
        (lambda a: setattr(Tensor([1.0]), "_backward", lambda: a), "an operation of your own is one of Values"),
        (lambda a: setattr(Tensor([1.0]), "_prev", (a,)), "an operation of your own is one of Values"),
    ],
)
def test_what_makes_no_node_is_refused_in_a_sentence(make, said):
    with pytest.raises(TypeError) as caught:
        make(Value(2.0, "a"))
    assert said in str(caught.value)


def test_operands_are_read_as_a_tuple_and_beside_a_set_as_a_set():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    for y in (a * b, Value(6, (a, b), "*"), Tensor([1.0]) * a):
        first, second = y._prev
        assert y._prev == (first, second) and y._prev[0] is first and len(y._prev) == 2
        assert y._prev == {first, second} == set(y._prev) and y._prev != {first} and {second, first} == y._prev
        assert y._prev | {y} == {first, second, y} and y._prev & (first,) == {first} and y._prev - {first} == {second}
        assert hash(y._prev) == hash((first, second)) and y._prev != (second, first)
    assert a._prev == () == a._children and a._prev == set() and not a._prev


# --- an operation of one's own ---


def own(f, slope, name="bend"):
    """An operation as courses write them."""

    def operation(x):
        out = Value(f(x.data), (x,), name)

        def _backward():
            x.grad += slope(x.data) * out.grad

        out._backward = _backward
        return out

    return operation


cube = own(lambda x: x**3, lambda x: 3 * x * x)
lost = own(lambda x: x**3, lambda x: 3 * x)
tanh = own(math.tanh, lambda x: 1 - math.tanh(x) ** 2, "tanh")
through = own(math.tanh, lambda x: 1.0, "tanh")


def graph_of(operation):
    x = Value(2.0, "x")
    y = operation(x)
    y.label = "y"
    z = y * 3 + x
    z.label = "z"
    z.backward()
    return x, y, z


def test_it_is_called_once_when_all_uses_have_contributed():
    x, calls = Value(2.0, "x"), []
    y = Value(x.data**3, (x,), "bend")

    def _backward():
        calls.append(y.grad)
        x.grad += 12 * y.grad

    y._backward = _backward
    z = (y * y + y) * 2 + x
    z.backward()
    assert calls == [2 * (8 + 8 + 1)] and x.grad == 12 * 34 + 1
    z.backward()
    assert x.grad == 12 * 34 + 1
    assert y._backward is _backward


def test_it_is_drawn_under_its_own_name():
    _x, _y, z = graph_of(cube)
    assert [(n.name, n.op, n.data, n.grad) for n in trace(z).nodes if n.name in "xyz"] == [
        ("x", "", 2.0, 37.0),
        ("y", "bend", 8.0, 3.0),
        ("z", "+", 26.0, 1.0),
    ]
    assert "y     bend(x)        8         3" in table(z) and "bend" in draw_dot(z).source


def test_its_derivative_is_what_its_own_backward_sends_and_that_is_said():
    note = "the derivatives of 'bend' are what its own _backward sends, for there is no row of it"
    for operation, line in ((cube, "3 · 12 = 36, in all 1 + 36 = 37"), (lost, "3 · 6 = 18, in all 1 + 18 = 19")):
        x, y, z = graph_of(operation)
        told = steps(z)
        assert note in told.notes and told[-1].text.endswith(f"∂z/∂y · ∂y/∂x = {line}")
        assert str(explain(z, "x")).splitlines()[0] == f"({note})"
        assert explain(z, "x").chains[0].total == x.grad
        assert (x.grad, y.grad) == ((37.0 if operation is cube else 19.0), 3.0)  # asking has changed nothing


def test_one_that_scales_the_gradient_otherwise_than_by_a_factor_has_no_local_derivative():
    x = Value(2.0, "x")
    y = Value(4.0, (x,), "clipped")

    def _backward():
        x.grad += min(1.0, 2 * y.grad)

    y._backward = _backward
    (use,) = [step for step in steps(y * 3).backward if step.name == "x"]
    assert use.local is None and use.contribution == 1.0


def test_what_its_backward_raises_is_told_with_the_node():
    x = Value(0.0, "x")
    y = Value(0.0, (x,), "root", "y")

    def _backward():
        x.grad += 1 / x.data * y.grad

    y._backward = _backward
    z = y * 2 + x
    with pytest.raises(ZeroDivisionError) as caught:
        z.backward()
    assert caught.value.__notes__ == ["(in the _backward of 'y' (computed by 'root'))"]
    assert [n.grad for n in trace(z).nodes] == [None] * 5
    said = "the _backward of 'y' (computed by 'root') raised ZeroDivisionError"
    assert said in str(explain(z)) and said in steps(z).notes[-1]


def test_gradcheck_holds_it_against_small_steps():
    assert gradcheck(lambda a: cube(a) * 3 + a, a=2.0).ok
    report = gradcheck(lambda a: lost(a) * 3 + a, a=2.0)
    assert not report.ok and report.wrong[0].startswith("grad of 'a' is 19, should be 37")
    report = gradcheck(lambda a: through(a) * 3 + a, a=2.0)
    assert "the local derivative is left out in the use by v2" in report.wrong[0]


def test_a_program_runs_it_again_only_where_number_and_gradients_are_those_of_a_row():
    x, _, z = graph_of(tanh)
    assert Program(z)(x=1.0).grad["x"] == pytest.approx(1 + 3 * (1 - math.tanh(1) ** 2))
    for operation, said in (
        (cube, "computed by 'bend', which has no row in the table of operations"),
        (through, "a Program cannot run again: the _backward of 'y' (computed by 'tanh') sends 1 to 'x' where the "),
    ):
        x, _, z = graph_of(operation)
        with pytest.raises(TypeError) as caught:
            Program(z)
        assert said in str(caught.value) and "node 'y'" in str(caught.value)
        with pytest.raises(TypeError, match="give the function that computed it instead"):
            explore(z)
        assert x.grad in (37.0, 4.0)


def test_one_whose_rule_was_set_aside_is_not_run_again_by_its_row():
    a = Value(2.0, "a")
    y = a * a
    y._backward = lambda: None
    z = y + a
    z.backward()
    assert a.grad == 1.0
    with pytest.raises(TypeError, match="has no _backward that sends anything"):
        Program(z)
    assert "other gradients in its class: a has 1, and 5 by the chain rule" in steps(z).notes


def used(operation, a):
    return operation(a) * 3 + a


def test_the_page_leaves_it_to_the_kernel():
    for operation in (cube, tanh, through):
        explorer = explore(partial(used, operation), a=2.0)
        assert not explorer.view.alive
        explorer.inputs["a"] = 1.0
        x = Value(1.0)
        used(operation, x).backward()
        assert explorer._run.gradients["a"] == x.grad


def test_derivative_gives_no_node_of_it():
    assert derivative(lambda a: tanh(a) * a)(0.5) == pytest.approx(math.tanh(0.5) + 0.5 * (1 - math.tanh(0.5) ** 2))
    with pytest.raises(TypeError, match="has no rule for 'bend'"):
        derivative(cube)(2.0)
    with pytest.raises(TypeError, match="of an operation of your own"):
        derivative(lambda a: tanh(a) * a)(Value(0.5))
    y = cube(Value(2.0))
    assert derivative(lambda a: a * a)(y).data == 16.0  # as an argument it is a leaf


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, pickle.dumps])
def test_its_node_is_not_copied_for_its_gradients_would_go_to_the_originals(copied):
    _, y, _ = graph_of(cube)
    with pytest.raises(TypeError) as caught:
        copied(y)
    assert str(caught.value) == (
        "'y' has a _backward of its own, which belongs to the very nodes that it was written for: a copy would send "
        "its gradients to those; copy the leaves, and compute it again"
    )


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)), lambda x: pickle.loads(pickle.dumps(x, 0))]
)
def test_what_has_no_backward_of_its_own_is_copied_with_all_that_hangs_on_it(copied):
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(4.0, "c")
    a.m, a.state = 0.5, {"t": 3}
    y = Value(24.0, (a, b, c), "product")
    renamed = y * a
    renamed._op = "scaled"
    again = copied(renamed)
    assert (again._op, again._prev[0]._op, [x.label for x in again._prev[0]._prev]) == (
        "scaled",
        "product",
        list("abc"),
    )
    leaf = again._prev[1]
    assert (leaf.m, leaf.state, leaf.label) == (0.5, {"t": 3}, "a") and leaf.state is not a.state
    again.backward()
    assert leaf.grad == 24.0 and a.grad == 0.0
    a.backward()
    assert vars(copied(Value(1.0))) == {}


def test_a_changed_operand_makes_its_number_stale():
    x, _y, z = graph_of(cube)
    x.data = 3.0
    assert {n.name: n.stale for n in trace(z).nodes if n.stale == "value"} == {
        "y": "value",
        "v3": "value",
        "z": "value",
    }
    x.data = 2.0
    assert not [n for n in trace(z).nodes if n.stale == "value"]


def test_operands_that_came_in_a_set_have_no_order():
    a, b = Value(5.0, "a"), Value(3.0, "b")
    y = Value(2.0, {b, a}, "-", "y")

    def _backward():
        a.grad += y.grad
        b.grad -= y.grad

    y._backward = _backward
    y.backward()
    assert not trace(y).root.ordered and (a.grad, b.grad) == (1.0, -1.0)
    assert steps(y).forward[0].text == "y = a - b = 5 - 3 = 2"
    other = Value(2.0, {b, a}, "first less second", "y")
    other._backward = _backward
    y.grad = 1.0
    assert [use.contribution for use in steps(other).backward[1:]] == [1.0, -1.0]


def test_a_name_alone_leaves_the_derivative_that_the_row_has():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = a * b
    y._op = "scaled"
    z = y + a
    z.backward()
    assert (a.grad, b.grad, trace(z).nodes[2].op) == (4.0, 2.0, "scaled")
    assert [step.after for step in steps(z).backward if step.complete] == [1.0, 1.0, 4.0, 2.0]


def test_a_node_that_is_given_no_operands_any_more_ends_the_graph():
    a = Value(2.0)
    y = a * a
    y._prev = set()
    z = y * 3
    z.backward()
    assert (a.grad, y.grad, trace(z).nodes[0].kind) == (0.0, 3.0, "leaf")


def test_of_one_without_a_rule_no_derivative_is_claimed():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = Value(2.5, (a, b), "average", "y")
    z = y * 2
    z.backward()
    assert (a.grad, y.grad) == (0.0, 2.0)
    said = "'y' (computed by 'average') has no _backward that sends anything, so no derivative of it is known"
    assert str(explain(z)) == said and steps(z).notes == (f"no backward pass: {said}",)
    twice = Value(4.0, (a, a), "square", "y")
    twice._backward = lambda: setattr(a, "grad", a.grad + 4 * twice.grad)
    assert "an operand of 'y' (computed by 'square') is there twice" in str(explain(twice))


# --- gradients by hand ---


def test_gradients_by_hand_are_shown_also_where_they_are_0():
    a, b = Value(0.0, "a"), Value(3.0, "b")
    y = a * b
    y.label, y.grad = "y", 1.0
    y._backward()
    assert [(n.name, n.grad, n.stale) for n in trace(y).nodes] == [("a", 3.0, ""), ("b", 0.0, ""), ("y", 1.0, "")]
    y._backward()
    assert a.grad == 6.0
    y.backward()
    assert (a.grad, b.grad) == (3.0, 0.0)


def test_a_derivative_that_is_not_there_is_told_by_hand_too():
    y = Value(0.0, "x").sqrt()
    y.grad = 1.0
    with pytest.raises(ValueError, match=r"the derivative of sqrt\(x\) is not defined where node 'x' is 0"):
        y._backward()


# --- attributes, and what a node weighs ---


def weight(operations):
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        x, w = Value(0.3), Value(0.9999)
        for _ in range(operations):
            x = x * w
        x.backward()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def bytes_of_an_operation(operations=20_000):
    """What one more operation with its gradient weighs: what a graph needs once is not among it."""
    weight(operations)  # Python keeps some floats for the next: from now on as many for each
    return (weight(2 * operations) - weight(operations)) / operations


def test_an_operation_weighs_160_bytes_whatever_hangs_on_others():
    assert bytes_of_an_operation() < 160.5
    for name in ("m", "v", "velocity", "name", "visited"):
        setattr(Value(1.0, "x"), name, 0.0)
    assert bytes_of_an_operation() < 160.5


def test_names_that_our_engine_has_for_other_things_may_be_hung_on_a_node():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    for name in ("shape", "value", "output", "prev", "prevs", "parents", "op", "name", "gradients", "dtype", "flags"):
        setattr(a, name, (1, 2))
    y = a * b + 2 * a
    y.backward()
    assert (y.data, a.grad, b.grad) == (10.0, 5.0, 2.0)
    assert [n.name for n in trace(y).nodes if n.kind == "leaf"] == ["a", "b"]
    assert Program(y)(a=1.0).value == 5.0 and (Tensor([1.0, 2.0]) * a).data.tolist() == [2.0, 4.0]


def test_a_node_is_true_as_any_object_and_math_takes_its_number():
    assert bool(Value(0.0)) and math.exp(Value(0.0)) == 1.0
