"""Whether the page may show a move before the kernel has run it: by the rows, which a class need not follow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..graph import Graph
from ..graph.agreement import is_float
from ..graph.recognition import doubt, likely, operation
from ..ops.domain import FAILURES
from ..ops.op import Op
from ..pictures.node_words import shows_grad
from ..text import shorten
from .serialization import row_name

CLOSE = 1e-9
"""Results of one operation may lie so far apart: the page's functions differ from Python's in the last digits."""

ROUGH = 1e-6
"""A function that is written by way of others has an absolute error too: that of a number of this size."""

NUMBERS = "its numbers have not always been those of its operations"
WAITS = "Each move waits for {whose}: {why}."
LEADS = (
    "Moves are shown at once, by the rules of the operations, which {whose} has followed so far; each of its own runs "
    "confirms or corrects them."
)


class Speculation:
    """What the runs of one function have shown, each judged after it.

    The graph of a class that is `sure` of its rows, as `Value` is, needs no more than rows that the page has. Any other
    class must have agreed with its rows in all numbers and gradients, and in the structure, at every run so far: one
    that has not done so once has to be waited for from then on.

    >>> from cgviz.run.expression import parse
    >>> from cgviz import Value, trace
    >>> L = parse("a*a")(a=Value(3.0, "a"))
    >>> L.backward()
    >>> Speculation(sure=False).judge(trace(L))
    ''
    >>> wrong = [node._replace(grad=3.0) if node.label == "a" else node for node in trace(L).nodes]
    >>> Speculation(sure=False).judge(Graph(tuple(wrong), ()))
    'its gradients have not always been those of the chain rule'
    """

    def __init__(self, sure: bool) -> None:
        self._sure = sure
        self._first: tuple | None = None
        self._lost = ""

    def judge(self, graph: Graph) -> str:
        """Why the page has to wait for the kernel after this run; ``""`` where it may run ahead."""
        if self._lost:
            return self._lost
        why = obstacle(graph)
        if self._sure:
            return why or ("" if graph.by_rows else "it keeps local derivatives of its own")
        if not why:
            self._lost = self._compare(graph)
        elif any(node.operands and doubt(graph, node) and likely(graph, node)[0] is None for node in graph.nodes):
            self._lost = NUMBERS  # and not just an order of operands that these numbers do not tell
        return self._lost or why

    def _compare(self, graph: Graph) -> str:
        read = [operation(graph, node) for node in graph.nodes]
        form = graph.signature, read, [shows_grad(node) and node.grad is None for node in graph.nodes]
        self._first = self._first or form
        if form[0] != self._first[0]:
            return "it does not always build the same graph"
        if form[1] != self._first[1]:
            return "which operations it uses is not the same at all numbers"
        if form[2] != self._first[2]:
            return "it does not always compute the same gradients"
        if not _numbers_agree(graph, read):
            return NUMBERS
        if not _gradients_agree(graph, read):
            return "its gradients have not always been those of the chain rule"
        return ""


def obstacle(graph: Graph) -> str:
    """Why the page cannot compute a graph; ``""`` where each operation is a row's, and each number is one number."""
    for node in graph.nodes:
        if not is_float(node.data) or not (node.grad is None or is_float(node.grad)):
            return "the page computes with single numbers alone"
        if node.stale:
            return "some of its numbers are out of date"
        if node.operands:
            op = operation(graph, node)[0]
            if op is None and doubt(graph, node):
                return f"it is in doubt what {shorten(node.op)!r} means"
            if op is None or not row_name(op):
                return f"the page has no rule for {shorten(node.op)!r}, which computed '{shorten(node.name)}'"
    return ""


def _numbers_agree(graph: Graph, read: Sequence[tuple[Op | None, tuple[int, ...]]]) -> bool:
    """Whether each operation gives the number of its node, from those of its operands as they are kept."""
    for node, (op, operands) in zip(graph.nodes, read, strict=True):
        if op is None:
            continue
        try:
            again = op.number(*(float(graph.nodes[i].data) for i in operands))
        except FAILURES:  # there the page shows nothing
            continue
        if not _near(float(node.data), again, ROUGH * (op.arity == 1)):
            return False
    return True


def _gradients_agree(graph: Graph, read: Sequence[tuple[Op | None, tuple[int, ...]]]) -> bool:
    """Whether each gradient is the sum that the chain rule makes of those of the node's users, as they are kept.

    What a class does not show is taken as the chain rule has it.
    """
    nodes = graph.nodes
    sums, sizes = [0.0] * len(nodes), [0.0] * len(nodes)  # and how large the terms are that may cancel
    sums[-1] = 1.0
    for node in reversed(nodes):
        i = node.index
        upstream = sums[i]
        scale = max(abs(upstream), sizes[i])  # of what the class does not show, how exact it is is not known either
        if shows_grad(node) and node.grad is not None:
            upstream = float(node.grad)
            scale = abs(upstream)
            if not _near(upstream, sums[i], sizes[i]):
                return False
        op, operands = read[i]
        if op is None:
            continue
        xs = [float(nodes[k].data) for k in operands]
        for k, vjp in zip(operands, op.vjps, strict=True):
            try:
                term, most = (float(vjp(g, float(node.data), *xs)) for g in (upstream, scale))
            except FAILURES:  # there the page shows nothing, or nobody asks
                term = most = 0.0 if upstream == 0 else math.nan
            sums[k] += term
            sizes[k] += abs(most) + ROUGH * scale
    return True


def _near(x: float, y: float, size: float) -> bool:
    return x == y or (x != x and y != y) or abs(x - y) <= CLOSE * max(abs(x), abs(y), size)


def pace(why: str, whose: str) -> str:
    """The sentence about who computes a move: the page, or the kernel with `whose` class.

    >>> pace("it does not always build the same graph", "Mine")
    'Each move waits for Mine: it does not always build the same graph.'
    """
    return WAITS.format(whose=whose, why=why) if why else LEADS.format(whose=whose)
