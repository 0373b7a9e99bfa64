"""What to say below a picture that does not show every node: how to see more."""

from __future__ import annotations

from ..graph import Graph
from .layout.extent import PAGE, sheet_of
from .layout.plan import plan


def tell_how_to_see_more(graph: Graph, rankdir: str = "LR", live: bool = False) -> str:
    """How more can be seen of a graph that was folded for its size, or is drawn in part; ``""`` where all is drawn.

    In a `live` view a click unfolds a box.

    >>> from cgviz import Value, trace
    >>> from .layout.plan import overview
    >>> x = Value(1.0, "x")
    >>> for _ in range(100): x = x.tanh()
    >>> tell_how_to_see_more(overview(trace(x)))
    '8 boxes for 101 nodes: explore(…) unfolds each by a click, and fold=False draws all'
    """
    if sheet_of(graph) is not PAGE:
        return ""
    hidden = plan(graph, rankdir=rankdir).hidden
    folded = any(node.folded for node in graph.nodes)
    if hidden:
        boxes = "a click unfolds a box; " if live and folded else ""
        return (
            f"{boxes}more of the {graph.whole:,} nodes is seen by drawing a node farther down, or by what computed it: "
            f"build the graph within 'with grouped():', or give the function, explore(f, fold=\"calls\")"
        )
    if not folded:
        return ""
    count = f"{len(graph.nodes):,} box{'es' * (len(graph.nodes) > 1)} for {graph.whole:,} nodes"
    if live:
        return f"{count}: a click on one with a double outline unfolds it"
    return f"{count}: explore(…) unfolds each by a click, and fold=False draws all"
