"""A node that is built first and computed later: it knows its operands, its consumers and its own derivative.

Letters, as everywhere: `g` is the gradient that arrives, `y` the output, `x` (or `a`, `b`) an operand.
A shape is written as in pictures: ``11×10`` has 11 rows and 10 columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..text import shorten
from .arrays import FLOAT, as_array
from .names import kind_text, name_with_shape, shape_text, title

_BUILT = count()


class Node:
    """A place in a graph. Building one computes nothing: numbers flow when `compute` is called.

    `input_nodes` are its operands in order, `output_nodes` its consumers, each once; `output` is what
    `compute` found, `None` before. `backpass` fills `gradients`: for each input node the gradient of
    the loss with respect to that node's output, as far as it flows through here; it has the shape of
    that output. A node without operands keeps its whole gradient under its own key, ``gradients[self]``.
    `grad` is the whole gradient with respect to this node's own output; `name` is for messages and pictures.

    To write a node of your own, inherit and define `compute` and `backpass`. The gradients that arrive
    are in the consumers, one in each, and their sum counts; at the loss a 1 arrives, ∂loss/∂loss.

    Raises `TypeError` if an operand is not a node.

    >>> import numpy as np
    >>> class Square(Node):
    ...     def compute(self):
    ...         self.output = self.input_nodes[0].output ** 2
    ...     def backpass(self):
    ...         x = self.input_nodes[0]
    ...         self.gradients = {x: sum(2 * x.output * user.gradients[self] for user in self.output_nodes)}
    >>> from cgviz.nodes import Graph, Input
    >>> x = Input()
    >>> graph = Graph({x: 3.0}, loss=Square([x]))
    >>> graph.compute_gradients()
    >>> graph.loss(), float(x.grad)
    (9.0, 6.0)
    """

    _used: tuple | None = None  # the operands' outputs that somebody's own `compute` saw in a graph

    def __init__(self, input_nodes: Iterable[Node] = (), name: str = "") -> None:
        if not isinstance(name, str):
            hint = "" if isinstance(self, Operation) else "; numbers are fed later, by Graph({node: array})"
            raise TypeError(f"the name of a node is a text, got {kind_text(name)}{hint}")
        self.input_nodes = _operands(self, input_nodes)
        self.output_nodes: list[Node] = []
        self.output: Any = None
        self.gradients: dict[Node, Any] = {}
        self.grad: Any = None
        self.name = name
        self._built = next(_BUILT)
        for node in dict.fromkeys(self.input_nodes):
            node.output_nodes.append(self)

    def compute(self) -> None:
        """Set `output` from the outputs of the input nodes. Each kind of node has its own."""
        raise NotImplementedError(f"{type(self).__name__} has no compute(): write one that sets self.output")

    def backpass(self) -> None:
        """Set `gradients` from those of the output nodes. Each kind of node has its own."""
        raise NotImplementedError(f"{type(self).__name__} has no backpass(): write one that sets self.gradients")

    def __repr__(self) -> str:
        name = f"{shorten(self.name)}: " if self.name else ""
        return f"{type(self).__name__}({name}{'no output yet' if self.output is None else shape_text(self.output)})"

    def _fresh(self) -> bool:
        """Whether the output still belongs to the operands' outputs: pictures show it as stale if not."""
        if self._used is None:
            return True
        now = [node.output for node in self.input_nodes]
        return len(now) == len(self._used) and all(x is used for x, used in zip(now, self._used, strict=True))

    def _pull(self, g: Any) -> list[Any]:
        """What flows back to each operand when the gradient `g` arrives, by the node's own backpass, for `steps`."""
        twin = copy(self)
        user: Any = SimpleNamespace(gradients={twin: g})
        twin.output_nodes, twin.gradients = [user], {}
        twin.backpass()
        found = dict(twin.gradients)
        return [found.pop(node, 0.0) for node in self.input_nodes]  # one that is there twice has the sum of both parts


