"""Every value and every gradient of PyTorch's graphs is autograd's, or is marked as unknown: on a table of both."""

import warnings
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from cgviz import trace
from cgviz.chain_rule.flow import gradients
from cgviz.graph import objects
from cgviz.graph.aten import kind_of_function, snake_case
from tests.graph.pytorch_table import MODELS, OPERATIONS

TABLE = OPERATIONS | MODELS


def toolbox(torch, dtype):
    """What the table's functions are given."""
    torch.manual_seed(0)
    t = SimpleNamespace(torch=torch, nn=torch.nn, F=torch.nn.functional, aten=torch.ops.aten)
    data = lambda *shape: torch.randn(*shape, dtype=torch.float64).to(dtype)  # noqa: E731
    t.k, t.mask = data(3, 4), data(3, 4) > 0
    t.labels, t.at = torch.tensor([1, 0, 3]), torch.tensor([2, 0])
    leaves = {"x": data(3, 4), "y": data(3, 4), "p": data(3, 4).abs() + 0.5, "u": torch.sigmoid(data(3, 4))}
    leaves |= {"v": data(4), "m": data(4, 4) + 3 * torch.eye(4, dtype=dtype), "i": data(2, 2, 6, 6)}
    leaves |= {name: torch.tensor(n, dtype=dtype) for name, n in (("s", 0.7), ("r", 0.2), ("big", 300.0))}
    for name, leaf in leaves.items():
        setattr(t, name, leaf.requires_grad_())
    t.weight_norm = torch.nn.utils.parametrizations.weight_norm
    t.spectral_norm = torch.nn.utils.parametrizations.spectral_norm

    def twice(f, x):
        (first,) = torch.autograd.grad(f(x), x, create_graph=True)
        return torch.autograd.grad(first, x, create_graph=True)[0] * first

    def written(write):
        z = t.x * 2
        write(z)
        return z.exp()

    def before_and_after(x):
        z = x * 2
        before = z + 1
        z.add_(1)
        return before * z

    def fitted(net):
        found = net(t.k)
        return t.F.mse_loss(found, torch.ones_like(found).cumsum(0))

    def unrolled(cell):
        state = None
        for row in t.k:
            state = cell(row[None], state)
        return (state[0] if isinstance(state, tuple) else state).sum()

    t.twice, t.written, t.before_and_after, t.fitted, t.unrolled = twice, written, before_and_after, fitted, unrolled
    return t


class Record:
    """What PyTorch computes on the way: the results of its operators, by the number of the function they belong to."""

    def __init__(self, torch):
        self.results = results = {}

        def note(mode, function, types, args=(), kwargs=None):
            number = torch.autograd._get_sequence_nr() - 1
            found = function(*args, **(kwargs or {}))
            several = found if isinstance(found, (tuple, list)) else (found,)
            name = function._schema.name.rpartition("::")[2].strip("_")
            copies = [x.detach().clone() if isinstance(x, torch.Tensor) else None for x in several]
            results.setdefault(number, {}).setdefault(name, copies)
            return found

        mode = type("Mode", (torch.utils._python_dispatch.TorchDispatchMode,), {})
        mode.__torch_dispatch__ = note  # set afterwards, or PyTorch loads its compiler for it
        self.mode = mode()

    def value(self, function, output):
        """The result that a function stands for, ``None`` if it is not sure which that is."""
        calls = self.results.get(function._sequence_nr(), {})
        name = snake_case(kind_of_function(function)).strip("_")
        several = (
            calls.get(name) or calls.get(name + "_forward") or (next(iter(calls.values())) if len(calls) == 1 else None)
        )
        return several[output] if several and output < len(several) else None


