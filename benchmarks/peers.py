"""The other libraries, as far as they are installed: each computes the same things, and its answers are compared."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np

PEERS = {  # what a page calls it: the module to import, and the distribution
    "micrograd": ("micrograd.engine", "micrograd"),
    "mlfz": ("mlfz.nn.scalar", "mlfz"),
    "HIPS autograd": ("autograd", "autograd"),
    "PyTorch": ("torch", "torch"),
    "JAX": ("jax", "jax"),
    "CasADi": ("casadi", "casadi"),
}


@cache
def peer(name: str) -> ModuleType | None:
    """The module of a peer, set up as we compute: double precision, one thread; ``None`` if it is not installed."""
    try:
        module = importlib.import_module(PEERS[name][0])
    except ImportError:
        return None
    if name == "JAX":
        module.config.update("jax_enable_x64", True)
    if name == "PyTorch":
        module.set_num_threads(1)  # as ours; on sizes like these more threads only wait for each other
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))  # micrograd and mlfz walk by recursion
    return module


def installed() -> dict[str, str]:
    """The peers that there are, with their versions."""
    return {name: version(distribution) for name, (_, distribution) in PEERS.items() if peer(name)}


def missing() -> list[str]:
    """The peers that are not installed."""
    return [name for name in PEERS if not peer(name)]


def scalars(function: Callable, numbers: tuple[float, ...]) -> dict[str, Callable[[], tuple]]:
    """By each peer: the value of a function of scalars and its derivatives, from numbers to numbers."""
    found: dict[str, Callable[[], tuple]] = {}
    n = range(len(numbers))
    if engine := peer("micrograd"):
        found["micrograd"] = lambda: eager(function, numbers, engine.Value, "data", "grad")
    if scalar := peer("mlfz"):
        found["mlfz"] = lambda: eager(function, numbers, scalar.Scalar, "value", "backwards_grad")
    if autograd := peer("HIPS autograd"):
        both = autograd.value_and_grad(lambda xs: function(*xs))
        found["HIPS autograd"] = lambda: both(numbers)
    if torch := peer("PyTorch"):

        def in_torch() -> tuple:
            leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in numbers]
            root = function(*leaves)
            root.backward()
            return root.item(), [x.grad.item() for x in leaves]

        found["PyTorch"] = in_torch
    if jax := peer("JAX"):
        compiled = jax.jit(jax.value_and_grad(function, argnums=tuple(n)))
        found["JAX, jit(value_and_grad)"] = lambda: jax.block_until_ready(compiled(*numbers))
    if casadi := peer("CasADi"):
        call = _in_casadi(casadi, function, len(numbers))
        found["CasADi Function"] = lambda: (lambda y, *grads: (y, grads))(*call(*numbers))
    return found


def batches(function: Callable, columns: tuple[np.ndarray, ...]) -> dict[str, Callable[[], tuple]]:
    """By each peer that computes with arrays: the values of a function at many points, and the derivatives there."""
    found: dict[str, Callable[[], tuple]] = {}
    if autograd := peer("HIPS autograd"):
        slopes = autograd.elementwise_grad(lambda xs: function(*xs))
        found["HIPS autograd, over arrays"] = lambda: (function(*columns), slopes(columns))
    if torch := peer("PyTorch"):

        def in_torch() -> tuple:
            leaves = [torch.tensor(x, requires_grad=True) for x in columns]
            root = function(*leaves)
            root.sum().backward()
            return root.detach(), [x.grad for x in leaves]

        found["PyTorch, batched"] = in_torch
    if jax := peer("JAX"):
        points = [jax.numpy.array(x.ravel()) for x in columns]
        mapped = jax.vmap(jax.value_and_grad(function, argnums=tuple(range(len(columns)))))
        compiled = jax.jit(mapped)
        found["jax.vmap"] = lambda: jax.block_until_ready(mapped(*points))
        found["jax.jit of jax.vmap, compiled to machine code"] = lambda: jax.block_until_ready(compiled(*points))
    if casadi := peer("CasADi"):
        rows = [x.reshape(1, -1) for x in columns]
        each = _in_casadi(casadi, function, len(columns)).map(rows[0].size)
        found["CasADi map"] = lambda: (lambda y, *grads: (y, grads))(*each(*rows))
    return found


def agree(contestants: dict[str, Callable[[], tuple]]) -> None:
    """Raise `AssertionError` unless all contestants give the same value and the same derivatives."""
    answers = {name: _flat(step()) for name, step in contestants.items()}
    first = next(iter(answers.values()))
    for name, answer in answers.items():
        if not np.allclose(answer, first, rtol=1e-9, atol=1e-9):
            raise AssertionError(f"{name} gives {answer}, and {next(iter(answers))} gives {first}")


def eager(function: Callable, numbers: tuple[float, ...], cls: type, data: str, grad: str) -> tuple:
    """The value and the derivatives by an engine of scalar objects, which builds its graph anew."""
    leaves = [cls(x) for x in numbers]
    root = function(*leaves)
    root.backward()
    return getattr(root, data), [getattr(x, grad) for x in leaves]


def _in_casadi(casadi: Any, function: Callable, n: int) -> Any:
    xs = [casadi.SX.sym(f"x{i}") for i in range(n)]
    root = function(*xs)
    return casadi.Function("f", xs, [root, *(casadi.gradient(root, x) for x in xs)])


def _flat(answer: tuple) -> np.ndarray:
    value, grads = answer
    return np.concatenate([np.asarray(x, dtype=float).ravel() for x in (value, *grads)])
