"""What a program is recorded from: other people's graphs, expressions, arrays of one number."""

import pytest

from cgviz import Tensor, Value, sigmoid
from cgviz.nodes import Graph, Input, Mul
from cgviz.program import Program


def test_an_expression():
    program = Program("(a*b + c)*d", a=2, b=-3, c=10, d=-2)
    assert program().value == -8.0 and program.names == ("a", "b", "c", "d")
    assert program(a=4).grad["b"] == -8.0


def test_leaves_of_pytorch_are_addressed_by_the_tensor(torch):
    a, b = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (0.3, -1.2))
    program = Program(torch.sigmoid(a * b) + a)
    run = program({a: 2.0})
    ours = Program(lambda a, b: sigmoid(a * b) + a, a=2, b=-1.2)()
    assert run.value == pytest.approx(ours.value)
    assert [run.grad[a], run.grad[b]] == pytest.approx([ours.grad["a"], ours.grad["b"]])
    with pytest.raises(TypeError, match="numbers are not written into PyTorch's tensors"):
        program.write_back()


def test_arrays_of_one_number_are_numbers():
    a, b = Input("a"), Input("b")
    product = Mul(a, b)
    Graph({a: 2.0, b: 3.0}).compute()
    assert Program(product)(a=5.0).grad["b"] == 5.0
    x = Tensor(3.0, "x")
    program = Program(x * x)
    program.leaves[0] = 4.0
    program.write_back()
    assert x.data == 4.0 and x.grad == 8.0


def test_what_cannot_be_recorded_is_said():
    with pytest.raises(TypeError, match="node 'x' holds a 2-vector; a Program records single numbers"):
        Program(Tensor([1, 2], "x") * 2)
    assert repr(Program(Value(3, "z"))) == "Program(z: 1 node, 1 leaf)"
