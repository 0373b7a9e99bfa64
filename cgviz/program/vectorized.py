"""Computes a wide graph level by level in NumPy: all nodes of a level that have the same operation, in one go.

A node's level is one more than that of its highest operand. Nodes get new places, sorted by level
and operation, so that a group is a slice. Forward, a group gathers its operands, applies its row,
and fills its slice. Backward, from the last group to the first, each operand position of a group
leaves its contributions, one for each edge; a group lower down gathers those that belong to its nodes,
and sums them. What comes after the last wide level, the sum of a loss for example, is narrow: that
tail is left to straight-line code.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..ops.domain import FAILURES
from .generated_code import Straight
from .tape import Tape, check_floats, derivative, forward, run_tape

PER_LINE = 0.15e-6  # seconds for a node in straight-line code, forward and backward,
PER_NODE = 0.02e-6  # in a group,
PER_GROUP = 8e-6  # and for a group whatever its size: they decide where the tail begins

Index = Any  # an index array, or a slice where it would count up by one


class Group(NamedTuple):
    """Nodes of one level and one operation: `own` is their slice, `gather` finds their operands.

    `rules` are the derivative rules of the operands that want a gradient, each with its slice of the
    edges. `pull` finds the edges that lead to the nodes themselves, and `cuts` is where each node's begin.
    """

    own: slice
    forward: Callable | None
    gather: tuple[Index, ...]
    rules: tuple[tuple[Callable, slice], ...]
    pull: Index
    cuts: np.ndarray | None


def fastest(tape: Tape) -> Levels | Straight:
    """The engine that is the faster one for a graph of this shape."""
    level = levels(tape)
    last = cut(tape, level)
    return Levels(tape, last, level) if last else Straight(tape)


def cut(tape: Tape, level: list[int]) -> int:
    """The level up to which NumPy is worth while, by the shape of the graph: 0 if straight-line code is faster."""
    groups_at, nodes_at = np.zeros(max(level) + 1), np.bincount(level)
    for where, _ in set(zip(level, tape.ops, strict=True)):
        groups_at[where] += 1
    saved = np.cumsum(nodes_at[1:] * (PER_LINE - PER_NODE) - groups_at[1:] * PER_GROUP)
    return int(saved.argmax()) + 1 if saved.size and saved.max() > 0 else 0


def levels(tape: Tape) -> list[int]:
    """The level of each node: 0 for leaves and constants, else one more than that of the highest operand."""
    found: list[int] = []
    for row in tape.operands:
        found.append(1 + max(map(found.__getitem__, row)) if row else 0)
    return found


class Levels:
    """Computes a tape by level up to the level `last`, and the tail after it as straight-line code.

    The numbers and gradients that it returns are arrays in an order of its own: node i is at ``place[i]``,
    the leaves come first, the root is last. Raises `DomainError`, naming the node, where `math` does.
    """

    def __init__(self, tape: Tape, last: int | None = None, level: list[int] | None = None) -> None:
        self.tape, level = tape, level or levels(tape)
        last = max(level) if last is None else last
        self.size, self.leaves = len(level), len(tape.leaves)
        columns = _columns(tape)
        body, starts = _arrange(tape, np.array(level), last, columns)
        self.body, rest = len(body), [i for i in range(self.size) if level[i] > last]
        self.place = np.empty(self.size, dtype=np.intp)
        self.place[body], self.place[rest] = np.arange(self.body), np.arange(self.body, self.size)
        self.constants = np.array([tape.numbers[i] for i in sorted(tape.constants)])
        self.tail, tail_inputs = _split(tape, rest)
        self.tail_inputs = self.place[tail_inputs]
        self.groups, self.edges = _groups(
            tape, body, starts, [self.place[column[body]] for column in columns], self.tail_inputs
        )

    def forward(self, leaves: Sequence[float]) -> np.ndarray:
        """The numbers of all nodes."""
        return self._compute(leaves, backward=False)

    def run(self, leaves: Sequence[float]) -> np.ndarray:
        """The numbers of all nodes in the order of `place`, then all gradients of the last node."""
        return self._compute(leaves, backward=True)

    def _compute(self, leaves: Sequence[float], backward: bool) -> np.ndarray:
        check_floats(leaves, self.leaves)
        found = np.zeros((1 + backward, self.size))
        try:
            with np.errstate(all="ignore"):
                operands = self._forward(leaves, found[0])
                slopes = self._into_tail(self.tail, found[0], backward) if self.tail else [1.0]
                if backward:
                    self._backward(found[0], operands, slopes, found[1])
            if np.isfinite(found).all():
                return found.reshape(-1)
        except FAILURES:
            pass
        # NumPy does not say where a rule failed, or whether one did.
        found[:, self.place] = run_tape(self.tape, leaves, backward)[: 1 + backward]
        return found.reshape(-1)

    def _forward(self, leaves: Sequence[float], values: np.ndarray) -> list[list[np.ndarray]]:
        """Fill in the numbers of the body; what each group gathered, which its derivative rules need again."""
        values[: self.leaves] = leaves
        values[self.leaves : self.leaves + len(self.constants)] = self.constants
        operands: list[list[np.ndarray]] = []
        for group in self.groups:
            xs = [values[index] for index in group.gather]
            operands.append(xs)
            if group.forward:
                values[group.own] = group.forward(*xs)
        return operands

    def _into_tail(self, tail: Straight, values: np.ndarray, backward: bool) -> Sequence[float]:
        """Fill in the numbers of the tail; its gradients, first those of its inputs."""
        inputs = values[self.tail_inputs].tolist()
        found = tail.run(inputs) if backward else tail.forward(inputs)
        n = len(tail.tape.ops)
        values[self.body :] = found[n - self.size + self.body : n]
        return found[n:]

    def _backward(self, values: np.ndarray, operands: list, slopes: Sequence[float], grads: np.ndarray) -> None:
        """Fill in the gradients: those of the tail, then group by group from the last."""
        edges = np.empty(self.edges)
        edges[self.edges - len(self.tail_inputs) :] = slopes[: len(self.tail_inputs)]
        if self.tail:
            grads[self.body :] = slopes[self.body - self.size :]
        for group, xs in zip(reversed(self.groups), reversed(operands), strict=True):
            g = edges[group.pull]
            if group.cuts is not None:
                g = np.add.reduceat(g, group.cuts)
            grads[group.own] = g
            for rule, contributions in group.rules:
                edges[contributions] = rule(g, values[group.own], *xs)


def _columns(tape: Tape) -> list[np.ndarray]:
    """For each operand position the place of every node's operand, -1 where it has none there."""
    rows, most = tape.operands, max(map(len, tape.operands))
    return [np.array([row[p] if len(row) > p else -1 for row in rows], dtype=np.intp) for p in range(most)]


