"""What travels to the page: the structure of a graph, once, and its numbers, after every run. JSON holds all of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..chain_rule.contributions import name_operand as in_sentence
from ..chain_rule.terms import names
from ..graph import Edge, Graph, Node
from ..graph.agreement import is_number
from ..graph.recognition import doubt, is_equation, operation
from ..ops.domain import DomainError, phrase_domain
from ..ops.formula import Formula
from ..ops.op import Op
from ..ops.rows import OPS, split_constant
from ..ops.sum_rows import SumOp
from ..pictures.array_cells import encode, grid
from ..pictures.layout.plan import NODE, fits, plan
from ..pictures.node_words import head, shows_grad
from ..pictures.slots import edge_id, full, short
from ..text import numbers, shorten
from .formula_export import formulas, local


def structure(graph: Graph, digits: int | None = None, rankdir: str = "LR") -> dict[str, Any]:
    """The structure as ``live/static/graph.js`` reads it; of a very large graph only what its picture shows.

    `row` names the operation by its row, for the page to compute (`text` is how one is written that the page has not);
    `digits` is how many its number is written with, if not four;
    `called` and `locals` are pieces of
    formulas, each a text and how tightly it binds; `named` is there where no formula is believed, and `places` where
    the row takes the operands in another order than the picture; `others` says of a sum or product of many operands by
    which of them its derivatives are products; `fails` is what the page says where the operation has
    no value: the formula, what its operands must fulfil, and which operand is which.

    >>> from cgviz.run.expression import parse
    >>> from cgviz import Value, trace
    >>> wire = structure(trace(parse("a*b")(a=Value(2.0, "a"), b=Value(3.0, "b"))))
    >>> wire["nodes"][2]["row"], wire["nodes"][2]["operands"], wire["nodes"][2]["locals"]
    ('mul', [0, 1], [('b', 9), ('a', 9)])
    """
    if not fits(graph, rankdir):
        shown = sorted({unit.node for unit in plan(graph, rankdir=rankdir).units if unit.kind == NODE})
        return {"nodes": {str(i): _outline(graph.nodes[i], graph, digits) for i in shown}, "shown": shown}
    called = names(graph, Formula)
    nodes = [_outline(node, graph, digits) | _describe_computation(node, graph, called) for node in graph.nodes]
    return {"nodes": nodes, "shown": list(range(len(nodes))), "tex": formulas(graph)}


def row_name(op: Op) -> str:
    """What the page knows an operation by: its row's name, with the place of a number that it holds; else empty.

    >>> from cgviz.ops.rows import find
    >>> row_name(find("*", 2)), row_name(find("**2", 1))
    ('mul', 'power 1 2.0')
    """
    if op.name in OPS:
        return op.name
    found = split_constant(op)
    return f"{found[0].name} {found[1]} {found[2]}" if found else ""


def name_opened(whole: Graph, shown: Graph, opened: list[int]) -> list[tuple[int, str]]:
    """What the unfolded groups are called, by their numbers."""
    found = {group.number: group.name or group.symbol for node in whole.nodes if node.groups for group in node.groups}
    found |= {number: name for number, (name, _) in shown.unfolded.items()}
    return [(number, shorten(found[number])) for number in opened if number in found]


def places(leaves: Mapping[str, int], whole: Graph, graph: Graph) -> dict[str, int]:
    """The index of each leaf in the graph as it is shown; a leaf that is folded away has none."""
    if graph is whole:
        return dict(leaves)
    there = {node.label: node.index for node in graph.leaves}
    return {name: there[label] for name, i in leaves.items() if (label := whole.nodes[i].label) in there}


def state(graph: Graph, shown: list[int]) -> dict[str, Any]:
    """The numbers of a graph by index: values, gradients, what is stale, local derivatives that edges carry, and
    why the row of a node is not believed.

    >>> from cgviz import Value, trace
    >>> state(trace(Value(2.0, "a") * math.inf), [0, 1, 2])["data"]
    {'0': 2.0, '1': 'inf', '2': 'inf'}
    """
    nodes = [graph.nodes[i] for i in shown]
    doubtful = {str(node.index): why for node in nodes if (why := doubt(graph, node))}
    return {
        "data": {str(node.index): cell(node.data) for node in nodes},
        "grad": {str(node.index): cell(node.grad) for node in nodes},
        "stale": {str(node.index): node.stale for node in nodes if node.stale},
        "local": {key: cell(x) for node in nodes for key, x in _list_locals(node, graph)},
        **({"doubt": doubtful} if doubtful else {}),
    }


def _list_locals(node: Node, graph: Graph) -> Iterator[tuple[str, Any]]:
    """The local derivatives of an operation that the page has no row for, as far as they are known."""
    op, operands = operation(graph, node)
    if op is not None and row_name(op):
        return
    for position, source in enumerate(operands):
        local = node.local[position] if node.local else None
        if op is not None and local is None:
            with suppress(DomainError, TypeError):
                local = op.local_derivative(position, node.data, *(graph.nodes[i].data for i in operands))
        if is_number(local):
            yield edge_id(Edge(source, node.index, position)), local


def cell(x: Any) -> Any:
    """A number as JSON has it, infinities and NaN as Python's words for them; what is no number in our own words."""
    if x is None:
        return None
    with suppress(TypeError, ValueError, OverflowError):  # a whole number may be too large for a float
        if is_number(x):
            x = float(x)
            return x if math.isfinite(x) else str(x)
    codes, texts = encode(x, grid(x))
    sign = {"sign": 1 if x > 0 else -1} if isinstance(x, int) else {}
    cells = {"cells": [codes, texts]} if codes else {}
    return {"text": short(x), "title": full(x), "words": numbers(x)} | sign | cells


def _outline(node: Node, graph: Graph, digits: int | None) -> dict[str, Any]:
    """What it takes to show a node."""
    return {
        "name": node.name,
        "kind": node.kind,
        "op": node.op,
        "operands": list(node.operands),
        "grad": shows_grad(node),
        "head": head(node, graph),
        **({"group": node.groups[0].number} if node.folded else {}),
        **({"digits": digits} if digits else {}),
        **({"results": list(graph.results[node.index])} if graph.results else {}),
    }


def _describe_computation(node: Node, graph: Graph, called: list[Formula]) -> dict[str, Any]:
    """What it takes to compute a node and to say how."""
    op, operands = operation(graph, node)
    name = called[node.index]
    found: dict[str, Any] = {"called": (name.text, name.binds), "operands": list(operands), "row": ""}
    if node.operands and not is_equation(graph, node):
        found["named"] = True  # the page says by what name it was computed, and writes no equation
    if len(operands) == len(node.operands) and operands != node.operands:
        found["places"] = [node.operands.index(i) for i in operands]  # where the picture has their edges
    if op is not None:
        found["row"] = row_name(op)
        found["locals"] = [local(op, i, called[node.index], [called[k] for k in operands]) for i in range(op.arity)]
        if op.name not in OPS:
            found["text"] = op.text
        if isinstance(op, SumOp) and not any(op.sizes):
            found["others"] = op.others
        found["fails"] = phrase_domain(op, tuple(in_sentence(graph, i) for i in operands))
    return found
