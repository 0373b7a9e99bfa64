"""Names of operations that other engines use, and the rows that they stand for."""

import operator

import pytest

from cgviz import steps
from cgviz.ops.aliases import SAME, candidates
from cgviz.ops.rows import OPS, find, find_named

SPELLED = {
    (
        "mul",
        2,
    ): "* × · mul MUL Mul multiply times __mul__ __rmul__ MulBackward MulBackward0 MulOp mul_op EWiseMul np.multiply",
    ("add", 2): "+ add Add plus __add__ __iadd__ AddBackward0 operator.add",
    ("sub", 2): "- − sub subtract minus __sub__ __rsub__ RSub SubBackward",
    ("div", 2): "/ ÷ div divide truediv true_divide __truediv__ DivBackward0",
    ("power", 2): "** ^ pow Pow __pow__ PowBackward0 power float_power",
    ("neg", 1): "neg negate − - __neg__ NegBackward0 unary_minus",
    ("log", 1): "log ln LN Log LogBackward0 logarithm",
    ("exp", 1): "exp Exp EXP ExpBackward0 exponential",
    ("sigmoid", 1): "σ sigmoid Sigmoid sigm logistic SigmoidBackward",
    ("relu", 1): "relu ReLU relu_ ReluBackward0 Relu",
    ("tanh", 1): "tanh Tanh TanhBackward0",
    ("power_2", 1): "**2 ^2 square Square squared",
    ("power_-1", 1): "**-1 reciprocal recip",
    ("power_0.5", 1): "**0.5 ^0.5",
}


@pytest.mark.parametrize(("row", "names"), SPELLED.items(), ids=lambda x: x[0] if isinstance(x, tuple) else "")
def test_a_name_stands_for_its_row(row, names):
    for name in names.split():
        found = find(name, row[1])
        assert found is not None and found.name == row[0], name


@pytest.mark.parametrize(
    "name", ["log10", "log2", "dot", "matmul", "@", "mean", "conv2d", "inverse", "e", "", "f" * 60]
)
def test_a_name_of_another_operation_stands_for_none(name):
    assert find(name, 1) is None and find(name, 2) is None


def test_every_row_of_the_table_of_names_is_there():
    for name in SAME:
        assert name in OPS or find_named(name, 1) is not None, name
    assert candidates("multiply") == ["mul"] and find_named("multiply", 2) is None


class V:
    def __init__(self, data, prev=(), op=""):
        self.data, self.prev, self.op = data, prev, op


def test_another_name_is_believed_only_where_it_gives_the_number():
    for name, op in (("times", operator.mul), ("minus", operator.sub), ("÷", operator.truediv)):
        x, y = V(5.0), V(3.0)
        assert len(steps(V(op(5.0, 3.0), (x, y), name)).backward) == 3
        assert "its class means something else" in str(steps(V(1.25, (x, y), name)))
