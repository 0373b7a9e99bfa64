"""A graph recorded once and run again with other numbers: all values and gradients, and no objects made.

Typing an expression runs it once and builds its graph. A slider, a training loop, a curve or a surface
runs the same graph a thousand times; a `Program` keeps only what it takes to do so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .. import graph
from ..graph import NodeLike
from ..graph.collector import uncollected
from ..graph.fields import check_node
from ..ops.domain import FAILURES
from ..ops.op import Op
from ..run.expression import Expression, parse
from ..run.run import apply_to_names, check_inputs, name_of
from ..value import Value
from .address import Addresses
from .array_engine import ArrayEngine, choose_engine
from .generated_code import Straight
from .memory import keep
from .program_inputs import array, convert_input
from .result import Result, full
from .tape import arrays, record, run_tape


class Program:
    """The graph below `root`, ready to be run with other numbers for its leaves.

    `root` is a computed node of any class that `trace` reads, a traced `Graph`, or a function, an operation
    or an expression as text, which is called once on a `Value` for each of the `inputs`. What is recorded is
    that one run: a function that decides by ``if`` keeps the branch it took.

    `leaves` is the array of the leaves' current numbers, at first those recorded, and may be changed in
    place; `names` says in which order. A run is given other numbers in that order, by name, or in a
    mapping by name, node or place. Where arrays are given, they are broadcast together, and each value
    and gradient has their shape: a data set of N rows, a curve, a surface.

    A small or narrow graph is run by generated straight-line code, exactly as it ran when it was recorded. A wide one
    is run in NumPy, where its sums and products become matrix products: the last digits may differ, see `ArrayEngine`.
    Where a loop has no time for names and checks, ``engine.run(numbers)`` takes a float for every leaf, in order, and
    gives the bare numbers.

    Raises `TypeError`, naming the node, if an operation has no row and so cannot be run again.

    >>> a, b, c, d = Value(2, "a"), Value(-3, "b"), Value(10, "c"), Value(-2, "d")
    >>> program = Program((a * b + c) * d)
    >>> program
    Program(v6: 7 nodes, 4 leaves)
    >>> run = program(a=4)
    >>> run.value, run.grad["a"], run.grad[b]
    (4.0, 6.0, -8.0)
    >>> curve = program(a=[0.0, 1.0, 2.0])
    >>> curve.value.tolist(), curve.grad["b"].tolist()
    ([-20.0, -14.0, -8.0], [-0.0, -2.0, -4.0])

    Three steps of gradient descent, by changing the leaves in place:

    >>> x = Value(6, "x")
    >>> descent = Program(x**2 - 10 * x + 28)
    >>> for step in range(3):
    ...     descent.leaves -= 0.1 * descent().leaf_grads
    >>> descent.write_back()
    >>> f"{x.data:.3f}, {x.grad:.3f}"
    '5.512, 1.024'
    """

    def __init__(self, root: NodeLike, /, **inputs: float) -> None:
        root = parse(root) if isinstance(root, str) else apply_to_names(root, inputs) if isinstance(root, Op) else root
        if not (isinstance(root, graph.Graph) or graph.is_node(root)) and callable(root):
            root = _call_function(root, inputs)
        elif inputs:
            raise TypeError("inputs are for a function; a recorded graph is given its numbers when it is run")
        with uncollected():
            self._tape, self._objects = record(root)
            self.addresses = Addresses(self._tape, self._objects)
        self._slots = self.addresses.slots
        self._leaves = np.array([self._tape.numbers[i] for i in self.addresses.leaves], dtype=float)
        self._batch: Straight | None = None
        self.engine = choose_engine(self._tape)

    def __repr__(self) -> str:
        name, n = self._tape.name(-1 % len(self._tape.ops)), len(self._slots)
        nodes = f"{len(self._tape.ops)} node{'s' * (len(self._tape.ops) != 1)}"
        return f"Program({name}: {nodes}, {n} {'leaf' if n == 1 else 'leaves'})"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the leaves, in the order of `leaves`: labels, ``w_2`` for a second ``w``, ``v5`` for none."""
        return tuple(self._slots)

    @property
    def root(self) -> Any:
        """The recorded node itself, for a picture after `write_back`; ``None`` if a `Graph` was recorded."""
        return self._objects[-1] if self._objects else None

    @property
    def leaves(self) -> np.ndarray:
        """The numbers with which a run computes that is given no others: an array, to be changed in place.

        Raises `ValueError`, with both shapes, if it is set to an array of another shape.
        """
        return self._leaves

    @leaves.setter
    def leaves(self, numbers: Any) -> None:
        numbers = array(numbers, "the leaves")
        if numbers.shape != self._leaves.shape:
            raise ValueError(f"the leaves have shape {self._leaves.shape}, got an array of shape {numbers.shape}")
        self._leaves[...] = numbers

    def places(self, *leaves: Any) -> np.ndarray:
        """Where these leaves are in `leaves`: names, nodes, or lists of them. Raises `KeyError` for another node.

        >>> x, w = Value(3, "x"), Value(0.5, "w")
        >>> Program(x * w).places([w])
        array([1])
        """
        flat = [key for item in leaves for key in (item if isinstance(item, (list, tuple)) else [item])]
        return np.array([self.addresses.leaf(key) for key in flat], dtype=np.intp)

    def run(self, /, *given: Any, **named: Any) -> Result:
        """Run forward and backward: all values and gradients. Calling the program does the same.

        `given` are numbers or arrays for the leaves in their order, or a mapping from names, nodes or places;
        `named` are others by name. The leaves that are left out keep their numbers in `leaves`.
        Raises `KeyError` for a leaf that is not there, `TypeError` for what is not a number, `ValueError`, with
        both shapes, for arrays that do not fit together, and `DomainError`, naming the node, where an operation
        has no value or no derivative. In a run over arrays those are NaN or infinite instead.
        """
        if given and named:
            return self._run_with_care(given, named)
        try:  # The engine itself refuses what is not a float for every leaf.
            if given:
                numbers = self.engine.run(given)
            else:
                whole = not named and isinstance(self.engine, ArrayEngine)
                leaves = self._leaves if whole else self._leaves.tolist()
                for name in named:
                    leaves[self._slots[name]] = named[name]
                numbers = self.engine.run(leaves)
        except (TypeError, KeyError, *FAILURES):
            pass  # seen to below, so that a sentence on it comes alone
        else:
            result = Result()
            result._program, result._numbers, result.shape = self, numbers, None
            return result
        return self._run_with_care(given, named)

    __call__ = run

    def forward(self, /, *given: Any, **named: Any) -> Any:
        """The root's value alone, a number or an array; for the rest as `run`.

        >>> x = Value(3, "x")
        >>> Program(x * x).forward(x=[1, 2])
        array([1., 4.])
        """
        leaves, shape = self._bind_leaves(given, named)
        if shape is not None:
            with np.errstate(all="ignore"):
                return full(self._over_arrays(shape).forward(leaves)[-1], shape)
        try:
            return full(self.engine.forward(leaves)[-1], None)
        except FAILURES:  # slower, but raises with the node's name; or an infinity has come in, and goes on
            return full(run_tape(self._tape, leaves, backward=False)[0][-1], None)

    def gradient(self, /, *given: Any, **named: Any) -> dict[str, Any]:
        """∂root/∂leaf by the leaf's name, numbers or arrays; for the rest as `run`.

        >>> x = Value(3, "x")
        >>> Program(x * x).gradient()
        {'x': 6.0}
        """
        return dict(zip(self._slots, self.run(*given, **named)._select(1, self.addresses.leaves), strict=True))

    def write_back(self) -> None:
        """Run with the numbers in `leaves`, and put all values and gradients into the recorded objects.

        A picture drawn afterwards shows them. Raises what a call raises, before anything is written.
        """
        run = self()
        graph.write(self._objects, run.values.tolist(), run.grads.tolist())

    def _run_with_care(self, given: tuple, named: dict[str, Any]) -> Result:
        """The same for integers, arrays and mappings; or a sentence on what was wrong."""
        leaves, shape = self._bind_leaves(given, named)
        result = Result()
        result._program, result.shape = self, shape
        try:
            with np.errstate(all="ignore"):
                result._numbers = (self.engine if shape is None else self._over_arrays(shape)).run(leaves)
        except FAILURES:
            if shape is not None:
                raise
            values, grads = run_tape(self._tape, leaves)  # slower, but raises with the node's name
            result._numbers = [*values, *grads]  # it did not: no gradient arrives where there is no derivative
        return result

    def _bind_leaves(self, given: tuple, named: dict[str, Any]) -> tuple[list[Any], tuple | None]:
        """The leaves' numbers for a run, and the shape of the run if there are arrays among them."""
        if len(given) > len(self._slots):
            raise TypeError(f"the program has {len(self._slots)} leaves, got {len(given)} numbers")
        in_order = zip(self.addresses.leaves, given, strict=False)
        by_key = given[0].items() if len(given) == 1 and isinstance(given[0], Mapping) else in_order
        leaves, found = self._leaves.tolist(), {}
        for key, x in (*by_key, *named.items()):
            slot = self.addresses.leaf(key)
            if slot in found:
                raise TypeError(f"leaf '{self.names[slot]}' is given twice")
            found[slot] = leaves[slot] = convert_input(x, f"leaf '{self.names[slot]}'")
        arrays = {slot: x for slot, x in found.items() if isinstance(x, np.ndarray)}
        return self._broadcast(leaves, arrays) if arrays else (leaves, None)

    def _broadcast(self, leaves: list[Any], found: dict[int, np.ndarray]) -> tuple[list[Any], tuple]:
        shape: tuple[int, ...] = ()
        for slot, x in found.items():
            try:
                shape = np.broadcast_shapes(shape, x.shape)
            except ValueError:
                raise ValueError(
                    f"leaf '{self.names[slot]}' of shape {x.shape} does not broadcast with shape {shape}, "
                    f"which the leaves before it have"
                ) from None
        # Other leaves stay single numbers, of NumPy's kind, so that 1/0 is infinite in them too.
        return [x if slot in found else np.float64(x) for slot, x in enumerate(leaves)], shape

    def _over_arrays(self, shape: tuple[int, ...]) -> Straight:
        keep(2 * len(self._tape.ops) * math.prod(shape))
        if self._batch is None:
            self._batch = Straight(self._tape, arrays())
        return self._batch


def _call_function(function: Callable, inputs: dict[str, float]) -> Any:
    """What the function returns for a `Value` of each input's name."""
    if isinstance(function, Expression):
        inputs = check_inputs(function.names, inputs)
    root = function(**{name: Value(x, name) for name, x in inputs.items()})
    check_node(root, name_of(function))
    return root
