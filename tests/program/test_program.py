"""What a user of `Program` sees: other numbers in, values and gradients out, and a sentence for what does not fit."""

import copy
import math
import pickle
import random

import numpy as np
import pytest

from cgviz import DomainError, Value, exp, log, relu, sigmoid, trace
from cgviz.graph import objects
from cgviz.program import Program, tape
from cgviz.run.expression import parse


@pytest.fixture
def program(seed):
    return Program(seed[-1])


def test_recorded_numbers_without_any_given(program):
    run = program()
    assert run.value == run["L"] == -8
    expected = {"a": 6, "b": -4, "c": -2, "d": 4, "e": -2, "f": -2, "L": 1}
    assert {name: run.grad[name] for name in expected} == expected
    assert program.gradient() == {"a": 6, "b": -4, "c": -2, "d": 4}
    assert program.forward() == -8


def test_numbers_by_name_order_node_and_place(program):
    a = program.root._prev[0]._prev[0]._prev[0]
    place = program.addresses.node(a)
    record = trace(program.root).nodes[place]
    for run in (
        program(a=4),
        program(4),
        program({a: 4}),
        program({place: 4}),
        program({record: 4.0}),
        program({"a": 4}),
    ):
        assert run.value == 4 and run.grad[a] == run.grad["a"] == run.grad[place] == run.grad[record] == 6
    assert program(4.0, -3.0, 10.0, -2.0).value == 4
    assert program().value == -8, "a run leaves no traces"


def test_arrays_of_all_nodes_are_in_topological_order(program):
    run = program()
    program.root.backward()
    assert run.values.tolist() == [node.data for node in trace(program.root).nodes]
    assert run.grads.tolist() == [node.grad for node in trace(program.root).nodes]
    assert run.leaf_grads.tolist() == [6, -4, -2, 4]


def test_batches_are_broadcast_together(program):
    x, y = np.linspace(-1, 1, 5), np.linspace(0, 3, 4)[:, None]
    run = program(a=x, c=y)
    assert run.shape == run.value.shape == run.grad["b"].shape == run["a"].shape == (4, 5)
    assert run.values.shape == run.grads.shape == (7, 4, 5) and run.leaf_grads.shape == (4, 4, 5)
    for i in range(4):
        for j in range(5):
            alone = program(a=x[j], c=y[i, 0])
            assert np.array_equal(alone.values, run.values[:, i, j])
            assert np.array_equal(alone.grads, run.grads[:, i, j])
    assert np.array_equal(program.forward(a=x, c=y), run.value)


def test_a_batch_gives_infinity_and_nan_where_a_single_run_raises():
    x = Value(2, "x")
    program = Program(log(x) + 1 / x)
    assert np.array_equal(np.isfinite(program(x=[-1, 0, 1]).value), [False, False, True])
    with pytest.raises(DomainError, match=r"log\(x\) is defined for x > 0, but node 'x' is -1"):
        program(x=-1)


@pytest.mark.parametrize(
    "text",
    [
        "0*sqrt(a) + a",
        "maximum(3, sqrt(a)) + a",
        "0*sqrt(a)*log(a + 1) + a",
        "0 * a**0.5 + a",
        "relu(-sqrt(a)) + a",
    ],
)
def test_where_nothing_arrives_nothing_goes_on_in_a_batch_too(text):
    run = Program(text, a=4.0)(a=[0.0, 4.0])
    assert run.grad["a"].tolist() == [1.0, 1.0]


def test_an_infinity_that_came_into_a_batch_meets_a_gradient_of_0_as_floats_have_it():
    with np.errstate(all="ignore"):
        assert np.isnan(Program("0*(a/2) + 1/(b*b)", a=1.0, b=1.0)(a=[math.inf, 1.0], b=[2.0, 0.0]).value[0])
        grad = Program("(a/b)*c", a=1.0, b=1.0, c=1.0)(a=[math.inf, 1.0, 1.0], c=[0.0, 0.0, 1.0]).grad["b"]
    assert [str(x) for x in grad] == ["nan", "-0.0", "-1.0"]


