"""What a run of a program gave: the numbers and gradients of all nodes, looked up by node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


class Result:
    """The root's `value`; ``run["e"]``, the value of any node; ``run.grad["e"]``, its gradient ∂root/∂node.

    Nodes are asked for by name, by object, or by place. Each answer has the `shape` of the run: it is a
    number (shape ``None``), or an array, which may not be written to.

    >>> from cgviz.program import Program
    >>> from cgviz.value import Value
    >>> a, b = Value(2, "a"), Value(3, "b")
    >>> run = Program(a * b + a)(a=5)
    >>> run.value, run["v2"], run.grad[a], run.grads
    (20.0, 15.0, 4.0, array([4., 5., 1., 1.]))
    """

    __slots__ = ("_numbers", "_program", "shape")

    # A run of a small graph takes half a microsecond, which an `__init__` would lengthen by a tenth: the program fills
    # in itself, the shape of the run, and the numbers of all nodes followed by all gradients.
    _program: Any
    _numbers: Any
    shape: tuple[int, ...] | None

    def __repr__(self) -> str:
        return f"Result({self.value!r})" if self.shape is None else f"Result(array of shape {self.shape})"

    @property
    def value(self) -> Any:
        """The value of the root."""
        return full(self._numbers[len(self._numbers) // 2 - 1], self.shape)

    @property
    def values(self) -> np.ndarray:
        """The values of all nodes, in topological order: an array of shape ``(nodes, …)``."""
        return self._all(0, range(self._program.addresses.count))

    @property
    def grads(self) -> np.ndarray:
        """The gradients of all nodes, in the same order; 0 for constants, which have none."""
        return self._all(1, range(self._program.addresses.count))

    @property
    def leaf_grads(self) -> np.ndarray:
        """The gradients of the leaves, in the order of `Program.leaves`."""
        if isinstance(self._numbers, np.ndarray):
            return self._program.engine.leaf_grads(self._numbers)
        return self._all(1, self._program.addresses.leaves)

    @property
    def grad(self) -> Gradients:
        """The gradients by node: ``run.grad["a"]``."""
        return Gradients(self)

    def __getitem__(self, key: Any) -> Any:
        """The value of a node. Raises `KeyError` for what is not in the graph."""
        return self._pick(0, key)

    def _pick(self, half: int, key: Any) -> Any:
        [found] = self._select(half, [self._program.addresses.node(key)])
        return found

    def _all(self, half: int, nodes: Sequence[int]) -> np.ndarray:
        if self.shape is None:
            return np.asarray(self._find(half, nodes))
        found = np.empty((len(nodes), *self.shape))
        for k, numbers in enumerate(self._find(half, nodes)):
            found[k] = numbers  # what depends on less is repeated
        return found

    def _select(self, half: int, nodes: Sequence[int]) -> list[Any]:
        """The values (half 0) or the gradients (half 1) of these nodes: floats, or arrays of the run's shape."""
        return [full(x, self.shape) for x in self._find(half, nodes)]

    def _find(self, half: int, nodes: Sequence[int]) -> Any:
        numbers = self._numbers
        if isinstance(numbers, np.ndarray):  # an engine with an order of its own
            return self._program.engine.select(numbers, half, nodes)
        start = half * len(numbers) // 2
        return [numbers[start + i] for i in nodes]


class Gradients:
    """Gradients of a run, looked up by node."""

    __slots__ = ("_result",)

    def __init__(self, result: Result) -> None:
        self._result = result

    def __getitem__(self, key: Any) -> Any:
        """The gradient ∂root/∂node. Raises `KeyError` for what is not in the graph."""
        return self._result._pick(1, key)

    def __repr__(self) -> str:
        """The gradients of the leaves."""
        names, grads = self._result._program.names, self._result.leaf_grads
        if self._result.shape is None:
            return repr(dict(zip(names, grads.tolist(), strict=True)))
        return f"{{{', '.join(f'{name!r}: array of shape {self._result.shape}' for name in names)}}}"


def full(number: Any, shape: tuple[int, ...] | None) -> Any:
    """The float, or an array of the run's shape, in which what depends on less is repeated without a copy."""
    return float(number) if shape is None else np.broadcast_to(number, shape)