def _arrange(tape: Tape, level: np.ndarray, last: int, columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The nodes of the body in their new order, leaves, constants, groups; and where in it each group starts.

    A group has one level, one operation, and constants as operands at the same positions.
    """
    number = {op: n for n, op in enumerate(dict.fromkeys(tape.ops))}
    kind = np.array([number[op] for op in tape.ops])
    constant = np.zeros(len(level) + 1, dtype=bool)  # the last one is asked for by -1
    constant[list(tape.constants)] = True
    for column in columns:
        kind = 2 * kind + constant[column]
    body = np.lexsort((kind, constant[:-1], level))[: np.count_nonzero(level <= last)]
    changes = (np.diff(level[body]) != 0) | (np.diff(kind[body]) != 0) & (level[body][1:] > 0)
    return body, np.concatenate(([0], np.flatnonzero(changes) + 1))


def _split(tape: Tape, nodes: list[int]) -> tuple[Straight | None, list[int]]:
    """The straight-line code of the nodes above the body, and the nodes of the body that it takes as its leaves."""
    if not nodes:
        return None, [len(tape.ops) - 1]
    own = set(nodes)
    below = sorted({k for i in nodes for k in tape.operands[i] if k not in own})
    inputs = [i for i in below if i not in tape.constants]
    order = inputs + [i for i in below if i in tape.constants] + nodes
    place = {i: k for k, i in enumerate(order)}
    part = Tape(
        [tape.labels[i] for i in order],
        [tape.numbers[i] for i in order],
        [tape.ops[i] if i in own else None for i in order],
        [tuple(place[k] for k in tape.operands[i]) if i in own else () for i in order],
        frozenset(place[i] for i in below if i in tape.constants),
    )
    return Straight(part), inputs


def _groups(
    tape: Tape, body: np.ndarray, starts: np.ndarray, columns: list[np.ndarray], outputs: np.ndarray
) -> tuple[list[Group], int]:
    """The groups of the body, with their edges; `outputs` are the places whose gradients arrive from above it.

    `columns` are the new places of the body's operands.
    """
    targets: list[np.ndarray] = []
    edges, plans = 0, []
    for start, end in itertools.pairwise([*starts.tolist(), len(body)]):
        op, first = tape.ops[body[start]], tape.operands[body[start]]
        operands = [column[start:end] for column in columns[: len(first)]]
        mine: list[tuple[Callable, slice]] = []
        for position, row in enumerate(operands):
            if first[position] not in tape.constants:
                targets.append(row)
                mine.append((derivative(op, position, True), slice(edges, edges + end - start)))
                edges += end - start
        plans.append((start, end, op, operands, tuple(mine)))
    targets.append(outputs)
    target = np.concatenate(targets)
    by_target = np.argsort(target, kind="stable")
    count = np.bincount(target, minlength=len(body))
    begin = np.concatenate(([0], np.cumsum(count)))
    groups = []
    for start, end, op, operands, rules in plans:
        if op is None:
            end -= int((count[start:end] == 0).sum())  # constants come last, and no edge leads to them
        pull, counts = by_target[begin[start] : begin[end]], count[start:end]
        cuts = None if (counts == 1).all() else begin[start:end] - begin[start]
        gather = tuple(map(_index, operands))
        rule = forward(op, True) if op else None
        groups.append(Group(slice(start, end), rule, gather, rules, _index(pull), cuts))
    return groups, len(target)


def _index(places: np.ndarray) -> Index:
    """A slice where the places count up by one, which copies nothing."""
    first = int(places[0]) if places.size else 0
    return slice(first, first + places.size) if (np.diff(places) == 1).all() else places
