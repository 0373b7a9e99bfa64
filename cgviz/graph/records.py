"""What a graph is once it has been read: nodes, edges and groups, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..text import LONGEST_NAME, list_first, number, shorten

LEAF, CONSTANT, OPERATION_NODE = "leaf", "constant", "operation"
OUTDATED = frozenset({"value", "operands"})
"""In what ways a node is `stale` whose number is not that of its operands any more."""


class Group(NamedTuple):
    """One call of a function whose result can be drawn as one box: of a neuron, a layer, a network.

    `kind` says by which word it is folded (``"layer"``), `name` what its result is called, `symbol` what the box
    says that it does (``"relu layer"``), and `inputs` are the indices of the nodes that were its arguments.
    All results of one call have the same `number`.
    """

    kind: str
    name: str
    symbol: str
    inputs: tuple[int, ...]
    number: int


class OwnRule(NamedTuple):
    """Stands for the row of an operation that somebody has written with a derivative of his own, whatever its name.

    The number may be that of a row all the same, as of a ReLU with another derivative; the row says nothing of it.
    """

    symbol: str


class Node(NamedTuple):
    """One node of a graph, as plain data.

    `index` is its place in topological order. `kind` is ``"leaf"`` (a variable), ``"constant"``
    or ``"operation"``. `data` is its number and `grad` its gradient, each ``None`` when missing or
    not computed yet. `operands` are the indices of its operands, in order; `local` holds the local
    gradients that the edges carry, where the engine stores them. `stale` is ``"value"`` when an
    operand has changed since the node was computed (its gradient is stale too), ``"operands"`` when its engine has
    kept the number that was right then, ``"gradient"`` when only the gradient is out of date, else ``""``. `has_grad`
    says whether the class keeps gradients at all: a `grad` of ``None`` is then "not computed yet", else the cell is
    left out. Large arrays stand in records of `trace` as an `ArraySummary`. `groups` are
    the calls whose result the node is, the innermost first, and `folded` says how many nodes of the
    graph as it was traced stand behind this one (`cgviz.groups.fold`). `ordered` says whether the class keeps the
    operands in their order and each use of them; a set does not. `row` is the row of the table that computed the node,
    where its engine knows it, or `OwnRule`; elsewhere `recognition.py` finds it by the name and the numbers. `unread`
    says of a node that was computed, and stands as a leaf, that its class keeps its operands under no name that is
    read. `alone` is a name that no other node of its graph has, where its label or its place would not be one
    (`distinguish`). `note` says what of the object could not be read, `remark` is what its engine says of it besides,
    as a sentence without its subject.
    """

    index: int  # type: ignore[assignment]  # a place, and not the method of tuples
    label: str
    op: str
    data: Any
    grad: Any
    kind: str
    operands: tuple[int, ...]
    local: tuple[Any, ...] = ()
    stale: str = ""
    has_grad: bool = True
    groups: tuple[Group, ...] = ()
    folded: int = 0
    ordered: bool = True
    row: Any = None
    unread: str = ""
    alone: str = ""
    note: str = ""
    remark: str = ""

    @property
    def name(self) -> str:
        """What to call the node in a sentence: its label, a constant's number, or ``v5`` by its place."""
        if self.alone:
            return self.alone
        if self.label and (label := shorten(self.label)):
            return label
        return number(self.data) if self.kind == CONSTANT else f"v{self.index}"


