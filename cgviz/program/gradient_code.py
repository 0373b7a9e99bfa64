"""Writes the lines by which gradients reach their places: what comes first is written there, what comes later is added.

Places that are a view are written as one. Others are written by index where each comes once, and first; else what
arrives is added place by place, for which they must be 0 at first.
"""

from __future__ import annotations

import numpy as np

from .array_operands import Operand, Operands
from .strided_views import View
from .tape import Folding

SEVERAL = 4
"""So many pieces at most are filled with zeros each by itself."""


class GradientCode:
    """Knows which places no gradient has been written to yet.

    `root` is the place of the root, whose gradient is there from the beginning, and `is_constant` says of each place
    whether a constant stands there.
    """

    def __init__(self, operands: Operands, is_constant: np.ndarray, root: int) -> None:
        self.operands, self._is_constant = operands, is_constant
        self._is_fresh = np.ones(len(is_constant), bool)
        self._is_fresh[root] = False
        self._is_added = np.zeros(len(is_constant), bool)  # to what has not been written

    def push(self, to: Operand, gradient: Folding) -> list[str]:
        """Lines that add to the gradients of an operand; none for constants."""
        if gradient.number == 0.0 or self._is_constant[to.places].all():
            return []
        text = gradient.code
        if gradient.number is not None:
            text = self.operands.name(np.full(to.shape, gradient.number), "c")
        view = to.view
        if view and view.repeats:  # the same places again and again: sum first
            axes = view.repeats[0] if len(view.repeats) == 1 else view.repeats
            view = view.without(view.repeats)
            if view.is_one_to_one:
                if self._take_fresh(np.unique(to.places)):
                    return [f"sum_rows({text}, {axes}, None, {self._view(view)})"]
                return [self._add(view, f"sum_rows({text}, {axes})")]
        elif view and view.is_one_to_one:
            if self._take_fresh(to.places):
                return [self.operands.write_into(text, self._view(view))]
            return [self._add(view, text)]
        return self._scatter(to, text)

    def start(self) -> list[str]:
        """Lines that fill with zeros what is added to before anything is written there."""
        ends = np.flatnonzero(np.diff(self._is_added, prepend=False, append=False)).reshape(-1, 2)
        if len(ends) > SEVERAL:
            return [f"grads[{self.operands.name(np.flatnonzero(self._is_added), 'i')}] = 0.0"]
        return [f"{self.operands.name(self.operands.grads[a:b], 'g')}.fill(0.0)" for a, b in ends.tolist()]

    def _scatter(self, to: Operand, text: str) -> list[str]:
        """The line for places in no order, of which some may come several times."""
        once = np.unique(to.places)
        index = self.operands.name(np.ascontiguousarray(to.places), "i")
        flat = f"({text}).reshape(-1)" if len(to.shape) > 1 else text
        if len(once) == len(to.places) and self._take_fresh(once):
            return [f"grads[{index}] = {flat}"]
        self._take_fresh(once, adding=True)
        return [f"add_at(grads, {index}, {f'(+{text}).reshape(-1)' if text.isidentifier() else flat})"]

    def _take_fresh(self, places: np.ndarray, adding: bool = False) -> bool:
        """Whether all these places were fresh, and can be written to; now they are not."""
        fresh = self._is_fresh[places]
        written = bool(fresh.all()) and not adding
        if not written:
            self._is_added[places[fresh]] = True
        self._is_fresh[places] = False
        return written

    def _view(self, view: View) -> str:
        return self.operands.name(view.of(self.operands.grads), "g")

    def _add(self, view: View, text: str) -> str:
        out = self._view(view)
        return f"add({out}, {text}, {out})"
