"""The controls of a leaf: a slider, a box to type a number, and a reset, all at one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
import traitlets

from ...text import exact, shorten
from .number_input import parse_number
from .slider import finite, number, slider
from .snapping import choose_snapping


class Looks:
    """The layouts and styles of controls that stand together: each is a message to the page, so they share them."""

    def __init__(self) -> None:
        self.slider = {
            "layout": ipywidgets.Layout(flex="1 1 10em", min_width="6em", width="auto"),
            "style": ipywidgets.FloatSlider.style.klass(),
        }
        self.box = {"layout": _fix_width("7em"), "style": ipywidgets.Text.style.klass()}
        self.reset = {"layout": _fix_width("4.5em"), "style": ipywidgets.Button.style.klass()}
        self.row = {"layout": ipywidgets.Layout(flex_flow="row wrap", align_items="center", max_width="36em")}


class Control:
    """One leaf's slider, box and reset button, kept at the same number.

    `argument` follows the conventions of `ipywidgets.interact`: a number, ``(min, max)``,
    ``(min, max, step)``, or a slider (any widget with a `value`). `value` is the number: what was
    typed or assigned, exactly, even where the slider can only stand beside it. A number outside the
    slider's range widens the range; reset brings the range back. A logarithmic slider takes what is above 0.

    `changed` is called after every change of the number, `said` with the sentence by which typed text
    is refused, and with an empty one when a number is taken. `looks` it may share with other controls.

    Raises `TypeError` or `ValueError`, naming the leaf, for any other argument.

    >>> control = Control("a", 2)
    >>> control.slider.min, control.slider.max, control.slider.value
    (-2.0, 6.0, 2.0)
    >>> control.box.value = "0,1234567"
    >>> control.value, control.slider.value
    (0.1234567, 0.1)
    """

    def __init__(
        self,
        name: str,
        argument: Any,
        changed: Callable[[], None] = lambda: None,
        said: Callable[[str], None] = lambda sentence: None,
        looks: Looks | None = None,
    ) -> None:
        self.name, self.changed, self.said = name, changed, said
        looks = looks or Looks()
        self.slider = slider(name, argument, **looks.slider)
        self.value = self.start = float(self.slider.value)
        self._snapping = choose_snapping(self.slider)
        self._place = self.slider.value
        tooltip = f"type a number for {shorten(name)}"
        self.box = ipywidgets.Text(exact(self.value), continuous_update=False, tooltip=tooltip, **looks.box)
        back = f"set {shorten(name)} back to {exact(self.start)}"
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

    def lock(self) -> None:
        """Let nobody move it in the page; a number can still be assigned."""
        for part in (self.slider, self.box, self.reset):
            part.disabled = True

    def check(self, given: Any) -> float:
        """Return the number as a float. Raises `TypeError` or `ValueError`, naming the leaf, if it cannot be taken."""
        checked = finite(self.name, number(self.name, given))
        self._snapping.check(self.name, checked)
        return checked

    def put(self, checked: float) -> bool:
        """Take a number that has been checked, without a word to anybody; tell whether it is another one."""
        before, self.value = self.value, checked
        try:
            self._snapping.widen(checked)
            self._show()
        except traitlets.TraitError:  # a widget with rules of its own, such as a choice between three numbers
            self.value = before
            self._show()
            raise ValueError(f"{shorten(self.name)}: {exact(checked)} is not a number that this widget takes") from None
        return checked != before

    def set(self, given: Any) -> None:
        """Move slider and box to a number. Raises `TypeError` or `ValueError` if it cannot be taken."""
        self._tell(self.put(self.check(given)))

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
        if change.new == exact(self.value):
            return
        try:
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
        self.box.value = exact(self.value)

    def _tell(self, another: bool) -> None:
        self.said("")
        if another:
            self.changed()


def _fix_width(width: str) -> ipywidgets.Layout:
    return ipywidgets.Layout(flex="0 0 auto", width=width)