class Input(Node):
    """A node that is given its array: data, or a parameter to be trained.

    It is fed by ``Graph({node: array})``, which takes a copy, or by ``node.output = array``, which does
    not. Arrays of integers, booleans and small floats become arrays of 64-bit floats, since a parameter
    that is trained has to move by fractions; ragged, empty, complex and other arrays are refused.

    Raises `TypeError` or `ValueError`, saying what was given, for an array that cannot be used.

    >>> x = Input("x")
    >>> x.output = [1, 2, 3]
    >>> x, x.output
    (Input(x: 3), array([1., 2., 3.]))
    """

    def __init__(self, name: str = "") -> None:
        self._output, self._feeds = None, 0
        super().__init__((), name)

    @property
    def output(self) -> Any:
        """The array, or `None` before it is fed."""
        return self._output

    @output.setter
    def output(self, array: Any) -> None:
        if array.__class__ is np.ndarray and array.dtype is FLOAT and array.size:
            self._output = array
            self._feeds += 1
        elif array is not None or self._output is not None:
            self._output = as_array(array, self)
            self._feeds += 1

    def compute(self) -> None:
        """Do nothing: an input is given."""

    def backpass(self) -> None:
        """Collect what arrives: ``gradients[self]`` is the gradient of the loss with respect to this node."""
        users = self.output_nodes
        self.grad = g = users[0].gradients[self] if len(users) == 1 else sum_gradients(self)
        self.gradients = {self: g}


class Operation(Node):
    """What the nodes below share: the sentence for operands that are missing or do not fit.

    Each has a `compute` and a `backpass` of its own, written out, since a small network spends more time
    between the operations of NumPy than in them.
    """

    def _fresh(self) -> bool:
        again = copy(self)
        try:
            again.compute()
        except ValueError:
            return self.output is None
        return self.output is None or np.array_equal(again.output, self.output, equal_nan=True)

    def _mismatch(self) -> str:
        """The sentence for operands whose shapes do not fit together."""
        return f"{title(self)} cannot combine " + " and ".join(map(name_with_shape, self.input_nodes))

    def _why(self, failure: Exception) -> Exception:
        """What to raise in place of what NumPy raised."""
        for node in self.input_nodes:
            if node.output is None:
                return ValueError(f"{title(self)} needs the output of {title(node)}, which has none yet")
        return ValueError(str(failure) if isinstance(failure, Refused) else self._mismatch())


class Refused(ValueError):
    """Operands that an operation does not take, with the finished sentence."""


def sum_gradients(node: Node) -> Any:
    """The gradient that arrives at a node: the sum over its consumers, and 1 where there is none, at the loss."""
    users = node.output_nodes
    try:
        if len(users) == 1:
            return users[0].gradients[node]
        parts = [user.gradients[node] for user in users]
    except KeyError:
        user = next(user for user in users if node not in user.gradients)
        raise ValueError(
            f"{title(user)} holds no gradient for {title(node)}: its backpass() has to run first and set "
            f"self.gradients[node] for each of its input nodes"
        ) from None
    if not parts:
        if node.output is None:
            raise ValueError(f"{title(node)} has no output yet: its compute() has to run before its backpass()")
        return np.ones(np.shape(node.output))[()]
    return sum(parts[1:], parts[0])


def gradients_of(nodes: list[Any], parts: Any) -> dict[Any, Any]:
    """One gradient for each node; one that is an operand twice gets the sum of both parts."""
    found: dict[Any, Any] = {}
    for node, part in zip(nodes, parts, strict=True):
        found[node] = found[node] + part if node in found else part
    return found


def is_node(obj: Any) -> bool:
    """Whether an object can stand in a graph here: a `Node`, or anything built like one."""
    wanted = ("input_nodes", "output_nodes", "gradients", "compute", "backpass")
    return not isinstance(obj, type) and all(hasattr(obj, name) for name in wanted)


def _operands(node: Node, given: Iterable[Any]) -> list[Any]:
    kind = type(node).__name__
    if isinstance(given, Node):
        raise TypeError(f"{kind} takes a list of input nodes, got one node: write [node]")
    found = list(given)
    for place, operand in enumerate(found, 1):
        if not is_node(operand):
            raise TypeError(
                f"operand {place} of {kind} is not a node but {kind_text(operand)}: arrays and numbers go into "
                f"an Input, which the graph is fed with"
            )
    return found
