"""What a function does with nodes, operation by operation and in the order in which it does them.

Of a function that treats its inputs alike two logs have the same operations, whatever it is given: they differ in
which nodes some of the operations take, as a row of a table or the score of a letter, and in plain numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from ..graph import field_of_number, is_node, operands_of
from ..graph.attributes import slot_of
from ..graph.collector import uncollected
from ..graph.fields import check_node
from ..graph.spellings import OPERANDS, OPERATION
from ..run.run import name_of
from ..value import CONSTANT, LEAF, Value, listen

NUMBER = 2**40
"""A reference from here on is to a plain number, in the order in which they are taken."""
NOTHING = 2**41
"""Stands where an operation has no operand."""


class UnfollowedError(TypeError):
    """A function does what a log cannot tell."""


class Log(NamedTuple):
    """What a run did: `made` are the nodes that it computed, the last of those that count is number `root`.

    `codes` says by number which operation each is, and `taken`, of shape (nodes, operands), what it was given: a
    reference from 0 on is to a node computed before, -1 - k is parameter k, `NUMBER` + k is number k of `numbers`.
    `is_fixed` says of each number whether an operator wrapped it.
    """

    made: list[Any]
    root: int
    codes: np.ndarray
    taken: np.ndarray
    numbers: np.ndarray
    is_fixed: np.ndarray
    value: float

    @property
    def key(self) -> tuple:
        """Equal for logs of the same operations, on operands of the same kinds."""
        kinds = np.where(self.taken < 0, 0, np.where(self.taken < NUMBER, 1, np.where(self.taken < NOTHING, 2, 3)))
        return self.root, self.codes.tobytes(), self.taken.shape, kinds.astype(np.int8).tobytes()


class Logger:
    """Writes logs of a function of a sample; its parameters are `parameters`, and are found where these are ``None``.

    A parameter is a leaf that was there before the run, and is no part of the sample.
    """

    def __init__(self, function: Callable[[Any], Any], parameters: list[Any] | None) -> None:
        self.function, self.name, self.given = function, name_of(function), parameters is not None
        self.parameters: list[Any] = []
        self._reference: dict[int, int] = {}
        self._codes: dict[Any, int] = {}
        self.cls: type | None = None
        for p in parameters or ():
            self.add(p)

    def add(self, parameter: Any) -> int:
        """Its reference; a new one if it has none yet."""
        key = id(parameter)
        if key not in self._reference:
            self.parameters.append(parameter)
            self._reference[key] = -len(self.parameters)
        return self._reference[key]

    def run(self, sample: Any) -> Any:
        """What the function returns. Raises `TypeError` if that is no node."""
        root = self.function(sample)
        check_node(root, self.name)
        return root

    def log(self, sample: Any, parts: frozenset[int] = frozenset()) -> Log:
        """Run the function on a sample, and write down what it did; `parts` are the ids of nodes of the sample.

        Raises what `run` raises, and `UnfollowedError`.
        """
        while True:
            cls = self.cls or Value
            with uncollected(), listen(cls) as made:
                root = self.run(sample)
                if self.cls is not None or type(root) is Value:
                    self.cls = cls
                    return self._write(root, made, parts)
            self.cls = type(root)  # it makes its nodes in another way, which has not been listened to

    def _write(self, root: Any, made: list[Any], parts: frozenset[int]) -> Log:
        ours = issubclass(type(root), Value)
        new = {id(node) for node in made} if not ours else frozenset()
        if ours:
            pushes = [node._push for node in made]
            kinds = dict.fromkeys(pushes)
            if LEAF in kinds:
                new = frozenset(id(node) for node in made if node._push is LEAF)
                made = [node for node in made if node._push is not LEAF]
                pushes = [node._push for node in made]
            columns = [[node._a for node in made], [node._b for node in made]]
            for push in kinds:
                if push is not LEAF:
                    self._codes.setdefault(push, len(self._codes))
            codes = list(map(self._codes.__getitem__, pushes))
        else:
            made, columns, codes = self._read(made)
        reference, keys = self._refer(made, columns)
        at = reference.get(keys([root])[0], NOTHING)
        if not 0 <= at < NUMBER:
            raise UnfollowedError(f"what {self.name} returns was not computed by it, or by an operation of your own")
        taken = np.empty((len(made), len(columns)), np.int64)
        for k, column in enumerate(columns):
            taken[:, k] = np.fromiter(map(reference.get, keys(column), repeat(2 * NOTHING)), np.int64, len(made))
        numbers: list[Any] = []
        for i, k in np.argwhere(taken == 2 * NOTHING).tolist():
            operand = columns[k][i]
            key = keys([operand])[0]
            known = reference.get(key)  # a number, or a parameter, that has come before
            if known is None:
                known = self._outside(operand, id(operand) in new or id(operand) in parts, len(numbers))
                if known >= NUMBER:
                    numbers.append(operand)
                reference[key] = known
            taken[i, k] = known
        field = field_of_number(root)
        return Log(
            made,
            at,
            np.array(codes, np.int32),
            taken,
            np.array([x._data if ours else float(getattr(x, field)) for x in numbers], float),
            np.array([not ours or x._push is CONSTANT for x in numbers], bool),
            float(getattr(root, field)),
        )

    def _refer(self, made: list[Any], columns: list[list[Any]]) -> tuple[dict[Any, int], Callable[[list], Sequence]]:
        """What parameters and computed nodes are referred to by, and what gives the keys of nodes in it.

        They are keys themselves, which is three times as quick as their ids are, where their class lets that mean the
        same: its nodes are equal if they are one.
        """
        classes = set().union(*(map(type, nodes) for nodes in (made, self.parameters, *columns)))
        if all(cls.__hash__ is object.__hash__ and cls.__eq__ is object.__eq__ for cls in classes - {type(None)}):
            found: dict[Any, int] = dict(zip(self.parameters, range(-1, -1 - len(self.parameters), -1), strict=True))
            found[None] = NOTHING
            found.update(zip(made, range(len(made)), strict=True))
            return found, _themselves
        found = self._reference.copy()
        found[id(None)] = NOTHING
        found.update(zip(map(id, made), range(len(made)), strict=True))
        return found, _ids

    def _outside(self, operand: Any, is_new: bool, count: int) -> int:
        """The reference of an operand that the run has not computed."""
        push = getattr(operand, "_push", None)
        if push is CONSTANT:
            return NUMBER + count
        if push is not LEAF and not is_node(operand):
            raise UnfollowedError(f"an operation of {self.name} has an operand that is no node")
        if push is not LEAF and operands_of(operand).nodes:
            raise UnfollowedError(
                f"{self.name} computes with a node that was computed before it was called, or by an operation of "
                f"your own"
            )
        if is_new or self.given:
            return NUMBER + count
        return self.add(operand)

    def _read(self, made: list[Any]) -> tuple[list[Any], list[list[Any]], list[int]]:
        """Of somebody's own class: the nodes with operands, their operands by position, their operations' codes."""
        assert self.cls is not None
        name, symbol = slot_of(self.cls, OPERANDS), slot_of(self.cls, OPERATION)
        if made and not name:
            name = next((x for x in OPERANDS if hasattr(made[0], x)), "")
        if made and not symbol:
            symbol = next((x for x in OPERATION if isinstance(getattr(made[0], x, None), str)), "")
        rows = [getattr(node, name) for node in made] if name else [operands_of(node).nodes for node in made]
        if not all(isinstance(row, (tuple, list)) for row in rows):
            raise UnfollowedError(f"the class {self.cls.__name__} does not keep the operands of a node in order")
        made = [node for node, row in zip(made, rows, strict=True) if row]
        rows = [row for row in rows if row]
        width = max(map(len, rows), default=1)
        columns = [[row[k] if k < len(row) else None for row in rows] for k in range(width)]
        symbols = [getattr(node, symbol) for node in made] if symbol else map(len, rows)
        return made, columns, [self._codes.setdefault(each, len(self._codes)) for each in symbols]

    def rows(self) -> dict[int, Any]:
        """The rows of our operations by their codes, ``None`` for one that has none."""
        return {code: push.op for push, code in self._codes.items()}


def _themselves(nodes: list[Any]) -> list[Any]:
    return nodes


def _ids(nodes: list[Any]) -> list[int]:
    return list(map(id, nodes))


def is_close(a: float, b: float) -> bool:
    """Whether two numbers are the same but for how they were added up."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or (a != a and b != b)
