"""Every engine of a program gives what the eager run gives, on graphs of any shape."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cgviz import DomainError, Value
from cgviz.graph import objects
from cgviz.ops.rows import FUNCTIONS, OPS
from cgviz.program import Program, generated_code
from cgviz.program.array_engine import ArrayEngine
from cgviz.program.fusion import fuse
from cgviz.program.generated_code import Straight
from cgviz.program.node_groups import group_nodes
from cgviz.program.tape import arrays, record, run_tape

SHOWN = [*FUNCTIONS.values(), *(op for op in OPS.values() if op.dunder)]
STEPS = st.lists(st.tuples(st.sampled_from(SHOWN), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=25)
NUMBERS = st.lists(st.floats(-2, 2).map(lambda x: round(x, 3)), min_size=3, max_size=3)


def build(steps, numbers):
    """A graph whose every operation takes earlier nodes, or now and then a number; all its ends are added up."""
    nodes = [Value(x, name) for x, name in zip(numbers, "xyz", strict=True)]
    unused = []
    for op, i, j in steps:
        first = nodes[i % len(nodes)]
        second = [i / 33] if j % 5 == 0 else [nodes[j % len(nodes)]]
        nodes.append(op(first, *second[: op.arity - 1]))
        unused.append(nodes[-1])
    root = nodes[0]
    for node in unused:
        root = root + node
    return root


def eager(steps, numbers):
    """The graph after a backward pass; only graphs that have one, with numbers of a sensible size."""
    try:
        root = build(steps, numbers)
        root.backward()
    except DomainError:
        assume(False)
    found = objects(root)
    assume(all(abs(node.data) < 1e6 and abs(node.grad) < 1e6 for node in found))
    return root, np.array([node.data for node in found]), np.array([node.grad for node in found])


def engines(tape):
    graph = fuse(tape)
    yield Straight(tape)
    yield ArrayEngine(tape)
    yield ArrayEngine(tape, graph, group_nodes(graph, worthwhile=1))
    yield ArrayEngine(tape, graph, group_nodes(graph, few=0))


def in_order(engine, tape, numbers):
    found, n = engine.run(numbers), len(tape.ops)
    if isinstance(found, np.ndarray):
        return [engine.select(found, half, range(n)) for half in (0, 1)]
    return np.array(found).reshape(2, -1)


def forward(engine, tape, numbers):
    found = engine.forward(numbers)
    return engine.select(found, 0, range(len(tape.ops))) if isinstance(found, np.ndarray) else np.array(found)


def assert_close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * max(1, np.abs(expected).max()))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(STEPS, NUMBERS, st.sampled_from([2, 5, 250]))
def test_every_engine_gives_what_the_eager_run_gives(steps, numbers, chunk):
    root, data, grads = eager(steps, numbers)
    tape, _ = record(root)
    leaves = [tape.numbers[i] for i in tape.leaves]
    was, generated_code.LONGEST_CHUNK = generated_code.LONGEST_CHUNK, chunk
    try:
        for engine in engines(tape):
            values, found = in_order(engine, tape, leaves)
            assert_close(values, data)
            assert_close(found, grads)
            assert_close(forward(engine, tape, leaves), data)
    finally:
        generated_code.LONGEST_CHUNK = was
    assert_close(run_tape(tape, leaves), [data, grads])


@settings(max_examples=80, deadline=None, derandomize=True)
@given(STEPS, st.lists(NUMBERS, min_size=1, max_size=4))
def test_a_batch_gives_each_run_of_its_own(steps, rows):
    each = [eager(steps, numbers) for numbers in rows]
    batch = dict(zip("xyz", np.array(rows).T, strict=True))
    program = Program(each[0][0])
    run = program({name: column for name, column in batch.items() if name in program.names})
    assert_close(run.values, np.array([data for _, data, _ in each]).T)
    assert_close(run.grads, np.array([grads for _, _, grads in each]).T)


@pytest.mark.parametrize(
    ("write", "bad", "sentence"),
    [
        (lambda x: x.log(), -1, r"log\(x\) is defined for x > 0, but node 'x' is -1"),
        (
            lambda x: 1 / (1 / x),
            0,
            r"1 / x is defined for divisors other than 0, but node 'x' is 0",
        ),  # an infinity that does not last
        (lambda x: x.exp(), 1000, r"exp\(x\) is too large for a number when node 'x' is 1000"),
        (lambda x: x.sqrt(), 0, r"the derivative of sqrt\(x\) is not defined where node 'x' is 0"),
    ],
)
def test_every_engine_names_the_node_that_fails(write, bad, sentence):
    program = Program(write(Value(1, "x")) * Value(1, "w") + 1)
    for engine in engines(program._tape):
        program.engine = engine
        with pytest.raises(DomainError, match=sentence):
            program(x=bad)


def test_every_engine_refuses_what_is_not_a_float_for_every_leaf():
    program = Program(Value(1, "x") * Value(2, "w") + 1)
    for engine in engines(program._tape):
        assert engine.run([3.0, 2.0])[-1] == 1.0
        for other in ([3, 2.0], [3.0, np.float64(2)], [3.0, "2"], [3.0, np.ones(3)], [3.0, None], [3.0, Value(2)]):
            with pytest.raises(TypeError, match="takes a float for every leaf"):
                engine.run(other)
        for other in ([3.0], [3.0, 2.0, 1.0]):
            with pytest.raises((TypeError, ValueError)):
                engine.run(other)


def test_every_engine_runs_integers_arrays_and_mappings_as_numbers_by_way_of_the_program():
    program = Program(1 / Value(1, "x") + Value(2, "w"))
    for engine in engines(program._tape):
        program.engine = engine
        expected = program.run(4.0, 2.0).values
        for run in (program(4, 2), program(np.float64(4), 2.0), program(4.0, w=2), program({"x": 4}), program(4)):
            assert np.array_equal(run.values, expected) and type(run["x"]) is type(run.grad["x"]) is float
        assert program(4.0, [2.0, 3.0]).value.tolist() == [2.25, 3.25] and program(3.0).value == 1 / 3 + 2
        for zero in (0, 0.0, False, np.float64(0)):
            with pytest.raises(DomainError, match="divisors other than 0"):
                program(zero, 1.0)
        with pytest.raises(TypeError, match="leaf 'x' is given twice"):
            program(4.0, x=4.0)


def test_what_is_not_finite_but_allowed_passes_every_engine():
    x = Value(1, "x")
    program = Program(x * 2 + x.relu())
    for engine in engines(program._tape):
        program.engine = engine
        assert program(x=float("inf")).value == float("inf") and np.isnan(program(x=float("nan")).value)


def test_the_shape_of_the_graph_chooses_the_engine():
    x = Value(0.5, "x")
    narrow = x
    for _ in range(50):
        narrow = narrow * x + 1
    assert isinstance(Program(narrow).engine, Straight)
    wide = Program(sum((x * k).tanh() for k in range(2000)))
    assert isinstance(wide.engine, ArrayEngine)
    assert len(wide.engine.groups) == 3, "products, tanh, and one sum"
    wide.root.backward()
    assert wide().leaf_grads[0] == pytest.approx(x.grad, rel=1e-12)
    assert wide.forward() == wide().value == pytest.approx(wide.root.data, rel=1e-12)


def test_the_text_is_written_from_the_rows():
    a, b, c = Value(2, "a"), Value(3, "b"), Value(4, "c")
    tape, _ = record((a * b + c) * a)
    engine = Straight(tape)
    engine.run([2.0, 3.0, 4.0])
    text = "".join(line for _, _, lines, name in generated_code.linecache.cache.values() for line in lines or ())
    example = generated_code.__doc__.partition(":\n\n")[2].partition("\n\nEach")[0]
    assert "\n".join(line[4:] for line in example.splitlines()) in text


def test_numpy_names_cover_every_rule():
    assert set(arrays()) >= {"exp", "power", "log_or_zero", "inf"}