def true_gradients(root, nodes):
    """The gradient of every function's outputs, and of every leaf, as a backward pass of autograd has them."""
    found, handles = {}, []
    for node in nodes:
        if node.function is not None and node.function not in [f for f, _ in handles]:

            def note(grads, function=node.function):
                found[function] = [None if g is None else g.clone() for g in grads]

            handles.append((node.function, node.function.register_prehook(note)))
    leaves = [node.variable for node in nodes if node.kind == "leaf"]
    for leaf in leaves:
        leaf.grad = None
    root.sum().backward(retain_graph=True)
    for _, handle in handles:
        handle.remove()
    return [
        (found.get(node.function, [None] * 9)[node.output] if node.function is not None else node.variable.grad)
        if node.kind != "constant"
        else None
        for node in nodes
    ]


def is_unknown(data):
    return type(data).__name__ == "Unknown"


def same(mine, true, tolerance):
    true = true.detach().resolve_conj().resolve_neg()
    mine, true = np.asarray(mine), (true.float() if str(true.dtype) == "torch.bfloat16" else true).numpy()
    if mine.shape != true.shape:
        return False
    size = float(np.abs(np.where(np.isfinite(true), true, 0)).max(initial=0.0))
    return bool(np.allclose(mine, true, rtol=tolerance, atol=tolerance * max(size, 1e-3), equal_nan=True))


class Verdict(NamedTuple):
    """What is wrong of a graph; how many computed nodes it has, how many of them unknown; what was compared."""

    wrong: list
    computed: int
    unknown: list
    values: int
    slopes: int


@pytest.fixture(scope="module")
def judge(torch):
    known = {}

    def judged(name):
        if name not in known:
            known[name] = compared(torch, TABLE[name], torch.float64 if name in OPERATIONS else torch.float32)
        return known[name]

    return judged


def compared(torch, make, dtype):
    """Hold every value and gradient of a graph against autograd's."""
    t, record = toolbox(torch, dtype), Record(torch)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with record.mode, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            root = make(t)
    finally:
        torch.set_default_dtype(before)
    graph, nodes = trace(root), objects(root)
    computed = [(node, own) for node, own in zip(graph.nodes, nodes, strict=True) if own.function is not None]
    types = [own.metadata.dtype for _, own in computed if own.metadata is not None]
    bits = min(torch.finfo(one).bits for one in types if one.is_floating_point or one.is_complex)
    tolerance = {64: 1e-9, 32: 1e-4, 16: 0.05}[bits]
    wrong = [f"{node.name} = {node.op} is called stale" for node, _ in computed if node.stale]
    values = 0
    for node, own in computed:
        true = record.value(own.function, own.output)
        if true is not None and not is_unknown(node.data):
            values += 1
            if not same(node.data, true, tolerance):
                wrong.append(f"{node.name} = {own.function.name()} is {node.data}, and {true} in PyTorch")
    slopes = 0
    if not any(one.is_complex for one in types):
        for node, g, true in zip(graph.nodes, gradients(root), true_gradients(root, nodes), strict=True):
            if true is not None:
                slopes += 1
                g = np.broadcast_to(np.asarray(g), tuple(true.shape)) if not np.shape(g) else g
                if not same(g, true, tolerance):
                    wrong.append(f"the gradient of {node.name} = {node.op} is {g}, and {true} in PyTorch")
    return Verdict(wrong, len(computed), [node.op for node, _ in computed if is_unknown(node.data)], values, slopes)


@pytest.mark.parametrize("name", TABLE)
def test_no_value_and_no_gradient_is_another_than_autograds(judge, name):
    found = judge(name)
    assert not found.wrong
    assert found.values + len(found.unknown) > 0


def test_most_of_the_table_is_known(judge, capsys):
    assert len(OPERATIONS) >= 130 and len(MODELS) >= 60
    found = [judge(name) for name in TABLE]
    computed, values, slopes = (sum(x) for x in zip(*((v.computed, v.values, v.slopes) for v in found), strict=True))
    unknown = sum(len(verdict.unknown) for verdict in found)
    with capsys.disabled():
        print(f"\n{computed} operations, {unknown} of them unknown; {values} values and {slopes} gradients compared")
    assert unknown <= 0.04 * computed and values >= 0.8 * computed and slopes >= computed


def test_of_a_gpt_nearly_all_is_known(judge):
    found = judge("gpt")
    assert found.computed >= 110 and len(found.unknown) <= 30
