"""The graph in the language of Graphviz.

Labels are data, never language: every character that means something to Graphviz is written in a form that it
prints as the character itself. Nodes are named by their place in topological order, so the same expression
gives the same source in every process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..graph import CONSTANT, OPERATION_NODE, Graph, Node
from ..ops.labels import quoted
from ..ops.rows import commutes
from ..text import shorten
from .layout.placement import check_rankdir
from .layout.plan import COPY, STUB, Plan, Unit, plan
from .layout.sizes import stub_text
from .node_words import shows_grad
from .slots import slots

_LONGEST = 60
_MEANING = {"{", "}", "|", "<", ">", "&", '"'}


def source(graph: Graph, rankdir: str = "LR", notes: Mapping[int, str] | None = None) -> str:
    """The graph in the DOT language; `notes` stand beside the nodes, by index.

    >>> from cgviz.graph import Graph, Node
    >>> print(source(Graph((Node(0, "a", "", 2.0, 4.0, "leaf", ()),), ())))
    digraph {
      graph [rankdir=LR]
      node [fontname="Helvetica,Arial,sans-serif" fontsize=12]
      edge [arrowsize=0.7]
      v0 [label="{a | 2 | grad 4}" shape=record style=rounded]
    }
    """
    return "\n".join(["digraph {", *(f"  {line}" for line in lines(graph, rankdir, notes)), "}"])


def quote(text: str) -> str:
    r"""A text as Graphviz prints it letter for letter inside a label.

    >>> quote('a|b <c> "d" \\ &amp;'), quote("one\ntwo")
    ('a&#124;b &#60;c&#62; &#34;d&#34; \\\\ &#38;amp;', 'one two')
    """
    text = shorten(text, _LONGEST)
    return "".join(f"&#{ord(ch)};" if ch in _MEANING else "\\\\" if ch == "\\" else ch for ch in text)


def lines(graph: Graph, rankdir: str, notes: Mapping[int, str] | None = None) -> list[str]:
    """The statements of the source, between its braces.

    Raises `ValueError` for an unknown `rankdir`.
    """
    what = plan(graph, rankdir=rankdir)
    numbers = slots(graph)
    found = [
        f"graph [rankdir={check_rankdir(rankdir)}]",
        'node [fontname="Helvetica,Arial,sans-serif" fontsize=12]',
        "edge [arrowsize=0.7]",
    ]
    for k, unit in enumerate(what.units):
        found += _unit(k, unit, graph.nodes[unit.node], numbers, flat=rankdir in ("LR", "RL"))
    found += [f'v{i} [xlabel="{quote(text)}"]' for i, text in (notes or {}).items()]
    for arc in what.arcs:
        target = arc.edge.target
        head = f"op{target}" if graph.nodes[target].op else f"v{target}"
        found.append(f"{_name(what, arc.source)} -> {head}")
    return found


def _name(what: Plan, k: int) -> str:
    unit = what.units[k]
    return f"v{unit.node}" if unit.kind == "node" else f"{unit.kind}{k}"


def _unit(k: int, unit: Unit, node: Node, numbers: Mapping[str, Any], flat: bool) -> list[str]:
    i = node.index
    if unit.kind == STUB:
        return [f'stub{k} [label="{stub_text(unit)}" shape=box style="rounded,dotted"]']
    if unit.kind == COPY:
        return [f'copy{k} [label="{quote(node.name)}" shape=box style="rounded,dashed"]']
    data = quote(numbers[f"{i}.data"].text)
    if node.kind == CONSTANT:
        text = f"{quote(quoted(node.label))} = {data}" if node.label else data
        return [f'v{i} [label="{text}" shape=plaintext margin="0.05,0.02" width=0 height=0]']
    cells = [quote(node.label or node.name), data]
    if shows_grad(node):
        cells.append(f"grad {quote(numbers[f'{i}.grad'].text)}")
    look = " style=rounded" if node.kind != OPERATION_NODE else ""
    record = " | ".join(cells)
    if flat:  # Graphviz turns records with the direction of reading; braces turn them back
        record = f"{{{record}}}"
    lines = [f'v{i} [label="{record}" shape=record{look}]']
    if node.kind == OPERATION_NODE and node.op:
        order = "" if commutes(node.op) else " ordering=in"
        lines += [
            f'op{i} [label="{quote(node.op)}" shape=ellipse margin="0.02,0" width=0.4 height=0.4{order}]',
            f"op{i} -> v{i} [arrowhead=none]",
        ]
    return lines
