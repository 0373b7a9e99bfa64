"""The generated code: each build and each push does what its row says, and nothing else."""

import inspect
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cgviz import Value
from cgviz.ops import rows
from cgviz.ops.domain import FAILURES
from cgviz.ops.op import OPS
from cgviz.ops.rows import FUNCTIONS
from cgviz.value import row_code

BUILT = [op for op in OPS.values() if not op.helper]
numbers = st.floats(-20, 20) | st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 1000.0, -1000.0])


def same(x, y):
    return x == y or (math.isnan(x) and math.isnan(y))


def pushed(op, wanted, g, y, xs):
    """What the generated push leaves in the gradients of the operands, starting at 0."""
    operands = [Value(x) for x in xs]
    node = Value(y)
    node.grad, node._a = g, operands[0]
    node._b = operands[1] if op.arity == 2 else None
    row_code.push(op, wanted)(node)
    return [operand.grad for operand in operands]


@pytest.mark.parametrize("op", BUILT, ids=lambda op: op.name)
@settings(max_examples=40)
@given(g=numbers, x=numbers, z=numbers)
def test_every_push_equals_its_rule(op, g, x, z):
    xs = (x, z)[: op.arity]
    try:
        y = op(*xs)
        slopes = [rule(g, y, *xs) for rule in op.vjps]
    except FAILURES:
        return
    for wanted in [(0,), (1,), (0, 1)] if op.arity == 2 else [(0,)]:
        grads = pushed(op, wanted, g, y, xs)
        assert all(same(grads[i], slopes[i] if i in wanted else 0.0) for i in range(op.arity)), (wanted, grads, slopes)


@pytest.mark.parametrize("op", BUILT, ids=lambda op: op.name)
@settings(max_examples=40)
@given(x=numbers, z=numbers)
def test_every_built_node_holds_the_number_of_its_row(op, x, z):
    xs = (x, z)[: op.arity]
    try:
        y = op(*xs)
    except FAILURES:
        return
    if math.isinf(y) and math.isfinite(x) and math.isfinite(z):
        with pytest.raises(OverflowError, match="too large for a number"):
            op(Value(x), *map(Value, xs[1:]))
        return
    kinds = [(Value(x),)] if op.arity == 1 else [(Value(x), Value(z)), (Value(x), z), (x, Value(z))]
    for operands in kinds:
        node = op(*operands)
        assert same(node.data, y) and type(node.data) is float
        assert node._op == op.symbol
        assert [operand.data for operand in node._prev] == [float(x) for x in xs]
        assert [operand._constant for operand in node._prev] == [not isinstance(o, Value) for o in operands]


@pytest.mark.parametrize("op", BUILT, ids=lambda op: op.name)
def test_one_operand_used_twice_gets_both_contributions(op):
    if op.arity == 1:
        return
    x = Value(1.5)
    y = op(x, x)
    y.backward()
    assert x.grad == op.vjps[0](1.0, y.data, 1.5, 1.5) + op.vjps[1](1.0, y.data, 1.5, 1.5)


@pytest.mark.parametrize("op", [op for op in BUILT if op.dunder], ids=lambda op: op.name)
def test_python_operators_are_the_rows(op):
    method = getattr(Value, f"__{op.dunder}__")
    assert method.__doc__ == op.__doc__
    x = Value(2.5)
    assert method(x, *([Value(3.0)] * (op.arity - 1)))._op == op.symbol
    if op.arity == 2:
        assert getattr(Value, f"__r{op.dunder}__")(x, 3.0).data == op(3.0, 2.5)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_methods_too(name):
    op = FUNCTIONS[name]
    x = Value(0.75, "x")
    y = getattr(x, name)(*([0.25] * (op.arity - 1)))
    assert (y.data, y._op) == (op(0.75, *([0.25] * (op.arity - 1))), op.symbol)


@pytest.mark.parametrize("four", [4, 4.0, Fraction(4), np.float32(4), np.int64(4)], ids=lambda x: type(x).__name__)
def test_a_constant_of_any_kind_gets_no_gradient(four):
    x = Value(3.0)
    for y, position in ((x * four, 1), (four * x, 0)):
        y.backward()
        constant = y._prev[position]
        assert (x.grad, constant.grad, constant._constant) == (4.0, 0.0, True)


def test_generated_code_can_be_read_where_a_traceback_or_a_debugger_shows_it():
    assert "a.grad += (g * x1)" in inspect.getsource(row_code.push(rows.mul, (0, 1)))
    assert "y = (x0 * x1)" in inspect.getsource(Value.__mul__)


def test_generated_functions_are_made_once():
    assert row_code.push(rows.mul, (0, 1)) is (Value(1.0) * Value(2.0))._push
    assert row_code.push(rows.mul, (0,)) is (Value(1.0) * 2.0)._push
    assert row_code.push(rows.mul, (1,)) is (2.0 * Value(1.0))._push
