"""A leaf that takes one of a few numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets

from ...text import brief, exact, kind, shorten
from .fixed import Fixed
from .looks import Looks
from .slider import describe_slider, finite, number

LISTED, TRIED = 6, 200
"""So many choices a sentence lists, and so many are worth a try."""
SELECTION = (
    *(ipywidgets.Dropdown, ipywidgets.RadioButtons, ipywidgets.Select),
    *(ipywidgets.SelectionSlider, ipywidgets.ToggleButtons),
)
"""The widgets that show one of several choices."""


class Choice(Fixed):
    """One leaf's choice among numbers, and a button that goes back to the first one.

    `argument` is a list of numbers, a dict of numbers by what they are called, pairs of a text and a number, a range,
    an array of one axis, or a widget that has such options. The rest is as for `Control`.

    Raises `TypeError` or `ValueError`, naming the leaf, where one of them is no number or there are none.

    >>> choice = Choice("a", {"half": 0.5, "two": 2})
    >>> choice.slider.label = "two"
    >>> choice.value, choice.labels
    (2.0, ['half', 'two'])
    """

    def __init__(
        self,
        name: str,
        argument: Any,
        changed: Callable[[], None] = lambda: None,
        said: Callable[[str], None] = lambda sentence: None,
        looks: Looks | None = None,
    ) -> None:
        looks, own = looks or Looks(), isinstance(argument, ipywidgets.Widget)
        pairs = _pairs(name, argument.options if own else argument)
        self.labels = [label for label, _ in pairs]
        self.numbers = list_choices(name, argument)
        described = describe_slider(name)
        if not own:
            options = list(zip(self.labels, self.numbers, strict=True))
            self.slider = ipywidgets.Dropdown(
                options=options, tooltip=f"choose {shorten(name)}", **described, **looks.choice
            )
        else:
            self.slider = argument
            for trait, shown in {} if argument.description else described.items():
                setattr(argument, trait, shown)
        at = self.slider.index
        if at is None:
            raise TypeError(f"{shorten(name)}: the widget {type(argument).__name__} has no number as its value")
        super().__init__(name, self.numbers[at], changed, said)
        self.reset = ipywidgets.Button(
            description="reset", tooltip=f"set {shorten(name)} back to {self.labels[at]}", **looks.reset
        )
        self.row = ipywidgets.HBox([self.slider, self.reset], **looks.row)
        self.slider.observe(self._chosen, "index")
        self.reset.on_click(lambda button: self.set(self.start))

    @property
    def wire(self) -> dict[str, Any]:
        """What the page needs to follow it: its name, its widget, the first number, all numbers and their names."""
        widget = f"IPY_MODEL_{self.slider.model_id}"
        return {
            "name": self.name, "start": self.start, "slider": widget, "choices": self.numbers, "labels": self.labels
        }  # fmt: skip

    @property
    def states(self) -> dict[str, dict[str, Any]]:
        return {self.slider.model_id: {"index": self.slider.index, "disabled": self.slider.disabled}}

    def release(self) -> None:
        self.slider.unobserve(self._chosen, "index")

    def reach(self) -> list[float]:
        return [self.value] if self.slider.disabled else self.numbers[:TRIED]

    def check(self, given: Any) -> float:
        checked = super().check(given)
        if checked not in self.numbers:
            listed = ", ".join(map(brief, self.numbers[:LISTED])) + ", …" * (len(self.numbers) > LISTED)
            raise ValueError(f"{shorten(self.name)}: {exact(checked)} is none of the choices {listed}")
        return checked

    def put(self, checked: float) -> bool:
        another = super().put(checked)
        if self.numbers[self.slider.index] != checked:
            self.slider.index = self.numbers.index(checked)
        return another

    def _chosen(self, change: Any) -> None:
        if change.new is not None:
            self._tell(super().put(self.numbers[change.new]))


def is_choice(argument: Any) -> bool:
    """Whether a leaf is to take one of several numbers; a tuple is a range, as for `ipywidgets.interact`.

    >>> [is_choice(argument) for argument in ([1, 2], {"a": 1}, range(3), (1, 2), 2, "12")]
    [True, True, True, False, False, False]
    """
    array = type(argument).__module__ == "numpy" and getattr(argument, "ndim", 0) == 1
    return array or isinstance(argument, (list, range, Mapping, *SELECTION))


def first_choice(name: str, argument: Any) -> float:
    """The number that a choice begins with. Raises `TypeError` or `ValueError`, naming the leaf, as `Choice` does.

    >>> first_choice("a", [3, 4]), first_choice("a", ipywidgets.Dropdown(options=[3, 4], value=4))
    (3.0, 4.0)
    """
    if isinstance(argument, ipywidgets.Widget):
        return finite(name, number(name, argument.value))
    return finite(name, number(name, _pairs(name, argument)[0][1]))


def list_choices(name: str, argument: Any) -> list[float]:
    """All numbers of a choice."""
    options = argument.options if isinstance(argument, ipywidgets.Widget) else argument
    return [finite(name, number(name, x)) for _, x in _pairs(name, options)]


def _pairs(name: str, argument: Any) -> list[tuple[str, Any]]:
    """Each choice: what it is called, and its number."""
    items: Sequence[Any] = list(argument.items() if isinstance(argument, Mapping) else argument)
    if not items:
        raise ValueError(
            f"{shorten(name)}: expected at least one number to choose from, got an empty {type(argument).__name__}"
        )
    pairs = [x if isinstance(x, tuple) and len(x) == 2 and isinstance(x[0], str) else ("", x) for x in items]
    if isinstance(argument, Mapping):
        pairs = [(str(label), x) for label, x in items]
    found = []
    for label, x in pairs:
        try:
            written = brief(number(name, x))
        except TypeError:
            shown = f" {shorten(repr(x))}" if isinstance(x, (str, bool, complex, tuple)) else ""
            raise TypeError(f"{shorten(name)}: a choice has to be a number, got {kind(x)}{shown}") from None
        found.append((label or written, x))
    return found
