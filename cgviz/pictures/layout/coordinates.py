"""Give every unit its height on the page: the second half of a layered layout.

Each unit would like to be level with its neighbours; those of a column must keep their order and their distance.
For one column that is a least-squares problem with an exact answer (pool adjacent violators); columns take turns.
An operation stays exactly level with the operand that took the most steps to compute, so that the longest way
through the graph is a straight line and everything else joins it from the side.
"""

from __future__ import annotations

from .layering import Columns

LEVEL, MIDDLE, LOOSE = 1000.0, 100.0, 1.0


def spread(
    found: Columns,
    count: int,
    size: list[float],
    gap: list[float],
    quiet: frozenset[int] = frozenset(),
    rounds: int = 8,
) -> list[float]:
    """The centre of every unit and placeholder across the direction of reading.

    `size` is the room that each takes, `gap` the distance it keeps; `quiet` units (constants) draw nobody
    level. The smallest coordinate is that of the topmost edge, 0.

    >>> from .layering import columns
    >>> spread(columns(3, [(0, 2), (1, 2)], set()), 3, [10.0] * 3, [4.0] * 3)
    [5.0, 19.0, 12.0]
    """
    layers, _, below, above, _ = found
    depth = _depths(found, count, quiet)
    main = [[s for s in below[v] if depth[s] == max(depth[u] for u in below[v])] for v in range(len(below))]
    offsets = [_offsets(layer, size, gap) for layer in layers]
    y = [0.0] * len(below)
    for layer, offset in zip(layers, offsets, strict=True):
        for v, at in zip(layer, offset, strict=True):
            y[v] = at - offset[-1] / 2
    for turn in range(rounds):
        for r in range(len(layers) - 2, -1, -1):
            settle(layers[r], offsets[r], y, [_towards_users(v, above[v], main, y) for v in layers[r]])
        for r in range(1, len(layers)):
            still = LOOSE if turn == rounds - 1 else 0.05
            settle(layers[r], offsets[r], y, [_towards_operands(v, main[v], y, still) for v in layers[r]])
    top = min(y[v] - size[v] / 2 for v in range(len(y)))
    return [at - top for at in y]


def _depths(found: Columns, count: int, quiet: frozenset[int]) -> list[int]:
    """How many steps each vertex is from its farthest leaf; passing a column is no step, a `quiet` leaf one less."""
    depth = [0] * len(found.below)
    for layer in found.layers:
        for v in layer:
            depth[v] = (v < count) + max((depth[s] for s in found.below[v]), default=-2 if v in quiet else -1)
    return depth


def _offsets(layer: list[int], size: list[float], gap: list[float]) -> list[float]:
    at, offsets = 0.0, []
    for i, v in enumerate(layer):
        if i:
            u = layer[i - 1]
            at += (size[u] + size[v]) / 2 + min(gap[u], gap[v])
        offsets.append(at)
    return offsets


def _towards_users(v: int, users: list[int], main: list[list[int]], y: list[float]) -> tuple[float, float]:
    """Where a vertex would like to be, seen from its users, and how much it would like to."""
    if not users:
        return y[v], 0.05
    level = [t for t in users if main[t] == [v] or (main[t] and set(main[t]) == {v})]
    if level:
        return sum(y[t] for t in level) / len(level), LEVEL
    middle = [t for t in users if v in main[t]]
    wanted = middle or users
    return sum(y[t] for t in wanted) / len(wanted), MIDDLE if middle else LOOSE


def _towards_operands(v: int, main: list[int], y: list[float], still: float) -> tuple[float, float]:
    if not main:
        return y[v], still
    return (min(y[s] for s in main) + max(y[s] for s in main)) / 2, LEVEL if len(set(main)) == 1 else MIDDLE


def settle(layer: list[int], offsets: list[float], y: list[float], wishes: list[tuple[float, float]]) -> None:
    """Put a column where its wishes are met best: pool neighbours that would come too close into one block.

    >>> y = [0.0, 0.0]
    >>> settle([0, 1], [0.0, 4.0], y, [(1.0, 1.0), (1.0, 1.0)])
    >>> y
    [-1.0, 3.0]
    """
    blocks: list[tuple[float, float, int]] = []  # mean wish, weight, how many
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        mean, total, many = wish - offset, weight, 1
        while blocks and blocks[-1][0] >= mean:
            before, heavy, more = blocks.pop()
            mean = (mean * total + before * heavy) / (total + heavy)
            total, many = total + heavy, many + more
        blocks.append((mean, total, many))
    i = 0
    for mean, _, many in blocks:
        for _ in range(many):
            y[layer[i]] = mean + offsets[i]
            i += 1
