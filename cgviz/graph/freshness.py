"""Which numbers of a graph still hold: values that are stale, gradients not computed yet or of an earlier run."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .attributes import MISSING, private
from .columns import Columns
from .fields import gradient_of, is_node, snapshot_small
from .protocols import NodeLike
from .spellings import GRAD


def stale_values(order: list[Any], rows: list[tuple[int, ...]], moved: Collection[int], columns: Columns) -> list[bool]:
    """Which nodes no longer agree with their operands: those `moved`, and those that can tell (`_fresh`).

    Of a graph of classes with slots alone none is asked.
    """
    if columns.alike and not moved:
        return [False] * len(order)
    ask = None if columns.alike else columns.same("_fresh")
    asks = ask is not None or not columns.alike
    stale, any_stale = [False] * len(order), False
    older = frozenset(moved)
    for k, operands in enumerate(rows):
        fresh = None if not operands or not asks else ask[k] if ask else private(order[k], "_fresh", None)
        if k in older or (fresh and not fresh()) or (any_stale and any(stale[i] for i in operands)):
            stale[k] = any_stale = True
    return stale


class Gradients:
    """Reads gradients, and tells "not computed yet" and "of an earlier run" from a number.

    An engine of ours marks each backward pass (`_mark`), and a node that was given a new number since by ``False``;
    what it holds without a mark, and is not 0, somebody has set by hand. Elsewhere the root tells: a backward
    pass leaves 1 there, so a graph whose gradients are all 0 has not had one.
    """

    def __init__(self, root: NodeLike, order: list[Any]) -> None:
        self.mark = private(root, "_mark", MISSING)
        # A leaf that was given a new number has lost its mark: the gradients around it are out of date.
        self.changed = self.mark is not MISSING and bool(self.mark) and any(_is_unmarked(obj) for obj in order)
        self.none_yet = self.mark is MISSING and all(_is_zero(self._raw(obj)) for obj in order)

    def of(self, obj: Any) -> Any:
        if self.none_yet or private(obj, "_constant", False):
            return None
        grad = self._raw(obj)
        if self.mark is not MISSING and not private(obj, "_mark", None) and not self._by_hand(obj, grad):
            return None
        return snapshot_small(grad)

    def fresh(self, columns: Columns) -> list[Any] | None:
        """All gradients, where one pass has left a number in every object but constants; else ``None``: ask each."""
        marks, fixed, found = (columns.same(*names) for names in (("_mark",), ("_constant",), GRAD))
        if not self.mark or self.mark is MISSING or marks is None or fixed is None or found is None:
            return None
        if not all(mark is self.mark or constant for mark, constant in zip(marks, fixed, strict=True)):
            return None
        if set(map(type, found)) != {float}:
            return None
        return [None if constant else grad for grad, constant in zip(found, fixed, strict=True)]

    def stale(self, obj: Any, any_value_stale: bool) -> bool:
        if private(obj, "_constant", False):
            return False
        if self.mark is MISSING:
            return any_value_stale
        if not private(obj, "_mark", None):  # it was given a new number after the backward pass
            return bool(self.mark) and not self._by_hand(obj, self._raw(obj))
        return any_value_stale or self.changed or private(obj, "_mark") is not self.mark

    @property
    def marked(self) -> bool:
        """Whether the engine marks its backward passes, as ours do."""
        return self.mark is not MISSING

    @staticmethod
    def _by_hand(obj: Any, grad: Any) -> bool:
        return private(obj, "_mark", None) is None and not _is_zero(grad)

    @staticmethod
    def _raw(obj: Any) -> Any:
        grad = gradient_of(obj)
        if isinstance(grad, dict) and all(map(is_node, grad)):  # a node may keep the gradients of its operands
            if obj in grad:  # an input keeps all of its gradient under its own key
                return grad[obj]
            users = getattr(obj, "output_nodes", ())
            parts = [user.gradients[obj] for user in users if obj in getattr(user, "gradients", {})]
            if not users and grad:  # its backward rule has run, and nobody uses it: ∂L/∂L
                return 1.0
            return sum(parts[1:], parts[0]) if parts else None
        return grad


def _is_unmarked(obj: Any) -> bool:
    return not private(obj, "_mark", None) and not private(obj, "_constant", False)


def _is_zero(grad: Any) -> bool:
    if grad.__class__ is not float and hasattr(grad, "any"):
        return not grad.any()
    try:
        return grad is None or bool(grad == 0)
    except Exception:  # whatever the comparison of somebody's object raises
        return False
