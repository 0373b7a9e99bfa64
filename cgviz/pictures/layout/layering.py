"""Give every unit its column and its place in the column: the first half of a layered layout.

Follows Sugiyama: columns by longest path, placeholders where a line passes a column, then sweeps that move each
unit to the mean place of its neighbours as long as that takes crossings away. Ties keep the order in which the
expression names its operands, so the result is the same in every process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

Pair = tuple[int, int]


def ranks(count: int, pairs: Sequence[Pair]) -> list[int]:
    """The column of each unit: after all of its operands, and leaves directly before their first user.

    `pairs` are (operand, user), in topological order of the users.

    >>> ranks(4, [(0, 1), (1, 3), (2, 3)])
    [0, 1, 1, 2]
    """
    operands: list[list[int]] = [[] for _ in range(count)]
    users: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        operands[target].append(source)
        users[source].append(target)
    order = _topological(operands, users)
    rank = [0] * count
    for v in order:
        rank[v] = 1 + max((rank[s] for s in operands[v]), default=-1)
    # Whatever hangs on nothing else (a leaf; a product of leaves used once) moves up beside its first user.
    loose = [False] * count
    for v in order:
        loose[v] = all(loose[s] and len(set(users[s])) == 1 for s in operands[v])
    for v in reversed(order):
        if users[v] and loose[v]:
            rank[v] = min(rank[t] for t in users[v]) - 1
    return rank


def _topological(operands: list[list[int]], users: list[list[int]]) -> list[int]:
    waiting = [len(below) for below in operands]
    order = [v for v, n in enumerate(waiting) if not n]
    for v in order:  # grows while it is read
        for t in users[v]:
            waiting[t] -= 1
            if not waiting[t]:
                order.append(t)
    return order


Lists: TypeAlias = list[list[int]]


class Columns(NamedTuple):
    """Units and placeholders in columns, top to bottom; `below` and `above` are their neighbours left and right.

    Vertices beyond the units are placeholders: `chains` gives, for a unit whose lines pass columns, one for
    each column passed. Several lines of the same unit share them, and part only where they must.
    """

    layers: list[list[int]]
    rank: list[int]
    below: list[list[int]]
    above: list[list[int]]
    chains: dict[int, list[int]]


def columns(count: int, pairs: Sequence[Pair], ordered: set[int], sweeps: int = 12) -> Columns:
    """Put units in columns with few crossings. The users in `ordered` keep their operands in order at any cost.

    >>> columns(3, [(0, 2), (1, 2)], set()).layers
    [[0, 1], [2]]
    """
    rank = ranks(count, pairs)
    below: list[list[int]] = [[] for _ in range(count)]
    chains: dict[int, list[int]] = {}
    last = [0] * count
    for source, target in pairs:
        last[source] = max(last[source], rank[target])
    for v in range(count):
        for r in range(rank[v] + 1, last[v]):
            chain = chains.setdefault(v, [])
            below.append([chain[-1] if chain else v])
            chain.append(len(rank))
            rank.append(r)
    for source, target in pairs:
        passed = rank[target] - rank[source] - 2
        below[target].append(chains[source][passed] if passed >= 0 else source)
    above: list[list[int]] = [[] for _ in rank]
    for v, sources in enumerate(below):
        for s in sources:
            above[s].append(v)
    layers = _as_written(rank, below, above)
    return Columns(_fewest_crossings(layers, below, above, ordered, sweeps), rank, below, above, chains)


def _as_written(rank: list[int], below: list[list[int]], above: list[list[int]]) -> list[list[int]]:
    """The columns in the order of a depth-first reading from the root: first operands on top."""
    layers: list[list[int]] = [[] for _ in range(max(rank) + 1)]
    seen = [False] * len(rank)
    stack = [v for v in range(len(rank)) if not above[v]]
    while stack:
        v = stack.pop()
        if seen[v]:
            continue
        seen[v] = True
        layers[rank[v]].append(v)
        stack.extend(reversed(below[v]))
    return layers


def _fewest_crossings(layers: Lists, below: Lists, above: Lists, ordered: Collection[int], sweeps: int) -> Lists:
    best, fewest = [list(layer) for layer in layers], _crossings(layers, below, ordered)
    since = 0
    for sweep in range(sweeps):
        if not fewest or since > 3:
            break
        towards_root = sweep % 2 == 0
        place = {v: i for layer in layers for i, v in enumerate(layer)}
        turn = range(1, len(layers)) if towards_root else range(len(layers) - 2, -1, -1)
        for r in turn:
            neighbours = below if towards_root else above
            fixed = {v: _mean(v, neighbours[v], place, None if towards_root else below) for v in layers[r]}
            layers[r].sort(key=lambda v: fixed[v])
            for i, v in enumerate(layers[r]):
                place[v] = i
        found = _crossings(layers, below, ordered)
        since += 1
        if found < fewest:
            best, fewest, since = [list(layer) for layer in layers], found, 0
    return best


def _mean(v: int, neighbours: list[int], place: Mapping[int, int], below: Lists | None) -> float:
    """The mean place of the neighbours; among operands of one user the first comes first."""
    if not neighbours:
        return float(place[v])
    if below is None:
        return sum(place[u] for u in neighbours) / len(neighbours)
    total = 0.0
    for u in neighbours:
        siblings = below[u]
        total += place[u] + 0.2 * (siblings.index(v) / len(siblings) if len(siblings) < 20 else 0)
    return total / len(neighbours)


def _crossings(layers: Lists, below: Lists, ordered: Collection[int]) -> int:
    """How many pairs of lines cross, column by column: inversions, counted with a tree of sums."""
    total = 0
    place = {v: i for layer in layers for i, v in enumerate(layer)}
    for r in range(1, len(layers)):
        ends = []
        for v in layers[r]:
            sources = [place[s] for s in below[v]]
            ends += sources if v in ordered else sorted(sources)
        size = len(layers[r - 1])
        tree = [0] * (size + 1)
        for done, end in enumerate(ends):
            at, not_above = end + 1, 0
            while at:
                not_above += tree[at]
                at &= at - 1
            total += done - not_above
            at = end + 1
            while at <= size:
                tree[at] += 1
                at += at & -at
    return total
