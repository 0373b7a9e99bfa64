"""The chain rule in words: for every node, where its gradient comes from, with the numbers filled in.

    ∂L/∂a = ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6

No operation's sentence is written by hand: the formula of a local derivative is its row's rule, run on
formulas in place of numbers. An engine whose operation has no row is explained by the local gradients
that its edges carry.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .formula import Formula, Tex
from .graph import CONSTANT, Graph, Node, objects, trace
from .ops import find
from .text import shorten

LONGEST_FORMULA = 12


class Use(NamedTuple):
    """One use of a node, as operand `position` of `user`: what flows back along that edge.

    `product` = `upstream` (the user's gradient) · `local` (∂user/∂node). `formula` and `tex` write `local`:
    ``str(use.formula)`` is ``"b"`` where the user is ``a · b``.
    """

    user: int
    position: int
    upstream: float
    local: float
    product: float
    formula: Formula
    tex: Tex


class Chain(NamedTuple):
    """The gradient of one node: its uses, and their sum `total`."""

    node: Node
    uses: tuple[Use, ...]
    total: float


class Explanation:
    """What `explain` returns. It prints as text, shows as TeX in a notebook, and holds the numbers in `chains`."""

    def __init__(self, graph: Graph, chains: tuple[Chain, ...]) -> None:
        self.graph, self.chains = graph, chains

    @property
    def lines(self) -> tuple[str, ...]:
        """The explanation as text, a line for each use and one for each sum."""
        return tuple(map("".join, self._parts(Formula)))

    @property
    def tex(self) -> tuple[str, ...]:
        """The same lines in TeX, without dollar signs."""
        return tuple(map("".join, self._parts(Tex)))

    def __str__(self) -> str:
        return "\n".join(self.lines)

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        rows = r" \\[6pt] ".join(f"{head} &{rest}" for head, rest in self._parts(Tex))
        return {"text/plain": str(self), "text/latex": rf"$$\begin{{aligned}} {rows} \end{{aligned}}$$"}

    def _parts(self, cls: type[Formula]) -> list[tuple[str, str]]:
        """Each line as what stands before its first sign, and the rest."""
        names = _names(self.graph, cls)
        return [part for chain in self.chains for part in _write(chain, names)]


def _write(chain: Chain, names: list[Formula]) -> list[tuple[str, str]]:
    cls, root, node = type(names[0]), names[-1], names[chain.node.index]
    here = cls.partial(root, node)
    if chain.node.index == len(names) - 1 or not chain.uses:
        return [(here, f" = {cls.digits(chain.total)}")]
    lines = []
    for use in chain.uses:
        user, direct = names[use.user], use.user == len(names) - 1
        upstream, local = cls.digits(use.upstream), cls.digits(use.local)
        formula = f"{use.tex if cls is Tex else use.formula:2}"
        steps = [] if formula == local else [cls.times(upstream, formula)]
        steps += [cls.times(upstream, local), cls.digits(use.product)]
        if len(chain.uses) == 1:
            steps.insert(0, cls.times(cls.partial(root, user), cls.partial(user, node)))
            lines.append((here, " = " + " = ".join(steps)))
            continue
        # Of several uses each is named by its way; ∂L/∂a itself is their sum, on a line of its own.
        if not direct:
            steps.insert(0, cls.times(cls.partial(root, user), cls.partial(user, node)))
        way = cls.words("directly") if direct else f"{cls.words('through ')}{user}"
        if sum(other.user == use.user for other in chain.uses) > 1:
            way += cls.words(f", operand {use.position + 1}")
        lines.append((way, ": " + " = ".join(steps)))
    if len(chain.uses) > 1:
        first, *others = (cls.digits(use.product) for use in chain.uses)
        terms = first + "".join(map(_signed, others))
        lines.append((here, f" = {terms} = {cls.digits(chain.total)}"))
    return lines


def explain(root: Any, node: Any = None) -> Explanation:
    """Say by the chain rule where each gradient of a graph comes from, from the output back to the leaves.

    `node` picks one: a node of the graph, its label or its index. The numbers are computed here, from
    the values, so they are right before `backward()` has run and when a class's own gradients are not.

    Raises `KeyError` if the graph has no such node, `TypeError` where an operation is unknown, and
    `DomainError` where a derivative does not exist.

    >>> from cgviz import Value
    >>> a, b, c, d = Value(2, "a"), Value(-3, "b"), Value(10, "c"), Value(-2, "d")
    >>> e = a * b; e.label = "e"
    >>> L = (e + c) * d; L.label = "L"
    >>> print(explain(L, "a"))
    ∂L/∂a = ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6
    """
    if hasattr(root, "_explain"):  # a Tensor: its gradients are arrays, and told in another way
        return root._explain(node)
    graph = trace(root)
    chains = _chains(graph)
    if node is not None:
        chains = (chains[_find(graph, root, node)],)
    else:
        chains = tuple(chain for chain in reversed(chains) if chain.node.kind != CONSTANT)
    return Explanation(graph, chains)


def gradients(root: Any) -> list[float]:
    """∂root/∂node for every node of a graph in topological order, by the rows and not by the class's `backward`."""
    return [chain.total for chain in _chains(trace(root))]


def _chains(graph: Graph) -> tuple[Chain, ...]:
    """Walk back from the root; each node's sum is complete when its turn comes."""
    text, tex = _names(graph, Formula), _names(graph, Tex)
    chains: list[Chain] = []
    totals = [0.0] * len(graph.nodes)
    totals[-1] = 1.0
    uses: list[list[Use]] = [[] for _ in graph.nodes]
    for node in reversed(graph.nodes):
        chains.append(Chain(node, tuple(sorted(uses[node.index])), totals[node.index]))
        for position, source in enumerate(node.operands):
            local, formula, written = _local(graph, node, position, text, tex)
            product = totals[node.index] * local
            uses[source].append(Use(node.index, position, totals[node.index], local, product, formula, written))
            totals[source] += product
    return tuple(reversed(chains))


def _local(graph: Graph, node: Node, position: int, text: list, tex: list) -> tuple[float, Formula, Tex]:
    """∂node/∂operand: the number, and its formula in text and TeX."""
    op = find(node.op, len(node.operands))
    if op is None:
        if not node.local or node.local[position] is None:
            operation = repr(node.op) if node.op else "the operation"
            raise TypeError(f"no derivative is known for {operation}, which computed '{node.name}'")
        local = float(node.local[position])
        return local, Formula.of(local), Tex.of(local)
    operands = [graph.nodes[i].data for i in node.operands]
    labels = tuple(repr(graph.nodes[i].name) if graph.nodes[i].label else "" for i in node.operands)
    local = op.local_derivative(position, node.data, *operands, names=labels)
    written = [
        op.vjps[position](names[0].one(), names[node.index], *(names[i] for i in node.operands))
        for names in (text, tex)
    ]
    return local, *written


def _names(graph: Graph, cls: type[Formula]) -> list[Formula]:
    """What each node is called in a formula: its label, its number, its own short formula, or its place."""
    names: list[Formula] = []
    short: list[Formula] = []  # in text, whatever the language: how long a formula looks does not depend on its TeX
    for node in graph.nodes:
        op = find(node.op, len(node.operands)) if node.operands and not node.label else None
        plain = op(*(short[i] for i in node.operands)) if op else None
        if node.kind == CONSTANT:
            plain, name = Formula.of(node.data), cls.of(node.data)
        elif plain is not None and node is not graph.root and len(str(plain)) <= LONGEST_FORMULA:
            name = op(*(names[i] for i in node.operands))
        else:
            called = "output" if node is graph.root and not node.label else node.name
            plain, name = Formula.name(called), cls.name(called)
        short.append(plain)
        names.append(name)
    return names


def _find(graph: Graph, root: Any, wanted: Any) -> int:
    if isinstance(wanted, str):
        found = [n.index for n in graph.nodes if wanted in (n.label, n.name)]
    elif isinstance(wanted, int):
        found = [wanted] if -len(graph.nodes) <= wanted < len(graph.nodes) else []
    else:
        found = [i for i, obj in enumerate(objects(root)) if obj is wanted] if root is not graph else []
    if not found:
        shown = f"'{shorten(wanted)}'" if isinstance(wanted, str) else repr(wanted)
        raise KeyError(f"the graph has no node {shown}; it has {', '.join(n.name for n in graph.nodes[:20])}")
    return found[0]


def _signed(digits: str) -> str:
    return f" - {digits[1:]}" if digits.startswith("-") else f" + {digits}"
