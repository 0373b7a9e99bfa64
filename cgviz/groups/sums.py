"""Sums and products of many operands: chains of one operation whose partial results nothing else uses."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ..graph import CONSTANT, Graph, Group
from ..graph.nesting import Nest
from ..graph.recognition import operation
from ..ops.sum_rows import SumOp, sum_row

SIGNS = {"+": "Σ", "*": "Π"}
LEAST = 3
"""A chain of fewer operands stays as it is written."""
MOST = 300
"""A product of more factors stays too: the derivative by each is a product of all the others."""
KIND = "sums"
"""By which word they are folded."""
FIRST_NUMBER = 1 << 40
"""Numbers of these groups begin here, beyond those of any others."""


class Chain(NamedTuple):
    """One sum or product: its `terms` in order, by index, and for a sum of `products` the two factors of each of those.

    What `sum()` begins with, the 0, is no term, nor is the 1 of a product. `inside` are the partial results, and the
    products, that are part of it.
    """

    sign: str
    terms: tuple[int, ...]
    products: tuple[tuple[int, int], ...]
    inside: tuple[int, ...]

    @property
    def symbol(self) -> str:
        """How a box writes it: ``Σ``, ``Π``, ``Σ a·b``, or ``Σ a·b + c`` where other terms are added."""
        if not self.products:
            return self.sign
        return f"{self.sign} a·b" + " + c" * bool(self.terms)

    @property
    def row(self) -> SumOp:
        """The row of it, over `operands`."""
        count, rest = len(self.products), len(self.terms)
        if self.sign == "Π":
            return sum_row((tuple(range(rest)),), self.symbol)
        pairs = tuple((k, count + k) for k in range(count))
        return sum_row((*pairs, *((2 * count + k,) for k in range(rest))), self.symbol)

    @property
    def operands(self) -> tuple[int, ...]:
        """What it is computed from: the first factors, the second ones, the other terms."""
        return (*(a for a, _ in self.products), *(b for _, b in self.products), *self.terms)


def find_chains(graph: Graph, keep: Collection[int] = ()) -> dict[int, Chain]:
    """The sums and products of a graph, by the index of their result. Nodes to `keep` are no part of another.

    A row is believed where it gives the number of its node, here as everywhere.

    >>> from cgviz import Value, trace
    >>> a, b, c = (Value(x, name) for x, name in zip((1.0, 2.0, 3.0), "abc"))
    >>> [(chain.symbol, chain.terms, chain.products) for chain in find_chains(trace(sum([a, b, c]))).values()]
    [('Σ', (1, 2, 3), ())]
    >>> found = find_chains(trace(a * b + b * c + c)).values()
    >>> [(chain.symbol, chain.terms, chain.products) for chain in found]
    [('Σ a·b + c', (2,), ((0, 1), (1, 2)))]
    """
    symbols = [_symbol(graph, i) for i in range(len(graph.nodes))]
    used = [0] * len(graph.nodes)
    for node in graph.nodes:
        for i in node.operands:
            used[i] += 1
    free = [
        bool(symbol) and count == 1 and not node.label and not node.groups and node.index not in keep
        for node, symbol, count in zip(graph.nodes, symbols, used, strict=True)
    ]
    found: dict[int, Chain] = {}
    done: set[int] = set()
    for node in reversed(graph.nodes):
        if symbols[node.index] and node.index not in done:
            chain = _follow(graph, node.index, symbols, free)
            done.update(chain.inside)
            if len(chain.terms) + len(chain.products) >= LEAST:
                found[node.index] = chain
    return found


def nest_sums(graph: Graph) -> Nest | None:
    """The sums and products of a graph as groups; ``None`` if there are none.

    >>> from cgviz import Value, trace
    >>> [group.symbol for group in nest_sums(trace(sum(Value(1.0) for _ in range(5)))).groups]
    ['Σ']
    """
    chains = {top: chain for top, chain in find_chains(graph).items() if chain.sign != "Π" or len(chain.terms) <= MOST}
    if not chains:
        return None
    innermost = [-1] * len(graph.nodes)
    old = graph.results
    groups: list[Group] = []
    sums: dict[int, Chain] = {}
    for top, chain in sorted(chains.items()):
        for i in (top, *chain.inside):
            innermost[i] = len(groups)
        number = FIRST_NUMBER + (old[top][-1] if old else top)
        groups.append(Group(KIND, "", chain.symbol, (), number))
        sums[number] = chain
    return Nest(KIND, tuple(groups), (-1,) * len(groups), innermost, sums)


def _symbol(graph: Graph, i: int) -> str:
    node = graph.nodes[i]
    if node.op not in SIGNS or len(node.operands) != 2 or node.folded:
        return ""
    row = operation(graph, node)[0]
    return node.op if row is not None and row.symbol == node.op else ""


def _follow(graph: Graph, top: int, symbols: list[str], free: list[bool]) -> Chain:
    """The maximal chain that ends in a node: in order, without recursion."""
    symbol = symbols[top]
    terms, inside, stack = [], [], [top]
    while stack:
        i = stack.pop()
        if i == top or (symbols[i] == symbol and free[i]):
            stack.extend(reversed(graph.nodes[i].operands))
            inside.append(i)
        else:
            terms.append(i)
    neutral = 0.0 if symbol == "+" else 1.0
    kept = [i for i in terms if not (graph.nodes[i].kind == CONSTANT and graph.nodes[i].data == neutral)]
    products: list[tuple[int, int]] = []
    if symbol == "+":
        pairs = [i for i in kept if symbols[i] == "*" and free[i]]
        if len(pairs) > 1 and len(kept) >= LEAST - 1:
            products = [(graph.nodes[i].operands[0], graph.nodes[i].operands[1]) for i in pairs]
            inside += pairs
            among = set(pairs)
            kept = [i for i in kept if i not in among]
    return Chain(SIGNS[symbol], tuple(kept), tuple(products), tuple(inside[1:]))
