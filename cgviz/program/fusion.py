"""Which nodes of a wide graph vanish: sums of sums are one sum, and sums of products are dot products.

A sum that is used once, by another sum, is a part of it; a product that is used once, by a sum, is a term of it.
Their numbers and gradients are found when somebody asks for them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..ops.op import OPS, Op
from .tape import Tape


@dataclass(frozen=True, eq=False)
class Fusion:
    """The graph that is left: elementwise operations, sums of many terms, and dot products.

    An id below `recorded` is that node of the tape; from there on it is a dot product that is one term of a sum.
    By id: `kind` is the place of its operation in `ops`, `operands` its operands' ids position by position (-1 where
    there is none; equal constants are one), `level` how far above the leaves it is. `sums` are pairs (id, term), and
    `dots` are triples (id, factor, factor), sorted by id. The gradient of node i is that of `owner[i]`.
    """

    ops: list[Op | None]
    kind: np.ndarray
    operands: list[np.ndarray]
    numbers: np.ndarray
    is_constant: np.ndarray
    is_leaf: np.ndarray
    is_hidden: np.ndarray
    is_sum: np.ndarray
    level: np.ndarray
    sums: np.ndarray
    dots: np.ndarray
    owner: np.ndarray
    partial: np.ndarray
    products: np.ndarray
    root: int
    recorded: int

    @property
    def size(self) -> int:
        """How many ids there are."""
        return len(self.kind)


def fuse(tape: Tape) -> Fusion:
    """Find the sums and dot products of a tape.

    >>> from cgviz import Value
    >>> from cgviz.program.tape import record
    >>> a, b, c = Value(1.0, "a"), Value(2.0, "b"), Value(3.0, "c")
    >>> found = fuse(record(a * b + b * c + c)[0])
    >>> found.dots.T.tolist(), found.sums.T.tolist()
    ([[7, 0, 1], [7, 1, 2]], [[6, 2], [6, 7]])
    """
    n = len(tape.ops)
    number = {op: k for k, op in enumerate(dict.fromkeys(tape.ops))}
    kind = np.fromiter(map(number.__getitem__, tape.ops), np.intp, n)
    flat = np.fromiter(itertools.chain.from_iterable(tape.operands), np.intp)
    count = np.fromiter(map(len, tape.operands), np.intp, n)
    operands = _columns(flat, count)
    numbers = np.array(tape.numbers)
    constant = np.zeros(n, bool)
    constant[list(tape.constants)] = True
    uses = np.bincount(flat, minlength=n)
    is_sum, is_product = kind == number.get(OPS["add"], -1), kind == number.get(OPS["mul"], -1)

    user = np.zeros(n, np.intp)
    user[flat] = np.repeat(np.arange(n), count)
    partial = is_sum & (uses == 1) & is_sum[user]
    owner = _owners(np.where(partial, user, np.arange(n)))
    owners, terms = _terms(np.flatnonzero(is_sum), operands, partial, owner, constant & (numbers == 0))

    product = is_product[terms] & (uses[terms] == 1)
    products, others = (np.bincount(owners[some], minlength=n) for some in (product, ~product))
    product &= ~((products == 1) & (others > 0))[owners]  # of one product among other terms nothing is gained
    products, others = (np.bincount(owners[some], minlength=n) for some in (product, ~product))
    mixed = np.flatnonzero((products > 0) & (others > 0))
    dot = np.arange(n)
    dot[mixed] = n + np.arange(len(mixed))

    hidden, inside = partial.copy(), terms[product]
    hidden[inside] = True
    owner[inside] = owners[product]
    rise = np.where(hidden, 0, 1)
    rise[mixed] = 2
    level = _levels(tape.operands, rise)
    level = np.concatenate((level, level[mixed] - 1))

    operands = [_merge_constants(column, numbers, constant) for column in operands]
    more = len(mixed)
    return Fusion(
        ops=list(number),
        kind=_extend(kind, more, -1),
        operands=[_extend(column, more, -1) for column in operands],
        numbers=_extend(numbers, more, 0.0),
        is_constant=_extend(constant, more, False),
        is_leaf=_extend((count == 0) & ~constant, more, False),
        is_hidden=_extend(hidden, more, False),
        is_sum=_extend(is_sum, more, False),
        level=level,
        sums=_sort(np.concatenate((owners[~product], mixed)), np.concatenate((terms[~product], dot[mixed]))),
        dots=_turn(_sort(dot[owners[product]], *(column[inside] for column in operands[:2])), level, uses),
        owner=owner,
        partial=np.flatnonzero(partial),
        products=inside,
        root=n - 1,
        recorded=n,
    )


def _columns(flat: np.ndarray, count: np.ndarray) -> list[np.ndarray]:
    """For each operand position, two at least, every node's operand there, -1 where it has none."""
    start, columns = np.cumsum(count) - count, []
    for position in range(max(2, count.max())):
        column = np.full(len(count), -1)
        has = count > position
        column[has] = flat[start[has] + position]
        columns.append(column)
    return columns