def distinguish(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes of a graph with names of their own: of equal labels the second becomes ``x_2``.

    A node without a label gets the next number that is free, where somebody's label is the ``v5`` of its place.

    >>> a = Node(0, "x", "", 2.0, None, LEAF, ())
    >>> nodes = a, a._replace(index=1), a._replace(index=2, label="v3"), a._replace(index=3, label="")
    >>> [node.name for node in distinguish(nodes)]
    ['x', 'x_2', 'v3', 'v4']
    """
    names = [node.name if node.label else "" for node in nodes]
    taken = set(filter(None, names))
    clear = len(taken) == len(names) - names.count("")
    if clear and not any(name[0] == "v" and name[1:].isdecimal() for name in taken):
        return tuple(nodes)
    met: set[str] = set()
    found, free = [], len(nodes)
    for node, name in zip(nodes, names, strict=True):
        alone = ""
        if name and name in met:
            n = 2
            while (alone := _append_number(name, n)) in taken:
                n += 1
        elif not name and node.kind != CONSTANT and node.name in taken:
            while (alone := f"v{free}") in taken:
                free += 1
        taken.add(alone)
        met.add(name)
        found.append(node._replace(alone=alone) if alone else node)
    return tuple(found)


def _append_number(name: str, n: int) -> str:
    end = f"_{n}"
    return name[: LONGEST_NAME - len(end)] + end


def explain_outdated(graph: Graph) -> str:
    """Which numbers of a graph are out of date, in a sentence; ``""`` if none is."""
    names = [node.name for node in graph.nodes if node.stale in OUTDATED]
    return (
        f"stale: a leaf has changed since {list_first(names)} was computed; run the expression again" if names else ""
    )


class Edge(NamedTuple):
    """`source` is operand number `position` of `target` (both indices); `local` is ∂target/∂source if stored."""

    source: int
    target: int
    position: int
    local: Any = None


def _shapes(node: Node) -> tuple:
    """The shapes of a node's arrays, in the room that a tuple of single numbers does not take."""
    if node.data.__class__ is float and (node.grad is None or node.grad.__class__ is float):
        return ()
    return tuple(shape for x in (node.data, node.grad) if (shape := tuple(getattr(x, "shape", ()))))


class _Parts(NamedTuple):
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


class Graph(_Parts):
    """What `trace` returns: the nodes in topological order, the last one the root, and the edges.

    It has room (`vars`) for what is worked out about it once, such as the rows of its nodes in `recognition.py`.
    """

    @property
    def root(self) -> Node:
        """The node that was traced, which everything else leads to."""
        return self.nodes[-1]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The variables, in the order in which the expression names them."""
        return tuple(node for node in self.nodes if node.kind == LEAF)

    @property
    def by_rows(self) -> bool:
        """Whether the engine says which row has computed each operation: then its gradients are those of the rows.

        A row that was found for a class which records local derivatives says nothing of the gradients.
        """
        return all(
            not node.operands or (node.row is not None and not isinstance(node.row, OwnRule) and not node.local)
            for node in self.nodes
        )

    @property
    def results(self) -> tuple[tuple[int, ...], ...]:
        """Of a folded graph the nodes of the whole one whose numbers each node has, by index; else empty."""
        return vars(self).get("results", ())

    def remember_results(self, results: tuple[tuple[int, ...], ...]) -> None:
        """Keep beside a folded graph whose numbers its nodes have."""
        vars(self)["results"] = results

    def remember_whole(self, count: int) -> None:
        """Keep beside a folded graph how many nodes it had."""
        vars(self)["whole"] = count

    @property
    def whole(self) -> int:
        """How many nodes the graph has that was folded to this one; of one that is not folded its own."""
        return vars(self).get("whole", len(self.nodes))

    @property
    def unfolded(self) -> dict[int, tuple[str, tuple[int, ...]]]:
        """Of a folded graph the groups whose inside is shown, by number: what each is called, and what is in it."""
        return vars(self).get("unfolded", {})

    def remember_unfolded(self, groups: dict[int, tuple[str, tuple[int, ...]]]) -> None:
        """Keep beside a folded graph which groups are unfolded in it."""
        vars(self)["unfolded"] = groups

    def replace_parts(self, nodes: tuple[Node, ...], edges: tuple[Edge, ...] | None = None) -> Graph:
        """The same graph with other numbers, and with what is known beside it of its groups."""
        found = Graph(nodes, self.edges if edges is None else edges)
        kept = ("results", "unfolded", "nest", "sheet", "whole")
        vars(found).update({name: x for name, x in vars(self).items() if name in kept})
        return found

    @property
    def signature(self) -> tuple:
        """The structure without the values, but with the shapes of arrays: equal ones have the same layout."""
        known = vars(self)
        if "signature" not in known:
            known["signature"] = tuple((n.label, n.kind, n.op, n.operands, n.has_grad, *_shapes(n)) for n in self.nodes)
        return known["signature"]

    def uses(self) -> list[list[Edge]]:
        """For each node the edges by which others use it, in topological order of the users."""
        found: list[list[Edge]] = [[] for _ in self.nodes]
        for edge in self.edges:
            found[edge.source].append(edge)
        return found
