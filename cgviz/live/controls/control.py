"""The controls of a leaf: a slider, a box to type a number, and a reset, all at one number."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import ipywidgets
import traitlets

from ...text import brief, exact, shorten
from .fixed import Fixed
from .looks import Looks
from .number_input import parse_number
from .slider import slider
from .snapping import choose_snapping

TRIED = 101
"""So many places of a slider are worth a try."""


class Control(Fixed):
    """One leaf's slider, box and reset button, kept at the same number.

    `argument` follows the conventions of `ipywidgets.interact`: a number, ``(min, max)``,
    ``(min, max, step)``, or a slider (any widget with a `value`). `value` is the number: what was
    typed or assigned, exactly, even where the slider can only stand beside it; the box shows it in full where that is
    short, and else four digits of it. A number outside the
    slider's range widens the range; reset brings the range back. A logarithmic slider takes what is above 0.

    `changed` is called after every change of the number, `said` with the sentence by which typed text
    is refused, and with an empty one when a number is taken. `looks` it may share with other controls.

    Raises `TypeError` or `ValueError`, naming the leaf, for any other argument.

    >>> control = Control("a", 2)
    >>> control.slider.min, control.slider.max, control.slider.value
    (-2.0, 6.0, 2.0)
    >>> control.box.value = "0,1234567"
    >>> control.value, control.slider.value, control.box.value
    (0.1234567, 0.1, '0.1235')
    """

    def __init__(
        self,
        name: str,
        argument: Any,
        changed: Callable[[], None] = lambda: None,
        said: Callable[[str], None] = lambda sentence: None,
        looks: Looks | None = None,
    ) -> None:
        looks = looks or Looks()
        given = isinstance(argument, ipywidgets.Widget)
        self.slider = slider(name, argument, **({} if given else looks.slider))
        super().__init__(name, self.slider.value, changed, said)
        self._snapping = choose_snapping(self.slider)
        self._place = self.slider.value
        tooltip = f"type a number for {shorten(name)}"
        self.box = ipywidgets.Text(brief(self.value), continuous_update=False, tooltip=tooltip, **looks.box)
        back = f"set {shorten(name)} back to {brief(self.start)}"
        self.reset = ipywidgets.Button(description="reset", tooltip=back, **looks.reset)
        self.row = ipywidgets.HBox([self.slider, self.box, self.reset], **looks.row)
        self._show()
        self.slider.observe(self._slid, "value")
        self.box.observe(self._take_text, "value")
        self.reset.on_click(lambda button: self._reset())

    @property
    def wire(self) -> dict[str, Any]:
        """What the page needs to follow this control: its name, its slider, its box, and the number that reset sets."""
        reference = {part: f"IPY_MODEL_{getattr(self, part).model_id}" for part in ("slider", "box")}
        return {"name": self.name, "start": self.start, **reference}

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        names = ("value", "min", "max", "step", "base")
        numbers: dict[str, Any] = {
            n: float(getattr(self.slider, n)) for n in names if getattr(self.slider, n, None) is not None
        }
        flags = {"whole": isinstance(self.slider.value, int), "disabled": getattr(self.slider, "disabled", False)}
        numbers |= {name: True for name, yes in flags.items() if yes}
        return {self.slider.model_id: numbers, self.box.model_id: {"value": self.box.value}}

    def release(self) -> None:
        self.slider.unobserve(self._slid, "value")
        self.box.unobserve(self._take_text, "value")

    def reach(self) -> list[float]:
        if getattr(self.slider, "disabled", False):
            return [self.value]
        numbers = {self.value, self.start, *self._snapping.reach(TRIED)}
        low, high = min(numbers), max(numbers)
        for typed in (0.0, low - (high - low), high + (high - low), 10 * low, 10 * high):  # in the box beside it
            with suppress(ValueError):
                numbers.add(self.check(typed))
        return sorted(numbers)

    def check(self, given: Any) -> float:
        checked = super().check(given)
        self._snapping.check(self.name, checked)
        return checked

    def put(self, checked: float) -> bool:
        before, self.value = self.value, checked
        try:
            self._snapping.widen(checked)
            self._show()
        except traitlets.TraitError:  # a widget with rules of its own
            self.value = before
            self._show()
            raise ValueError(f"{shorten(self.name)}: {exact(checked)} is not a number that this widget takes") from None
        return checked != before

    def _reset(self) -> None:
        another = self.put(self.start)
        self._snapping.narrow()
        self._tell(another)

    def _slid(self, change: Any) -> None:
        if self._snapping.same(change.new, self._place):  # where it stands: the page has confirmed what it was sent
            return
        self._place = change.new
        self._tell(self.put(self._snapping.number(change.new)))

    def _take_text(self, change: Any) -> None:
        if change.new == brief(self.value):  # what stands there anyway
            return
        try:
            if change.new != exact(self.value):
                self.set(parse_number(self.name, change.new))
        except ValueError as error:
            self.said(str(error))
        self._show()

    def _show(self) -> None:
        """Bring slider and box to the number; a slider that stands there already is not disturbed in its move."""
        place = self._snapping.place(self.value)
        if not self._snapping.same(place, self._place) or not self._snapping.same(place, self.slider.value):
            self._place = place
            self.slider.value = place
        self.box.value = brief(self.value)
