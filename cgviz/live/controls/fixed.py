"""A leaf that has a number and no widget: what every control of a leaf is besides its widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from .slider import finite, number

fix = ipywidgets.fixed
"""What a leaf is given that is to have no slider."""


class Fixed:
    """One leaf's number, as `ipywidgets.fixed` gives it: nothing in the page moves it, only ``inputs["a"] = 3`` does.

    `changed` is called after every change of the number, `said` with the sentence by which a number is refused, and
    with an empty one when a number is taken.

    >>> held = Fixed("a", 2)
    >>> held.set(3)
    >>> held.value, held.row
    (3.0, None)
    """

    slider: Any = None
    """The widget that stands at the number, if there is one."""
    row: Any = None
    """All widgets of the leaf, side by side."""

    def __init__(
        self,
        name: str,
        value: Any,
        changed: Callable[[], None] = lambda: None,
        said: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.name, self.changed, self.said = name, changed, said
        self.value = self.start = finite(name, number(name, value))

    @property
    def wire(self) -> dict[str, Any]:
        """What the page needs to follow the widgets, where there are some."""
        return {}

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        """The states of the widgets that the page has to have, by their ids, for a page without a kernel."""
        return {}

    def lock(self) -> None:
        """Let nobody move it in the page; a number can still be assigned."""
        for part in self.row.children if self.row else ():
            part.disabled = True

    def release(self) -> None:
        """Follow no widget any more."""

    def reach(self) -> list[float]:
        """The numbers to which somebody can bring it in a page, as many as are worth a try: all of few."""
        return [self.value]

    def check(self, given: Any) -> float:
        """Return the number as a float. Raises `TypeError` or `ValueError`, naming the leaf, if it cannot be taken."""
        return finite(self.name, number(self.name, given))

    def put(self, checked: float) -> bool:
        """Take a number that has been checked, without a word to anybody; tell whether it is another one."""
        before, self.value = self.value, checked
        return checked != before

    def set(self, given: Any) -> None:
        """Move to a number. Raises `TypeError` or `ValueError` if it cannot be taken."""
        self._tell(self.put(self.check(given)))

    def _tell(self, another: bool) -> None:
        self.said("")
        if another:
            self.changed()
