"""The graph as a table in topological order: for terminals, and wherever a picture cannot be shown."""

from __future__ import annotations

import unicodedata

from ..graph import Graph, Names, Node, NodeLike, trace
from ..graph.recognition import doubts
from ..text import JOINERS, shorten
from .node_words import grad_words, phrase, shows_grad, value_words

MOST = 60
"""Graphs of more nodes than this are shortened in the middle."""
_LONGEST = 40


def table(root: NodeLike, *, names: Names = None, most: int = MOST) -> str:
    """Write the graph of a root as a table, one node a line, leaves first and the root last.

    `names` gives labels, as for `trace`. Of graphs with more nodes than `most` the middle is left out.
    Raises `TypeError` for what is no node, `ValueError` for fewer than 2 lines.

    >>> from cgviz.graph import Graph, Node
    >>> a = Node(0, "a", "", 2.0, 4.0, "leaf", ())
    >>> b = Node(1, "b", "*", 4.0, 1.0, "operation", (0, 0))
    >>> print(table(Graph((a, b), ())))
    node  operation  value  gradient
    a                    2         4
    b     a * a          4         1
    """
    if not isinstance(most, int) or most < 2:
        raise ValueError(f"most is a whole number of at least 2, the lines of the table; got {most!r}")
    graph = trace(root, names)
    nodes = list(graph.nodes)
    with_grad = any(shows_grad(n) for n in nodes)
    hidden = len(nodes) - most
    if hidden > 1:
        nodes = nodes[: most // 2] + nodes[len(nodes) - (most - most // 2) :]
    rows: list[tuple[str, ...]] = [("node", "operation", "value", "gradient"), *(_row(n, graph) for n in nodes)]
    if not with_grad:
        rows = [row[:3] for row in rows]
    wide = [max(_width(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for i, row in enumerate(rows):
        if hidden > 1 and i == 1 + most // 2:
            lines.append(f"… {hidden:,} more nodes …")
        cells = [_pad(text, wide[k], right=k > 1) for k, text in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    lines += [f"({doubt})" for doubt in doubts(graph)]
    return "\n".join(lines)


def _row(node: Node, graph: Graph) -> tuple[str, str, str, str]:
    said = phrase(node, graph) or ("constant" if node.kind == "constant" else "")
    return node.name, shorten(said, _LONGEST), value_words(node), grad_words(node)


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(ch) or ch in JOINERS else 2 if unicodedata.east_asian_width(ch) in "WF" else 1
        for ch in text
    )


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
