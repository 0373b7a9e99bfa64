"""A graph in formulas: how each node is computed and each gradient follows by the chain rule, as TeX to take away."""

from __future__ import annotations

from collections.abc import Sequence

from ..chain_rule.terms import names
from ..graph import CONSTANT, Graph, Node
from ..graph.recognition import operation
from ..ops.formula import Formula, Tex
from ..ops.op import Op

MOST = 60
"""Larger graphs are not written out: nobody would read it."""


def formulas(graph: Graph) -> list[str]:
    r"""The lines in TeX, without dollar signs; none for a large graph, or where an operation has no row.

    >>> from cgviz import Value, trace
    >>> for line in formulas(trace(Value(2.0, "a") * Value(3.0, "b"))):
    ...     print(line)
    v_{2} = a \cdot b
    \frac{\partial v_{2}}{\partial a} = b
    \frac{\partial v_{2}}{\partial b} = a
    """
    computed = [node for node in graph.nodes if node.operands]
    if len(graph.nodes) > MOST or any(operation(graph, node)[0] is None for node in computed):
        return []
    called = names(graph, Tex)
    made = [(called[node.index], _apply_row(graph, node, called)) for node in computed]
    lines = [f"{name} = {formula}" for name, formula in made if str(name) != str(formula)]
    terms = _terms(graph, called)
    gradients = [node for node in graph.nodes[:-1] if node.kind != CONSTANT and terms[node.index]]
    return lines + [f"{Tex.partial(called[-1], called[n.index])} = {_sum(terms[n.index])}" for n in gradients]


def local(op: Op, position: int, name: Formula, xs: Sequence[Formula]) -> tuple[str, int]:
    """The local derivative for one operand, as its row writes it: the text, and how tightly it binds."""
    rule = op.vjps[position](type(name).one(), name, *xs)
    return rule.text, rule.binds


def _apply_row(graph: Graph, node: Node, called: list[Formula]) -> Formula:
    op, operands = operation(graph, node)
    assert op is not None  # `computed` has a row for each
    return op(*(called[i] for i in operands))


def _terms(graph: Graph, called: list[Formula]) -> list[list[str]]:
    """The contributions to each node's gradient, one for each use: ∂L/∂user · ∂user/∂operand."""
    found: list[list[str]] = [[] for _ in graph.nodes]
    for user in graph.nodes:
        op, operands = operation(graph, user) if user.operands else (None, ())
        if op is None:
            continue
        for position, source in enumerate(operands):
            text, binds = local(op, position, called[user.index], [called[i] for i in operands])
            found[source].append(_contribution(graph, user, Tex(text, binds), called))
    return found


def _contribution(graph: Graph, user: Node, rule: Tex, called: list[Formula]) -> str:
    if user is graph.root:
        return str(rule)
    upstream = Tex.partial(called[-1], called[user.index])
    return upstream if rule.text == "1" else Tex.times(upstream, f"{rule:2}")


def _sum(terms: list[str]) -> str:
    first, *rest = terms
    return first + "".join(f" - {term[1:]}" if term.startswith("-") else f" + {term}" for term in rest)
