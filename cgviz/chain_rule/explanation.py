"""The chain rule in words: for every node, where its gradient comes from, with the numbers filled in.

    ∂L/∂a = ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6

No operation's sentence is written by hand: the formula of a local derivative is its row's rule, run on
formulas in place of numbers. An engine whose operation has no row is explained by the local gradients
that its edges carry. The numbers come from `flow.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..graph import CONSTANT, Graph, Names, Node, NodeLike, brief, read_with_rules, summarize
from ..graph.attributes import private
from ..graph.node_search import find_node
from ..ops.formula import Formula, Tex
from .contributions import Doubtful, ones
from .flow import Use, own_rules, uses
from .terms import differences, factors, names, notes, partials, write_sum

MOST, MOST_SHOWN = 200, 60
"""Of more gradients the text leaves out those in the middle, and what a notebook shows leaves out more."""
MOST_USES = 40
"""Of more uses of one node the text leaves out those in the middle."""


class Chain(NamedTuple):
    """The gradient of one node: its uses, in topological order of the users, and their sum `total`."""

    node: Node
    uses: tuple[Use, ...]
    total: float


class Explanation:
    """What `explain` returns. It prints as text, shows as TeX in a notebook, and holds the numbers in `chains`.

    Without chains, `missing` is the sentence that says why there are none.
    """

    def __init__(self, graph: Graph, chains: tuple[Chain, ...], missing: str = "", told: Sequence[str] = ()) -> None:
        self.graph, self.chains, self.missing, self._told = graph, chains, missing, tuple(told)

    def without_arrays(self) -> Explanation:
        """Keep of large arrays no more than summaries: all that had to be computed from them has been."""
        graph = summarize(self.graph)
        if graph is not self.graph:
            self.graph = graph
            self.chains = tuple(
                Chain(
                    graph.nodes[chain.node.index],
                    tuple(Use(*map(brief, use)) for use in chain.uses),
                    brief(chain.total),
                )
                for chain in self.chains
            )
        return self

    @property
    def lines(self) -> tuple[str, ...]:
        """The explanation as text, a line for each use and one for each sum: all of it, however long."""
        return self._lines(self.chains)

    def _lines(self, chains: Sequence[Chain], most: int = 0) -> tuple[str, ...]:
        if self.missing:
            return (self.missing,)
        told = [*notes(self.graph), *self._told]
        told += differences(self.graph, {chain.node.index: chain.total for chain in self.chains})
        return (*(f"({note})" for note in told), *map("".join, self._parts(Formula, chains, most)))

    @property
    def tex(self) -> tuple[str, ...]:
        """The same lines in TeX, without dollar signs."""
        return tuple(map("".join, self._parts(Tex, self.chains)))

    def __str__(self) -> str:
        first, last = self._ends(MOST)
        text = "\n".join(self._lines(first, MOST_USES))
        if not last:
            return text
        end = map("".join, self._parts(Formula, last, MOST_USES))
        return "\n".join((text, self._left_out(first, last), *end))

    def _ends(self, most: int) -> tuple[tuple[Chain, ...], tuple[Chain, ...]]:
        """The first and the last of many chains; all of them, and none, if they are not so many."""
        if len(self.chains) <= most:
            return self.chains, ()
        return self.chains[: most // 2], self.chains[-(most // 2) :]

    def _left_out(self, first: Sequence[Chain], last: Sequence[Chain]) -> str:
        count = len(self.chains) - len(first) - len(last)
        name = self.chains[len(first)].node.name
        return f"… {count:,} more gradients: explain(…, {name!r}) explains that of one node, lines has all …"

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        if not self.chains:
            return {"text/plain": str(self)}
        first, last = self._ends(MOST_SHOWN)
        parts = self._parts(Tex, first, MOST_USES)
        if last:
            words = f"… {len(self.chains) - len(first) - len(last):,} more gradients"
            parts += [(Tex.words(words.replace(",", "{,}")), ""), *self._parts(Tex, last, MOST_USES)]
        rows = r" \\[6pt] ".join(f"{head} &{rest}" for head, rest in parts)
        return {"text/plain": str(self), "text/latex": rf"$$\begin{{aligned}} {rows} \end{{aligned}}$$"}

    def _parts(self, cls: type[Formula], chains: Sequence[Chain], most: int = 0) -> list[tuple[str, str]]:
        """Each line as what stands before its first sign, and the rest; of each sum no more than the `most` uses."""
        called = self._names(cls)
        return [part for chain in chains for part in self._write(chain, called, most)]

    def _write(self, chain: Chain, called: list[Formula], most: int = 0) -> list[tuple[str, str]]:
        cls = type(called[0])
        here = cls.partial(called[-1], called[chain.node.index])
        if chain.node is self.graph.root or not chain.uses:
            return [(here, f" = {self._number(chain.total, cls)}")]
        if len(chain.uses) == 1:
            return [(here, f" = {self._stages(chain.uses[0], called)}")]
        # Of several uses each is named by its way; ∂L/∂a itself is their sum, on a line of its own.
        lines = []
        left_out = range(most // 2, len(chain.uses) - most // 2) if 0 < most < len(chain.uses) else range(0)
        several = Counter(use.user for use in chain.uses)
        for k, use in enumerate(chain.uses):
            if k in left_out:
                if k == left_out.start:
                    lines.append((cls.words(f"… {len(left_out):,} more uses"), ""))
                continue
            direct = use.user == self.graph.root.index
            way = cls.words("directly") if direct else f"{cls.words('through ')}{called[use.user]}"
            if several[use.user] > 1:
                way += cls.words(f", operand {use.position + 1}")
            lines.append((way, f": {self._stages(use, called, direct)}"))
        return [*lines, (here, f" = {self._number(chain.total, cls)}" if left_out else self._sum(chain, cls))]

    # --- what is written otherwise where the gradients are arrays ---

    def _names(self, cls: type[Formula]) -> list[Formula]:
        return names(self.graph, cls)

    def _number(self, x: Any, cls: type[Formula]) -> str:
        return cls.digits(x)

    def _stages(self, use: Use, called: list[Formula], direct: bool = False) -> str:
        """What flows back along one edge; of `direct` uses of several the two factors are not named."""
        return ("" if direct else f"{partials(use, called)} = ") + factors(self.graph, use, called)

    def _sum(self, chain: Chain, cls: type[Formula]) -> str:
        return f" = {write_sum(cls, [use.product for use in chain.uses], chain.total)}"


def explain(root: NodeLike, node: Any = None, names: Names = None) -> Explanation:
    """Say by the chain rule where each gradient of a graph comes from, from the output back to the leaves.

    `node` picks one: a node of the graph, its label or its index; `names` gives labels, as for
    `trace`. The numbers are computed here, from the values, so they are right before
    `backward()` has run and when a class's own gradients are not. Where an operation is unknown, or its number is not
    what its name says, or a leaf has changed since, there are no chains, and the text is a sentence about it.

    Raises `KeyError` if the graph has no such node or several of that label, and `DomainError` where a derivative does
    not exist.

    >>> from cgviz import Value
    >>> a, b, c, d = Value(2, "a"), Value(-3, "b"), Value(10, "c"), Value(-2, "d")
    >>> e = a * b; e.label = "e"
    >>> L = (e + c) * d; L.label = "L"
    >>> print(explain(L, "a"))
    ∂L/∂a = ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6
    """
    graph, rules = read_with_rules(root, names)
    wanted = None if node is None else find_node(graph, root, node)
    try:
        chains = _chains(graph, uses(graph, rules))
    except Doubtful as failure:
        return Explanation(summarize(graph), (), str(failure))
    if wanted is not None:
        chains = (chains[wanted],)
    else:
        chains = tuple(c for c in reversed(chains) if c.node.kind != CONSTANT or c.node is graph.root)
    # A Tensor's gradients are arrays, and written in another way.
    told = private(root, "_explain")
    found = Explanation(graph, chains, told=own_rules(graph, rules)) if told is None else told(graph, chains)
    return found.without_arrays()


def _chains(graph: Graph, flow: tuple[Use, ...]) -> tuple[Chain, ...]:
    """The uses of each node, and what they add up to."""
    found: list[list[Use]] = [[] for _ in graph.nodes]
    for use in flow:
        found[use.source].append(use)
    totals = [each[-1].after if each else 0.0 for each in found]
    totals[-1] = ones(graph.root.data)
    return tuple(
        Chain(node, tuple(sorted(each, key=lambda use: (use.user, use.position))), total)
        for node, each, total in zip(graph.nodes, found, totals, strict=True)
    )
