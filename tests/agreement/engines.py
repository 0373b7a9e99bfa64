"""Everyone who computes an expression, each asked alike: the number and the gradients, or which pass is refused."""

import copy
import json
import math
import subprocess
from functools import cache
from pathlib import Path

import micrograd.engine
import numpy as np

from cgviz import Value, trace
from cgviz.live.program_export import program as export
from cgviz.ops.op import OPS
from cgviz.program import Program
from cgviz.program.array_engine import ArrayEngine
from cgviz.run.expression import parse

from .plans import MICROGRAD

PLACES = (0.7, 1.3, 2.1, 0.4, 3.7, 1.9)
"""Where a graph is recorded whose own numbers have no value."""
REFUSALS = (ValueError, ArithmeticError)
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def eager(plan, cls, leaves=None):
    """An engine that runs as it is typed: the text is parsed, and called with leaves of the class."""
    given = {name: cls(x, name) for name, x in zip(plan.names, leaves or plan.leaves, strict=True)}
    try:
        root = parse(plan.text)(**given)
        if not math.isfinite(root.data) and all(map(math.isfinite, leaves or plan.leaves)):
            raise AssertionError(f"{cls.__name__} made {root.data} of finite numbers, and did not refuse it")
    except REFUSALS as refusal:
        return "forward", type(refusal).__name__
    try:
        root.backward()
    except REFUSALS as refusal:
        return "backward", type(refusal).__name__
    return ("done", float(root.data), *(float(leaf.grad) for leaf in given.values()))


def record(plan):
    """The program of a plan, and its graph, recorded at its own numbers or, without a value there, at some other."""
    n = len(plan.leaves)
    for leaves in (plan.leaves, PLACES[:n], tuple(x / 8 for x in PLACES[:n]), tuple(x + 3 for x in PLACES[:n])):
        given = {name: Value(x, name) for name, x in zip(plan.names, leaves, strict=True)}
        try:
            root = parse(plan.text)(**given)
        except REFUSALS:
            continue
        return Program(root), root, leaves
    return None


def again(plan, program):
    """A recorded graph, run again."""
    try:
        run = program(**dict(zip(plan.names, plan.leaves, strict=True)))
        return ("done", float(run.value), *(run.grad[name] for name in plan.names))
    except REFUSALS as refusal:
        phase = "backward"
        try:
            program.forward(**dict(zip(plan.names, plan.leaves, strict=True)))
        except REFUSALS:
            phase = "forward"
        return phase, type(refusal).__name__


def scale(plan, program):
    """The largest number or gradient on the way: beside it the last digits of the others are roundings."""
    try:
        run = program(**dict(zip(plan.names, plan.leaves, strict=True)))
    except REFUSALS:
        return 1.0
    found = np.abs(np.concatenate([run.values, run.grads, [1.0]]))
    return float(found[np.isfinite(found)].max())


def in_arrays(plan, program):
    """The same by the engine of wide graphs, whatever the shape of this one."""
    other = copy.copy(program)
    other.engine = ArrayEngine(program._tape)
    return again(plan, other)


def batched(plan, program, place):
    """The same between others, over arrays; and whether a number, or a gradient, on the way is none."""
    run = program(**{name: [y, x, y] for name, x, y in zip(plan.names, plan.leaves, place, strict=True)})
    values, grads = ([np.broadcast_to(x, 3)[1] for x in found] for found in (run.values, run.grads))
    held = tuple(float(np.broadcast_to(run.grad[name], 3)[1]) for name in plan.names)
    made = [x for x, op in zip(values, program._tape.ops, strict=True) if op]
    lost = not all(map(math.isfinite, made)), not all(map(math.isfinite, grads))
    return ("done", float(values[-1]), *held), *lost


def on_the_page(plans, graphs, nodejs):
    """All of them by the page's own modules, in one process."""
    sent = []
    for plan, (_, root, _) in zip(plans, graphs, strict=True):
        graph = trace(root)
        places = {node.label: node.index for node in graph.nodes if node.label in plan.names and not node.operands}
        leaves = {name: _word(x) for name, x in zip(plan.names, plan.leaves, strict=True)}
        sent.append({"program": export(graph, {name: places[name] for name in plan.names}), "leaves": leaves})
    script = str(Path(__file__).with_name("page.mjs"))
    done = subprocess.run([nodejs, script], input=json.dumps(sent), capture_output=True, text=True, check=True)
    return [tuple(WORDS.get(x, x) for x in found) for found in json.loads(done.stdout)]


def _word(x):
    return x if math.isfinite(x) and (x or math.copysign(1, x) > 0) else "-0" if x == 0 else repr(x)


def by_micrograd(plan):
    """micrograd's own, which knows some of the rows, and powers with a number as exponent."""
    if not all(row in MICROGRAD and (row != "power" or isinstance(xs[1], float)) for row, xs in plan.lines):
        return None
    known = [micrograd.engine.Value(x) for x in plan.leaves]
    write = {"add": "__add__", "sub": "__sub__", "mul": "__mul__", "div": "__truediv__", "power": "__pow__"}
    turned = {"add": "__radd__", "sub": "__rsub__", "mul": "__rmul__", "div": "__rtruediv__"}
    try:
        for row, xs in plan.lines:
            a, *b = (x if isinstance(x, float) else known[x] for x in xs)
            if isinstance(a, float):
                known.append(getattr(b[0], turned[row])(a))
            else:
                known.append(-a if row == "neg" else a.relu() if row == "relu" else getattr(a, write[row])(*b))
        known[-1].backward()
    except REFUSALS:
        return ("refused",)
    if any(isinstance(x, complex) for leaf in known for x in (leaf.data, leaf.grad)):
        return ("refused",)
    return ("done", float(known[-1].data), *(float(x.grad) for x in known[: len(plan.leaves)]))


def by_torch(plan, torch):
    """PyTorch's."""
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in plan.leaves]
    known = list(leaves)
    for row, xs in plan.lines:
        known.append(_in_torch(row, torch)(*(_operand(x, known, torch) for x in xs)))
    known[-1].backward()
    return ("done", known[-1].item(), *(leaf.grad.item() for leaf in leaves))


def _operand(x, known, torch):
    return torch.tensor(x, dtype=torch.float64) if isinstance(x, float) else known[x]


@cache
def _in_torch(row, torch):
    names = {"power": "pow", "neg": "neg"}
    named = {"leaky_relu": torch.nn.functional.leaky_relu, "softplus": _softplus}
    if row in named:
        return named[row]
    assert row in OPS
    return getattr(torch, names.get(row, row))


def _softplus(x):
    """Without the threshold from which PyTorch's own is the line."""
    import torch

    return torch.logaddexp(x, torch.zeros_like(x))