def _owners(owner: np.ndarray) -> np.ndarray:
    """The sum at the top of each chain of sums, by steps that double: a chain may have any shape and length."""
    while not np.array_equal(owner, above := owner[owner]):
        owner = above
    return owner


def _terms(
    sums: np.ndarray, operands: list[np.ndarray], partial: np.ndarray, owner: np.ndarray, zero: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The terms of the sums that are left, each after its sum's id; without zeros, where there is another term."""
    if not len(sums):
        return sums, sums
    terms = np.stack([operands[0][sums], operands[1][sums]], 1).ravel()
    owners = np.repeat(owner[sums], 2)
    own = ~partial[terms]
    terms, owners = terms[own], owners[own]
    others = np.bincount(owners[~zero[terms]], minlength=len(owner))
    keep = ~zero[terms] | (others[owners] == 0)
    return owners[keep], terms[keep]


def _levels(rows: list[tuple[int, ...]], rise: np.ndarray) -> np.ndarray:
    """How far above the leaves each node is, where it rises by so much above its highest operand."""
    found: list[int] = []
    for row, up in zip(rows, rise.tolist(), strict=True):
        if len(row) == 2:  # most have two, and `max` takes as long as all of this
            a, b = found[row[0]], found[row[1]]
            found.append(up + (a if a > b else b))
        else:
            found.append(up + max(map(found.__getitem__, row)) if row else 0)
    return np.array(found)


def _merge_constants(column: np.ndarray, numbers: np.ndarray, constant: np.ndarray) -> np.ndarray:
    """The same operands, but of equal constants always the first: else alike rows of numbers would not look alike."""
    places = np.flatnonzero(constant)
    _, firsts, same = np.unique(numbers[places].view(np.int64), return_index=True, return_inverse=True)
    alias = np.arange(len(numbers) + 1)
    alias[places] = places[firsts][same.ravel()]
    alias[-1] = -1
    return alias[column]


def _sort(ids: np.ndarray, *columns: np.ndarray) -> np.ndarray:
    by = np.argsort(ids, kind="stable")
    return np.stack([column[by] for column in (ids, *columns)])


def _turn(dots: np.ndarray, level: np.ndarray, uses: np.ndarray) -> np.ndarray:
    """The factors of each product in an order that does not depend on how it was written: ``w * x`` is ``x * w``."""
    ids, a, b = dots
    key = level[: len(uses)].astype(np.int64) * 2**32 + uses  # a browser's own integers have 32 bits
    turned = key[a] > key[b]
    return np.stack([ids, np.where(turned, b, a), np.where(turned, a, b)])


def _extend(column: np.ndarray, more: int, filling: Any) -> np.ndarray:
    return np.concatenate((column, np.full(more, filling, column.dtype)))
