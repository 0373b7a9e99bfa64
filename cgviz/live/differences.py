"""In what views side by side differ when they are made: their inputs, and what follows from these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..graph import Graph, Node
from ..text import number, shorten

MOST = 5
"""So many names at most are listed."""


def tell_differences(inputs: Sequence[Mapping[str, Any]], graphs: Sequence[Graph]) -> str:
    """One paragraph about views, each with its inputs and its graph, as it is true when they are made.

    >>> from cgviz import explore
    >>> both = [explore("a*b + c", a=a, b=3, c=1) for a in (2, -2)]
    >>> tell_differences([one.inputs for one in both], [one.graph for one in both])
    'At first a differs: 2 and -2. With it the values of v3 and L, and the gradient of b.'
    """
    sentences = [_tell_inputs(inputs)]
    if len({graph.signature for graph in graphs}) > 1:
        sentences.append("They are different graphs.")
    elif follows := [part for part in (_tell_nodes(graphs, field, word) for field, word in FIELDS) if part]:
        lead = f"With {'them' if ';' in sentences[0] else 'it'}" if sentences[0] else "At first they differ in"
        sentences.append(f"{lead} {', and '.join(follows)}.")
    return " ".join(filter(None, sentences)) or "At first they show the same numbers."


FIELDS = ("data", "value"), ("grad", "gradient")


def find_first(graphs: Sequence[Graph]) -> list[int | None]:
    """The first node of each graph that another has with another number, or not at all; ``None`` where there is none.

    Graphs of one structure are held together node by node, others by the labels of their nodes.
    """
    if len({graph.signature for graph in graphs}) == 1:
        found = next((i for i in range(len(graphs[0].nodes)) if _differ([graph.nodes[i] for graph in graphs])), None)
        return [found] * len(graphs)
    labels = [{node.label: node for node in graph.nodes if node.label} for graph in graphs]
    return [
        next((node.index for name, node in mine.items() if _differ([there.get(name) for there in labels])), None)
        for mine in labels
    ]


def _tell_inputs(inputs: Sequence[Mapping[str, Any]]) -> str:
    """The inputs that stand elsewhere in another view, and those that another does not have."""
    names = list(dict.fromkeys(name for one in inputs for name in one))
    common = [name for name in names if all(name in one for one in inputs)]
    other = [name for name in common if not _same([one[name] for one in inputs])]
    texts = [f"{shorten(name)} differs: {_join([number(one[name]) for one in inputs])}" for name in other[:MOST]]
    if len(other) > MOST:
        texts.append(f"so do {len(other) - MOST} more inputs")
    if single := [name for name in names if name not in common]:
        texts.append(f"not all of them have {_list(single)}")
    return f"At first {'; '.join(texts)}." if texts else ""


def _tell_nodes(graphs: Sequence[Graph], field: str, word: str) -> str:
    """Which operations have another value, which nodes another gradient."""
    found = []
    for nodes in zip(*(graph.nodes for graph in graphs), strict=True):
        if (field == "grad" or nodes[0].operands) and not _same([getattr(node, field) for node in nodes]):
            found.append(nodes[0].name)
    return f"the {word}{'s' * (len(found) > 1)} of {_list(found)}" if found else ""


def _differ(nodes: Sequence[Node | None]) -> bool:
    there = [node for node in nodes if node is not None]
    return len(there) < len(nodes) or any(not _same([getattr(node, field) for node in there]) for field, _ in FIELDS)


def _same(numbers: Sequence[Any]) -> bool:
    """Whether numbers, or what stands for them, are written alike in full: also of arrays, and of NaN."""
    return len({repr(getattr(x, "tolist", lambda x=x: x)()) for x in numbers}) == 1


def _list(names: Iterable[str]) -> str:
    names = list(map(shorten, names))
    return _join(names[:MOST] if len(names) <= MOST else [*names[: MOST - 1], f"{len(names) - MOST + 1} more"])


def _join(texts: Sequence[str]) -> str:
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else texts[0]
