"""The chain rule on records: what flows back along each edge of a graph.

This is the one place where a gradient is computed without the class's own `backward`. The steps, the
explanations and the checks are written from it; `terms.py` says how.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

from ..graph import Graph, Node, NodeLike, read_with_rules
from ..graph.attributes import private
from ..graph.recognition import operation
from ..graph.records import explain_outdated
from ..text import list_first, shorten
from .contributions import Doubtful, Pull, contributions, is_asked, ones


class Use(NamedTuple):
    """Node `source` as operand `position` of node `user` (indices): what flows back along that edge.

    `product` = `upstream` (the user's gradient) · `local` (∂user/∂source). The gradient of the source
    grows by it from `before` to `after`; `first` and `complete` say that this was its first, its last
    use. `local` is ``None`` where arrays flow by a rule that is no product.
    """

    source: int
    user: int
    position: int
    upstream: Any
    local: Any
    product: Any
    before: Any
    after: Any
    first: bool
    complete: bool


def uses(graph: Graph, rules: Sequence[Pull | None] = ()) -> tuple[Use, ...]:
    """Every use, in the order of a backward pass: from the root back, each user once its own gradient is complete.

    `rules` are the engine's own, one for each node, for the operations on arrays (`graph.read_with_rules` reads them).

    Raises `Doubtful`, a `TypeError` that names the node, where no derivative is known, also of a graph in which numbers
    are stale: new ones and old ones make no slope. `DomainError` where there is none.

    >>> from cgviz import Value, trace
    >>> a = Value(3.0, "a")
    >>> [(use.user, use.upstream, use.local, use.after, use.complete) for use in uses(trace(a * a))]
    [(1, 1.0, 3.0, 3.0, False), (1, 1.0, 3.0, 6.0, True)]
    """
    _refuse_complex(graph)
    if why := explain_outdated(graph):
        raise Doubtful("old and new numbers together have no derivative", why)
    rows = [operation(graph, node) for node in graph.nodes]
    count = [0] * len(graph.nodes)
    for _, operands in rows:
        for source in operands:
            count[source] += 1
    totals: list[Any] = [0.0] * len(graph.nodes)
    totals[-1] = ones(graph.root.data)
    with _quiet(graph):
        return tuple(_each(graph, rows, rules, totals, count))


def _each(graph: Graph, rows: list, rules: Sequence[Pull | None], totals: list[Any], count: list[int]) -> list[Use]:
    """Every use, with `totals` growing on the way; `count` says how many uses each node has."""
    left = count.copy()
    found: list[Use] = []
    nodes = graph.nodes
    for node in reversed(nodes):
        op, operands = rows[node.index]
        if not operands:
            continue
        if node.data is None:
            raise TypeError(f"'{shorten(node.name)}' is not computed yet: run the graph first")
        upstream = totals[node.index]
        pairs = contributions(graph, node, op, operands, rules, upstream)
        for position, (source, (local, product)) in enumerate(zip(operands, pairs, strict=True)):
            before = totals[source]
            totals[source] = after = before + product
            first, left[source] = left[source] == count[source], left[source] - 1
            complete = not left[source]
            found.append(Use(source, node.index, position, upstream, local, product, before, after, first, complete))
    return found


def _quiet(graph: Graph) -> AbstractContextManager[Any]:
    """Where single numbers are NumPy's, which warns of what the numbers themselves say: ∞ and NaN."""
    if not hasattr(graph.root.data, "dtype"):
        return nullcontext()
    import numpy as np

    return np.errstate(all="ignore")


def gradients(root: NodeLike) -> list[Any]:
    """∂root/∂node for every node in topological order, by the rows and not by the class's `backward`.

    Of a root with many numbers, the gradients are those of their sum.

    >>> from cgviz import Value
    >>> gradients(Value(3.0, "a") * Value(4.0, "b"))
    [4.0, 3.0, 1.0]
    """
    graph, rules = read_with_rules(root)
    totals: list[Any] = [0.0] * len(graph.nodes)
    totals[-1] = ones(graph.root.data)
    for use in uses(graph, rules):
        totals[use.source] = use.after
    return totals


def own_rules(graph: Graph, rules: Sequence[Pull | None]) -> list[str]:
    """A sentence on the operations on numbers whose derivatives are not known but by what their own rules send."""
    found: dict[str, dict[str, None]] = {}
    for node, rule in zip(graph.nodes, rules, strict=bool(rules)):
        if rule and _is_plain(node) and is_asked(graph, node, operation(graph, node)[0]):
            whose = private(getattr(rule, "__self__", None), "_rule", "its own _backward")
            name = node.op if " " in node.op else repr(node.op) if node.op else "an unnamed operation"
            found.setdefault(whose, {})[name] = None
    return [
        f"the derivatives of {list_first(list(names))} are what {whose} sends, for there is no row of it"
        for whose, names in found.items()
    ]


def _is_plain(node: Node) -> bool:
    """Whether a node holds a plain number, and no array, not even one without axes."""
    return getattr(node.data, "shape", None) is None


def _refuse_complex(graph: Graph) -> None:
    for node in graph.nodes:
        if node.data.__class__ is float:
            continue
        if isinstance(node.data, complex) or getattr(getattr(node.data, "dtype", None), "kind", "") == "c":
            raise TypeError(f"node '{node.name}' holds a complex number, derivatives here are of real ones")