def test_other_leaves_divide_by_zero_in_a_batch_too():
    a, b = Value(1, "a"), Value(2, "b")
    assert Program(a / b + 1 / b)(a=[1, 2], b=0).value.tolist() == [math.inf, math.inf]


def test_functions_and_expressions():
    assert Program(lambda a, b: a * b + b, a=2, b=3)(a=5).value == 18
    assert Program(parse("(a*b + c)*d"), a=2, b=-3, c=10, d=-2).gradient()["a"] == 6


def test_training_in_place_and_write_back(program, seed):
    by_hand = objects(copy.deepcopy(seed[-1]))
    w = program.places("a", ["b", program.root._prev[1]])
    assert w.tolist() == [0, 1, 3]
    for _ in range(2):
        program.leaves[w] -= 0.01 * program().leaf_grads[w]
    program.leaves -= 0.0
    program.write_back()
    for _ in range(2):
        by_hand[-1].backward()
        for leaf in (by_hand[0], by_hand[1], by_hand[3]):
            leaf.data -= 0.01 * leaf.grad
        by_hand = objects((by_hand[0] * by_hand[1] + by_hand[2]) * by_hand[3])
    by_hand[-1].backward()
    assert [node.data for node in objects(program.root)] == pytest.approx([node.data for node in by_hand])
    assert [node.grad for node in objects(program.root)] == pytest.approx([node.grad for node in by_hand])
    assert not any(node.stale for node in trace(program.root).nodes)


