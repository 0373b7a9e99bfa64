"""A leaf whose number is moved in the picture alone: where there are too many of them for sliders."""

from __future__ import annotations

from typing import Any

import ipywidgets

from .fixed import Fixed
from .number_input import parse_number


class typed(ipywidgets.fixed):
    """What a leaf is given that is to have no widgets, and can be typed in the picture."""


class Loose(Fixed):
    """One leaf's number without a widget: the page tells what was typed over it in the picture, or dragged.

    >>> held = Loose("a", 2)
    >>> held.take("2,5")
    >>> held.value, held.row
    (2.5, None)
    """

    locked = False

    def lock(self) -> None:
        self.locked = True

    def reach(self) -> list[float]:
        return [self.value] if self.locked else sorted({self.value, self.value - 1, self.value + 1, 0.0})

    def take(self, given: Any) -> None:
        """Move to a number, or to what was typed; what is none is refused in a sentence."""
        try:
            self.set(parse_number(self.name, given) if isinstance(given, str) else given)
        except (TypeError, ValueError) as error:
            self.said(str(error))
