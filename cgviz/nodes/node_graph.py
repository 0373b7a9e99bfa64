"""A graph of nodes that is fed with arrays, and run forward and backward in topological order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from math import isfinite
from typing import Any

import numpy as np

from .. import graph as records
from ..graph import NodeLike
from ..ops.domain import DomainError
from .elementwise import Add, Mul, ReLU, Sigmoid, Tanh
from .feed import arrays_of, check_feed, only_loss
from .linear import Dot, Linear
from .loss_nodes import MSE, CrossEntropy
from .names import kind_text, shape_text, title
from .node import Input, Node, is_node
from .run_checks import check_gradients, check_output, not_finite
from .sort import topological_sort

OURS = {Input, Add, Mul, Dot, Linear, Sigmoid, Tanh, ReLU, MSE, CrossEntropy}
"""Classes whose results need no checking."""
LARGE = 1e100
"""A loss of this size is about to overflow."""

_NONE = object()


class Graph:
    """Everything that one node, the loss, is computed from.

    `feed_dict` gives each input node its array; the graph takes copies, as 64-bit floats. Nodes that have an
    output already need no feed. The loss is the only node that nobody uses, or the one that is named:
    ``Graph(feed, loss=cost)``. What uses the nodes elsewhere, such as the network that an earlier run of the cell
    built on the same inputs, has no part in it. `nodes` lists the graph in topological order, `root` is the loss.

    Raises `ValueError` for a missing, superfluous or unusable feed, or several candidates for the loss, `TypeError`
    for what is no node or no array, `CycleError` for a cycle; then nothing was fed.

    >>> from cgviz.nodes import SGD
    >>> X, y, W, b = Input("X"), Input("y"), Input("W"), Input("b")
    >>> cost = MSE(y, Linear(X, W, b))
    >>> graph = Graph({X: [[1], [2], [3]], y: [3, 5, 7], W: [[0]], b: [0]})
    >>> sgd = SGD(0.1)
    >>> for step in range(500):
    ...     graph.compute_gradients()
    ...     sgd.update([W, b])
    >>> W.output.round(2), b.output.round(2)
    (array([[2.]]), array([1.]))
    """

    def __init__(self, feed_dict: Mapping[Any, Any], loss: Node | None = None) -> None:
        check_feed(feed_dict)
        if loss is not None and not is_node(loss):
            raise TypeError(f"the loss is a node, as in Graph(feed, loss=cost), got {kind_text(loss)}")
        self.root = only_loss(feed_dict) if loss is None else loss
        self.nodes = topological_sort([self.root])
        arrays = arrays_of(feed_dict, self.nodes, self.root)
        self._inputs = [node for node in self.nodes if isinstance(node, Input)]
        self._computed = [(node, type(node) not in OURS) for node in self.nodes if not isinstance(node, Input)]
        self._backward = [(node, type(node) not in OURS) for node in reversed(self.nodes)]
        self._own = any(own for _, own in self._backward)
        self._users = _users_inside(self.nodes)
        self._start = _Start(self.root)
        self._users[-1] = self.root, [self._start]
        self._feeds: list[int] = []
        self._grown = False
        for node, array in arrays.items():
            node.output = array

    def __repr__(self) -> str:
        inputs = ", ".join(title(node) for node in self.nodes if not node.input_nodes)
        return f"<Graph of {len(self.nodes)} nodes: {title(self.root)} from {inputs}>"

    def compute(self) -> Any:
        """Run forward: compute each node from its operands. Returns the output of the last one.

        Raises what a node raises; all outputs are then what they were before.
        """
        before = [node.output for node, _ in self._computed]
        try:
            self._forward()
        except BaseException:
            self._restore(before)
            raise
        return self.root.output

    def compute_gradients(self) -> None:
        """Run forward, then backward: each node's `gradients`, and its `grad`, are those of the loss.

        Nothing adds up from run to run: the same arrays give the same gradients.

        Raises `DomainError` if the loss is NaN or infinite, saying where that came from, `ValueError` if it is
        not one number, and what a node raises; outputs and gradients are then what they were before.
        """
        if not self._grown:
            self._run()
            return
        # A loss this large may overflow next: let our sentence stand alone, without NumPy's warnings. (They are
        # not silenced always, since that costs a third of a small step.)
        self._grown = False
        with np.errstate(all="ignore"):
            self._run()

    def _run(self) -> None:
        before = [node.output for node, _ in self._computed]
        # Nodes of ours do not fail on the way back; only somebody's own may.
        gradients = [(node, node.gradients, getattr(node, "grad", _NONE)) for node in self.nodes] if self._own else ()
        try:
            self._forward()
            # A plain number of moderate size, as nearly always, needs no closer look.
            y = self.root.output
            if y.__class__ is not np.float64 or not -LARGE < y < LARGE or self._start.shape:
                self._check_loss()
            self._back()
        except BaseException:
            self._restore(before)
            for node, found, grad in gradients:
                node.gradients = found
                if grad is not _NONE:
                    node.grad = grad
            raise

    def loss(self) -> float:
        """The loss as a number: that of the last run, before an optimizer moved anything.

        Inputs that were set by hand since then are heeded: the graph is run forward first.

        Raises `ValueError` if the last node's output is not one number.
        """
        if self._feeds != [node._feeds for node in self._inputs]:
            self.compute()
        return self._number()

    def _for_check(self) -> tuple[records.Graph, dict[int, Callable[[Any], Any]]]:
        """What `gradcheck` needs: the gradients, and the loss as a function of each node's output, on a copy."""
        network = deepcopy(self)
        network.compute_gradients()
        found = records.read_whole(network.root)
        return found, {i: network._rerun_from(node) for i, node in enumerate(records.objects(network.root))}

    def _rerun_from(self, node: Any) -> Callable[[Any], Any]:
        def loss(output: Any) -> Any:
            before, node.output = node.output, node.output * 0 + output
            try:
                for other in self.nodes:
                    if other.input_nodes and other is not node:
                        other.compute()
                return self.root.output
            finally:
                node.output = before

        return loss

    def _forward(self) -> None:
        for node, own in self._computed:
            node.compute()
            if own:
                check_output(node)
        self._feeds = [node._feeds for node in self._inputs]

    def _back(self) -> None:
        # Consumers outside this graph do not count: while it runs, each node sees those inside alone.
        replaced = []
        for node, users in self._users:
            if len(node.output_nodes) != len(users):
                replaced.append((node, node.output_nodes))
                node.output_nodes = users
        try:
            for node, own in self._backward:
                node.backpass()
                if own:
                    check_gradients(node)
        finally:
            for node, users in replaced:
                node.output_nodes = users

    def _check_loss(self) -> None:
        """Refuse a loss from which no gradient can be had; let the 1 that arrives at it have its shape."""
        loss = self._number()
        if not isfinite(loss):
            raise DomainError(not_finite(self.nodes))
        self._grown = abs(loss) >= LARGE
        shape = np.shape(self.root.output)
        if shape != self._start.shape:
            self._start = self._users[-1][1][0] = _Start(self.root, shape)

    def _number(self) -> float:
        y = self.root.output
        if y.__class__ is np.float64:
            return float(y)
        if np.size(y) != 1:
            raise ValueError(
                f"the loss must be one number, but {title(self.root)} gives {shape_text(y)}: "
                f"end the graph with a loss such as MSE, or name it: Graph(feed, loss=cost)"
            )
        return float(np.asarray(y).item())

    def _restore(self, outputs: list[Any]) -> None:
        self._feeds = []
        for (node, own), output in zip(self._computed, outputs, strict=True):
            node.output = output
            if own and isinstance(node, Node):
                node._used = ()


class _Start:
    """What stands behind the loss: the consumer from which ∂loss/∂loss = 1 arrives, as gradients do elsewhere."""

    def __init__(self, root: NodeLike, shape: tuple[int, ...] = ()) -> None:
        self.shape = shape
        self.gradients = {root: np.ones(shape)[()]}


def _users_inside(nodes: list[Any]) -> list[tuple]:
    """Each node with its consumers among these nodes, each once."""
    users: dict[Any, list[Any]] = {node: [] for node in nodes}
    for node in nodes:
        for operand in dict.fromkeys(node.input_nodes):
            users[operand].append(node)
    return list(users.items())


# A node is checked as the loss of its own graph; a graph is built on nodes, so nodes learn it here.
setattr(Node, "_for_check", lambda self: Graph({}, loss=self)._for_check())  # noqa: B010