def test_a_failed_write_back_writes_nothing():
    x = Value(2, "x")
    y = log(x)
    program = Program(y)
    program.leaves[0] = -1
    with pytest.raises(DomainError):
        program.write_back()
    assert x.data == 2 and y.data == math.log(2)


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"q": 1}, KeyError, "there is no leaf 'q'; the leaves are 'a', 'b', 'c', 'd'"),
        ({"e": 1}, KeyError, "node 'e' is computed and takes no number"),
        ({99: 1}, KeyError, "there is no node 99; the graph has 7 nodes"),
        ({2.5: 1}, KeyError, "a float is not a node of this graph"),
        ({"a": None}, TypeError, "leaf 'a': expected a number or an array of numbers, got None"),
        ({"a": "3"}, TypeError, "leaf 'a': expected a number or an array of numbers, got a str"),
        ({"a": 1j}, TypeError, "leaf 'a': expected a number or an array of numbers, got a complex"),
        ({"a": 10**400}, TypeError, "leaf 'a' was given an integer too large for a float"),
        ({"a": Value(3)}, TypeError, "leaf 'a' takes a number, got another node"),
        ({"a": [1, None]}, TypeError, "leaf 'a': expected a number or an array of numbers, got a list of object"),
        ({"a": [[1, 2], [3]]}, ValueError, "leaf 'a': the rows of the list given differ in length"),
        ({"a": []}, ValueError, "leaf 'a': the array given, of shape (0,), is empty"),
        ({"a": [1, 2, 3], "b": [1, 2]}, ValueError, "leaf 'b' of shape (2,) does not broadcast with shape (3,)"),
        ({"a": 1, 0: 1}, TypeError, "leaf 'a' is given twice"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(program, given, error, sentence):
    with pytest.raises(error) as caught:
        program(given)
    assert sentence in caught.value.args[0] and (caught.value.__suppress_context__ or not caught.value.__context__)
    assert program().value == -8


def test_too_many_numbers(program):
    with pytest.raises(TypeError, match="the program has 4 leaves, got 5 numbers"):
        program(1, 2, 3, 4, 5)


def test_leaves_of_another_shape(program):
    with pytest.raises(ValueError, match=r"the leaves have shape \(4,\), got an array of shape \(2,\)"):
        program.leaves = [1, 2]


def test_constants_take_no_number_and_have_no_gradient():
    x = Value(3, "x")
    program = Program(2 * x)
    assert program.names == ("x",) and program().grads.tolist() == [0, 2, 1]
    with pytest.raises(KeyError, match="the constant 2 is part of the program"):
        program({0: 5})


def test_nan_passes(program):
    assert math.isnan(program(a=math.nan).value)


def test_names_of_leaves_that_share_one_or_have_none():
    program = Program(Value(1, "w") * Value(2, "w") + Value(3))
    assert program.names == ("w", "w_2", "v2")
    assert program(w_2=5, v2=1).value == 6


def test_a_name_that_several_nodes_share():
    x = Value(1, "x")
    first, second = x * 2, x * 3
    first.label = second.label = "h"
    with pytest.raises(KeyError, match="2 nodes are called 'h'; ask for one by its place: 3, 4"):
        Program(first + second)()["h"]


def test_a_leaf_that_shares_its_name_with_a_result_takes_numbers_and_is_not_mistaken_for_it():
    x = Value(1, "x")
    y = x * 2
    y.label = "x"
    run = Program(y + x)(x=5)
    assert run.value == 15 and run[x] == 5 and run[y] == 10
    with pytest.raises(KeyError, match="2 nodes are called 'x'; ask for one by its place: 0, 2"):
        run.grad["x"]


def test_a_leaf_can_have_any_name():
    program = Program(Value(2, "self") * 3)
    assert program(self=5).value == program.forward(self=5) == 15 and program.gradient(self=5) == {"self": 3}


def test_a_failing_derivative_names_its_node():
    x = Value(4, "x")
    with pytest.raises(DomainError, match=r"the derivative of sqrt\(x\) is not defined where node 'x' is 0"):
        Program(x.sqrt() + 1)(x=0)
    assert Program(x.sqrt() + 1).forward(x=0) == 1


def test_a_leaf_alone_and_a_traced_graph(seed):
    assert Program(Value(3, "x"))(x=5).grad["x"] == 1
    program = Program(trace(seed[-1]))
    assert program(a=4).value == 4 and program.root is None


def test_no_row_no_program(seed):
    L = seed[-1]
    nodes = [node._replace(op="convolve") if node.op == "+" else node for node in trace(L).nodes]
    with pytest.raises(TypeError, match="node 'f' was computed by 'convolve', which has no row"):
        Program(trace(L)._replace(nodes=tuple(nodes)))
    with pytest.raises(TypeError, match="<lambda> returned a float, not a node"):
        Program(lambda x: 1.0, x=1)
    with pytest.raises(TypeError, match="inputs are for a function"):
        Program(L, a=1)


def test_micrograd():
    engine = pytest.importorskip("micrograd.engine")
    a, b = engine.Value(2.0), engine.Value(-3.0)
    L = (a * a + b) ** 2 - (a + a) / b + (-a * b).relu()
    with pytest.raises(TypeError, match="a \\* a|is v. .* v., or .*backward"):  # its set has lost the second operand
        Program(L)
    L.backward()
    program = Program(L)
    run = program()
    assert run.value == pytest.approx(L.data, rel=1e-12)
    assert [run.grad[a], run.grad[b]] == pytest.approx([a.grad, b.grad], rel=1e-12)
    program.leaves[program.places(a)] = 1.5
    program.write_back()
    assert L.data == program({a: 1.5}).value and a.data == 1.5 and a.grad == program({a: 1.5}).grad[a]


def test_leaves_used_in_many_places_and_deep_chains():
    x = Value(0.5, "x")
    total = sum(x * k for k in range(200))
    assert Program(total)(x=1).grad["x"] == sum(range(200))
    for _ in range(5_000):
        x = x * 0.999 + 0.001
    x.backward()
    chain = Program(x)
    assert chain().value == x.data and chain().leaf_grads[0] == pytest.approx(0.999**5_000, rel=1e-12)


def test_large_batches_do_not_change_what_was_given():
    f = Program(lambda x, y: sigmoid(x * y) + relu(y) * exp(-x * x), x=0.5, y=0.5)
    x, y = np.meshgrid(np.linspace(-2, 2, 30), np.linspace(-2, 2, 30))
    before, h = x.copy(), 1e-6
    run = f(x=x, y=y)
    slope = (f.forward(x=x + h, y=y) - f.forward(x=x - h, y=y)) / (2 * h)
    assert np.allclose(run.grad["x"], slope, atol=1e-8) and np.array_equal(x, before)


@pytest.mark.parametrize("length", [0, 300], ids=["one function", "several chunks"])
def test_gradients_stay_what_they_were_when_the_given_arrays_are_changed_in_place(length):
    x, y = np.array([1.0, 2.0]), np.array([3.0, 5.0])
    z = Value(1, "x") * Value(2, "y")
    z.label = "z"
    for _ in range(length):
        z = z + 1
    run = Program(z)(x=x, y=y)
    x -= run.grad["x"]
    y -= run.grad["y"]
    assert x.tolist() == [-2.0, -3.0] and y.tolist() == [2.0, 3.0]
    assert run.grad["x"].tolist() == [3.0, 5.0] and run.value.tolist() == [3.0 + length, 10.0 + length]


def test_an_operation_is_recorded_with_leaves_of_any_name():
    run = Program(log, x=2.0)(x=4.0)
    assert (run.value, run.grad["x"]) == (math.log(4), 0.25)
    with pytest.raises(TypeError, match="log takes a number, as in a=2; got none"):
        Program(log)


def test_an_expression_says_which_numbers_are_missing_or_have_no_place():
    with pytest.raises(TypeError, match="missing a number for 'b', as in b=2"):
        Program("a*b", a=1)
    with pytest.raises(TypeError, match="there is no leaf 'c'; the leaves are 'a', 'b'"):
        Program("a*b", a=1, b=2, c=3)


def test_the_gradients_of_a_run_print(program):
    assert repr(program().grad) == "{'a': 6.0, 'b': -4.0, 'c': -2.0, 'd': 4.0}"
    assert repr(program(a=[1, 2]).grad).startswith("{'a': array of shape (2,), 'b': array of")


@pytest.mark.parametrize("size", [1, 60])
@pytest.mark.parametrize("over", ["nothing", "numbers", "arrays"])
def test_a_program_that_has_run_can_be_pickled_and_copied(size, over):
    x = Value(0.5, "x")
    root = x * 2
    for _ in range(size):
        root = (root * x + 1.5).tanh() + x**2
    program = Program(root)
    if over == "numbers":
        program(x=0.25)
    if over == "arrays":
        program(x=[0.25, 0.5])
    for made in (pickle.loads(pickle.dumps(program)), copy.deepcopy(program), copy.copy(program)):
        for given in (0.75, [0.1, 0.2]):
            assert np.array_equal(made(x=given).value, program(x=given).value)
            assert np.array_equal(made(x=given).grad["x"], program(x=given).grad["x"])


def test_values_are_recorded_as_any_other_class_is(monkeypatch):
    draw = random.Random(4)
    pool = [Value(draw.random() + 0.5, "x" * (k % 3)) for k in range(6)]
    for _ in range(200):
        a, b = draw.choice(pool), draw.choice(pool)
        pool.append(draw.choice([a + b, a * b, a - 1, 2 / (b * b + 1), a.tanh(), a**2, -a, b]).tanh())
    direct, objects = tape.record(sum(pool[-5:]))
    monkeypatch.setattr(tape, "_record_values", lambda root: None)
    slow, others = tape.record(objects[-1])
    assert direct == slow and list(map(id, objects)) == list(map(id, others))
