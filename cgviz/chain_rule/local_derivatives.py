"""The local derivative on every edge of a graph: ∂user/∂operand, for classes that do not write it there themselves."""

from __future__ import annotations

from ..graph import CONSTANT, Graph, Node
from ..graph.agreement import is_float, is_number
from ..graph.recognition import operation
from ..ops.domain import FAILURES
from .contributions import local_derivative


def add_local_derivatives(graph: Graph) -> Graph:
    """The graph with a local derivative on every edge where one is known and is a single number.

    What a class has recorded itself stays. An operand that one edge stands for and that is used twice, as of ``a * a``
    where a class keeps a set, has the sum of both uses. There is none where no derivative is known or exists, and none
    to constants, as nothing flows back to them.

    >>> from cgviz import Value, trace
    >>> graph = trace(Value(3.0, "a") * Value(4.0, "b"))
    >>> [edge.local for edge in add_local_derivatives(graph).edges]
    [4.0, 3.0]
    """
    found = {
        (node.index, position): local
        for node in graph.nodes
        if node.operands and node.stale != "value"
        for position, local in enumerate(_local_derivatives(graph, node))
    }
    edges = (
        edge
        if edge.local is not None or graph.nodes[edge.source].kind == CONSTANT
        else edge._replace(local=found.get((edge.target, edge.position)))
        for edge in graph.edges
    )
    return graph.replace_parts(graph.nodes, tuple(edges))


def _local_derivatives(graph: Graph, node: Node) -> list[float | None]:
    """One for each edge into a node: a number, or None."""
    op, operands = operation(graph, node)
    if not all(is_number(graph.nodes[i].data) for i in (node.index, *operands)):
        return [None] * len(node.operands)
    if op is None:
        return [local if is_float(local) else None for local in node.local or [None] * len(node.operands)]
    uses: list[tuple[int, float | None]] = []
    for position, source in enumerate(operands):
        try:
            local = local_derivative(graph, node, op, operands, position)
        except (*FAILURES, TypeError):
            local = None
        uses.append((source, local if is_float(local) else None))
    if [source for source, _ in uses] == list(node.operands):
        return [local for _, local in uses]
    together = []
    for i in node.operands:  # operands in a set: their order is the row's, and an edge may stand for two uses
        parts = [local for source, local in uses if source == i]
        together.append(None if None in parts else sum(part for part in parts if part is not None))
    return together
